"""Moments with all nine digits of a second (sql-reference/data-types-datetime, year 1 to 9999).

The engine's own types end at microseconds. Where a value has more, it is kept as a struct of that value and the
nanoseconds left over (0 to 999), so that values are equal, sorted and grouped as the engine does it with any struct.
A type whose values are kept so is `fine`. In Python a value with nanoseconds is a `Moment` or a `Clock`; one without is
a plain datetime or time.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import Any, SupportsIndex

import pyarrow as pa

_OFFSET = pa.field("o", pa.int16())
ENGINE = {
    "TIME": "STRUCT(i TIME, n SMALLINT)",
    "TIMESTAMP_NTZ": "STRUCT(i TIMESTAMP, n SMALLINT)",
    "TIMESTAMP_LTZ": "STRUCT(i TIMESTAMPTZ, n SMALLINT)",
    "TIMESTAMP_TZ": "STRUCT(i TIMESTAMP, n SMALLINT, o SMALLINT)",
}
"""The engine's types, by the name of Snowflake's."""


def _struct(kind: pa.DataType, *further: pa.Field) -> pa.DataType:
    return pa.struct([pa.field("i", kind), pa.field("n", pa.int16()), *further])


ARROW = {
    "TIME": _struct(pa.time64("us")),
    "TIMESTAMP_NTZ": _struct(pa.timestamp("us")),
    "TIMESTAMP_LTZ": _struct(pa.timestamp("us", tz="UTC")),
    "TIMESTAMP_TZ": _struct(pa.timestamp("us"), _OFFSET),
}


def is_fine(kind: pa.DataType) -> bool:
    """Whether an Arrow column holds moments beside their nanoseconds."""
    return bool(pa.types.is_struct(kind)) and [field.name for field in kind][:2] == ["i", "n"]


def is_zoned(kind: pa.DataType) -> bool:
    """Whether they have an offset too: values of TIMESTAMP_TZ."""
    return is_fine(kind) and kind.num_fields == 3


class _Fine:
    """Equal, sorted and hashed as a datetime or a time is, and then by nanoseconds."""

    nano = 0

    def __eq__(self, other: object) -> bool:
        return self._then(super().__eq__(other), self.nano == of(other))

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash((super().__hash__(), self.nano)) if self.nano else super().__hash__()

    def __lt__(self, other: Any) -> bool:
        return self._ordered("__lt__", other, self.nano < of(other))

    def __le__(self, other: Any) -> bool:
        return self._ordered("__lt__", other, self.nano <= of(other))

    def __gt__(self, other: Any) -> bool:
        return self._ordered("__gt__", other, self.nano > of(other))

    def __ge__(self, other: Any) -> bool:
        return self._ordered("__gt__", other, self.nano >= of(other))

    def _ordered(self, name: str, other: object, by_nanos: bool) -> bool:
        """What the type itself says, and where both are the same to it, their nanoseconds."""
        told: bool = getattr(super(), name)(other)
        return told if told is NotImplemented or told else self._then(super().__eq__(other), by_nanos)

    @staticmethod
    def _then(same: bool, by_nanos: bool) -> bool:
        return same if same is NotImplemented else same and by_nanos


class Moment(_Fine, datetime):
    """A timestamp with nanoseconds beside its microseconds."""

    def __reduce_ex__(self, _: SupportsIndex) -> tuple[Any, ...]:
        return moment, (whole(self), self.nano)

    def __add__(self, other: timedelta) -> Moment:
        return moment(whole(self) + other, self.nano)

    __radd__ = __add__

    def __str__(self) -> str:
        return self.isoformat(" ")

    def time(self) -> Clock:
        return clock(whole(self).time(), self.nano)

    def isoformat(self, sep: str = "T", timespec: str = "auto") -> str:
        """With nine digits, whatever `timespec` says: none is ever lost."""
        del timespec
        plain = whole(self)
        wall = plain.replace(tzinfo=None)
        zone = plain.isoformat()[len(wall.isoformat()) :]
        return f"{wall.isoformat(sep, 'microseconds')}{self.nano:03d}{zone}"

    def replace(self, *args: Any, **fields: Any) -> Moment:
        return moment(whole(self).replace(*args, **fields), self.nano)

    def astimezone(self, tz: tzinfo | None = None) -> Moment:
        return moment(whole(self).astimezone(tz), self.nano)


class Clock(_Fine, time):
    """A time of day with nanoseconds beside its microseconds."""

    def __reduce_ex__(self, _: SupportsIndex) -> tuple[Any, ...]:
        return clock, (time(self.hour, self.minute, self.second, self.microsecond), self.nano)

    def __str__(self) -> str:
        return self.isoformat()

    def isoformat(self, timespec: str = "auto") -> str:
        """With nine digits, whatever `timespec` says: none is ever lost."""
        del timespec
        return f"{super().isoformat('microseconds')}{self.nano:03d}"


def of(value: object) -> int:
    """The nanoseconds of a value beyond its microseconds."""
    return getattr(value, "nano", 0)


def whole(value: datetime) -> datetime:
    """The same moment without its nanoseconds."""
    parts = (value.year, value.month, value.day, value.hour, value.minute, value.second, value.microsecond)
    return datetime(*parts, tzinfo=value.tzinfo, fold=value.fold)


def moment(value: datetime, nano: int) -> Moment:
    """The timestamp and so many nanoseconds."""
    parts = (value.year, value.month, value.day, value.hour, value.minute, value.second, value.microsecond)
    made = Moment(*parts, tzinfo=value.tzinfo, fold=value.fold)
    made.nano = nano
    return made


def clock(value: time, nano: int) -> Clock:
    """The time of day and so many nanoseconds."""
    made = Clock(value.hour, value.minute, value.second, value.microsecond)
    made.nano = nano
    return made


def joined(value: object, nano: int) -> object:
    """A value of the engine's with its nanoseconds; as it is where there are none."""
    if not nano:
        return value
    if isinstance(value, datetime):
        return moment(value, nano)
    return clock(value, nano) if isinstance(value, time) else value


def at_epoch(nanoseconds: int) -> datetime:
    """The moment that many nanoseconds after 1970, at UTC."""
    micros, nano = divmod(nanoseconds, 1000)
    found = joined(datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=micros), nano)
    assert isinstance(found, datetime)
    return found


def of_day(nanoseconds: int) -> time:
    """The time of day that many nanoseconds after midnight."""
    micros, nano = divmod(nanoseconds, 1000)
    found = joined((datetime(1970, 1, 1) + timedelta(microseconds=micros)).time(), nano)
    assert isinstance(found, time)
    return found


def kept(values: Sequence[object]) -> list[object]:
    """Python values as the structs of `ARROW` without an offset take them."""
    return [None if value is None else {"i": value, "n": of(value)} for value in values]
