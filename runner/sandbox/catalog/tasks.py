"""Tasks, and what is remembered of their runs."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime
from typing import ClassVar

from runner.sandbox.catalog.model import SchemaObject
from runner.sandbox.classes import dataclass


@dataclass(kw_only=True)
class Task(SchemaObject):
    """A statement that runs on a schedule, or after others. `predecessors` and `finalizes` are names in its schema."""

    kind: ClassVar[str] = "TASK"
    definition: str
    warehouse: str | None = None
    size: str | None = None
    """USER_TASK_MANAGED_INITIAL_WAREHOUSE_SIZE of a serverless task."""
    schedule: str | None = None
    predecessors: list[str] = field(default_factory=list)
    finalizes: str | None = None
    condition: str | None = None
    config: str | None = None
    overlapping: bool = False
    parameters: dict[str, str] = field(default_factory=dict)
    """Session parameters, in which the task runs."""
    timeout_ms: int | None = None
    suspend_after_failures: int | None = None
    retry_attempts: int | None = None
    error_integration: str | None = None
    success_integration: str | None = None
    started: bool = False
    next_at: datetime | None = None
    """When a started root task is due."""
    failures: int = 0
    """Runs of the graph that failed one after the other."""
    last_committed_at: datetime | None = None
    last_suspended_at: datetime | None = None
    suspended_reason: str | None = None
