"""The fixtures that other people's tests get, used as they would use them."""

import re
import subprocess
import sys
from pathlib import Path

PAGE = Path(__file__).resolve().parents[3] / "docs" / "testing-with-the-sandbox.md"

THEIRS = """
import pytest

NAMES = set()

@pytest.mark.parametrize("turn", range(3))
def test_an_account_for_every_test(snowflake_connection, snowflake_account, turn):
    cursor = snowflake_connection.cursor()
    cursor.execute("CREATE DATABASE SHOP")
    cursor.execute("CREATE TABLE SHOP.PUBLIC.T (N INT) AS SELECT 1")
    assert cursor.execute("SELECT CURRENT_ACCOUNT_NAME(), CURRENT_ROLE()").fetchone() == (
        snowflake_account.name, "ACCOUNTADMIN")
    assert snowflake_account.token not in repr(snowflake_account)
    NAMES.add(snowflake_account.name)
    assert len(NAMES) == turn + 1

def test_accidents(snowflake_connection, snowflake_orders):
    from snowflake.connector.errors import ProgrammingError

    snowflake_orders.fault("error", match="SELECT 1", message="on order")
    with pytest.raises(ProgrammingError, match="on order"):
        snowflake_connection.cursor().execute("SELECT 1")
"""


def test_an_outside_project_uses_the_fixtures(tmp_path):
    (tmp_path / "test_theirs.py").write_text(THEIRS)
    documented = re.search(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert documented is not None
    (tmp_path / "test_documented.py").write_text(documented[1])
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist"]
    installed = "import importlib.metadata as m; print('snowflake_sandbox' in m.entry_points(group='pytest11').names)"
    if subprocess.run([sys.executable, "-c", installed], capture_output=True, text=True).stdout.strip() != "True":
        command += ["-p", "runner.sandbox.pytest_plugin"]

    ran = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)

    assert "5 passed" in ran.stdout, ran.stdout + ran.stderr
