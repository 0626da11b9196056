"""The walk over a plan. Nothing is decided here: what runs, and why, stands in the items."""

from __future__ import annotations

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from itertools import groupby

from runner.connection.faults import StatementFault
from runner.connection.session import Session
from runner.core.errors import Cancelled, Interrupted, LeaseLost, OwnStatementFailed, ScriptFailed
from runner.core.history import Event, EventType, StatementRow
from runner.core.plan import Step
from runner.core.results import (
    Observer,
    ScriptEnded,
    ScriptResult,
    ScriptStarted,
    StatementEnded,
    StatementStarted,
)
from runner.core.script import Kind, Rendered, Statement
from runner.execution.ledger import Ledger, checksum_fields, script_fields
from runner.execution.sender import Failed, Sender
from runner.execution.stop import Stop
from runner.history.journal import Journal
from runner.history.lease import Heartbeat, Lease, cancel_queries, end_session
from runner.sql.sessions import moved_again, moves_session


@dataclass(frozen=True, slots=True)
class Item:
    """A step made ready: rendered, its finished statements known (`done`, by ordinal)."""

    step: Step
    rendered: Rendered
    context: str
    done: Mapping[int, StatementRow] = field(default_factory=dict)
    found: tuple[StatementRow, ...] = ()
    """Those of `done` that no checkpoint speaks of yet."""

    @property
    def outcome(self) -> str:
        if not self.rendered.statements:
            return "skipped"
        return "undone" if self.step.script.kind is Kind.UNDO else "applied"

    @property
    def end(self) -> EventType:
        kinds = {"skipped": EventType.SKIPPED, "undone": EventType.UNDONE, "applied": EventType.SUCCESS}
        return kinds[self.outcome]


@dataclass(slots=True, kw_only=True)
class Executor:
    """Everything a walk needs; one per run and environment."""

    open_work: Callable[[], Session]
    work: Session
    control: Session
    journal: Journal
    lease: Lease
    heartbeat: Heartbeat
    ledger: Ledger
    database: str
    parallel: int
    observe: Observer
    stop: Stop
    redact: Callable[[str], str]
    patience: Callable[[int], None]
    workers: list[Session] = field(default_factory=list)
    unwritten: list[Event] = field(default_factory=list)
    checkpoints: list[StatementRow] = field(default_factory=list)
    results: list[ScriptResult] = field(default_factory=list)

    def walk(self, items: Sequence[Item]) -> tuple[ScriptResult, ...]:
        """Apply the items in order. What succeeded before an error is in the error's `applied`."""
        self.stop.cancel = self.cancel
        try:
            for item in items:
                if self.stop.requested.is_set():
                    raise self._stopped()
                self._script(item)
            self._write()
        finally:
            self.stop.cancel = None
            for session in self.workers:
                session.close()
        return tuple(self.results)

    def _stopped(self) -> Cancelled | Interrupted:
        """Asked to stop before the first script, or between two."""
        self._write()
        if not self.results:
            return Interrupted()
        last = self.results[-1]
        return Cancelled(self.journal.environment, last.script, len(last.statements), self.applied)

    def cancel(self) -> None:
        """End the statements in flight; called from another thread."""
        for session in (self.work, *self.workers):
            cancel_queries(self.control, session.session_id)

    def _script(self, item: Item) -> None:
        began = time.monotonic()
        script = item.step.script
        total = len(item.rendered.statements)
        self.observe(ScriptStarted(item.rendered.environment, script.name, item.step.why, total, len(item.done)))
        rank = item.step.attempt.installed_rank if item.step.attempt else self.ledger.next_rank()
        if not item.rendered.statements:
            self.unwritten.append(self._event(EventType.SKIPPED, item, rank))
            rows: list[StatementRow] = []
        else:
            rows = self._statements(item, rank, began)
        took = _since(began)
        self.results.append(self._result(item, rows, took))
        self.observe(ScriptEnded(item.rendered.environment, script.name, item.outcome, took))

    def _statements(self, item: Item, rank: int, began: float) -> list[StatementRow]:
        self._open_workers(item)
        self.unwritten.append(self._event(EventType.STARTED, item, rank))
        self.checkpoints += item.found
        self._write()
        attempt = _Attempt(self, item, rank, began)
        rows = attempt.in_transaction() if item.rendered.script.head.transactional else attempt.one_by_one()
        self._settle(item)
        return rows

    def _settle(self, item: Item) -> None:
        """A script that moved its session (USE, SET, CREATE SCHEMA …) leaves no trace for the next one."""
        if any(moves_session(statement.text) for statement in item.rendered.statements):
            self.reopen(self.work)
            for session in self.workers:
                session.close()
            self.workers.clear()

    def reopen(self, lost: Session) -> Session:
        """A new session in the place of one. Events from now on name it, so that its statements can be looked up."""
        lost.close()
        fresh = self.open_work()
        if lost is self.work:
            self.work = fresh
            self.ledger.facts = replace(self.ledger.facts, session_id=fresh.session_id)
        else:
            self.workers[self.workers.index(lost)] = fresh
        return fresh

    def _event(self, kind: EventType, item: Item, rank: int, **more: object) -> Event:
        fields = script_fields(item.rendered.script) | checksum_fields(item.rendered)
        return self.ledger.event(kind, rank, context=self._context(item), **fields, **more)

    def _context(self, item: Item) -> str:
        """With the sessions that a parallel group will use, so that its statements can be looked up after a crash."""
        if not self.workers or all(statement.group is None for statement in item.rendered.statements):
            return item.context
        known = json.loads(item.context)
        sessions = {*known.get("sessions", ()), *(session.session_id for session in self.workers)}
        return json.dumps(known | {"sessions": sorted(sessions)}, sort_keys=True)

    def _open_workers(self, item: Item) -> None:
        groups = Counter(statement.group for statement in item.rendered.statements if statement.group is not None)
        if groups:
            self.worker_sessions(max(groups.values()))

    def _write(self) -> None:
        """Everything that is not in the journal yet, in one request."""
        self.heartbeat.check()
        if self.unwritten or self.checkpoints:
            self.journal.record(self.control, self.lease, self.unwritten, self.checkpoints)
            self.unwritten, self.checkpoints = [], []

    def _result(self, item: Item, rows: list[StatementRow], took: int) -> ScriptResult:
        script = item.rendered.script
        checksum = str(item.rendered.recorded_checksum)
        return ScriptResult(script.name, script.path, item.step.why, item.outcome, checksum, took, tuple(rows))

    @property
    def applied(self) -> tuple[str, ...]:
        return tuple(result.script for result in self.results)

    def worker_sessions(self, count: int) -> list[Session]:
        """The work session and as many more as a group can use."""
        while len(self.workers) < min(self.parallel, count) - 1:
            self.workers.append(self.open_work())
        return [self.work, *self.workers][: max(1, min(self.parallel, count))]


