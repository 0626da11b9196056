"""Columns of catalogue answers, written as one line, and rows given by column name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

from runner.sandbox.result import (
    BOOLEAN,
    NUMBER,
    TEXT,
    TIMESTAMP_LTZ,
    Column,
    Result,
    SnowType,
    StatementType,
    rows_result,
)

Row = Mapping[str, object]

MOST_ROWS = 10_000
"""No SHOW command answers more rows than this (sql-reference/sql/show, general usage notes)."""

_TYPES: dict[str, SnowType] = {
    "text": TEXT,
    "number": NUMBER,
    "float": SnowType("FLOAT"),
    "boolean": BOOLEAN,
    "time": TIMESTAMP_LTZ,
    "variant": SnowType("VARIANT"),
    "array": SnowType("ARRAY"),
    "object": SnowType("OBJECT"),
}


@cache
def columns(shape: str) -> tuple[Column, ...]:
    """`created_on time, name, rows number` as columns; a column without a type is text."""
    return tuple(_column(part.strip()) for part in shape.split(","))


def _column(part: str) -> Column:
    name, _, kind = part.rpartition(" ")
    return Column(name, _TYPES[kind]) if name and kind in _TYPES else Column(part, TEXT)


def relation(shape: str, rows: Iterable[Row], statement: StatementType = StatementType.SELECT) -> Result:
    """Rows by column name as a result; what a row does not name is NULL, what it names must be a column."""
    shaped = columns(shape)
    names = [column.name for column in shaped]
    known = set(names)
    values = []
    for row in rows:
        if not known.issuperset(row):
            raise KeyError(f"not in the relation: {', '.join(sorted(set(row) - known))}")
        values.append([row.get(name) for name in names])
    return rows_result(shaped, values, statement)


def chosen(shape: str, rows: Iterable[Row]) -> Result:
    """The relation's columns out of rows that may know more."""
    shaped = columns(shape)
    names = [column.name for column in shaped]
    return rows_result(shaped, [[row.get(name) for name in names] for row in rows])


def yes(value: object) -> str:
    """`Y` or `N`, as SHOW has flags."""
    return "Y" if value else "N"


def on(value: object) -> str:
    return "ON" if value else "OFF"


def true(value: object) -> str:
    """`true` or `false`, as SHOW has some flags."""
    return "true" if value else "false"


def yes_no(value: object) -> str:
    """`YES` or `NO`, as INFORMATION_SCHEMA has flags."""
    return "YES" if value else "NO"
