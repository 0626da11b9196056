"""The door's own orders, at /sandbox/…: from the owner of the root to the process, never from a client."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from runner.sandbox import accounts, organization, snapshots
from runner.sandbox.catalog.store import utc_now
from runner.sandbox.clock import CLOCK
from runner.sandbox.http import answers, body
from runner.sandbox.http.answers import json_response
from runner.sandbox.http.body import BadRequest
from runner.sandbox.http.door import Door
from runner.sandbox.http.faults import read_fault
from runner.sandbox.organization import OrganizationError
from runner.sandbox.process import SandboxError

Order = Callable[[Door, Request], Awaitable[Response]]

# Tokens last a year and more from now on, and nanoseconds are counted until 2262.
_LAST_INSTANT = datetime(2200, 1, 1, tzinfo=UTC)


async def status(door: Door, _: Request) -> Response:
    """Who and where the process is; the one thing that anybody may ask."""
    return json_response(answers.body(door.status()))


async def settings(door: Door, request: Request) -> Response:
    """Change how the door behaves."""
    door.admin(request)
    door.set(await body.read(request))
    return json_response(answers.body(vars(door.settings)))


async def fault_add(door: Door, request: Request) -> Response:
    """Order an accident."""
    door.admin(request)
    door.faults.add(read_fault(await body.read(request)))
    return json_response(answers.body(door.faults.listed()))


async def fault_list(door: Door, request: Request) -> Response:
    """The accidents that did not all happen yet."""
    door.admin(request)
    return json_response(answers.body(door.faults.listed()))


async def fault_clear(door: Door, request: Request) -> Response:
    """None of them happens any more, and delays that go on end."""
    door.admin(request)
    door.relieve()
    return json_response(answers.body([]))


async def snapshot_save(door: Door, request: Request) -> Response:
    """Keep the present state; who changes something waits until the copy is made."""
    door.admin(request)
    name = request.path_params["name"]
    try:
        kept = await asyncio.to_thread(door.engine.still, lambda: snapshots.keep(door.engine.org_root, name))
    except SandboxError as error:
        raise BadRequest(str(error)) from None
    return json_response(answers.body({"name": kept.name, "bytes": kept.bytes}))


async def address(door: Door, request: Request) -> Response:
    """Let a user, or everybody, seem to come from another address; an empty address ends it."""
    door.admin(request)
    wanted = await body.read(request)
    user, seen = str(wanted.get("user") or "").upper(), str(wanted.get("address") or "")
    try:
        found = str(ip_address(seen)) if seen else ""
    except ValueError:
        raise BadRequest(f"'{seen}' is no address.") from None
    door.addresses.pop(user, None)
    if found:
        door.addresses[user] = found
    return json_response(answers.body(door.addresses))


async def clock_now(door: Door, request: Request) -> Response:
    """What time it is."""
    door.admin(request)
    return json_response(answers.body(_time(0)))


async def clock_move(door: Door, request: Request) -> Response:
    """Move the clock on, by seconds or to an instant; tasks that fall due on the way run."""
    door.admin(request)
    wanted = await body.read(request)
    try:
        to = _wanted(wanted)
    except (TypeError, ValueError, OverflowError):
        raise BadRequest("the clock is moved by {'seconds': n} or {'to': an instant of ISO 8601}.") from None
    if to < utc_now():
        raise BadRequest(f"the clock goes forward only: it is {utc_now().isoformat()} now.")
    if to > _LAST_INSTANT:
        raise BadRequest(f"the clock goes to {_LAST_INSTANT:%Y-%m-%d} at most.")
    ran = await asyncio.to_thread(door.engine.move_clock, to)
    return json_response(answers.body(_time(ran)))


def _wanted(wanted: dict[str, Any]) -> datetime:
    if "to" in wanted:
        found = datetime.fromisoformat(wanted["to"])
        return found if found.tzinfo else found.replace(tzinfo=UTC)
    return utc_now() + timedelta(seconds=float(wanted["seconds"]))


def _time(tasks: int) -> dict[str, object]:
    return {"now": utc_now().isoformat(), "ahead_seconds": CLOCK.ahead.total_seconds(), "tasks_run": tasks}


async def account_create(door: Door, request: Request) -> Response:
    """Add an account to the organisation; its tokens are given back and written as the first ones' are."""
    door.admin(request)
    wanted = await body.read(request)
    try:
        new = organization.account(wanted, "the account")
        made = await asyncio.to_thread(accounts.create, door.engine, new)
    except OrganizationError as error:
        raise BadRequest(str(error)) from None
    return json_response(answers.body(made))


async def account_drop(door: Door, request: Request) -> Response:
    """Take an account out of the organisation, with everything in it."""
    door.admin(request)
    try:
        await asyncio.to_thread(accounts.drop, door.engine, request.path_params["name"].upper())
    except OrganizationError as error:
        raise BadRequest(str(error)) from None
    return json_response(answers.body(None))


ORDERS: tuple[tuple[str, str, Order], ...] = (
    ("GET", "/sandbox/status", status),
    ("POST", "/sandbox/settings", settings),
    ("POST", "/sandbox/faults", fault_add),
    ("GET", "/sandbox/faults", fault_list),
    ("DELETE", "/sandbox/faults", fault_clear),
    ("POST", "/sandbox/snapshots/{name}", snapshot_save),
    ("POST", "/sandbox/address", address),
    ("GET", "/sandbox/clock", clock_now),
    ("POST", "/sandbox/clock", clock_move),
    ("POST", "/sandbox/accounts", account_create),
    ("DELETE", "/sandbox/accounts/{name}", account_drop),
)
