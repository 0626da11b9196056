"""The parameters of an account: type, default, and on what each can be set (sql-reference/parameters).

Session parameters come down from the account and the user to the session; object parameters from the account to the
database, the schema and what is in it. `Source` says where a value was found, which is the level that SHOW PARAMETERS
tells.
"""

from __future__ import annotations

from collections.abc import Iterator

from runner.sandbox.catalog.model import Database, Record, Schema, SchemaObject, Table, User, Warehouse
from runner.sandbox.catalog.store import Catalog
from runner.sandbox.catalog.tasks import Task
from runner.sandbox.classes import dataclass
from runner.sandbox.errors import SnowflakeError, compilation, unsupported
from runner.sandbox.session import Session


@dataclass(frozen=True, slots=True)
class Parameter:
    """`on` holds the kinds of things that it can be set on; the account is always one of them."""

    name: str
    type: str
    default: str
    on: frozenset[str]
    description: str


@dataclass(frozen=True, slots=True)
class Source:
    """A value, and the level on which it was set; no level when it is the default."""

    value: str
    level: str


_GROUPS = {
    "account": "",
    "session": "USER SESSION TASK",
    "place": "DATABASE SCHEMA",
    "table": "DATABASE SCHEMA TABLE",
    "task": "DATABASE SCHEMA TASK",
    "events": "DATABASE SCHEMA USER SESSION TASK",
    "names": "DATABASE SCHEMA TABLE USER SESSION TASK",
    "schema": "SCHEMA",
    "warehouse": "WAREHOUSE",
    "statement": "WAREHOUSE USER SESSION TASK",
    "user": "USER",
}
_LINES = """
ALLOW_CLIENT_MFA_CACHING|BOOLEAN|false|account|Whether clients may keep a token of multi-factor authentication
ALLOW_ID_TOKEN|BOOLEAN|false|account|Whether clients may keep a token of browser-based single sign-on
CLIENT_ENCRYPTION_KEY_SIZE|NUMBER|128|account|Bits of the key with which clients encrypt the files they stage
ENABLE_INTERNAL_STAGES_PRIVATELINK|BOOLEAN|false|account|Whether internal stages are reached by private connectivity
EXTERNAL_OAUTH_ADD_PRIVILEGED_ROLES_TO_BLOCKED_LIST|BOOLEAN|true|account|Whether External OAuth blocks administrators
INITIAL_REPLICATION_SIZE_LIMIT_IN_TB|NUMBER|10.0|account|Terabytes that an initial replication may copy
MIN_DATA_RETENTION_TIME_IN_DAYS|NUMBER|0|account|Days for which history is kept at least
NETWORK_POLICY|STRING||user|The network policy that says from where one may connect
OAUTH_ADD_PRIVILEGED_ROLES_TO_BLOCKED_LIST|BOOLEAN|true|account|Whether Snowflake OAuth blocks administrators
PERIODIC_DATA_REKEYING|BOOLEAN|false|account|Whether data is encrypted anew with new keys every year
PREVENT_LOAD_FROM_INLINE_URL|BOOLEAN|false|account|Whether loading from an URL in the statement is prevented
PREVENT_UNLOAD_TO_INLINE_URL|BOOLEAN|false|account|Whether unloading to an URL in the statement is prevented
PREVENT_UNLOAD_TO_INTERNAL_STAGES|BOOLEAN|false|user|Whether unloading to internal stages is prevented
REQUIRE_STORAGE_INTEGRATION_FOR_STAGE_CREATION|BOOLEAN|false|account|Whether an external stage needs an integration
REQUIRE_STORAGE_INTEGRATION_FOR_STAGE_OPERATION|BOOLEAN|false|account|Whether an external stage is used by integration
SSO_LOGIN_PAGE|BOOLEAN|false|account|Whether the login page leads to single sign-on
ABORT_DETACHED_QUERY|BOOLEAN|false|session|Whether queries of a client that is gone are canceled
AUTOCOMMIT|BOOLEAN|true|session|Whether each statement commits by itself outside of an explicit transaction
BINARY_INPUT_FORMAT|STRING|HEX|session|How text becomes binary when nothing is said
BINARY_OUTPUT_FORMAT|STRING|HEX|session|How binary becomes text when nothing is said
CLIENT_MEMORY_LIMIT|NUMBER|1536|session|Megabytes that a client may use for results
CLIENT_METADATA_REQUEST_USE_CONNECTION_CTX|BOOLEAN|false|session|Whether clients look for metadata where they are
CLIENT_PREFETCH_THREADS|NUMBER|4|session|Threads of a client that fetch results
CLIENT_RESULT_CHUNK_SIZE|NUMBER|160|session|Megabytes of a chunk of a result
CLIENT_RESULT_COLUMN_CASE_INSENSITIVE|BOOLEAN|false|session|Whether clients find columns whatever their case
CLIENT_SESSION_KEEP_ALIVE|BOOLEAN|false|session|Whether clients keep their session alive
CLIENT_SESSION_KEEP_ALIVE_HEARTBEAT_FREQUENCY|NUMBER|3600|session|Seconds between signs of life
CLIENT_TIMESTAMP_TYPE_MAPPING|STRING|TIMESTAMP_LTZ|session|The type that clients bind timestamps as
DATE_INPUT_FORMAT|STRING|AUTO|session|How text becomes a date when nothing is said
DATE_OUTPUT_FORMAT|STRING|YYYY-MM-DD|session|How dates are shown
ENABLE_UNLOAD_PHYSICAL_TYPE_OPTIMIZATION|BOOLEAN|true|session|Whether Parquet files get the smallest fitting types
ERROR_ON_NONDETERMINISTIC_MERGE|BOOLEAN|true|session|Whether a MERGE that joins a row to several is an error
ERROR_ON_NONDETERMINISTIC_UPDATE|BOOLEAN|false|session|Whether an UPDATE that joins a row to several is an error
GEOGRAPHY_OUTPUT_FORMAT|STRING|GeoJSON|session|How GEOGRAPHY is shown
GEOMETRY_OUTPUT_FORMAT|STRING|GeoJSON|session|How GEOMETRY is shown
JDBC_TREAT_DECIMAL_AS_INT|BOOLEAN|true|session|Whether JDBC takes numbers without decimal places for integers
JDBC_TREAT_TIMESTAMP_NTZ_AS_UTC|BOOLEAN|false|session|Whether JDBC takes TIMESTAMP_NTZ for UTC
JDBC_USE_SESSION_TIMEZONE|BOOLEAN|true|session|Whether JDBC uses the time zone of the session
JSON_INDENT|NUMBER|2|session|Spaces by which JSON is indented; 0 for one line
LOCK_TIMEOUT|NUMBER|43200|session|Seconds to wait for a lock before the statement is aborted; 0 does not wait
MULTI_STATEMENT_COUNT|NUMBER|1|session|How many statements one request may carry; 0 for any number
NOORDER_SEQUENCE_AS_DEFAULT|BOOLEAN|true|session|Whether new sequences are NOORDER unless they say otherwise
ODBC_TREAT_DECIMAL_AS_INT|BOOLEAN|false|session|Whether ODBC takes numbers without decimal places for integers
QUERY_TAG|STRING||session|Text that marks the statements of the session in the query history
ROWS_PER_RESULTSET|NUMBER|0|session|How many rows a result has at most; 0 for any number
S3_STAGE_VPCE_DNS_NAME|STRING||session|Name of the endpoint through which internal stages are reached
SEARCH_PATH|STRING|$current, $public|session|Where names without a schema are looked for
SIMULATED_DATA_SHARING_CONSUMER|STRING||session|The account for which shared views are tried out
STRICT_JSON_OUTPUT|BOOLEAN|false|session|Whether JSON in results keeps to the standard
TIMESTAMP_DAY_IS_ALWAYS_24H|BOOLEAN|false|session|Whether adding a day adds 24 hours
TIMESTAMP_INPUT_FORMAT|STRING|AUTO|session|How text becomes a timestamp when nothing is said
TIMESTAMP_LTZ_OUTPUT_FORMAT|STRING||session|How TIMESTAMP_LTZ is shown; empty as TIMESTAMP_OUTPUT_FORMAT
TIMESTAMP_NTZ_OUTPUT_FORMAT|STRING|YYYY-MM-DD HH24:MI:SS.FF3|session|How TIMESTAMP_NTZ is shown
TIMESTAMP_OUTPUT_FORMAT|STRING|YYYY-MM-DD HH24:MI:SS.FF3 TZHTZM|session|How timestamps are shown
TIMESTAMP_TYPE_MAPPING|STRING|TIMESTAMP_NTZ|session|The type that TIMESTAMP stands for
TIMESTAMP_TZ_OUTPUT_FORMAT|STRING||session|How TIMESTAMP_TZ is shown; empty as TIMESTAMP_OUTPUT_FORMAT
TIMEZONE|STRING|America/Los_Angeles|session|Time zone of the session
TIME_INPUT_FORMAT|STRING|AUTO|session|How text becomes a time when nothing is said
TIME_OUTPUT_FORMAT|STRING|HH24:MI:SS|session|How times are shown
TRANSACTION_ABORT_ON_ERROR|BOOLEAN|false|session|Whether a failed statement aborts the transaction
TRANSACTION_DEFAULT_ISOLATION_LEVEL|STRING|READ COMMITTED|session|How transactions are kept from one another
TWO_DIGIT_CENTURY_START|NUMBER|1970|session|First year of the hundred that years of two digits mean
UNSUPPORTED_DDL_ACTION|STRING|ignore|session|What becomes of words of DDL that mean nothing
USE_CACHED_RESULT|BOOLEAN|true|session|Whether the result of the same query may be given again
WEEK_OF_YEAR_POLICY|NUMBER|0|session|How the weeks of a year are counted
WEEK_START|NUMBER|0|session|The first day of the week; 0 for Monday, as ISO has it
STATEMENT_QUEUED_TIMEOUT_IN_SECONDS|NUMBER|0|statement|Seconds after which a waiting statement is canceled; 0 for never
STATEMENT_TIMEOUT_IN_SECONDS|NUMBER|172800|statement|Seconds after which a running statement is canceled; 0 for never
MAX_CONCURRENCY_LEVEL|NUMBER|8|warehouse|How many statements a cluster of the warehouse runs at once
CATALOG|STRING||place|The catalog of new Iceberg tables
DATA_RETENTION_TIME_IN_DAYS|NUMBER|1|table|Days for which Time Travel goes back
DEFAULT_DDL_COLLATION|STRING||table|The collation of new columns that name none
ENABLE_CONSOLE_OUTPUT|BOOLEAN|false|place|Whether handlers' printed output is shown
EXTERNAL_VOLUME|STRING||place|The volume of new Iceberg tables
LOG_LEVEL|STRING|OFF|events|From which severity on messages go to the event table
MAX_DATA_EXTENSION_TIME_IN_DAYS|NUMBER|14|table|Days by which retention is extended to keep streams from getting stale
METRIC_LEVEL|STRING|NONE|events|Which metrics go to the event table
PIPE_EXECUTION_PAUSED|BOOLEAN|false|schema|Whether pipes are paused
QUOTED_IDENTIFIERS_IGNORE_CASE|BOOLEAN|false|names|Whether the case of identifiers in quotes is ignored
REPLACE_INVALID_CHARACTERS|BOOLEAN|false|place|Whether invalid UTF-8 in Iceberg tables is replaced
STORAGE_SERIALIZATION_POLICY|STRING|OPTIMIZED|place|How files of Iceberg tables are written
SUSPEND_TASK_AFTER_NUM_FAILURES|NUMBER|10|task|Failed runs in a row that suspend a task; 0 for none
TASK_AUTO_RETRY_ATTEMPTS|NUMBER|0|task|How often a task graph that failed is tried again
TRACE_LEVEL|STRING|OFF|events|Which trace events go to the event table
USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE|STRING|Medium|task|The size with which serverless tasks begin
USER_TASK_MINIMUM_TRIGGER_INTERVAL_IN_SECONDS|NUMBER|30|task|Seconds between runs of a triggered task
USER_TASK_TIMEOUT_MS|NUMBER|3600000|task|Milliseconds after which the run of a task is canceled
"""


