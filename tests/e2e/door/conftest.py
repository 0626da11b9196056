"""What the door's tests use besides a sandbox: raw requests, and settings and faults that are put back afterwards."""

from __future__ import annotations

import http.client
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

DEFAULTS = {
    "latency_ms": 0,
    "wait_seconds": 45,
    "session_seconds": 3600,
    "master_seconds": 14400,
    "detached_seconds": 300,
}


class Wire:
    """Requests as bytes, answers as JSON."""

    def __init__(self, port: int) -> None:
        self._port = port

    def send(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, Any]]:
        line = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        try:
            line.request(method, path, body, headers or {})
            answer = line.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            line.close()

    def post(self, path: str, content: object, **headers: str) -> dict[str, Any]:
        return self.send("POST", path, json.dumps(content).encode(), headers)[1]

    def query(self, connection: Any, text: str, request_id: str = "", **content: object) -> dict[str, Any]:
        path = f"/queries/v1/query-request?requestId={request_id}"
        return self.post(path, {"sqlText": text, **content}, Authorization=token(connection))


def token(connection: Any) -> str:
    """The header that opens a connection's session."""
    return f'Snowflake Token="{connection.rest.token}"'


@pytest.fixture
def wire(sandbox: Any) -> Wire:
    return Wire(sandbox.port)


@pytest.fixture
def order(sandbox: Any, wire: Wire) -> Iterator[Callable[..., Any]]:
    """`order("settings", wait_seconds=1)` or `order("faults", action="cut", …)`; all is as before after the test."""
    from runner.sandbox.orders import token as admin_token

    headers = {"Authorization": f"Bearer {admin_token(sandbox.root)}"}

    def give(what: str, **content: object) -> Any:
        answer = wire.post(f"/sandbox/{what}", content, **headers)
        assert answer["success"], answer
        return answer["data"]

    yield give
    give("settings", **DEFAULTS)
    give("address", address=None)
    wire.send("DELETE", "/sandbox/faults", headers=headers)


@pytest.fixture
def locked_table(connect: Any, fresh_database: str) -> Iterator[tuple[str, Callable[[], None]]]:
    """A table that another session holds locked, and what frees it: a statement on it runs as long as a test wants."""
    name = f"{fresh_database}.PUBLIC.HELD"
    holder = connect()
    cursor = holder.cursor()
    cursor.execute(f"CREATE TABLE {name} (N INT)")
    cursor.execute(f"INSERT INTO {name} VALUES (1)")
    cursor.execute("BEGIN")
    cursor.execute(f"UPDATE {name} SET N = N + 1")
    yield name, lambda: cursor.execute("COMMIT") and None
    cursor.execute("ROLLBACK")
