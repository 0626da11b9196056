"""SYSTEM$ functions: called with constants, once a statement (sql-reference/functions-system)."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Sequence
from decimal import Decimal

from runner.sandbox import access, errors, files, shares
from runner.sandbox.catalog.files import Pipe
from runner.sandbox.catalog.model import Table, User, Warehouse
from runner.sandbox.catalog.store import utc_now
from runner.sandbox.catalog.streams import Stream
from runner.sandbox.catalog.tasks import Task
from runner.sandbox.classes import dataclass
from runner.sandbox.context import Context
from runner.sandbox.release import VERSION
from runner.sandbox.result import NUMBER, TEXT, Column, Result, SnowType, StatementType, rows_result
from runner.sandbox.session import Session, TaskRun
from runner.sandbox.show import tags
from runner.sandbox.streams.asking import has_data, version
from runner.sandbox.tasks import graph, schedule, triggers
from runner.sandbox.tokens import whole_name

PREFIX = "SYSTEM$"
_SECONDS = {"DAYS": 86400.0, "HOURS": 3600.0, "MINUTES": 60.0, "SECONDS": 1.0, "MILLISECONDS": 0.001}


@dataclass(frozen=True, slots=True)
class SystemFunction:
    """How many arguments it takes, what it gives, and how it acts."""

    least: int
    most: int
    call: Callable[..., object]
    returns: SnowType = TEXT


def returns(name: str) -> SnowType:
    """The type of the function's result; an unknown name is refused."""
    return _function(name).returns


def call(context: Context, name: str, arguments: Sequence[object]) -> object:
    """Run the function for its effect and its value."""
    function = _function(name)
    if len(arguments) < function.least:
        raise errors.compilation(938, "22023", f"not enough arguments for function [{name}], got {len(arguments)}")
    if len(arguments) > function.most:
        raise errors.compilation(939, "22023", f"too many arguments for function [{name}], got {len(arguments)}")
    return function.call(context, *arguments)


def called(context: Context, name: str, arguments: Sequence[object]) -> Result:
    """`CALL SYSTEM$…`: the value in a column of the function's name."""
    return rows_result([Column(name, returns(name))], [(call(context, name, arguments),)], StatementType.CALL)


def _function(name: str) -> SystemFunction:
    if name in FUNCTIONS:
        return FUNCTIONS[name]
    if name in REFUSED:
        raise errors.unsupported(name)
    raise errors.unknown_function(name)


def _may_stop(context: Context, session: Session, warehouse: str | None) -> bool:
    """One's own statements, those of a user one owns, those on a warehouse that one owns or may operate."""
    catalog, own = context.catalog, context.session
    if session.user == own.user:
        return True
    user = catalog.find(User, own.account, session.user)
    used = catalog.find(Warehouse, own.account, warehouse) if warehouse else None
    return (user is not None and access.has(catalog, own, "OWNERSHIP", user)) or (
        used is not None and access.has(catalog, own, "OPERATE", used)
    )


def _session(context: Context, number: object) -> Session:
    """A session of the account that the caller may stop; any other does not exist."""
    found = context.engine.sessions.get(_whole(number))
    if found is None or found.account != context.session.account or not _may_stop(context, found, found.warehouse):
        raise errors.compilation(3501, "02000", f"Session [{_whole(number)}] does not exist or not authorized.")
    return found


def _whole(value: object) -> int:
    if isinstance(value, int | Decimal) or (isinstance(value, str) and value.lstrip("-").isdigit()):
        return int(value)
    raise errors.compilation(1044, "42P13", f"Invalid argument '{value}': a whole number is expected")


def _cancel_query(context: Context, query_id: object) -> str:
    number = str(query_id)
    running = context.engine.running.get(number)
    if running is None or running.session.account != context.session.account:
        return "Identified SQL statement is not currently executing."
    if not _may_stop(context, running.session, running.session.warehouse):
        raise errors.SnowflakeError(3001, "42501", f"Insufficient privileges to cancel query '{number}'.")
    context.engine.cancel(number)
    return f"query [{number}] terminated."


def _cancel_all(context: Context, session_id: object) -> str:
    return f"{context.engine.cancel_session(_session(context, session_id).id, spared=context.query_id)} cancelled."


