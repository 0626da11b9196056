"""Table functions of INFORMATION_SCHEMA: query and login history, policy and tag references, references of a view.

Sources: sql-reference/functions/query_history, login_history, policy_references, tag_references, get_object_references.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import chain, islice

from runner.sandbox import access, errors, usage_history
from runner.sandbox.catalog.login_policies import LOGIN_POLICIES
from runner.sandbox.catalog.model import Database, Policy, SchemaObject, Table, User, View
from runner.sandbox.catalog.store import Catalog, utc_now
from runner.sandbox.catalog.tasks import Task
from runner.sandbox.classes import dataclass
from runner.sandbox.context import Context
from runner.sandbox.history import Entry
from runner.sandbox.law import policies, tags as law_tags
from runner.sandbox.show import alerts, dynamic, executed, file_facts, login_policies, networks, shapes, tags, tasks
from runner.sandbox.show.dependencies import references
from runner.sandbox.show.inventory import Inventory, Item
from runner.sandbox.show.shape import Row
from runner.sandbox.tokens import Reader, whole_name

Arguments = dict[str, object]
_KEPT = timedelta(days=7)
_MOST = 10_000
_RANGE = ("END_TIME_RANGE_START", "END_TIME_RANGE_END", "RESULT_LIMIT")
_LOGIN_RANGE = ("TIME_RANGE_START", "TIME_RANGE_END", "RESULT_LIMIT")


@dataclass(frozen=True, slots=True)
class TableFunction:
    """Its columns, its arguments' names in order, and its rows."""

    shape: str
    parameters: tuple[str, ...]
    rows: Callable[[Context, Database, Arguments], Iterator[Row]]


def _limit(arguments: Arguments) -> int:
    limit = int(str(arguments.get("RESULT_LIMIT", 100)))
    if not 1 <= limit <= _MOST:
        raise errors.compilation(1008, "22023", f"invalid value [{limit}] for parameter 'RESULT_LIMIT'")
    return limit


def _time(arguments: Arguments, name: str) -> datetime | None:
    value = arguments.get(name)
    if value is None or isinstance(value, datetime):
        return value
    raise errors.compilation(1044, "42P13", f"Invalid argument types for '{name}': a TIMESTAMP_LTZ is expected")


def _statements(context: Context, arguments: Arguments, wanted: Callable[[Entry], bool]) -> Iterator[Row]:
    """The newest statements that ended in the range or still run; the limit counts before any WHERE."""
    start = max(_time(arguments, "END_TIME_RANGE_START") or utc_now() - _KEPT, utc_now() - _KEPT)
    end = _time(arguments, "END_TIME_RANGE_END")
    found = (
        entry
        for entry in context.engine.history.entries(context.session.account)
        if wanted(entry)
        and (entry.ended_at is None or (entry.ended_at >= start and (end is None or entry.ended_at <= end)))
        and executed.sees(context, entry)
    )
    return (executed.statement(context, entry) for entry in islice(found, _limit(arguments)))


def _all(context: Context, _: Database, arguments: Arguments) -> Iterator[Row]:
    return _statements(context, arguments, lambda _: True)


def _by_session(context: Context, _: Database, arguments: Arguments) -> Iterator[Row]:
    session = int(str(arguments.get("SESSION_ID", context.session.id)))
    return _statements(context, arguments, lambda entry: entry.session_id == session)


def _by_user(context: Context, _: Database, arguments: Arguments) -> Iterator[Row]:
    user = str(arguments.get("USER_NAME", context.session.user))
    return _statements(context, arguments, lambda entry: entry.user == user)


def _by_warehouse(context: Context, _: Database, arguments: Arguments) -> Iterator[Row]:
    warehouse = str(arguments.get("WAREHOUSE_NAME", context.session.warehouse))
    return _statements(context, arguments, lambda entry: entry.warehouse == warehouse)


