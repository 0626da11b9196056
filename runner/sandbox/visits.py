"""Sessions that clients opened: how they came in, with what, and why they ended (account-usage/sessions)."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from runner.sandbox.classes import dataclass

KEPT = 20_000
_TOLD = ("APPLICATION", "OS", "OS_VERSION", "OCSP_MODE", "PYTHON_VERSION", "PYTHON_RUNTIME", "JAVA_VERSION")


@dataclass(kw_only=True)
class Visit:
    """One session. `closed` is LOGOUT, FORCED_LOGOUT, ABANDONED, UNKNOWN, or None while it is open."""

    session_id: int
    account: str
    user: str
    at: datetime
    factor: str
    login_id: int
    client: str = ""
    environment: str = ""
    closed: str | None = None


def plain(visit: Visit) -> dict[str, Any]:
    """As a line of the history holds it."""
    return asdict(visit) | {"at": visit.at.isoformat()}


def revived(body: dict[str, Any]) -> Visit:
    return Visit(**(body | {"at": datetime.fromisoformat(body["at"])}))


def environment(told: dict[str, Any]) -> dict[str, str]:
    """What a client says of its surroundings, as far as it is known to hold no secret."""
    return {name: str(told[name])[:100] for name in _TOLD if name in told}


class Visits:
    """The latest ones by the number of their session; whoever changes them holds the history's mutex."""

    def __init__(self) -> None:
        self._known: dict[int, Visit] = {}

    def add(self, visit: Visit) -> None:
        self._known[visit.session_id] = visit
        while len(self._known) > KEPT:
            self._known.pop(next(iter(self._known)))

    def close(self, session_id: int, reason: str) -> bool:
        """Whether the session was open until now."""
        found = self._known.get(session_id)
        if found is None or found.closed is not None:
            return False
        found.closed = reason
        return True

    def of(self, account: str) -> list[Visit]:
        """The newest first."""
        return [visit for visit in reversed(self._known.values()) if visit.account == account]

    def lost(self) -> None:
        """The process began anew: who was there is there no more."""
        for visit in self._known.values():
            visit.closed = visit.closed or "UNKNOWN"
