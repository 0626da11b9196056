"""DATEADD and DATEDIFF on the values of a script.

Sources: sql-reference/functions/dateadd (a day that the month does not have becomes its last),
sql-reference/functions/datediff (it counts the boundaries that are crossed).
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import TypeVar

from runner.sandbox.scripting.arithmetic import NotDirect

D = TypeVar("D", bound=date)

_UNITS = {
    "YEAR": "YEAR YEARS YYYY YY Y YR YRS",
    "MONTH": "MONTH MONTHS MM MON MONS",
    "WEEK": "WEEK WEEKS W WK",
    "DAY": "DAY DAYS D DD",
    "HOUR": "HOUR HOURS H HH HR HRS",
    "MINUTE": "MINUTE MINUTES MI MIN MINS",
    "SECOND": "SECOND SECONDS S SEC SECS",
}
UNITS = {word: unit for unit, words in _UNITS.items() for word in words.split()}
_MONTHS = {"YEAR": 12, "MONTH": 1}
_STEPS = {
    "WEEK": timedelta(weeks=1),
    "DAY": timedelta(days=1),
    "HOUR": timedelta(hours=1),
    "MINUTE": timedelta(minutes=1),
    "SECOND": timedelta(seconds=1),
}
_OF_DAYS = ("YEAR", "MONTH", "WEEK", "DAY")


def date_add(unit: str, count: object, value: object) -> object:
    """The date or timestamp moved by so many units; a DATE moved by hours would become a timestamp: not here."""
    if count is None or value is None:
        return None
    if isinstance(count, bool) or not isinstance(count, int) or not isinstance(value, date):
        raise NotDirect
    if not isinstance(value, datetime) and unit not in _OF_DAYS:
        raise NotDirect
    try:
        return _moved(unit, count, value)
    except (OverflowError, ValueError):
        raise NotDirect from None


def _moved(unit: str, count: int, value: D) -> D:
    if unit not in _MONTHS:
        return value + _STEPS[unit] * count
    months = value.year * 12 + value.month - 1 + _MONTHS[unit] * count
    year, month = divmod(months, 12)
    return value.replace(year=year, month=month + 1, day=min(value.day, monthrange(year, month + 1)[1]))


def date_diff(unit: str, first: object, last: object) -> object:
    """The boundaries of the unit between two dates."""
    if first is None or last is None:
        return None
    if type(first) is not date or type(last) is not date or unit not in _COUNTS:
        raise NotDirect
    return _COUNTS[unit](last) - _COUNTS[unit](first)


_COUNTS: dict[str, Callable[[date], int]] = {
    "YEAR": lambda value: value.year,
    "MONTH": lambda value: value.year * 12 + value.month,
    "DAY": date.toordinal,
}
