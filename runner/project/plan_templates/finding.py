"""Where templates lie: runner's own in the package, the project's in templates/plans/<name>/."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Final

from runner.core.errors import FileInTheWay, InvalidFile, UnknownTemplate, UsageError
from runner.core.graph import nearest
from runner.project.files import shown
from runner.project.plan_templates.template import BODY, DESCRIPTION, Category, Template, read_template

FOLDER: Final = "plans"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")


def all_templates(root: Path, folder: Path) -> tuple[Template, ...]:
    """runner's own, then the project's, each by name. Two of one name are an error."""
    own = tuple(_own())
    mine = tuple(_of_project(root, folder / FOLDER))
    for twin in {each.name for each in own} & {each.name for each in mine}:
        raise InvalidFile(f"{shown(folder / FOLDER / twin, root)}", "one of runner's own templates has this name.")
    return (*own, *mine)


def _own() -> Iterator[Template]:
    with resources.as_file(resources.files(__package__) / "builtin") as folder:
        for each in sorted(folder.iterdir()):
            if (each / DESCRIPTION).is_file():
                yield read_template(each, f"template '{each.name}'", own=True)


def _of_project(root: Path, folder: Path) -> Iterator[Template]:
    for each in sorted(folder.iterdir()) if folder.is_dir() else ():
        if each.is_dir() and not each.name.startswith("."):
            yield read_template(each, shown(each.resolve(), root.resolve()))


def template(name: str, root: Path, folder: Path) -> Template:
    known = {each.name: each for each in all_templates(root, folder)}
    if name not in known:
        raise UnknownTemplate(name, nearest(name, known))
    return known[name]


def create(name: str, like: Template, category: Category, description: str, root: Path, folder: Path) -> Path:
    """A folder of the project's, with the parameters and the text of another template, to be changed."""
    if not _NAME.fullmatch(name):
        raise UsageError(f"'{name}': a template's name is of small letters, digits, - and _.")
    if name in {each.name for each in all_templates(root, folder)}:
        raise FileInTheWay(f"template '{name}'", "exists already", "Choose another name, or change its files.")
    target = folder / FOLDER / name
    text = description_of(like, category, description)
    target.mkdir(parents=True, exist_ok=True)
    (target / DESCRIPTION).write_text(text, encoding="utf-8")
    (target / BODY).write_text(like.body, encoding="utf-8")
    return target


def description_of(like: Template, category: Category, description: str) -> str:
    """The template.yaml of a new template."""
    import yaml

    parameters = {
        each.name: {
            "type": each.type.value,
            "description": each.description,
            **({} if each.required else {"default": list(v) if isinstance(v := each.default, tuple) else v}),
            **({"choices": list(each.choices)} if each.choices else {}),
            **({"pattern": each.pattern} if each.pattern else {}),
            **({"minimum": each.minimum} if each.minimum is not None else {}),
            **({"maximum": each.maximum} if each.maximum is not None else {}),
        }
        for each in like.parameters
    }
    values = {"category": category.value, "description": description or like.description, "parameters": parameters}
    return yaml.safe_dump(values, sort_keys=False, allow_unicode=True, width=120)