@dataclass(slots=True)
class _Attempt:
    """One attempt at one script."""

    run: Executor
    item: Item
    rank: int
    began: float
    mutex: threading.Lock = field(default_factory=threading.Lock)

    @property
    def rendered(self) -> Rendered:
        return self.item.rendered

    def one_by_one(self) -> list[StatementRow]:
        """Statements that commit by themselves; the checkpoints travel with the script's end."""
        rows = list(self.item.done.values())
        self._bring(self.run.work, min((s.ordinal for s in self._todo()), default=1))
        for group in self._groups():
            self._go_on(rows)
            try:
                self._group(group, rows)
            except Failed as failure:
                raise self._failed(failure, rows) from None
        self.run.unwritten.append(self._end())
        self.run.checkpoints += self._new(rows)
        return rows

    def _groups(self) -> Iterator[list[Statement]]:
        """What is still to be sent: single statements, and parallel groups as one."""
        for _, members in groupby(
            self._todo(), key=lambda s: ("group", s.group) if s.group is not None else ("one", s.ordinal)
        ):
            yield list(members)

    def _todo(self) -> list[Statement]:
        return [s for s in self.rendered.statements if s.ordinal not in self.item.done]

    def _group(self, statements: list[Statement], rows: list[StatementRow]) -> None:
        """Sends them; what is done stands in `rows`, also when another one failed."""
        if len(statements) > 1 and self.run.parallel > 1:
            self._at_once(statements, rows)
            return
        for statement in statements:
            self._go_on(rows)
            rows.append(self._send(self.run.work, statement))

    def _at_once(self, statements: list[Statement], rows: list[StatementRow]) -> None:
        """The statements of a group, dealt to several sessions; all end before the first failure is told."""
        sessions = self.run.worker_sessions(len(statements))
        for session in sessions[1:]:
            self._bring(session, statements[0].ordinal)
        hands = [statements[at :: len(sessions)] for at in range(len(sessions))]
        with ThreadPoolExecutor(len(sessions)) as pool:
            failures = list(pool.map(lambda at: self._hand(at, hands[at], rows), range(len(sessions))))
        if failure := next(filter(None, failures), None):
            raise failure
        self._go_on(rows)

    def _hand(self, at: int, statements: list[Statement], rows: list[StatementRow]) -> Failed | None:
        """One session's share of a group. Asked to stop, it ends after the statement that runs."""
        for statement in statements:
            if self.run.stop.requested.is_set():
                break
            try:
                rows.append(self._send([self.run.work, *self.run.workers][at], statement))
            except Failed as failure:
                return failure
        return None

    def _bring(self, session: Session, ordinal: int) -> None:
        """A session that did not run the statements before this one: to where they would have brought it."""
        for statement in self.rendered.statements[: ordinal - 1]:
            if again := moved_again(statement.text):
                session.execute(again)

    def _reopen(self, lost: Session, ordinal: int) -> Session:
        """A new session for a lost one, in the middle of the script. The journal is told of it before it is used."""
        with self.mutex:
            used = [session.session_id for session in (self.run.work, *self.run.workers)]
            fresh = self.run.reopen(lost)
            self._bring(fresh, ordinal)
            context = json.loads(self.item.context)
            sessions = sorted({*context.get("sessions", ()), *used, fresh.session_id})
            self.item = replace(self.item, context=json.dumps(context | {"sessions": sessions}, sort_keys=True))
            self.run.unwritten.append(self.run._event(EventType.STARTED, self.item, self.rank))
            self.run._write()
            return fresh

    def _send(self, session: Session, statement: Statement) -> StatementRow:
        run, total = self.run, len(self.rendered.statements)
        run.heartbeat.check()
        run.observe(StatementStarted(self.rendered.environment, self.rendered.script.name, statement, total))
        try:
            row = self._sender().send(session, statement)
        except Failed as failure:
            run.observe(StatementEnded(self.rendered.environment, self.rendered.script.name, failure.row, total))
            raise
        run.observe(StatementEnded(self.rendered.environment, self.rendered.script.name, row, total))
        return row

    def _sender(self) -> Sender:
        run = self.run
        return Sender(
            self.rendered, run.ledger.facts.run_id, self.rank, run.control, run.database, run.redact, self._reopen,
            run.patience,
        )  # fmt: skip

    def in_transaction(self) -> list[StatementRow]:
        """All statements, the end event and its checkpoints in one transaction: all of it stands, or nothing."""
        rows: list[StatementRow] = []
        self.run.work.execute("BEGIN TRANSACTION")
        try:
            for statement in self.rendered.statements:
                self._go_on([])
                rows.append(self._send(self.run.work, statement))
        except Failed as failure:
            self._roll_back()
            raise self._failed(failure, rows) from None
        except BaseException:
            self._roll_back()
            raise
        self._commit(rows)
        return rows

    def _commit(self, rows: list[StatementRow]) -> None:
        """The guard stands last: it holds the lease's row until the commit."""
        run, end = self.run, self._end()
        try:
            if run.work.execute(run.lease.guard()).rowcount != 1:
                raise LeaseLost(self.rendered.environment, "another runner")
            for sentence in run.journal.inserts([end], rows):
                run.work.execute(sentence)
            run.work.execute("COMMIT")
        except StatementFault as fault:
            end_session(run.control, run.work.session_id)
            if not self._committed(end):
                run.ledger.back_to(end)
                doing = f"committing {self.rendered.script.name}"
                raise OwnStatementFailed(self.rendered.environment, doing, fault.errno, fault.message) from None
            run.reopen(run.work)
        except LeaseLost:
            self._roll_back()
            raise

    def _committed(self, end: Event) -> bool:
        history = self.run.journal.read(self.run.control)
        return history is not None and history.seal == end.chain

    def _roll_back(self) -> None:
        """A session that is lost has rolled back by itself."""
        try:
            self.run.work.execute("ROLLBACK")
        except StatementFault:
            self.run.reopen(self.run.work)

    def _go_on(self, rows: Sequence[StatementRow]) -> None:
        """Between two statements: was the runner asked to stop?"""
        if self.run.stop.requested.is_set():
            raise self._cancelled(rows)

    def _cancelled(self, rows: Sequence[StatementRow]) -> Cancelled:
        self.run.checkpoints += self._new(rows)
        self.run._write()
        last = max((row.ordinal for row in rows), default=0)
        return Cancelled(self.rendered.environment, self.rendered.script.name, last, self.run.applied)

    def _failed(self, failure: Failed, rows: list[StatementRow]) -> ScriptFailed | Cancelled:
        """Record the failure and make the error of it."""
        rolled_back = self.rendered.script.head.transactional
        if failure.cancelled and self.run.stop.requested.is_set():
            return self._cancelled([] if rolled_back else rows)
        row = failure.row
        self.run.unwritten.append(self._end(row))
        self.run.checkpoints += [*([] if rolled_back else self._new(rows)), row]
        self.run._write()
        statement = self.rendered.statements[row.ordinal - 1]
        return ScriptFailed(
            self.rendered.environment, self.rendered.script.name, self.rendered.script.path, row.line, row.ordinal,
            statement.text, row.query_id, row.error_code, row.error_message, rolled_back, self.run.applied,
        )  # fmt: skip

    def _end(self, failed: StatementRow | None = None) -> Event:
        more: dict[str, object] = {"execution_time": _since(self.began)}
        if failed is not None:
            more |= {"error_code": failed.error_code, "error_message": failed.error_message}
        kind = EventType.FAILED if failed is not None else self.item.end
        return self.run._event(kind, self.item, self.rank, **more)

    def _new(self, rows: Iterable[StatementRow]) -> list[StatementRow]:
        """Checkpoints that are not in the journal yet."""
        old = self.item.done.values()
        return [row for row in rows if row not in old]


def _since(began: float) -> int:
    return round((time.monotonic() - began) * 1000)
