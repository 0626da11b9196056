"""Snowflake's types in a query: read from the parser, unified, cast (sql-reference/data-type-conversion)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from runner.sandbox.errors import SnowflakeError, compilation
from runner.sandbox.failures import failing as failing, quoted as quoted
from runner.sandbox.query import collation, fine
from runner.sandbox.query.attempts import attempted as attempted, one_call as one_call, outside_strings
from runner.sandbox.query.core import E
from runner.sandbox.query.kinds import (
    ARRAY as ARRAY,
    BINARY as BINARY,
    BOOL as BOOL,
    COUNT as COUNT,
    DATE as DATE,
    FLOAT as FLOAT,
    INT as INT,
    LTZ as LTZ,
    NTZ as NTZ,
    NUMERIC as NUMERIC,
    OBJECT as OBJECT,
    SEMI as SEMI,
    STAMPS as STAMPS,
    TEMPORAL as TEMPORAL,
    TEXT as TEXT,
    TIME as TIME,
    TZ as TZ,
    VARIANT as VARIANT,
    number as number,
    read as read,
    text as text,
)
from runner.sandbox.query.stamps import (
    ALL_DIGITS,
    PLAIN_TEXT,
    checked_scale,
    literal_stamp,
    may_have_nanos,
    stamp_of_number as stamp_of_number,
    truncated,
)
from runner.sandbox.result import SnowType
from runner.sandbox.storage import physical


def common(types: list[SnowType | None]) -> SnowType | None:
    """The type that a CASE, COALESCE or UNION of these has; None where one is unknown."""
    known = [kind for kind in types if kind is not None and kind.name != "NULL"]
    if len(known) < len([kind for kind in types if kind is None or kind.name != "NULL"]) or not known:
        return None
    result = known[0]
    for kind in known[1:]:
        joined = _joined(result, kind)
        if joined is None:
            return None
        result = joined
    return collation.carried(result, known)


def _joined(a: SnowType, b: SnowType) -> SnowType | None:
    names = {a.name, b.name}
    if names == {"NUMBER"}:
        scale = max(a.scale or 0, b.scale or 0)
        whole = max((a.precision or 38) - (a.scale or 0), (b.precision or 38) - (b.scale or 0))
        return number(whole + scale, scale)
    if names <= NUMERIC:
        return FLOAT
    if names == {"VARCHAR"}:
        return text(max(a.length or 0, b.length or 0))
    if len(names) == 1:
        return b if b.fine else a
    if "VARIANT" in names:
        return VARIANT
    if "VARCHAR" in names:
        other = b if a.name == "VARCHAR" else a
        if other.name == "NUMBER":
            return number(38, max(other.scale or 0, 5))
        return other if other.name != "BINARY" else None
    if names <= TEMPORAL:
        ordered = ("TIMESTAMP_TZ", "TIMESTAMP_LTZ", "TIMESTAMP_NTZ")
        return next(SnowType(name, scale=9, fine=a.fine or b.fine) for name in ordered if name in names)
    return None


def cannot_cast(source: SnowType, target: SnowType) -> SnowflakeError:
    return compilation(1065, "22023", f"invalid type [CAST(… AS {target.name})] for parameter of type {source.name}")


def cast(e: E, target: SnowType, *, implicit: bool = False) -> E:
    """The value in another type; a value that cannot be is an error when the statement runs."""
    if e.type == target and not implicit:
        return e
    given = e.closed()
    if target.fine and given.kind == "VARCHAR" and given.literal is not None:
        return _fine(given, target)
    if target.fine or fine.is_fine(given.type):
        return fine.once(lambda bound: _fine(bound, target), given)
    if given.kind == "TIMESTAMP_TZ" and target.name in ("TIMESTAMP_NTZ", "DATE", "TIME"):
        given = wall_clock(given)
    elif given.kind == "TIMESTAMP_TZ" and target.name == "TIMESTAMP_LTZ":
        given = instant(given)
    if given.kind in SEMI and target.name not in SEMI and target.name != "VARCHAR":
        return fine.beforehand(lambda one: E(_of_variant(one, target, _cast_plain(one, target)), target), given)
    return E(_cast_plain(given, target), target)


def _fine(e: E, target: SnowType) -> E:
    """Of a value with nanoseconds, or to one."""
    cut = fine.digits(target)
    if not target.fine:
        if e.kind in fine.KINDS and target.name == "VARCHAR":
            return E(fitted(as_text(e), target), target)
        if target.name in SEMI:
            return E(as_variant(e, target), target)
        if target.name == "DATE" or (target.name in fine.KINDS and cut <= fine.MICROS):
            return cast(fine.micros(e), target)
        return cast(fine.coarse(e), target)
    if e.kind in fine.TEXTS:
        return _read_finely(e, target)
    if e.kind == "NUMBER":
        return fine_of_number(e, target)
    number_ = fine.nanos(e) if cut == 9 or not fine.is_fine(e.type) else f"{fine.nanos(e)} // {10 ** (9 - cut)}"
    number_ += f" * {10 ** (9 - cut)}" if "//" in number_ else ""
    return fine.with_nanos(cast(fine.micros(e), fine.plain(target)), number_)


def _read_finely(e: E, target: SnowType) -> E:
    """All nine digits of a text."""
    read = f"sf_{'time' if target.name == 'TIME' else 'stamp'}_text({_scalar(e)})"
    whole = E(_reading_all(_cast_plain(replace(e, literal=None), fine.plain(target))), fine.plain(target))
    cut = 10 ** (9 - fine.digits(target))
    number_ = f"sf_nano({read})" if cut == 1 else f"sf_nano({read}) // {cut} * {cut}"
    done = fine.with_nanos(whole, number_)
    return E(_of_variant(e, target, done.sql), target) if e.kind in SEMI else E(done.sql, target)


def read_all(done: E, text_: str) -> E:
    """What a text was read as, with all nine digits of the text where the type has room for them."""
    return fine.with_nanos(E(_reading_all(done.sql), done.type), f"sf_nano({text_})")


def _reading_all(sql: str) -> str:
    """SQL that reads a text, with the digits beyond the microsecond cut off: somebody else reads them."""
    return outside_strings(sql, lambda plain: plain.replace("sf_fraction(", "sf_rest("))


def wanted(e: E, target: SnowType) -> SnowType:
    """A type that the query names, as values like this are kept in it: with nanoseconds where they may have any."""
    if target.name not in fine.KINDS or target.fine or fine.digits(target) <= fine.MICROS:
        return target
    if fine.is_fine(e.type):
        return fine.fine(target)
    if not fine.reads_nanos():
        return target
    if e.kind in fine.TEXTS:
        return target if e.literal is not None and not may_have_nanos(e.literal) else fine.fine(target)
    return fine.fine(target) if e.kind == "NUMBER" and e.type and e.type.scale else target


def in_common(values: Sequence[E]) -> SnowType | None:
    """The type that these values have in common, with nanoseconds where one of them may have any."""
    kind = common([e.type for e in values])
    if kind is None or kind.name not in fine.KINDS or kind.fine:
        return kind
    return fine.fine(kind) if any(e.kind in fine.TEXTS and wanted(e, kind).fine for e in values) else kind


def converted(e: E, target: SnowType, *, implicit: bool = False) -> E:
    """The value in a type that the query names; what the type has no digits for is cut off."""
    target = wanted(e, target)
    done = cast(e, target, implicit=implicit)
    cut = target.name in fine.KINDS and fine.digits(target) <= fine.MICROS
    if cut and fine.reads_nanos() and e.kind in fine.TEXTS:
        return replace(done, sql=_reading_all(done.sql))
    return done


_SHOWN_AS = {"NUMBER": "FIXED", "FLOAT": "REAL"}


def _of_variant(e: E, target: SnowType, sql: str) -> str:
    """100071 where a value of a VARIANT cannot be what it is cast to."""
    if target.name in SEMI or target.name == "VARCHAR":
        return sql
    tried = attempted(E(sql, target)).sql if e.kind == "VARIANT" else f"CAST(NULL AS {physical(target)})"
    failed = f"sf_failed({e.sql}, '{_SHOWN_AS.get(target.name, target.name)}')"
    return f"coalesce({tried}, CASE WHEN json_type({e.sql}) <> 'NULL' THEN {failed} END)"


def is_keyed(kind: SnowType | None) -> bool:
    """Whether values of the type are not compared as they are."""
    return kind is not None and (kind.name == "TIMESTAMP_TZ" or isinstance(kind, collation.Collated))


def instant(e: E) -> E:
    """What a value is compared, sorted and grouped by: a TIMESTAMP_TZ's instant, the key of a collated text."""
    if isinstance(e.type, collation.Collated):
        return E(collation.key(e.sql, e.type.collation), TEXT)
    if e.kind != "TIMESTAMP_TZ":
        return e
    if not fine.is_fine(e.type):
        return E(f"sf_tz_at({e.sql})", LTZ)
    return fine.once(lambda e: fine.kept(e, E(f"sf_tz_at({fine.micros(e).sql})", LTZ)), e)


