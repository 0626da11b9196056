"""Search optimisation of a table: kept and shown, without effect on queries (sql-reference/sql/alter-table)."""

from __future__ import annotations

from runner.sandbox.catalog.model import Table
from runner.sandbox.catalog.store import Work, utc_now
from runner.sandbox.ddl import changes as to
from runner.sandbox.ddl.names import written
from runner.sandbox.ddl.search import column_of, refuse_unknown
from runner.sandbox.statements import pieces
from runner.sandbox.tokens import Reader

WHOLE = "*"


def change(work: Work, table: Table, wanted: to.SearchOptimization) -> None:
    """ADD keeps what is named, or the whole table; DROP takes off what is named, or all."""
    for expression in wanted.expressions:
        if (column := column_of(expression)) is not None:
            pieces.get_column(table, column)
    found = _added(table, wanted.expressions) if wanted.add else _left(table, wanted.expressions)
    work.edit(table, search_optimization=found, altered_at=utc_now())


def _added(table: Table, expressions: tuple[str, ...]) -> list[str]:
    return list(dict.fromkeys([*table.search_optimization, *(expressions or (WHOLE,))]))


def _left(table: Table, expressions: tuple[str, ...]) -> list[str]:
    if not expressions:
        return []
    left = list(table.search_optimization)
    for expression in expressions:
        gone = [each for each in left if each == expression or ("(" not in expression and _over(each, expression))]
        if not gone:
            refuse_unknown(expression)
        left = [each for each in left if each not in gone]
    return left


def _over(kept: str, column: str) -> bool:
    name = column_of(kept)
    return name is not None and written(name) == column


def without(table: Table, column: str) -> list[str]:
    """What is left when a column is dropped."""
    return [each for each in table.search_optimization if column_of(each) != column]


def renamed(table: Table, old: str, new: str) -> list[str]:
    """The expressions, one column under its new name."""
    return [_moved(each, new) if column_of(each) == old else each for each in table.search_optimization]


def _moved(expression: str, new: str) -> str:
    method, _, rest = expression.partition("(")
    return f"{method}({written(new)}{rest[Reader(rest).peek().end :]}"
