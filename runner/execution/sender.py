"""One statement to one session: sent once, timed, and its fate known whatever happens to the answer."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from runner.connection.faults import FaultKind, StatementFault
from runner.connection.session import Rows, Session
from runner.core.errors import StatementInDoubt
from runner.core.history import StatementRow, StatementState
from runner.core.script import Rendered, Statement
from runner.execution.lookup import Fate, fates
from runner.execution.tags import Tag
from runner.history.lease import end_session

_SHOWN_ROWS = 20
_LOST = (FaultKind.TRANSPORT, FaultKind.SESSION_LOST)


@dataclass(eq=False)
class Failed(Exception):
    """A statement was refused, or an assertion did not hold. `cancelled`: by our own order."""

    row: StatementRow
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class Sender:
    """Sends the statements of one attempt at a script."""

    rendered: Rendered
    run_id: str
    rank: int
    control: Session
    database: str
    redact: Callable[[str], str]
    reopen: Callable[[Session, int], Session]
    """A new session for one that was lost, brought to where the statement with this ordinal needs it."""
    patience: Callable[[int], None]
    """Waits before the n-th look at a statement that is still running."""

    def send(self, session: Session, statement: Statement) -> StatementRow:
        """Run one statement. Raises Failed, or StatementInDoubt when its fate cannot be found out."""
        began = time.monotonic()
        tag = Tag.of(self.run_id, self.rendered.environment, self.rendered.script.name, statement)
        try:
            rows = self._executed(session, statement, tag)
        except StatementFault as fault:
            return self._after(fault, session, statement, tag, began)
        return self._judged(statement, rows, self._row(statement, rows, began))

    def _executed(self, session: Session, statement: Statement, tag: Tag) -> Rows:
        """The answer. A statement that only could not have its lock did nothing, and is sent again a few times.

        Inside a transaction it is not: the transaction is lost with it (TRANSACTION_ABORT_ON_ERROR).
        """
        timeout = statement.timeout or self.rendered.script.head.timeout
        for look in range(_LOCK_TRIES):
            try:
                return session.execute(statement.text, tag=tag.text, timeout=timeout)
            except StatementFault as fault:
                if fault.kind is not FaultKind.LOCK or self.rendered.script.head.transactional:
                    raise
                self.patience(look * 4)
        return session.execute(statement.text, tag=tag.text, timeout=timeout)

    def _row(self, statement: Statement, rows: Rows, began: float) -> StatementRow:
        return StatementRow(
            run_id=self.run_id, script=self.rendered.script.name, installed_rank=self.rank,
            ordinal=statement.ordinal, sha256=statement.sha256, line=statement.line, query_id=rows.query_id,
            state=StatementState.SUCCESS, row_count=rows.rowcount, execution_time=_since(began),
        )  # fmt: skip

    def _judged(self, statement: Statement, rows: Rows, row: StatementRow) -> StatementRow:
        """An assertion holds with no row, or one row that is TRUE."""
        if not statement.assertion or not rows.rows or _true(rows.rows):
            return row
        raise Failed(replace(row, state=StatementState.FAILED, error_message=self.redact(_shown(rows))))

    def _after(
        self, fault: StatementFault, session: Session, statement: Statement, tag: Tag, began: float
    ) -> StatementRow:
        lost = fault.kind in _LOST
        if lost and not self.rendered.script.head.transactional:
            return self._found_out(session, statement, tag)
        if lost:
            end_session(self.control, session.session_id)
        row = self._row(statement, Rows(fault.query_id or "", (), [], None), began)
        failed = replace(
            row, state=StatementState.FAILED, error_code=fault.errno, error_message=self.redact(fault.message)
        )
        raise Failed(failed, cancelled=fault.kind is FaultKind.CANCELLED)

    def _found_out(self, session: Session, statement: Statement, tag: Tag) -> StatementRow:
        """The answer was lost: look the statement up by its tag; send it again only when it never arrived."""
        fate = self._fate(session, tag)
        if fate is None:
            return self.send(self.reopen(session, statement.ordinal), statement)
        row = replace(fate.row(self.rank, statement.line), sha256=statement.sha256)
        if row.state is StatementState.FAILED:
            raise Failed(row)
        fresh = self.reopen(session, statement.ordinal + 1)
        return self.send(fresh, statement) if statement.assertion else row

    def _fate(self, session: Session, tag: Tag) -> Fate | None:
        name = self.rendered.script.name
        query_id = ""
        for look in range(_MOST_LOOKS):
            fate = fates(self.control, self.database, [session.session_id], self.run_id, name).get(tag.ordinal)
            if fate is None or not fate.running:
                return fate
            query_id = fate.query_id
            self.patience(look)
        raise StatementInDoubt(self.rendered.environment, name, tag.ordinal, query_id, "still running")


_MOST_LOOKS = 60
_LOCK_TRIES = 3


def _true(rows: list[tuple[object, ...]]) -> bool:
    """One row that is TRUE, and not merely 1."""
    return len(rows) == 1 and len(rows[0]) == 1 and rows[0][0] is True


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)


def _shown(rows: Rows) -> str:
    """The rows that broke an assertion, as a person reads them."""
    head = " | ".join(rows.columns)
    body = "\n".join(" | ".join(str(value) for value in row) for row in rows.rows[:_SHOWN_ROWS])
    more = len(rows.rows) - _SHOWN_ROWS
    return f"the assertion does not hold:\n{head}\n{body}" + (f"\n… and {more} more rows" if more > 0 else "")
