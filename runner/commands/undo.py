"""`undo`: take versions back with their U scripts, newest first. The history keeps both."""

from __future__ import annotations

from runner.commands.deployment import Deployment
from runner.commands.migrate import Request, walk
from runner.commands.preparing import prepared, unneeded, with_done
from runner.commands.workspace import Door, Workspace
from runner.core.history import History
from runner.core.planning import undo_plan
from runner.core.results import RunResult
from runner.project.settings import Environment


def undo(door: Door, request: Request) -> tuple[RunResult, ...]:
    """Undo the newest version, or every version above `target`; with all environments, dependants first.

    Raises HistoryDisagrees when a version has no U script, is irreversible, or another environment stands on it; then
    nothing was undone.
    """
    workspace = Workspace.open(door)
    chosen = reversed(workspace.environments(request.environment))
    return tuple(_undo(workspace, each, request) for each in chosen)


def _undo(workspace: Workspace, environment: Environment, request: Request) -> RunResult:
    with Deployment.opened(workspace, environment) as deployment:
        history = deployment.history()
        made = undo_plan(deployment.situation(history), request.target)
        if made.empty:
            return RunResult(environment.name, deployment.work.place.account, "", None)
        prepared(deployment, made)
        unneeded(deployment, made)
        with deployment.leased(request.wait, request.on_wait) as writer:
            history = deployment.journal.read(writer.control) or History()
            made = undo_plan(deployment.situation(history), request.target)
            items = with_done(deployment, writer.control, prepared(deployment, made), history)
            return walk(deployment, writer, request, made, items, history)
