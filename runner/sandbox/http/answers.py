"""The JSON in which the door answers: `data`, `code`, `message`, `success`, and always HTTP 200.

The connector retries 4xx and 5xx for ever, so what goes wrong is said inside the answer, as Snowflake does
(connector `network.py`).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

from starlette.responses import Response, StreamingResponse

from runner.sandbox.errors import SnowflakeError

SESSION_TOKEN_MISSING = "390103"
SESSION_UNKNOWN = "390104"
SESSION_GONE = "390111"
SESSION_EXPIRED = "390112"
MASTER_UNKNOWN = "390113"
MASTER_EXPIRED = "390114"
IN_PROGRESS = "333333"
IN_PROGRESS_ASYNC = "333334"
_PIECES = 16
_ENCODED = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class Refusal(Exception):
    """A request is refused before it reaches the engine."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def session_gone() -> Refusal:
    return Refusal(SESSION_GONE, "Session no longer exists. New login required to access the service.")


def body(data: object, code: str | None = None, message: str | None = None, *, success: bool = True) -> bytes:
    """One answer, ready for the wire."""
    content = {"data": data, "code": code, "message": message, "success": success}
    return _ENCODED(content).encode("utf-8", "surrogatepass")


def refused(refusal: Refusal) -> bytes:
    return body(None, refusal.code, refusal.message, success=False)


def failed(error: SnowflakeError, query_id: str) -> bytes:
    """What a statement that failed answers."""
    data = {
        "internalError": False,
        "errorCode": error.code,
        "age": 0,
        "sqlState": error.sqlstate,
        "queryId": query_id,
        "line": -1,
        "pos": -1,
        "type": "COMPILATION" if error.message.startswith("SQL compilation error") else "EXECUTION",
    }
    return body(data, error.code, error.message, success=False)


def pending(query_id: str, code: str) -> bytes:
    """The statement still runs: ask again at `getResultUrl`."""
    data = {"queryId": query_id, "getResultUrl": f"/queries/{query_id}/result", "queryAbortsAfterSecs": 300}
    return body(data, code, "Query execution in progress.")


def json_response(content: bytes) -> Response:
    return Response(content, media_type="application/json")


def slowly(content: bytes, seconds: float, media_type: str | None = "application/json") -> Response:
    """The same answer, in pieces over that time."""
    size = max(1, -(-len(content) // _PIECES))

    async def pieces() -> AsyncIterator[bytes]:
        for start in range(0, len(content), size):
            await asyncio.sleep(seconds / _PIECES)
            yield content[start : start + size]

    return StreamingResponse(pieces(), media_type=media_type)
