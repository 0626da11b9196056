"""Numbers and dates under + - * / %: results as Snowflake types them (sql-reference/operators-arithmetic)."""

from __future__ import annotations

from runner.sandbox.errors import compilation, unsupported
from runner.sandbox.query import fine, types
from runner.sandbox.query.core import E, Emitter, Expr
from runner.sandbox.query.types import FLOAT, SEMI, STAMPS, TEMPORAL, cast, failing, number
from runner.sandbox.query.weeks import Weeks
from runner.sandbox.result import SnowType
from runner.sandbox.storage import physical

ZERO = failing(100051, "22012", "Division by zero")


def numeric(e: E) -> E:
    """An operand as a number."""
    if e.kind == "VARCHAR":
        fraction = (e.literal or "").partition(".")[2]
        return cast(e, number(38, len(fraction))) if e.literal is not None else cast(e, number(38, 6))
    if e.kind in SEMI:
        return cast(e, FLOAT)
    if e.kind in TEMPORAL or e.kind in ("TIME", "BINARY", "BOOLEAN"):
        raise compilation(1044, "42P13", f"error line 0 at position -1\nInvalid argument types: ({e.kind})")
    return e


def _numbers(emitter: Emitter, node: Expr) -> tuple[E, E]:
    return numeric(emitter.expr(node.this)), numeric(emitter.expr(node.expression))


def facets(kind: SnowType) -> tuple[int, int]:
    return (38 if kind.precision is None else kind.precision), kind.scale or 0


def _sum_type(a: SnowType, b: SnowType) -> SnowType:
    (p1, s1), (p2, s2) = facets(a), facets(b)
    scale = max(s1, s2)
    return number(max(p1 - s1, p2 - s2) + scale + 1, scale)


def _both_numbers(a: E, b: E) -> bool:
    return a.kind == "NUMBER" and b.kind == "NUMBER"


def _loose(a: E, b: E) -> SnowType | None:
    return FLOAT if "FLOAT" in (a.kind, b.kind) else None


def _plain(operator: str, a: E, b: E) -> E:
    if _both_numbers(a, b) and a.type and b.type:
        kind = _sum_type(a.type, b.type)
        return E(f"({_roomy(a, b, kind, '0 +')}{_wide(a)} {operator} {_wide(b)})", kind)
    return E(f"({a.sql} {operator} {b.sql})", _loose(a, b))


def _wide(e: E) -> str:
    """An integer literal is the engine's INTEGER, in which sums would overflow too early."""
    return f"CAST({e.sql} AS DECIMAL(38,0))" if e.literal is not None and e.type and not e.type.scale else e.sql


_NARROW = 18
"""Digits up to which the engine keeps a number in 64 bits, and with it what is computed from two such numbers."""


def _roomy(a: E, b: E, kind: SnowType, neutral: str) -> str:
    """What makes the engine compute with 38 digits, where two numbers of few digits can make one of more."""
    few = all(e.type is not None and facets(e.type)[0] <= _NARROW for e in (a, b))
    return f"CAST({neutral[0]} AS DECIMAL(38,0)) {neutral[2]} " if few and facets(kind)[0] > _NARROW else ""


def add(emitter: Emitter, node: Expr) -> E:
    a, b = emitter.full(node.this), emitter.full(node.expression)
    if "INTERVAL" in (a.kind, b.kind) or TEMPORAL & {a.kind, b.kind}:
        return _shifted(b, a, "+") if a.kind == "INTERVAL" or b.kind in TEMPORAL else _shifted(a, b, "+")
    return _plain("+", numeric(a), numeric(b))


def subtract(emitter: Emitter, node: Expr) -> E:
    a, b = emitter.full(node.this), emitter.full(node.expression)
    if a.kind == b.kind == "DATE":
        return E(f"({a.sql} - {b.sql})", number(9))
    if a.kind in STAMPS and b.kind in TEMPORAL:
        raise compilation(
            1044,
            "42P13",
            "error line 0 at position -1\nInvalid argument types for function '-': (TIMESTAMP, TIMESTAMP)",
        )
    if b.kind == "INTERVAL" or a.kind in TEMPORAL:
        return _shifted(a, b, "-")
    return _plain("-", numeric(a), numeric(b))


def _shifted(a: E, b: E, operator: str) -> E:
    if b.kind != "INTERVAL" or a.kind == "INTERVAL":
        if a.kind != "DATE":
            raise compilation(
                1044,
                "42P13",
                f"error line 0 at position -1\nInvalid argument types for function '{operator}': ({a.kind}, {b.kind})",
            )
        return E(f"({a.sql} {operator} CAST({numeric(b).sql} AS INTEGER))", types.DATE)
    given = types.converted(a, types.NTZ) if a.kind == "VARCHAR" else a
    stepped = (
        fine.once(lambda one: _by_steps(one, b, operator), given)
        if fine.is_fine(given.type)
        else _by_steps(given, b, operator)
    )
    return fine.once(later, stepped, E(f"({operator}{b.literal})", types.INT)) if b.literal else stepped


