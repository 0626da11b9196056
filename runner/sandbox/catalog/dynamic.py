"""What a dynamic table keeps beside its rows: the query, how fresh it is to be, and what became of each refresh."""

from __future__ import annotations

from dataclasses import field, replace
from datetime import datetime

from runner.sandbox.classes import dataclass


@dataclass(kw_only=True)
class Refresh:
    """One refresh. `state` is SUCCEEDED, FAILED or UPSTREAM_FAILED; `action` NO_DATA, FULL or INCREMENTAL."""

    data_at: datetime
    started_at: datetime
    ended_at: datetime
    state: str
    action: str
    trigger: str
    """MANUAL, CREATION or SCHEDULED."""
    query_id: str | None = None
    error_code: str | None = None
    error: str | None = None
    inserted: int = 0
    deleted: int = 0


@dataclass(kw_only=True)
class Dynamic:
    query: str
    text: str
    """The whole CREATE statement as given."""
    target_lag: str
    """`5 minutes`, or DOWNSTREAM."""
    warehouse: str
    refresh_mode: str = "AUTO"
    """As asked for: AUTO, FULL or INCREMENTAL."""
    mode_reason: str | None = None
    """Why AUTO became FULL; None where it is incremental."""
    initialize: str = "ON_CREATE"
    data_at: datetime | None = None
    """The rows are those of this moment; None: it was never filled."""
    suspended_at: datetime | None = None
    suspended_by: int | None = None
    """The dynamic table upstream whose suspension suspended this one."""
    suspended_reason: str | None = None
    is_clone: bool = False
    failures: int = 0
    """Refreshes that failed one after the other."""
    refreshes: list[Refresh] = field(default_factory=list)
    """The latest ones, the oldest first."""

    @property
    def mode(self) -> str:
        """The mode in which it is refreshed."""
        if self.refresh_mode != "AUTO":
            return self.refresh_mode
        return "INCREMENTAL" if self.mode_reason is None else "FULL"


def cloned(own: Dynamic, at: datetime) -> Dynamic:
    """What a clone begins with: suspended until it is resumed."""
    return replace(
        own,
        suspended_at=at,
        suspended_by=None,
        suspended_reason="CLONED",
        is_clone=True,
        failures=0,
        refreshes=[],
    )
