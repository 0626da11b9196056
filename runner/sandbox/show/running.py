"""SHOW PARAMETERS, VARIABLES, LOCKS, TRANSACTIONS (sql-reference/sql/show-parameters, show-locks …)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from runner.sandbox import access, errors
from runner.sandbox.context import Context
from runner.sandbox.ddl.names import dotted
from runner.sandbox.session import SESSION_DEFAULTS
from runner.sandbox.show.listing import Listing
from runner.sandbox.show.request import Request
from runner.sandbox.show.shape import Row
from runner.sandbox.transactions import Transaction

_DESCRIPTIONS = {
    "AUTOCOMMIT": "Whether each statement commits by itself outside of an explicit transaction",
    "LOCK_TIMEOUT": "Seconds to wait for a resource lock before the statement is aborted; 0 does not wait",
    "MULTI_STATEMENT_COUNT": "How many statements one request may carry; 0 for any number",
    "QUERY_TAG": "Text that marks the statements of the session in the query history",
    "STATEMENT_TIMEOUT_IN_SECONDS": "Seconds after which a running statement is canceled",
    "TIMESTAMP_TYPE_MAPPING": "The type that TIMESTAMP stands for",
    "TIMEZONE": "Time zone of the session",
    "TRANSACTION_ABORT_ON_ERROR": "Whether a failed statement aborts the transaction",
}


def _type(value: str) -> str:
    if value in ("true", "false"):
        return "BOOLEAN"
    return "NUMBER" if value.isdigit() else "STRING"


def parameter_rows(context: Context) -> Iterator[Row]:
    """The session's parameters: value, default, and the level on which the value was set."""
    session = context.session
    account = context.catalog.account(session.account)
    on_account = account.parameters if account else {}
    for key in sorted(SESSION_DEFAULTS.keys() | session.parameters.keys()):
        default = SESSION_DEFAULTS.get(key, "")
        value = session.parameters.get(key, default)
        level = "" if value == default else "ACCOUNT" if on_account.get(key) == value else "SESSION"
        yield {
            "key": key,
            "value": value,
            "default": default,
            "level": level,
            "description": _DESCRIPTIONS.get(key, ""),
            "type": _type(default),
        }


def _parameters(context: Context, request: Request) -> Iterator[Row]:
    match request.scope, request.name:
        case "", ():
            yield from parameter_rows(context)
        case "NAME", ("SESSION",):
            yield from parameter_rows(context)
        case "ACCOUNT", ():
            yield from _account_parameters(context)
        case scope, name:
            raise errors.unsupported(f"SHOW PARAMETERS IN {scope if scope != 'NAME' else name[0]}")


def _account_parameters(context: Context) -> Iterator[Row]:
    account = context.catalog.account(context.session.account)
    own = account.parameters if account else {}
    for key in sorted(SESSION_DEFAULTS.keys() | own.keys()):
        default = SESSION_DEFAULTS.get(key, "")
        level = "ACCOUNT" if key in own else ""
        known = {"key": key, "value": own.get(key, default), "default": default, "level": level}
        yield known | {"description": _DESCRIPTIONS.get(key, ""), "type": _type(default)}


def _variable_type(value: object) -> str:
    match value:
        case bool():
            return "boolean"
        case int() | Decimal():
            return "fixed"
        case float():
            return "real"
        case _:
            return "text"


def _variables(context: Context, _: Request) -> Iterator[Row]:
    session = context.session
    for name, value in sorted(session.variables.items()):
        yield {
            "session_id": session.id,
            "created_on": session.created_at,
            "updated_on": session.created_at,
            "name": name,
            "value": None if value is None else str(value),
            "type": _variable_type(value),
            "comment": "",
        }


def _sees(context: Context, request: Request, transaction: Transaction) -> bool:
    """Own transactions; with IN ACCOUNT and ACCOUNTADMIN, everybody's in the account."""
    session = context.session
    if transaction.account != session.account:
        return False
    admin = "ACCOUNTADMIN" in access.active_roles(context.catalog, session)
    return transaction.user == session.user or (request.scope == "ACCOUNT" and admin)


def _locks(context: Context, request: Request) -> Iterator[Row]:
    for lock in context.engine.locks.held():
        if _sees(context, request, lock.transaction):
            table = context.catalog.records.get(lock.table_id)
            yield {
                "resource": dotted(context.catalog.full_name(table)) if table else str(lock.table_id),
                "type": "PARTITIONS",
                "transaction": lock.transaction.id,
                "transaction_started_on": lock.transaction.started_at,
                "status": lock.status,
                "acquired_on": lock.acquired_at,
                "query_id": lock.query_id,
                "session": lock.transaction.session_id,
            }


def _transactions(context: Context, request: Request) -> Iterator[Row]:
    for transaction in context.engine.transactions():
        if _sees(context, request, transaction):
            yield {
                "id": transaction.id,
                "user": transaction.user,
                "session": transaction.session_id,
                "name": transaction.name,
                "started_on": transaction.started_at,
                "state": "running",
                "scope": 0,
            }


LISTINGS: dict[tuple[str, ...], Listing] = {
    ("PARAMETERS",): Listing(
        "key, value, default, level, description, type",
        _parameters,
        naming="key",
        differs="the session parameters that the sandbox knows, IN SESSION and IN ACCOUNT",
    ),
    ("VARIABLES",): Listing(
        "session_id number, created_on time, updated_on time, name, value, type, comment",
        _variables,
        scoped=False,
        differs="`created_on` and `updated_on` are the session's start",
    ),
    ("LOCKS",): Listing(
        "resource, type, transaction number, transaction_started_on time, status, acquired_on time, query_id, "
        "session number",
        _locks,
        naming="resource",
    ),
    ("TRANSACTIONS",): Listing(
        "id number, user, session number, name, started_on time, state, scope number", _transactions
    ),
}