def _set_on_account(context: Context, account: object, name: object, value: object) -> str:
    """An organisation's administrator enables replication for an account (user-guide/account-replication-config)."""
    catalog = context.catalog
    if "ORGADMIN" not in access.active_roles(catalog, context.session):
        raise errors.SnowflakeError(3001, "42501", "Insufficient privileges: this takes the role ORGADMIN.")
    if str(name).upper() != "ENABLE_ACCOUNT_DATABASE_REPLICATION":
        raise errors.unsupported(f"SYSTEM$GLOBAL_ACCOUNT_SET_PARAMETER of {str(name)[:80]}")
    if str(value).lower() not in ("true", "false"):
        raise errors.compilation(1008, "22023", f"invalid value [{str(value)[:80]}] for parameter '{name}'")
    named = shares.account_named(catalog, "", whole_name(str(account)))
    found = catalog.account(named) if named else None
    if found is None:
        raise errors.does_not_exist("Account", str(account)[:200])
    with catalog.work() as work:
        work.edit_link(found, parameters=found.parameters | {str(name).upper(): str(value).lower()})
    return '["SUCCESS"]'


def _abort_session(context: Context, session_id: object) -> str:
    found = _session(context, session_id)
    context.engine.abort_session(found.id)
    return f"session [{found.id}] terminated."


def _abort_transaction(context: Context, transaction_id: object) -> str:
    number = _whole(transaction_id)
    found = next((t for t in context.engine.transactions() if t.id == number), None)
    if found is None or found.account != context.session.account:
        raise errors.compilation(3502, "02000", f"Transaction [{number}] does not exist or not authorized.")
    _session(context, found.session_id)
    context.engine.abort_transaction(number)
    return f"Transaction [{number}] aborted."


def _wait(context: Context, amount: object, unit: object = "SECONDS") -> str:
    """Waits, unless the statement is stopped meanwhile."""
    word = str(unit).upper()
    if word not in _SECONDS:
        raise errors.compilation(1008, "22023", f"invalid value [{unit}] for the unit of SYSTEM$WAIT")
    count = _whole(amount)
    if count < 0:
        raise errors.compilation(1008, "22023", f"invalid value [{count}] for the amount of SYSTEM$WAIT")
    stopped = threading.Event()
    context.control.attach(stopped.set)
    try:
        stopped.wait(count * _SECONDS[word])
    finally:
        context.control.detach(stopped.set)
    context.control.check()
    return f"waited {count} {word.lower()}"


def _last_change(context: Context, name: object) -> int:
    """Nanoseconds since 1970 of the table's last committed change; only tables are answered for."""
    table = context.get(Table, whole_name(str(name)))
    changed = table.changed_at or table.created_at
    return int(changed.timestamp() * 1_000_000) * 1000


def _stream(context: Context, name: object) -> Stream:
    stream = context.get(Stream, whole_name(str(name)))
    context.require("SELECT", stream)
    return stream


def _stream_has_data(context: Context, name: object) -> bool:
    return has_data(context, _stream(context, name))


def _stream_version(context: Context, name: object) -> int:
    return version(context, _stream(context, name))


def _pipe_status(context: Context, name: object) -> str:
    """Files are loaded by order only, so none is pending (sql-reference/functions/system_pipe_status)."""
    pipe = context.get(Pipe, whole_name(str(name)))
    access.require_any(context.catalog, context.session, ("MONITOR", "OPERATE", "OWNERSHIP"), pipe)
    state = "PAUSED" if pipe.paused else "RUNNING"
    return json.dumps({"executionState": state, "pendingFileCount": 0}, separators=(",", ":"))


def _allowlist(context: Context) -> str:
    """What a client must reach: this server, on loopback."""
    port = files.number(context.engine.org_root / files.PORT)
    return json.dumps([{"type": "SNOWFLAKE_DEPLOYMENT", "host": "127.0.0.1", "port": port}])


def _task(context: Context, name: str) -> TaskRun:
    if context.session.task is None:
        raise errors.SnowflakeError(91083, "0A000", f"Function {name} can only be called in a task.")
    return context.session.task


def _current_task(context: Context) -> str | None:
    """The task that runs the statement."""
    return context.session.task.name if context.session.task else None


def _set_return_value(context: Context, value: object) -> str:
    """What the tasks after this one may ask for (sql-reference/functions/system_set_return_value)."""
    if len(str(value)) > _MOST_RETURNED:
        raise errors.compilation(1008, "22023", f"The return value has more than {_MOST_RETURNED} characters.")
    _task(context, "SYSTEM$SET_RETURN_VALUE").value = str(value)
    return str(value)


def _predecessor_value(context: Context, name: object = None) -> str | None:
    task = _task(context, "SYSTEM$GET_PREDECESSOR_RETURN_VALUE")
    if name is None and len(task.predecessors) > 1:
        raise errors.compilation(938, "22023", "The task has several predecessors: name the one that is meant.")
    wanted = whole_name(str(name))[-1] if name is not None else next(iter(task.predecessors), "")
    return task.returned.get(wanted)


