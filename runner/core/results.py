"""What a run tells while it goes, and what it leaves: one union of events, one tree of results."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from runner.core.history import StatementRow
from runner.core.plan import Why
from runner.core.script import Statement


@dataclass(frozen=True, slots=True)
class RunStarted:
    run_id: str
    environment: str
    scripts: int
    statements: int


@dataclass(frozen=True, slots=True)
class ScriptStarted:
    environment: str
    script: str
    why: Why
    statements: int
    already_done: int


@dataclass(frozen=True, slots=True)
class StatementStarted:
    environment: str
    script: str
    statement: Statement
    total: int


@dataclass(frozen=True, slots=True)
class StatementEnded:
    environment: str
    script: str
    row: StatementRow
    total: int


@dataclass(frozen=True, slots=True)
class ScriptEnded:
    environment: str
    script: str
    outcome: str
    milliseconds: int


@dataclass(frozen=True, slots=True)
class RunEnded:
    environment: str
    scripts: int


Progress: TypeAlias = RunStarted | ScriptStarted | StatementStarted | StatementEnded | ScriptEnded | RunEnded
Observer: TypeAlias = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class ScriptResult:
    """One script of a run: `outcome` is applied, undone or skipped."""

    script: str
    path: str
    why: Why
    outcome: str
    checksum: str
    milliseconds: int
    statements: tuple[StatementRow, ...]


@dataclass(frozen=True, slots=True)
class RunResult:
    """One run over one environment. Nothing to do: no scripts, and no run id was spent."""

    environment: str
    account: str
    run_id: str
    started: datetime | None
    scripts: tuple[ScriptResult, ...] = ()
    warnings: tuple[str, ...] = ()
