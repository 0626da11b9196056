"""The door's addresses. Every answer is JSON with HTTP 200, whatever came in, but those of the REST API, which has
codes of its own; only an ordered fault cuts a line.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from runner.sandbox.errors import SnowflakeError
from runner.sandbox.failures import incident
from runner.sandbox.http import answers, body, files
from runner.sandbox.http.answers import Refusal, json_response, slowly
from runner.sandbox.http.bindings import decoded
from runner.sandbox.http.body import BadRequest, member
from runner.sandbox.http.door import Cut, Door
from runner.sandbox.http.faults import kind_of
from runner.sandbox.http.login import login_request, token_request
from runner.sandbox.http.orders import ORDERS
from runner.sandbox.http.queries import Asked, Query
from runner.sandbox.http.rest import api
from runner.sandbox.http.sessions import Visitor
from runner.sandbox.staging.tickets import PATH

Handler = Callable[[Door, Request], Awaitable[Response]]
Endpoint = Callable[[Request], Awaitable[Response]]
_LARGE = 64 * 1024
_HOST = re.compile(r"[\w.-]+(?::\d{1,5})?", re.ASCII)
_log = logging.getLogger("runner.sandbox")


async def query_request(door: Door, request: Request) -> Response:
    """Execute a statement; the answer, or word that it still runs."""
    visitor = door.visitor(request)
    content = await _content(request)
    asked = _asked(request, content)
    if (fault := door.faults.take("before", "statement", asked.text)) is not None:
        await door.suffer(fault, visitor)
        visitor = door.visitor(request)  # an accident takes its time: the session may have ended meanwhile
    query = door.queries.submit(visitor, asked)
    if member(content, "asyncExec", bool, False):
        return json_response(answers.pending(query.id, answers.IN_PROGRESS_ASYNC))
    return await door.outcome(query)


async def _content(request: Request) -> dict[str, Any]:
    raw = await body.sent(request)
    encoding = request.headers.get("content-encoding", "")
    if len(raw) < _LARGE:
        return body.parsed(body.unpacked(raw, encoding))
    return await asyncio.to_thread(lambda: body.parsed(body.unpacked(raw, encoding)))


def _asked(request: Request, content: dict[str, Any]) -> Asked:
    parameters = member(content, "parameters", dict, {})
    count = parameters.get("MULTI_STATEMENT_COUNT", 1)
    if not str(count).isdigit():
        raise BadRequest("MULTI_STATEMENT_COUNT is not a number.")
    bindings = member(content, "bindings", dict, {})
    return Asked(
        text=member(content, "sqlText", str, ""),
        request_id=request.query_params.get("requestId", ""),
        base_url=_base_url(request),
        binds=decoded(bindings) if bindings else None,
        bind_stage=member(content, "bindStage", str, ""),
        parameters=parameters,
        describe_only=member(content, "describeOnly", bool, False),
    )


def _base_url(request: Request) -> str:
    """Where the client found the door."""
    host = request.headers.get("host", "")
    if _HOST.fullmatch(host):
        return f"{request.scope['scheme']}://{host}"
    return str(request.base_url).rstrip("/")


async def query_result(door: Door, request: Request) -> Response:
    """The answer of an earlier statement, by its query id."""
    query = _query(door, request)
    if query is None:
        return json_response(answers.failed(_unknown(request), request.path_params["query_id"]))
    if query.id == request.path_params["query_id"]:
        return await door.outcome(query)
    return json_response(await door.answer(request.path_params["query_id"]))


def _query(door: Door, request: Request) -> Query | None:
    """A statement of the same user; what others ran does not exist."""
    visitor = door.visitor(request)
    query = door.queries.find(visitor, request.path_params["query_id"])
    return query if query is not None and query.visitor.session.user == visitor.session.user else None


def _unknown(request: Request) -> SnowflakeError:
    return SnowflakeError(709, "02000", f"Statement {request.path_params['query_id'][:64]} not found")


async def query_status(door: Door, request: Request) -> Response:
    """Where a statement stands, as `get_query_status` reads it."""
    query = _query(door, request)
    return json_response(answers.body({"queries": [] if query is None else [_status(query)]}))


def _status(query: Query) -> dict[str, object]:
    described: dict[str, object] = {
        "id": query.id,
        "status": query.state,
        "state": query.state,
        "sqlText": query.asked.text,
        "startTime": int(query.started_at.timestamp() * 1000),
        "endTime": int(query.ended_at.timestamp() * 1000) if query.ended_at else 0,
        "sessionId": query.visitor.session.id,
    }
    if query.error is not None:
        described |= {"errorCode": query.error.code, "errorMessage": query.error.message}
    return described


async def abort_request(door: Door, request: Request) -> Response:
    """Cancel the statement that was sent under a request id."""
    visitor = door.visitor(request)
    content = await body.read(request)
    query = door.queries.by_request(visitor, member(content, "requestId", str, ""))
    return _cancelled(query)


async def abort_query(door: Door, request: Request) -> Response:
    """Cancel a statement by its query id; one's own only."""
    return _cancelled(_query(door, request))


def _cancelled(query: Query | None) -> Response:
    if query is None:
        return json_response(answers.body(None, "000605", "Identified SQL statement is not currently executing."))
    query.cancel()
    return json_response(answers.body(None))


async def chunk(door: Door, request: Request) -> Response:
    """A further part of a result, at the signed address that came with its beginning."""
    key = request.query_params.get("signature", "")
    number, query_id = request.path_params["number"], request.path_params["query_id"]
    try:
        content = await asyncio.to_thread(door.results.chunk, query_id, number, key)
    except SnowflakeError as error:
        return Response(error.message, status_code=404, media_type="text/plain")
    return Response(content, media_type="application/octet-stream")


