"""Everything the door knows, in one place: the engine behind it, who is in, what runs, and the settings of a test."""

from __future__ import annotations

import asyncio
import hmac
import json
import os
from collections import Counter
from contextlib import suppress
from dataclasses import field, fields
from math import inf
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from runner.sandbox.access import available_roles
from runner.sandbox.authenticate import check_admitted
from runner.sandbox.catalog.store import utc_now
from runner.sandbox.classes import dataclass
from runner.sandbox.engine import Engine
from runner.sandbox.errors import SnowflakeError
from runner.sandbox.http import answers
from runner.sandbox.http.answers import Refusal, json_response, slowly
from runner.sandbox.http.body import BadRequest
from runner.sandbox.http.faults import Fault, Faults
from runner.sandbox.http.queries import Queries, Query
from runner.sandbox.http.results import Results
from runner.sandbox.http.sessions import Visitor, Visitors
from runner.sandbox.law.login_policies import idle_seconds


@dataclass(kw_only=True)
class Settings:
    """What may be set while the sandbox runs; the defaults are Snowflake's ways."""

    latency_ms: float = 0.0
    """Added to every request of a client."""
    statement_ms: float = 0.0
    """Added to the execution of every statement."""
    wait_seconds: float = 45.0
    """A statement that runs longer is answered with "in progress"; the client asks again."""
    session_seconds: float = 3600.0
    master_seconds: float = 14400.0
    detached_seconds: float = 300.0
    """A session whose client is gone that long loses its open transaction (sql-reference/transactions)."""


class Cut(Exception):
    """Close the connection without an answer."""


async def _ended(query: Query, patience: float) -> bool:
    """Wait for the end of a query, at most that long; whether it has ended."""
    if query.done.done():
        return True
    loop = asyncio.get_running_loop()
    waiting: asyncio.Future[bool] = loop.create_future()

    def tell(ended: bool) -> None:
        if not waiting.done():
            waiting.set_result(ended)

    query.done.add_done_callback(lambda _: loop.is_closed() or loop.call_soon_threadsafe(tell, True))
    timer = loop.call_later(patience, tell, False)
    try:
        return await waiting
    finally:
        timer.cancel()


