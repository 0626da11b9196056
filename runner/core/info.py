"""What `info` shows: scripts and history side by side, in Flyway's states and columns. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from runner.core.checksum import Checksum
from runner.core.history import Event, EventType, Record, Standing
from runner.core.planning import Options, Situation, first_baseline, last_undo
from runner.core.script import Kind, Script
from runner.core.version import Version


class State(StrEnum):
    """Flyway's words for where a script stands (docs: flyway, concepts/migrations#migration-states)."""

    PENDING = "Pending"
    SUCCESS = "Success"
    FAILED = "Failed"
    UNFINISHED = "Unfinished"
    """Started and never ended: `migrate` finds out what was done, and goes on."""
    OUTDATED = "Outdated"
    UNDONE = "Undone"
    IGNORED = "Ignored"
    """Pending, but older than what is applied."""
    OUT_OF_ORDER = "Out of Order"
    MISSING = "Missing"
    FUTURE = "Future"
    CHANGED = "Changed"
    BASELINE = "Baseline"
    BELOW_BASELINE = "Below Baseline"
    ABOVE_TARGET = "Above Target"
    NOT_FOR_IT = "Not For It"


PENDING_STATES = (
    State.PENDING, State.OUTDATED, State.IGNORED, State.UNFINISHED, State.UNDONE, State.FAILED,
)  # fmt: skip
"""What is not in the account yet: `migrate` would apply it, or says what stands in its way."""


@dataclass(frozen=True, slots=True)
class InfoRow:
    """One line of `info`."""

    environment: str
    category: str
    version: str
    description: str
    type: str
    state: State
    installed_on: datetime | None
    installed_by: str
    installed_rank: int | None
    execution_time: int | None
    undoable: bool
    owner: str
    script: str
    checksum: str
    detail: str = ""


_CATEGORY = {
    Kind.VERSIONED: "Versioned",
    Kind.REPEATABLE: "Repeatable",
    Kind.BASELINE: "Baseline",
    Kind.UNDO: "Undo",
}


def rows(situation: Situation, target: Version | None = None) -> tuple[InfoRow, ...]:
    """Every script of the environment and every script its history knows, V in version order, then R."""
    board = _Board.of(situation, target)
    versioned = sorted(_versioned(board, target), key=lambda row: Version(row.version))
    return (*_baselines(board, target), *versioned, *_repeatables(board))


@dataclass(frozen=True, slots=True)
class _Board:
    """The situation with what every row asks of it worked out once."""

    situation: Situation
    records: Mapping[str, Record]
    highest: Version | None
    """The highest version that is applied."""
    undone: int
    """The number of the last undo: an R script applied before it has to run again."""
    late: frozenset[int]
    """Numbers of the events that applied a version below one already applied."""
    floor: Version | None
    """Versions up to this one are taken as applied, or will be built by a B script."""

    @staticmethod
    def of(situation: Situation, target: Version | None) -> _Board:
        records = situation.history.records()
        applied = [
            Version(r.event.version) for r in records.values() if r.event.version and r.standing is Standing.APPLIED
        ]
        return _Board(
            situation,
            records,
            max(applied, default=None),
            last_undo(situation.history),
            frozenset(_late(situation.history.events)),
            _floor(situation, target),
        )


def _floor(situation: Situation, target: Version | None) -> Version | None:
    said = situation.history.baseline
    found = [Version(said.version)] if said is not None and said.version else []
    found += [s.script.version for s in first_baseline(situation, Options(target)) if s.script.version]
    return max(found, default=None)


def _late(events: Iterable[Event]) -> Iterator[int]:
    applied: set[Version] = set()
    for event in events:
        version = Version(event.version) if event.version and event.kind in (Kind.VERSIONED, Kind.UNDO) else None
        if version is None:
            continue
        if event.event is EventType.SUCCESS:
            if any(version < other for other in applied):
                yield event.number
            applied.add(version)
        elif event.event in (EventType.UNDONE, EventType.MARK_UNDONE):
            applied.discard(version)


def _baselines(board: _Board, target: Version | None) -> Iterator[InfoRow]:
    for event in board.situation.history.events:
        if event.event is EventType.BASELINE:
            yield _row(board.situation, None, event, State.BASELINE)
    first = {step.script.key for step in first_baseline(board.situation, Options(target))}
    scripts = {s.key: s for s in board.situation.scripts if s.kind is Kind.BASELINE}
    for key in sorted(first - board.records.keys()):
        yield _row(board.situation, scripts[key], None, State.PENDING)
    for key, record in board.records.items():
        if record.event.kind is Kind.BASELINE and record.standing is not Standing.UNDONE:
            state = _PLAIN.get(record.standing, State.BASELINE)
            yield _row(board.situation, scripts.get(key), record.event, state)


