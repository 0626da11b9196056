"""Date and time functions, and TO_CHAR (sql-reference/functions-date-time, sql-format-models)."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from runner.sandbox.errors import unsupported
from runner.sandbox.query import fine, types, weeks
from runner.sandbox.query.arithmetic import date_part, later, moment, numeric, unit_of
from runner.sandbox.query.columns import name_of
from runner.sandbox.query.core import E, Emitter, Expr
from runner.sandbox.query.formats import number_format, reading_format, stamp_text
from runner.sandbox.query.functions.parts import stamp_from_parts, time_from_parts
from runner.sandbox.query.functions.session import evaluated
from runner.sandbox.query.functions.spec import Call, F, Special, f, whole, wrong_count
from runner.sandbox.query.presentation import reads_by_itself
from runner.sandbox.query.types import DATE, NTZ, STAMPS, TEXT, TIME, cast, moved, number, quoted
from runner.sandbox.query.weeks import Weeks
from runner.sandbox.result import SnowType
from runner.sandbox.storage import physical

_DAYS = frozenset({"year", "quarter", "month", "week", "day"})
_STAMP = {"TIMESTAMP_NTZ": NTZ, "TIMESTAMP_LTZ": types.LTZ, "TIMESTAMP_TZ": types.TZ}

TABLE: dict[str, F] = {
    "DATE_FROM_PARTS": f("iii", "sf_date_parts({0}, {1}, {2})", DATE),
    "MONTHNAME": f("D", "strftime({0}, '%b')", types.text(3)),
    "DAYNAME": f("D", "strftime({0}, '%a')", types.text(3)),
}
TABLE["DATEFROMPARTS"] = TABLE["DATE_FROM_PARTS"]
_PARTS = (
    "YEAR", "YEAROFWEEK", "YEAROFWEEKISO", "DAY", "DAYOFMONTH", "DAYOFWEEK", "DAYOFWEEKISO", "DAYOFYEAR", "WEEK",
    "WEEKOFYEAR", "WEEKISO", "MONTH", "QUARTER", "HOUR", "MINUTE", "SECOND",
)  # fmt: skip


def _need(name: str, arguments: list[Expr], low: int, high: int) -> None:
    if not low <= len(arguments) <= high:
        raise wrong_count(name, len(arguments), str(low) if low == high else f"{low}-{high}")


def unit_name(node: Expr) -> str:
    """A date part, given bare or as a string."""
    return node.name if isinstance(node, exp.Literal) else name_of(node.this if isinstance(node, exp.Column) else node)


def dateadd(call: Call) -> E:
    _need(call.name, call.arguments, 3, 3)
    unit = unit_of(unit_name(call.arguments[0]))
    amount = f"CAST(round({numeric(call.emitter.expr(call.arguments[1])).sql}) AS BIGINT)"
    start = _given(call.emitter, call.arguments[2])
    if unit == "nanosecond" and (fine.is_fine(start.type) or fine.reads_nanos()):
        return fine.once(later, start, E(amount, types.INT))
    if not fine.is_fine(start.type):
        return _on(start, lambda start: moved(start, shifted(unit, amount, moment(start))))

    def added(start: E, amount: E) -> E:
        whole = fine.micros(start)
        return fine.kept(start, moved(whole, shifted(unit, amount.sql, moment(whole))))

    return fine.once(added, start, E(amount, types.INT))


def _given(emitter: Emitter, node: Expr, kind: SnowType = NTZ) -> E:
    """An argument that is a date or a moment, with its nanoseconds; a text becomes one of that kind."""
    e = emitter.full(node)
    return types.converted(e, kind) if e.kind in fine.TEXTS else e


def _on(value: E, rule: Callable[[E], E]) -> E:
    """What the rule makes of a value, which is computed once where it is taken apart."""
    return fine.once(rule, value) if fine.is_fine(value.type) or value.kind == "TIMESTAMP_TZ" else rule(value)


def shifted(unit: str, amount: str, start: E) -> E:
    if unit == "nanosecond":
        unit, amount = "microsecond", f"sf_of_nanos({amount})"
    count = f"({amount} * 3)" if unit == "quarter" else f"({amount} * 7)" if unit == "week" else amount
    plain = {"quarter": "month", "week": "day"}.get(unit, unit)
    sql = f"({start.sql} + {count} * INTERVAL 1 {plain})"
    if start.kind == "DATE" and unit in _DAYS:
        return E(f"CAST({sql} AS DATE)", DATE)
    return E(sql, NTZ if start.kind == "DATE" else start.type)


def add_months(call: Call) -> E:
    _need(call.name, call.arguments, 2, 2)
    amount = E(f"CAST(round({numeric(call.emitter.expr(call.arguments[1])).sql}) AS BIGINT)", types.INT)
    value = _given(call.emitter, call.arguments[0])
    apart = fine.is_fine(value.type) or value.kind == "TIMESTAMP_TZ"
    return fine.once(_months_later, value, amount) if apart else _months_later(value, amount)


def _months_later(value: E, months: E) -> E:
    given, amount = fine.micros(value), months.sql
    start = moment(given)
    later = shifted("month", amount, start)
    last = f"last_day({later.sql})"
    if start.kind != "DATE":
        last = f"({last} + ({start.sql} - date_trunc('day', {start.sql})))"
    ended = f"CASE WHEN CAST({start.sql} AS DATE) = last_day({start.sql}) THEN {last} ELSE {later.sql} END"
    if start.kind == "DATE":
        return E(ended, DATE)
    return fine.kept(value, moved(given, E(f"CAST({ended} AS {physical(later.type or NTZ)})", later.type)))


def datediff(call: Call) -> E:
    _need(call.name, call.arguments, 3, 3)
    unit = unit_of(unit_name(call.arguments[0]))
    ends = [_given(call.emitter, argument) for argument in call.arguments[1:]]

    def between(one: E, two: E) -> E:
        return _between(call.emitter, unit, one, two)

    return fine.once(between, *ends) if any(fine.is_fine(e.type) for e in ends) else between(*ends)


def _between(emitter: Emitter, unit: str, one: E, two: E) -> E:
    a, b = _both(fine.micros(one), fine.micros(two), whole_days=unit in _DAYS)
    kind = "TIME" if a.kind == "TIME" else "DATE" if a.kind == b.kind == "DATE" and unit in _DAYS else "TIMESTAMP"
    if unit == "week":
        first, last = (f"CAST({e.sql} AS {kind})" for e in (a, b))
        return E(weeks.of(emitter).between(first, last), number(9))
    engine = "microsecond" if unit == "nanosecond" else unit
    sql = f"date_diff('{engine}', CAST({a.sql} AS {kind}), CAST({b.sql} AS {kind}))"
    if unit == "nanosecond":
        sql = f"(CAST({sql} AS HUGEINT) * 1000 + {fine.nanos(two)} - {fine.nanos(one)})"
    return E(sql, number(38 if unit == "nanosecond" else 9 if unit in _DAYS else 18))


def _both(a: E, b: E, *, whole_days: bool) -> tuple[E, E]:
    """The ends of a DATEDIFF: days are counted on the clock on the wall, shorter parts between the instants."""
    if "TIMESTAMP_TZ" in (a.kind, b.kind) and (a.kind != b.kind or not whole_days):
        a, b = (cast(e, types.LTZ) for e in (a, b))
    return moment(a), moment(b)


def date_trunc(call: Call) -> E:
    """A DATE stays a DATE. TRUNC(date, part) has its arguments the other way round."""
    _need(call.name, call.arguments, 2, 2)
    unit = unit_of(unit_name(call.arguments[0]))
    return date_truncated(call.emitter, unit, _given(call.emitter, call.arguments[1]))


def date_truncated(emitter: Emitter, unit: str, value: E) -> E:
    if unit == "nanosecond" and fine.is_fine(value.type):
        return value

    def cut(value: E) -> E:
        whole = fine.micros(value)
        return moved(whole, truncated(unit, moment(whole), weeks.of(emitter)))

    return _on(value, cut)


def truncated(unit: str, value: E, weeks_: Weeks) -> E:
    if unit == "nanosecond":
        return value
    if value.kind == "TIME":
        return E(f"CAST(date_trunc('{unit}', DATE '2000-01-01' + {value.sql}) AS TIME)", TIME)
    sql = weeks_.first_day(value.sql) if unit == "week" else f"date_trunc('{unit}', {value.sql})"
    return E(f"CAST({sql} AS DATE)", DATE) if value.kind == "DATE" else E(sql, value.type)


def last_day(call: Call) -> E:
    _need(call.name, call.arguments, 1, 2)
    unit = unit_of(unit_name(call.arguments[1])) if len(call.arguments) > 1 else "month"
    return _on(_given(call.emitter, call.arguments[0]), lambda given: _last_day(call.emitter, unit, given))


def _last_day(emitter: Emitter, unit: str, given: E) -> E:
    start = truncated(unit, moment(fine.micros(given)), weeks.of(emitter)).sql
    step = "3 MONTH" if unit == "quarter" else "7 DAY" if unit == "week" else f"1 {unit}"
    return E(f"CAST({start} + INTERVAL {step} - INTERVAL 1 DAY AS DATE)", DATE)


_WEEKDAYS = {"su": 0, "mo": 1, "tu": 2, "we": 3, "th": 4, "fr": 5, "sa": 6}


def neighbour(call: Call) -> E:
    """NEXT_DAY and PREVIOUS_DAY: strictly after or before."""
    _need(call.name, call.arguments, 2, 2)
    given = _given(call.emitter, call.arguments[0])
    day = call.emitter.expr(call.arguments[1]).literal
    if day is None or day.strip().lower()[:2] not in _WEEKDAYS:
        raise unsupported(f"{call.name} with this day")
    target = _WEEKDAYS[day.strip().lower()[:2]]
    return _on(given, lambda given: _neighbour(call, target, moment(fine.micros(given))))


def _neighbour(call: Call, target: int, value: E) -> E:
    if call.name == "NEXT_DAY":
        return E(
            f"(CAST({value.sql} AS DATE) + CAST(7 - (dayofweek({value.sql}) - {target} + 7) % 7 AS INTEGER))", DATE
        )
    return E(f"(CAST({value.sql} AS DATE) - CAST(7 - ({target} - dayofweek({value.sql}) + 7) % 7 AS INTEGER))", DATE)


def part(call: Call) -> E:
    if call.name == "DATE_PART":
        _need(call.name, call.arguments, 2, 2)
        return date_part(unit_name(call.arguments[0]), _given(call.emitter, call.arguments[1]), weeks.of(call.emitter))
    _need(call.name, call.arguments, 1, 1)
    return date_part(call.name, _given(call.emitter, call.arguments[0]), weeks.of(call.emitter))


def to_date(call: Call) -> E:
    return _read(call, DATE)


def to_time(call: Call) -> E:
    return _read(call, TIME)


def to_timestamp(call: Call) -> E:
    plain = call.name.removeprefix("TRY_").removeprefix("TO_")
    mapping = call.emitter.world.context.session.parameters.get("TIMESTAMP_TYPE_MAPPING", "TIMESTAMP_NTZ")
    return _read(call, _STAMP[mapping if plain == "TIMESTAMP" else plain])


def _read(call: Call, kind: SnowType) -> E:
    _need(call.name, call.arguments, 1, 2)
    value, rest = call.emitter.full(call.arguments[0]), call.arguments[1:]
    if not call.name.startswith("TRY_"):
        return _parsed(call.emitter, value, rest, kind)
    return fine.beforehand(lambda one: types.attempted(_parsed(call.emitter, one, rest, kind)), value)


def _parsed(emitter: Emitter, value: E, rest: list[Expr], kind: SnowType) -> E:
    if not rest:
        return types.converted(value, kind, implicit=True)
    given = emitter.expr(rest[0])
    if value.kind == "NUMBER" and given.literal is not None and kind.name in STAMPS:
        return _of_number(value, kind, given.literal)
    if given.literal is None:
        raise unsupported("a date format that is no constant")
    if given.literal.upper() == "AUTO":
        if not reads_by_itself(emitter.world.context.session.parameters):
            raise unsupported("the format AUTO in a session with input formats of its own")
        return types.converted(value, kind, implicit=True)
    text = cast(value, TEXT).sql
    form = quoted(reading_format(given.literal))
    if kind.name == "TIMESTAMP_TZ":
        done = _parsed_zoned(text, form, kind)
    else:
        done = E(f"CAST(strptime(sf_cut(sf_fraction({text})), {form}) AS {physical(kind)})", kind)
    return types.read_all(done, text) if fine.reads_nanos() else done


def _of_number(value: E, kind: SnowType, scale: str) -> E:
    small = value.type is not None and (value.type.scale or scale in ("7", "8", "9"))
    if small and fine.reads_nanos():
        return types.fine_of_number(value, fine.fine(kind), scale)
    return E(types.stamp_of_number(value, kind, scale), kind)


def _parsed_zoned(text: str, form: str, kind: SnowType) -> E:
    """The offset is the one in the text; without one it is that of the session's zone."""
    if "%z" not in form:
        return cast(E(f"strptime(sf_cut(sf_fraction({text})), {form})", NTZ), kind)
    at = f"timezone('UTC', CAST(strptime(sf_cut(sf_fraction({text})), {form}) AS TIMESTAMPTZ))"
    return E(f"sf_tz({at}, sf_minutes(regexp_extract({text}, '([+-]\\d\\d(:?\\d\\d)?)\\s*$', 1)))", kind)


