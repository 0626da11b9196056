"""Timestamps from text and from numbers as engine SQL, and the digits that a type has no room for."""

from __future__ import annotations

import re

from runner.sandbox.errors import compilation
from runner.sandbox.failures import quoted
from runner.sandbox.query import fine
from runner.sandbox.query.core import E
from runner.sandbox.result import SnowType

_NANOS = re.compile(fine.PATTERN + r"|^\s*\d{17,}\s*$")
_OFFSET = re.compile(r"\s*([+-]\d\d):?(\d\d)$|\s*Z$")
PLAIN_TEXT = {
    "TIME": "CAST({} AS VARCHAR)", "BINARY": "hex({})", "TIMESTAMP_NTZ": "sf_exact({})",
    "TIMESTAMP_LTZ": "sf_exact_ltz({})", "TIMESTAMP_TZ": "sf_exact_tz({})",
}  # fmt: skip
"""How they stand in a VARIANT, whatever the session's formats: with milliseconds, and microseconds where there are any,
since a text that lost them would give another value back.
"""
ALL_DIGITS = {
    "TIME": "strftime(DATE '2000-01-01' + {}, '%H:%M:%S.%f') || {}",
    "TIMESTAMP_NTZ": "strftime({}, '%Y-%m-%d %H:%M:%S.%f') || {}",
    "TIMESTAMP_LTZ": "strftime({0}, '%Y-%m-%d %H:%M:%S.%f') || {1} || ' ' || sf_zone({0})",
    "TIMESTAMP_TZ": "strftime(sf_tz_wall({0}), '%Y-%m-%d %H:%M:%S.%f') || {1} || ' ' || sf_tz_offset({0})",
}
"""The same of what has nanoseconds: the value up to the microsecond, and their three digits."""


def may_have_nanos(literal: str) -> bool:
    return _NANOS.search(literal) is not None


def literal_stamp(value: str, kind: str) -> str:
    zone = "" if kind == "TIMESTAMP" else r"\1:\2"
    plain = _OFFSET.sub(lambda m: zone and ("+00:00" if m.group(1) is None else m.expand(zone)), value.strip())
    if re.fullmatch(r"-?\d+", plain):
        return f"CAST(make_timestamp(sf_micros(CAST({plain} AS BIGINT))) AS {kind})"
    return f"CAST({quoted(plain)} AS {kind})"


_SCALES = frozenset("0123456789")


def checked_scale(scale: str | None) -> None:
    if scale is not None and scale not in _SCALES:
        raise compilation(1015, "22023", f"argument 2 needs to be a scale from 0 to 9, found '{scale[:40]}'")


def stamp_of_number(e: E, target: SnowType, scale: str | None = None) -> str:
    """Seconds since 1970, or parts of them where scale says so (sql-reference/functions/to_timestamp)."""
    checked_scale(scale)
    number_ = f"CAST({e.sql} AS DECIMAL(38,9))"
    nanos = f"CAST({number_} * {10 ** (9 - int(scale or 0))} AS HUGEINT)"
    micros = f"sf_of_nanos({nanos})" if e.type and (e.type.scale or int(scale or 0) > 6) else f"{nanos} // 1000"
    stamp = f"make_timestamp(CAST({micros} AS BIGINT))"
    return stamp if target.name == "TIMESTAMP_NTZ" else f"({stamp} AT TIME ZONE 'UTC')"


def truncated(sql: str, target: SnowType) -> str:
    """The moment with the digits of a second that its type has; the others are cut off."""
    digits = 9 if target.scale is None else target.scale
    if digits >= 6:
        return sql
    unit = {0: "second", 3: "millisecond"}.get(digits) if target.name != "TIME" else None
    if unit:
        return f"date_trunc('{unit}', {sql})"
    return f"({sql} - to_microseconds(extract(microsecond FROM {sql}) % {10 ** (6 - digits)}))"
