"""The whole report as one value. `document` makes JSON of it, which is the report; its schema is report.schema.json."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from runner.core.history import Event
from runner.core.info import InfoRow, State
from runner.reports.run import RunReport
from runner.reports.values import plain

FORMAT = "runner-report/1"
_STANDS = (State.SUCCESS, State.OUT_OF_ORDER, State.CHANGED)


@dataclass(frozen=True, slots=True)
class Lease:
    """Who deploys right now."""

    owner: str
    until: str


@dataclass(frozen=True, slots=True)
class Standing:
    """One script as it stands now, and whether it can be taken back."""

    script: str
    state: str
    undoable: bool
    undo: str
    """What to do to take it back, or why it cannot be."""


@dataclass(frozen=True, slots=True)
class HistoryEvent:
    number: int
    event: str
    script: str
    run: str
    at: str
    by: str
    reason: str
    error: str


@dataclass(frozen=True, slots=True)
class EnvironmentReport:
    """One environment. `run` is None where no run walked scripts; `reconciliation` is plain already."""

    name: str
    account: str
    organization: str
    region: str
    database: str
    user: str
    role: str
    warehouse: str
    snowflake_version: str
    sandbox: bool
    schema_version: str
    pending: int
    run: RunReport | None
    scripts: tuple[Standing, ...]
    events: tuple[HistoryEvent, ...]
    lease: Lease | None
    reconciliation: Mapping[str, Any] | None
    reconciliation_error: str


@dataclass(frozen=True, slots=True)
class Report:
    format: str
    made_at: str
    runner_version: str
    commit: str
    dirty: bool
    environments: tuple[EnvironmentReport, ...]


def standings(rows: tuple[InfoRow, ...]) -> tuple[Standing, ...]:
    """What stands, and what is undoable of it. Versions are taken back newest first."""
    versions = ["0", *(row.version for row in rows if row.version and row.state in _STANDS)]
    before = dict(zip(versions[1:], versions, strict=False))
    return tuple(
        Standing(row.script, row.state.value, row.undoable and row.state in _STANDS, _undo(row, before))
        for row in rows
        if row.script and row.state is not State.NOT_FOR_IT
    )


def _undo(row: InfoRow, before: Mapping[str, str]) -> str:
    if row.state not in _STANDS:
        return "nothing of it stands"
    if row.category == "Repeatable":
        return "repeatable: apply an earlier text of it"
    if row.undoable:
        return f"runner undo --env {row.environment} --target {before[row.version]}"
    return "no undo script, or marked irreversible"


def history_events(events: tuple[Event, ...]) -> tuple[HistoryEvent, ...]:
    """Every event, the newest first."""
    return tuple(
        HistoryEvent(
            e.number, e.event.value, e.script, e.run_id,
            e.installed_on.isoformat(timespec="seconds") if e.installed_on else "", e.installed_by, e.reason,
            e.error_message,
        )
        for e in reversed(events)
    )  # fmt: skip


def document(report: Report, redact: Callable[[str], str]) -> dict[str, Any]:
    """The report as JSON's own types, without any secret in any text of it."""
    redacted: dict[str, Any] = _redacted(plain(report), redact)
    return redacted


def _redacted(value: Any, redact: Callable[[str], str]) -> Any:
    match value:
        case str():
            return redact(value)
        case list():
            return [_redacted(item, redact) for item in value]
        case dict():
            return {key: _redacted(item, redact) for key, item in value.items()}
        case _:
            return value
