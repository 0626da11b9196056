"""`render`, `new` and `init`: text and files, never an account."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from runner.commands.validate import INSPECTION
from runner.commands.workspace import Door, Run, Workspace
from runner.core.errors import UsageError
from runner.core.script import Kind, Rendered, Script
from runner.core.version import Version
from runner.project.scripts import versions
from runner.project.settings import load
from runner.sql.formatting import pretty

_WORD = re.compile(r"[\W_]+")
_TEAM = re.compile(r"[\w.@-]+")
_V = """-- runner: owner={owner}
-- {description}. Statements must be re-runnable: IF NOT EXISTS, CREATE OR ALTER, OR REPLACE … COPY GRANTS.

"""
_R = """-- runner: owner={owner}
-- {description}. Applied again whenever its rendered text changes.

"""
_U = """-- Takes back {twin}.

"""


@dataclass(frozen=True, slots=True)
class Rendering:
    """A script for one environment, as it would be sent."""

    rendered: Rendered
    text: str


def render(door: Door, environment: str, name: str, *, formatted: bool = False) -> Rendering:
    """What a script is for an environment. Secrets are taken out; the snapshot's instant is a made-up one."""
    workspace = Workspace.open(door)
    chosen = workspace.settings.environment(environment)
    rendered = workspace.shown(chosen, workspace.render(workspace.script(name), chosen, INSPECTION))
    return Rendering(rendered, pretty(rendered.text) if formatted else rendered.text)


def inspect(workspace: Workspace, run: Run = INSPECTION) -> Sequence[tuple[Script, str]]:
    """Every script with the names of the environments it renders to something for."""
    return [
        (script, ", ".join(e.name for e in workspace.environments(None) if workspace.render(script, e, run).statements))
        for script in workspace.scripts
    ]


def new(door: Door, kind: Kind, description: str, owner: str = "product") -> tuple[Path, ...]:
    """Write the next script, and its undo beside it. An existing file is never overwritten.

    The version is one above the highest of the project, with as many digits as that has; scripts that are not
    written yet count.
    """
    words = _WORD.sub("_", description).strip("_").lower()
    if not words:
        raise UsageError("The description holds no letter or digit.")
    if not _TEAM.fullmatch(owner):
        raise UsageError(f"--owner {owner!r}: a team's name is one word, such as product or data-ops.")
    # It becomes a comment: it must neither end there nor be a template.
    description = re.sub(r"[{}]", "", " ".join(description.split()))
    folder = load(door.root, door.overrides, door.environ, door.sandbox).versions_folder
    folder.mkdir(exist_ok=True)
    if kind is Kind.REPEATABLE:
        return (_written(folder / f"R__{words}.sql", _R.format(description=description, owner=owner)),)
    version = _next_version(versions(folder))
    script = folder / f"V{version}__{words}.sql"
    undo = folder / f"U{version}__{words}.sql"
    first = _written(script, _V.format(description=description, owner=owner))
    return first, _written(undo, _U.format(twin=script.name))


def _next_version(taken: Sequence[Version]) -> str:
    highest = max(taken, default=Version("0"))
    return str(highest.parts[0] + 1).zfill(len(re.split(r"[._]", highest.text)[0]) if taken else 3)


def _written(path: Path, text: str) -> Path:
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError:
        raise UsageError(f"{path} exists already; nothing was written over it.") from None
    return path


def init(folder: Path) -> tuple[Path, ...]:
    """A project that works at once against the sandbox. Files that exist are left as they are, and named in the error.

    Raises UsageError when the folder already holds a project.
    """
    skeleton = resources.files("runner.project") / "skeleton"
    files = sorted(_files(skeleton), key=str)
    present = [name for name, _ in files if (folder / name).exists()]
    if present:
        raise UsageError(f"{folder} holds a project already: {', '.join(present[:3])} stand there.")
    return tuple(_placed(folder / name, content) for name, content in files)


def _files(skeleton: resources.abc.Traversable, prefix: str = "") -> list[tuple[str, bytes]]:
    found: list[tuple[str, bytes]] = []
    for entry in skeleton.iterdir():
        name = f"{prefix}{_real(entry.name)}"
        found += _files(entry, f"{name}/") if entry.is_dir() else [(name, entry.read_bytes())]
    return found


def _real(name: str) -> str:
    """Files that tools would act on where they lie carry a `dot_` in the package."""
    return name.replace("dot_", ".", 1) if name.startswith("dot_") else name


def _placed(path: Path, content: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path
