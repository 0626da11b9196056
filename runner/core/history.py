"""The history as values: events in, the present state of each script out."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from runner.core.script import Kind, script_key
from runner.core.version import Version

LONGEST_MESSAGE = 4000
"""Of an error's message this much is kept."""


class EventType(StrEnum):
    """What can be written into the history. Nothing written is ever changed."""

    STARTED = "STARTED"
    SUCCESS = "SUCCESS"
    FAILED = "FAILED"
    UNDONE = "UNDONE"
    BASELINE = "BASELINE"
    SKIPPED = "SKIPPED"
    """The script renders to nothing for this environment."""
    RETRY = "RETRY"
    """Repaired: what failed may be run again, from the failed statement on."""
    MARK_APPLIED = "MARK_APPLIED"
    MARK_UNDONE = "MARK_UNDONE"
    UNLOCKED = "UNLOCKED"
    """A lease was taken from its owner by hand; says nothing about scripts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One row of MIGRATION_HISTORY. `number` counts from 1 without a gap; `chain` seals it to the row before."""

    number: int
    event: EventType
    run_id: str
    installed_rank: int
    kind: Kind | None = None
    version: str | None = None
    description: str = ""
    script: str = ""
    checksum: str = ""
    rendered_checksum: str = ""
    environment: str
    account: str
    installed_by: str
    role: str
    warehouse: str = ""
    git_commit: str = ""
    runner_version: str
    installed_on: datetime | None = None
    """The account's own clock, set by the account."""
    execution_time: int | None = None
    """Milliseconds."""
    statements: int | None = None
    error_code: int | None = None
    error_message: str = ""
    reason: str = ""
    context: str = ""
    """JSON of what rendering used beyond files and settings, so that a resumed script renders the same."""
    transactional: bool = False
    """The script and this history stand in one transaction: failed or unfinished means nothing was left behind."""
    session_id: int | None = None
    fence: int = 0
    chain: str = ""

    @property
    def key(self) -> str:
        """The script it speaks of; an undo speaks of the version it undoes. Empty: of no script."""
        if self.kind is None:
            return ""
        kind = Kind.VERSIONED if self.kind is Kind.UNDO else self.kind
        return script_key(kind, Version(self.version) if self.version else None, self.description)

    def sealed_after(self, previous: str) -> str:
        """SHA-256 over the row before's seal and this row's facts: an edited, removed or inserted row breaks it."""
        facts = (
            self.number, self.event, self.run_id, self.installed_rank, self.kind or "", self.version or "",
            self.description, self.script, self.checksum, self.rendered_checksum, self.environment, self.account,
            self.installed_by, self.role, self.warehouse, self.git_commit, self.runner_version, self.execution_time,
            self.statements, self.error_code, self.error_message[:LONGEST_MESSAGE], self.reason, self.context,
            self.transactional, self.session_id, self.fence,
        )  # fmt: skip
        return hashlib.sha256("\x1f".join([previous, *map(str, facts)]).encode()).hexdigest()


class StatementState(StrEnum):
    SUCCESS = "SUCCESS"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True, kw_only=True)
class StatementRow:
    """One row of MIGRATION_STATEMENT: the checkpoint of one statement."""

    run_id: str
    script: str
    installed_rank: int
    ordinal: int
    sha256: str
    line: int
    query_id: str
    state: StatementState
    row_count: int | None = None
    execution_time: int | None = None
    error_code: int | None = None
    error_message: str = ""


class Standing(StrEnum):
    """Where a script stands in one account."""

    PENDING = "pending"
    APPLIED = "applied"
    FAILED = "failed"
    DIRTY = "dirty"
    """Started and never ended: the process died."""
    RETRY = "retry"
    UNDONE = "undone"
    UNDO_FAILED = "undo failed"
    SKIPPED = "not for it"


_STANDING: dict[EventType, Standing] = {
    EventType.STARTED: Standing.DIRTY,
    EventType.SUCCESS: Standing.APPLIED,
    EventType.FAILED: Standing.FAILED,
    EventType.UNDONE: Standing.UNDONE,
    EventType.SKIPPED: Standing.SKIPPED,
    EventType.RETRY: Standing.RETRY,
    EventType.MARK_APPLIED: Standing.APPLIED,
    EventType.MARK_UNDONE: Standing.UNDONE,
}


@dataclass(frozen=True, slots=True)
class Record:
    """A script's present state: the event that decided it, and the attempt that is unfinished, if one is."""

    key: str
    standing: Standing
    event: Event
    attempt: Event | None = None
    """The STARTED event of an attempt that has not succeeded: where to resume, with what context."""


@dataclass(frozen=True, slots=True)
class History:
    """All events of one environment in their order, and the present state of each script."""

    events: tuple[Event, ...] = ()
    statements: tuple[StatementRow, ...] = field(default=())
    """Checkpoints of the attempts that are unfinished."""

    def records(self) -> dict[str, Record]:
        """The present state by script key."""
        found: dict[str, Record] = {}
        for event in self.events:
            if event.key and event.event is not EventType.BASELINE:
                found[event.key] = _next(found.get(event.key), event)
        return found

    @property
    def baseline(self) -> Event | None:
        """The last baseline, said by a person or built by a B script: versions up to it are taken as applied."""
        return next((e for e in reversed(self.events) if _is_baseline(e)), None)

    @property
    def next_number(self) -> int:
        return self.events[-1].number + 1 if self.events else 1

    @property
    def next_rank(self) -> int:
        return max((event.installed_rank for event in self.events), default=0) + 1

    @property
    def seal(self) -> str:
        return self.events[-1].chain if self.events else ""


def _is_baseline(event: Event) -> bool:
    built = event.kind is Kind.BASELINE and event.event in (EventType.SUCCESS, EventType.MARK_APPLIED)
    return built or event.event is EventType.BASELINE


def _next(before: Record | None, event: Event) -> Record:
    standing = _STANDING[event.event]
    if event.kind is Kind.UNDO and standing is Standing.SKIPPED:
        standing = Standing.UNDONE  # nothing had to be taken back here, and the version is gone all the same
    attempt = _attempt(before, event, standing)
    if event.kind is not Kind.UNDO or standing not in (Standing.FAILED, Standing.DIRTY):
        return Record(event.key, standing, event, attempt)
    if event.transactional and before is not None:
        return before  # an undo in one transaction that did not end left the version as it was
    return Record(event.key, Standing.UNDO_FAILED if standing is Standing.FAILED else standing, event, attempt)


def _attempt(before: Record | None, event: Event, standing: Standing) -> Event | None:
    if event.event is EventType.STARTED:
        return event
    unfinished = standing in (Standing.FAILED, Standing.RETRY)
    return before.attempt if before and unfinished else None
