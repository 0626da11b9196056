"""Questions to the account, several at a time; what is refused is kept as a gap. Only queries."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from threading import Lock
from typing import Any, TypeAlias, TypeVar

from runner.catalog.estate import Gap
from runner.catalog.reading.request import ReadRequest
from runner.connection.faults import FaultKind, StatementFault
from runner.connection.session import Rows, Session
from runner.core.errors import OwnStatementFailed, RunnerError

Row: TypeAlias = Mapping[str, Any]
A = TypeVar("A")
B = TypeVar("B")
_UNSUPPORTED = "0A000"
_FATAL = frozenset({FaultKind.TRANSPORT, FaultKind.SESSION_LOST, FaultKind.AUTH})


@dataclass(frozen=True, slots=True)
class Question:
    """One statement; ``evidence`` and ``scope`` are what is missing when it is refused."""

    evidence: str
    scope: str
    sql: str


@dataclass
class Desk:
    """One reading: its sessions, and what could not be had. `asked` counts the statements."""

    first: Session
    request: ReadRequest
    gaps: set[Gap] = field(default_factory=set)
    asked: int = 0
    _idle: SimpleQueue[Session] = field(default_factory=SimpleQueue)
    _opened: list[Session] = field(default_factory=list)
    _door: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self._idle.put(self.first)

    def must(self, question: Question) -> list[Row]:
        """The answer to what nothing can be read without; OwnStatementFailed when it is refused."""
        try:
            return self.raw(question.sql)
        except StatementFault as fault:
            raise self._failed(question.evidence, fault) from None

    def rows(self, question: Question) -> list[Row]:
        """The answer, or nothing and a gap."""
        try:
            return self.raw(question.sql)
        except StatementFault as fault:
            self.gap(question, fault)
            return []

    def kinds(self, question: Question) -> list[Row]:
        """All of a kind; an account that does not know the kind has none of it, which is no gap."""
        try:
            return self.raw(question.sql)
        except StatementFault as fault:
            if fault.sqlstate != _UNSUPPORTED:
                self.gap(question, fault)
            return []

    def all(self, questions: Sequence[Question]) -> list[list[Row]]:
        """The answers in the questions' order, asked at the same time."""
        return self.each(self.rows, questions)

    def each(self, work: Callable[[A], B], items: Iterable[A]) -> list[B]:
        """``work`` for every item, as many at a time as there may be sessions. Never called from within ``work``."""
        waiting = list(items)
        if len(waiting) <= 1 or self.request.connect is None:
            return [work(item) for item in waiting]
        with ThreadPoolExecutor(min(self.request.parallel, len(waiting)), "catalog") as pool:
            futures = [pool.submit(work, item) for item in waiting]
            return self._results(pool, futures)

    def _results(self, pool: ThreadPoolExecutor, futures: list[Future[B]]) -> list[B]:
        """A failure waits for nothing that has not begun, an interrupt for no statement: it ends with its session."""
        try:
            return [future.result() for future in futures]
        except KeyboardInterrupt:
            self.first.close()
            self.close()
            raise
        finally:
            pool.shutdown(wait=False, cancel_futures=True)

    def raw(self, sql: str) -> list[Row]:
        """Rows by column name in lower case. StatementFault when it is refused."""
        with self._session() as session:
            self.asked += 1
            return records(session.execute(sql))

    def gap(self, question: Question, fault: StatementFault) -> None:
        """Keeps the reason; a lost session or network is no gap but the end."""
        if fault.kind in _FATAL:
            raise self._failed(f"reading {question.evidence}", fault) from None
        self.gaps.add(Gap(question.evidence, question.scope, str(fault)))

    def refused(self, question: Question | None, fault: StatementFault) -> None:
        """As `gap`; without a question nothing is missing, but a lost session is the end all the same."""
        if question is not None or fault.kind in _FATAL:
            self.gap(question or Question("the source", "", ""), fault)

    def close(self) -> None:
        """Ends the sessions that were opened here; the first one is the caller's."""
        for session in self._opened:
            session.close()

    @contextmanager
    def _session(self) -> Generator[Session, None, None]:
        session = self._taken()
        try:
            yield session
        finally:
            self._idle.put(session)

    def _taken(self) -> Session:
        try:
            return self._idle.get_nowait()
        except Empty:
            return self._another() or self._idle.get()

    def _another(self) -> Session | None:
        """One more session; without it the work is only slower."""
        with self._door:
            if self.request.connect is None or len(self._opened) + 1 >= self.request.parallel:
                return None
            try:
                self._opened.append(self.request.connect())
            except RunnerError:
                return None
            return self._opened[-1]

    def _failed(self, doing: str, fault: StatementFault) -> OwnStatementFailed:
        return OwnStatementFailed(self.first.profile.environment, doing, fault.errno, fault.message)


def records(rows: Rows) -> list[Row]:
    return [dict(zip((name.lower() for name in rows.columns), row, strict=True)) for row in rows.rows]
