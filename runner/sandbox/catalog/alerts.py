"""Alerts, and what is remembered of their runs."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime
from typing import ClassVar

from runner.sandbox.catalog.model import SchemaObject
from runner.sandbox.classes import dataclass


@dataclass(kw_only=True)
class AlertRun:
    """One evaluation. `state` is TRIGGERED, CONDITION_FALSE, CONDITION_FAILED or ACTION_FAILED."""

    scheduled_at: datetime
    completed_at: datetime
    state: str
    condition_query_id: str | None = None
    action_query_id: str | None = None
    error_code: str | None = None
    error: str | None = None


@dataclass(kw_only=True)
class Alert(SchemaObject):
    """A condition that is looked at on a schedule, and what is done when it gives rows."""

    kind: ClassVar[str] = "ALERT"
    warehouse: str | None = None
    schedule: str
    condition: str
    action: str
    started: bool = False
    next_at: datetime | None = None
    """When a started alert is due."""
    runs: list[AlertRun] = field(default_factory=list)
    """The latest ones, the oldest first."""
