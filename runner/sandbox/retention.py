"""What was dropped stays for its retention time, and is then gone for good (user-guide/data-time-travel)."""

from __future__ import annotations

from datetime import datetime, timedelta

from runner.sandbox.catalog.model import Database, Record, Role, Schema, SchemaObject, Table
from runner.sandbox.catalog.store import Catalog, Work, utc_now

DEFAULT_DAYS = 1


def kept_for(record: Record) -> timedelta:
    """How long after its end the record can be brought back."""
    days = getattr(record, "retention_days", None)
    return timedelta(days=DEFAULT_DAYS if days is None else int(days))


def days_of(catalog: Catalog, table: Table) -> timedelta:
    """How far back the table's rows are known: its own retention, its schema's, its database's, or a day."""
    schema = catalog.records.get(table.schema_id)
    database = catalog.records.get(schema.database_id) if isinstance(schema, Schema) else None
    days = (getattr(record, "retention_days", None) for record in (table, schema, database))
    return timedelta(days=next((int(each) for each in days if each is not None), DEFAULT_DAYS))


def can_return(record: Record, now: datetime) -> bool:
    """Whether UNDROP may still find the dropped record."""
    return record.dropped_at is not None and now - record.dropped_at <= kept_for(record)


def purge(catalog: Catalog) -> None:
    """Forgets what can no longer return; a schema or database only when nothing in it still can."""
    now = utc_now()
    with catalog.work() as work:
        for kind in (SchemaObject, Schema, Role, Database):
            for record in list(catalog.records.values()):
                if isinstance(record, kind) and _is_over(catalog, record, now):
                    _forget(work, record)


def _is_over(catalog: Catalog, record: Record, now: datetime) -> bool:
    if record.dropped_at is None or can_return(record, now):
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
