"""Data types as they are written, and as Snowflake names them (sql-reference/intro-summary-data-types)."""

from __future__ import annotations

from runner.sandbox.errors import SnowflakeError, compilation, unsupported
from runner.sandbox.result import SnowType
from runner.sandbox.tokens import Reader

MAX_TEXT = 134_217_728
DEFAULT_TEXT = 16_777_216
MAX_BINARY = 67_108_864
DEFAULT_BINARY = 8_388_608

_DECIMALS = frozenset({"NUMBER", "DECIMAL", "DEC", "NUMERIC"})
_INTEGERS = frozenset({"INT", "INTEGER", "BIGINT", "SMALLINT", "TINYINT", "BYTEINT"})
_FLOATS = frozenset({"FLOAT", "FLOAT4", "FLOAT8", "DOUBLE", "REAL"})
_TEXTS = frozenset({"VARCHAR", "STRING", "TEXT", "NVARCHAR", "NVARCHAR2"})
_CHARS = frozenset({"CHAR", "CHARACTER", "NCHAR"})
_BINARIES = frozenset({"BINARY", "VARBINARY"})
_TIMESTAMPS = {
    "TIMESTAMP_NTZ": "TIMESTAMP_NTZ",
    "TIMESTAMPNTZ": "TIMESTAMP_NTZ",
    "DATETIME": "TIMESTAMP_NTZ",
    "TIMESTAMP_LTZ": "TIMESTAMP_LTZ",
    "TIMESTAMPLTZ": "TIMESTAMP_LTZ",
    "TIMESTAMP_TZ": "TIMESTAMP_TZ",
    "TIMESTAMPTZ": "TIMESTAMP_TZ",
}
_PLAIN = {"BOOLEAN": "BOOLEAN", "BOOL": "BOOLEAN", "DATE": "DATE", "VARIANT": "VARIANT"}
_ZONES = (
    (("WITHOUT", "TIME", "ZONE"), "TIMESTAMP_NTZ"),
    (("WITH", "LOCAL", "TIME", "ZONE"), "TIMESTAMP_LTZ"),
    (("WITH", "TIME", "ZONE"), "TIMESTAMP_TZ"),
)
_ABSENT = frozenset({"DECFLOAT", "GEOGRAPHY", "GEOMETRY", "VECTOR", "MAP", "FILE", "UUID", "INTERVAL"})


def read_type(reader: Reader, timestamp: str = "TIMESTAMP_NTZ") -> SnowType:
    """One data type, its aliases resolved; bare TIMESTAMP is `timestamp` (parameter TIMESTAMP_TYPE_MAPPING)."""
    token = reader.peek()
    word = reader.identifier()
    if word in _DECIMALS:
        return _decimal(reader)
    if word in _INTEGERS:
        return SnowType("NUMBER", precision=38, scale=0)
    if word in _FLOATS:
        reader.accept("PRECISION") if word == "DOUBLE" else None
        return SnowType("FLOAT")
    if word in _TEXTS or word in _CHARS:
        return _text(reader, word)
    if word in _BINARIES:
        return SnowType("BINARY", length=_size(reader, DEFAULT_BINARY, 1, MAX_BINARY))
    if word in _PLAIN:
        return SnowType(_PLAIN[word])
    if word in ("ARRAY", "OBJECT"):
        return _unstructured(reader, word)
    if word == "TIME" or word == "TIMESTAMP" or word in _TIMESTAMPS:
        return _time(reader, word, timestamp)
    if word in _ABSENT:
        raise unsupported(f"data type {word}")
    raise compilation(2040, "42601", f"Unsupported data type '{reader.source[token.start : token.end]}'.")


def _decimal(reader: Reader) -> SnowType:
    if not reader.accept("("):
        return SnowType("NUMBER", precision=38, scale=0)
    precision = _between(reader.number(), 1, 38, "precision")
    scale = _between(reader.number(), 0, 37, "scale") if reader.accept(",") else 0
    reader.expect(")")
    if scale > precision:
        raise _invalid("scale", scale, 0, precision)
    return SnowType("NUMBER", precision=precision, scale=scale)


def _text(reader: Reader, word: str) -> SnowType:
    varying = reader.accept("VARYING") if word in _CHARS else True
    return SnowType("VARCHAR", length=_size(reader, DEFAULT_TEXT if varying else 1, 1, MAX_TEXT))


def _size(reader: Reader, default: int, low: int, high: int) -> int:
    if not reader.accept("("):
        return default
    size = _between(reader.number(), low, high, "length")
    reader.expect(")")
    return size


def _time(reader: Reader, word: str, timestamp: str) -> SnowType:
    scale = 9
    if reader.accept("("):
        scale = _between(reader.number(), 0, 9, "scale")
        reader.expect(")")
    if word == "TIME":
        return SnowType("TIME", scale=scale)
    zone = next((name for words, name in _ZONES if reader.accept(*words)), None) if word == "TIMESTAMP" else None
    return SnowType(zone or _TIMESTAMPS.get(word, timestamp), scale=scale)


def _unstructured(reader: Reader, word: str) -> SnowType:
    if reader.at("("):
        raise unsupported(f"structured {word}")
    return SnowType(word)


def _between(value: int, low: int, high: int, facet: str) -> int:
    if not low <= value <= high:
        raise _invalid(facet, value, low, high)
    return value


def _invalid(facet: str, value: int, low: int, high: int) -> SnowflakeError:
    return compilation(2263, "42601", f"invalid {facet}: {value}. Must be between {low} and {high}.")


def type_text(kind: SnowType) -> str:
    """The type as GET_DDL and DESCRIBE write it: `NUMBER(38,0)`, `VARCHAR(16777216)`, `TIMESTAMP_NTZ(9)` …"""
    match kind.name:
        case "NUMBER":
            return f"NUMBER({38 if kind.precision is None else kind.precision},{kind.scale or 0})"
        case "VARCHAR":
            return f"VARCHAR({DEFAULT_TEXT if kind.length is None else kind.length})"
        case "BINARY":
            return f"BINARY({DEFAULT_BINARY if kind.length is None else kind.length})"
        case "TIME" | "TIMESTAMP_NTZ" | "TIMESTAMP_LTZ" | "TIMESTAMP_TZ":
            return f"{kind.name}({9 if kind.scale is None else kind.scale})"
        case _:
            return kind.name


def signature_type(kind: SnowType) -> str:
    """The type as signatures of procedures and functions carry it: its name without facets."""
    return kind.name


def refuse_change(column: str, old: SnowType, new: SnowType) -> SnowflakeError | None:
    """Why a column may not go from one type to the other; None when it may (sql-reference/sql/alter-table-column).

    A VARCHAR or BINARY may grow, a NUMBER may have more digits; fewer depend on the rows, which the caller looks at.
    """
    why = _reason(old, new)
    text = f"cannot change column {column} from type {type_text(old)} to {type_text(new)}"
    return compilation(40052, "22000", text + why) if why is not None else None


def _reason(old: SnowType, new: SnowType) -> str | None:
    if type_text(old) == type_text(new):
        return None
    if old.name != new.name:
        return ""
    if new.name in ("VARCHAR", "BINARY"):
        default = DEFAULT_TEXT if new.name == "VARCHAR" else DEFAULT_BINARY
        shorter = (new.length or default) < (old.length or default)
        return f" because reducing the byte-length of a {new.name.lower()} is not supported." if shorter else None
    if new.name == "NUMBER":
        return (
            None
            if (old.scale or 0) == (new.scale or 0)
            else " because changing the scale of a number is not supported."
        )
    return ""