def _read(line: str) -> Parameter:
    name, kind, default, group, description = line.split("|")
    return Parameter(name, kind, default, frozenset(_GROUPS[group].split()), description)


PARAMETERS: dict[str, Parameter] = {line.partition("|")[0]: _read(line) for line in _LINES.split("\n") if line}
SESSION = frozenset(name for name, parameter in PARAMETERS.items() if "SESSION" in parameter.on)

_LEVELS = "TRACE DEBUG INFO WARN ERROR FATAL OFF"
_CHOICES: dict[str, tuple[str, ...]] = {
    "LOG_LEVEL": tuple(_LEVELS.split()),
    "METRIC_LEVEL": ("ALL", "NONE"),
    "STORAGE_SERIALIZATION_POLICY": ("COMPATIBLE", "OPTIMIZED"),
    "TRACE_LEVEL": ("ALWAYS", "ON_EVENT", "PROPAGATE", "OFF"),
    "USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE": ("XSMALL", "SMALL", "MEDIUM", "LARGE", "XLARGE", "XXLARGE"),
}
_RANGES: dict[str, tuple[int, int]] = {
    "DATA_RETENTION_TIME_IN_DAYS": (0, 90),
    "MAX_CONCURRENCY_LEVEL": (1, 32),
    "MAX_DATA_EXTENSION_TIME_IN_DAYS": (0, 90),
    "MIN_DATA_RETENTION_TIME_IN_DAYS": (0, 90),
    "SUSPEND_TASK_AFTER_NUM_FAILURES": (0, 2**31 - 1),
    "TASK_AUTO_RETRY_ATTEMPTS": (0, 30),
    "USER_TASK_TIMEOUT_MS": (0, 604_800_000),
}
_FLAGS = frozenset({"REPLACE_INVALID_CHARACTERS"})
OBJECT = frozenset(_CHOICES) | frozenset(_RANGES) | _FLAGS
"""Parameters that are heeded or stored on an account and its objects; of the rest only the default is taken."""


