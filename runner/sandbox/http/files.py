"""Files of stages through the door, for clients that move them as to a bucket: PUT, HEAD and GET of an object.

The address holds a ticket that PUT or GET gave to the client; without one there is nothing here.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import secrets
from pathlib import Path

from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, Response

from runner.sandbox.catalog.store import utc_now
from runner.sandbox.http.door import Door
from runner.sandbox.staging.tickets import PATH

MAX_BYTES = 5 * 1024**3
"""One file may have as many as an object of a bucket that is sent in one piece."""
ADDRESS = f"/{PATH}/{{ticket}}/{{name:path}}"
METHODS = ("PUT", "HEAD", "GET")
_GONE = 404


async def move(door: Door, request: Request) -> Response:
    """One object read, looked at, or written."""
    ticket = door.engine.tickets.take(request.path_params["ticket"], utc_now())
    place = ticket.place(request.path_params["name"]) if ticket is not None else None
    if ticket is None or place is None:
        return Response(status_code=_GONE)
    if request.method == "PUT":
        return await _write(request, place) if ticket.writes else Response(status_code=403)
    if not place.is_file():
        return Response(status_code=_GONE)
    headers = {"x-goog-meta-sfc-digest": await asyncio.to_thread(_digest, place)}
    return FileResponse(place, headers=headers)


async def _write(request: Request, place: Path) -> Response:
    """The whole object, or nothing of it."""
    if request.headers.get("x-goog-if-generation-match") == "0" and place.exists():
        return Response(status_code=412)
    place.parent.mkdir(parents=True, exist_ok=True)
    fresh = place.with_name(f".{secrets.token_hex(8)}.part")
    size = 0
    try:
        with fresh.open("wb") as file:
            async for part in request.stream():
                size += len(part)
                if size > MAX_BYTES:
                    return Response(status_code=413)
                await asyncio.to_thread(file.write, part)
        fresh.replace(place)
    except ClientDisconnect:
        return Response(status_code=400)
    finally:
        fresh.unlink(missing_ok=True)
    return Response(status_code=200)


def _digest(place: Path) -> str:
    """The content's SHA-256, by which clients know a file that is there already."""
    with place.open("rb") as file:
        return base64.b64encode(hashlib.file_digest(file, "sha256").digest()).decode()
