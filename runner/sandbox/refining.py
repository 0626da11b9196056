"""Columns that come to keep nanoseconds: when a statement first writes such values into them.

A column keeps microseconds until then, which is all that most tables ever need. It is turned inside the engine alone:
to a user its type is the same before and after, and so are its values.
"""

from __future__ import annotations

import re
import threading
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
from runner.sandbox.storage import physical, shape, storages
from runner.sandbox.tokens import quote_identifier
from runner.sandbox.transactions import Overlay

T = TypeVar("T")
_PATTERN = re.compile(fine.PATTERN)
ATTEMPTS = 2000
"""How many columns one statement may turn."""
PATIENCE = 500
"""How often a column is tried to be turned while others write to its table."""


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
    """The column keeps nanoseconds from now on, in every state of the table; False where there is no such column.

    Statements of others that are just writing to the table are waited for.
    """
    for left in reversed(range(PATIENCE)):
        try:
            return _refined(context, table_id, name, everybody=left > 0)
        except duckdb.TransactionException:
            context.control.check()
            if not left:
                raise
            threading.Event().wait(0.02)
    return False


def _refined(context: Context, table_id: int, name: str, *, everybody: bool) -> bool:
    """With what all open transactions have of the table; or, where one of them stays at work, with one's own alone.

    The COMMIT of who is left out will be refused, as after any change of the table's columns.
    """
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
        columns = [finer if each is column else each for each in table.columns]
        transactions = list(kernel.open_transactions.values()) if everybody else [context.session.transaction]
        overlays = [
            o for t in transactions if t is not None and (o := t.overlay(table.id)) is not None and _is_whole(o)
        ]
        numbers = {*storages(table), *(number for overlay in overlays for number in _kept_by(overlay))}
        with kernel.catalog.work() as work:
            for number in sorted(numbers):
                work.sql(f"ALTER TABLE s{number} {_turned(column, finer)}")
            work.edit(table, columns=columns)
        for overlay in overlays:
            overlay.shape = shape(columns)
    return True


def _is_whole(overlay: Overlay) -> bool:
    """Whether no statement is just making it."""
    return overlay.replaced is None or overlay.ready.is_set()


def _kept_by(overlay: Overlay) -> list[int]:
    return [number for number in (overlay.appended, overlay.replaced) if number]


def _turned(column: ColumnModel, finer: ColumnModel) -> str:
    """The engine computes it again when it replays its log, when it has no functions yet but the plainest."""
    name = quote_identifier(column.stored)
    zoned = column.type.name == "TIMESTAMP_TZ"
    whole = f"struct_extract({name}, 'i')" if zoned else name
    offset = f", o := struct_extract({name}, 'o')" if zoned else ""
    value = f"struct_pack(i := {whole}, n := CAST(0 AS SMALLINT){offset})"
    using = f"CASE WHEN {name} IS NOT NULL THEN {value} END"
    return f"ALTER COLUMN {name} SET DATA TYPE {physical(finer.type)} USING {using}"
