"""Columns and functions of the sandbox's part of Snowpark: each is a piece of SQL. Runs in the child."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_$]*")


def identifier(name: str) -> str:
    """A name as Snowpark takes it: plain ones are upper-case, others must be quoted or are quoted as they are."""
    if name.startswith('"') and name.endswith('"'):
        return name
    return f'"{name.upper()}"' if _PLAIN.fullmatch(name) else '"' + name.replace('"', '""') + '"'


def literal(value: object) -> str:
    """A Python value in SQL."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, (int, Decimal)):
        return str(value)
    if isinstance(value, float):
        return f"'{value!r}'::FLOAT"
    if isinstance(value, (bytes, bytearray)):
        return f"TO_BINARY('{value.hex()}', 'HEX')"
    for kind, name in ((datetime, "TIMESTAMP_NTZ"), (date, "DATE"), (time, "TIME")):
        if isinstance(value, kind):
            return f"'{value.isoformat()}'::{name}"
    if isinstance(value, str):
        return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"
    raise TypeError(f"a {type(value).__name__} cannot be a literal here")


class Column:
    """An expression."""

    def __init__(self, sql: str, name: str = "") -> None:
        self.sql, self._name = sql, name

    @property
    def shown(self) -> str:
        """As it stands in a SELECT list."""
        return f"{self.sql} AS {self._name}" if self._name else self.sql

    def alias(self, name: str) -> Column:
        return Column(self.sql, identifier(name))

    as_ = name = alias

    def cast(self, kind: str) -> Column:
        return Column(f"CAST({self.sql} AS {kind})")

    def is_null(self) -> Column:
        return Column(f"({self.sql} IS NULL)")

    isNull = is_null  # noqa: N815

    def is_not_null(self) -> Column:
        return Column(f"({self.sql} IS NOT NULL)")

    isNotNull = is_not_null  # noqa: N815

    def like(self, pattern: object) -> Column:
        return Column(f"({self.sql} LIKE {sql_of(pattern)})")

    def between(self, low: object, high: object) -> Column:
        return Column(f"({self.sql} BETWEEN {sql_of(low)} AND {sql_of(high)})")

    def in_(self, *values: object) -> Column:
        listed = values[0] if len(values) == 1 and isinstance(values[0], (list, tuple, set)) else values
        return Column(f"({self.sql} IN ({', '.join(map(sql_of, listed))}))")

    isin = in_

    def asc(self) -> Column:
        return Column(f"{self.sql} ASC")

    def desc(self) -> Column:
        return Column(f"{self.sql} DESC")

    def __invert__(self) -> Column:
        return Column(f"(NOT {self.sql})")

    def __neg__(self) -> Column:
        return Column(f"(- {self.sql})")

    def __bool__(self) -> bool:
        raise TypeError("A Column has no truth of its own: use & for 'and', | for 'or', ~ for 'not'.")

    __hash__ = None  # type: ignore[assignment]

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(f"Column.{name} is not in the sandbox's part of Snowpark")


def _operator(word: str, *, turned: bool = False) -> Callable[[Column, object], Column]:
    def combine(self: Column, other: object) -> Column:
        sides = (sql_of(other), self.sql) if turned else (self.sql, sql_of(other))
        return Column(f"({sides[0]} {word} {sides[1]})")

    return combine


_OPERATORS = {
    "eq": "=", "ne": "<>", "lt": "<", "le": "<=", "gt": ">", "ge": ">=", "add": "+", "sub": "-", "mul": "*",
    "truediv": "/", "mod": "%", "and": "AND", "or": "OR",
}  # fmt: skip
for _name, _word in _OPERATORS.items():
    setattr(Column, f"__{_name}__", _operator(_word))
for _name in ("add", "sub", "mul", "truediv", "mod", "and", "or"):
    setattr(Column, f"__r{_name}__", _operator(_OPERATORS[_name], turned=True))


def sql_of(value: object) -> str:
    """A column's SQL, or a literal."""
    return value.sql if isinstance(value, Column) else literal(value)


def column_of(value: object) -> Column:
    """A column, or the name of one."""
    if isinstance(value, Column):
        return value
    if not isinstance(value, str):
        raise TypeError(f"Expected a column or its name, got {type(value).__name__}")
    return Column("*" if value == "*" else identifier(value))


def col(name: str) -> Column:
    return column_of(name)


def lit(value: object) -> Column:
    return Column(literal(value))


def sql_expr(sql: str) -> Column:
    return Column(sql)


def call_function(name: str, *arguments: object) -> Column:
    return Column(f"{name}({', '.join(column_of(each).sql for each in arguments)})")


def _called(name: str) -> Callable[..., Column]:
    return lambda *arguments: call_function(name, *arguments)


def count_distinct(*columns: object) -> Column:
    return Column(f"COUNT(DISTINCT {', '.join(column_of(each).sql for each in columns)})")


_CALLED = (
    "abs", "avg", "ceil", "coalesce", "concat", "count", "current_date", "current_timestamp", "floor", "greatest",
    "least", "length", "lower", "ltrim", "max", "mean", "median", "min", "nvl", "parse_json", "row_number", "rtrim",
    "stddev", "sum", "to_char", "to_date", "to_timestamp", "to_varchar", "trim", "trunc", "upper", "year", "month",
)  # fmt: skip
FUNCTIONS: dict[str, Callable[..., Column]] = {
    **{name: _called("AVG" if name == "mean" else name.upper()) for name in _CALLED},
    "col": col,
    "column": col,
    "lit": lit,
    "sql_expr": sql_expr,
    "call_function": call_function,
    "call_builtin": call_function,
    "call_udf": call_function,
    "count_distinct": count_distinct,
}
"""What `snowflake.snowpark.functions` has here; their arguments are columns or names of columns."""