def checked(name: str, value: str) -> str:
    """An object or account parameter's value as it is kept; what the sandbox does not heed is refused by name."""
    if name in _CHOICES:
        return _chosen(name, value)
    if name in _RANGES:
        return _whole(name, value)
    if PARAMETERS[name].type == "BOOLEAN" and value.lower() not in ("true", "false"):
        raise invalid(name, value)
    if name in _FLAGS:
        return value.lower()
    if value.upper() != PARAMETERS[name].default.upper():
        raise unsupported(f"parameter {name} = {value}")
    return PARAMETERS[name].default


def _chosen(name: str, value: str) -> str:
    if value.upper() not in _CHOICES[name]:
        raise invalid(name, value)
    return value.upper()


def _whole(name: str, value: str) -> str:
    least, most = _RANGES[name]
    if not (value.isascii() and value.isdigit() and len(value) < 19 and least <= int(value) <= most):
        raise invalid(name, value)
    return str(int(value))


def invalid(name: str, value: str) -> SnowflakeError:
    return compilation(1008, "22023", f"invalid value [{value[:50]}] for parameter '{name}'")


def own(record: Record, name: str) -> str | None:
    """What is set on the thing itself."""
    value: object
    match record:
        case Table():
            value = getattr(record, _TABLE[name]) if name in _TABLE else None
        case Database() | Schema():
            days = name == "DATA_RETENTION_TIME_IN_DAYS"
            value = record.retention_days if days else record.parameters.get(name)
        case Warehouse():
            value = record.properties.get(name)
        case User():
            value = record.network_policy if name == "NETWORK_POLICY" else record.parameters.get(name)
        case Task():
            value = getattr(record, _TASK[name]) if name in _TASK else record.parameters.get(name)
        case _:
            value = None
    return None if value is None else str(value)