async def session_delete(door: Door, request: Request) -> Response:
    """Log out."""
    visitor = door.visitor(request)
    if request.query_params.get("delete", "").lower() != "true":
        raise BadRequest("a session can only be deleted here.")
    await door.leave(visitor)
    return json_response(answers.body(None))


async def heartbeat(door: Door, request: Request) -> Response:
    """The client is alive."""
    door.visitor(request)
    return json_response(answers.body(None))


async def telemetry(_: Door, request: Request) -> Response:
    """Read and forgotten."""
    await body.sent(request)
    return json_response(answers.body("Log Received"))


async def unknown(_: Door, request: Request) -> Response:
    await body.sent(request)
    raise Refusal("390404", f"There is nothing at {request.method} {request.url.path[:200]}.")


_ADDRESSES: tuple[tuple[str, str, Handler], ...] = (
    ("POST", "/session/v1/login-request", login_request),
    ("POST", "/session/token-request", token_request),
    ("POST", "/session/heartbeat", heartbeat),
    ("POST", "/session", session_delete),
    ("POST", "/queries/v1/query-request", query_request),
    ("POST", "/queries/v1/abort-request", abort_request),
    ("GET", "/queries/{query_id}/result", query_result),
    ("POST", "/queries/{query_id}/abort-request", abort_query),
    ("GET", "/monitoring/queries/{query_id}", query_status),
    ("GET", "/monitoring/queries//{query_id}", query_status),
    ("GET", "/chunks/{query_id}/{number:int}", chunk),
    *((method, "/api/v2/{path:path}", api) for method in ("GET", "POST", "DELETE")),
    ("POST", "/telemetry/send", telemetry),
    ("POST", "/telemetry/send/sessionless", telemetry),
    *ORDERS,
)


def application(door: Door) -> ASGIApp:
    """The ASGI application of one door."""
    endpoints = {(method, path): _endpoint(door, handler, path) for method, path, handler in _ADDRESSES}
    routes = [Route(path, endpoint, methods=[method]) for (method, path), endpoint in endpoints.items()]
    nowhere = _endpoint(door, unknown, "unknown")
    routes.append(Route(files.ADDRESS, _endpoint(door, files.move, files.ADDRESS), methods=list(files.METHODS)))
    routes += [Route(path, nowhere) for _, path, _ in _ADDRESSES]
    plain = {address: endpoint for address, endpoint in endpoints.items() if "{" not in address[1]}
    return _Everything(Starlette(routes=[*routes, Route("/{rest:path}", nowhere)]), plain, nowhere)


class _Everything:
    """Addresses without a variable part are found at once; methods that no route knows end where unknown paths do."""

    def __init__(self, inner: Starlette, plain: Mapping[tuple[str, str], Endpoint], nowhere: Endpoint) -> None:
        self._inner = inner
        self._plain = plain
        self._nowhere = nowhere

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        known = self._plain.get((scope["method"], scope["path"])) if scope["type"] == "http" else None
        if known is not None:
            response = await known(Request(scope, receive))
            await response(scope, receive, send)
            return
        moves = scope["type"] == "http" and scope["path"].startswith(f"/{PATH}/") and scope["method"] in files.METHODS
        if scope["type"] == "http" and not moves and scope["method"] not in ("GET", "POST", "DELETE"):
            response = await self._nowhere(Request(scope, receive))
            await response(scope, receive, send)
        else:
            await self._inner(scope, receive, send)


def _endpoint(door: Door, handler: Handler, path: str) -> Endpoint:
    ours = path.startswith("/sandbox/")

    exposed = handler if ours else _exposed(handler, kind_of(path))

    async def endpoint(request: Request) -> Response:
        if not ours:
            door.requests[path] += 1
            if door.settings.latency_ms:
                await asyncio.sleep(door.settings.latency_ms / 1000)
        return await _guarded(door, exposed, request)

    return endpoint


def _exposed(handler: Handler, kind: str) -> Handler:
    """The handler with the accidents that were ordered for its requests; a statement's are taken where it is known."""
    if kind == "statement":
        return handler

    async def exposed(door: Door, request: Request) -> Response:
        await door.suffer(door.faults.take("before", kind), _known(door, request))
        response = await handler(door, request)
        fault = door.faults.take("after", kind)
        await door.suffer(fault, _known(door, request))
        slow = (
            fault is not None and fault.action == "slow" and not isinstance(response, (StreamingResponse, FileResponse))
        )
        return slowly(bytes(response.body), fault.seconds, response.media_type) if slow and fault else response

    return exposed


def _known(door: Door, request: Request) -> Visitor | None:
    try:
        return door.visitors.visitor(request.headers.get("authorization", ""))
    except Refusal:
        return None


async def _guarded(door: Door, handler: Handler, request: Request) -> Response:
    try:
        return await handler(door, request)
    except Refusal as refusal:
        return json_response(answers.refused(refusal))
    except SnowflakeError as error:
        return json_response(answers.failed(error, ""))
    except (Cut, ClientDisconnect):
        connection = request.scope.get("door.connection")
        if connection is not None:
            await connection.cut()
        return Response(status_code=444)
    except Exception as error:  # noqa: BLE001 - the door never answers 5xx
        _log.exception("incident at %s", request.url.path)
        return json_response(answers.failed(incident(f"{type(error).__name__}: {error}"), ""))