def _graph_config(context: Context, path: object = None) -> str | None:
    config = _task(context, "SYSTEM$GET_TASK_GRAPH_CONFIG").config
    if config is None or path is None:
        return config
    try:
        value = json.loads(config).get(str(path))
    except (ValueError, AttributeError):
        raise errors.SnowflakeError(100069, "22P02", f"CONFIG is no JSON object: {config[:100]}") from None
    return value if isinstance(value, str) or value is None else json.dumps(value)


def _runtime_info(context: Context, name: object) -> str | None:
    task = _task(context, "SYSTEM$TASK_RUNTIME_INFO")
    known = {
        "CURRENT_TASK_NAME": task.name,
        "CURRENT_ROOT_TASK_NAME": task.root,
        "CURRENT_TASK_GRAPH_ORIGINAL_SCHEDULED_TIMESTAMP": task.scheduled_at.isoformat(sep=" "),
    }
    word = str(name).upper()
    if word not in known:
        raise errors.unsupported(f"SYSTEM$TASK_RUNTIME_INFO('{word[:60]}')")
    return known[word]


def _dependents_enable(context: Context, name: object) -> str:
    """Resumes a root task and all that wait for it."""
    root = context.writable(Task, whole_name(str(name)), "RESUME")
    context.commit_for_ddl()
    with context.catalog.work() as work:
        for task in reversed(graph.in_order(context.catalog, root)):
            context.require("OPERATE", task)
            due = schedule.parse(task.schedule).after(utc_now()) if task.schedule else None
            due = utc_now() if triggers.is_triggered(task) else due
            work.edit(task, started=True, next_at=due, last_committed_at=utc_now(), failures=0, suspended_reason=None)
    return "Statement executed successfully."


def _bootstrap(context: Context, what: object) -> str:
    """The part of what Snowflake's own console asks for that deployment tools read; it has no page of its own."""
    if what != "ACCOUNT":
        raise errors.unsupported(f"SYSTEM$BOOTSTRAP_DATA_REQUEST of {what}")
    [account] = [a for a in context.catalog.accounts() if a.name == context.session.account]
    return json.dumps({"serverVersion": VERSION, "accountInfo": {"serviceLevelName": account.edition}})


def _bundles(_: Context) -> str:
    """None: the sandbox follows one release, and no bundle of changes is on or off in it."""
    return "[]"


_MOST_RETURNED = 10_000


def _nothing_current(_: Context, name: object) -> None:
    """In a policy's body the tag's value stands in its place already; anywhere else there is no current column."""
    raise errors.compilation(2043, "0A000", f"A tag on the current object ('{name}') is known in policies only.")


def _typeof(_: Context, value: object) -> object:
    """The compiler answers for it, since it knows the expression's type."""
    raise errors.unsupported(f"SYSTEM$TYPEOF of {value}")


LEVELS = ("TRACE", "DEBUG", "INFO", "WARN", "ERROR", "FATAL")


def _log(_: Context, level: object, message: object) -> None:
    """Keeps nothing: LOG_LEVEL is OFF, as it is in Snowflake until it is set (here it cannot be), but checks the level
    (sql-reference/functions/system_log).
    """
    del message
    if str(level).upper() not in (*LEVELS, "WARNING"):
        raise errors.compilation(1008, "22023", f"invalid value [{level}] for the level of SYSTEM$LOG")


def _logged(level: str) -> Callable[[Context, object], None]:
    return lambda context, message: _log(context, level, message)


