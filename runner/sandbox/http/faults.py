"""Accidents on order, so that tests can meet them: a connection cut, an error, a delay, before or after executing."""

from __future__ import annotations

import re
import threading
from dataclasses import asdict, dataclass
from typing import Any

from runner.sandbox.http.body import BadRequest, member

WHEN = ("before", "after")
ACTIONS = ("cut", "error", "delay")


@dataclass(kw_only=True)
class Fault:
    """Happens to statements that `match` finds, `times` times: before executing, or after it and before the answer."""

    when: str
    action: str
    match: str = ""
    times: int = 1
    seconds: float = 0.0


def read_fault(order: dict[str, Any]) -> Fault:
    """The fault an order describes."""
    unknown = set(order) - set(Fault.__dataclass_fields__)
    if unknown:
        raise BadRequest(f"a fault has no '{min(unknown)}'; it has {', '.join(Fault.__dataclass_fields__)}.")
    fault = Fault(
        when=member(order, "when", str, "before"),
        action=member(order, "action", str, ""),
        match=member(order, "match", str, ""),
        times=member(order, "times", int, 1),
        seconds=float(order.get("seconds") or 0),
    )
    if fault.when not in WHEN or fault.action not in ACTIONS:
        raise BadRequest(f"'when' is one of {', '.join(WHEN)} and 'action' one of {', '.join(ACTIONS)}.")
    try:
        re.compile(fault.match)
    except re.error as error:
        raise BadRequest(f"'match' is not a regular expression: {error}.") from None
    return fault


class Faults:
    """The accidents that are still to happen."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._waiting: list[Fault] = []

    def add(self, fault: Fault) -> None:
        with self._mutex:
            self._waiting.append(fault)

    def clear(self) -> None:
        with self._mutex:
            self._waiting.clear()

    def listed(self) -> list[dict[str, object]]:
        with self._mutex:
            return [asdict(fault) for fault in self._waiting]

    def take(self, when: str, text: str) -> Fault | None:
        """The next fault meant for this statement; used up when its times are over."""
        if not self._waiting:
            return None
        with self._mutex:
            for fault in self._waiting:
                if fault.when == when and re.search(fault.match, text, re.IGNORECASE | re.DOTALL):
                    fault.times -= 1
                    if fault.times <= 0:
                        self._waiting.remove(fault)
                    return fault
        return None
