"""What was dropped stays for its retention time, and is then gone for good (user-guide/data-time-travel)."""

from __future__ import annotations

from datetime import datetime, timedelta

from runner.sandbox import parameters
from runner.sandbox.catalog.model import Database, Record, Role, Schema, SchemaObject, Table
from runner.sandbox.catalog.store import Catalog, Work, utc_now

DAYS, LEAST_DAYS = "DATA_RETENTION_TIME_IN_DAYS", "MIN_DATA_RETENTION_TIME_IN_DAYS"


def days(catalog: Catalog, record: Record) -> int:
    """Days of Time Travel: what is set on the record or above it, and no less than the account's minimum.

    Transient and temporary tables have a day at most (sql-reference/parameters, user-guide/data-time-travel).
    """
    if isinstance(record, Table) and record.table_type != "PERMANENT":
        return min(1, int(parameters.of_record(catalog, record, DAYS).value))
    wanted = parameters.of_record(catalog, record, DAYS) if isinstance(record, _HAVE) else _of_account(catalog, record)
    return max(int(wanted.value), int(parameters.of_account(catalog, record.account, LEAST_DAYS).value))


_HAVE = (Database, Schema, SchemaObject)


def _of_account(catalog: Catalog, record: Record) -> parameters.Source:
    return parameters.of_account(catalog, record.account, DAYS)


def days_of(catalog: Catalog, table: Table) -> timedelta:
    """How far back the table's rows are known."""
    return timedelta(days=days(catalog, table))


def can_return(catalog: Catalog, record: Record, now: datetime) -> bool:
    """Whether UNDROP may still find the dropped record."""
    return record.dropped_at is not None and now - record.dropped_at <= timedelta(days=days(catalog, record))


def purge(catalog: Catalog) -> None:
    """Forgets what can no longer return; a schema or database only when nothing in it still can."""
    now = utc_now()
    with catalog.work() as work:
        for kind in (SchemaObject, Schema, Role, Database):
            for record in list(catalog.records.values()):
                if isinstance(record, kind) and _is_over(catalog, record, now):
                    _forget(work, record)


def _is_over(catalog: Catalog, record: Record, now: datetime) -> bool:
    if record.dropped_at is None or can_return(catalog, record, now):
        return False
    return not any(_holder(inner) == record.id for inner in catalog.records.values())


def _holder(record: Record) -> int | None:
    match record:
        case SchemaObject():
            return record.schema_id
        case Schema() | Role():
            return record.database_id
        case _:
            return None


def _forget(work: Work, record: Record) -> None:
    for grant in work.catalog.grants(record.account):
        if grant.on_id == record.id:
            work.unlink(grant)
    work.forget(record)
