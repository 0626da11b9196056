"""Whole small projects as users have them: each goes up, down and up again, and ends as it was."""

import shutil
from pathlib import Path

import pytest

PROJECTS = sorted(path for path in Path(__file__).parent.iterdir() if (path / "versions").is_dir())


@pytest.fixture
def given(request, project):
    for folder in ("versions", "templates"):
        if (request.param / folder).is_dir():
            shutil.copytree(request.param / folder, project.root / folder, dirs_exist_ok=True)
    return project


def picture(project):
    """Everything that stands in both databases: definitions and rows."""
    found = {}
    for environment, database in project.databases.items():
        for _, name, *_ in project.ask(environment, f"SHOW TABLES IN SCHEMA {database}.PUBLIC"):
            rows = project.ask(environment, f'SELECT COUNT(*), HASH_AGG(*) FROM "{name}"')
            found[environment, name] = (rows, project.ask(environment, f"SELECT GET_DDL('TABLE', '\"{name}\"')"))
        for _, name, *_ in project.ask(environment, f"SHOW VIEWS IN SCHEMA {database}.PUBLIC"):
            found[environment, name] = project.ask(environment, f"SELECT GET_DDL('VIEW', '\"{name}\"')")
    return found


@pytest.mark.parametrize("given", PROJECTS, ids=lambda path: path.name, indirect=True)
def test_up_down_and_up_again(given):
    given.runner("validate", "--all", "--offline")
    given.runner("migrate", "--all", "--yes")
    first = picture(given)
    assert first
    given.runner("undo", "--all", "--target", "0")
    assert [
        key for key, value in picture(given).items() if not str(value).startswith("[('create or replace view")
    ] == []
    given.runner("migrate", "--all", "--yes")
    assert picture(given) == first
    given.runner("validate", "--all")
    given.runner("info", "--all", "--check")
    assert given.runner("migrate", "--all").out == "imcust: nothing to do.\nimsdlc: nothing to do.\n"


def test_there_are_some():
    assert len(PROJECTS) >= 4
