"""A plan made ready: every script rendered and cut, what an unfinished attempt left behind found out."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace

from runner.commands.deployment import Deployment, layout_of, profile_of
from runner.commands.workspace import Run
from runner.connection.session import Session, connect
from runner.core.auth import PatAuth
from runner.core.errors import Finding, HistoryDisagrees, NeedsConsent, RequirementUnmet
from runner.core.history import Event, History, Standing, StatementRow, StatementState
from runner.core.plan import Plan, Step
from runner.core.resume import kept
from runner.core.script import Kind, Rendered, Requirement, Script, script_key
from runner.execution.executor import Item
from runner.execution.lookup import fates
from runner.execution.rules import check
from runner.history.journal import Journal
from runner.history.lease import end_session
from runner.project.settings import Environment


def prepared(deployment: Deployment, plan: Plan) -> list[Item]:
    """The plan's scripts, rendered and checked against the rules. Touches no account.

    An unfinished script is rendered with the context of its first attempt, so that it is the same script.
    """
    items = [_item(deployment, step) for step in plan.steps]
    check_rules(deployment.environment, [item.rendered for item in items])
    return items


def check_rules(environment: Environment, rendered: Iterable[Rendered]) -> None:
    """Raise StatementNotAllowed for what could not run in this environment. A token is taken as bound to its role."""
    check(rendered, environment.role if isinstance(environment.login, PatAuth) else None)


def _item(deployment: Deployment, step: Step) -> Item:
    run = _run_of(step.attempt) if step.attempt else deployment.run
    rendered = deployment.workspace.render(step.script, deployment.environment, run)
    return Item(step, rendered, json.dumps({"id": run.id, "snapshot": run.snapshot}, sort_keys=True))


def _run_of(attempt: Event) -> Run:
    context = json.loads(attempt.context or "{}")
    return Run(context.get("id", attempt.run_id), context.get("snapshot", ""))


def consented(plan: Plan, yes: bool) -> None:
    """Irreversible scripts run only for one who said so."""
    irreversible = [s.script.name for s in plan.steps if s.script.head.irreversible]
    if irreversible and not yes:
        raise NeedsConsent(f"{', '.join(irreversible)} cannot be undone and", "--yes")


def require(deployment: Deployment, plan: Plan, planned: Sequence[tuple[str, str]] = ()) -> None:
    """Raise RequirementUnmet unless every `requires=` of the plan is applied where it says.

    `planned`: (environment, script key) pairs that the same run applies before.
    """
    for environment, wanted in _wanted(deployment, plan, planned).items():
        history = _history_of(deployment.workspace.settings.environment(environment))
        for step, requirement in wanted:
            _check_applied(deployment, step, requirement, history)


def _wanted(
    deployment: Deployment, plan: Plan, planned: Sequence[tuple[str, str]]
) -> dict[str, list[tuple[Step, Requirement]]]:
    found: dict[str, list[tuple[Step, Requirement]]] = {}
    for step in plan.steps:
        for requirement in step.script.head.requires:
            key = deployment.workspace.script(requirement.script).key
            if requirement.environment != deployment.environment.name and (requirement.environment, key) not in planned:
                found.setdefault(requirement.environment, []).append((step, requirement))
    return found


def _check_applied(deployment: Deployment, step: Step, requirement: Requirement, history: History | None) -> None:
    key = deployment.workspace.script(requirement.script).key
    record = (history or History()).records().get(key)
    if record is None or record.standing is not Standing.APPLIED:
        state = str(record.standing) if record else "pending"
        raise RequirementUnmet(deployment.environment.name, step.script.name, str(requirement), state)


def unneeded(deployment: Deployment, plan: Plan) -> None:
    """Raise HistoryDisagrees when another environment stands on a version that would be taken back (`requires=`)."""
    going = {script_key(Kind.VERSIONED, step.script.version, "") for step in plan.steps}
    findings = [
        Finding(
            "needed",
            script.name,
            f"is applied in '{other.name}', and requires what would be taken back here",
            f"`runner undo --env {other.name} --target …` first, or `runner undo --all --target …`.",
        )
        for other in deployment.workspace.environments(None)
        for script in _standing_on(deployment, other, going)
    ]
    if findings:
        raise HistoryDisagrees(deployment.environment.name, tuple(findings))


def _standing_on(deployment: Deployment, other: Environment, going: set[str]) -> list[Script]:
    """Scripts that are applied in the other environment and require one of these here."""
    asking = [
        script
        for script in deployment.workspace.scripts
        if script.kind is not Kind.UNDO and script.head.covers(other.name) and _asks(deployment, script, going)
    ]
    if other.name == deployment.environment.name or not asking:
        return []
    records = (_history_of(other) or History()).records()
    return [s for s in asking if s.key in records and records[s.key].standing is Standing.APPLIED]


def _asks(deployment: Deployment, script: Script, keys: set[str]) -> bool:
    here = [r.script for r in script.head.requires if r.environment == deployment.environment.name]
    return any(deployment.workspace.script(name).key in keys for name in here)


def _history_of(environment: Environment) -> History | None:
    with connect(profile_of(environment), role="control") as session:
        return Journal(environment.name, layout_of(environment)).read(session)


def with_done(deployment: Deployment, control: Session, items: Iterable[Item], history: History) -> list[Item]:
    """Each unfinished item with the statements that stand as done. Needs the lease: nobody else writes now."""
    return [_with_done(deployment, control, item, history) for item in items]


def _with_done(deployment: Deployment, control: Session, item: Item, history: History) -> Item:
    attempt = item.step.attempt
    if attempt is None:
        return item
    for session_id in _sessions_of(attempt):
        end_session(control, session_id)
    if item.rendered.script.head.transactional:
        return item
    rows = [row for row in history.statements if row.installed_rank == attempt.installed_rank]
    rows += _looked_up(deployment, control, item.rendered, attempt, rows)
    done = kept(item.rendered, rows)
    return replace(item, done=done, found=tuple(row for row in done.values() if row not in history.statements))


def _looked_up(
    deployment: Deployment, control: Session, rendered: Rendered, attempt: Event, rows: Sequence[StatementRow]
) -> list[StatementRow]:
    """What the query history knows of statements that no checkpoint speaks of: the process died before it wrote."""
    sessions = _sessions_of(attempt)
    known = {row.ordinal for row in rows if row.state is StatementState.SUCCESS}
    for look in range(60):
        found = fates(control, deployment.environment.database, sessions, attempt.run_id, attempt.script)
        if not any(fate.running for fate in found.values()):
            break
        patience(look)
    unjudged = _unjudged(rendered, max((*found, *known), default=0))
    fresh = (fate for fate in found.values() if fate.tag.ordinal not in known | unjudged)
    return [fate.row(attempt.installed_rank, 0) for fate in fresh]


def _unjudged(rendered: Rendered, last: int) -> set[int]:
    """Assertions that ran, and nobody knows how they answered. One that a later statement followed has held."""
    statements = {statement.ordinal: statement for statement in rendered.statements}
    group = statements[last].group if last in statements else None
    beside = {n for n, statement in statements.items() if group is not None and statement.group == group}
    return {n for n, statement in statements.items() if statement.assertion and (n >= last or n in beside)}


def _sessions_of(attempt: Event) -> list[int]:
    """The session that the attempt used, those of its parallel groups, and those it lost."""
    more = json.loads(attempt.context or "{}").get("sessions", [])
    return sorted({*([attempt.session_id] if attempt.session_id is not None else []), *map(int, more)})


def patience(look: int) -> None:
    """Longer and longer waits for a statement that still runs: 0.1 s to 5 s."""
    time.sleep(min(5.0, 0.1 * 1.3**look))
