"""Values of the engine on their way to a child process and back (the other side of `values`)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from zoneinfo import ZoneInfo

import pyarrow as pa

from runner.sandbox.errors import SnowflakeError
from runner.sandbox.result import SnowType

_EXACT = Context(prec=80, rounding=ROUND_HALF_UP)


def sent(kind: SnowType, value: object, zone: str) -> object:
    """A value as the child is sent it; the session's time zone makes the local time of a TIMESTAMP_LTZ."""
    if value is None or isinstance(value, (str, bool)):
        return value
    if kind.name == "NUMBER":
        return str(value)
    if isinstance(value, (bytes, bytearray)):
        return value.hex()
    if isinstance(value, datetime):
        return _moment(kind, value, zone).isoformat()
    return value.isoformat() if isinstance(value, (date, time)) else value


def _moment(kind: SnowType, value: datetime, zone: str) -> datetime:
    if kind.name == "TIMESTAMP_NTZ" or value.tzinfo is None:
        return value.replace(tzinfo=None)
    local = value.astimezone(ZoneInfo(zone))
    return local if kind.name == "TIMESTAMP_TZ" else local.replace(tzinfo=None)


def returned(kind: SnowType, value: object, zone: str) -> object:
    """What the child gave back, as the engine and results keep it; what does not fit is Snowflake's error."""
    if value is None:
        return None
    text = str(value)
    match kind.name:
        case "NUMBER":
            return _number(kind, text)
        case "FLOAT":
            return float(text)
        case "BOOLEAN":
            return bool(value)
        case "BINARY":
            return bytes.fromhex(text)
        case "DATE":
            return date.fromisoformat(text)
        case "TIME":
            return time.fromisoformat(text)
        case "TIMESTAMP_NTZ":
            return datetime.fromisoformat(text).replace(tzinfo=None)
        case "TIMESTAMP_LTZ" | "TIMESTAMP_TZ":
            return _instant(text, zone)
        case "VARCHAR":
            return _text(kind, text)
        case _:
            return text


def _instant(text: str, zone: str) -> datetime:
    value = datetime.fromisoformat(text)
    return (value if value.tzinfo else value.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)


def _text(kind: SnowType, text: str) -> str:
    if kind.length is not None and len(text) > kind.length:
        raise SnowflakeError(100078, "22000", f"String '{text}' is too long and would be truncated")
    return text


def _number(kind: SnowType, text: str) -> Decimal:
    try:
        value = Decimal(text).quantize(Decimal(1).scaleb(-(kind.scale or 0)), context=_EXACT)
    except InvalidOperation:
        raise SnowflakeError(100038, "22018", f"Numeric value '{text}' is not recognized") from None
    if len(value.as_tuple().digits) > (kind.precision or 38) or not value.is_finite():
        raise SnowflakeError(100039, "22003", f"Numeric value '{text}' is out of range")
    return value


_ARROW = {
    "FLOAT": pa.float64(), "VARCHAR": pa.string(), "BINARY": pa.binary(), "BOOLEAN": pa.bool_(), "DATE": pa.date32(),
    "TIME": pa.time64("us"), "TIMESTAMP_NTZ": pa.timestamp("us"), "TIMESTAMP_LTZ": pa.timestamp("us", tz="UTC"),
    "TIMESTAMP_TZ": pa.timestamp("us", tz="UTC"),
}  # fmt: skip


def arrow_of(kind: SnowType) -> pa.DataType:
    """The Arrow type in which the engine takes values of a function's result."""
    if kind.name == "NUMBER":
        return pa.decimal128(kind.precision or 38, kind.scale or 0)
    return _ARROW.get(kind.name, pa.string())


def struct_of(columns: Sequence[tuple[str, SnowType]]) -> pa.DataType:
    """The Arrow type of one row of a table function."""
    return pa.struct([(name, arrow_of(kind)) for name, kind in columns])
