"""`validate`: files that cannot be taken, and history that disagrees; everything at once. Reads only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from runner.commands.deployment import Deployment
from runner.commands.preparing import check_rules
from runner.commands.workspace import Door, Run, Workspace, renderer
from runner.core.errors import Finding, RunnerError
from runner.core.graph import nearest
from runner.core.history import History
from runner.core.planning import Options, judge
from runner.core.script import Kind, Script
from runner.project.scripts import survey
from runner.project.settings import Environment, load

# Rendering for inspection only: no run is made of it.
INSPECTION = Run("inspection", "1970-01-01T00:00:00.000000+00:00")


@dataclass(frozen=True, slots=True)
class Validation:
    """What is wrong with the files (`scripts`), and per environment with the history."""

    scripts: tuple[Finding, ...]
    environments: tuple[tuple[str, tuple[Finding, ...]], ...]
    scripts_read: int

    @property
    def findings(self) -> tuple[Finding, ...]:
        return (*self.scripts, *(finding for _, found in self.environments for finding in found))


def validate(door: Door, environment: str | None, *, offline: bool = False, out_of_order: bool = False) -> Validation:
    """Look at every file and, unless `offline`, at the history of each environment asked for."""
    settings = load(door.root, door.overrides, door.environ, door.sandbox)
    scripts, wrong = survey(settings.root, settings.versions_folder)
    workspace = Workspace(settings, scripts, renderer(settings))
    chosen = workspace.environments(environment)
    rendering = dict.fromkeys(_rendering(workspace, chosen))
    broken = [*map(_finding, wrong), *rendering, *_undo_twins(workspace), *_strangers(workspace)]
    histories = () if offline or broken else tuple(_history(workspace, each, out_of_order) for each in chosen)
    return Validation(tuple(broken), histories, len(scripts))


def _finding(error: RunnerError) -> Finding:
    where, colon, reason = error.sentence.partition(": ")
    name = type(error).__name__
    return Finding(name, where, reason, error.hint) if colon else Finding(name, "", error.sentence, error.hint)


def _rendering(workspace: Workspace, environments: Iterable[Environment]) -> Iterable[Finding]:
    """Every script rendered, cut and held against the rules, for every environment it is for."""
    for environment in environments:
        for script in workspace.scripts:
            if not script.head.covers(environment.name):
                continue
            try:
                check_rules(environment, [workspace.render(script, environment, INSPECTION)])
            except RunnerError as error:
                yield _finding(error)


def _undo_twins(workspace: Workspace) -> Iterable[Finding]:
    versions = {script.version for script in workspace.scripts if script.kind in (Kind.VERSIONED, Kind.BASELINE)}
    for script in workspace.scripts:
        if script.kind is Kind.UNDO and script.version not in versions:
            yield Finding("undo without version", script.path, f"undoes V{script.version}, which is not here")


def _strangers(workspace: Workspace) -> Iterable[Finding]:
    """Directives that speak of an environment or a script that is not here: nobody would ever obey them."""
    environments = tuple(workspace.settings.environments)
    keys = {s.key for s in workspace.scripts}
    scripts = {name for s in workspace.scripts for name in (s.name, s.label, s.key, s.path)}
    for script in workspace.scripts:
        head = script.head
        for name in (*head.environments, *(requirement.environment for requirement in head.requires)):
            if name not in environments:
                yield _stranger(script, f"environment '{name}'", nearest(name, environments))
        for name, known in (*((n, keys) for n in head.depends_on), *((r.script, scripts) for r in head.requires)):
            if name not in known:
                yield _stranger(script, f"script '{name}'", nearest(name, known))


def _stranger(script: Script, what: str, near: str | None) -> Finding:
    advice = f"Did you mean '{near}'?" if near else "Mend the name in the directive."
    return Finding("InvalidDirective", script.path, f"a directive names {what}, which is not here", advice)


def _history(workspace: Workspace, environment: Environment, out_of_order: bool) -> tuple[str, tuple[Finding, ...]]:
    with Deployment.opened(workspace, environment) as deployment:
        history = deployment.history() or History()
        findings = judge(deployment.situation(history), Options(out_of_order=out_of_order))
        return environment.name, tuple(findings)
