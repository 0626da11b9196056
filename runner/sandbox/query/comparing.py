"""Two values as the one type in which Snowflake compares them."""

from __future__ import annotations

from runner.sandbox.query import collation, fine, types
from runner.sandbox.query.core import E
from runner.sandbox.query.types import SEMI, cast
from runner.sandbox.result import SnowType


def comparable(a: E, b: E) -> tuple[E, E]:
    """Both sides as the one type in which Snowflake compares them."""
    a, b = (types.instant(e) for e in alike([a, b]))
    if fine.is_fine(a.type) or fine.is_fine(b.type) or fine.reads_nanos():
        if (kind := _finest(a, b)) is not None:
            return cast(a, kind), cast(b, kind)
        a, b = fine.coarse(a), fine.coarse(b)
    if a.kind == b.kind or not a.kind or not b.kind or "NULL" in (a.kind, b.kind):
        return a, b
    return towards(a, b), towards(b, a)


def in_order(a: E, operator: str, b: E) -> str:
    """Engine SQL of `a < b` and its like. The engine makes a BETWEEN of two bounds of one expression, and has none for
    nanoseconds: as a lower bound's, the expression is written in another way than as an upper one's.
    """
    if fine.is_fine(a.type) and fine.is_fine(b.type):
        if operator.startswith(">"):
            a = E(f"([{a.sql}])[1]", a.type)
        elif operator.startswith("<") and operator != "<>":
            b = E(f"([{b.sql}])[1]", b.type)
    return f"({a.sql} {operator} {b.sql})"


def _finest(a: E, b: E) -> SnowType | None:
    """The type in which both are compared where one of them may have nanoseconds, else None."""
    moment = next((e.type for e in (a, b) if e.kind in fine.KINDS), None)
    kind = types.in_common([a, b])
    if moment is not None and kind is not None and kind.name in SEMI:
        kind = fine.fine(moment) if fine.reads_nanos() or moment.fine else moment
    return kind if kind is not None and kind.fine else None


def alike(given: list[E]) -> list[E]:
    """Texts that are compared, all with the collation that rules among them."""
    rule = collation.merged([e.type for e in given])
    if rule is None or any(e.kind not in ("VARCHAR", "NULL", "") for e in given):
        return given
    return [e if e.type == rule else E(e.sql, rule) for e in given]


def towards(e: E, other: E) -> E:
    if e.kind == "VARCHAR" and other.kind == "NUMBER":
        return cast(e, _number_of_text(e))
    if e.kind == "VARCHAR" and other.kind not in SEMI and other.type is not None:
        return cast(e, other.type)
    if e.kind in SEMI and other.kind not in SEMI and other.type is not None:
        return cast(e, types.number(38, 12) if other.kind == "NUMBER" else _wide(other.type))
    return e


def _wide(kind: SnowType) -> SnowType:
    return types.TEXT if kind.name == "VARCHAR" else kind


def _number_of_text(e: E) -> SnowType:
    fraction = (e.literal or "").partition(".")[2] if e.literal is not None else "0" * 12
    return types.number(38, min(len(fraction), 37))
