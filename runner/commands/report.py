"""`report`: what a run did, read back from the journal, with the comparison and what can be undone. Reads only."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from runner import __version__
from runner.commands import reconcile
from runner.commands.deployment import Deployment, git_commit
from runner.commands.info import schema_version
from runner.commands.workspace import Door, Run, Workspace
from runner.core.errors import RunnerError, ScriptError, UsageError
from runner.core.history import Event, History
from runner.core.info import PENDING_STATES, rows
from runner.core.script import Rendered
from runner.history.lease import look
from runner.project.settings import Environment
from runner.reports.report import FORMAT, EnvironmentReport, Lease, Report, document, history_events, standings
from runner.reports.run import RunReport, last_run, run_of, run_report
from runner.reports.values import plain
from runner.reports.writing import write_html, write_json

LAST = "last"


@dataclass(frozen=True, slots=True)
class Request:
    """`run`: a run's id, or `last`. Files that are None are not written. `rows`: differing rows shown a table."""

    environment: str | None = None
    run: str = LAST
    html: Path | None = None
    json: Path | None = None
    reconcile: bool = True
    rows: int = 20
    observe: Callable[[str], None] = lambda _: None


def report(door: Door, request: Request) -> dict[str, Any]:
    """The report as JSON's own types, written to the files that were asked for. An unknown run: UsageError."""
    workspace = Workspace.open(door)
    chosen = workspace.environments(request.environment)
    reports = tuple(_environment(workspace, each, request, door.sandbox is not None) for each in chosen)
    if request.run != LAST and not any(one.run for one in reports):
        raise UsageError(f"No run '{request.run}' in {' or '.join(each.name for each in chosen)}.")
    commit = git_commit(workspace)
    made = Report(
        FORMAT, datetime.now(UTC).isoformat(timespec="seconds"), __version__, commit.removesuffix("-dirty"),
        commit.endswith("-dirty"), reports,
    )  # fmt: skip
    found = document(made, lambda text: _redacted(workspace, chosen, text))
    if request.json:
        write_json(request.json, found)
    if request.html:
        write_html(request.html, found)
    return found


def _redacted(workspace: Workspace, environments: Sequence[Environment], text: str) -> str:
    for environment in environments:
        text = workspace.redact(environment, text)
    return text


def _environment(workspace: Workspace, environment: Environment, request: Request, sandbox: bool) -> EnvironmentReport:
    with Deployment.opened(workspace, environment) as deployment:
        history = deployment.history()
        found = rows(deployment.situation(history))
        place = deployment.work.place
        run = _run(deployment, history or History(), request.run)
        comparison, problem = _comparison(deployment, request)
        return EnvironmentReport(
            environment.name, place.account, place.organization, place.cloud_region, environment.database, place.user,
            place.role, place.warehouse or "", place.version, sandbox, schema_version(found),
            sum(1 for row in found if row.state in PENDING_STATES), run, standings(found),
            history_events(history.events if history else ()), _lease(deployment, history), comparison, problem,
        )  # fmt: skip


def _run(deployment: Deployment, history: History, wanted: str) -> RunReport | None:
    events = run_of(history.events, last_run(history.events) if wanted == LAST else wanted)
    if not events:
        return None
    ranks = sorted({event.installed_rank for event in events})
    statements = deployment.journal.statements(deployment.work, ranks)
    return run_report(events, statements, _rendered(deployment, events))


def _rendered(deployment: Deployment, events: Sequence[Event]) -> dict[int, Rendered]:
    """Each script of the run as its run rendered it, where its file still gives the same text."""
    found: dict[int, Rendered] = {}
    for event in events:
        script = next((s for s in deployment.workspace.scripts if s.name == event.script), None)
        if script is None or not event.rendered_checksum:
            continue
        try:
            found[event.installed_rank] = deployment.workspace.render(script, deployment.environment, _context(event))
        except ScriptError:
            continue
    return found


def _context(event: Event) -> Run:
    context = json.loads(event.context or "{}")
    return Run(context.get("id", event.run_id), context.get("snapshot", ""))


def _comparison(deployment: Deployment, request: Request) -> tuple[dict[str, Any] | None, str]:
    """The reconciliation, or why there is none: a report of what ran is worth having without it."""
    environment = deployment.environment
    if not request.reconcile or not environment.source:
        return None, ""
    asked = reconcile.Request(environment.name, rows=request.rows, observe=request.observe)
    try:
        return plain(reconcile.against_source(deployment.workspace, environment, deployment.work, asked)), ""
    except RunnerError as error:
        return None, error.sentence


def _lease(deployment: Deployment, history: History | None) -> Lease | None:
    holder = look(deployment.work, deployment.journal.layout.lock) if history is not None else None
    return Lease(holder.who, holder.until) if holder and holder.token else None
