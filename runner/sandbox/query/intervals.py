"""Interval constants: `INTERVAL '1 year, 3 quarters'` (sql-reference/data-types-datetime, Interval constants)."""

from __future__ import annotations

import re

from runner.sandbox.errors import compilation
from runner.sandbox.query.arithmetic import UNITS
from runner.sandbox.query.core import E, Emitter, Expr
from runner.sandbox.query.types import quoted
from runner.sandbox.result import SnowType

_PART = re.compile(r"\s*([+-]?\d+)\s*([A-Za-z]*)\s*")
_ENGINE = {"quarter": ("month", 3), "week": ("day", 7)}


def interval(_: Emitter, node: Expr) -> E:
    """Its parts are added one after the other, in the order in which they are written; without a unit, seconds.

    Nanoseconds beyond a microsecond, which the engine's intervals have not, are the `literal`.
    """
    unit = node.args.get("unit")
    amount = node.this.name if node.this is not None else ""
    words = f"{amount} {unit.name if unit is not None else ''}".strip()
    parts = [_part(part, words) for part in words.split(",")]
    micros, nanos = divmod(sum(count for count, unit in parts if unit == "nanosecond"), 1000)
    steps = [(count, unit) for count, unit in parts if unit != "nanosecond"]
    if len(steps) < len(parts):
        steps.append((micros, "microsecond"))
    sql = " + ".join(f"INTERVAL {quoted(f'{count} {unit}')}" for count, unit in steps)
    return E(sql, SnowType("INTERVAL"), literal=str(nanos) if nanos else None)


def _part(part: str, words: str) -> tuple[int, str]:
    """How many, of a unit of the engine's, or nanoseconds."""
    matched = _PART.fullmatch(part)
    unit = UNITS.get((matched.group(2) or "second").lower()) if matched else None
    if matched is None or unit is None:
        raise compilation(1003, "42000", f"invalid interval '{words}'")
    name, times = _ENGINE.get(unit, (unit, 1))
    return int(matched.group(1)) * times, name