def _constant_text(emitter: Emitter, node: Expr) -> str | None:
    """A text that depends on no row: a literal, or literals put together."""
    if isinstance(node, exp.DPipe | exp.Paren):
        return str(evaluated(emitter, node)) if node.find(exp.Column, exp.Select) is None else None
    return emitter.expr(node).literal


def to_char(call: Call) -> E:
    _need(call.name, call.arguments, 1, 2)
    value = call.emitter.full(call.arguments[0])
    if len(call.arguments) == 1:
        return cast(value, TEXT)
    given = _constant_text(call.emitter, call.arguments[1])
    if given is None:
        raise unsupported(f"{call.name} with a format that is no constant")
    if value.kind in ("NUMBER", "FLOAT"):
        return E(number_format(value.sql, given), TEXT)
    if value.kind == "BINARY":
        return binary_text(value, given)
    return _on(value, lambda value: _shown(value, given))


def _shown(value: E, given: str) -> E:
    nanos = fine.nanos(value) if fine.is_fine(value.type) else ""
    value = fine.micros(value)
    if value.kind == "TIME":
        value = E(f"(DATE '2000-01-01' + {value.sql})", NTZ)
    zone = f"sf_tz_offset({value.sql})" if value.kind == "TIMESTAMP_TZ" else ""
    return E(stamp_text(moment(value).sql, given, zone, nanos), TEXT)


