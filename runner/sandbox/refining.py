"""Columns that come to keep nanoseconds: when a statement first writes such values into them.

A column keeps microseconds until then, which is all that most tables ever need. It is turned inside the engine alone:
to a user its type is the same before and after, and so are its values.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from typing import TypeVar

import duckdb

from runner.sandbox.catalog.model import ColumnModel, Table
from runner.sandbox.context import Context
from runner.sandbox.errors import SnowflakeError
from runner.sandbox.macros import NANOSECONDS_SAID
from runner.sandbox.query import fine
from runner.sandbox.query.core import E
from runner.sandbox.query.types import cast
from runner.sandbox.storage import physical, shape, storages
from runner.sandbox.tokens import quote_identifier

T = TypeVar("T")
_PATTERN = re.compile(fine.PATTERN)
ATTEMPTS = 2000
"""How many columns one statement may turn."""


def with_nanoseconds(context: Context, action: Callable[[], T], text: str = "") -> T:
    """Does what is all or nothing; again, with all nine digits read, where it was refused for its nanoseconds."""
    try:
        with fine.finely() if _PATTERN.search(text) else nullcontext():
            return action()
    except (duckdb.Error, SnowflakeError) as error:
        if NANOSECONDS_SAID not in str(error):
            raise
        first: Exception = error
    for _ in range(ATTEMPTS):
        if isinstance(first, fine.TooFine) and not refine(context, first.table, first.column):
            raise first
        with fine.finely():
            try:
                return action()
            except fine.TooFine as error:
                first = error
    raise first


def refine(context: Context, table_id: int, name: str) -> bool:
    """The column keeps nanoseconds from now on, in every state of the table; False where there is no such column."""
    kernel = context.engine
    with kernel.catalog.mutex:
        kernel.gathered.write()
        table = kernel.catalog.records.get(table_id)
        column = next((c for c in table.columns if c.name == name), None) if isinstance(table, Table) else None
        if not isinstance(table, Table) or column is None:
            return False
        if column.type.fine:
            return True
        finer = replace(column, type=fine.fine(column.type))
        overlays = [found for t in kernel.open_transactions.values() if (found := t.overlay(table.id)) is not None]
        own = {number for o in overlays for number in (o.appended, o.replaced) if number}
        columns = [finer if each is column else each for each in table.columns]
        with kernel.catalog.work() as work:
            for number in sorted({*storages(table), *own}):
                work.sql(f"ALTER TABLE s{number} {_turned(column, finer)}")
            work.edit(table, columns=columns)
        for overlay in overlays:
            overlay.shape = shape(columns)
    return True


def _turned(column: ColumnModel, finer: ColumnModel) -> str:
    name = quote_identifier(column.stored)
    value = cast(E(name, column.type), finer.type).sql
    return f"ALTER COLUMN {name} SET DATA TYPE {physical(finer.type)} USING {value}"
