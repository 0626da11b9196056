"""The process behind the port: on loopback unless told otherwise, its port in a file, a clean end on SIGTERM."""

from __future__ import annotations

import asyncio
import signal
import socket
import ssl
import threading
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from runner.sandbox.catalog.store import utc_now
from runner.sandbox.clock import CLOCK
from runner.sandbox.http.app import application
from runner.sandbox.http.door import Door
from runner.sandbox.http.sessions import Visitor

HOST = "127.0.0.1"
_KEEP_ALIVE = 14400
_WATCH_SECONDS = 0.5
_LONGEST_HEAD = 512 * 1024
"""Bytes, twice what is read at once."""
_HELPERS = 32
"""Threads for what is no statement: logins, logouts, results from disk."""


class _Together:
    """A transport that sends what is written one after the other, as the head and the body of an answer, at once."""

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._loop = loop
        self._waiting: list[bytes] = []

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        if not self._waiting:
            self._loop.call_soon(self._send)
        self._waiting.append(data)

    def _send(self) -> None:
        waiting, self._waiting = self._waiting, []
        if waiting and not self._transport.is_closing():
            self._transport.write(b"".join(waiting))

    def close(self) -> None:
        self._send()
        self._transport.close()

    def abort(self) -> None:
        self._waiting = []
        self._transport.abort()


class Connection(HttpToolsProtocol):  # type: ignore[misc]
    """One TCP connection; it knows which sessions came over it, and can be cut."""

    _head = 0
    """Bytes of a head that has not come to its end."""
    _in_body = False

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.visitors: set[Visitor] = set()
        inner: ASGIApp = self.config.loaded_app

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            scope["door.connection"] = self
            await inner(scope, receive, send)

        self.app: ASGIApp = app

    def data_received(self, data: bytes) -> None:
        """The parser itself would take a head of any length."""
        super().data_received(data)
        self._head = 0 if self._in_body else self._head + len(data)
        if self._head > _LONGEST_HEAD and not self.transport.is_closing():
            self.send_400_response("The head of the request is too long.")

    def on_headers_complete(self) -> None:
        self._in_body = True
        super().on_headers_complete()

    def on_message_complete(self) -> None:
        self._head, self._in_body = 0, False
        super().on_message_complete()

    def connection_made(self, transport: asyncio.Transport) -> None:
        super().connection_made(_Together(transport, self.loop))

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        for visitor in self.visitors:
            visitor.connections.discard(self)
            if not visitor.connections:
                visitor.detached_at = CLOCK.elapsed()

    async def cut(self) -> None:
        """Close it at once, whatever was promised."""
        self.transport.abort()
        while self in self.connections:
            await asyncio.sleep(0)


class _Server(uvicorn.Server):  # type: ignore[misc]
    """Ends by its own signal handling, so that what follows `run` is still done."""

    def __init__(self, config: uvicorn.Config, door: Door) -> None:
        super().__init__(config)
        self._door = door
        self.secured: tuple[socket.socket, ssl.SSLContext] | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """The socket that speaks TLS opens onto the same door."""
        await super().startup(sockets)
        if self.secured is None or self.should_exit:
            return
        secured, context = self.secured
        server = await asyncio.get_running_loop().create_server(self._connection, sock=secured, ssl=context)
        self.servers.append(server)

    def _connection(self) -> Connection:
        return Connection(config=self.config, server_state=self.server_state, app_state=self.lifespan.state)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """What still runs is cancelled, so that nobody waits for it."""
        for visitor in self._door.visitors.all():
            self._door.queries.stop(visitor)
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        if threading.current_thread() is threading.main_thread():
            for number in (signal.SIGTERM, signal.SIGINT):
                signal.signal(number, self.handle_exit)
        yield


async def watch(door: Door) -> None:
    """End what nobody comes back to: sessions past their time, transactions of clients that are gone."""
    while True:
        await asyncio.sleep(_WATCH_SECONDS)
        await asyncio.to_thread(door.engine.scheduler.run_due, door.engine, utc_now())
        now = CLOCK.elapsed()
        for visitor in door.visitors.all():
            if now > visitor.master_ends or visitor.session.id not in door.engine.sessions:
                await door.leave(visitor, "ABANDONED")
            elif _detached(visitor, now, door.settings.detached_seconds):
                await asyncio.to_thread(_abandon, door, visitor)


def _detached(visitor: Visitor, now: float, patience: float) -> bool:
    return not visitor.connections and visitor.detached_at is not None and now - visitor.detached_at > patience


def _abandon(door: Door, visitor: Visitor) -> None:
    """ABORT_DETACHED_QUERY decides about what runs; an open transaction is undone once nothing runs."""
    if visitor.session.parameters.get("ABORT_DETACHED_QUERY") == "true":
        door.queries.stop(visitor)
    if visitor.session.transaction is not None and not door.queries.of(visitor):
        door.engine.abort_transaction(visitor.session.transaction.id)


def _bound(address: str, port: int) -> socket.socket:
    # asyncio sends small answers at once (TCP_NODELAY) only on sockets that name their protocol.
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((address, port))
    except OSError:
        made.close()
        raise
    return made


class Host:
    """A door with its socket. The socket listens before `run`, so that the port is known."""

    def __init__(self, door: Door, port: int = 0, address: str = HOST) -> None:
        self.door = door
        self.socket = _bound(address, port)
        door.port = self.socket.getsockname()[1]
        config = uvicorn.Config(
            application(door),
            http=Connection,
            ws="none",
            lifespan="off",
            access_log=False,
            proxy_headers=False,  # A client's own word about its address would get it past a network policy.
            log_config=None,
            timeout_keep_alive=_KEEP_ALIVE,
            timeout_graceful_shutdown=2,
            server_header=False,
        )
        self._server = _Server(config, door)

    def secure(self, context: ssl.SSLContext, port: int = 0) -> None:
        """Listen with TLS as well, on a port of its own. To be called before `run`."""
        secured = _bound(self.socket.getsockname()[0], port)
        secured.listen(128)
        self._server.secured = (secured, context)
        self.door.tls_port = secured.getsockname()[1]

    def run(self) -> None:
        """Serve until a signal or `stop`."""
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(_HELPERS, thread_name_prefix="door"))
        watcher = asyncio.create_task(watch(self.door))
        try:
            await self._server.serve(sockets=[self.socket])
        finally:
            watcher.cancel()

    def stop(self) -> None:
        self._server.should_exit = True