@dataclass(eq=False)
class Door:
    engine: Engine
    port: int = 0
    tls_port: int = 0
    """0 where the door speaks no TLS."""
    settings: Settings = field(default_factory=Settings)
    faults: Faults = field(default_factory=Faults)
    addresses: dict[str, str] = field(default_factory=dict)
    """By order: the address from which a user seems to come, under "" for everybody else."""
    requests: Counter[str] = field(default_factory=Counter)
    started_at: str = field(default_factory=lambda: utc_now().isoformat())

    def __post_init__(self) -> None:
        self.visitors = Visitors()
        self.results = Results(self.engine.org_root / "results")
        self.queries = Queries(self.engine, self.visitors, self.results)
        self._relief = asyncio.Event()

    def visitor(self, request: Request) -> Visitor:
        """The session that a request belongs to."""
        visitor = self.visitors.visitor(request.headers.get("authorization", ""))
        if visitor.session.id not in self.engine.sessions:
            self.visitors.end(visitor)
            raise answers.session_gone()
        self._admit(visitor, self.address(request, visitor.session.user))
        if (connection := request.scope.get("door.connection")) is not None:
            visitor.connections.add(connection)
            connection.visitors.add(visitor)
        return visitor

    def _admit(self, visitor: Visitor, address: str) -> None:
        """Whether the address may still call and the role may still be taken; asked anew when something has changed."""
        session, catalog = visitor.session, self.engine.catalog
        asked = (catalog.generation, address, session.role)
        if visitor.admitted == asked:
            return
        if not check_admitted(catalog, session.account, session.user, address):
            raise answers.session_gone()
        if session.role not in (None, *available_roles(catalog, session.account, session.user)):
            session.role = None  # It was revoked: from now on the session has what PUBLIC has.
        visitor.admitted = (asked[0], address, session.role)
        visitor.idle_seconds = idle_seconds(catalog, session.account, session.user)
        session.address = address

    def address(self, request: Request, user: str) -> str:
        """Where the user calls from, as network policies see it."""
        own = request.client.host if request.client else "127.0.0.1"
        return self.addresses.get(user.upper()) or self.addresses.get("") or own

    def admin(self, request: Request) -> None:
        """Only who can read `<root>/admin.json` may give the door orders."""
        given = request.headers.get("authorization", "").removeprefix("Bearer ").encode()
        tokens = json.loads((self.engine.org_root / "admin.json").read_text())["tokens"].values()
        if not any(hmac.compare_digest(given, token.encode()) for token in tokens):
            raise Refusal(answers.SESSION_TOKEN_MISSING, "An administrator's token is needed: see admin.json.")

    async def outcome(self, query: Query) -> Response:
        """The answer of a query, or word that it still runs."""
        if not await _ended(query, self.settings.wait_seconds):
            return json_response(answers.pending(query.id, answers.IN_PROGRESS))
        fault = self.faults.take("after", "statement", query.asked.text)
        await self.suffer(fault, query.visitor)
        content = await self.answer(query.id)
        return slowly(content, fault.seconds) if fault and fault.action == "slow" else json_response(content)

    async def answer(self, query_id: str) -> bytes:
        """The stored answer of a finished statement."""
        held = self.results.at_hand(query_id)
        return held if held is not None else await asyncio.to_thread(self.results.body, query_id)

    async def suffer(self, fault: Fault | None, visitor: Visitor | None = None) -> None:
        """Let an ordered accident happen; a slow answer is the answer's own matter."""
        if fault is None:
            return
        if fault.action != "slow":
            with suppress(TimeoutError):
                await asyncio.wait_for(self._relief.wait(), fault.seconds)
        match fault.action:
            case "cut":
                raise Cut
            case "error":
                raise SnowflakeError(fault.code, fault.sqlstate, fault.message)
            case "kill-session" if visitor is not None:
                await self.leave(visitor, "FORCED_LOGOUT")
            case "expire-token" if visitor is not None:
                visitor.session_ends = 0.0

    def relieve(self) -> None:
        """No ordered accident happens any more, and the delays that go on end."""
        self.faults.clear()
        self._relief.set()
        self._relief = asyncio.Event()

    def set(self, order: dict[str, Any]) -> None:
        """Change settings; every one is a number that is not negative."""
        known = {f.name for f in fields(Settings)}
        for name, value in order.items():
            if (
                name not in known
                or isinstance(value, bool)
                or not isinstance(value, int | float)
                or not 0 <= value < inf
            ):
                raise BadRequest(f"a setting is one of {', '.join(sorted(known))}, and a number from 0 on.")
        for name, value in order.items():
            setattr(self.settings, name, float(value))
        self.visitors.session_seconds = self.settings.session_seconds
        self.visitors.master_seconds = self.settings.master_seconds
        self.queries.pause = self.settings.statement_ms / 1000

    def status(self) -> dict[str, object]:
        """Who and where the process is, and what passed the door since it started."""
        return {
            "pid": os.getpid(),
            "port": self.port,
            "tls_port": self.tls_port,
            "accounts": [account.name for account in self.engine.catalog.accounts()],
            "started": self.started_at,
            "requests": self.requests.total(),
            "statements": self.queries.executed,
            "faults": dict(sorted(self.faults.happened.items())),
            "paths": dict(sorted(self.requests.items())),
            "sessions": len(self.engine.sessions),
            "result_bytes": {"memory": self.results.memory_bytes, "disk": self.results.disk_bytes},
        }

    async def leave(self, visitor: Visitor, reason: str = "LOGOUT") -> None:
        """End a session: what it runs is cancelled, what it has not committed is undone."""
        self.visitors.end(visitor)
        self.queries.stop(visitor)
        await asyncio.to_thread(self.engine.logout, visitor.session, reason)
