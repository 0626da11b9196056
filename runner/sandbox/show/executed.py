"""Statements and logins as QUERY_HISTORY and LOGIN_HISTORY have them; what is not measured is NULL."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from runner.sandbox import access
from runner.sandbox.catalog.model import Warehouse
from runner.sandbox.context import Context
from runner.sandbox.history import Entry, Login
from runner.sandbox.release import VERSION

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""END_TIME of a statement that still runs."""


def sees(context: Context, entry: Entry) -> bool:
    """One's own statements; all with ACCOUNTADMIN; those of a warehouse with MONITOR or OPERATE on it."""
    catalog, session = context.catalog, context.session
    if entry.user == session.user or "ACCOUNTADMIN" in access.active_roles(catalog, session):
        return True
    warehouse = catalog.find(Warehouse, session.account, entry.warehouse) if entry.warehouse else None
    return warehouse is not None and any(
        access.has(catalog, session, privilege, warehouse) for privilege in ("MONITOR", "OPERATE")
    )


def statement(context: Context, entry: Entry) -> dict[str, object]:
    """One row of QUERY_HISTORY."""
    ended = entry.ended_at or EPOCH
    elapsed = (entry.ended_at - entry.started_at).total_seconds() * 1000 if entry.ended_at else 0
    size = warehouse_size(context, entry)
    return {
        "QUERY_ID": entry.query_id,
        "QUERY_TEXT": entry.text,
        "DATABASE_NAME": entry.database,
        "SCHEMA_NAME": entry.schema,
        "QUERY_TYPE": entry.query_type,
        "SESSION_ID": entry.session_id,
        "USER_NAME": entry.user,
        "ROLE_NAME": entry.role,
        "WAREHOUSE_NAME": entry.warehouse,
        "WAREHOUSE_SIZE": size,
        "WAREHOUSE_TYPE": "STANDARD" if size else None,
        "QUERY_TAG": entry.tag,
        "EXECUTION_STATUS": entry.state,
        "ERROR_CODE": entry.error_code,
        "ERROR_MESSAGE": entry.error_message,
        "START_TIME": entry.started_at,
        "END_TIME": ended,
        "TOTAL_ELAPSED_TIME": int(elapsed),
        "EXECUTION_TIME": int(elapsed),
        "ROWS_PRODUCED": entry.rows,
        "RELEASE_VERSION": VERSION,
        "ROLE_TYPE": "ROLE" if entry.role else None,
        "IS_CLIENT_GENERATED_STATEMENT": False,
    }


def warehouse_size(context: Context, entry: Entry) -> str | None:
    found = context.catalog.find(Warehouse, entry.account, entry.warehouse) if entry.warehouse else None
    return found.size if found else None


def login(event: Login) -> dict[str, object]:
    """One row of LOGIN_HISTORY."""
    client, _, version = event.client.partition(" ")
    return {
        "EVENT_TIMESTAMP": event.at,
        "EVENT_ID": event.event_id,
        "EVENT_TYPE": "LOGIN",
        "USER_NAME": event.user,
        "CLIENT_IP": event.address,
        "REPORTED_CLIENT_TYPE": client,
        "REPORTED_CLIENT_VERSION": version,
        "FIRST_AUTHENTICATION_FACTOR": event.factor,
        "IS_SUCCESS": "YES" if event.success else "NO",
        "ERROR_CODE": event.error_code,
        "ERROR_MESSAGE": event.error_message,
    }


def logins(context: Context) -> Iterator[Login]:
    """One's own logins; everybody's with ACCOUNTADMIN."""
    session = context.session
    admin = "ACCOUNTADMIN" in access.active_roles(context.catalog, session)
    return (each for each in context.engine.history.logins(session.account) if admin or each.user == session.user)
