"""The runner in an environment with the connector's next major version: the same commands, the same answers."""

import json
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PYTHON = Path(os.environ.get("RUNNER_CONNECTOR5_PYTHON", ROOT / ".venv-connector5" / "bin" / "python"))

pytestmark = pytest.mark.skipif(not PYTHON.exists(), reason=f"no {PYTHON}: `make setup` makes it")


@pytest.fixture
def runner(sandbox, tmp_path):
    """Runs the product with connector 5 in a project of its own."""
    environment = os.environ | {
        "PYTHONPATH": str(ROOT), "RUNNER_SANDBOX": "1", "RUNNER_SANDBOX_ROOT": str(sandbox.root),
    }  # fmt: skip

    def run(*words):
        command = [PYTHON, "-m", "runner", *words]
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    version = "from importlib.metadata import version; print(version('snowflake-connector-python'))"
    assert subprocess.run([PYTHON, "-c", version], capture_output=True, text=True, check=True).stdout.startswith("5.")
    return run


def project(folder, database):
    """`init`, in databases that no other test has."""
    for path in (folder / "config").glob("*.yaml"):
        text = path.read_text().replace("shop_control", f"{database}_control").replace("shop_db", database)
        path.write_text(text)


def test_init_migrate_info_undo_and_a_statement_that_fails(runner, tmp_path, fresh_name):
    assert runner("init").returncode == 0
    project(tmp_path, fresh_name("five"))
    first = runner("migrate", "--all", "--format", "json")
    assert first.returncode == 0, first.stderr
    assert [len(result["scripts"]) for result in json.loads(first.stdout)] == [3, 3]
    assert "nothing to do" in runner("migrate", "--all").stdout
    assert runner("info", "--all", "--check").returncode == 0
    undone = runner("undo", "--all", "--target", "0")
    assert undone.returncode == 0, undone.stderr
    assert runner("info", "--all", "--check").returncode == 10
    (tmp_path / "versions" / "V003__wrong.sql").write_text("SELECT 1;\nSELECT * FROM NOPE.NOPE.NOPE;\n")
    failed = runner("migrate", "--env", "dev")
    assert failed.returncode == 20
    assert "versions/V003__wrong.sql:2: statement 2" in failed.stderr
    assert "does not exist or not authorized" in failed.stderr
