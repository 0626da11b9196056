"""The sides of set operators: columns by name, types in common (sql-reference/operators-query)."""

from __future__ import annotations

from collections.abc import Sequence

from runner.sandbox.errors import compilation
from runner.sandbox.query import types
from runner.sandbox.query.core import Col, E
from runner.sandbox.query.types import cast
from runner.sandbox.result import SnowType
from runner.sandbox.tokens import quote_identifier

Side = tuple[str, list[Col]]


def by_name(left: Side, right: Side) -> tuple[Side, Side]:
    """Both sides with the columns of both, the left's first; a column that one side lacks is NULL there."""
    columns = {column.name: column for side in (right, left) for column in side[1]}
    names = list(dict.fromkeys(column.name for side in (left, right) for column in side[1]))
    return _widened(left, names, columns), _widened(right, names, columns)


def _widened(side: Side, names: list[str], columns: dict[str, Col]) -> Side:
    sql, own = side
    held = [column.name for column in own]
    twice = next((name for name in held if held.count(name) > 1), None)
    if twice is not None:
        raise compilation(1052, "42702", f"ambiguous column name '{twice}'")
    places = {name: f"c{at}" for at, name in enumerate(held)}
    shown = ", ".join(f"{places.get(name, 'NULL')} AS {quote_identifier(name)}" for name in names)
    listed = ", ".join(places.values())
    found = {column.name: column for column in own}
    return f"SELECT {shown} FROM ({sql}) AS q({listed})", [found.get(name, columns[name]) for name in names]


def _is_of(own: SnowType, kind: SnowType) -> bool:
    """Whether the engine has nothing to convert: it would round a fraction to the scale of the other side."""
    if own.fine != kind.fine:
        return False
    return own.name == kind.name and (own.name != "NUMBER" or (own.scale or 0) == (kind.scale or 0))


def typed(sql: str, columns: list[Col], kinds: Sequence[SnowType | None]) -> str:
    """One side of a set operation, its columns as the types that both sides have in common."""
    pairs = list(zip(columns, kinds, strict=True))
    if all(kind is None or column.type is None or _is_of(column.type, kind) for column, kind in pairs):
        return sql
    names = ", ".join(f"c{at}" for at in range(len(columns)))
    shown = ", ".join(
        (cast(E(f"c{at}", column.type), kind).sql if kind and column.type else f"c{at}")
        + f" AS {quote_identifier(column.name)}"
        for at, (column, kind) in enumerate(pairs)
    )
    return f"SELECT {shown} FROM ({sql}) AS q({names})"


def united(sides: list[str], columns: list[Col]) -> str:
    """UNION where moments with equal instants are the same."""
    places = [f"c{at}" for at in range(len(columns))]
    keys = ", ".join(types.instant(E(place, column.type)).sql for place, column in zip(places, columns, strict=True))
    shown = ", ".join(f"{p} AS {quote_identifier(c.name)}" for p, c in zip(places, columns, strict=True))
    whole = f"({sides[0]}) UNION ALL ({sides[1]})"
    return f"SELECT {shown} FROM (SELECT DISTINCT ON ({keys}) * FROM ({whole}) AS u({', '.join(places)}))"
