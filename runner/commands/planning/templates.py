"""`templates`: what stands to be filled, and config/migration.yaml filled from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from runner.commands.workspace import Door
from runner.core.errors import FileInTheWay
from runner.project.files import shown
from runner.project.migration import FILE
from runner.project.plan_templates import finding
from runner.project.plan_templates.filling import asked, fill
from runner.project.plan_templates.template import Category, Template
from runner.project.plan_templates.values import checked, from_words
from runner.project.settings import load


@dataclass(frozen=True, slots=True)
class Filled:
    """A template with every parameter's value, and the text they give."""

    template: str
    values: Mapping[str, object]
    text: str
    path: str = ""


def templates(door: Door, category: str | None = None) -> tuple[Template, ...]:
    """All of them, or those of one category."""
    found = finding.all_templates(*_places(door))
    return tuple(each for each in found if category in (None, each.category.value))


def template(door: Door, name: str) -> Template:
    return finding.template(name, *_places(door))


def create(door: Door, name: str, like: str, category: Category = Category.CUSTOM, description: str = "") -> str:
    """A template of the project's own; the folder's path. An existing one is never overwritten."""
    root, folder = _places(door)
    made = finding.create(name, finding.template(like, root, folder), category, description, root, folder)
    return shown(made, root)


def filled(door: Door, name: str, words: tuple[str, ...] = (), values: Mapping[str, object] | None = None) -> Filled:
    """The text that a template gives; it is checked as config/migration.yaml would be. Writes nothing."""
    found = template(door, name)
    given = from_words(name, found.parameters, words) | dict(values or {})
    asked(found, given)
    return Filled(name, checked(name, found.parameters, given), fill(found, given))


def apply(door: Door, one: Filled, to: str = FILE, *, force: bool = False) -> Filled:
    """Write it. A file that exists is overwritten only by force, or when it holds the same text already."""
    placed(door, one, door.root / to, force=force)
    return Filled(one.template, one.values, one.text, to)


def placed(door: Door, one: Filled, path: Path | None = None, *, force: bool = False) -> Path:
    """The same, telling the file; config/migration.yaml where none is given."""
    path = path or door.root / FILE
    if path.exists() and not force and path.read_bytes() != one.text.encode():
        raise FileInTheWay(shown(path.resolve(), door.root.resolve()), "exists already")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(one.text, encoding="utf-8")
    return path


def _places(door: Door) -> tuple[Path, Path]:
    settings = load(door.root, door.overrides, door.environ, door.sandbox)
    return settings.root, settings.templates_folder
