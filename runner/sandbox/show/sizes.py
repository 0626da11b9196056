"""Rows and bytes of tables, as committed: row counts are exact, bytes are an estimate."""

from __future__ import annotations

from runner.sandbox.catalog.model import Table
from runner.sandbox.context import Context
from runner.sandbox.result import SnowType

_WIDTHS = {"BOOLEAN": 1, "DATE": 4, "VARCHAR": 16, "VARIANT": 64, "OBJECT": 64, "ARRAY": 64, "BINARY": 16}


def rows_in(context: Context, table: Table) -> int | None:
    """The rows of a live table; a dropped one is not counted."""
    return context.storage.size(table.storage) if table.dropped_at is None else None


def bytes_in(context: Context, table: Table) -> int | None:
    """Rows by the usual width of their columns' types."""
    rows = rows_in(context, table)
    return None if rows is None else rows * sum(_width(column.type) for column in table.columns)


def _width(kind: SnowType) -> int:
    if kind.name == "NUMBER":
        return 8 if (kind.precision or 38) <= 18 else 16
    return _WIDTHS.get(kind.name, 8)


def kept_bytes(context: Context, table: Table) -> tuple[int, int]:
    """Bytes of the rows as they are, or were when it was dropped, and of earlier states with rows of their own."""
    width = sum(_width(column.type) for column in table.columns)
    earlier = {version.storage for version in table.versions} - {table.storage}
    return context.storage.size(table.storage) * width, sum(context.storage.size(one) for one in earlier) * width
