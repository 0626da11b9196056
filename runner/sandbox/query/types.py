"""Snowflake's types in a query: read from the parser, unified, cast (sql-reference/data-type-conversion)."""

from __future__ import annotations

import re
from dataclasses import replace

from sqlglot import exp

from runner.sandbox.ddl.types import MAX_BINARY, MAX_TEXT
from runner.sandbox.errors import SnowflakeError, compilation, syntax_error, unsupported
from runner.sandbox.failures import failing as failing
from runner.sandbox.failures import quoted as quoted
from runner.sandbox.query import collation
from runner.sandbox.query.attempts import attempted as attempted
from runner.sandbox.query.attempts import one_call as one_call
from runner.sandbox.query.core import E
from runner.sandbox.result import SnowType
from runner.sandbox.storage import physical

TEXT = SnowType("VARCHAR", length=16777216)
INT = SnowType("NUMBER", precision=38, scale=0)
COUNT = SnowType("NUMBER", precision=18, scale=0)
FLOAT = SnowType("FLOAT")
BOOL = SnowType("BOOLEAN")
DATE = SnowType("DATE")
TIME = SnowType("TIME", scale=9)
NTZ = SnowType("TIMESTAMP_NTZ", scale=9)
LTZ = SnowType("TIMESTAMP_LTZ", scale=9)
TZ = SnowType("TIMESTAMP_TZ", scale=9)
VARIANT = SnowType("VARIANT")
OBJECT = SnowType("OBJECT")
ARRAY = SnowType("ARRAY")
BINARY = SnowType("BINARY", length=8388608)

SEMI = frozenset({"VARIANT", "OBJECT", "ARRAY"})
STAMPS = frozenset({"TIMESTAMP_NTZ", "TIMESTAMP_LTZ", "TIMESTAMP_TZ"})
TEMPORAL = STAMPS | {"DATE"}
NUMERIC = frozenset({"NUMBER", "FLOAT"})
_T = exp.DType
_PLAIN: dict[exp.DType, SnowType] = {
    _T.BIGINT: INT, _T.INT: INT, _T.SMALLINT: INT, _T.TINYINT: INT, _T.INT128: INT, _T.UTINYINT: INT,
    _T.DOUBLE: FLOAT, _T.FLOAT: FLOAT, _T.BOOLEAN: BOOL, _T.DATE: DATE,
    _T.VARIANT: VARIANT, _T.OBJECT: OBJECT, _T.STRUCT: OBJECT, _T.ARRAY: ARRAY, _T.JSON: VARIANT,
}  # fmt: skip
_STAMPS = {
    _T.TIMESTAMPNTZ: "TIMESTAMP_NTZ",
    _T.DATETIME: "TIMESTAMP_NTZ",
    _T.TIMESTAMPLTZ: "TIMESTAMP_LTZ",
    _T.TIMESTAMPTZ: "TIMESTAMP_TZ",
}
_TEXTS = frozenset({_T.TEXT, _T.VARCHAR, _T.CHAR, _T.NCHAR, _T.NVARCHAR, _T.NAME})
_NANOS = re.compile(r":\d\d\.\d{6}\d*[1-9]")
_OFFSET = re.compile(r"\s*([+-]\d\d):?(\d\d)$|\s*Z$")


def number(precision: int, scale: int = 0) -> SnowType:
    return SnowType("NUMBER", precision=max(1, min(38, precision)), scale=max(0, min(37, scale)))


def text(length: int) -> SnowType:
    return SnowType("VARCHAR", length=length)


def read(node: exp.DataType, mapping: str) -> SnowType:
    """The type that the parser read; bare TIMESTAMP is what the session maps it to."""
    facets = [
        int(param.name) for param in node.expressions if isinstance(param, exp.DataTypeParam) and param.name.isdigit()
    ]
    kind = node.this
    refuse_facets(kind, facets)
    if kind in (_T.DECIMAL, _T.BIGDECIMAL):
        return _decimal(facets)
    if kind in _TEXTS:
        return text(facets[0] if facets else 1 if kind in (_T.CHAR, _T.NCHAR) else 16777216)
    if kind in (_T.BINARY, _T.VARBINARY):
        return SnowType("BINARY", length=facets[0] if facets else 8388608)
    if kind == _T.TIMESTAMP or kind in _STAMPS:
        return SnowType(_STAMPS.get(kind, mapping), scale=facets[0] if facets else 9)
    if kind == _T.TIME:
        return SnowType("TIME", scale=facets[0] if facets else 9)
    if kind in _PLAIN and not (node.args.get("nested") and node.expressions):
        return _PLAIN[kind]
    raise unsupported(f"data type {node.sql('snowflake')}")


