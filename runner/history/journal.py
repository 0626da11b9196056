"""The journal in an account: read whole, written by appending only, every write fenced by the lease."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from runner.connection.faults import FaultKind, StatementFault
from runner.connection.session import Session
from runner.core.errors import HistoryDamaged, LeaseLost, OwnStatementFailed
from runner.core.history import Event, History, Standing, StatementRow
from runner.history.layout import Layout
from runner.history.lease import Lease, look
from runner.history.rows import (
    HISTORY_NAMES,
    STATEMENT_NAMES,
    event_of,
    insert_events,
    insert_statements,
    statement_of,
)
from runner.sql.composing import compose

_RECORD = """BEGIN
    BEGIN TRANSACTION;
    {guard:r};
    IF (SQLROWCOUNT <> 1) THEN
        ROLLBACK;
        RETURN 'LEASE LOST';
    END IF;
    {inserts:r};
    COMMIT;
    RETURN 'RECORDED';
EXCEPTION
    WHEN OTHER THEN
        ROLLBACK;
        RAISE;
END"""
_ABSENT = 2003
_UNFINISHED = (Standing.DIRTY, Standing.FAILED, Standing.RETRY, Standing.UNDO_FAILED)


class Journal:
    """The history of one environment. Reading is free; writing needs the lease."""

    def __init__(self, environment: str, layout: Layout) -> None:
        self.environment = environment
        self.layout = layout

    def read(self, session: Session) -> History | None:
        """All that was recorded; None where nothing was ever deployed by a runner.

        Raises HistoryDamaged when the rows are not those that were written.
        """
        names = ", ".join(HISTORY_NAMES)
        sentence = compose(
            "SELECT {names:r} FROM {table:i} ORDER BY EVENT_NUMBER", names=names, table=self.layout.history
        )
        try:
            rows = session.execute(sentence).rows
        except StatementFault as fault:
            if fault.errno == _ABSENT:
                return None
            raise self._refused("reading the history", fault) from None
        history = History(self._sealed([self._event(row) for row in rows]))
        return self._with_checkpoints(session, history)

    def _event(self, row: Sequence[object]) -> Event:
        try:
            return event_of(row)
        except (ValueError, TypeError) as error:
            raise self._damaged(f"event {row[0]} cannot be read ({error})") from None

    def _sealed(self, events: list[Event]) -> tuple[Event, ...]:
        """The events, when their numbers have no gap and every seal follows from the row before."""
        seal = ""
        for expected, event in enumerate(events, 1):
            if event.number != expected:
                raise self._damaged(f"event {expected} is missing or doubled")
            seal = event.sealed_after(seal)
            if event.chain != seal:
                raise self._damaged(
                    f"event {event.number} ({event.script or event.event}) was changed after it was written"
                )
        return tuple(events)

    def _damaged(self, reason: str) -> HistoryDamaged:
        return HistoryDamaged(self.environment, str(self.layout.history), reason)

    def _with_checkpoints(self, session: Session, history: History) -> History:
        """The checkpoints are fetched only for attempts that did not end."""
        ranks = {
            r.attempt.installed_rank for r in history.records().values() if r.attempt and r.standing in _UNFINISHED
        }
        return replace(history, statements=self.statements(session, sorted(ranks))) if ranks else history

    def statements(self, session: Session, ranks: Sequence[int]) -> tuple[StatementRow, ...]:
        """The checkpoints of the attempts with these ranks."""
        sentence = compose(
            "SELECT {names:r} FROM {table:i} WHERE INSTALLED_RANK IN ({ranks:r}) "
            "ORDER BY INSTALLED_RANK, ORDINAL, RECORDED_ON",
            names=", ".join(STATEMENT_NAMES),
            table=self.layout.statement,
            ranks=", ".join(str(int(rank)) for rank in ranks),
        )
        return tuple(statement_of(row) for row in session.execute(sentence).rows)

    def bootstrap(self, session: Session) -> None:
        """Create what is missing of the history's tables; one request."""
        try:
            session.execute(self.layout.bootstrap())
        except StatementFault as fault:
            raise self._refused(f"creating the history in {self.layout.schema}", fault) from None

    def stands(self, session: Session) -> bool:
        """Whether all of it was created: the lock is the last of it."""
        try:
            return look(session, self.layout.lock) is not None
        except StatementFault as fault:
            if fault.is_absent:
                return False
            raise self._refused("looking for the history's lock", fault) from None

    def record(
        self, control: Session, lease: Lease, events: Sequence[Event], statements: Sequence[StatementRow] = ()
    ) -> None:
        """Append events and checkpoints in one transaction and one request. Raises LeaseLost when the lease is gone."""
        sentence = compose(_RECORD, guard=lease.guard(), inserts=";\n    ".join(self.inserts(events, statements)))
        try:
            answer = control.execute(sentence).rows[0][0]
        except StatementFault as fault:
            if fault.kind is FaultKind.TRANSPORT and self._stands(control, events):
                return
            raise self._refused("writing the history", fault) from None
        if answer != "RECORDED":
            raise LeaseLost(self.environment, "another runner")

    def inserts(self, events: Sequence[Event], statements: Sequence[StatementRow]) -> list[str]:
        """The bare sentences, for a transaction that is already open."""
        sentences = [insert_events(self.layout.history, events)] if events else []
        return [*sentences, insert_statements(self.layout.statement, statements)] if statements else sentences

    def _stands(self, control: Session, events: Sequence[Event]) -> bool:
        """Whether a write whose answer was lost arrived."""
        history = self.read(control)
        seals = {event.chain for event in history.events} if history else set()
        return all(event.chain in seals for event in events)

    def _refused(self, doing: str, fault: StatementFault) -> OwnStatementFailed:
        return OwnStatementFailed(self.environment, doing, fault.errno, fault.message)
