"""The right to deploy: one row changed by compare-and-set, kept by a heartbeat, fenced by a number.

The shape is a short transaction whose first statement takes the table lock, so that what is read after it cannot be
stale (docs: sql-reference/transactions#resource-locking). One block, one request.
"""

from __future__ import annotations

import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from runner.connection.faults import FaultKind, StatementFault
from runner.connection.session import Session
from runner.core.errors import HistoryDamaged, LeaseHeld, LeaseLost
from runner.core.names import ObjectName
from runner.sql.composing import compose

_ACQUIRE = """DECLARE
    owner VARCHAR;
    fence NUMBER(38,0);
BEGIN
    BEGIN TRANSACTION;
    UPDATE {lock:i} SET PROBE = PROBE + 1 WHERE LOCK_NAME = 'deploy';
    IF (SQLROWCOUNT <> 1) THEN
        ROLLBACK;
        RETURN 'DAMAGED';
    END IF;
    SELECT OWNER_TOKEN, FENCE INTO :owner, :fence FROM {lock:i} WHERE LOCK_NAME = 'deploy';
    IF (owner IS NULL OR fence = {stale:d}) THEN
        UPDATE {lock:i} SET OWNER_TOKEN = {token:s}, FENCE = FENCE + 1, OWNER_INFO = {info:s},
            WORK_SESSION = {work:d}, CTL_SESSION = {control:d}, ACQUIRED_AT = CURRENT_TIMESTAMP(),
            LEASE_UNTIL = DATEADD('second', {ttl:d}, CURRENT_TIMESTAMP())
            WHERE LOCK_NAME = 'deploy';
        COMMIT;
        RETURN 'ACQUIRED ' || (fence + 1);
    END IF;
    ROLLBACK;
    RETURN 'HELD';
END"""
_LOOK = """SELECT OWNER_TOKEN, FENCE, OWNER_INFO, WORK_SESSION, CTL_SESSION, TO_VARCHAR(LEASE_UNTIL),
    COALESCE(LEASE_UNTIL < CURRENT_TIMESTAMP(), FALSE) FROM {lock:i} WHERE LOCK_NAME = 'deploy'"""
_BEAT = """UPDATE {lock:i} SET LEASE_UNTIL = DATEADD('second', {ttl:d}, CURRENT_TIMESTAMP())
    WHERE LOCK_NAME = 'deploy' AND OWNER_TOKEN = {token:s} AND FENCE = {fence:d}"""
_RELEASE = """UPDATE {lock:i} SET OWNER_TOKEN = NULL, LEASE_UNTIL = NULL
    WHERE LOCK_NAME = 'deploy' AND OWNER_TOKEN = {token:s} AND FENCE = {fence:d}"""
_GUARD = """UPDATE {lock:i} SET PROBE = PROBE + 1 WHERE LOCK_NAME = 'deploy' AND OWNER_TOKEN = {token:s}
    AND FENCE = {fence:d} AND LEASE_UNTIL > CURRENT_TIMESTAMP()"""