def refuse_facets(kind: exp.DType, facets: list[int]) -> None:
    """2263 for a length or scale that no such type has (sql-reference/data-types-text, data-types-datetime)."""
    if not facets:
        return
    if kind in _TEXTS or kind in (_T.BINARY, _T.VARBINARY):
        facet, low, high = "length", 1, MAX_TEXT if kind in _TEXTS else MAX_BINARY
    elif kind in (_T.TIME, _T.TIMESTAMP) or kind in _STAMPS:
        facet, low, high = "scale", 0, 9
    elif kind in _PLAIN:
        raise syntax_error(1, 0, "(")
    else:
        return
    if len(facets) > 1:
        raise syntax_error(1, 0, ",")
    if not low <= facets[0] <= high:
        raise compilation(2263, "42601", f"invalid {facet}: {facets[0]}. Must be between {low} and {high}.")


def _decimal(facets: list[int]) -> SnowType:
    precision, scale = (*facets, 0)[:2] if facets else (38, 0)
    if not 1 <= precision <= 38 or not 0 <= scale <= min(37, precision):
        raise compilation(2263, "42601", f"invalid precision or scale: NUMBER({precision},{scale}).")
    return number(precision, scale)


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
        return a
    if "VARIANT" in names:
        return VARIANT
    if "VARCHAR" in names:
        other = b if a.name == "VARCHAR" else a
        if other.name == "NUMBER":
            return number(38, max(other.scale or 0, 5))
        return other if other.name != "BINARY" else None
    if names <= TEMPORAL:
        return next(
            SnowType(name, scale=9) for name in ("TIMESTAMP_TZ", "TIMESTAMP_LTZ", "TIMESTAMP_NTZ") if name in names
        )
    return None


def cannot_cast(source: SnowType, target: SnowType) -> SnowflakeError:
    return compilation(1065, "22023", f"invalid type [CAST(… AS {target.name})] for parameter of type {source.name}")


def cast(e: E, target: SnowType, *, implicit: bool = False) -> E:
    """The value in another type; a value that cannot be is an error when the statement runs."""
    if e.type == target and not implicit:
        return e
    given = e.closed()
    if given.kind == "TIMESTAMP_TZ" and target.name in ("TIMESTAMP_NTZ", "DATE", "TIME"):
        given = wall_clock(given)
    elif given.kind == "TIMESTAMP_TZ" and target.name == "TIMESTAMP_LTZ":
        given = instant(given)
    sql = _zoned(given, target) if target.name == "TIMESTAMP_TZ" else _cast(given, target)
    return E(_of_variant(given, target, sql) if given.kind in SEMI else sql, target)


_SHOWN_AS = {"NUMBER": "FIXED", "FLOAT": "REAL"}


def _of_variant(e: E, target: SnowType, sql: str) -> str:
    """100071 where a value of a VARIANT cannot be what it is cast to."""
    if target.name in SEMI or target.name in ("VARCHAR", "BINARY"):
        return sql
    tried = attempted(E(sql, target)).sql
    failed = f"sf_failed({e.sql}, '{_SHOWN_AS.get(target.name, target.name)}')"
    return f"coalesce({tried}, CASE WHEN json_type({e.sql}) <> 'NULL' THEN {failed} END)"


def is_keyed(kind: SnowType | None) -> bool:
    """Whether values of the type are not compared as they are."""
    return kind is not None and (kind.name == "TIMESTAMP_TZ" or isinstance(kind, collation.Collated))


def instant(e: E) -> E:
    """What a value is compared, sorted and grouped by: a TIMESTAMP_TZ's instant, the key of a collated text."""
    if isinstance(e.type, collation.Collated):
        return E(collation.key(e.sql, e.type.collation), TEXT)
    return E(f"sf_tz_at({e.sql})", LTZ) if e.kind == "TIMESTAMP_TZ" else e


def wall_clock(e: E) -> E:
    """What the clock on the wall shows where a TIMESTAMP_TZ was written; any other value as it is."""
    return E(f"sf_tz_wall({e.sql})", NTZ) if e.kind == "TIMESTAMP_TZ" else e


def moved(start: E, done: E) -> E:
    """What became of a TIMESTAMP_TZ's wall clock, with the offset that it had."""
    if start.kind != "TIMESTAMP_TZ" or done.kind != "TIMESTAMP_NTZ":
        return done
    return E(f"sf_tz_moved({start.sql}, {done.sql})", start.type)


