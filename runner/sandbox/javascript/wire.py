"""Values of the engine on their way to JavaScript and back, and those of a procedure's results."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from runner.sandbox import nanos, zones
from runner.sandbox.errors import SnowflakeError
from runner.sandbox.python import wire as python
from runner.sandbox.result import SnowType

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def sent(kind: SnowType, value: object, zone: str) -> object:
    """An argument as the prelude takes it: moments as milliseconds, dates as midnight in the session's time zone."""
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else _word(value)
    value = zones.joined(value)
    if isinstance(value, time):
        return value.isoformat()
    instant = _instant(value, zone)
    return python.sent(kind, value, zone) if instant is None else (instant - _EPOCH) // _MILLISECOND


def _word(value: float) -> str:
    return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"


def _instant(value: object, zone: str) -> datetime | None:
    """A date or time on the world's clock; what has no zone is the session's."""
    if isinstance(value, datetime):
        return value if value.tzinfo else value.replace(tzinfo=ZoneInfo(zone))
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=ZoneInfo(zone))
    return None


def returned(kind: SnowType, value: object, zone: str) -> object:
    """What the code gave back, as the engine and results keep it; what does not fit is Snowflake's error."""
    if isinstance(value, str):
        value = value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(value, (int, float)) and not isinstance(value, bool) and kind.name not in ("FLOAT", "NUMBER"):
        value = _local(value, zone)
    if value is not None and kind.name == "DATE":
        value = str(value)[:10]
    return python.returned(kind, value, zone)


def _local(milliseconds: float, zone: str) -> str:
    """The session's local time: a Date of JavaScript is a TIMESTAMP_LTZ(3)."""
    try:
        return (_EPOCH + milliseconds * _MILLISECOND).astimezone(ZoneInfo(zone)).isoformat()
    except OverflowError:
        raise SnowflakeError(100035, "22007", "a Date of JavaScript is out of the range of timestamps") from None


def cell(kind: SnowType, value: object, zone: str) -> object:
    """A value of a result: moments carry their parts, and the text from which SQL makes them again."""
    if value is None or not isinstance(value, (date, time)):
        return sent(kind, value, zone) if kind.name != "NUMBER" else None if value is None else str(value)
    if isinstance(value, time):
        return value.isoformat()
    if not isinstance(value, datetime):
        return {"ms": sent(kind, value, zone), "iso": value.isoformat(), "kind": kind.name}
    instant = _instant(value, "UTC")
    assert instant is not None
    seconds = (instant - _EPOCH) // timedelta(seconds=1)
    nanoseconds = instant.microsecond * 1000 + nanos.of(value)
    return {
        "ms": (instant - _EPOCH) // _MILLISECOND, "seconds": seconds, "nanos": nanoseconds,
        "scale": kind.scale, "kind": kind.name, "iso": str(python.sent(kind, value, zone)),
    }  # fmt: skip
