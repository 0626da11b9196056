"""What a stream stands on, and whether it can still be read (user-guide/streams-manage, stale streams)."""

from __future__ import annotations

from datetime import datetime

from runner.sandbox.catalog.model import Table
from runner.sandbox.catalog.store import Catalog, utc_now
from runner.sandbox.catalog.streams import Stream
from runner.sandbox.errors import SnowflakeError, compilation
from runner.sandbox.retention import days_of
from runner.sandbox.streams.log import kept


def source(catalog: Catalog, stream: Stream) -> Table:
    """The table, or why it cannot be read any more."""
    table = catalog.records.get(stream.source_id)
    if not isinstance(table, Table) or table.dropped_at is not None:
        name = ".".join(stream.source_name)
        raise compilation(91901, "01000", f"Base table '{name}' dropped, cannot read from stream '{stream.name}'")
    return table


def untracked(table: Table) -> SnowflakeError:
    text = f"Change tracking is not enabled or has been missing for the time range requested on table '{table.name}'."
    return compilation(707, "02000", text)


def stale_after(catalog: Catalog, stream: Stream, table: Table) -> datetime:
    """Until when the changes since the offset are certain to be there; a stream on a share extends no retention."""
    if table.account == stream.account:
        return stream.offset + kept(catalog, table)
    return stream.offset + days_of(catalog, table)


def why_unreadable(catalog: Catalog, stream: Stream) -> str | None:
    """The reason, or None."""
    try:
        refuse_stale(catalog, stream, source(catalog, stream))
    except SnowflakeError as refusal:
        return refusal.message.removeprefix("SQL compilation error:\n")
    return None


def refuse_stale(catalog: Catalog, stream: Stream, table: Table) -> None:
    """A stream whose offset lies before what is known of the table's changes gives nothing any more."""
    name = ".".join(catalog.full_name(stream))
    if not table.change_log or table.tracked_since is None or stream.offset < table.tracked_since:
        raise untracked(table)
    if utc_now() > stale_after(catalog, stream, table):
        raise compilation(
            91902,
            "01000",
            f"Stream '{name}' has become stale: its offset lies before the data retention period of table "
            f"'{table.name}'. Recreate the stream.",
        )
