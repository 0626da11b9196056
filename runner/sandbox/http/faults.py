"""Accidents on order, so that anybody's tests can meet them: before or after executing, at chosen requests."""

from __future__ import annotations

import re
import threading
from collections import Counter
from dataclasses import asdict
from typing import Any

from runner.sandbox.classes import dataclass
from runner.sandbox.http.body import BadRequest, member

WHEN = ("before", "after")
ACTIONS = ("cut", "error", "delay", "slow", "kill-session", "expire-token")
AT = ("statement", "login", "renewal", "result", "chunk", "heartbeat", "logout", "any")
_REQUESTS = {
    "/queries/v1/query-request": "statement",
    "/session/v1/login-request": "login",
    "/session/token-request": "renewal",
    "/queries/{query_id}/result": "result",
    "/chunks/{query_id}/{number:int}": "chunk",
    "/session/heartbeat": "heartbeat",
    "/session": "logout",
}


@dataclass(kw_only=True)
class Fault:
    """Happens to requests of one kind whose statement `match` finds, from the `nth` of them on, to each `every`-th."""

    action: str
    when: str = "before"
    at: str = "statement"
    match: str = ""
    nth: int = 1
    every: int = 1
    times: int = 1
    """How often; 0 for always."""
    seconds: float = 0.0
    """How long a delay or a slow answer takes."""
    code: int = 603
    sqlstate: str = "XX000"
    message: str = "SQL execution internal error:\nProcessing aborted by an ordered fault."
    seen: int = 0
    happened: int = 0

    @property
    def spent(self) -> bool:
        return 0 < self.times <= self.happened

    def falls_on(self, when: str, at: str, text: str) -> bool:
        """Whether it is this request's turn; counts the requests that it is meant for."""
        if self.when != when or self.at not in (at, "any"):
            return False
        if self.match and not re.search(self.match, text, re.IGNORECASE | re.DOTALL):
            return False
        self.seen += 1
        return self.seen >= self.nth and (self.seen - self.nth) % self.every == 0


def kind_of(path: str) -> str:
    """The kind of request that comes to an address of the door."""
    return _REQUESTS.get(path, "other")


def read_fault(order: dict[str, Any]) -> Fault:
    """The fault an order describes."""
    known = {name: kind for name, kind in _ORDERED.items() if name in order}
    unknown = set(order) - set(_ORDERED)
    if unknown:
        raise BadRequest(f"a fault has no '{min(unknown)}'; it has {', '.join(_ORDERED)}.")
    fault = Fault(**{"action": "", **{name: member(order, name, kind, kind()) for name, kind in known.items()}})
    _check(fault)
    return fault


_ORDERED: dict[str, Any] = {
    "action": str,
    "when": str,
    "at": str,
    "match": str,
    "nth": int,
    "every": int,
    "times": int,
    "seconds": float,
    "code": int,
    "sqlstate": str,
    "message": str,
}


def _check(fault: Fault) -> None:
    for name, allowed in (("when", WHEN), ("action", ACTIONS), ("at", AT)):
        if getattr(fault, name) not in allowed:
            raise BadRequest(f"'{name}' of a fault is one of {', '.join(allowed)}.")
    if fault.nth < 1 or fault.every < 1 or fault.times < 0 or not 0 <= fault.seconds <= 3600:
        raise BadRequest("'nth' and 'every' count from 1, 'times' from 0 (always), 'seconds' from 0 to 3600.")
    if fault.action in ("delay", "slow") and not fault.seconds:
        raise BadRequest(f"'{fault.action}' needs its length: 'seconds'.")
    if not 1 <= fault.code <= 999_999:
        raise BadRequest("'code' is a number of an error, from 1 to 999999.")
    if fault.match and fault.at != "statement":
        raise BadRequest("'match' looks at a statement's text: it goes with 'at' = statement only.")
    try:
        re.compile(fault.match)
    except re.error as error:
        raise BadRequest(f"'match' is not a regular expression: {error}.") from None


class Faults:
    """The accidents that are still to happen, and how many did."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._waiting: list[Fault] = []
        self.happened: Counter[str] = Counter()

    def add(self, fault: Fault) -> None:
        with self._mutex:
            self._waiting.append(fault)

    def clear(self) -> None:
        with self._mutex:
            self._waiting.clear()

    def listed(self) -> list[dict[str, object]]:
        with self._mutex:
            return [asdict(fault) for fault in self._waiting]

    def take(self, when: str, at: str, text: str = "") -> Fault | None:
        """The first fault that falls on this request; every one that is meant for it counts it."""
        if not self._waiting:
            return None
        with self._mutex:
            falling = [fault for fault in self._waiting if fault.falls_on(when, at, text)]
            if not falling:
                return None
            first = falling[0]
            first.happened += 1
            self.happened[first.action] += 1
            self._waiting = [fault for fault in self._waiting if not fault.spent]
            return first