def wall_clock(e: E) -> E:
    """What the clock on the wall shows where a TIMESTAMP_TZ was written; any other value as it is."""
    if e.kind != "TIMESTAMP_TZ":
        return e
    if not fine.is_fine(e.type):
        return E(f"sf_tz_wall({e.sql})", NTZ)
    return fine.once(lambda e: fine.kept(e, E(f"sf_tz_wall({fine.micros(e).sql})", NTZ)), e)


def moved(start: E, done: E) -> E:
    """What became of a TIMESTAMP_TZ's wall clock, with the offset that it had."""
    if start.type is None or start.kind != "TIMESTAMP_TZ" or done.kind != "TIMESTAMP_NTZ":
        return done
    whole = E(f"sf_tz_moved({fine.micros(start).sql}, {fine.micros(done).sql})", fine.plain(start.type))
    return fine.kept(done, whole)


def _cast_plain(e: E, target: SnowType) -> str:
    return _zoned(e, target) if target.name == "TIMESTAMP_TZ" else _cast(e, target)


def _zoned(e: E, target: SnowType) -> str:
    """As TIMESTAMP_TZ: what has no offset gets that of the session's zone."""
    if e.kind == "NULL":
        return f"CAST(NULL AS {physical(target)})"
    if e.kind == "TIMESTAMP_TZ":
        cut = truncated(f"struct_extract({e.sql}, 'i')", target)
        return e.sql if cut.startswith("struct_extract(") else f"sf_tz({cut}, struct_extract({e.sql}, 'o'))"
    if e.kind in ("VARCHAR", "VARIANT"):
        text_ = f"sf_tz_text(sf_fraction(sf_stamp_text({_scalar(e)})))"
        return _zoned(E(text_, TZ), target)
    return f"sf_tz_local({_as_stamp(e, replace(target, name='TIMESTAMP_LTZ'))})"


