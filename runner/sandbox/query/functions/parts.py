"""Moments made of their parts (sql-reference/functions/timestamp_from_parts, time_from_parts)."""

from __future__ import annotations

from runner.sandbox.query import fine, types
from runner.sandbox.query.core import E
from runner.sandbox.query.functions.spec import Call, F, applied, f, whole
from runner.sandbox.query.types import NTZ, TIME

_TIME_PARTS = "CAST(TIMESTAMP '2000-01-01' + to_hours({0}) + to_minutes({1}) + to_seconds({2}) AS TIME)"
_CLOCK_PARTS = f(
    "iiii?", (_TIME_PARTS, _TIME_PARTS.replace("({2})", "({2}) + to_microseconds(sf_of_nanos({3}))")), TIME
)
_STAMP_PARTS = f(
    "iiiiiii?",
    (
        "sf_stamp_parts({0}, {1}, {2}, {3}, {4}, {5})",
        "(sf_stamp_parts({0}, {1}, {2}, {3}, {4}, {5}) + to_microseconds(sf_of_nanos({6})))",
    ),
    NTZ,
)


def stamp_from_parts(call: Call) -> E:
    """Of a date and a time, or of six or seven numbers."""
    if len(call.arguments) == 2:
        day, clock = (call.emitter.full(argument) for argument in call.arguments)
        clock = types.converted(clock, TIME)
        return fine.once(_at, day, clock) if fine.is_fine(clock.type) else _at(day, clock)
    return _with_parts(_STAMP_PARTS, call, 6)


def _at(day: E, clock: E) -> E:
    sql = f"(CAST({fine.micros(day).sql} AS DATE) + CAST({fine.micros(clock).sql} AS TIME))"
    return fine.kept(clock, E(sql, NTZ))


def time_from_parts(call: Call) -> E:
    return _with_parts(_CLOCK_PARTS, call, 3)


def _with_parts(function: F, call: Call, place: int) -> E:
    """Of numbers, of which the one at that place, where it is given, says nanoseconds: more and fewer than a second."""
    given = [call.emitter.expr(argument) for argument in call.arguments]
    if len(given) != place + 1 or not fine.reads_nanos():
        return applied(function, call.name, given)
    count = f"CAST({whole(given[place]).sql} AS HUGEINT)"
    micros = E(f"CAST(sf_above({count}) * 1000 AS BIGINT)", types.INT)
    return fine.with_nanos(applied(function, call.name, [*given[:place], micros]), f"sf_below({count})")