def _zoned(e: E, target: SnowType) -> str:
    """As TIMESTAMP_TZ: what has no offset gets that of the session's zone."""
    if e.kind == "NULL":
        return f"CAST(NULL AS {physical(target)})"
    if e.kind == "TIMESTAMP_TZ":
        cut = _truncated(f"struct_extract({e.sql}, 'i')", target)
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
            return f"unhex({e.sql})" if e.kind == "VARCHAR" else f"CAST({e.sql} AS BLOB)"
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
        return f"CAST(sf_fraction(sf_time_text({_scalar(e)})) AS TIME)"
    return f"CAST({_scalar(e)} AS {physical(target)})"


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
    return f"sf_{shown}_shown({e.sql})" if shown else f"CAST({e.sql} AS VARCHAR)"


_SHOWN = {
    "DATE": "date", "TIME": "time", "BINARY": "binary",
    "TIMESTAMP_NTZ": "ntz", "TIMESTAMP_LTZ": "ltz", "TIMESTAMP_TZ": "tz",
}  # fmt: skip
"""What a session's formats rule: the engine's functions (see `presentation`)."""
_PLAIN_TEXT = {
    "TIME": "left(CAST({} AS VARCHAR), 8)", "BINARY": "hex({})",
    "TIMESTAMP_NTZ": "strftime({}, '%Y-%m-%d %H:%M:%S.%g')", "TIMESTAMP_LTZ": "sf_stamp({})",
    "TIMESTAMP_TZ": "sf_tz_stamp({})",
}  # fmt: skip
"""How they stand in a VARIANT, whatever the session's formats."""


def as_variant(e: E, target: SnowType = VARIANT) -> str:
    if e.kind == "VARIANT" and target.name in ("ARRAY", "OBJECT"):
        return f"sf_{target.name.lower()}({e.sql})"
    if e.kind in SEMI:
        return e.sql
    if target.name == "ARRAY" and e.type is not None:
        return f"json_array({as_variant(e)})"
    if target.name == "OBJECT" and e.type is not None:
        raise cannot_cast(e.type, target)
    return f"to_json({_PLAIN_TEXT.get(e.kind, '{}').format(e.sql)})"


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
    if e.literal is not None and e.kind == "VARCHAR" and not _NANOS.search(e.literal):
        read = f"sf_stamp_literal({quoted(e.literal)}, {_literal_stamp(e.literal, kind)})"
        return _truncated(f"CAST({read} AS {kind})", target)
    if e.kind in ("VARCHAR", "VARIANT"):
        return _truncated(f"CAST(sf_offset(sf_fraction(sf_stamp_text({_scalar(e)}))) AS {kind})", target)
    if e.kind in ("BOOLEAN", "FLOAT", "TIME", "BINARY"):
        raise cannot_cast(e.type or target, target)
    return _truncated(f"CAST({e.sql} AS {kind})", target)


def _literal_stamp(value: str, kind: str) -> str:
    zone = "" if kind == "TIMESTAMP" else r"\1:\2"
    plain = _OFFSET.sub(lambda m: zone and ("+00:00" if m.group(1) is None else m.expand(zone)), value.strip())
    if re.fullmatch(r"-?\d+", plain):
        return f"CAST(make_timestamp(sf_micros(CAST({plain} AS BIGINT))) AS {kind})"
    return f"CAST({quoted(plain)} AS {kind})"


_SCALES = frozenset("0123456789")


def stamp_of_number(e: E, target: SnowType, scale: str | None = None) -> str:
    """Seconds since 1970, or parts of them where scale says so (sql-reference/functions/to_timestamp)."""
    if scale is not None and scale not in _SCALES:
        raise compilation(1015, "22023", f"argument 2 needs to be a scale from 0 to 9, found '{scale[:40]}'")
    number_ = f"CAST({e.sql} AS DECIMAL(38,9))"
    nanos = f"CAST({number_} * {10 ** (9 - int(scale or 0))} AS BIGINT)"
    micros = f"sf_of_nanos({nanos})" if e.type and (e.type.scale or int(scale or 0) > 6) else f"{nanos} // 1000"
    stamp = f"make_timestamp({micros})"
    return stamp if target.name == "TIMESTAMP_NTZ" else f"({stamp} AT TIME ZONE 'UTC')"


def _truncated(sql: str, target: SnowType) -> str:
    unit = {0: "second", 3: "millisecond"}.get(9 if target.scale is None else target.scale)
    return f"date_trunc('{unit}', {sql})" if unit else sql