def _logins(context: Context, arguments: Arguments, user: str | None) -> Iterator[Row]:
    start, end = _time(arguments, "TIME_RANGE_START"), _time(arguments, "TIME_RANGE_END")
    found = (
        each
        for each in executed.logins(context)
        if (user is None or each.user == user)
        and (start is None or each.at >= start)
        and (end is None or each.at <= end)
    )
    return (executed.login(each) for each in islice(found, _limit(arguments)))


def _login_history(context: Context, _: Database, arguments: Arguments) -> Iterator[Row]:
    return _logins(context, arguments, None)


def _login_history_by_user(context: Context, _: Database, arguments: Arguments) -> Iterator[Row]:
    return _logins(context, arguments, str(arguments.get("USER_NAME", context.session.user)))


def policy_rows(catalog: Catalog, table: Table | View, path: tuple[str, ...]) -> Iterator[Row]:
    """The policies attached to a table or view, found under that path."""
    for attached in policies.attachments(table):
        database, schema, name = attached.policy
        yield {
            "POLICY_DB": database,
            "POLICY_SCHEMA": schema,
            "POLICY_NAME": name,
            "POLICY_KIND": attached.kind.replace(" ", "_"),
            "REF_DATABASE_NAME": path[0],
            "REF_SCHEMA_NAME": path[1],
            "REF_ENTITY_NAME": path[2],
            "REF_ENTITY_DOMAIN": table.kind,
            "REF_COLUMN_NAME": attached.column or None,
            "REF_ARG_COLUMN_NAMES": _arguments(attached),
            "POLICY_STATUS": "ACTIVE",
        }
    yield from _rows_of_tags(catalog, table, path)


def _rows_of_tags(catalog: Catalog, table: Table | View, path: tuple[str, ...]) -> Iterator[Row]:
    """The masking policies that tags bring to columns which have none of their own."""
    own = {attached.masks for attached in policies.attachments(table)}
    by_name = {column.name: column for column in table.columns}
    for name, policy in law_tags.masked_columns(catalog, table).items():
        known = law_tags.references(catalog, table, by_name[name])
        tag = next((r.tag for r in known if policy in law_tags.masking_policies(catalog, r.tag)), None)
        if tag is None or name in own:
            continue
        place, of_tag = catalog.full_name(policy), catalog.full_name(tag)
        yield {
            **dict(zip(("POLICY_DB", "POLICY_SCHEMA", "POLICY_NAME"), place, strict=True)),
            **dict(zip(("TAG_DATABASE", "TAG_SCHEMA", "TAG_NAME"), of_tag, strict=True)),
            "POLICY_KIND": "MASKING_POLICY",
            "REF_DATABASE_NAME": path[0],
            "REF_SCHEMA_NAME": path[1],
            "REF_ENTITY_NAME": path[2],
            "REF_ENTITY_DOMAIN": table.kind,
            "REF_COLUMN_NAME": name,
            "POLICY_STATUS": "ACTIVE",
        }


def _arguments(attached: policies.Attachment) -> str | None:
    """The columns that a policy looks at beside the one that it is on."""
    others = [column for column in attached.columns if column != attached.column]
    return json.dumps(others) if others else None


def _policy_references(context: Context, _: Database, arguments: Arguments) -> Iterator[Row]:
    if "POLICY_NAME" in arguments:
        yield from _uses(context, whole_name(str(arguments["POLICY_NAME"])))
        return
    if "REF_ENTITY_NAME" not in arguments or "REF_ENTITY_DOMAIN" not in arguments:
        raise errors.compilation(938, "22023", "not enough arguments for function [POLICY_REFERENCES]")
    domain = str(arguments["REF_ENTITY_DOMAIN"]).upper()
    if domain in ("ACCOUNT", "USER"):
        yield from login_policies.rows_of(context, str(arguments["REF_ENTITY_NAME"]), domain, partial(_user, context))
        return
    record, path = _entity(context, arguments, "REF_ENTITY_NAME", "REF_ENTITY_DOMAIN")
    if isinstance(record, Table | View):
        yield from policy_rows(context.catalog, record, path)


