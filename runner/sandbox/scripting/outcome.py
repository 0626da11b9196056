"""What a script gives back, and the rows that a client gets for it."""

from __future__ import annotations

from runner.sandbox.classes import dataclass
from runner.sandbox.result import TEXT, Column, Result, SnowType, StatementType, rows_result
from runner.sandbox.scripting.values import plain


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a script gave back: a value with its type, or the rows of RETURN TABLE."""

    value: object
    type: SnowType
    table: Result | None = None


NOTHING = Outcome(None, TEXT)


def outcome_result(outcome: Outcome, column: str) -> Result:
    """The rows that the client gets: the table, or one value in a column named after the procedure."""
    if outcome.table is not None:
        return outcome.table
    return rows_result([Column(column, outcome.type)], [(plain(outcome.value),)], StatementType.CALL)
