"""USE, ALTER SESSION, SET and UNSET (sql-reference/sql/use, alter-session, set)."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from zoneinfo import ZoneInfo, available_timezones

from runner.sandbox import access, information_schema, parameters, resolve
from runner.sandbox.catalog.model import Role, User, Warehouse
from runner.sandbox.context import Context
from runner.sandbox.errors import SnowflakeError, compilation, no_such_place, unsupported
from runner.sandbox.law import login_policies
from runner.sandbox.publish import commit
from runner.sandbox.query import presentation
from runner.sandbox.query.presentation import checked_format, checked_input
from runner.sandbox.result import Result, status_result
from runner.sandbox.session import SESSION_DEFAULTS, Session
from runner.sandbox.statements.transaction import end
from runner.sandbox.tokens import Kind, Reader

DONE = "Statement executed successfully."
_CLIENT_PREFIXES = ("CLIENT_", "JDBC_", "ODBC_", "PYTHON_", "GO_", "JS_")
"""Parameters that only clients look at: kept and given back."""
_HEEDED = frozenset(
    {*presentation.DEFAULTS, *presentation.INPUTS, "USE_CACHED_RESULT", "WEEK_OF_YEAR_POLICY", "WEEK_START"}
)
"""Parameters that act where they are asked for; no result is ever given twice, so that caching may be on or off."""
_DEFAULT_ONLY = {
    "BINARY_INPUT_FORMAT": "HEX",
    "JSON_INDENT": "2",
    "QUOTED_IDENTIFIERS_IGNORE_CASE": "false",
    "ROWS_PER_RESULTSET": "0",
    "STRICT_JSON_OUTPUT": "false",
    "TRANSACTION_DEFAULT_ISOLATION_LEVEL": "READ COMMITTED",
}
"""Parameters whose other values the sandbox does not honour: it refuses them by name."""


def _refuse_with_owner_rights(context: Context, kind: str) -> None:
    """The caller's session is not the owner's to change (developer-guide/stored-procedure/stored-procedures-rights)."""
    if context.session.owner_rights:
        text = f"Stored procedure execution error: Unsupported statement type '{kind}'."
        raise SnowflakeError(90236, "42501", text)


def use(context: Context, text: str) -> Result:
    reader = Reader(text)
    reader.expect("USE")
    _refuse_with_owner_rights(context, "USE")
    if reader.accept("SECONDARY", "ROLES"):
        _use_secondary(context, reader)
        return status_result(DONE)
    word = reader.accept_any("ROLE", "WAREHOUSE", "DATABASE", "SCHEMA") if _named(reader) else ""
    name = reader.name()
    reader.end()
    match word:
        case "ROLE":
            _use_role(context, name[-1])
        case "WAREHOUSE":
            _use_warehouse(context, name[-1])
        case "SCHEMA":
            _use_schema(context, name)
        case "DATABASE":
            _use_database(context, name)
        case _:
            _use_database(context, name) if len(name) == 1 else _use_schema(context, name)
    return status_result(DONE)


def _named(reader: Reader) -> bool:
    """Whether a name follows the next word: `USE SCHEMA` alone means a database called SCHEMA."""
    return reader.peek(1).kind in (Kind.WORD, Kind.QUOTED)


def _use_secondary(context: Context, reader: Reader) -> None:
    session, mode = context.session, reader.accept_any("ALL", "NONE")
    listed: list[str] = []
    while not mode and (not listed or reader.accept(",")):
        listed.append(reader.identifier())
    reader.end()
    for name in listed:
        _require_role(context, name)
    if mode != "NONE" and login_policies.bars_secondary_roles(context.catalog, session.account, session.user):
        raise SnowflakeError(
            3013, "42501", "SQL access control error:\nSecondary roles are not allowed by the current session policy."
        )
    session.secondary_roles = mode or tuple(sorted(set(listed)))


def _use_role(context: Context, name: str) -> None:
    session = context.session
    if session.restricted_role is not None and name != session.restricted_role:
        raise SnowflakeError(
            3013,
            "42501",
            f"SQL access control error:\nRole '{name}' cannot be activated: the programmatic access token of this "
            f"session is restricted to role '{session.restricted_role}'.",
        )
    _require_role(context, name)
    _refuse_blocked(context, name)
    session.role = name


def _require_role(context: Context, name: str) -> None:
    """The role is there, and the user's."""
    session = context.session
    if context.catalog.find(Role, session.account, name) is None:
        raise no_such_place()
    if name not in access.available_roles(context.catalog, session.account, session.user):
        raise SnowflakeError(
            3013,
            "42501",
            f"SQL access control error:\nRequested role '{name}' is not assigned to the executing user. "
            "Specify another role to activate.",
        )


