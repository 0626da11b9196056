"""Requests that no client sends: any address, any headers, any bytes."""

from __future__ import annotations

import gzip
import json
import random
from dataclasses import dataclass, field

_PATHS = (
    "/session/v1/login-request", "/session/token-request", "/session/heartbeat", "/session", "/session?delete=true",
    "/queries/v1/query-request", "/queries/v1/query-request?requestId={id}", "/queries/v1/abort-request",
    "/queries/{id}/result", "/queries/{others}/result", "/queries/{id}/abort-request", "/monitoring/queries/{id}",
    "/chunks/{id}/0?signature=x", "/chunks/{others}/-1", "/telemetry/send", "/sandbox/status", "/sandbox/faults",
    "/sandbox/settings", "/sandbox/snapshots/..%2f..%2fx", "/sandbox/accounts/IMCUST", "/api/v2/databases",
    "/", "//", "/.",
    "/queries/..%2f..%2fadmin.json/result", "/chunks/..%2f..%2forg.duckdb/0", "/stages/..%2f..%2f/x", "/%00", "/\u00ff",
    "/files/../../admin.json", "/stage/x", "/" + "a" * 5000, "/queries//result", "/monitoring/queries//{id}",
)  # fmt: skip
_METHODS = ("POST", "POST", "POST", "GET", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "BREW")
_SCALARS = (None, True, -1, 0, 1, 2**70, 1.5, "", "x", "\ud800", "../../etc/passwd", "SELECT 1", "1", [], {}, [[]])
_NAMES = (
    "sqlText", "asyncExec", "bindings", "parameters", "bindStage", "describeOnly", "sequenceId", "requestId", "data",
    "LOGIN_NAME", "ACCOUNT_NAME", "PASSWORD", "TOKEN", "AUTHENTICATOR", "SESSION_PARAMETERS", "CLIENT_APP_ID",
    "CLIENT_ENVIRONMENT", "oldSessionToken", "requestType", "MULTI_STATEMENT_COUNT", "QUERY_TAG", "type",
    "value", "1", "fmt",
)  # fmt: skip


@dataclass(frozen=True)
class Sent:
    """One request, as it goes over the wire."""

    method: str
    path: str
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


class Requests:
    """Requests without end; the same ones for the same random source."""

    def __init__(self, source: random.Random, places: dict[str, str]) -> None:
        self._source = source
        self._places = places

    def request(self, token: str, others: str) -> Sent:
        """One request; sometimes with a session's token, sometimes with another's, mostly with nonsense in it."""
        draw = self._source
        path = draw.choice(_PATHS)
        for name, place in self._places.items():
            path = path.replace("{" + name + "}", place)
        body, encoding = self._body()
        authorization = draw.choice((token, token, others, "Basic eA==", 'Snowflake Token="x"', "", "Bearer x"))
        headers = {"Authorization": authorization, "Content-Encoding": encoding, "Content-Type": "application/json"}
        return Sent(draw.choice(_METHODS), path, body, {name: value for name, value in headers.items() if value})

    def _body(self) -> tuple[bytes, str]:
        draw = self._source
        content = json.dumps(self._value(3)).encode()
        match draw.randrange(10):
            case 0:
                return draw.randbytes(draw.randrange(200)), ""
            case 1:
                return content[: draw.randrange(len(content))], ""
            case 2:
                return gzip.compress(content), "gzip"
            case 3:
                return gzip.compress(content)[: draw.randrange(40)], "gzip"
            case 4:
                return content, draw.choice(("br", "gzip", "deflate", "gzip, gzip", "\t"))
            case 5:
                return (b"[" * 10_000 + b"]" * 10_000), ""
            case _:
                return content, ""

    def _value(self, depth: int) -> object:
        draw = self._source
        if depth == 0 or (depth < 3 and draw.random() < 0.5):
            return draw.choice(_SCALARS)
        return {draw.choice(_NAMES): self._value(depth - 1) for _ in range(draw.randrange(5))}