def binary_text(value: E, given: str) -> E:
    shown = {"HEX": "hex({})", "BASE64": "base64({})", "UTF-8": "decode({})", "UTF8": "decode({})"}.get(given.upper())
    if shown is None:
        raise unsupported(f"binary format {given}")
    return E(shown.format(value.sql), TEXT)


def convert_timezone(call: Call) -> E:
    _need(call.name, call.arguments, 2, 3)
    given = [call.emitter.expr(argument) for argument in call.arguments[:-1]]
    # A text may say its own offset where no zone is given for it.
    value = _given(call.emitter, call.arguments[-1], NTZ if len(given) == 2 else types.TZ)
    return _on(value, lambda value: _converted(value, given))


def _converted(value: E, given: list[E]) -> E:
    whole = fine.micros(value)
    if len(given) == 2:
        source = f"(CAST({moment(whole).sql} AS TIMESTAMP) AT TIME ZONE {given[0].sql})"
        return fine.kept(value, E(f"({source} AT TIME ZONE {given[1].sql})", NTZ))
    at = cast(types.instant(whole), types.LTZ)
    return fine.kept(value, E(f"sf_tz_in({at.sql}, {cast(given[0], TEXT).sql})", types.TZ))


def time_slice(call: Call) -> E:
    """The slice's beginning or end; weeks begin on Monday (sql-reference/functions/time_slice)."""
    _need(call.name, call.arguments, 3, 4)
    given, count = _given(call.emitter, call.arguments[0]), whole(call.emitter.expr(call.arguments[1]))
    unit = unit_of(unit_name(call.arguments[2]))
    side = (call.emitter.expr(call.arguments[3]).literal or "").upper() if len(call.arguments) > 3 else "START"
    if side not in ("START", "END"):
        raise unsupported(f"{call.name} with this side")
    if unit == "week" and weeks.of(call.emitter).start > 1:
        raise unsupported(f"{call.name} of weeks with another WEEK_START than Monday")
    return _on(given, lambda given: _sliced(fine.micros(given), count, unit, side))


