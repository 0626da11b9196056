"""Bind values as they come over the wire, read into Python values (connector `converter.py`).

Dates are milliseconds, times and timestamps nanoseconds, binary is hexadecimal; in an array of values a far date comes
in nanoseconds too.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from runner.sandbox import nanos
from runner.sandbox.classes import dataclass
from runner.sandbox.errors import SnowflakeError
from runner.sandbox.http.body import BadRequest
from runner.sandbox.zones import Offset

Values = list[object]
Named = dict[str, object]


@dataclass(frozen=True, slots=True)
class Rows:
    """An array binding: the values of many rows for one INSERT."""

    rows: list[Values]


_BULK_MILLISECONDS = 31_536_000_000_000
_DAY_ZERO = date(1970, 1, 1)


def decoded(bindings: Mapping[str, Any]) -> Values | Named | Rows:
    """Values by position, values by name, or the rows of an array binding."""
    for name, binding in bindings.items():
        if not isinstance(binding, dict) or not isinstance(binding.get("type", ""), str):
            raise BadRequest(f"binding '{name[:40]}' has no type.")
    if not all(name.isdigit() for name in bindings):
        return {name: _one(binding, binding.get("value")) for name, binding in bindings.items()}
    ordered = [bindings[name] for name in sorted(bindings, key=int)]
    if any(isinstance(binding.get("value"), list) for binding in ordered):
        return _rows(ordered)
    return [_one(binding, binding.get("value")) for binding in ordered]


def _rows(ordered: list[dict[str, Any]]) -> Rows:
    sizes = {len(binding["value"]) if isinstance(binding.get("value"), list) else -1 for binding in ordered}
    if len(sizes) != 1 or -1 in sizes:
        raise BadRequest("the columns of an array binding have different lengths.")
    columns = [[_one(binding, value, bulk=True) for value in binding["value"]] for binding in ordered]
    return Rows([list(row) for row in zip(*columns, strict=True)])


def _one(binding: dict[str, Any], value: object, *, bulk: bool = False) -> object:
    kind = str(binding.get("type") or "TEXT").upper()
    if value is None:
        return None
    if not isinstance(value, str):
        raise BadRequest(f"a bound {kind[:20]} value is not text.")
    try:
        return _read(kind, value, bulk)
    except (ValueError, OverflowError, InvalidOperation):
        raise SnowflakeError(100035, "22007", f"Bind value '{value[:80]}' is not a {kind}.") from None


def _read(kind: str, value: str, bulk: bool) -> object:
    match kind:
        case "FIXED":
            return int(value) if value.lstrip("+-").isdigit() else Decimal(value)
        case "REAL":
            return float(value)
        case "BOOLEAN":
            return value.lower() in ("true", "1", "t", "yes", "y", "on")
        case "BINARY":
            return bytes.fromhex(value)
        case "DATE":
            return _date(int(value), bulk)
        case "TIME":
            return _time(int(value))
        case "TIMESTAMP_NTZ":
            return _moment(int(value)).replace(tzinfo=None)
        case "TIMESTAMP_LTZ":
            return _moment(int(value))
        case "TIMESTAMP_TZ":
            nanoseconds, _, offset = value.partition(" ")
            return _moment(int(nanoseconds)).astimezone(Offset(int(offset or 1440) - 1440))
        case "TEXT" | "ANY" | "VARIANT" | "OBJECT" | "ARRAY" | "CHAR":
            return value
        case _:
            raise BadRequest(f"bind type '{kind[:40]}' is not known.")


def _date(value: int, bulk: bool) -> date:
    milliseconds = value if not bulk or value < _BULK_MILLISECONDS else value // 1_000_000
    return _DAY_ZERO + timedelta(days=milliseconds // 86_400_000)


def _time(nanoseconds: int) -> time:
    return nanos.of_day(nanoseconds)


def _moment(nanoseconds: int) -> datetime:
    return nanos.at_epoch(nanoseconds)