def _refuse_blocked(context: Context, role: str) -> None:
    """A role that authentication policies keep from tokens is not taken in a token's session either."""
    session = context.session
    user = context.catalog.find(User, session.account, session.user) if session.token is not None else None
    if user is not None and role in login_policies.of_tokens(context.catalog, user, "BLOCKED_ROLES_LIST"):
        text = f"Role '{role}' cannot be activated: the authentication policy keeps it from programmatic access tokens."
        raise SnowflakeError(3013, "42501", f"SQL access control error:\n{text}")


def _use_warehouse(context: Context, name: str) -> None:
    warehouse = context.catalog.find(Warehouse, context.session.account, name)
    if warehouse is None or not access.visible(context.catalog, context.session, warehouse):
        raise no_such_place()
    context.require("USAGE", warehouse)
    context.session.warehouse = name


def _use_database(context: Context, name: tuple[str, ...]) -> None:
    if len(name) != 1:
        raise no_such_place()
    database = resolve.find_database(context.catalog, context.session, name[0])
    if database is None:
        raise no_such_place()
    session = context.session
    session.database, session.schema = database.name, None
    try:
        session.schema = context.schema((database.name, "PUBLIC")).name
    except SnowflakeError:
        session.schema = None


def _use_schema(context: Context, name: tuple[str, ...]) -> None:
    try:
        home = context.database(name[:-1], "USE SCHEMA")
        found = name[-1] if name[-1] == information_schema.NAME else context.schema((home.name, name[-1])).name
    except SnowflakeError as refusal:
        raise no_such_place() if refusal.errno == 2003 else refusal from None
    context.session.database, context.session.schema = home.name, found


def alter(context: Context, text: str) -> Result:
    """ALTER SESSION SET p = v …, ALTER SESSION UNSET p, …; nothing is set when one of them is refused."""
    reader = Reader(text)
    reader.expect("ALTER", "SESSION")
    _refuse_with_owner_rights(context, "ALTER_SESSION")
    if reader.accept("UNSET"):
        names = _unset_names(reader)
        changes = {name: _inherited(context, name) for name in names}
        context.session.chosen.difference_update(names)
    else:
        reader.expect("SET")
        changes = _settings(reader)
        context.session.chosen.update(changes)
    for name, value in changes.items():
        if name == "AUTOCOMMIT" and value != context.session.parameters["AUTOCOMMIT"]:
            end(context.engine, context.session, commit)
        context.session.parameters[name] = value
    return status_result(DONE)


def _settings(reader: Reader) -> dict[str, str]:
    changes: dict[str, str] = {}
    while not reader.at_end() and not reader.at(";"):
        name = reader.identifier()
        reader.expect("=")
        changes[name] = checked_parameter(name, _value(reader))
        reader.accept(",")
    if not changes:
        raise reader.unexpected()
    reader.end()
    return changes


def _value(reader: Reader) -> str:
    token = reader.peek()
    if token.kind is Kind.STRING:
        return reader.string()
    if token.kind is Kind.WORD:
        return reader.next().text
    return str(reader.number())


def _inherited(context: Context, name: str) -> str:
    """What the session began with: the user's value, the account's, or the default."""
    found = parameters.before_session(context.catalog, context.session, name)
    return found.value if found.level else default_of(name)


def _unset_names(reader: Reader) -> list[str]:
    names = [reader.identifier()]
    while reader.accept(","):
        names.append(reader.identifier())
    reader.end()
    for name in names:
        default_of(name)
    return names


def default_of(name: str) -> str:
    """A parameter's default; a name that no session parameter has is refused."""
    if name in SESSION_DEFAULTS or name in _DEFAULT_ONLY:
        return SESSION_DEFAULTS.get(name, _DEFAULT_ONLY.get(name, ""))
    if name in parameters.SESSION:
        return parameters.PARAMETERS[name].default
    if name.startswith(_CLIENT_PREFIXES):
        return ""
    raise compilation(1420, "22023", f"invalid property '{name}' for 'SESSION'")


def checked_parameter(name: str, value: str) -> str:
    """The value as it is kept; what the parameter cannot be, or the sandbox cannot do, is refused."""
    default = default_of(name)
    if default in ("true", "false"):
        value = _flag(name, value)
    elif default.isdigit():
        value = _whole(name, value)
    if _default_only(name) and value.upper() != default.upper():
        raise unsupported(f"parameter {name} = {value}")
    return _CHECKS[name](value) if name in _CHECKS else value