FUNCTIONS: dict[str, SystemFunction] = {
    "SYSTEM$LOG": SystemFunction(2, 2, _log),
    **{f"SYSTEM$LOG_{level}": SystemFunction(1, 1, _logged(level)) for level in LEVELS},
    "SYSTEM$GLOBAL_ACCOUNT_SET_PARAMETER": SystemFunction(3, 3, _set_on_account),
    "SYSTEM$ABORT_SESSION": SystemFunction(1, 1, _abort_session),
    "SYSTEM$ABORT_TRANSACTION": SystemFunction(1, 1, _abort_transaction),
    "SYSTEM$ALLOWLIST": SystemFunction(0, 0, _allowlist),
    "SYSTEM$CANCEL_ALL_QUERIES": SystemFunction(1, 1, _cancel_all),
    "SYSTEM$CANCEL_QUERY": SystemFunction(1, 1, _cancel_query),
    "SYSTEM$BOOTSTRAP_DATA_REQUEST": SystemFunction(1, 1, _bootstrap),
    "SYSTEM$SHOW_ACTIVE_BEHAVIOR_CHANGE_BUNDLES": SystemFunction(0, 0, _bundles),
    "SYSTEM$CURRENT_USER_TASK_NAME": SystemFunction(0, 0, _current_task),
    "SYSTEM$GET_PREDECESSOR_RETURN_VALUE": SystemFunction(0, 1, _predecessor_value),
    "SYSTEM$GET_TASK_GRAPH_CONFIG": SystemFunction(0, 1, _graph_config),
    "SYSTEM$STREAM_GET_TABLE_TIMESTAMP": SystemFunction(1, 1, _stream_version),
    "SYSTEM$PIPE_STATUS": SystemFunction(1, 1, _pipe_status),
    "SYSTEM$STREAM_HAS_DATA": SystemFunction(1, 1, _stream_has_data),
    "SYSTEM$SET_RETURN_VALUE": SystemFunction(1, 1, _set_return_value),
    "SYSTEM$TASK_DEPENDENTS_ENABLE": SystemFunction(1, 1, _dependents_enable),
    "SYSTEM$TASK_RUNTIME_INFO": SystemFunction(1, 1, _runtime_info),
    "SYSTEM$GET_TAG": SystemFunction(3, 3, tags.get_tag),
    "SYSTEM$GET_TAG_ALLOWED_VALUES": SystemFunction(1, 1, tags.allowed_values),
    "SYSTEM$GET_TAG_ON_CURRENT_COLUMN": SystemFunction(1, 1, _nothing_current),
    "SYSTEM$GET_TAG_ON_CURRENT_TABLE": SystemFunction(1, 1, _nothing_current),
    "SYSTEM$LAST_CHANGE_COMMIT_TIME": SystemFunction(1, 1, _last_change, NUMBER),
    "SYSTEM$TYPEOF": SystemFunction(1, 1, _typeof),
    "SYSTEM$WAIT": SystemFunction(1, 2, _wait),
    "SYSTEM$WHITELIST": SystemFunction(0, 0, _allowlist),
}
_REFUSED = """
    ADD_EVENT ALLOWLIST_PRIVATELINK AUTHORIZE_PRIVATELINK AUTO_REFRESH_STATUS BEHAVIOR_CHANGE_BUNDLE_STATUS
    BLOCK_INTERNAL_STAGES_PUBLIC_ACCESS CLIENT_VERSION_INFO CLUSTERING_DEPTH CLUSTERING_INFORMATION CLUSTERING_RATIO
    COMMIT_MOVE_ORGANIZATION_ACCOUNT CONVERT_PIPES_SQS_TO_SNS CREATE_BILLING_EVENT DATABASE_REFRESH_HISTORY
    DATABASE_REFRESH_PROGRESS DISABLE_BEHAVIOR_CHANGE_BUNDLE DISABLE_DATABASE_REPLICATION
    ENABLE_BEHAVIOR_CHANGE_BUNDLE ESTIMATE_QUERY_ACCELERATION ESTIMATE_SEARCH_OPTIMIZATION_COSTS
    EXPLAIN_JSON_TO_TEXT EXPLAIN_PLAN_JSON EXTERNAL_TABLE_PIPE_STATUS FINISH_OAUTH_FLOW GENERATE_SAML_CSR
    GENERATE_SCIM_ACCESS_TOKEN GET_ALL_REFERENCES GET_AWS_SNS_IAM_POLICY GET_CLASSIFICATION_RESULT
    GET_PRIVATELINK_CONFIG GET_REFERENCED_OBJECT_ID_HASH GET_SERVICE_LOGS
    GET_SERVICE_STATUS GET_SNOWFLAKE_PLATFORM_INFO
    INTERNAL_STAGES_PUBLIC_ACCESS_STATUS
    IS_APPLICATION_AUTHORIZED LINK_ACCOUNT_OBJECTS_BY_NAME
    MIGRATE_SAML_IDP_REGISTRATION PIPE_FORCE_RESUME PIPE_REBINDING_WITH_NOTIFICATION_CHANNEL
    QUERY_REFERENCE REFERENCE REGISTRY_LIST_IMAGES REVOKE_PRIVATELINK SEND_EMAIL
    SET_EVENT_SHARING_ACCOUNT_FOR_REGION SET_SPAN_ATTRIBUTES
    SHOW_BUDGETS_IN_ACCOUNT SHOW_OAUTH_CLIENT_SECRETS SNOWPIPE_STREAMING_UPDATE START_OAUTH_FLOW STREAM_BACKLOG
    TYPEOF
    UNREGISTER_PRIVATE_ENDPOINT USER_TASK_CANCEL_ONGOING_EXECUTIONS VALIDATE_STORAGE_INTEGRATION
    VERIFY_EXTERNAL_OAUTH_TOKEN WAIT_FOR_SERVICES
"""
REFUSED = frozenset(PREFIX + name for name in _REFUSED.split())
"""Functions that Snowflake has and the sandbox does not: called, they are refused by name."""
