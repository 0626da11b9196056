"""Windows: OVER with its keys and frame, and the order of keys (sql-reference/functions-analytic)."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from runner.sandbox.errors import compilation, syntax_error, unsupported
from runner.sandbox.query.core import E, Emitter, Expr
from runner.sandbox.query.fine import is_fine
from runner.sandbox.query.types import SEMI, instant


def sorting_key(e: E) -> str:
    """What a value is sorted by: numbers in a VARIANT are numbers, not text."""
    return f"sf_order({e.sql})" if e.kind in SEMI else instant(e).sql


_RANKING = frozenset(
    {"ROW_NUMBER", "RANK", "DENSE_RANK", "PERCENT_RANK", "CUME_DIST", "NTILE", "LAG", "LEAD"}
)  # fmt: skip
_EVENTS = frozenset({"CONDITIONAL_TRUE_EVENT"})
_PLACED = frozenset({"FIRST_VALUE", "LAST_VALUE", "NTH_VALUE"})
"""Their frame is the whole partition where none is written (sql-reference/functions/last_value)."""


def _windowed(node: Expr) -> str:
    """The name of the function before OVER."""
    while isinstance(node, (exp.IgnoreNulls, exp.RespectNulls)):
        node = node.this
    return str(node.name).upper() if isinstance(node, exp.Anonymous) else ""


def window(emitter: Emitter, node: Expr) -> E:
    before = len(emitter.world.calls)
    inner = emitter.raw(node.this)
    if any(call.routine.aggregate for call in list(emitter.world.calls.values())[before:]):
        raise unsupported("OVER with an aggregate function of the user's own")
    if node.args.get("alias") is not None and not node.args.get("over"):
        raise unsupported("named window")
    name = _windowed(node.this)
    if name in _RANKING | _PLACED | _EVENTS and not node.args.get("order"):
        raise compilation(2303, "42601", f"Window function type [{name}] requires ORDER BY in window specification.")
    parts = []
    if partition := node.args.get("partition_by"):
        parts.append("PARTITION BY " + ", ".join(instant(emitter.full(item)).sql for item in partition))
    spec = node.args.get("spec")
    if order := node.args.get("order"):
        if spec and spec.args["kind"] != "ROWS" and any(_is_distance(spec, side) for side in ("start", "end")):
            _refuse_nanos(emitter, order)
        parts.append(order_by(emitter, order))
    if spec:
        parts.append(_frame(emitter, spec))
    elif name in _EVENTS:
        parts.append("ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW")
    elif name in _PLACED:
        parts.append("ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING")
    return E(f"{inner.sql} OVER ({' '.join(parts)})", inner.type, wrap=inner.wrap).closed()


def _is_distance(spec: Expr, side: str) -> bool:
    return isinstance(spec.args.get(side), exp.Expr)


def order_by(emitter: Emitter, node: Expr) -> str:
    return "ORDER BY " + ", ".join(ordered(emitter, item) for item in node.expressions)


def _refuse_nanos(emitter: Emitter, node: Expr) -> None:
    """A frame that reaches so far from a value adds to it, which is not done to one with nanoseconds."""
    if any(is_fine(emitter.full(item.this).type) for item in node.expressions):
        raise unsupported("a window frame by values over an order by nanoseconds")


def ordered(emitter: Emitter, node: Expr, value: str | None = None) -> str:
    """One key; Snowflake puts NULLs last ascending and first descending unless told otherwise."""
    return direction(node, value or sorting_key(emitter.full(node.this)))


def direction(node: Expr, sql: str) -> str:
    descending = bool(node.args.get("desc"))
    first = node.args.get("nulls_first")
    nulls = "FIRST" if (descending if first is None else first) else "LAST"
    return f"{sql} {'DESC' if descending else 'ASC'} NULLS {nulls}"


def _frame(emitter: Emitter, spec: Expr) -> str:
    def bound(side: str) -> str:
        value, word = spec.args.get(side), spec.args.get(f"{side}_side")
        if isinstance(value, exp.Expr) and not word:
            raise syntax_error(1, 0, value.sql("snowflake")[:60])
        shown = emitter.expr(value).sql if isinstance(value, exp.Expr) else str(value or "CURRENT ROW")
        return f"{shown} {word or ''}".strip()

    if spec.args.get("end") is None:
        return f"{spec.args['kind']} {bound('start')}"
    return f"{spec.args['kind']} BETWEEN {bound('start')} AND {bound('end')}"


def ignore_nulls(word: str) -> Callable[[Emitter, Expr], E]:
    def rule(emitter: Emitter, node: Expr) -> E:
        inner = emitter.raw(node.this)
        return E(inner.sql.removesuffix(")") + f" {word})", inner.type, wrap=inner.wrap)

    return rule
