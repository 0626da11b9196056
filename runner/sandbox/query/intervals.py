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
    """Its parts are added one after the other, in the order in which they are written; without a unit, seconds."""
    unit = node.args.get("unit")
    amount = node.this.name if node.this is not None else ""
    words = f"{amount} {unit.name if unit is not None else ''}".strip()
    return E(" + ".join(_part(part, words) for part in words.split(",")), SnowType("INTERVAL"))


def _part(part: str, words: str) -> str:
    matched = _PART.fullmatch(part)
    unit = UNITS.get((matched.group(2) or "second").lower()) if matched else None
    if matched is None or unit is None or unit == "nanosecond":
        raise compilation(1003, "42000", f"invalid interval '{words}'")
    name, times = _ENGINE.get(unit, (unit, 1))
    return f"INTERVAL {quoted(f'{int(matched.group(1)) * times} {name}')}"
