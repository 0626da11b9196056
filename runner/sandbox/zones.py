"""TIMESTAMP_TZ: an instant and the offset with which it was written (sql-reference/data-types-datetime).

The engine keeps a struct of the instant on the clock of UTC and the offset in minutes, the instant first, so that
values sort by it. In Python a value is a datetime whose zone is an `Offset`; any other zone says TIMESTAMP_LTZ.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any

import pyarrow as pa

from runner.sandbox import nanos
from runner.sandbox.classes import dataclass
from runner.sandbox.errors import unsupported

ENGINE = "STRUCT(i TIMESTAMP, o SMALLINT)"
ARROW = pa.struct([pa.field("i", pa.timestamp("us")), pa.field("o", pa.int16())])


@dataclass(frozen=True, slots=True)
class Offset(tzinfo):
    """A fixed distance from UTC."""

    minutes: int = 0

    def utcoffset(self, _: datetime | None, /) -> timedelta:
        return timedelta(minutes=self.minutes)

    def tzname(self, _: datetime | None, /) -> str:
        sign, size = "-" if self.minutes < 0 else "+", abs(self.minutes)
        return f"{sign}{size // 60:02d}:{size % 60:02d}"

    def dst(self, _: datetime | None, /) -> timedelta:
        return timedelta(0)


def zoned(value: datetime, minutes: int) -> datetime:
    """The instant, given on the clock of UTC, as it is written with this offset."""
    return value.replace(tzinfo=UTC).astimezone(Offset(minutes))


def is_zoned(kind: pa.DataType) -> bool:
    """Whether an Arrow column holds values of TIMESTAMP_TZ."""
    return bool(pa.types.is_struct(kind)) and [field.name for field in kind] == ["i", "o"]


def values(column: pa.ChunkedArray) -> list[object]:
    """A column as Python values."""
    if nanos.is_fine(column.type) or is_zoned(column.type):
        return [joined(value) for value in listed(column)]
    return listed(column)


def listed(column: pa.ChunkedArray | pa.Array) -> list[Any]:
    """Its values as Arrow gives them to Python, whose years are 1 to 9999; the engine's go further."""
    try:
        return list(column.to_pylist())
    except OverflowError:
        raise unsupported("a moment beyond the years 1 to 9999 other than as text") from None


def joined(value: Any) -> object:
    """A moment that the engine keeps in parts, its offset or its nanoseconds beside it, as one value."""
    if not isinstance(value, dict):
        return value
    whole = zoned(value["i"], value["o"]) if "o" in value else value["i"]
    return nanos.joined(whole, value.get("n", 0))


def kept(values_: Sequence[object], *, fine: bool = False) -> list[object]:
    """Python values as Arrow takes them, with nanoseconds or not; a moment without a zone is on the clock of UTC."""
    return [_kept(value, fine) if isinstance(value, datetime) else value for value in values_]


def _kept(value: datetime, fine: bool) -> dict[str, object]:
    aware = value if value.tzinfo else value.replace(tzinfo=UTC)
    offset = aware.utcoffset() or timedelta(0)
    found = {"i": aware.astimezone(UTC).replace(tzinfo=None), "o": offset // timedelta(minutes=1)}
    return found | {"n": nanos.of(value)} if fine else found
