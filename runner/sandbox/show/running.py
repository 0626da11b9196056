"""SHOW VARIABLES, LOCKS, TRANSACTIONS (sql-reference/sql/show-variables, show-locks …)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from runner.sandbox import access
from runner.sandbox.context import Context
from runner.sandbox.ddl.names import dotted
from runner.sandbox.show.listing import Listing
from runner.sandbox.show.request import Request
from runner.sandbox.show.shape import Row
from runner.sandbox.transactions import Transaction


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
