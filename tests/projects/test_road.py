"""From an account made by hand to the same in another, by nothing but what `runner plan create` wrote."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from snowflake.connector import ProgrammingError

from runner.commands.planning import records
from runner.core.names import Identifier
from tests.e2e.project import Project
from tests.projects.estates import LARGE, SEEDED, TRAPS
from tests.projects.inventory import inventory

ROOT = Path(__file__).resolve().parents[2]
PLAN = "estate"
WHOLE = [
    pytest.param(made, id=made.name, marks=also)
    for made, also in ((SEEDED, ()), (TRAPS, (pytest.mark.drill,)), (LARGE, (pytest.mark.drill,)))
]


class Road:
    """A project over an estate, and what stands on both sides of it."""

    def __init__(self, built, root: Path) -> None:
        self.made = built.made
        self.built = built
        self.project = Project(root, built.running, built.connect)
        shutil.copytree(built.made.folder / "config", root / "config")
        (root / "versions").mkdir()
        (root / "templates").mkdir()
        self.runner = self.project.runner

    def plan(self) -> Road:
        """Asked, answered as a person would, and asked again."""
        first = self.runner("plan", "create", PLAN, code=None)
        if first.code == 12 and (questions := records.load(self.project.root, PLAN).questions):
            self.runner("plan", "answer", PLAN, *(f"{one.id}={answer(one)}" for one in questions))
            first = self.runner("plan", "create", PLAN)
        assert first.code == 0, first.said
        return self

    @property
    def record(self):
        return records.load(self.project.root, PLAN)

    def files(self) -> dict[str, bytes]:
        root = self.project.root
        return {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}

    def rows(self, kind: str) -> Iterator[tuple[str, object, object]]:
        """Count and hash of every table or view of the plan, there and here."""
        for address in sorted(self.record.state):
            if address.kind == kind and address.sql not in self.made.empty | self.made.other:
                there = ".".join(Identifier(part).sql for part in address.place)
                here = ".".join(Identifier(part).sql for part in (self.made.target, *address.place[1:]))
                yield there, totals(self.built.cursor("imcust"), there), totals(self.built.cursor("imsdlc"), here)

    def called(self, account: str, database: str) -> list[object]:
        """What the routines give, with the source's name for the database."""
        given = [result(self.built.cursor(account), call.replace("{db}", database)) for call in self.made.calls()]
        return [text.replace(self.made.target, self.made.source) for text in given]

    def standing(self) -> set[str]:
        """What there is in the target's database, beside runner's own."""
        here = inventory(self.built.cursor("imsdlc"), self.made.target)
        return {name for name in here if ".MIGRATION_CONTROL." not in name}


def answer(question) -> str:
    """Texts in procedures follow the database, those that are only shown or stored do not."""
    kind, _, about = question.id.partition("-")
    if kind == "text":
        return "rewrite" if about.startswith(("p_", "sp_")) and not about.startswith("p_copy") else "keep"
    return "include"


def totals(cursor, name: str) -> object:
    return cursor.execute(f"SELECT COUNT(*), HASH_AGG(*) FROM {name}").fetchone()


def result(cursor, call: str) -> str:
    try:
        return repr(cursor.execute(call).fetchall())
    except ProgrammingError as error:
        return f"error {error.errno}"


@pytest.fixture
def road(built, tmp_path) -> Iterator[Road]:
    made = Road(built, tmp_path / "project")
    yield made
    made.runner("undo", "--all", "--target", "0", code=None)


def different(pairs) -> list[str]:
    return [name for name, there, here in pairs if there != here]


def closure(road) -> set[str]:
    return {f"{one.kind.value} {one.sql}" for one in road.record.state}


@pytest.mark.parametrize("built", [pytest.param(LARGE, id="large")], indirect=True)
def test_the_closure_of_the_large_one(road):
    """All of it: its road is long, and among the drills."""
    assert closure(road.plan()) == road.made.closure()


def there_and_back(road) -> None:
    """Planned, the same when planned again, migrated, equal and doing the same, taken back: nothing of it stands."""
    before = road.standing()
    assert closure(road.plan()) == road.made.closure()
    files = road.files()
    assert "Nothing has changed" in road.runner("plan", "create", PLAN).out
    road.runner("plan", "create", PLAN, "--anew")
    assert road.files() == files
    road.runner("migrate", "--all", "--yes")
    road.runner("reconcile", "--env", "imsdlc")
    assert different(road.rows("TABLE")) == []
    assert different(road.rows("VIEW")) == []
    assert road.called("imsdlc", road.made.target) == road.called("imcust", road.made.source)
    assert different(road.rows("TABLE")) == []
    road.runner("undo", "--all", "--target", "0")
    assert road.standing() == before


@pytest.mark.parametrize("built", [pytest.param(TRAPS, id="traps")], indirect=True)
def test_there_and_back(road):
    """There again, over so many objects, is among the drills."""
    there_and_back(road)


@pytest.mark.parametrize("built", WHOLE, indirect=True)
def test_there_back_and_there_again(road):
    there_and_back(road)
    road.runner("migrate", "--all", "--yes")
    road.runner("reconcile", "--env", "imsdlc")
    assert road.runner("migrate", "--all").out == "imcust: nothing to do.\nimsdlc: nothing to do.\n"
