"""Kinds of objects that cannot be made here: their SHOW commands answer truly with no rows, in Snowflake's columns."""

from __future__ import annotations

from collections.abc import Iterator

from runner.sandbox.context import Context
from runner.sandbox.show.inventory import Inventory
from runner.sandbox.show.listing import Listing, places
from runner.sandbox.show.request import Request
from runner.sandbox.show.shape import Row

_HEAD = "created_on time, name, database_name, schema_name"
_SHAPES: dict[tuple[str, ...], str] = {
    ("EXTERNAL", "TABLES"): f"{_HEAD}, invalid, invalid_reason, owner, comment, stage, location, file_format_name, "
    "file_format_type, cloud, region, notification_channel, last_refreshed_on time, table_format, "
    "last_refresh_details, owner_role_type",
}


def _nothing(context: Context, request: Request) -> Iterator[Row]:
    """No rows; a scope that does not exist is an error all the same."""
    for _ in places(context, request, Inventory(context.catalog, context.session)):
        pass
    return iter(())


LISTINGS: dict[tuple[str, ...], Listing] = {words: Listing(shape, _nothing) for words, shape in _SHAPES.items()}
