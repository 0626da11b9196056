"""A session that answers what it was told to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from runner.catalog.reading.asking import Desk
from runner.catalog.reading.request import ReadRequest
from runner.connection.faults import FaultKind, StatementFault
from runner.connection.session import Rows, Session

Answer = Callable[[str], list[dict[str, Any]]]


class Told:
    """Asks a function for the rows of each statement, and keeps the statements."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.sent: list[str] = []
        self.profile: Any = None

    def execute(self, sql: str, **_: object) -> Rows:
        self.sent.append(sql)
        found = self.answer(sql)
        return Rows("q", tuple(found[0]) if found else (), [tuple(row.values()) for row in found], len(found))


def refused(message: str = "no", kind: FaultKind = FaultKind.REFUSED) -> StatementFault:
    return StatementFault(kind, 2003, "42S02", "q", message)


def desk(answer: Answer) -> tuple[Desk, Told]:
    session = Told(answer)
    return Desk(cast(Session, session), ReadRequest("DB")), session
