"""SCHEDULE of a task: every so many hours, minutes or seconds, or a cron expression in a time zone.

Source: sql-reference/sql/create-task (SCHEDULE).
"""

from __future__ import annotations

import calendar
import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from runner.sandbox.classes import dataclass
from runner.sandbox.errors import SnowflakeError, compilation

_INTERVAL = re.compile(r"\s*(\d+)\s+(HOURS?|H|MINUTES?|M|SECONDS?|S)\s*\Z", re.IGNORECASE)
_CRON = re.compile(r"\s*USING\s+CRON\s+(\S+)\s+(\S+)\s+(\S+)\s+(\S+)\s+(\S+)\s+(\S+)\s*\Z", re.IGNORECASE)
_UNITS = {"H": 3600, "M": 60, "S": 1}
_LEAST, _MOST = timedelta(seconds=10), timedelta(minutes=11520)
_MONTHS = {name.upper(): at for at, name in enumerate(calendar.month_abbr) if name}
_DAYS = {"SUN": 0, "MON": 1, "TUE": 2, "WED": 3, "THU": 4, "FRI": 5, "SAT": 6}
_YEARS = 8
"""How far ahead a cron expression is looked for: from one 29th of February to the next and more."""


@dataclass(frozen=True, slots=True)
class Interval:
    length: timedelta

    def after(self, instant: datetime) -> datetime | None:
        return instant + self.length


@dataclass(frozen=True, slots=True)
class Cron:
    """A cron expression; where day of month and day of week are both given, either is enough."""

    minutes: frozenset[int]
    hours: frozenset[int]
    days: str
    months: frozenset[int]
    weekdays: str
    zone: ZoneInfo

    def after(self, instant: datetime) -> datetime | None:
        """The next moment after this one; None when there is none in years. A local time that does not exist, as in
        the night when clocks go forward, is left out; one that comes twice is taken once.
        """
        local = instant.astimezone(self.zone)
        for ahead in range(366 * _YEARS):
            day = local.date() + timedelta(days=ahead)
            if day.month not in self.months or not self._fits(day):
                continue
            for hour in sorted(self.hours):
                for minute in sorted(self.minutes):
                    found = datetime.combine(day, time(hour, minute), self.zone).astimezone(UTC)
                    exists = found.astimezone(self.zone).replace(tzinfo=None) == datetime.combine(
                        day, time(hour, minute)
                    )
                    if found > instant and exists:
                        return found
        return None

    def _fits(self, day: date) -> bool:
        of_month, of_week = _day_fits(self.days, day), _weekday_fits(self.weekdays, day)
        if self.days == "*" or self.weekdays == "*":
            return of_month and of_week
        return of_month or of_week


Schedule = Interval | Cron


def parse(text: str) -> Schedule:
    """The schedule that the text means; anything else is an error."""
    if interval := _INTERVAL.match(text):
        length = timedelta(seconds=int(interval[1]) * _UNITS[interval[2][0].upper()])
        if not _LEAST <= length <= _MOST:
            raise _invalid(text)
        return Interval(length)
    if cron := _CRON.match(text):
        return _cron(text, *cron.groups())
    raise _invalid(text)


def _cron(text: str, minute: str, hour: str, day: str, month: str, weekday: str, zone: str) -> Cron:
    try:
        found = ZoneInfo(zone)
        _day_fits(day.upper(), date(2024, 2, 29))
        _weekday_fits(weekday.upper(), date(2024, 2, 29))
        return Cron(
            minutes=_numbers(minute, 0, 59, {}),
            hours=_numbers(hour, 0, 23, {}),
            days=day.upper(),
            months=_numbers(month.upper(), 1, 12, _MONTHS),
            weekdays=weekday.upper(),
            zone=found,
        )
    except (ValueError, OSError, KeyError):
        raise _invalid(text) from None


def _numbers(text: str, low: int, high: int, names: dict[str, int]) -> frozenset[int]:
    """`*`, `*/5`, `1,2`, `9-17/2`, `MON-FRI` as the numbers they mean."""
    found: set[int] = set()
    for part in text.split(","):
        span, _, step = part.partition("/")
        if step and int(step) < 1:
            raise ValueError(part)
        if span == "*":
            first, last = low, high
        else:
            begin, dash, end = span.partition("-")
            first = names[begin] if begin in names else int(begin)
            last = (names[end] if end in names else int(end)) if dash else high if step else first
        if not low <= first <= last <= high:
            raise ValueError(part)
        found |= set(range(first, last + 1, int(step or 1)))
    return frozenset(found)


def _day_fits(text: str, day: date) -> bool:
    """Day of month; `L` is the last."""
    last = calendar.monthrange(day.year, day.month)[1]
    return any(day.day == last if part == "L" else day.day in _numbers(part, 1, 31, {}) for part in text.split(","))


def _weekday_fits(text: str, day: date) -> bool:
    """Day of week from 0 for Sunday; `5L` is the last Friday of a month."""
    number = day.isoweekday() % 7
    for part in text.split(","):
        if part.endswith("L") and part != "L":
            wanted = _DAYS[part[:-1]] if part[:-1] in _DAYS else int(part[:-1])
            if number == wanted % 7 and (day + timedelta(days=7)).month != day.month:
                return True
        elif number in {each % 7 for each in _numbers("6" if part == "L" else part, 0, 7, _DAYS)}:
            return True
    return False


def _invalid(text: str) -> SnowflakeError:
    return compilation(1432, "22023", f"Invalid value for property 'SCHEDULE': '{text[:100]}'.")
