"""What SYSTEM$STREAM_HAS_DATA and SYSTEM$STREAM_GET_TABLE_TIMESTAMP answer (sql-reference/functions of these names)."""

from __future__ import annotations

from runner.sandbox.catalog.store import utc_now
from runner.sandbox.catalog.streams import Stream
from runner.sandbox.context import Context
from runner.sandbox.streams import relation, state


def has_data(context: Context, stream: Stream) -> bool:
    """Whether there is anything to consume; where there is nothing, the stream does not grow stale either."""
    table = state.source(context.catalog, stream)
    state.refuse_stale(context.catalog, stream, table)
    with context.catalog.mutex:
        until = max(utc_now(), table.changed_at or table.created_at)
        since, initial = stream.offset, stream.initial
    if initial:
        rows = relation.existing(table, since)
    else:
        rows = (relation.appended if stream.append_only else relation.net)(table, since, until)
    with context.storage.statement(), context.storage.cursor() as cursor:
        found = bool(cursor.execute(f"SELECT 1 FROM {rows} LIMIT 1").fetchall())
    if not found and not initial and context.session.transaction is None:
        with context.catalog.work() as work:
            if stream.offset == since and (table.changed_at or table.created_at) <= until:
                work.note(stream, offset=until)
    return found


def version(context: Context, stream: Stream) -> int:
    """Nanoseconds since 1970 of the table's version at the offset."""
    table = state.source(context.catalog, stream)
    instants = [table.created_at, table.changed_at or table.created_at, *(one.since for one in table.versions)]
    found = max((instant for instant in instants if instant <= stream.offset), default=stream.offset)
    return int(found.timestamp() * 1_000_000) * 1000