def _user(context: Context, written: str) -> User:
    parts = whole_name(written)
    found = context.catalog.find(User, context.session.account, parts[-1])
    if found is None or not access.visible(context.catalog, context.session, found):
        raise errors.does_not_exist("User", parts[-1])
    return found


def _uses(context: Context, name: tuple[str, ...]) -> Iterator[Row]:
    """Where the policy of that name is attached, among what the session sees."""
    for kind in LOGIN_POLICIES.values():
        if (policy := context.find(kind, name)) is not None:
            yield from login_policies.reference_rows(context.catalog, policy)
            return
    wanted = context.catalog.full_name(context.get(Policy, name))
    inventory = Inventory(context.catalog, context.session)
    for database in inventory.databases():
        items: list[Item[Table] | Item[View]] = [*inventory.all(Table, database), *inventory.all(View, database)]
        for item in items:
            for row in policy_rows(context.catalog, item.record, item.path):
                if (row["POLICY_DB"], row["POLICY_SCHEMA"], row["POLICY_NAME"]) == wanted:
                    yield row


def _entity(context: Context, arguments: Arguments, name: str, domain: str) -> tuple[SchemaObject, tuple[str, ...]]:
    """The table or view that the arguments name, and its full name as the session knows it."""
    parts = whole_name(str(arguments[name]))
    if str(arguments[domain]).upper() not in ("TABLE", "VIEW"):
        raise errors.unsupported(f"{domain} => {str(arguments[domain]).upper()}")
    record: SchemaObject | None = context.find(Table, parts) or context.find(View, parts)
    found = record or context.get(Table, parts)
    schema = context.schema(parts[:-1])
    return found, (context.database(parts[:-2]).name, schema.name, found.name)


def _object_references(context: Context, _: Database, arguments: Arguments) -> Iterator[Row]:
    names = [arguments.get(name) for name in ("DATABASE_NAME", "SCHEMA_NAME", "OBJECT_NAME")]
    if None in names:
        raise errors.compilation(938, "22023", "not enough arguments for function [GET_OBJECT_REFERENCES]")
    view = context.get(View, tuple(Reader(str(name)).identifier() for name in names))
    path = context.catalog.full_name(view)
    head = {"DATABASE_NAME": path[0], "SCHEMA_NAME": path[1], "OBJECT_NAME": path[2]}
    yield from (head | row for row in _referenced(context, view))


def _referenced(context: Context, view: View) -> Iterator[dict[str, object]]:
    """Tables and views under a view, all the way down."""
    context.require("SELECT", view)
    if view.secure and not access.has(context.catalog, context.session, "OWNERSHIP", view):
        raise errors.insufficient_privileges("view", view.name)
    for reference in references(context.catalog, view):
        if reference.function:
            raise errors.unsupported(f"GET_OBJECT_REFERENCES of a view that uses function {'.'.join(reference.parts)}")
        if reference.record is None:
            raise errors.does_not_exist("Object", ".".join(reference.parts))
        names = context.catalog.full_name(reference.record)
        kind = reference.record.kind
        keys = ("REFERENCED_DATABASE_NAME", "REFERENCED_SCHEMA_NAME", "REFERENCED_OBJECT_NAME")
        yield {**dict(zip(keys, names, strict=True)), "REFERENCED_OBJECT_TYPE": kind}
        if isinstance(reference.record, View):
            yield from _referenced(context, reference.record)


def _copy_history(context: Context, _: Database, arguments: Arguments) -> Iterator[Row]:
    """COPY_HISTORY(TABLE_NAME => …, START_TIME => …): what COPY loaded into a table since then."""
    parts = whole_name(str(arguments.get("TABLE_NAME", "")))
    table = context.get(Table, parts)
    start, end = _time(arguments, "START_TIME"), _time(arguments, "END_TIME")
    if start is None:
        raise errors.compilation(
            938, "22023", "not enough arguments for function [COPY_HISTORY], START_TIME is missing"
        )
    for item in Inventory(context.catalog, context.session).all(Table, context.database(parts[:-2])):
        for row in file_facts.history(item) if item.record is table else ():
            when = row["LAST_LOAD_TIME"]
            if isinstance(when, datetime) and when >= start and (end is None or when <= end):
                yield row