def _sliced(given: E, count: E, unit: str, side: str) -> E:
    value = moment(given)
    width = f"{count.sql} * INTERVAL {'3 month' if unit == 'quarter' else f'1 {unit}'}"
    origin = "1969-12-29" if unit == "week" else "1970-01-01"
    sql = f"time_bucket({width}, {value.sql}, TIMESTAMP '{origin}')"
    if side == "END":
        sql = f"({sql} + {width})"
    return moved(given, E(f"CAST({sql} AS DATE)", DATE) if value.kind == "DATE" else E(sql, value.type))


def now(call: Call) -> E:
    """The instant at which the statement began, by the sandbox's one clock."""
    call.emitter.world.stable = False
    stamp = f"TIMESTAMPTZ {quoted(call.emitter.world.now.isoformat(' '))}"
    match call.name:
        case "CURRENT_DATE":
            return E(f"CAST({stamp} AS DATE)", DATE)
        case "CURRENT_TIME" | "LOCALTIME":
            return cast(E(stamp, types.LTZ), TIME)
        case "SYSDATE":
            return E(f"({stamp} AT TIME ZONE 'UTC')", NTZ)
    return E(stamp, types.LTZ)


_NAMED: dict[str, Special] = {
    "DATEADD": dateadd, "TIMEADD": dateadd, "TIMESTAMPADD": dateadd, "DATEDIFF": datediff, "TIMEDIFF": datediff,
    "TIMESTAMPDIFF": datediff, "DATE_TRUNC": date_trunc, "ADD_MONTHS": add_months, "LAST_DAY": last_day,
    "NEXT_DAY": neighbour, "PREVIOUS_DAY": neighbour, "DATE_PART": part, "TO_DATE": to_date, "DATE": to_date,
    "TRY_TO_DATE": to_date, "TO_TIME": to_time, "TRY_TO_TIME": to_time, "TIME": to_time,
    "TO_TIMESTAMP": to_timestamp, "TO_TIMESTAMP_NTZ": to_timestamp, "TO_TIMESTAMP_LTZ": to_timestamp,
    "TO_TIMESTAMP_TZ": to_timestamp, "TRY_TO_TIMESTAMP": to_timestamp, "TRY_TO_TIMESTAMP_NTZ": to_timestamp,
    "TRY_TO_TIMESTAMP_LTZ": to_timestamp, "TRY_TO_TIMESTAMP_TZ": to_timestamp,
    "TO_CHAR": to_char, "TO_VARCHAR": to_char, "CONVERT_TIMEZONE": convert_timezone, "TIME_SLICE": time_slice,
    "TIME_FROM_PARTS": time_from_parts, "TIMEFROMPARTS": time_from_parts,
    "CURRENT_TIMESTAMP": now, "LOCALTIMESTAMP": now, "GETDATE": now, "SYSTIMESTAMP": now, "CURRENT_DATE": now,
    "CURRENT_TIME": now, "LOCALTIME": now, "SYSDATE": now, "TIMESTAMP_FROM_PARTS": stamp_from_parts,
    "TIMESTAMPFROMPARTS": stamp_from_parts,
    "TIMESTAMPNTZFROMPARTS": stamp_from_parts, "TIMESTAMP_NTZ_FROM_PARTS": stamp_from_parts,
}  # fmt: skip
SPECIAL: dict[str, Special] = {**_NAMED, **dict.fromkeys(_PARTS, part)}
