"""A Snowflake of a few lines for the tests of the border: it answers what it was told to, and writes down what came."""

from __future__ import annotations

import gzip
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

PLACE = {
    "organization": "LOCALORG",
    "account": "IMCUST",
    "locator": "LO00001",
    "region": "AWS_EU_CENTRAL_1",
    "user": "SVC4SNOWFLAKEDEPLOY",
    "role": "ACCOUNTADMIN",
    "warehouse": "ADMIN_WH",
    "database": "PROD_DB",
    "session": "4711",
    "time": "2026-11-20T10:00:00.000000+00:00",
    "version": "9.1.0",
}


def answer(rows: list[list[str | None]], columns: list[str], query_id: str = "q-1") -> dict[str, Any]:
    kinds = [{"name": n, "type": "text", "nullable": True, "length": 100, "byteLength": 400} for n in columns]
    data = {
        "parameters": [],
        "rowtype": [
            {**kind, "precision": None, "scale": None, "database": "", "schema": "", "table": ""} for kind in kinds
        ],
        "rowset": rows,
        "total": len(rows),
        "returned": len(rows),
        "queryId": query_id,
        "queryResultFormat": "json",
        "statementTypeId": 4096,
        "numberOfBinds": 0,
        "version": 1,
    }
    return {"success": True, "code": None, "message": None, "data": data}


def refusal(code: str, message: str, sqlstate: str = "42000", query_id: str | None = "q-bad") -> dict[str, Any]:
    data = {"errorCode": code, "sqlState": sqlstate, "queryId": query_id, "internalError": False, "pos": -1, "line": -1}
    return {"success": False, "code": code, "message": message, "data": data}


@dataclass
class Request:
    path: str
    query: dict[str, list[str]]
    body: dict[str, Any]


@dataclass
class Server:
    """`login` and `answers` say what to reply; `hang_up` cuts the connection instead of answering a statement.

    `meanwhile` is called while a statement runs.
    """

    port: int = 0
    login: dict[str, Any] | None = None
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    place: dict[str, str] = field(default_factory=lambda: dict(PLACE))
    hang_up: bool = False
    meanwhile: Callable[[], None] = lambda: None
    requests: list[Request] = field(default_factory=list)

    def seen(self, path: str) -> list[Request]:
        return [request for request in self.requests if request.path.startswith(path)]

    def reply(self, request: Request) -> dict[str, Any] | None:
        self.requests.append(request)
        if request.path == "/session/v1/login-request":
            return self.login or _welcome()
        if request.path == "/queries/v1/query-request":
            return self._statement(request.body["sqlText"])
        return {"success": True, "code": None, "message": None, "data": {}}

    def _statement(self, sql: str) -> dict[str, Any] | None:
        if "CURRENT_ORGANIZATION_NAME" in sql:
            return answer([list(self.place.values())], list(self.place))
        self.meanwhile()
        if self.hang_up:
            return None
        return self.answers.get(sql, answer([["x"]], ["A"]))


def _welcome() -> dict[str, Any]:
    data = {
        "token": "session-token",
        "masterToken": "master-token",
        "validityInSeconds": 3600,
        "masterValidityInSeconds": 14400,
        "displayUserName": "SVC",
        "serverVersion": "9.1.0",
        "firstLogin": False,
        "healthCheckInterval": 45,
        "sessionId": 4711,
        "parameters": [{"name": "CLIENT_TELEMETRY_ENABLED", "value": False}],
        "sessionInfo": {
            "databaseName": None,
            "schemaName": None,
            "warehouseName": "ADMIN_WH",
            "roleName": "ACCOUNTADMIN",
        },
    }
    return {"success": True, "code": None, "message": None, "data": data}


@contextmanager
def listening() -> Iterator[Server]:
    state = Server()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            parts = urlsplit(self.path)
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            text = gzip.decompress(raw) if self.headers.get("Content-Encoding") == "gzip" else raw
            reply = state.reply(Request(parts.path, parse_qs(parts.query), json.loads(text or b"{}")))
            if reply is None:
                self.close_connection = True
                return
            body = json.dumps(reply).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        state.port = server.server_port
        try:
            yield state
        finally:
            server.shutdown()
            thread.join()