def _cast(e: E, target: SnowType) -> str:
    if e.kind == "NULL":
        return f"CAST(NULL AS {physical(target)})"
    match target.name:
        case "VARCHAR":
            return fitted(as_text(e), target, e)
        case "VARIANT" | "ARRAY" | "OBJECT":
            return as_variant(e, target)
        case "NUMBER":
            return _as_number(e, target)
        case "TIMESTAMP_NTZ" | "TIMESTAMP_LTZ":
            return _as_stamp(e, target)
        case "BINARY":
            return f"unhex({_scalar(e)})" if e.kind in ("VARCHAR", "VARIANT") else f"CAST({e.sql} AS BLOB)"
        case "BOOLEAN" if e.kind in SEMI or e.kind == "VARCHAR":
            word = _scalar(e)
            return f"CAST(CASE lower({word}) WHEN 'on' THEN 'true' WHEN 'off' THEN 'false' ELSE {word} END AS BOOLEAN)"
        case "BOOLEAN" if e.kind in NUMERIC:
            return f"({e.sql} <> 0)"
        case "DATE" if e.kind in ("BOOLEAN", "FLOAT", "NUMBER", "TIME", "BINARY"):
            raise cannot_cast(e.type or target, target)
        case "DATE" if e.kind == "VARCHAR" or e.kind in SEMI:
            return f"CAST(sf_date_text({_scalar(e)}) AS DATE)"
    if target.name == "TIME" and (e.kind == "VARCHAR" or e.kind in SEMI):
        return truncated(f"CAST(sf_fraction(sf_time_text({_scalar(e)})) AS TIME)", target)
    # The engine takes the time of day of a moment without a zone only: that of the session is made one first.
    given = f"CAST({e.sql} AS TIMESTAMP)" if target.name == "TIME" and e.kind == "TIMESTAMP_LTZ" else _scalar(e)
    sql = f"CAST({given} AS {physical(target)})"
    return truncated(sql, target) if target.name == "TIME" else sql


def _scalar(e: E) -> str:
    """The value without its VARIANT."""
    return f"sf_text({e.sql})" if e.kind in SEMI else e.sql


def fitted(sql: str, target: SnowType, source: E | None = None) -> str:
    """A text no longer than its type; longer is 100078, when the statement runs."""
    length = target.length or 16777216
    known = source.type.length if source and source.type and source.kind == "VARCHAR" else None
    if length >= 16777216 or (known is not None and known <= length):
        return sql
    return f"sf_fit({sql}, {length})"


