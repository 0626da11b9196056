"""A run read back from the journal: its scripts, statement by statement. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from runner.core.history import Event, EventType, StatementRow, StatementState
from runner.core.script import Kind, Rendered
from runner.sql.kinds import is_dml, is_query

_LONGEST = 20_000
_OUTCOMES = {
    EventType.STARTED: "unfinished",
    EventType.SUCCESS: "applied",
    EventType.FAILED: "failed",
    EventType.UNDONE: "undone",
    EventType.SKIPPED: "not for it",
}


@dataclass(frozen=True, slots=True)
class StatementReport:
    """One statement as it was sent. `text` is empty where the script is no longer the same.

    `rows`: changed by DML, or returned by a query; None for what only answers that it was done.
    """

    ordinal: int
    line: int
    text: str
    state: str
    query_id: str
    rows: int | None
    milliseconds: int | None
    error_code: int | None
    error: str
    earlier_run: str
    """The run that did it, where it was done before this one went on."""


@dataclass(frozen=True, slots=True)
class ScriptReport:
    script: str
    type: str
    version: str
    description: str
    outcome: str
    started: str
    milliseconds: int | None
    transactional: bool
    checksum: str
    rows: int
    """Changed by its DML statements, as far as their words are known."""
    error_code: int | None
    error: str
    statements: tuple[StatementReport, ...]


@dataclass(frozen=True, slots=True)
class RunReport:
    """One run in one environment, by the words of its own events."""

    id: str
    outcome: str
    by: str
    account: str
    role: str
    warehouse: str
    commit: str
    dirty: bool
    runner_version: str
    started: str
    ended: str
    milliseconds: int
    scripts: tuple[ScriptReport, ...]


def last_run(events: Iterable[Event]) -> str:
    """The id of the last run that walked scripts; empty where none did."""
    return next((e.run_id for e in reversed(tuple(events)) if e.event in _OUTCOMES and e.kind), "")


def run_of(events: Iterable[Event], run_id: str) -> tuple[Event, ...]:
    """The events of one run that speak of scripts."""
    return tuple(e for e in events if e.run_id == run_id and e.event in _OUTCOMES and e.kind)


def run_report(
    events: Sequence[Event], statements: Iterable[StatementRow], rendered: Mapping[int, Rendered]
) -> RunReport:
    """The run whose events these are. `rendered`: its scripts as they are now, by installed rank."""
    first, last = events[0], events[-1]
    by_rank: dict[int, list[Event]] = {}
    for event in events:
        by_rank.setdefault(event.installed_rank, []).append(event)
    rows = tuple(statements)
    scripts = tuple(_script(own, rows, rendered.get(rank)) for rank, own in by_rank.items())
    return RunReport(
        first.run_id, _outcome(scripts), first.installed_by, first.account, first.role, first.warehouse,
        first.git_commit.removesuffix("-dirty"), first.git_commit.endswith("-dirty"), first.runner_version,
        _moment(first.installed_on), _moment(last.installed_on), _span(scripts), scripts,
    )  # fmt: skip


def _outcome(scripts: Iterable[ScriptReport]) -> str:
    outcomes = {script.outcome for script in scripts}
    return next((o for o in ("failed", "unfinished", "undone", "applied") if o in outcomes), "not for it")


def _span(scripts: Iterable[ScriptReport]) -> int:
    return sum(script.milliseconds or 0 for script in scripts)


def _script(events: Sequence[Event], rows: Sequence[StatementRow], rendered: Rendered | None) -> ScriptReport:
    first, last = events[0], events[-1]
    kept = _kept(first.run_id, [row for row in rows if row.installed_rank == first.installed_rank])
    statements = tuple(_statement(row, rendered, first.run_id) for row in kept)
    return ScriptReport(
        last.script, str(last.kind or Kind.BASELINE), last.version or "", last.description, _OUTCOMES[last.event],
        _moment(first.installed_on), last.execution_time, last.transactional, last.checksum,
        sum(s.rows or 0 for s in statements if s.text and is_dml(s.text)), last.error_code, last.error_message,
        statements,
    )  # fmt: skip


def _kept(run_id: str, rows: Iterable[StatementRow]) -> list[StatementRow]:
    """One row an ordinal: this run's, or what an earlier attempt had done already."""
    found: dict[int, StatementRow] = {}
    for row in sorted(rows, key=lambda row: row.run_id == run_id):
        if row.run_id == run_id or row.state is StatementState.SUCCESS:
            found[row.ordinal] = row
    return [found[ordinal] for ordinal in sorted(found)]


def _statement(row: StatementRow, rendered: Rendered | None, run_id: str) -> StatementReport:
    text = _text(row, rendered)
    counts = not text or is_dml(text) or is_query(text)
    return StatementReport(
        row.ordinal, row.line, text, row.state.value.lower(), row.query_id, row.row_count if counts else None,
        row.execution_time, row.error_code, row.error_message, "" if row.run_id == run_id else row.run_id,
    )  # fmt: skip


def _text(row: StatementRow, rendered: Rendered | None) -> str:
    """The statement's words, when it is still the one that was sent."""
    for statement in rendered.statements if rendered else ():
        if statement.ordinal == row.ordinal and row.sha256 and statement.sha256.startswith(row.sha256):
            cut = len(statement.text) > _LONGEST
            return statement.text[:_LONGEST] + (" …" if cut else "")
    return ""


def _moment(value: datetime | None) -> str:
    return value.isoformat(timespec="seconds") if value else ""
