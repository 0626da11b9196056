"""The sandbox runs with what its extra declares, and with nothing that only the tests' environment has."""

import re
import subprocess
import sys
import tomllib
from importlib import metadata
from pathlib import Path

from runner.sandbox.storage import Storage

PROJECT = tomllib.loads((Path(__file__).parents[3] / "pyproject.toml").read_text())["project"]

CHILD = """
import sys
others = set(sys.argv[1:])

class Missing:
    def find_spec(self, name, path=None, target=None):
        top = name.partition(".")[0]
        if path is None and top in others:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Missing())
from runner.sandbox import bootstrap
from runner.sandbox.engine import Engine
import pathlib, tempfile
engine = Engine.open(None)
with tempfile.TemporaryDirectory() as folder:
    bootstrap.create_organization(engine.catalog, pathlib.Path(folder))
session = engine.login("IMCUST", "SANDBOX_ADMIN", "ACCOUNTADMIN", "ADMIN_WH")
for sql in (
    "CREATE DATABASE d",
    "CREATE TABLE t (id INT, at TIMESTAMP_NTZ, doc VARIANT)",
    "INSERT INTO t SELECT 1, '2026-01-02 03:04:05'::TIMESTAMP_NTZ, PARSE_JSON('[1, {}]')",
    "MERGE INTO t USING (SELECT 1 AS id) s ON t.id = s.id WHEN MATCHED THEN UPDATE SET doc = s.id",
):
    engine.execute(session, sql)
print(engine.execute(session, "SELECT id, HASH_AGG(doc) IS NULL, OBJECT_CONSTRUCT('a', id):a FROM t GROUP BY 1").rows())
engine.close()
"""


def declared():
    """The distributions that `pip install runner[sandbox]` brings, without other extras."""
    found, todo = set(), [*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["sandbox"]]
    while todo:
        requirement = todo.pop()
        name = re.match(r"[\w.-]+", requirement).group().lower().replace("_", "-")
        if name in found or "extra ==" in requirement:
            continue
        try:
            todo += metadata.requires(name) or []
        except metadata.PackageNotFoundError:
            continue  # for another platform or another Python
        found.add(name)
    return found


def others():
    """The top-level modules of this environment that only other distributions bring."""
    wanted = declared() | {"runner"}
    return {
        top
        for top, owners in metadata.packages_distributions().items()
        if not wanted & {owner.lower().replace("_", "-") for owner in owners}
    }


def test_the_engine_works_with_what_the_extra_declares():
    unknown = others()
    assert {"pandas", "pytest"} <= unknown
    ran = subprocess.run([sys.executable, "-c", CHILD, *sorted(unknown)], capture_output=True, text=True, timeout=120)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.strip() == "[(Decimal('1'), False, '1')]"


STARTED = """
import pathlib, sys
from runner.sandbox import __main__
__main__._arrow_alone()
from runner.sandbox import bootstrap
from runner.sandbox.engine import Engine
root = pathlib.Path(sys.argv[1])
engine = Engine.open(root)
bootstrap.create_organization(engine.catalog, root)
before = "numpy" in sys.modules
session = engine.login("IMCUST", "SANDBOX_ADMIN", "ACCOUNTADMIN", "ADMIN_WH")
[(answer,)] = engine.execute(session, "SELECT TRY_PARSE_JSON('[1, {\\"b\\": 2, \\"a\\": 1}]')").rows()
print(before, "".join(answer.split()), "numpy" in sys.modules)
engine.close()
"""


def test_the_start_waits_for_nothing_that_only_statements_need(tmp_path):
    """Numpy takes longer to load than all that a start makes on disk."""
    ran = subprocess.run([sys.executable, "-c", STARTED, str(tmp_path)], capture_output=True, text=True, timeout=120)
    assert (ran.stdout, ran.stderr) == ('False [1,{"a":1,"b":2}] True\n', "")


def test_functions_that_python_computes_are_known_to_every_cursor_and_not_after_the_end():
    storage = Storage(None)
    with storage.cursor() as one, storage.cursor() as other:
        for cursor in (one, other):
            assert cursor.execute("SELECT sf_document('[1]', '')").fetchall() == [("[1]",)]
    storage.close()
    storage.know_functions()
