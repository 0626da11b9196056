"""A Snowflake transaction, kept as overlays over committed tables, and the table locks that hold to its end.

Sources: sql-reference/transactions (scope, READ COMMITTED, locks, deadlocks), sql-reference/parameters (LOCK_TIMEOUT).
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import field
from datetime import datetime

from runner.sandbox.catalog.store import Work, utc_now
from runner.sandbox.classes import dataclass
from runner.sandbox.clock import CLOCK
from runner.sandbox.control import Control
from runner.sandbox.errors import SnowflakeError

MAX_WAITERS = 20
"""Statements that may wait for one table; one more is refused with 000625."""


@dataclass(kw_only=True)
class Overlay:
    """What a transaction has done to one table: rows appended beside the base, or a whole state in its place."""

    table_id: int
    shape: tuple[tuple[str, str], ...]
    """Names and storage types of the columns; COMMIT refuses when the table has others by then."""
    required: frozenset[str]
    """The columns that took no NULL; COMMIT refuses when more of them do by then."""
    tracked: int = 0
    """The log of the table's changes at the time; a whole state made for another one cannot be compared."""
    appended: int | None = None
    replaced: int | None = None
    ready: threading.Event = field(default_factory=threading.Event)
    """Set when `replaced` is whole: from then on rows that others commit are appended to it too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Between which instants a stream's changes are seen; `initial`: what was there at the first of them."""

    since: datetime
    until: datetime
    initial: bool = False


@dataclass(kw_only=True)
class Transaction:
    """One transaction of one session. `depth` counts the procedure calls around its BEGIN."""

    id: int
    session_id: int
    user: str
    account: str
    started_at: datetime
    name: str
    depth: int = 0
    implicit: bool = False
    """Begun by a DML statement under AUTOCOMMIT=FALSE, or for one autocommitted statement."""
    failed: bool = False
    """A statement failed under TRANSACTION_ABORT_ON_ERROR: only ROLLBACK is left."""
    aborted: bool = False
    """Ended from outside (SYSTEM$ABORT_TRANSACTION); the session is told at its next statement."""
    overlays: dict[int, Overlay] = field(default_factory=dict)
    effects: list[Callable[[Work], object]] = field(default_factory=list)
    """What becomes true of the catalogue together with the rows: done in the step that publishes them, or never."""
    afterwards: list[Callable[[], None]] = field(default_factory=list)
    """What is done once the changes are durable, such as removing files that were loaded."""
    places: dict[int, Place] = field(default_factory=dict)
    """What its statements see of each stream: the same, from the first to the last."""
    outer: Transaction | None = None
    """The transaction that a procedure's own one has put aside until it ends."""
    version: int = 0
    """Grows with every change of the overlays: what was compiled against them is stale when it differs."""

    def overlay(self, table_id: int) -> Overlay | None:
        return self.overlays.get(table_id)


@dataclass(frozen=True, kw_only=True)
class LockRow:
    """One line of SHOW LOCKS: status is HOLDING or WAITING."""

    table_id: int
    transaction: Transaction
    status: str
    requested_at: datetime
    acquired_at: datetime | None
    query_id: str


@dataclass(kw_only=True)
class _Request:
    transaction: Transaction
    query_id: str
    requested_at: datetime
    acquired_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Waited:
    """How a wait ended: `acquired_at` is None where the lock was never got; `ahead` says who was waited for."""

    acquired_at: datetime | None
    ahead: tuple[tuple[str, int], ...]
    """Statement and transaction of the holder, then of those in the queue."""


def _quietly(_: Waited) -> None:
    """Nobody asks how long it took."""


def lock_error(table: str, holder: Transaction, query_id: str, why: str) -> SnowflakeError:
    return SnowflakeError(
        625,
        "57014",
        f"Transaction {holder.id} of session {holder.session_id} has locked table '{table}' and this lock has not yet "
        f"been released.\nYour statement '{query_id}' was aborted because {why}.",
    )