def _task_history(context: Context, _: Database, arguments: Arguments) -> Iterator[Row]:
    """TASK_HISTORY(…): runs scheduled in the range, within seven days, and those still to come."""
    start = max(_time(arguments, "SCHEDULED_TIME_RANGE_START") or utc_now() - _KEPT, utc_now() - _KEPT)
    end = _time(arguments, "SCHEDULED_TIME_RANGE_END")
    name, only_failed = arguments.get("TASK_NAME"), arguments.get("ERROR_ONLY") is True
    every = chain(
        sorted(tasks.scheduled(context), key=lambda row: str(row["SCHEDULED_TIME"]), reverse=True), tasks.runs(context)
    )
    found = (
        row
        for row in every
        if isinstance(when := row["SCHEDULED_TIME"], datetime)
        and when >= start
        and (end is None or when <= end)
        and (name is None or row["NAME"] == whole_name(str(name))[-1])
        and (not only_failed or row["STATE"] == "FAILED")
    )
    return islice(found, _limit(arguments))


def _task_dependents(context: Context, _: Database, arguments: Arguments) -> Iterator[Row]:
    task = context.get(Task, whole_name(str(arguments.get("TASK_NAME", ""))))
    return tasks.dependents(context, task, recursive=arguments.get("RECURSIVE") is not False)


_METERING = (
    "START_TIME time, END_TIME time, WAREHOUSE_NAME, CREDITS_USED float, CREDITS_USED_COMPUTE float, "
    "CREDITS_USED_CLOUD_SERVICES float"
)


def _metering(context: Context, _: Database, arguments: Arguments) -> Iterator[Row]:
    """Hours of a range; no rows without the right to monitor usage (functions/warehouse_metering_history)."""
    if arguments.get("DATE_RANGE_START") is None:
        raise errors.compilation(938, "22023", "not enough arguments for function [WAREHOUSE_METERING_HISTORY]")
    start, end = _day(arguments, "DATE_RANGE_START"), _day(arguments, "DATE_RANGE_END")
    if not access.has_account(context.catalog, context.session, "MONITOR USAGE"):
        return iter(())
    return (row for row in usage_history.metering(context) if _metered(row, start, end, arguments))


def _metered(row: Row, start: datetime | None, end: datetime | None, arguments: Arguments) -> bool:
    name, at = arguments.get("WAREHOUSE_NAME"), row["START_TIME"]
    assert isinstance(at, datetime), "an hour of metering has a beginning"
    inside = (start is None or at >= start) and (end is None or at <= end)
    return inside and (name is None or row["WAREHOUSE_NAME"] == str(name).upper())


def _day(arguments: Arguments, name: str) -> datetime | None:
    """A day counts from its beginning."""
    value = arguments.get(name)
    if isinstance(value, date) and not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day, tzinfo=UTC)
    return _time(arguments, name)


