"""The tree of errors as it is drawn in `core/errors` is the tree that stands."""

import importlib
import pkgutil
import re

import pytest

import runner
from runner.core import errors

LINE = re.compile(r"^(?P<branch>(?:[│ ]   )*)(?:[├└]── )?(?P<name>[A-Z]\w+)(?: \((?P<code>\d+)\))?$")


def drawn():
    """(name, parent, exit code) of every line of the drawing."""
    path: list[tuple[str, int]] = []
    for line in (errors.__doc__ or "").splitlines():
        found = LINE.match(line)
        if not found:
            continue
        depth = 0 if not path else len(found["branch"]) // 4 + 1
        code = int(found["code"]) if found["code"] else path[depth - 1][1]
        path[depth:] = [(found["name"], code)]
        yield found["name"], path[depth - 1][0] if depth else None, code


def standing(kind=errors.RunnerError, parent=None):
    """The same of every class that is defined in the module."""
    if kind.__module__.startswith(errors.__name__):
        yield kind.__name__, parent, kind.exit_code
    for child in kind.__subclasses__():
        yield from standing(child, kind.__name__)


def test_the_drawing_is_true():
    assert sorted(drawn(), key=str) == sorted(standing(), key=str)


def test_every_error_of_any_room_hangs_on_the_tree():
    """A RunnerError that is defined elsewhere has the exit code of its parent: the codes have one place."""
    for module in pkgutil.walk_packages(runner.__path__, "runner."):
        if not module.name.startswith("runner.sandbox") and module.name != "runner.__main__":
            importlib.import_module(module.name)
    strangers = [kind for kind in everything(errors.RunnerError) if not kind.__module__.startswith(errors.__name__)]
    assert [kind for kind in strangers if "exit_code" in vars(kind)] == []


def everything(kind):
    for child in kind.__subclasses__():
        yield child
        yield from everything(child)


def made(kind):
    """An error with some fact in every field."""
    fields = getattr(kind, "__dataclass_fields__", {})
    return kind(*(example(field) for field in fields.values()))


def example(field):
    match field.type:
        case "int" | "int | None":
            return 7
        case "bool":
            return False
        case "tuple[Finding, ...]":
            return (errors.Finding("code", "V1__it.sql", "a reason", "an advice"),)
        case text if text.startswith("tuple"):
            return ("one", "two")
        case _:
            return f"the {field.name}"


@pytest.mark.parametrize(
    "kind",
    [k for k in everything(errors.RunnerError) if k.__module__.startswith(errors.__name__)],
    ids=lambda k: k.__name__,
)
def test_every_error_builds_its_sentence_of_its_facts(kind):
    error = made(kind)
    assert error.sentence.strip()
    assert str(error) == error.sentence
    assert isinstance(error.hint, str)
    assert "None" not in error.sentence + error.hint
