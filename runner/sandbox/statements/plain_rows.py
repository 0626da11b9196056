"""Rows of an INSERT whose values are constants that their columns surely take: nothing is left to compute."""

from __future__ import annotations

from decimal import Decimal

from sqlglot import exp

from runner.sandbox.catalog.model import ColumnModel, Table
from runner.sandbox.changes import current_transaction
from runner.sandbox.context import Context
from runner.sandbox.gathered import Row
from runner.sandbox.query.core import Expr
from runner.sandbox.storage import shape
from runner.sandbox.transactions import Overlay, Transaction

_TEXT = 16_777_216
_NO = object()


def gathered(context: Context, table: Table, columns: list[ColumnModel], source: Expr) -> int | None:
    """Lets the rows of a script's INSERT wait with others; None where the statement must go the whole way."""
    if not context.inner or table.change_log:
        return None
    transaction = current_transaction(context)
    rows = plain_rows(table, columns, source)
    if rows is None:
        return None
    kernel = context.engine
    with kernel.catalog.mutex:
        known = kernel.catalog.records.get(table.id) is table and table.dropped_at is None
        if transaction is None:
            if not known or kernel.overlaid(table.id):
                return None
            kernel.gathered.add(context.control, table, rows)
        elif known and (own := _own(transaction, table)):
            kernel.gathered.add(context.control, table, rows, own)
        else:
            return None
    return len(rows)


def _own(transaction: Transaction, table: Table) -> int:
    """The storage that the transaction already has for rows of the table as it is now; 0 where there is none."""
    overlay = transaction.overlay(table.id)
    if transaction.aborted or overlay is None or not _like(overlay, table):
        return 0
    return overlay.replaced or overlay.appended or 0


def _like(overlay: Overlay, table: Table) -> bool:
    whole = overlay.replaced is None or overlay.ready.is_set()
    return whole and shape(table.columns) == overlay.shape


def plain_rows(table: Table, columns: list[ColumnModel], source: Expr) -> list[Row] | None:
    """The rows of VALUES, in the table's order of columns; None where a value is more than a fitting constant."""
    if not isinstance(source, exp.Values) or source.args.get("alias"):
        return None
    places = {column.name: at for at, column in enumerate(columns)}
    if any(column.name not in places and not _may_be_left_out(column) for column in table.columns):
        return None
    made = [_row(table, places, row) for row in source.expressions]
    return None if None in made else [row for row in made if row is not None]


def _may_be_left_out(column: ColumnModel) -> bool:
    return column.nullable and column.default is None and column.identity is None


def _row(table: Table, places: dict[str, int], row: Expr) -> Row | None:
    given = row.expressions if isinstance(row, exp.Tuple) else []
    if len(given) != len(places):
        return None
    values = tuple(
        _value(given[places[column.name]], column) if column.name in places else None for column in table.columns
    )
    return None if _NO in values else values


def _value(node: Expr, column: ColumnModel) -> object:
    match node:
        case exp.Null():
            return None if column.nullable else _NO
        case exp.Boolean():
            return bool(node.this) if column.type.name == "BOOLEAN" else _NO
        case exp.Literal(is_string=True):
            return _text(str(node.this), column)
        case exp.Literal():
            return _number(str(node.this), column)
        case exp.Neg(this=exp.Literal(is_string=False)):
            return _number(f"-{node.this.this}", column)
        case _:
            return _NO


def _text(value: str, column: ColumnModel) -> object:
    fits = len(value) <= (column.type.length or _TEXT) and value.isprintable()
    return value if column.type.name == "VARCHAR" and fits else _NO


def _number(text: str, column: ColumnModel) -> object:
    whole, _, fraction = text.lstrip("-").partition(".")
    if column.type.name != "NUMBER" or not (whole + fraction).isdecimal() or not (whole + fraction).isascii():
        return _NO
    scale = column.type.scale or 0
    fits = len(fraction) <= scale and len(whole.lstrip("0")) <= (column.type.precision or 38) - scale
    return Decimal(text) if fits else _NO
