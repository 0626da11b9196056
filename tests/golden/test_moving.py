"""Objects of a source as they are written for the target, each with what was changed and what was left.

A folder holds ``before.sql``, as GET_DDL prints it; ``asked.json``, its kind and what may be done with texts;
``after.sql``, the template; ``edits.json``. `RUNNER_WRITE_GOLDEN=1` writes the last two anew.
"""

import json
import os
from pathlib import Path

import pytest
from jinja2.sandbox import ImmutableSandboxedEnvironment

from runner.sql.canonical import canonical
from runner.sql.errors import UnclosedError
from runner.sql.moving import Names, move
from runner.sql.rerunnable import rerunnable
from runner.sql.splitting import split

HERE = Path(__file__).parent / "moving"
FOLDERS = sorted(folder.name for folder in HERE.iterdir())

JINJA = ImmutableSandboxedEnvironment(keep_trailing_newline=True, trim_blocks=True, lstrip_blocks=True)
JINJA.filters["ident"] = str

MAP = {
    "databases": {"PROD_DB": "{{ env.database | ident }}", "GOV_DB": "GOV_DEV"},
    "schemas": {("PROD_DB", name): f"{{{{ {name.lower()} }}}}" for name in ("MART", "SRC", "PUBLIC")},
    "schema_names": {("PROD_DB", "LEGACY"): "OLD_STOCK"},
    "objects": {("PROD_DB", "MART", "OLD_FACTS"): "FACTS", ("PROD_DB", "LEGACY", "THINGS"): "Things"},
    "others": {
        "WAREHOUSE": {"LOAD_WH": "{{ env.warehouse | ident }}"},
        "ROLE": {"LOADER": "{{ env.roles.loader | ident }}"},
        "INTEGRATION": {"LOAD_INT": "DEV_LOAD_INT"},
    },
}  # fmt: skip
SOURCE = {
    "env": {"database": "PROD_DB", "warehouse": "LOAD_WH", "roles": {"loader": "LOADER"}},
    "mart": "PROD_DB.MART", "src": "PROD_DB.SRC", "public": "PROD_DB.PUBLIC",
}  # fmt: skip
INVERSE = {
    "databases": {"GOV_DEV": "GOV_DB"},
    "schema_names": {("PROD_DB", "OLD_STOCK"): "LEGACY"},
    "objects": {("PROD_DB", "MART", "FACTS"): "OLD_FACTS", ("PROD_DB", "OLD_STOCK", "Things"): "THINGS"},
    "others": {"INTEGRATION": {"DEV_LOAD_INT": "LOAD_INT"}},
}


def case(name):
    """The text to move, and the names for it."""
    asked = json.loads((HERE / name / "asked.json").read_text())
    home = ("PROD_DB", "SRC" if name in ("stages_and_formats", "stream", "table_stage") else "MART")
    kind = asked.pop("kind")
    before = (HERE / name / "before.sql").read_text()
    return before, rerunnable(before, kind), Names(**MAP, home=home, **asked)


def told(moved):
    """Edits and sights as lines that a reviewer can read."""
    edits = [f"{e.line}:{e.column} {e.kind}: {e.before} -> {e.after} ({e.why})" for e in moved.edits]
    seen = [f"{s.line}:{s.column} {s.kind}: {s.text}{' (as SQL)' if s.sql_like else ''} ({s.why})" for s in moved.seen]
    return json.dumps({"edits": edits, "seen": seen}, indent=1, ensure_ascii=False) + "\n"


@pytest.mark.parametrize("name", FOLDERS)
def test_object(name):
    _, text, names = case(name)
    moved = move(text, names)
    for file, found in (("after.sql", moved.text), ("edits.json", told(moved))):
        path = HERE / name / file
        if os.environ.get("RUNNER_WRITE_GOLDEN") == "1":
            path.write_text(found)
        assert found == path.read_text()


@pytest.mark.parametrize("name", FOLDERS)
def test_moved_twice_is_moved_once(name):
    _, text, names = case(name)
    moved = move(text, names)
    assert move(moved.text, names).text == moved.text


# What is written shorter than the prefix that takes its place, or in texts, is not the same text again.
ONE_WAY = {"unqualified", "public", "names_as_text", "texts_allowed"}


@pytest.mark.parametrize("name", [name for name in FOLDERS if name not in ONE_WAY])
def test_rendered_for_the_source_and_moved_back_it_is_the_source_again(name):
    before, text, names = case(name)
    rendered = JINJA.from_string(move(text, names).text).render(SOURCE)
    back = move(rendered, Names(**INVERSE, home=names.home, literals=names.literals, bodies=names.bodies)).text
    try:
        assert canonical(back) == canonical(before)
        assert len(split(rendered)) == len(split(before))
    except UnclosedError:
        assert name == "unreadable_statement"
        assert back == before
