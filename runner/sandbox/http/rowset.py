"""A result as JSON rows: every value text, the way clients without Arrow read it (connector `converter.py`)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import pyarrow as pa

from runner.sandbox import nanos
from runner.sandbox.http.rowtype import fraction_digits
from runner.sandbox.http.semistructured import shown
from runner.sandbox.result import Column, SnowType
from runner.sandbox.zones import values

_DAY_ZERO = date(1970, 1, 1)
_TIME_ZERO = datetime(1970, 1, 1, tzinfo=UTC)


def to_rows(columns: Sequence[Column], table: pa.Table) -> list[list[str | None]]:
    """Rows of text; NULL is None."""
    if not columns:
        return [[] for _ in range(table.num_rows)]
    texts = [_texts(column.type, table.column(at)) for at, column in enumerate(columns)]
    return [list(row) for row in zip(*texts, strict=True)]


def _texts(kind: SnowType, array: pa.ChunkedArray) -> list[str | None]:
    if pa.types.is_timestamp(array.type):
        array = array.cast(pa.timestamp("us", tz=array.type.tz), safe=False)
    write = _writer(kind)
    return [None if value is None else write(value) for value in values(array)]


def _writer(kind: SnowType) -> Callable[[object], str]:
    digits = fraction_digits(kind)
    match kind.name:
        case "NUMBER":
            return _number
        case "BOOLEAN":
            return lambda value: "1" if value else "0"
        case "FLOAT":
            return repr
        case "DATE":
            return lambda value: str((value - _DAY_ZERO).days) if isinstance(value, date) else str(value)
        case "TIME":
            return lambda value: _seconds(_of_day(value), digits)
        case "TIMESTAMP_NTZ" | "TIMESTAMP_LTZ":
            return lambda value: _seconds(_of_epoch(value), digits)
        case "TIMESTAMP_TZ":
            return lambda value: _zoned(value, digits)
        case "BINARY":
            return lambda value: value.hex().upper() if isinstance(value, bytes) else str(value)
        case "VARIANT" | "OBJECT" | "ARRAY":
            return lambda value: shown(str(value))
        case _:
            return str


def _zoned(value: object, digits: int) -> str:
    """Seconds of the instant, and the offset in minutes counted from -24 hours."""
    assert isinstance(value, datetime)
    return f"{_seconds(_of_epoch(value), digits)} {(value.utcoffset() or timedelta(0)) // timedelta(minutes=1) + 1440}"


def _number(value: object) -> str:
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def _of_day(value: object) -> int:
    assert isinstance(value, time)
    whole = ((value.hour * 60 + value.minute) * 60 + value.second) * 1_000_000 + value.microsecond
    return whole * 1000 + nanos.of(value)


def _of_epoch(value: object) -> int:
    assert isinstance(value, datetime)
    span = (value if value.tzinfo else value.replace(tzinfo=UTC)) - _TIME_ZERO
    return ((span.days * 86400 + span.seconds) * 1_000_000 + span.microseconds) * 1000 + nanos.of(value)


def _seconds(nanoseconds: int, digits: int) -> str:
    """Seconds with exactly that many decimals, as the connector cuts them."""
    if digits == 0:
        return str(nanoseconds // 1_000_000_000)
    sign, size = "-" if nanoseconds < 0 else "", abs(nanoseconds)
    fraction = f"{size % 1_000_000_000:09d}"[:digits]
    return f"{sign}{size // 1_000_000_000}.{fraction}"
