"""Other people's tools against the sandbox, unmodified: it is anybody's server, not a private one.

Runs with RUNNER_STRANGERS=1, which installs each tool into an environment of its own under .venv-strangers.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(
    os.environ.get("RUNNER_STRANGERS") != "1", reason="installs other tools: set RUNNER_STRANGERS=1 (make strangers)"
)
HOME = Path(__file__).resolve().parents[2] / ".venv-strangers"


def tool(name: str, *packages: str) -> Path:
    """The tool's own environment, made once; its folder of commands."""
    place = HOME / name
    if not (place / "ready").exists():
        subprocess.run([sys.executable, "-m", "venv", "--clear", str(place)], check=True)
        subprocess.run([str(place / "bin/pip"), "install", "--quiet", *packages], check=True)
        (place / "ready").touch()
    return place / "bin"


def told(command: list[str], environment: dict[str, str], folder: Path) -> str:
    clean = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "VIRTUAL_ENV")}
    ran = subprocess.run(
        command, cwd=folder, env=clean | environment, capture_output=True, text=True, check=False, timeout=300
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return ran.stdout


@pytest.fixture
def project(tmp_path: Path, fresh_database: str) -> Path:
    folder = tmp_path / "project"
    folder.mkdir()
    scripts = {
        "V1.0.0__tables.sql": "CREATE TABLE DB.PUBLIC.T (N INT, S VARCHAR(20));\n"
        "INSERT INTO DB.PUBLIC.T VALUES (1, 'a;b');",
        "V1.1.0__more.sql": "ALTER TABLE DB.PUBLIC.T ADD COLUMN M NUMBER(10,2);\nUPDATE DB.PUBLIC.T SET M = 1.5;",
        "R__view.sql": "CREATE OR REPLACE VIEW DB.PUBLIC.V AS SELECT N, M FROM DB.PUBLIC.T;",
        "A__always.sql": "INSERT INTO DB.PUBLIC.T (N) VALUES (2);",
    }
    for name, text in scripts.items():
        (folder / name).write_text(text.replace("DB.", f"{fresh_database}."))
    return folder


def test_schemachange_deploys_and_the_second_run_only_does_what_is_always_done(
    sandbox, connect, fresh_database, project
):
    commands = tool("schemachange", "schemachange>=4.4,<5", "snowflake-connector-python>=4.8,<5")
    environment = {
        "SNOWFLAKE_ACCOUNT": "IMCUST",
        "SNOWFLAKE_USER": "SVC4SNOWFLAKEDEPLOY",
        "SNOWFLAKE_PASSWORD": Path(sandbox.pats["IMCUST"]).read_text(),
        "SNOWFLAKE_ROLE": "ACCOUNTADMIN",
        "SNOWFLAKE_WAREHOUSE": "ADMIN_WH",
        "SNOWFLAKE_HOST": "127.0.0.1",
        "SNOWFLAKE_PORT": str(sandbox.port),
        "SNOWFLAKE_PROTOCOL": "http",
        "SNOWFLAKE_DISABLE_PLATFORM_DETECTION": "true",
    }
    table = f"{fresh_database}.SCHEMACHANGE.CHANGE_HISTORY"
    deploy = [str(commands / "schemachange"), "deploy", "-f", str(project), "-d", fresh_database, "-c", table]
    deploy += ["--schemachange-create-change-history-table"]

    told(deploy, environment, project)
    told(deploy, environment, project)

    cursor = connect("IMCUST").cursor()
    assert cursor.execute(f"SELECT N, M FROM {fresh_database}.PUBLIC.V ORDER BY N, M").fetchall() == [
        (1, cursor.execute("SELECT 1.50::NUMBER(10,2)").fetchone()[0]),
        (2, None),
        (2, None),
    ]
    ran = cursor.execute(f"SELECT SCRIPT_TYPE, COUNT(*) FROM {table} GROUP BY 1 ORDER BY 1").fetchall()
    assert ran == [("A", 2), ("R", 1), ("V", 2)]


def test_the_snow_command_runs_a_query(sandbox, tmp_path):
    commands = tool("snow", "snowflake-cli>=3.30,<4")
    secret = tmp_path / "token"
    secret.write_text(Path(sandbox.pats["IMCUST"]).read_text())
    settings = tmp_path / "config.toml"
    settings.write_text(
        "[connections.sandbox]\n"
        'account = "IMCUST"\nuser = "SVC4SNOWFLAKEDEPLOY"\nauthenticator = "PROGRAMMATIC_ACCESS_TOKEN"\n'
        f'token_file_path = "{secret}"\nhost = "127.0.0.1"\nport = {sandbox.port}\nprotocol = "http"\n'
    )
    settings.chmod(0o600)
    environment = {"SNOWFLAKE_HOME": str(tmp_path), "SNOWFLAKE_DISABLE_PLATFORM_DETECTION": "true"}

    def snow(*words: str) -> str:
        command = [str(commands / "snow"), "--config-file", str(settings), *words, "-c", "sandbox"]
        return told(command, environment, tmp_path)

    assert "IMCUST" in snow("sql", "-q", "SELECT CURRENT_ACCOUNT_NAME() AS A, CURRENT_ROLE() AS R", "--format", "json")
    assert "ADMIN_WH" in snow("object", "list", "warehouse", "--format", "json")
    assert "OK" in snow("connection", "test", "--format", "json")
