"""UNION [ALL] BY NAME (sql-reference/operators-query)."""

from __future__ import annotations

from runner.sandbox.errors import compilation
from runner.sandbox.query.core import Col
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
    shown = ", ".join(quote_identifier(name) if name in held else f"NULL AS {quote_identifier(name)}" for name in names)
    listed = ", ".join(quote_identifier(name) for name in held)
    found = {column.name: column for column in own}
    return f"SELECT {shown} FROM ({sql}) AS q({listed})", [found.get(name, columns[name]) for name in names]