def _versioned(board: _Board, target: Version | None) -> Iterator[InfoRow]:
    records = board.records
    scripts = {s.key: s for s in board.situation.scripts if s.kind is Kind.VERSIONED}
    for key, script in scripts.items():
        yield _row(board.situation, script, _event(records.get(key)), _state(board, script, records.get(key), target))
    highest = max((s.version for s in scripts.values() if s.version), default=None)
    for key, record in records.items():
        if record.event.kind is Kind.BASELINE or record.standing is Standing.UNDONE:
            continue
        if record.event.version and key not in scripts:
            future = highest is None or Version(record.event.version) > highest
            yield _row(board.situation, None, record.event, State.FUTURE if future else State.MISSING)


def _repeatables(board: _Board) -> Iterator[InfoRow]:
    records = board.records
    scripts = sorted((s for s in board.situation.scripts if s.kind is Kind.REPEATABLE), key=lambda s: s.key)
    for script in scripts:
        yield _row(
            board.situation,
            script,
            _event(records.get(script.key)),
            _state(board, script, records.get(script.key), None),
        )
    known = {script.key for script in scripts}
    for key, record in records.items():
        if not record.event.version and key not in known and record.standing is Standing.APPLIED:
            yield _row(board.situation, None, record.event, State.MISSING)


def _event(record: Record | None) -> Event | None:
    return record.event if record else None


_PLAIN = {
    Standing.FAILED: State.FAILED,
    Standing.UNDO_FAILED: State.FAILED,
    Standing.DIRTY: State.UNFINISHED,
    Standing.RETRY: State.PENDING,
    Standing.SKIPPED: State.NOT_FOR_IT,
}


def _state(board: _Board, script: Script, record: Record | None, target: Version | None) -> State:
    if not script.head.covers(board.situation.environment):
        return State.NOT_FOR_IT
    if record is None or record.standing is Standing.UNDONE:
        return _waiting(board, script, record, target)
    if record.standing in _PLAIN:
        return _plain(board.situation, script, record)
    return _applied(board, script, record)


def _plain(situation: Situation, script: Script, record: Record) -> State:
    renders_again = situation.repeatables.get(script.key) is not None
    if record.standing is Standing.SKIPPED and script.kind is Kind.REPEATABLE and renders_again:
        return State.PENDING
    return _PLAIN[record.standing]


def _waiting(board: _Board, script: Script, record: Record | None, target: Version | None) -> State:
    if script.version is None:
        return State.PENDING
    if board.floor is not None and script.version <= board.floor:
        return State.BELOW_BASELINE
    if target is not None and script.version > target:
        return State.ABOVE_TARGET
    if record is not None:
        return State.UNDONE
    return State.IGNORED if board.highest is not None and script.version < board.highest else State.PENDING


def _applied(board: _Board, script: Script, record: Record) -> State:
    recorded = record.event.checksum
    if script.kind is Kind.REPEATABLE:
        now = board.situation.repeatables.get(script.key)
        if record.event.number < board.undone:
            return State.OUTDATED
        return State.SUCCESS if recorded == (str(now) if now else "") else State.OUTDATED
    if recorded and not Checksum.parse(recorded).matches(script.source):
        return State.CHANGED
    return State.OUT_OF_ORDER if record.event.number in board.late else State.SUCCESS


def _row(situation: Situation, script: Script | None, event: Event | None, state: State) -> InfoRow:
    shown = event if state not in (State.PENDING, State.IGNORED, State.NOT_FOR_IT) or script is None else None
    kind = script.kind if script else (event.kind if event and event.kind else Kind.BASELINE)
    return InfoRow(
        environment=situation.environment,
        category=_CATEGORY[kind],
        version=_version(script, event),
        description=script.description if script else (event.description if event else ""),
        type="SQL_BASELINE" if kind is Kind.BASELINE else "SQL",
        state=state,
        installed_on=shown.installed_on if shown else None,
        installed_by=shown.installed_by if shown else "",
        installed_rank=shown.installed_rank if shown else None,
        execution_time=shown.execution_time if shown else None,
        undoable=_undoable(situation, script),
        owner=(script.head.owner or "") if script else "",
        script=script.name if script else (event.script if event else ""),
        checksum=shown.checksum if shown else "",
        detail=shown.error_message if shown and state is State.FAILED else "",
    )


def _version(script: Script | None, event: Event | None) -> str:
    if script is not None:
        return str(script.version or "")
    return (event.version or "") if event else ""


def _undoable(situation: Situation, script: Script | None) -> bool:
    if script is None or script.kind is not Kind.VERSIONED or script.head.irreversible:
        return False
    return any(s.kind is Kind.UNDO and s.version == script.version for s in situation.scripts)