def _default_only(name: str) -> bool:
    if name.startswith(_CLIENT_PREFIXES) or name in SESSION_DEFAULTS:
        return name in _DEFAULT_ONLY
    return name not in _HEEDED and (name in _DEFAULT_ONLY or name in parameters.SESSION)


def _invalid(name: str, value: str) -> SnowflakeError:
    return compilation(1008, "22023", f"invalid value [{value}] for parameter '{name}'")


def _flag(name: str, value: str) -> str:
    if value.lower() not in ("true", "false"):
        raise _invalid(name, value)
    return value.lower()


def _whole(name: str, value: str) -> str:
    if not value.isdigit():
        raise _invalid(name, value)
    return str(int(value))


@cache
def _zones() -> frozenset[str]:
    """Read once: every login names a zone, and to read them opens a file for each."""
    return frozenset(available_timezones())


def _timezone(value: str) -> str:
    if value not in _zones():
        raise _invalid("TIMEZONE", value)
    return ZoneInfo(value).key


def _timestamp(value: str) -> str:
    if value.upper() not in ("TIMESTAMP_NTZ", "TIMESTAMP_LTZ", "TIMESTAMP_TZ"):
        raise _invalid("TIMESTAMP_TYPE_MAPPING", value)
    return value.upper()


def _tag(value: str) -> str:
    if len(value) > 2000:
        raise _invalid("QUERY_TAG", value[:50] + "…")
    return value


def _among(name: str, most: int) -> Callable[[str], str]:
    def check(value: str) -> str:
        if int(value) > most:
            raise _invalid(name, value)
        return value

    return check


_CHECKS: dict[str, Callable[[str], str]] = {
    "TIMEZONE": _timezone,
    "TIMESTAMP_TYPE_MAPPING": _timestamp,
    "QUERY_TAG": _tag,
    "WEEK_START": _among("WEEK_START", 7),
    "WEEK_OF_YEAR_POLICY": _among("WEEK_OF_YEAR_POLICY", 1),
    **{name: partial(checked_format, name) for name in presentation.DEFAULTS},
    **{name: partial(checked_input, name) for name in presentation.INPUTS},
}


_MOST_BYTES = 256


def set_variables(context: Context, text: str) -> Result:
    """SET v = expression, or SET (a, b) = (x, y); names are upper-case whatever was written."""
    reader = Reader(text)
    reader.expect("SET")
    _refuse_with_owner_rights(context, "SET")
    names, expression = _assignment(reader)
    result = context.run(f"SELECT {expression}")
    values = list(result.first())
    if len(values) != len(names):
        raise compilation(1789, "42601", f"expected {len(names)} value(s) for SET, got {len(values)}")
    for name, value in zip(names, values, strict=True):
        _check_size(name, value)
    context.session.variables.update(zip(names, values, strict=True))
    return status_result(DONE)


def _check_size(name: str, value: object) -> None:
    """A text or a binary of a variable has 256 bytes at most (sql-reference/session-variables)."""
    size = len(value.encode()) if isinstance(value, str) else len(value) if isinstance(value, bytes) else 0
    if size > _MOST_BYTES:
        text = f"Assignment to '{name}' not done because value exceeds size limit for variables. Its size is {size:,}; "
        raise compilation(1121, "22001", f"{text}the limit is {_MOST_BYTES} (internal storage size in bytes).")


def _assignment(reader: Reader) -> tuple[list[str], str]:
    if not reader.accept("("):
        name = reader.identifier()
        reader.expect("=")
        return [name.upper()], reader.rest()
    names = [reader.identifier().upper()]
    while reader.accept(","):
        names.append(reader.identifier().upper())
    reader.expect(")", "=")
    expression = reader.balanced()
    reader.end()
    return names, expression


def unset_variables(context: Context, text: str) -> Result:
    reader = Reader(text)
    reader.expect("UNSET")
    _refuse_with_owner_rights(context, "UNSET")
    several = reader.accept("(")
    names = [reader.identifier()]
    while reader.accept(","):
        names.append(reader.identifier())
    if several:
        reader.expect(")")
    reader.end()
    forget(context.session, names)
    return status_result(DONE)


def forget(session: Session, names: list[str]) -> None:
    for name in names:
        session.variables.pop(name.upper(), None)
