"""Values of the engine on their way to a child process and back (the other side of `values`)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from zoneinfo import ZoneInfo

import pyarrow as pa

from runner.sandbox import nanos, zones
from runner.sandbox.errors import SnowflakeError
from runner.sandbox.macros import NANOSECONDS_SAID
from runner.sandbox.result import SnowType, arrow_type, as_kept

_EXACT = Context(prec=80, rounding=ROUND_HALF_UP)


def sent(kind: SnowType, value: object, zone: str) -> object:
    """A value as the child is sent it; the session's time zone makes the local time of a TIMESTAMP_LTZ."""
    if value is None or isinstance(value, (str, bool)):
        return value
    if kind.name == "NUMBER":
        return str(value)
    if isinstance(value, (bytes, bytearray)):
        return value.hex()
    value = zones.joined(value)
    if isinstance(value, datetime):
        return _moment(kind, value, zone).isoformat()
    return value.isoformat() if isinstance(value, (date, time)) else value


def _moment(kind: SnowType, value: datetime, zone: str) -> datetime:
    if kind.name == "TIMESTAMP_NTZ" or value.tzinfo is None:
        return value.replace(tzinfo=None)
    return value if kind.name == "TIMESTAMP_TZ" else value.astimezone(ZoneInfo(zone)).replace(tzinfo=None)


_NANOS = re.compile(r"\.\d{6}(\d+)")


def returned(kind: SnowType, value: object, zone: str) -> object:
    """What the child gave back, as results keep it; what does not fit is Snowflake's error."""
    if value is None:
        return None
    text = str(value)
    found = _plain(kind, value, text, zone)
    if kind.name in nanos.ENGINE and (further := _NANOS.search(text)):
        return nanos.joined(found, _nanos(kind, further.group(1), text))
    return found


def _nanos(kind: SnowType, digits: str, text: str) -> int:
    """What the digits beyond the microsecond say, as far as the type has room for them."""
    if digits[3:].strip("0"):
        raise ValueError(f"{text!r} has more than nine digits of a second")
    room = 3 if kind.scale is None else max(0, kind.scale - 6)
    return int(digits[:room].ljust(3, "0"))


def _plain(kind: SnowType, value: object, text: str, zone: str) -> object:
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
            aware = _aware(text, zone)
            return aware.astimezone(zones.Offset((aware.utcoffset() or timedelta()) // timedelta(minutes=1)))
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
    """Values of a function's result as the engine takes them; nanoseconds where the type is kept with some."""
    if not kind.fine and any(map(nanos.of, values)):
        raise SnowflakeError(2, "0A000", NANOSECONDS_SAID)
    return pa.array(as_kept(values, kind), arrow_type(kind))


def rows_of(columns: Sequence[tuple[str, SnowType]], rows: Sequence[Sequence[object]]) -> pa.StructArray:
    """Rows of a table function as the engine takes them."""
    arrays = [array_of(kind, [row[at] for row in rows]) for at, (_, kind) in enumerate(columns)]
    return pa.StructArray.from_arrays(arrays, [name for name, _ in columns])
