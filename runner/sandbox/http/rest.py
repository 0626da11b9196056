"""Snowflake's REST API (`/api/v2/…`) as far as it creates, lists, fetches and drops: each request is one statement of
the session whose token it carries, so that the law of the account holds for it as for any other.

Source: developer-guide/snowflake-rest-api/reference; errors have its HTTP codes.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from urllib.parse import unquote

from starlette.requests import Request
from starlette.responses import Response

from runner.sandbox.errors import SnowflakeError
from runner.sandbox.http import body
from runner.sandbox.http.answers import Refusal
from runner.sandbox.http.door import Door
from runner.sandbox.http.rest_text import RESOURCES, Resource, create, full_name, name_of, wrong
from runner.sandbox.http.sessions import Visitor
from runner.sandbox.result import Result
from runner.sandbox.tokens import quote_string

_MISSING, _TAKEN, _FORBIDDEN = (2003, 2043), (2002, 1998), (3001, 3003, 3007, 3013)
_CODES = {404: _MISSING, 409: _TAKEN, 403: _FORBIDDEN}
_PLACES = ("databases", "schemas")


async def api(door: Door, request: Request) -> Response:
    """Any request under /api/v2/."""
    try:
        visitor = door.visitor(request)
        content = await body.read(request) if request.method == "POST" else {}
        return await _answer(door, request, visitor, content)
    except Refusal as refusal:
        code = 400 if isinstance(refusal, body.BadRequest) else 401
        return _failure(code, refusal.code, refusal.message)
    except SnowflakeError as error:
        code = next((code for code, numbers in _CODES.items() if error.errno in numbers), 400)
        return _failure(code, error.code, error.message)


def _failure(status: int, code: str, message: str) -> Response:
    return _json({"code": code, "error_code": code, "message": message}, status)


def _json(content: object, status: int = 200) -> Response:
    return Response(json.dumps(content, ensure_ascii=False).encode(), status, media_type="application/json")


async def _answer(door: Door, request: Request, visitor: Visitor, content: Mapping[str, object]) -> Response:
    segments = [unquote(part) for part in request.url.path.split("/")[3:]]
    if segments and not segments[-1]:
        segments.pop()
    found = _resource(segments)
    if found is None:
        return _failure(404, "390404", f"There is nothing at {request.method} {request.url.path[:200]}.")
    resource, place, name = found
    match request.method, name:
        case "GET", None:
            return _json(await _listed(door, visitor, resource, place, request.query_params))
        case "GET", str():
            rows = await _listed(door, visitor, resource, place, {"startsWith": name})
            row = next((row for row in rows if row["name"] == name), None)
            if row is None:
                return _failure(404, "002003", f"{resource.kind.capitalize()} {name} does not exist or not authorized.")
            return _json(row)
        case "POST", None:
            mode = request.query_params.get("createMode", "errorIfExists")
            done = await _run(door, visitor, create(resource, place, content, mode))
            return _json({"status": str(done.scalar())})
        case "DELETE", str():
            forgiving = "IF EXISTS " if request.query_params.get("ifExists", "").lower() == "true" else ""
            done = await _run(door, visitor, f"DROP {resource.kind} {forgiving}{full_name((*place, name))}")
            return _json({"status": str(done.scalar())})
    return _failure(405, "390405", f"{request.method} is not answered here: use SQL.")


def _resource(segments: list[str]) -> tuple[Resource, tuple[str, ...], str | None] | None:
    """What a path names: a kind in its place, and one of that kind. None where there is no such kind."""
    place: list[str] = []
    while len(segments) > 2 and len(place) < 2 and segments[0] == _PLACES[len(place)]:
        place.append(name_of(segments[1]))
        segments = segments[2:]
    resource = RESOURCES.get(segments[0]) if segments else None
    if resource is None or len(segments) > 2 or resource.within != len(place):
        return None
    return resource, tuple(place), name_of(segments[1]) if len(segments) == 2 else None


async def _listed(
    door: Door, visitor: Visitor, resource: Resource, place: tuple[str, ...], asked: Mapping[str, str]
) -> list[dict[str, object]]:
    """SHOW of the kind in its place, each row as the API names its members."""
    text = f"SHOW {resource.plural}"
    if "like" in asked:
        text += f" LIKE {quote_string(asked['like'])}"
    if place:
        text += f" IN {('DATABASE', 'SCHEMA')[len(place) - 1]} {full_name(place)}"
    if "startsWith" in asked:
        text += f" STARTS WITH {quote_string(asked['startsWith'])}"
    if "showLimit" in asked:
        if not asked["showLimit"].isdecimal():
            raise wrong("showLimit is no number")
        text += f" LIMIT {asked['showLimit']}"
        text += f" FROM {quote_string(asked['fromName'])}" if "fromName" in asked else ""
    result = await _run(door, visitor, text)
    names = [column.name for column in result.columns]
    return [_member_names(dict(zip(names, row, strict=True))) for row in result.rows()]


def _member_names(row: dict[str, object]) -> dict[str, object]:
    found = {name: _plain(name, value) for name, value in row.items()}
    if str(row.get("retention_time") or "").isdecimal():
        found["data_retention_time_in_days"] = found["retention_time"] = int(str(row["retention_time"]))
    if "options" in row:
        found["kind"] = "TRANSIENT" if "TRANSIENT" in str(row["options"]) else "PERMANENT"
    elif row.get("kind") == "TABLE":
        found["kind"] = "PERMANENT"
    return found


def _plain(name: str, value: object) -> object:
    match value:
        case datetime() | date():
            return value.isoformat()
        case Decimal():
            return int(value) if value == value.to_integral_value() else float(value)
        case "Y" | "N" if name.startswith(("is_", "has_")):
            return value == "Y"
        case "true" | "false" if name.startswith(("is_", "has_")):
            return value == "true"
    return value


async def _run(door: Door, visitor: Visitor, text: str) -> Result:
    """One statement after those that the session has asked for; where the session is stays as it was."""
    loop, session = asyncio.get_running_loop(), visitor.session
    done: asyncio.Future[Result] = loop.create_future()

    def job() -> None:
        place = session.database, session.schema
        try:
            result = door.engine.execute(session, text)
        except SnowflakeError as error:
            loop.call_soon_threadsafe(_settle, done, None, error)
        else:
            session.database, session.schema = place
            loop.call_soon_threadsafe(_settle, done, result, None)

    door.visitors.enqueue(visitor, job)
    return await done


def _settle(done: asyncio.Future[Result], result: Result | None, error: SnowflakeError | None) -> None:
    if done.cancelled():
        return
    if error is not None:
        done.set_exception(error)
    elif result is not None:
        done.set_result(result)
