"""Reading what a client sent, never more than the bounds: any bytes at all end in a value or a BadRequest."""

from __future__ import annotations

import zlib
from typing import Any

from starlette.requests import Request

from runner.sandbox import sound_json
from runner.sandbox.http.answers import Refusal

MAX_SENT = 64 * 1024 * 1024
"""Bytes of a body as they come over the wire; what comes beyond is read and thrown away."""
MAX_UNPACKED = 64 * 1024 * 1024
"""Bytes of a body after gzip."""


class BadRequest(Refusal):
    """The request cannot be read."""

    def __init__(self, why: str) -> None:
        super().__init__("390400", f"Bad request: {why}")


async def sent(request: Request) -> bytes:
    """The body as sent. Reads to its end even when it is refused, so that the client hears why."""
    parts: list[bytes] = []
    size = 0
    async for part in request.stream():
        size += len(part)
        if size <= MAX_SENT:
            parts.append(part)
    if size > MAX_SENT:
        raise BadRequest(f"the body has {size} bytes, at most {MAX_SENT} are read.")
    return b"".join(parts)


def unpacked(body: bytes, encoding: str) -> bytes:
    """The body with its content encoding taken off."""
    match encoding.strip().lower():
        case "" | "identity":
            return body
        case "gzip":
            return _gunzip(body)
        case other:
            raise BadRequest(f"content encoding '{other[:40]}' is not known.")


def _gunzip(body: bytes) -> bytes:
    opener = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    try:
        content = opener.decompress(body, MAX_UNPACKED + 1)
    except zlib.error:
        raise BadRequest("the body is not gzip.") from None
    if len(content) > MAX_UNPACKED:
        raise BadRequest(f"the unpacked body has more than {MAX_UNPACKED} bytes.")
    if not opener.eof:
        raise BadRequest("the gzip body is cut off.")
    return content


def parsed(content: bytes) -> dict[str, Any]:
    """The body as a JSON object; no body is an empty one."""
    try:
        value = sound_json.loads(content) if content.strip() else {}
    except (ValueError, RecursionError):
        raise BadRequest("the body is not JSON.") from None
    if not isinstance(value, dict):
        raise BadRequest("the body is not a JSON object.")
    return value


async def read(request: Request) -> dict[str, Any]:
    """The JSON object a request carries."""
    return parsed(unpacked(await sent(request), request.headers.get("content-encoding", "")))


def member(values: dict[str, Any], name: str, kind: type, default: Any = None) -> Any:
    """A member of a JSON object that must be of that type where it is given."""
    value = values.get(name)
    if value is None:
        return default
    if kind is float and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise BadRequest(f"'{name}' is not a {kind.__name__}.")
    return value