FUNCTIONS: dict[str, TableFunction] = {
    "WAREHOUSE_METERING_HISTORY": TableFunction(
        _METERING, ("DATE_RANGE_START", "DATE_RANGE_END", "WAREHOUSE_NAME"), _metering
    ),
    "ALERT_HISTORY": TableFunction(alerts.HISTORY, alerts.PARAMETERS, alerts.history),
    "DYNAMIC_TABLE_REFRESH_HISTORY": TableFunction(dynamic.HISTORY, dynamic.PARAMETERS, dynamic.history),
    "TASK_HISTORY": TableFunction(
        tasks.HISTORY,
        (
            "SCHEDULED_TIME_RANGE_START",
            "SCHEDULED_TIME_RANGE_END",
            "RESULT_LIMIT",
            "TASK_NAME",
            "ERROR_ONLY",
            "ROOT_TASK_ID",
        ),
        _task_history,
    ),
    "TASK_DEPENDENTS": TableFunction(tasks.TASK, ("TASK_NAME", "RECURSIVE"), _task_dependents),
    "COPY_HISTORY": TableFunction(
        file_facts.COPY_HISTORY, ("TABLE_NAME", "START_TIME", "END_TIME", "RESULT_LIMIT"), _copy_history
    ),
    "QUERY_HISTORY": TableFunction(shapes.QUERY_HISTORY, _RANGE, _all),
    "QUERY_HISTORY_BY_SESSION": TableFunction(shapes.QUERY_HISTORY, ("SESSION_ID", *_RANGE), _by_session),
    "QUERY_HISTORY_BY_USER": TableFunction(shapes.QUERY_HISTORY, ("USER_NAME", *_RANGE), _by_user),
    "QUERY_HISTORY_BY_WAREHOUSE": TableFunction(shapes.QUERY_HISTORY, ("WAREHOUSE_NAME", *_RANGE), _by_warehouse),
    "LOGIN_HISTORY": TableFunction(shapes.LOGIN_HISTORY, _LOGIN_RANGE, _login_history),
    "LOGIN_HISTORY_BY_USER": TableFunction(shapes.LOGIN_HISTORY, ("USER_NAME", *_LOGIN_RANGE), _login_history_by_user),
    "NETWORK_RULE_REFERENCES": TableFunction(
        networks.REFERENCES,
        networks.REFERENCE_PARAMETERS,
        lambda context, _, arguments: networks.references(context, arguments),
    ),
    "POLICY_REFERENCES": TableFunction(
        shapes.POLICY_REFERENCES, ("REF_ENTITY_NAME", "REF_ENTITY_DOMAIN", "POLICY_NAME"), _policy_references
    ),
    "TAG_REFERENCES": TableFunction(shapes.TAG_REFERENCES, ("OBJECT_NAME", "OBJECT_DOMAIN"), tags.references),
    "TAG_REFERENCES_ALL_COLUMNS": TableFunction(
        shapes.TAG_REFERENCES, ("OBJECT_NAME", "OBJECT_DOMAIN"), tags.references_all_columns
    ),
    "GET_OBJECT_REFERENCES": TableFunction(
        shapes.GET_OBJECT_REFERENCES, ("DATABASE_NAME", "SCHEMA_NAME", "OBJECT_NAME"), _object_references
    ),
}
_REFUSED = """
    AUTO_REFRESH_REGISTRATION_HISTORY AUTOMATIC_CLUSTERING_HISTORY COMPLETE_TASK_GRAPHS
    CURRENT_TASK_GRAPHS DATABASE_REFRESH_HISTORY DATABASE_REFRESH_PROGRESS DATABASE_REPLICATION_USAGE_HISTORY
    DATABASE_STORAGE_USAGE_HISTORY DATA_TRANSFER_HISTORY DYNAMIC_TABLES DYNAMIC_TABLE_GRAPH_HISTORY
    EXTERNAL_FUNCTIONS_HISTORY EXTERNAL_TABLE_FILES
    EXTERNAL_TABLE_FILE_REGISTRATION_HISTORY MATERIALIZED_VIEW_REFRESH_HISTORY METERING_HISTORY NOTIFICATION_HISTORY
    PIPE_USAGE_HISTORY QUERY_ACCELERATION_HISTORY REPLICATION_USAGE_HISTORY REST_EVENT_HISTORY
    SEARCH_OPTIMIZATION_HISTORY SERVERLESS_TASK_HISTORY STAGE_DIRECTORY_FILE_REGISTRATION_HISTORY
    STAGE_STORAGE_USAGE_HISTORY VALIDATE_PIPE_LOAD WAREHOUSE_LOAD_HISTORY
"""
REFUSED = frozenset(_REFUSED.split())
"""Table functions that Snowflake has and the sandbox does not: asked for, they are refused by name."""