class Locks:
    """Table locks: one holder at a time, waiters served in the order they came, a circle of waiters refused."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._held: dict[int, _Request] = {}
        self._queues: dict[int, list[_Request]] = {}

    def acquire(
        self,
        table_id: int,
        table: str,
        owner: Transaction,
        query_id: str,
        now: datetime,
        timeout: float,
        control: Control,
        told: Callable[[Waited], None] = _quietly,
    ) -> None:
        """Take the table for the transaction, or raise 000625 when the wait is too long, too crowded or a deadlock.

        Who had to wait is told of it, however the wait ended.
        """
        with self._changed:
            if self._mine(table_id, owner):
                return
            request = _Request(transaction=owner, query_id=query_id, requested_at=now)
            queue = self._queues.setdefault(table_id, [])
            self._refuse_crowd(table_id, table, queue, query_id)
            ahead = self._everybody(table_id)
            queue.append(request)
            try:
                with self._interruptible(control):
                    self._wait(table_id, table, request, timeout, control)
                self._held[table_id] = request
                request.acquired_at = utc_now() if ahead else now
            finally:
                queue.remove(request)
                self._changed.notify_all()
                if ahead:
                    told(Waited(request.acquired_at, ahead))

    def _everybody(self, table_id: int) -> tuple[tuple[str, int], ...]:
        """Who has the table or wants it."""
        held = [self._held[table_id]] if table_id in self._held else []
        return tuple((each.query_id, each.transaction.id) for each in (*held, *self._queues[table_id]))

    def _mine(self, table_id: int, owner: Transaction) -> bool:
        held = self._held.get(table_id)
        return held is not None and held.transaction is owner

    def _refuse_crowd(self, table_id: int, table: str, queue: list[_Request], query_id: str) -> None:
        held = self._held.get(table_id)
        if held is not None and len(queue) >= MAX_WAITERS:
            why = f"the number of waiters for this lock exceeds the {MAX_WAITERS} statements limit"
            raise lock_error(table, held.transaction, query_id, why)

    @contextmanager
    def _interruptible(self, control: Control) -> Iterator[None]:
        control.attach(self.wake)
        try:
            yield
        finally:
            control.detach(self.wake)

    def _wait(self, table_id: int, table: str, request: _Request, timeout: float, control: Control) -> None:
        deadline = CLOCK.elapsed() + timeout
        while not self._turn(table_id, request):
            control.check()
            holder = self._ahead(table_id, request).transaction
            if self._circle(request.transaction, holder):
                raise lock_error(table, holder, request.query_id, "it is part of a deadlock")
            left = deadline - CLOCK.elapsed()
            if left <= 0:
                raise lock_error(table, holder, request.query_id, f"LOCK_TIMEOUT of {timeout:g} second(s) was reached")
            self._changed.wait(min(left, threading.TIMEOUT_MAX))

    def _turn(self, table_id: int, request: _Request) -> bool:
        return table_id not in self._held and self._queues[table_id][0] is request

    def _ahead(self, table_id: int, request: _Request) -> _Request:
        held = self._held.get(table_id)
        if held is not None:
            return held
        queue = self._queues[table_id]
        return queue[queue.index(request) - 1]

    def _circle(self, waiter: Transaction, holder: Transaction) -> bool:
        """Whether the holder waits, through any number of others, for the waiter; what the session itself has put
        aside cannot end before the waiter does.
        """
        if holder.session_id == waiter.session_id:
            return True
        seen: set[int] = set()
        current: Transaction | None = holder
        while current is not None and current.id not in seen:
            if current is waiter:
                return True
            seen.add(current.id)
            current = self._waits_for(current)
        return False

    def _waits_for(self, transaction: Transaction) -> Transaction | None:
        for table_id, queue in self._queues.items():
            held = self._held.get(table_id)
            if held is not None and any(request.transaction is transaction for request in queue):
                return held.transaction
        return None

    def wake(self) -> None:
        """Let every waiter look again whether it was stopped."""
        with self._changed:
            self._changed.notify_all()

    def release(self, owner: Transaction) -> None:
        """Give back every table of the transaction."""
        with self._changed:
            for table_id in [number for number, held in self._held.items() if held.transaction is owner]:
                del self._held[table_id]
            self._changed.notify_all()

    def holder(self, table_id: int) -> Transaction | None:
        """Who holds the table now."""
        with self._changed:
            held = self._held.get(table_id)
            return held.transaction if held else None

    def held(self) -> list[LockRow]:
        """Every lock held or waited for, as SHOW LOCKS lists them."""
        with self._changed:
            rows = [self._row(number, held, "HOLDING") for number, held in self._held.items()]
            for number, queue in self._queues.items():
                rows += [self._row(number, request, "WAITING") for request in queue]
            return rows

    def _row(self, table_id: int, request: _Request, status: str) -> LockRow:
        return LockRow(
            table_id=table_id,
            transaction=request.transaction,
            status=status,
            requested_at=request.requested_at,
            acquired_at=request.acquired_at,
            query_id=request.query_id,
        )
