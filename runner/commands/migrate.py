"""`migrate`: the one road by which an account changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

from runner.commands.deployment import Deployment, Writer
from runner.commands.preparing import consented, patience, prepared, require, with_done
from runner.commands.workspace import Door, Workspace
from runner.connection.faults import StatementFault
from runner.core.errors import ConnectionFailed, CutShort, LeaseHeld, OwnStatementFailed
from runner.core.history import History
from runner.core.plan import Plan
from runner.core.planning import Options, plan
from runner.core.results import Observer, Progress, RunEnded, RunResult, RunStarted
from runner.core.script import Rendered
from runner.core.version import Version
from runner.execution.executor import Executor, Item
from runner.execution.stop import Stop
from runner.project.settings import Environment


def silent(_: Progress) -> None:
    """Observes nothing."""


def unheard(_: LeaseHeld) -> None:
    """Waits without a word."""


@dataclass(frozen=True, slots=True)
class Request:
    """What the command asked for. `wait`: seconds to wait for another runner's lease."""

    environment: str | None = None
    target: Version | None = None
    out_of_order: bool = False
    parallel: int = 1
    yes: bool = False
    wait: int = 0
    observe: Observer = silent
    on_wait: Callable[[LeaseHeld], None] = unheard
    stop: Stop = field(default_factory=Stop)

    @property
    def options(self) -> Options:
        return Options(self.target, self.out_of_order)


@dataclass(frozen=True, slots=True)
class Preview:
    """What `migrate` would do: the plan, and every statement as it would be sent."""

    environment: str
    account: str
    plan: Plan
    scripts: tuple[Rendered, ...]
    already_done: tuple[int, ...]
    """Per script: how many statements an unfinished attempt is known to have done."""


def migrate(door: Door, request: Request) -> tuple[RunResult, ...]:
    """Bring one environment, or all in the order of their dependencies, up to the scripts.

    Raises a RunnerError: below exit code 20 nothing of the scripts was run.
    """
    workspace = Workspace.open(door)
    with ExitStack() as opened:
        deployments = [
            opened.enter_context(Deployment.opened(workspace, environment))
            for environment in workspace.environments(request.environment)
        ]
        plans = _planned(deployments, request)
        several = len(deployments) > 1
        return tuple(_migrate(one, made, request, several) for one, made in zip(deployments, plans, strict=True))


def _planned(deployments: Sequence[Deployment], request: Request) -> list[Plan]:
    """A plan for every environment, all of it rendered, cut and allowed, before a statement is sent anywhere."""
    plans: list[Plan] = []
    coming: list[tuple[str, str]] = []
    for deployment in deployments:
        made = plan(deployment.situation(deployment.history()), request.options)
        prepared(deployment, made)
        consented(made, request.yes)
        require(deployment, made, coming)
        coming += [(deployment.environment.name, step.script.key) for step in made.steps]
        plans.append(made)
    return plans


def preview(door: Door, request: Request) -> tuple[Preview, ...]:
    """The road of `migrate`, stopped before anything is written: no lease, no table, no statement of a script."""
    workspace = Workspace.open(door)
    previews: list[Preview] = []
    planned: list[tuple[str, str]] = []
    for environment in workspace.environments(request.environment):
        previews.append(_preview(workspace, environment, request, planned))
        planned += [(environment.name, step.script.key) for step in previews[-1].plan.steps]
    return tuple(previews)


def _preview(
    workspace: Workspace, environment: Environment, request: Request, planned: Sequence[tuple[str, str]]
) -> Preview:
    with Deployment.opened(workspace, environment) as deployment:
        history = deployment.history() or History()
        made = plan(deployment.situation(history), request.options)
        items = prepared(deployment, made)
        require(deployment, made, planned)
        done = tuple(_checkpoints(history, item) for item in items)
        scripts = tuple(workspace.shown(environment, item.rendered) for item in items)
        return Preview(environment.name, deployment.work.place.account, made, scripts, done)


def _checkpoints(history: History, item: Item) -> int:
    attempt = item.step.attempt
    return sum(1 for row in history.statements if attempt and row.installed_rank == attempt.installed_rank)


def _migrate(deployment: Deployment, made: Plan, request: Request, several: bool) -> RunResult:
    """One environment. `several`: what it requires of the others was only planned when it was judged."""
    if made.empty:
        place = deployment.work.place
        return RunResult(deployment.environment.name, place.account, "", None, (), made.warnings)
    if several:
        require(deployment, made)
    with deployment.leased(request.wait, request.on_wait) as writer:
        return _under_lease(deployment, writer, request)


def _under_lease(deployment: Deployment, writer: Writer, request: Request) -> RunResult:
    """Judge again with the lease held – what was read before may be stale – and walk the plan that comes of it."""
    history = deployment.journal.read(writer.control) or History()
    made = plan(deployment.situation(history), request.options)
    items = with_done(deployment, writer.control, prepared(deployment, made), history)
    return walk(deployment, writer, request, made, items, history)


def walk(
    deployment: Deployment, writer: Writer, request: Request, made: Plan, items: Sequence[Item], history: History
) -> RunResult:
    """Hand the items to the executor, and give back what was done."""
    name, run = deployment.environment.name, deployment.run
    request.observe(RunStarted(run.id, name, len(items), sum(len(item.rendered.statements) for item in items)))
    executor = Executor(
        open_work=lambda: deployment.connect("worker"),
        work=deployment.work,
        control=writer.control,
        journal=deployment.journal,
        lease=writer.lease,
        heartbeat=writer.heartbeat,
        ledger=writer.ledger(history),
        database=deployment.environment.database,
        parallel=request.parallel,
        observe=request.observe,
        stop=request.stop,
        redact=lambda text: deployment.workspace.redact(deployment.environment, text),
        patience=patience,
    )
    try:
        done = executor.walk(items)
    except (StatementFault, OwnStatementFailed, ConnectionFailed) as problem:
        # Below exit code 20 nothing of the scripts was run; that cannot be said here.
        raise CutShort(name, str(problem).removeprefix(f"'{name}': ")) from None
    finally:
        deployment.work = executor.work
    request.observe(RunEnded(name, len(done)))
    return RunResult(name, deployment.work.place.account, run.id, deployment.started, done, made.warnings)
