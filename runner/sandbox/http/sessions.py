"""Who is logged in: tokens, their time, and the one queue in which a session's statements wait.

A session token is renewed by its master token; both are opaque, and only their SHA-256 is kept as a key. Times:
Snowflake gives a session token an hour and a master token four (connector `time_util.py`).
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import field

from runner.sandbox.classes import dataclass
from runner.sandbox.clock import CLOCK
from runner.sandbox.http.answers import (
    MASTER_EXPIRED,
    MASTER_UNKNOWN,
    SESSION_EXPIRED,
    SESSION_TOKEN_MISSING,
    SESSION_UNKNOWN,
    Refusal,
    session_gone,
)
from runner.sandbox.session import Session

SESSION_SECONDS = 3600.0
MASTER_SECONDS = 14400.0
Job = Callable[[], None]


@dataclass(eq=False)
class Visitor:
    """One logged-in client: its engine session, its tokens' ends, and its waiting jobs."""

    session: Session
    session_ends: float = 0.0
    master_ends: float = 0.0
    seen: float = field(default_factory=CLOCK.elapsed)
    connections: set[object] = field(default_factory=set)
    """The TCP connections it came over and that are still open."""
    idle_seconds: float | None = None
    """After how long without a request its tokens end, where a session policy says so."""
    detached_at: float | None = None
    """When the last of them closed."""
    admitted: tuple[int, str, str | None] | None = None
    """As of which state of the catalogue, from where and in which role it was found that the visitor may come in."""
    keys: list[str] = field(default_factory=list)
    jobs: deque[Job] = field(default_factory=deque)
    working: bool = False


_REMEMBERED = 1_000
"""Tokens of sessions that ended of late."""


def _key(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def token_of(header: str) -> str:
    """The token of an `Authorization: Snowflake Token="…"` header."""
    start, end = header.find('"'), header.rfind('"')
    if not header.startswith("Snowflake Token=") or end <= start:
        raise Refusal(SESSION_TOKEN_MISSING, "Session token not found in the request data.")
    return header[start + 1 : end]


def _idle_until(visitor: Visitor) -> float:
    return visitor.seen + visitor.idle_seconds if visitor.idle_seconds is not None else float("inf")


class Visitors:
    """Every open session by its tokens. Statements of one session run one after the other, sessions side by side."""

    def __init__(self, threads: int = 256) -> None:
        self._mutex = threading.Lock()
        self._by_session: dict[str, Visitor] = {}
        self._by_master: dict[str, Visitor] = {}
        self._gone: deque[str] = deque(maxlen=_REMEMBERED)
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="statement")
        self.session_seconds = SESSION_SECONDS
        self.master_seconds = MASTER_SECONDS

    def admit(self, session: Session, idle_seconds: float | None = None) -> tuple[Visitor, str, str]:
        """A new visitor with a session token and a master token."""
        visitor = Visitor(session, idle_seconds=idle_seconds)
        return visitor, *self._issue(visitor)

    def _issue(self, visitor: Visitor) -> tuple[str, str]:
        token, master = secrets.token_urlsafe(96), secrets.token_urlsafe(96)
        visitor.session_ends = CLOCK.elapsed() + self.session_seconds
        visitor.master_ends = CLOCK.elapsed() + self.master_seconds
        with self._mutex:
            visitor.keys = [_key(token), _key(master)]
            self._by_session[visitor.keys[0]] = visitor
            self._by_master[visitor.keys[1]] = visitor
        return token, master

    def visitor(self, header: str) -> Visitor:
        """Whose session token this is; its master's time starts anew."""
        key = _key(token_of(header))
        found = self._by_session.get(key)
        if found is None and key in self._gone:
            raise session_gone()
        if found is None:
            raise Refusal(SESSION_UNKNOWN, "Authentication token is invalid: user must login again.")
        if CLOCK.elapsed() > min(found.session_ends, _idle_until(found)):
            raise Refusal(SESSION_EXPIRED, "Your session has expired. Please login again.")
        found.seen = CLOCK.elapsed()
        found.master_ends = found.seen + self.master_seconds
        return found

    def renew(self, header: str) -> tuple[Visitor, str, str]:
        """New tokens for who holds the master token; the old ones end."""
        found = self._by_master.get(_key(token_of(header)))
        if found is None:
            raise Refusal(MASTER_UNKNOWN, "Master token not found. Must login again.")
        if CLOCK.elapsed() > min(found.master_ends, _idle_until(found)):
            raise Refusal(MASTER_EXPIRED, "Master token has expired. Must login again.")
        self.forget(found)
        return found, *self._issue(found)

    def forget(self, visitor: Visitor) -> None:
        """Its tokens open nothing any more."""
        with self._mutex:
            self._by_session.pop(visitor.keys[0], None)
            self._by_master.pop(visitor.keys[1], None)

    def end(self, visitor: Visitor) -> None:
        """Its session is no more, and whoever comes with its token is told so."""
        self._gone.append(visitor.keys[0])
        self.forget(visitor)

    def all(self) -> list[Visitor]:
        with self._mutex:
            return list(self._by_session.values())

    def enqueue(self, visitor: Visitor, job: Job) -> None:
        """Run the job in a worker after those the visitor gave before."""
        with self._mutex:
            visitor.jobs.append(job)
            if visitor.working:
                return
            visitor.working = True
        self._pool.submit(self._work, visitor)

    def _work(self, visitor: Visitor) -> None:
        while True:
            with self._mutex:
                if not visitor.jobs:
                    visitor.working = False
                    return
                job = visitor.jobs.popleft()
            job()

    def run(self, job: Job) -> None:
        """Run a job that belongs to no session in a worker."""
        self._pool.submit(job)

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)