def later(start: E, amount: E) -> E:
    """A date or a moment so many nanoseconds later."""
    whole = moment(fine.micros(start))
    whole = types.cast(whole, types.NTZ) if whole.kind == "DATE" else whole
    count = f"(CAST({amount.sql} AS HUGEINT) + {fine.nanos(start)})"
    micros = E(f"({whole.sql} + CAST(sf_above({count}) AS BIGINT) * INTERVAL 1 microsecond)", whole.type)
    return fine.with_nanos(types.moved(fine.micros(start), micros), f"sf_below({count})")


def _by_steps(given: E, b: E, operator: str) -> E:
    start = fine.micros(given)
    steps = b.sql.replace(" + INTERVAL", f" {operator} INTERVAL")
    shifted = f"({types.wall_clock(start).sql} {operator} {steps})"
    parts = ("hour", "minute", "second", "micro", "milli", "nano")
    if given.kind == "DATE" and not any(part in b.sql.lower() for part in parts):
        return E(f"CAST({shifted} AS DATE)", types.DATE)
    if start.kind == "TIMESTAMP_TZ":
        return fine.kept(given, types.moved(start, E(shifted, types.NTZ)))
    return fine.kept(given, E(shifted, types.NTZ if given.kind == "DATE" else start.type))


def multiply(emitter: Emitter, node: Expr) -> E:
    a, b = _numbers(emitter, node)
    if not (_both_numbers(a, b) and a.type and b.type):
        return E(f"({a.sql} * {b.sql})", _loose(a, b))
    (p1, s1), (p2, s2) = facets(a.type), facets(b.type)
    if s1 + s2 > 37:
        raise unsupported(f"product of numbers with {s1} and {s2} decimal places")
    scale = min(s1 + s2, max(s1, s2, 12))
    kind = number(p1 - s1 + p2 - s2 + scale, scale)
    sql = f"({_roomy(a, b, kind, '1 *')}{_wide(a)} * {_wide(b)})"
    return E(sql if scale == s1 + s2 else f"CAST({sql} AS {physical(number(38, scale))})", kind)


def divide(emitter: Emitter, node: Expr) -> E:
    return quotient(*_numbers(emitter, node))


def quotient(a: E, b: E) -> E:
    """Decimal numbers divide exactly, to max(s1, min(s1 + 6, 12)) places, rounded half away from zero."""
    if not (_both_numbers(a, b) and a.type and b.type):
        return E(f"sf_fdiv(CAST({a.sql} AS DOUBLE), CAST({b.sql} AS DOUBLE))", FLOAT)
    (p1, s1), (_, s2) = facets(a.type), facets(b.type)
    scale = max(s1, min(s1 + 6, 12))
    kind = number(p1 - s1 + s2 + scale, scale)
    shift = scale - s1 + s2
    n = f"CAST(CAST({a.sql} AS DECIMAL(38,{s1})) * 1{'0' * s1} AS HUGEINT) * CAST('1{'0' * shift}' AS HUGEINT)"
    d = f"CAST(CAST({b.sql} AS DECIMAL(38,{s2})) * 1{'0' * s2} AS HUGEINT)"
    exact = f"CAST(sf_idiv({n}, {d}) AS DECIMAL(38,0)) * CAST('0.{'0' * (scale - 1)}1' AS DECIMAL({scale},{scale}))"
    rough = f"CAST(CAST({a.sql} AS DOUBLE) / {b.sql} AS DECIMAL(38,{scale}))"
    tests = _too_large(a, min(38 - 2 * s1, 37 - s1 - shift)) + _too_large(b, 38 - 2 * s2)
    far = f"WHEN {' OR '.join(tests)} THEN {rough} " if tests else ""
    return E(f"CASE WHEN {b.sql} = 0 THEN {ZERO} {far}ELSE {exact} END", kind)


def _too_large(e: E, digits: int) -> list[str]:
    """Whether a value has more digits before the point than exact division can take; nothing where its type says no."""
    precision, scale = facets(e.type) if e.type else (38, 0)
    return [] if precision - scale <= digits else [f"abs({e.sql}) >= 1e{max(digits, 0)}"]


def modulo(emitter: Emitter, node: Expr) -> E:
    return remainder(*_numbers(emitter, node))


def remainder(a: E, b: E) -> E:
    if _both_numbers(a, b) and a.type and b.type:
        (p1, s1), (p2, s2) = facets(a.type), facets(b.type)
        return E(f"({a.sql} % {b.sql})", number(max(p1 - s1, p2 - s2) + max(s1, s2), max(s1, s2)))
    return E(f"CASE WHEN {b.sql} = 0 THEN {ZERO} ELSE {a.sql} % {b.sql} END", _loose(a, b))


