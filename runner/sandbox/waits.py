"""Waits for locks: who waited for what, since when, and for whom (account-usage/lock_wait_history)."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from runner.sandbox.classes import dataclass

KEPT = 20_000
MOST_BLOCKERS = 20


@dataclass(frozen=True, kw_only=True)
class Wait:
    """One statement that had to wait; `acquired_at` is None where it never got the lock."""

    account: str
    object_id: int
    schema_id: int | None
    database_id: int | None
    lock_type: str
    """PARTITION or STREAM."""
    name: tuple[str, ...]
    """Database, schema and name of the object, as they were then."""
    query_id: str
    transaction_id: int
    requested_at: datetime
    acquired_at: datetime | None
    blockers: tuple[tuple[str, int], ...]
    """Statement and transaction of the one that held the lock, then of those ahead in the queue."""


def plain(wait: Wait) -> dict[str, Any]:
    """As a line of the history holds it."""
    acquired = wait.acquired_at.isoformat() if wait.acquired_at else None
    return asdict(wait) | {"requested_at": wait.requested_at.isoformat(), "acquired_at": acquired}


def revived(body: dict[str, Any]) -> Wait:
    acquired = body["acquired_at"]
    return Wait(
        **(
            body
            | {
                "name": tuple(body["name"]),
                "requested_at": datetime.fromisoformat(body["requested_at"]),
                "acquired_at": datetime.fromisoformat(acquired) if acquired else None,
                "blockers": tuple((query, number) for query, number in body["blockers"]),
            }
        )
    )