_TABLE = {
    "DATA_RETENTION_TIME_IN_DAYS": "retention_days",
    "MAX_DATA_EXTENSION_TIME_IN_DAYS": "max_extension_days",
}
_TASK = {
    "SUSPEND_TASK_AFTER_NUM_FAILURES": "suspend_after_failures",
    "TASK_AUTO_RETRY_ATTEMPTS": "retry_attempts",
    "USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE": "size",
    "USER_TASK_TIMEOUT_MS": "timeout_ms",
}


def above(catalog: Catalog, record: Record) -> Iterator[Record]:
    """The thing, and what it is in: from there it takes what it does not set itself."""
    inside: Record | None = record
    while inside is not None:
        yield inside
        match inside:
            case SchemaObject():
                inside = catalog.records.get(inside.schema_id)
            case Schema():
                inside = catalog.records.get(inside.database_id)
            case _:
                inside = None


def of_record(catalog: Catalog, record: Record, name: str) -> Source:
    """An object's value of a parameter: its own, that of what it is in, the account's, or the default."""
    for each in above(catalog, record):
        if each.kind in PARAMETERS[name].on and (value := own(each, name)) is not None:
            return Source(value, each.kind)
    return of_account(catalog, record.account, name)


def of_account(catalog: Catalog, account: str, name: str) -> Source:
    """The account's value, or the default."""
    found = catalog.account(account)
    if found is not None and name in found.parameters:
        return Source(found.parameters[name], "ACCOUNT")
    return Source(PARAMETERS[name].default if name in PARAMETERS else "", "")


def before_session(catalog: Catalog, session: Session, name: str) -> Source:
    """What a session begins with: the user's value, the account's, or the default."""
    user = catalog.find(User, session.account, session.user)
    return of_record(catalog, user, name) if user and name in PARAMETERS else of_account(catalog, session.account, name)


def of_session(catalog: Catalog, session: Session, name: str) -> Source:
    """The session's value; its level is SESSION once the session has set it."""
    start = before_session(catalog, session, name)
    value = session.parameters.get(name, start.value)
    set_here = name in session.chosen or value != start.value
    return Source(value, "SESSION") if set_here else start


def at_login(catalog: Catalog, session: Session) -> dict[str, str]:
    """The session parameters that the account and the user set."""
    account, user = catalog.account(session.account), catalog.find(User, session.account, session.user)
    given = (account.parameters if account else {}) | (user.parameters if user else {})
    return {name: value for name, value in given.items() if name in SESSION}
