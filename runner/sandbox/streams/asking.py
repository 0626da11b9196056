"""What SYSTEM$STREAM_HAS_DATA and SYSTEM$STREAM_GET_TABLE_TIMESTAMP answer (sql-reference/functions of these names)."""

from __future__ import annotations

from datetime import datetime

from runner.sandbox.catalog.model import Table
from runner.sandbox.catalog.store import utc_now
from runner.sandbox.catalog.streams import Stream
from runner.sandbox.context import Context
from runner.sandbox.ddl.names import dotted
from runner.sandbox.streams import state


def has_data(context: Context, stream: Stream) -> bool:
    """Whether there is anything to consume; where there is nothing, the stream does not grow stale either."""
    state.refuse_stale(context.catalog, stream)
    tables = state.bases(context.catalog, stream)
    with context.catalog.mutex:
        until, since = max([utc_now(), *map(_changed, tables)]), stream.offset
    name = dotted(context.catalog.full_name(stream))
    found = bool(context.run(f"SELECT 1 FROM {name} LIMIT 1").rows())
    if not found and not stream.initial and context.session.transaction is None:
        with context.catalog.work() as work:
            if stream.offset == since and max(map(_changed, tables)) <= until:
                work.note(stream, offset=max(until, since))
    return found


def _changed(table: Table) -> datetime:
    return table.changed_at or table.created_at


def version(context: Context, stream: Stream) -> int:
    """Nanoseconds since 1970 of the table's version at the offset."""
    instants = [
        instant
        for table in state.bases(context.catalog, stream)
        for instant in (table.created_at, _changed(table), *(one.since for one in table.versions))
    ]
    found = max((instant for instant in instants if instant <= stream.offset), default=stream.offset)
    return int(found.timestamp() * 1_000_000) * 1000