_NEVER = -1


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds the lease, as the account knows it."""

    token: str | None
    fence: int
    info: str
    work_session: int | None
    control_session: int | None
    until: str
    expired: bool

    @property
    def facts(self) -> dict[str, Any]:
        """What the owner wrote of itself."""
        try:
            found = json.loads(self.info or "{}")
        except ValueError:
            return {"owner": self.info}
        return found if isinstance(found, dict) else {"owner": self.info}

    @property
    def who(self) -> str:
        """The owner in words: user, host, process, run."""
        shown = (f"{name} {value}" for name, value in self.facts.items() if name not in ("born", "machine"))
        return ", ".join(shown) or "unknown"


@dataclass(frozen=True, slots=True)
class Lease:
    """A lease that was taken: the token and the fence go into every write of the history."""

    environment: str
    lock: ObjectName
    token: str
    fence: int
    ttl: int

    def guard(self) -> str:
        """A statement that changes one row while the lease is ours, and none when it went to another."""
        return compose(_GUARD, lock=self.lock, token=self.token, fence=self.fence)


def look(session: Session, lock: ObjectName) -> Holder | None:
    """Who holds the lease now; None where there is no lock row."""
    rows = session.execute(compose(_LOOK, lock=lock)).rows
    if not rows:
        return None
    token, fence, info, work, control, until, expired = rows[0]
    return Holder(token, int(fence), info or "", _number(work), _number(control), str(until or ""), bool(expired))


def acquire(
    control: Session,
    environment: str,
    lock: ObjectName,
    work_session: int,
    info: dict[str, Any],
    ttl: int,
    is_dead: Callable[[Holder], bool],
) -> Lease:
    """Take the lease, or raise LeaseHeld.

    A lease that ran out, or whose owner is known to be dead, is taken over after its sessions were ended. Looking comes
    first, since it waits for no lock: an owner that died inside its transaction still holds the lock's row.
    """
    holder, stale = look(control, lock), _NEVER
    if holder is not None and holder.token is not None:
        if not holder.expired and not is_dead(holder):
            raise _held(environment, holder)
        end_sessions(control, holder)
        stale = holder.fence
    token = secrets.token_hex(16)
    fence = _try(control, environment, lock, token, work_session, info, ttl, stale)
    if fence is None:
        raise _held(environment, look(control, lock))
    return Lease(environment, lock, token, fence, ttl)


def _try(
    control: Session,
    environment: str,
    lock: ObjectName,
    token: str,
    work: int,
    info: dict[str, Any],
    ttl: int,
    stale: int,
) -> int | None:
    sentence = compose(
        _ACQUIRE,
        lock=lock,
        token=token,
        info=json.dumps(info),
        work=work,
        control=control.session_id,
        ttl=ttl,
        stale=stale,
    )
    answer = str(control.execute(sentence).rows[0][0])
    if answer == "DAMAGED":
        raise HistoryDamaged(environment, str(lock), "its one row is missing or doubled")
    return int(answer.removeprefix("ACQUIRED ")) if answer.startswith("ACQUIRED ") else None


def _held(environment: str, holder: Holder | None) -> LeaseHeld:
    return LeaseHeld(environment, holder.who if holder else "unknown", holder.until if holder else "unknown")


def end_sessions(control: Session, holder: Holder) -> None:
    """End the sessions of a dead owner, and what they still run."""
    for session_id in (holder.work_session, holder.control_session):
        if session_id is not None:
            end_session(control, session_id)


def end_session(control: Session, session_id: int) -> None:
    """Cancel what a session still runs, and end it. A session that is gone already is well."""
    cancel_queries(control, session_id)
    _call(control, compose("SELECT SYSTEM$ABORT_SESSION({id:d})", id=session_id))


def cancel_queries(control: Session, session_id: int) -> None:
    """Cancel what a session runs; it goes on living (docs: sql-reference/functions/system_cancel_all_queries)."""
    _call(control, compose("SELECT SYSTEM$CANCEL_ALL_QUERIES({id:d})", id=session_id))


def _call(control: Session, sentence: str) -> None:
    try:
        control.execute(sentence)
    except StatementFault as fault:
        if fault.kind is not FaultKind.REFUSED:
            raise


def release(control: Session, lease: Lease) -> None:
    """Give the lease back. When it went to another meanwhile, nothing changes."""
    control.execute(compose(_RELEASE, lock=lease.lock, token=lease.token, fence=lease.fence))


def take_away(control: Session, lock: ObjectName, token: str) -> bool:
    """End the lease that has this token, by order of a person. False when no lease has it."""
    holder = look(control, lock)
    if holder is None or holder.token != token:
        return False
    end_sessions(control, holder)
    release(control, Lease("", lock, token, holder.fence, 0))
    return True


class Heartbeat:
    """Keeps a lease alive from a thread of its own; `lost` is set when the lease went to another."""

    def __init__(self, control: Session, lease: Lease, on_lost: Callable[[], None]) -> None:
        self._control = control
        self._lease = lease
        self._on_lost = on_lost
        self._stop = threading.Event()
        self._renewed = time.monotonic()
        self.lost = threading.Event()
        self._thread = threading.Thread(target=self._run, name="lease heartbeat", daemon=True)

    def _run(self) -> None:
        while not self._stop.wait(self._lease.ttl / 5):
            if not self._beat():
                self.lost.set()
                self._on_lost()
                return

    def _beat(self) -> bool:
        """One renewal. A failed one is tried again at the next beat, as long as the lease cannot have run out."""
        lease = self._lease
        sentence = compose(_BEAT, lock=lease.lock, token=lease.token, fence=lease.fence, ttl=lease.ttl)
        try:
            ours = self._control.execute(sentence).rowcount == 1
        except StatementFault:
            return time.monotonic() - self._renewed < lease.ttl
        self._renewed = time.monotonic()
        return ours

    def check(self) -> None:
        """Raise LeaseLost when the lease is gone."""
        if self.lost.is_set():
            holder = look(self._control, self._lease.lock)
            raise LeaseLost(self._lease.environment, holder.who if holder else "another runner")

    @contextmanager
    def beating(self) -> Iterator[Heartbeat]:
        self._thread.start()
        try:
            yield self
        finally:
            self._stop.set()
            self._thread.join()


def _number(value: Any) -> int | None:
    return None if value is None else int(value)
