"""What governs and derives: tags, and objects that are made from others."""

from __future__ import annotations

from dataclasses import field
from typing import ClassVar

from runner.sandbox.catalog.model import Record, SchemaObject
from runner.sandbox.classes import dataclass


@dataclass(kw_only=True)
class Tag(SchemaObject):
    """A name under which objects carry values; with policies it masks the columns that carry it."""

    kind: ClassVar[str] = "TAG"
    allowed_values: list[str] | None = None
    """None: any value. In the order given, which ON_CONFLICT would look at."""
    policies: list[int] = field(default_factory=list)
    """Ids of masking policies, one a data type."""


@dataclass(kw_only=True)
class ResourceMonitor(Record):
    """A quota of credits; stored and shown, never reached: nothing is suspended by it."""

    kind: ClassVar[str] = "RESOURCE_MONITOR"
    credit_quota: int | None = None
    frequency: str = "MONTHLY"
    start_at: str | None = None
    end_at: str | None = None
    notify_users: list[str] = field(default_factory=list)
    triggers: list[list[str]] = field(default_factory=list)
    """Percent and action each: NOTIFY, SUSPEND or SUSPEND_IMMEDIATE."""
    on_account: bool = False
