"""SHOW and DESCRIBE STREAMS (sql-reference/sql/show-streams, desc-stream)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from runner.sandbox.catalog.model import Table
from runner.sandbox.catalog.streams import Stream
from runner.sandbox.context import Context
from runner.sandbox.errors import SnowflakeError
from runner.sandbox.show.inventory import Item
from runner.sandbox.show.listing import Listing, found
from runner.sandbox.show.request import Request
from runner.sandbox.show.shape import Row, true
from runner.sandbox.show.stream_text import source_name
from runner.sandbox.show.tables import common
from runner.sandbox.streams import state

STREAM = (
    "created_on time, name, database_name, schema_name, owner, comment, table_name, source_type, base_tables, type, "
    "stale, mode, stale_after time, invalid_reason, owner_role_type"
)
USAGE = (
    "STREAM_ID number, STREAM_NAME, STREAM_SCHEMA_ID number, STREAM_SCHEMA, STREAM_CATALOG_ID number, STREAM_CATALOG, "
    "OWNER, COMMENT, TABLE_NAME, SOURCE_TYPE, BASE_TABLES, TYPE, MODE, STALE_AFTER time, INVALID_REASON, "
    "OWNER_ROLE_TYPE, CREATED time, DELETED time"
)


def stream_row(context: Context, item: Item[Stream]) -> Row:
    """One stream."""
    stream = item.record
    why = state.why_unreadable(context.catalog, stream)
    name = ".".join(source_name(context.catalog, stream))
    return common(item) | {
        "table_name": name,
        "source_type": _source_type(context, stream),
        "base_tables": ",".join(_base_names(context, stream)) or name,
        "type": "DELTA",
        "stale": true(why is not None),
        "mode": "APPEND_ONLY" if stream.append_only else "DEFAULT",
        "stale_after": _stale_after(context, stream),
        "invalid_reason": why or "N/A",
    }


def _source_type(context: Context, stream: Stream) -> str:
    if stream.base_ids:
        return "View"
    table = context.catalog.records.get(stream.source_id)
    return "Dynamic Table" if isinstance(table, Table) and table.dynamic is not None else "Table"


def _base_names(context: Context, stream: Stream) -> list[str]:
    found = (context.catalog.records.get(number) for number in stream.base_ids)
    return [".".join(context.catalog.full_name(table)) for table in found if table and table.account == stream.account]


def _stale_after(context: Context, stream: Stream) -> datetime | None:
    try:
        return state.stale_after(context.catalog, stream)
    except SnowflakeError:
        return None


def usage_row(context: Context, item: Item[Stream]) -> Row:
    """The same for ACCOUNT_USAGE."""
    shown = {name.upper(): value for name, value in stream_row(context, item).items()}
    database, schema, _ = item.path
    return {
        **shown,
        "STREAM_ID": item.record.id,
        "STREAM_NAME": item.record.name,
        "STREAM_SCHEMA_ID": item.schema.id,
        "STREAM_SCHEMA": schema,
        "STREAM_CATALOG_ID": item.database.id,
        "STREAM_CATALOG": database,
        "CREATED": item.record.created_at,
        "DELETED": item.record.dropped_at,
    }


def _streams(context: Context, request: Request) -> Iterator[Row]:
    for item in found(context, request, Stream):
        row = stream_row(context, item)
        yield {**row, "kind": row["type"], "tableOn": row["table_name"]}


LISTINGS: dict[tuple[str, ...], Listing] = {
    ("STREAMS",): Listing(STREAM, _streams, terse="created_on time, name, kind, database_name, schema_name, tableOn")
}
