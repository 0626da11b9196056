"""The verbs of `runner plan` and `runner templates` for Python: `from runner import plan`.

Each gives the values that the command prints with `--format json`, and raises the errors that it ends with
(`runner.core.errors`). ``project`` is the folder of the project; ``sandbox`` works in the sandbox of it, as
RUNNER_SANDBOX=1 does.

    from runner import plan

    made = plan.create("bolt", project="~/bolt")
    for risk in plan.analyze("bolt", project="~/bolt").risks:
        print(risk.severity, risk.about, risk.what)
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from runner.authoring.analysis.analyzing import Analysis
from runner.commands.planning import (
    analyzing,
    answering,
    create as creating,
    differing,
    drawing,
    listing,
    starting,
    templates as filling,
    validating,
)
from runner.commands.planning.analyzing import Optimized
from runner.commands.planning.answering import Answered
from runner.commands.planning.create import Created
from runner.commands.planning.differing import Diff
from runner.commands.planning.drawing import Drawn
from runner.commands.planning.listing import Listed, Plan
from runner.commands.planning.templates import Filled
from runner.commands.planning.validating import Verdict
from runner.commands.workspace import Door
from runner.project.migration import FILE
from runner.project.plan_templates.template import Template
from runner.project.sandbox_door import SandboxDoor

Folder = str | Path


def init(
    source: str,
    target: str,
    schemas: Sequence[str] = (),
    *,
    to: str = FILE,
    force: bool = False,
    progress: Callable[[str], None] = lambda _: None,
    project: Folder = ".",
    sandbox: bool | None = None,
) -> str:
    """Ask the source what it has, and write a first file that says what is to travel; its path."""
    start = starting.Start(source, target, tuple(schemas), force, progress)
    return starting.init(_door(project, sandbox), start, to)


def create(
    name: str,
    *,
    source: Folder | None = None,
    template: str | None = None,
    values: Mapping[str, object] | None = None,
    force: bool = False,
    anew: bool = False,
    history: bool = True,
    progress: Callable[[str], None] = lambda _: None,
    project: Folder = ".",
    sandbox: bool | None = None,
) -> Created:
    """Look at the source and write the scripts. ``source`` is the migration's file; with ``template`` it is filled
    from that one and ``values`` first; without, ``values`` are what the file would hold.
    """
    door = _door(project, sandbox)
    path: Path | None = _path(source) if source is not None else None
    asked: Mapping[str, Any] | None = None
    if template is not None:
        path = filling.placed(door, filling.filled(door, template, values=values), path, force=force)
    else:
        asked = values
    request = creating.Request(name, path, asked, force, anew, history, progress)
    return creating.create(door, request)


def plans(*, project: Folder = ".", sandbox: bool | None = None) -> tuple[Listed, ...]:
    """Every plan of the project, and how it stands."""
    return listing.plans(_door(project, sandbox))


def show(name: str, pattern: str = "", *, project: Folder = ".", sandbox: bool | None = None) -> Plan:
    """All of a plan, or only the objects that a pattern names."""
    return listing.show(_door(project, sandbox), name, pattern)


def answer(
    name: str, answers: Mapping[str, str] | Sequence[str] = (), *, project: Folder = ".", sandbox: bool | None = None
) -> Answered:
    """Answer questions, by id; without answers, what is open."""
    words = [f"{key}={value}" for key, value in answers.items()] if isinstance(answers, Mapping) else answers
    return answering.answer(_door(project, sandbox), name, words)


def diff(name: str, *, history: bool = True, project: Folder = ".", sandbox: bool | None = None) -> Diff:
    """What the source has become since the plan was made."""
    return differing.diff(_door(project, sandbox), name, observed=history)


def validate(
    name: str, *, offline: bool = False, history: bool = True, project: Folder = ".", sandbox: bool | None = None
) -> Verdict:
    """Would the plan still be true? ``Verdict.failed`` counts the checks that failed."""
    return validating.validate(_door(project, sandbox), name, offline=offline, observed=history)


def analyze(
    name: str,
    *,
    measure: bool = False,
    rows: bool = False,
    warehouse: str = "X-Small",
    project: Folder = ".",
    sandbox: bool | None = None,
) -> Analysis:
    """What a plan touches, who reads it, what stops when, how long by which basis, what can go wrong.

    ``rows`` reads the source's tables for texts that name its database.
    """
    return analyzing.analyze(_door(project, sandbox), name, measure=measure, rows=rows, warehouse=warehouse)


def optimize(
    name: str, *, write: bool = False, workers: int = 4, project: Folder = ".", sandbox: bool | None = None
) -> Optimized:
    """How a plan could be quicker or safer; ``write`` puts that into the migration's file."""
    return analyzing.optimize(_door(project, sandbox), name, write=write, workers=workers)


def graph(
    name: str,
    *,
    html: Folder | None = None,
    svg: Folder | None = None,
    live: bool = False,
    force: bool = False,
    project: Folder = ".",
    sandbox: bool | None = None,
) -> Drawn:
    """Draw a plan into a page, a picture, or both. An older drawing is written over, any other file with ``force``."""
    page, picture = (_path(each) if each is not None else None for each in (html, svg))
    return drawing.draw(_door(project, sandbox), name, html=page, picture=picture, live=live, force=force)


def templates(
    *, category: str | None = None, project: Folder = ".", sandbox: bool | None = None
) -> tuple[Template, ...]:
    """Templates of plans: runner's own, and the project's."""
    return filling.templates(_door(project, sandbox), category)


def fill(template: str, values: Mapping[str, object], *, project: Folder = ".", sandbox: bool | None = None) -> Filled:
    """The text that a template gives; it is checked as config/migration.yaml would be. Writes nothing."""
    return filling.filled(_door(project, sandbox), template, values=values)


def _path(folder: Folder) -> Path:
    return Path(folder).expanduser()


def _door(project: Folder, sandbox: bool | None) -> Door:
    root, environ = _path(project), dict(os.environ)
    if sandbox is None:
        sandbox = environ.get("RUNNER_SANDBOX", "").lower() in ("1", "true", "yes", "on")
    place = Path(environ.get("RUNNER_SANDBOX_ROOT") or root / ".sandbox")
    return Door(root, {}, environ, SandboxDoor.find(place) if sandbox else None)