def negate(emitter: Emitter, node: Expr) -> E:
    a = numeric(emitter.expr(node.this))
    return E(f"(- {a.sql})", a.type, literal=f"-{a.literal}" if a.literal is not None else None)


_UNITS = {
    "year": "year y yy yyy yyyy yr years yrs",
    "quarter": "quarter q qtr qtrs quarters",
    "month": "month mm mon mons months",
    "week": "week w wk weekofyear woy wy weeks",
    "day": "day d dd days dayofmonth",
    "hour": "hour h hh hr hours hrs",
    "minute": "minute m mi min minutes mins",
    "second": "second s sec seconds secs",
    "millisecond": "millisecond ms msec milliseconds",
    "microsecond": "microsecond us usec microseconds",
    "nanosecond": "nanosecond ns nsec nanosec nsecond nanoseconds nanosecs nseconds",
}
UNITS = {word: unit for unit, words in _UNITS.items() for word in words.split()}
"""Every name of a date or time part that functions take (sql-reference/functions-date-time)."""
_PARTS = {
    "dayofweekiso": "isodow", "dayofweek_iso": "isodow", "weekday_iso": "isodow", "dow_iso": "isodow",
    "dayofyear": "dayofyear", "yearday": "dayofyear", "doy": "dayofyear", "dy": "dayofyear",
    "weekiso": "week", "week_iso": "week", "weekofyeariso": "week", "yearofweekiso": "isoyear",
    "epoch_second": "epoch", "epoch": "epoch", "epoch_seconds": "epoch",
}  # fmt: skip


def unit_of(name: str) -> str:
    """The engine's name of a date or time part."""
    unit = UNITS.get(name.strip().lower())
    if unit is None:
        raise compilation(2022, "22023", f"[{name}] is not a valid date/time component")
    return unit


def moment(e: E) -> E:
    """An operand as a date or timestamp: of a TIMESTAMP_TZ the clock on the wall."""
    e = fine.coarse(e)
    if e.kind == "TIMESTAMP_TZ":
        return types.wall_clock(e)
    return e if e.kind in TEMPORAL or e.kind in ("TIME", "") else cast(e, types.NTZ)


def _offset_part(word: str, value: E) -> E:
    """The offset's hours or minutes, both with its sign; only of a moment that has an offset."""
    if value.kind not in ("TIMESTAMP_TZ", "TIMESTAMP_LTZ"):
        raise unsupported(f"date part {word} of {value.kind or 'this value'}")
    minutes = f"CAST(struct_extract({cast(value, types.TZ).sql}, 'o') AS BIGINT)"
    return E(f"({minutes} // 60)" if word in ("timezone_hour", "tzh") else f"({minutes} % 60)", number(9))


def _of_week(word: str, sql: str, weeks: Weeks) -> E | None:
    """The parts that a session's weeks rule; None for another."""
    if word in ("dayofweek", "weekday", "dow", "dw"):
        return weeks.day(sql)
    if word == "yearofweek":
        return weeks.year(sql)
    return weeks.number(sql) if UNITS.get(word) == "week" else None


def date_part(name: str, given: E, weeks: Weeks) -> E:
    if fine.is_fine(given.type):
        return fine.once(lambda bound: _date_part(name, bound, weeks), given)
    return _date_part(name, given, weeks)


def _date_part(name: str, given: E, weeks: Weeks) -> E:
    word, value = name.strip().lower(), fine.micros(given)
    if word in ("timezone_hour", "timezone_minute", "tzh", "tzm"):
        return _offset_part(word, value)
    source = types.instant(value) if word.startswith("epoch") and value.kind == "TIMESTAMP_TZ" else moment(value)
    if word in ("epoch_millisecond", "epoch_milliseconds"):
        return E(f"epoch_ms({source.sql})", number(38))
    if word in ("epoch_microsecond", "epoch_microseconds"):
        return E(f"epoch_us({source.sql})", number(38))
    if word in ("epoch_nanosecond", "epoch_nanoseconds"):
        return E(f"(CAST(epoch_us({source.sql}) AS HUGEINT) * 1000 + {fine.nanos(given)})", number(38))
    if (done := _of_week(word, source.sql, weeks)) is not None:
        return done
    part = _PARTS.get(word)
    if part == "epoch":
        return E(f"CAST(floor(epoch({source.sql})) AS BIGINT)", number(38))
    unit = part or unit_of(word)
    if unit == "nanosecond":
        return E(f"((extract(microsecond FROM {source.sql}) % 1000000) * 1000 + {fine.nanos(given)})", number(9))
    if unit in ("millisecond", "microsecond"):
        raise unsupported(f"date part {word}")
    return E(f"CAST(extract({unit} FROM {source.sql}) AS BIGINT)", number(4 if "year" in unit else 2))