def as_text(e: E) -> str:
    """The value as Snowflake writes it out."""
    match e.kind:
        case "VARCHAR":
            return e.sql
        case "FLOAT":
            return f"sf_float({e.sql})"
        case "VARIANT" | "OBJECT" | "ARRAY":
            return f"sf_text({e.sql})"
    shown = _SHOWN.get(e.kind)
    if fine.is_fine(e.type):
        call = f"sf_{shown}_shown_fine"
        return fine.once(lambda e: E(f"{call}({fine.micros(e).sql}, {fine.nanos(e)})", TEXT), e).sql
    if e.kind == "TIMESTAMP_TZ":
        return fine.once(lambda e: E(f"sf_tz_shown({e.sql})", TEXT), e).sql
    return f"sf_{shown}_shown({e.sql})" if shown else f"CAST({e.sql} AS VARCHAR)"


_SHOWN = {
    "DATE": "date", "TIME": "time", "BINARY": "binary",
    "TIMESTAMP_NTZ": "ntz", "TIMESTAMP_LTZ": "ltz", "TIMESTAMP_TZ": "tz",
}  # fmt: skip
"""What a session's formats rule: the engine's functions (see `presentation`)."""


def _in_variant(e: E) -> E:
    """The text of a moment, with all its digits where it has nanoseconds: none is lost in a VARIANT."""
    whole, number_ = fine.micros(e).sql, fine.nanos(e)
    every = ALL_DIGITS[e.kind].format(whole, f"lpad(CAST({number_} AS VARCHAR), 3, '0')")
    return E(f"CASE WHEN {number_} = 0 THEN {PLAIN_TEXT[e.kind].format(whole)} ELSE {every} END", TEXT)


def as_variant(e: E, target: SnowType = VARIANT) -> str:
    if e.kind == "VARIANT" and target.name in ("ARRAY", "OBJECT"):
        return f"sf_{target.name.lower()}({e.sql})"
    if e.kind in SEMI:
        return e.sql
    if fine.is_fine(e.type):
        e = fine.once(_in_variant, e)
    if target.name == "ARRAY" and e.type is not None:
        return f"json_array({as_variant(e)})"
    if target.name == "OBJECT" and e.type is not None:
        raise cannot_cast(e.type, target)
    return f"to_json({PLAIN_TEXT.get(e.kind, '{}').format(e.sql)})"


def _as_number(e: E, target: SnowType) -> str:
    if e.kind in TEMPORAL or e.kind in ("TIME", "BINARY"):
        raise cannot_cast(e.type or target, target)
    if e.kind == "BOOLEAN":
        return f"CAST(CAST({e.sql} AS INTEGER) AS {physical(target)})"
    return f"CAST({_scalar(e)} AS {physical(target)})"


def _as_stamp(e: E, target: SnowType) -> str:
    kind = physical(target)
    if e.kind == "NUMBER":
        return stamp_of_number(e, target)
    if e.literal is not None and e.kind == "VARCHAR" and not may_have_nanos(e.literal):
        read = f"sf_stamp_literal({quoted(e.literal)}, {literal_stamp(e.literal, kind)})"
        return truncated(f"CAST({read} AS {kind})", target)
    if e.kind in ("VARCHAR", "VARIANT"):
        return truncated(f"CAST(sf_offset(sf_fraction(sf_stamp_text({_scalar(e)}))) AS {kind})", target)
    if e.kind in ("BOOLEAN", "FLOAT", "TIME", "BINARY"):
        raise cannot_cast(e.type or target, target)
    return truncated(f"CAST({e.sql} AS {kind})", target)


def fine_of_number(e: E, target: SnowType, scale: str | None = None) -> E:
    """The same with nine digits."""
    checked_scale(scale)
    count = f"CAST(CAST({e.sql} AS DECIMAL(38,9)) * {10 ** (9 - int(scale or 0))} AS HUGEINT)"
    stamp = cast(E(f"make_timestamp(CAST(sf_above({count}) AS BIGINT))", NTZ), fine.plain(target))
    if target.name != "TIMESTAMP_NTZ":
        at = E(f"(make_timestamp(CAST(sf_above({count}) AS BIGINT)) AT TIME ZONE 'UTC')", LTZ)
        stamp = cast(at, fine.plain(target))
    return _fine(fine.with_nanos(stamp, f"sf_below({count})"), target)
