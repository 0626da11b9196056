"""What a stream stands on, and whether it can still be read (user-guide/streams-manage, stale streams)."""

from __future__ import annotations

from datetime import datetime, timedelta

from runner.sandbox.catalog.model import Table, View
from runner.sandbox.catalog.store import Catalog, utc_now
from runner.sandbox.catalog.streams import Stream
from runner.sandbox.errors import SnowflakeError, compilation
from runner.sandbox.retention import days_of
from runner.sandbox.streams.log import kept


def source(catalog: Catalog, stream: Stream) -> Table | View:
    """The table or view, or why it cannot be read any more."""
    found = catalog.records.get(stream.source_id)
    if not isinstance(found, Table | View) or found.dropped_at is not None:
        raise _dropped(".".join(stream.source_name), stream)
    return found


def bases(catalog: Catalog, stream: Stream) -> list[Table]:
    """The tables whose changes the stream tells."""
    found = [catalog.records.get(number) for number in stream.base_ids or [stream.source_id]]
    tables = [table for table in found if isinstance(table, Table) and table.dropped_at is None]
    if len(tables) < len(found):
        raise _dropped(".".join(stream.source_name), stream)
    return tables


def _dropped(name: str, stream: Stream) -> SnowflakeError:
    return compilation(91901, "01000", f"Base table '{name}' dropped, cannot read from stream '{stream.name}'")


def untracked(table: Table) -> SnowflakeError:
    text = f"Change tracking is not enabled or has been missing for the time range requested on table '{table.name}'."
    return compilation(707, "02000", text)


def stale_after(catalog: Catalog, stream: Stream) -> datetime:
    """Until when the changes since the offset are certain to be there; a stream on a share extends no retention."""
    return min(stream.offset + _span(catalog, stream, table) for table in bases(catalog, stream))


def _span(catalog: Catalog, stream: Stream, table: Table) -> timedelta:
    return kept(catalog, table) if table.account == stream.account else days_of(catalog, table)


def why_unreadable(catalog: Catalog, stream: Stream) -> str | None:
    """The reason, or None."""
    try:
        source(catalog, stream)
        refuse_stale(catalog, stream)
    except SnowflakeError as refusal:
        return refusal.message.removeprefix("SQL compilation error:\n")
    return None


def refuse_stale(catalog: Catalog, stream: Stream) -> None:
    """A stream whose offset lies before what is known of its tables' changes gives nothing any more."""
    for table in bases(catalog, stream):
        if not table.change_log or table.tracked_since is None or stream.offset < table.tracked_since:
            raise untracked(table)
    if utc_now() > stale_after(catalog, stream):
        name = ".".join(catalog.full_name(stream))
        raise compilation(
            91902,
            "01000",
            f"Stream '{name}' has become stale: its offset lies before the data retention period of its source. "
            "Recreate the stream.",
        )
