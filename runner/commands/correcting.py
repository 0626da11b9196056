"""`repair`, `baseline` and `unlock`: a person says what is true. Each leaves an event with who, when and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from runner.commands.deployment import Deployment, Writer
from runner.commands.migrate import unheard
from runner.commands.workspace import Door, Workspace
from runner.core.errors import Finding, HistoryDisagrees, UsageError
from runner.core.history import Event, EventType, History, Record, Standing
from runner.core.script import Kind
from runner.core.version import Version
from runner.history.lease import look, take_away

_UNFINISHED = (Standing.FAILED, Standing.UNDO_FAILED, Standing.DIRTY)
_POSSIBLE: Mapping[EventType, tuple[Standing, ...]] = {
    EventType.RETRY: _UNFINISHED,
    EventType.MARK_APPLIED: (*_UNFINISHED, Standing.RETRY, Standing.UNDONE, Standing.PENDING),
    EventType.MARK_UNDONE: (*_UNFINISHED, Standing.RETRY, Standing.APPLIED, Standing.SKIPPED),
}


@dataclass(frozen=True, slots=True)
class Correction:
    """The event that was written."""

    environment: str
    event: Event


def repair(door: Door, environment: str, what: EventType, script: str, reason: str) -> Correction:
    """Say what is true of a script: may be run again, is applied, or is not applied.

    Raises HistoryDisagrees when the history does not leave that open.
    """
    workspace = Workspace.open(door)
    _needs_reason(reason)
    with Deployment.opened(workspace, workspace.settings.environment(environment)) as deployment:
        _possible(deployment, deployment.history() or History(), what, script)
        with deployment.leased(0, unheard) as writer:
            history = deployment.journal.read(writer.control) or History()
            record = _possible(deployment, history, what, script)
            fields = _fields_of(deployment, record, script, what)
            return _written(deployment, writer, history, what, reason, fields)


def _needs_reason(reason: str) -> None:
    if not reason.strip():
        raise UsageError("--reason is empty: the history must say why.")


def _possible(deployment: Deployment, history: History, what: EventType, name: str) -> Record | None:
    """The script's record, when this correction fits it."""
    record = _record(deployment, history, name)
    standing = record.standing if record else Standing.PENDING
    if standing not in _POSSIBLE[what]:
        verb = f"--{what.lower().replace('_', '-')}"
        reason = f"is {standing}: {verb} does not fit"
        raise HistoryDisagrees(deployment.environment.name, (Finding("repair", name, reason, "See `runner info`."),))
    return record


def _record(deployment: Deployment, history: History, name: str) -> Record | None:
    """By the script here, or – when its file is gone – by the name in the history."""
    records = history.records()
    for record in records.values():
        event = record.event
        label = f"{event.kind}{event.version}" if event.version else f"R__{event.description.replace(' ', '_')}"
        if name in (event.script, record.key, label):
            return record
    return records.get(deployment.workspace.script(name).key)


def _fields_of(deployment: Deployment, record: Record | None, name: str, what: EventType) -> dict[str, Any]:
    """The columns that say which script, with the checksum that counts from now on."""
    if record is not None and what is not EventType.MARK_APPLIED:
        event = record.event
        return {
            "kind": event.kind, "version": event.version, "description": event.description, "script": event.script,
            "checksum": event.checksum, "transactional": event.transactional,
        }  # fmt: skip
    script = deployment.workspace.script(record.key if record else name)
    rendered = deployment.workspace.render(script, deployment.environment, deployment.run)
    return {
        "kind": script.kind, "version": str(script.version) if script.version else None,
        "description": script.description, "script": script.name, "checksum": str(rendered.recorded_checksum),
        "rendered_checksum": str(rendered.checksum), "statements": len(rendered.statements),
    }  # fmt: skip


def _written(
    deployment: Deployment, writer: Writer, history: History, what: EventType, reason: str, fields: dict[str, Any]
) -> Correction:
    ledger = writer.ledger(history)
    event = ledger.event(what, ledger.next_rank(), reason=reason.strip(), **fields)
    deployment.journal.record(writer.control, writer.lease, [event])
    return Correction(deployment.environment.name, event)


def baseline(door: Door, environment: str, version: Version, description: str, reason: str) -> Correction:
    """Take an account that was made by hand as being at a version: scripts up to it will not be run.

    Raises HistoryDisagrees when versioned scripts were already applied.
    """
    workspace = Workspace.open(door)
    with Deployment.opened(workspace, workspace.settings.environment(environment)) as deployment:
        _baselinable(deployment, deployment.history() or History())
        with deployment.leased(0, unheard) as writer:
            history = deployment.journal.read(writer.control) or History()
            _baselinable(deployment, history)
            fields = {"kind": Kind.BASELINE, "version": str(version), "description": description}
            return _written(deployment, writer, history, EventType.BASELINE, reason, fields)


def _baselinable(deployment: Deployment, history: History) -> None:
    applied = [r.event.script for r in history.records().values() if r.event.version and r.standing is Standing.APPLIED]
    if applied or history.baseline is not None:
        found = Finding("baseline", applied[0] if applied else "baseline", "is already recorded here")
        raise HistoryDisagrees(deployment.environment.name, (found,))


def unlock(door: Door, environment: str, token: str, reason: str) -> Correction:
    """End another runner's lease, by its token, and its sessions with it. Raises UsageError when no lease has it."""
    workspace = Workspace.open(door)
    _needs_reason(reason)
    with Deployment.opened(workspace, workspace.settings.environment(environment)) as deployment:
        lock = deployment.journal.layout.lock
        holder = look(deployment.work, lock) if deployment.history() is not None else None
        if holder is None or not take_away(deployment.work, lock, token):
            raise UsageError(f"No lease in '{environment}' has this token; `runner info` prints the one that does.")
        with deployment.leased(0, unheard) as writer:
            history = deployment.journal.read(writer.control) or History()
            said = f"{reason.strip()} (lease of {holder.who})"
            return _written(deployment, writer, history, EventType.UNLOCKED, said, {})
