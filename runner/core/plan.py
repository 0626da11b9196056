"""A plan: the steps that will be walked, in order. Running, showing and reporting are readers of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from runner.core.history import Event
from runner.core.script import Script


class Why(StrEnum):
    """Why a step is in the plan."""

    PENDING = "pending"
    OUT_OF_ORDER = "out of order"
    CHANGED = "changed"
    ALWAYS = "always"
    RETRY = "retry"
    RESUME = "resume"
    UNDO = "undo"
    BASELINE = "baseline"


@dataclass(frozen=True, slots=True)
class Step:
    """One script to apply (or to undo with). `attempt`: the unfinished attempt to go on from."""

    script: Script
    why: Why
    attempt: Event | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run will do to one environment. Made once; nothing is decided while it is walked."""

    environment: str
    steps: tuple[Step, ...]
    warnings: tuple[str, ...] = ()

    @property
    def empty(self) -> bool:
        return not self.steps
