"""Values of the engine on their way to a child process and back (the other side of `values`)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from zoneinfo import ZoneInfo

import pyarrow as pa

from runner.sandbox import zones
from runner.sandbox.errors import SnowflakeError
from runner.sandbox.macros import NANOSECONDS_SAID
from runner.sandbox.result import SnowType, arrow_type

_EXACT = Context(prec=80, rounding=ROUND_HALF_UP)


def sent(kind: SnowType, value: object, zone: str) -> object:
    """A value as the child is sent it; the session's time zone makes the local time of a TIMESTAMP_LTZ."""
    if value is None or isinstance(value, (str, bool)):
        return value
    if kind.name == "NUMBER":
        return str(value)
    if isinstance(value, (bytes, bytearray)):
        return value.hex()
    if isinstance(value, dict):
        return zones.zoned(value["i"], value["o"]).isoformat()
    if isinstance(value, datetime):
        return _moment(kind, value, zone).isoformat()
    return value.isoformat() if isinstance(value, (date, time)) else value


def _moment(kind: SnowType, value: datetime, zone: str) -> datetime:
    if kind.name == "TIMESTAMP_NTZ" or value.tzinfo is None:
        return value.replace(tzinfo=None)
    return value if kind.name == "TIMESTAMP_TZ" else value.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


_FINE = frozenset({"TIME", "TIMESTAMP_NTZ", "TIMESTAMP_LTZ", "TIMESTAMP_TZ"})
_NANOS = re.compile(r"\.\d{6}\d*[1-9]")


def returned(kind: SnowType, value: object, zone: str) -> object:
    """What the child gave back, as the engine and results keep it; what does not fit is Snowflake's error."""
    if value is None:
        return None
    text = str(value)
    if kind.name in _FINE and _NANOS.search(text):
        raise SnowflakeError(2, "0A000", NANOSECONDS_SAID)
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
        case "TIMESTAMP_LTZ":
            return _aware(text, zone).astimezone(UTC)
        case "TIMESTAMP_TZ":
            value = _aware(text, zone)
            return value.astimezone(zones.Offset((value.utcoffset() or timedelta()) // timedelta(minutes=1)))
        case "VARCHAR":
            return _text(kind, text)
        case _:
            return text


def _aware(text: str, zone: str) -> datetime:
    """A moment without a zone is the session's."""
    value = datetime.fromisoformat(text)
    return value if value.tzinfo else value.replace(tzinfo=ZoneInfo(zone))


def _text(kind: SnowType, text: str) -> str:
    if kind.length is not None and len(text) > kind.length:
        raise SnowflakeError(100078, "22000", f"String '{text[:1000]}' is too long and would be truncated")
    return text


def _number(kind: SnowType, text: str) -> Decimal:
    try:
        value = Decimal(text).quantize(Decimal(1).scaleb(-(kind.scale or 0)), context=_EXACT)
    except InvalidOperation:
        raise SnowflakeError(100038, "22018", f"Numeric value '{text}' is not recognized") from None
    if len(value.as_tuple().digits) > (kind.precision or 38) or not value.is_finite():
        raise SnowflakeError(100039, "22003", f"Numeric value '{text}' is out of range")
    return value


def array_of(kind: SnowType, values: Sequence[object]) -> pa.Array:
    """Values of a function's result as the engine takes them."""
    return pa.array(zones.kept(values) if kind.name == "TIMESTAMP_TZ" else values, arrow_type(kind))


def rows_of(columns: Sequence[tuple[str, SnowType]], rows: Sequence[Sequence[object]]) -> pa.StructArray:
    """Rows of a table function as the engine takes them."""
    arrays = [array_of(kind, [row[at] for row in rows]) for at, (_, kind) in enumerate(columns)]
    return pa.StructArray.from_arrays(arrays, [name for name, _ in columns])
