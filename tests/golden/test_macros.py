"""Every macro of templates/: a call, and the SQL it gives. A file's first line is the call, the rest is the answer.

`RUNNER_WRITE_GOLDEN=1 pytest tests/golden` writes the answers anew; read the difference before you commit it.
"""

import os
import re
from pathlib import Path

import pytest

from runner.core.script import Kind, Script
from runner.core.secret import Secret
from runner.project.rendering import Renderer
from runner.sql.splitting import split

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(__file__).parent / "macros"
FILES = sorted(FOLDER.glob("*.sql"))
CONTEXT = {
    "env": {"name": "imsdlc", "database": "dev_db"},
    "vars": {"share": "migr_share"},
    "table": {"schema": "MART", "name": "my table", "order_by": '"ID"', "columns": ["ID", "it's", 'a "b"']},
    "instant": "2026-01-01T00:00:00.000000+00:00",
}


def rendered(call):
    renderer = Renderer(ROOT, ROOT / "templates", lambda name: Secret(""))
    return renderer.text(Script(Kind.REPEATABLE, None, "a", "R__a.sql", call), "imsdlc", CONTEXT).strip("\n")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_macro(file):
    call, _, wanted = file.read_text().partition("\n")
    found = rendered(call.removeprefix("-- "))
    if os.environ.get("RUNNER_WRITE_GOLDEN") == "1":
        file.write_text(f"{call}\n{found}\n")
        return
    assert found == wanted.strip("\n")


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_what_it_gives_is_whole_statements(file):
    assert split(file.read_text())


def macros():
    for template in sorted((ROOT / "templates").glob("*.sql")):
        for name in re.findall(r"{%-?\s*macro (\w+)\(", template.read_text()):
            yield f"{template.stem}.{name}"


def test_every_macro_has_its_file():
    assert sorted(macros()) == [file.stem for file in FILES]


@pytest.mark.parametrize("template", sorted((ROOT / "templates").glob("*.sql")), ids=lambda path: path.stem)
def test_every_macro_is_explained_where_it_stands(template):
    """A comment stands before each macro."""
    text = template.read_text()
    for found in re.finditer(r"{%-?\s*macro \w+\(", text):
        before = text[: found.start()].rstrip()
        assert before.endswith("#}") or before.endswith("%}"), before[-80:]


def test_the_macros_that_a_plan_brings_along_are_those_of_the_project():
    """A project without them gets them with its first plan; what the two share must not drift apart."""
    for packaged in sorted((ROOT / "runner" / "authoring" / "macros").glob("*.sql")):
        assert _macros_of(packaged) == _macros_of(ROOT / "templates" / packaged.name)


def _macros_of(path):
    return re.findall(r"{%-?\s*macro .*?endmacro %}", path.read_text(), re.DOTALL)
