"""Weeks as a session counts them: WEEK_START and WEEK_OF_YEAR_POLICY.

Source: sql-reference/functions-date-time (calendar weeks and weekdays). The ISO parts never look at the session.
"""

from __future__ import annotations

from collections.abc import Mapping

from runner.sandbox.classes import dataclass
from runner.sandbox.query.core import E, Emitter
from runner.sandbox.query.types import number


@dataclass(frozen=True, slots=True)
class Weeks:
    """`start` is the first day of a week, 1 for Monday; 0, the default, is Monday too, but counts weekdays from 0 for
    Sunday. A week belongs to the year of four of its days, or, `from_january`, the first holds the 1st of January.
    """

    start: int = 0
    from_january: bool = False

    @property
    def are_iso(self) -> bool:
        return self.start <= 1 and not self.from_january

    def first_day(self, sql: str) -> str:
        """The first day of the week of a date or timestamp."""
        later = max(0, self.start - 1)
        if not later:
            return f"date_trunc('week', {sql})"
        return f"(date_trunc('week', {sql} - INTERVAL {later} DAY) + INTERVAL {later} DAY)"

    def _days(self, one: str, two: str) -> str:
        return f"date_diff('day', {self.first_day(one)}, {self.first_day(two)})"

    def between(self, one: str, two: str) -> str:
        """How many beginnings of weeks lie between."""
        return f"({self._days(one, two)} // 7)"

    def day(self, sql: str) -> E:
        """DAYOFWEEK."""
        if not self.start:
            return E(f"CAST(dayofweek({sql}) AS BIGINT)", number(2))
        return E(f"CAST((isodow({sql}) + {7 - self.start}) % 7 + 1 AS BIGINT)", number(2))

    def _own_year(self, sql: str) -> str:
        return f"year({sql})" if self.from_january else f"year({self.first_day(sql)} + INTERVAL 3 DAY)"

    def year(self, sql: str) -> E:
        """YEAROFWEEK."""
        return E(f"CAST({self._own_year(sql)} AS BIGINT)", number(4))

    def number(self, sql: str) -> E:
        """WEEK: the fourth of January is always in the first one of its year."""
        inside = f"make_date({self._own_year(sql)}, 1, {1 if self.from_january else 4})"
        return E(f"CAST({self.between(inside, sql)} + 1 AS BIGINT)", number(2))


def of(emitter: Emitter) -> Weeks:
    """The weeks of the session that asks."""
    return of_parameters(emitter.world.context.session.parameters)


def of_parameters(parameters: Mapping[str, str]) -> Weeks:
    return Weeks(int(parameters.get("WEEK_START", "0")), parameters.get("WEEK_OF_YEAR_POLICY", "0") == "1")
