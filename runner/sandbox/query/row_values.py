"""Rows of values that are compared, and values that are looked for: `(a, b) = (c, d)`, `x > ANY (…)`, `x IN (…)`."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from runner.sandbox.errors import unsupported
from runner.sandbox.query import fine, types
from runner.sandbox.query.comparing import alike, comparable, in_order, towards
from runner.sandbox.query.core import Col, E, Emitter, Expr
from runner.sandbox.query.types import BOOL
from runner.sandbox.result import SnowType


def compared(emitter: Emitter, node: Expr, operator: str) -> E:
    if isinstance(node.expression, (exp.Any, exp.All)):
        return _of_all(emitter, node, operator)
    one, two = node.this, node.expression
    if not isinstance(two, exp.Tuple) or len(one.expressions) != len(two.expressions):
        return E(f"({emitter.expr(one).sql} {operator} {emitter.expr(two).sql})", BOOL)
    both = zip(one.expressions, two.expressions, strict=True)
    return E(_by_places([comparable(emitter.full(a), emitter.full(b)) for a, b in both], operator), BOOL)


def _by_places(pairs: list[tuple[E, E]], operator: str) -> str:
    """Place by place, as NULL wants it: to the engine a row with a NULL is a value."""
    if operator in ("=", "<>"):
        word = " AND " if operator == "=" else " OR "
        return f"({word.join(f'{a.sql} {operator} {b.sql}' for a, b in pairs)})"
    (a, b), *further = pairs
    if not further:
        return in_order(a, operator, b)
    return f"({in_order(a, operator[0], b)} OR ({a.sql} = {b.sql} AND {_by_places(further, operator)}))"


def _of_all(emitter: Emitter, node: Expr, operator: str) -> E:
    word = "ANY" if isinstance(node.expression, exp.Any) else "ALL"
    inner = node.expression.this
    sql, columns = emitter.query(inner.this if isinstance(inner, exp.Subquery) else inner)
    if (operator, word) in (("=", "ANY"), ("<>", "ALL")):  # The parser's way to write IN and NOT IN, too.
        return E(f"({'NOT ' * (word == 'ALL')}{_in_query(emitter, node.this, sql, columns)})", BOOL)
    value = emitter.full(node.this)
    given = (value.type, *(column.type for column in columns))
    if any(types.is_keyed(kind) for kind in given):
        raise unsupported(f"{word} of a query that gives TIMESTAMP_TZ or texts with a collation")
    if any(fine.is_fine(kind) for kind in given) or (len(columns) == 1 and _mixed([value], columns)):
        value, each = comparable(value, E("c", columns[0].type))
        sql = f"SELECT {each.sql} FROM ({sql}) AS q(c)"
    return E(f"({value.sql} {operator} {word}({sql}))", BOOL)


def row(emitter: Emitter, node: Expr) -> E:
    return E(_row([types.instant(emitter.full(item)) for item in node.expressions]))


def _row(values: Sequence[E]) -> str:
    return "(" + ", ".join(e.sql for e in values) + ")"


def in_(emitter: Emitter, node: Expr) -> E:
    query = node.args.get("query")
    if query is not None:
        sql, columns = emitter.query(query.this if isinstance(query, exp.Subquery) else query)
        return E(_in_query(emitter, node.this, sql, columns), BOOL)
    if node.args.get("unnest") is not None or node.args.get("field") is not None:
        raise unsupported("IN of this form")
    width = len(node.this.expressions)
    if isinstance(node.this, exp.Tuple) and all(
        isinstance(item, exp.Tuple) and len(item.expressions) == width for item in node.expressions
    ):
        return E(f"({_in_rows(emitter, node.this, node.expressions)})", BOOL)
    value, *items = map(types.instant, alike([emitter.full(node.this), *map(emitter.full, node.expressions)]))
    return E(f"({_in_list(value, items)})", BOOL)


def _in_query(emitter: Emitter, looked_for: Expr, sql: str, columns: list[Col]) -> str:
    rows = isinstance(looked_for, exp.Tuple) and len(looked_for.expressions) == len(columns)
    values = [emitter.full(item) for item in (looked_for.expressions if rows else [looked_for])]
    kinds = [e.type for e in values] + [column.type for column in columns]
    apart = len(values) == len(columns) and (any(map(fine.is_fine, kinds)) or _mixed(values, columns))
    if not apart and not (len(columns) == 1 and any(map(types.is_keyed, kinds))):
        value = emitter.full(looked_for)
        return f"({_like_columns(value, columns[0].type)} IN ({sql}))"
    names = [f"c{at}" for at in range(len(columns))]
    given = [E(name, column.type) for name, column in zip(names, columns, strict=True)]
    pairs = [comparable(value, each) for value, each in zip(values, given, strict=True)]
    shown = ", ".join(each.sql for _, each in pairs)
    return f"({_row([value for value, _ in pairs])} IN (SELECT {shown} FROM ({sql}) AS q({', '.join(names)})))"


def _mixed(values: list[E], columns: list[Col]) -> bool:
    """Whether moments meet texts, of which the engine makes none."""
    pairs = [{e.kind, column.type.name if column.type else ""} for e, column in zip(values, columns, strict=True)]
    return any("VARCHAR" in pair and pair & {*types.TEMPORAL, "TIME"} for pair in pairs)


def _in_rows(emitter: Emitter, looked_for: Expr, listed: list[Expr]) -> str:
    """Rows of values. What the engine's own IN says of a row with a NULL is not what SQL says."""
    value, *rows = ([emitter.full(item) for item in each.expressions] for each in (looked_for, *listed))
    if len(rows) <= _FEW:
        pairs = [[comparable(a, b) for a, b in zip(value, each, strict=True)] for each in rows]
        return " OR ".join(_by_places(each, "=") for each in pairs)
    places = [_alike([each[at] for each in (value, *rows)]) for at in range(len(value))]
    one, *further = (_row(each) for each in zip(*places, strict=True))
    return f"{one} IN (VALUES {', '.join(further)})"


_FEW = 40
"""So many comparisons the engine does faster than it looks in a list of rows."""


def _alike(values: list[E]) -> list[E]:
    """The values of one place: moments of which one has nanoseconds, all with them."""
    kind = types.in_common(values)
    if kind is None or not kind.fine:
        return [types.instant(fine.coarse(e)) for e in values]
    return [types.instant(types.cast(e, kind)) for e in values]


def _like_columns(value: E, kind: SnowType | None) -> str:
    return towards(value, E("", kind)).sql if kind is not None and value.kind != kind.name else value.sql


def _in_list(value: E, items: list[E]) -> str:
    alike = all(fine.is_fine(item.type) == fine.is_fine(value.type) for item in items)
    if alike and all(item.kind == value.kind or not item.kind or not value.kind for item in items):
        return f"{value.sql} IN ({', '.join(item.sql for item in items)})"
    pairs = [comparable(value, item) for item in items]
    return " OR ".join(f"{a.sql} = {b.sql}" for a, b in pairs)
