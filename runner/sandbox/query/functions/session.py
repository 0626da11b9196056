"""Functions about the session and the account (sql-reference/functions-context), GET_DDL and SYSTEM$ functions."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal

import duckdb

from runner.sandbox import access, information_schema, nanos, resolve, system_functions, zones
from runner.sandbox.context import Context
from runner.sandbox.definition_text import definition
from runner.sandbox.errors import compilation, unsupported
from runner.sandbox.law.policies import NULL_FOR_CONSUMERS
from runner.sandbox.query import fine, types
from runner.sandbox.query.core import E, Emitter, Expr
from runner.sandbox.query.functions.spec import Call, Special, wrong_count
from runner.sandbox.query.presentation import setting_of
from runner.sandbox.query.types import quoted
from runner.sandbox.release import VERSION
from runner.sandbox.result import SnowType


def _moment_type(value: nanos.Moment | nanos.Clock) -> SnowType:
    if isinstance(value, nanos.Clock):
        return types.TIME
    return types.NTZ if value.tzinfo is None else types.TZ if isinstance(value.tzinfo, zones.Offset) else types.LTZ


def constant(value: object) -> E:
    """A Python value as engine SQL."""
    match value:
        case None:
            return E("NULL", SnowType("NULL"))
        case nanos.Moment() | nanos.Clock():
            return types.cast(E(quoted(str(value)), types.TEXT), fine.fine(_moment_type(value)))
        case bool():
            return E("TRUE" if value else "FALSE", types.BOOL)
        case int():
            return E(f"CAST({value} AS DECIMAL(38,0))", types.number(len(str(abs(value)))))
        case Decimal():
            places = max(0, -int(value.as_tuple().exponent))
            kind = types.number(38, places)
            return E(f"CAST('{value:f}' AS DECIMAL(38,{places}))", kind)
        case float():
            return E(f"CAST('{value!r}' AS DOUBLE)", types.FLOAT)
        case datetime():
            if isinstance(value.tzinfo, zones.Offset):
                return types.cast(E(quoted(value.isoformat(" ")), types.TEXT), types.TZ)
            stamp = "TIMESTAMPTZ" if value.tzinfo else "TIMESTAMP"
            return E(f"{stamp} {quoted(value.isoformat(' '))}", types.LTZ if value.tzinfo else types.NTZ)
        case date():
            return E(f"DATE {quoted(value.isoformat())}", types.DATE)
        case time():
            return E(f"TIME {quoted(value.isoformat())}", types.TIME)
        case bytes():
            return E(f"unhex('{value.hex()}')", types.BINARY)
    text = value if isinstance(value, str) else str(value)
    return E(quoted(text), types.text(max(1, len(text))), literal=text)


def _account(context: Context, field: str) -> str:
    account = context.catalog.account(context.session.account)
    if account is None:
        return context.session.account
    return str(getattr(account, field))


def _schemas(context: Context) -> str:
    session = context.session
    return json.dumps([f"{session.database}.{session.schema}"]) if session.database and session.schema else "[]"


def _schema(context: Context) -> str | None:
    found = resolve.current_schema(context.catalog, context.session)
    here = context.session.schema if context.session.schema == information_schema.NAME else None
    return found.name if found is not None else here


def _available(context: Context) -> str:
    roles = access.available_roles(context.catalog, context.session.account, context.session.user)
    return json.dumps(sorted(roles), separators=(",", ":"))


def _secondary(context: Context) -> str:
    """The active ones, by name, and how they were asked for (sql-reference/functions/current_secondary_roles)."""
    active = access.secondary_roles(context.catalog, context.session)
    asked = context.session.secondary_roles
    value = "" if active is None else asked if isinstance(asked, str) else ",".join(asked)
    told = {"roles": ",".join(sorted(active or ())), "value": value}
    return json.dumps(told, separators=(",", ":"))


def _client(context: Context) -> str:
    return context.session.client or "runner sandbox"


_CURRENT: dict[str, Callable[[Context], object]] = {
    "CURRENT_ACCOUNT": lambda c: _account(c, "locator"),
    "CURRENT_ACCOUNT_NAME": lambda c: _account(c, "name"),
    "CURRENT_ORGANIZATION_NAME": lambda c: _account(c, "organization"),
    "CURRENT_REGION": lambda c: _account(c, "region"),
    "CURRENT_USER": lambda c: c.session.user,
    "CURRENT_ROLE": lambda c: c.session.effective_role,
    "CURRENT_ROLE_TYPE": lambda c: "ROLE" if c.session.effective_role else None,
    "CURRENT_WAREHOUSE": lambda c: c.session.warehouse,
    "CURRENT_DATABASE": lambda c: getattr(resolve.current_database(c.catalog, c.session), "name", None),
    "CURRENT_SCHEMA": _schema,
    "CURRENT_SCHEMAS": _schemas,
    "CURRENT_SESSION": lambda c: str(c.session.id),
    "CURRENT_STATEMENT": lambda c: c.text,
    "CURRENT_TRANSACTION": lambda c: str(c.session.transaction.id) if c.session.transaction else None,
    "CURRENT_IP_ADDRESS": lambda _: "127.0.0.1",
    "CURRENT_VERSION": lambda _: VERSION,
    "CURRENT_CLIENT": _client,
    "CURRENT_AVAILABLE_ROLES": _available,
    "CURRENT_SECONDARY_ROLES": _secondary,
}


def current(call: Call) -> E:
    if call.arguments:
        raise wrong_count(call.name, len(call.arguments), "0")
    call.emitter.world.stable = False
    return _said(call.emitter, call.name)


def _said(emitter: Emitter, name: str) -> E:
    """What the function says to who asks; in what came through a share, some say nothing of the consumer's session
    (sql-reference/functions/current_role, current_user, current_secondary_roles).
    """
    world = emitter.world
    if name in NULL_FOR_CONSUMERS and world.context.session.account != world.caller.session.account:
        return E("CAST(NULL AS VARCHAR)", types.TEXT)
    if world.governs is not None and name in ("CURRENT_DATABASE", "CURRENT_SCHEMA"):
        # Those of the table that a policy protects (user-guide/security-column-advanced).
        place = world.context.catalog.full_name(world.governs)
        return constant(place[0 if name == "CURRENT_DATABASE" else 1])
    return constant(_CURRENT[name](world.caller))


def last_query_id(call: Call) -> E:
    """LAST_QUERY_ID([n]): n counts from the first statement of the session, negative from the last."""
    call.emitter.world.stable = False
    given = evaluated(call.emitter, call.arguments[0]) if call.arguments else -1
    if not _whole(given):
        raise compilation(1015, "22023", "argument 1 to function LAST_QUERY_ID needs to be a whole number")
    number = int(str(given))
    session = call.emitter.world.caller.session
    if number == -1:
        return constant(session.last_query_id)
    history = call.emitter.world.caller.engine.history
    mine = [entry.query_id for entry in history.entries(session.account) if entry.session_id == session.id]
    mine = [number_ for number_ in mine if number_ != call.emitter.world.caller.query_id]
    at = -number - 1 if number < 0 else len(mine) - number
    return constant(mine[at] if 0 <= at < len(mine) else None)


def _whole(value: object) -> bool:
    return isinstance(value, (int, str, Decimal)) and re.fullmatch(r"-?\d{1,9}", str(value)) is not None


def evaluated(emitter: Emitter, node: Expr) -> object:
    """The value of an expression that depends on no row."""
    e = types.instant(emitter.full(node))
    if e.literal is not None and e.kind == "VARCHAR":
        return e.literal
    session = emitter.world.caller.session
    with emitter.world.caller.storage.cursor(setting_of(session.parameters)) as cursor:
        try:
            rows = cursor.execute(f"SELECT {e.sql}").fetchall()  # to its end: the cursor goes back to the pool
        except duckdb.BinderException:
            found = node.sql("snowflake")[:80]
            raise compilation(1015, "22023", f"argument needs to be constant, found '{found}'") from None
    return zones.joined(rows[0][0]) if rows else None


def system(call: Call) -> E:
    """SYSTEM$…: run once, when the statement is compiled to be run."""
    call.emitter.world.stable = False
    if call.name == "SYSTEM$TYPEOF" and len(call.arguments) == 1:
        return _type_of(call.emitter.full(call.arguments[0]))
    kind = system_functions.returns(call.name)
    values = [evaluated(call.emitter, argument) for argument in call.arguments]
    if call.emitter.world.dry:
        return E("NULL", kind)
    return E(constant(system_functions.call(call.emitter.world.caller, call.name, values)).sql, kind)


def _type_of(e: E) -> E:
    if e.type is None:
        raise unsupported("SYSTEM$TYPEOF of this expression")
    shown = quoted(_described(e.type))
    # The value is looked at, so that an aggregate stays one.
    return E(f"CASE WHEN {e.sql} IS NULL THEN {shown} ELSE {shown} END", types.TEXT)


_STORED = {"BOOLEAN": "SB1", "DATE": "SB4", "FLOAT": "DOUBLE", "TIME": "SB8", "TIMESTAMP_NTZ": "SB8"}


def _described(kind: SnowType) -> str:
    """`NUMBER(38,2)[SB16]`, `VARCHAR(9)[LOB]`; the bytes are those of the type, not of the value."""
    if kind.name == "NUMBER":
        precision, scale = kind.precision or 38, kind.scale or 0
        size = next(size for size, digits in ((1, 2), (2, 4), (4, 9), (8, 18), (16, 38)) if precision <= digits)
        return f"NUMBER({precision},{scale})[SB{size}]"
    facet = kind.length if kind.name in ("VARCHAR", "BINARY") else kind.scale
    return f"{kind.name}{f'({facet})' if facet is not None else ''}[{_STORED.get(kind.name, 'LOB')}]"


def get_ddl(call: Call) -> E:
    """GET_DDL(kind, name [, fully qualified])."""
    call.emitter.world.stable = False
    if not 2 <= len(call.arguments) <= 3:
        raise wrong_count(call.name, len(call.arguments), "2-3")
    kind, named, *rest = (evaluated(call.emitter, argument) for argument in call.arguments)
    context = call.emitter.world.context
    return constant(definition(context, str(kind), str(named), qualified=bool(rest and rest[0])))


def sys_context(call: Call) -> E:
    """SYS_CONTEXT(namespace, property): what the sandbox knows of it, else refused by name."""
    call.emitter.world.stable = False
    namespace, key = (str(evaluated(call.emitter, argument)).upper() for argument in call.arguments[:2])
    known = {
        ("SNOWFLAKE$SESSION", "ROLE"): "CURRENT_ROLE",
        ("SNOWFLAKE$SESSION", "PRINCIPAL_NAME"): "CURRENT_USER",
        ("SNOWFLAKE$SESSION", "ID"): "CURRENT_SESSION",
        ("SNOWFLAKE$ENVIRONMENT", "ACCOUNT_NAME"): "CURRENT_ACCOUNT_NAME",
        ("SNOWFLAKE$ENVIRONMENT", "REGION"): "CURRENT_REGION",
    }
    if (namespace, key) not in known:
        raise unsupported(f"SYS_CONTEXT('{namespace}', '{key}')")
    return current(Call(call.emitter, known[(namespace, key)], []))


def variable(call: Call) -> E:
    """GETVARIABLE('NAME'): the session variable's value as text."""
    call.emitter.world.stable = False
    value = call.emitter.world.caller.session.variables.get(str(evaluated(call.emitter, call.arguments[0])).upper())
    return constant(None if value is None else str(value))


SPECIAL: dict[str, Special] = {
    **dict.fromkeys(_CURRENT, current),
    "LAST_QUERY_ID": last_query_id,
    "GET_DDL": get_ddl,
    "SYS_CONTEXT": sys_context,
    "GETVARIABLE": variable,
}
