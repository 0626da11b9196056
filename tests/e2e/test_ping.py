"""`runner ping` through the door, against a sandbox that lacks what is needed, and then has it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
CODE = "import sys; from runner.cli import main; main(sys.argv[1:])"
ESTATE = {
    "IMCUST": (
        "CREATE DATABASE IF NOT EXISTS PROD_DB",
        "CREATE SCHEMA IF NOT EXISTS PROD_DB.SRC_INVESTMENTS_BOLT",
        "CREATE SCHEMA IF NOT EXISTS PROD_DB.MART_INVESTMENTS_BOLT",
    ),
    "IMSDLC": (
        "CREATE DATABASE IF NOT EXISTS DEV_DB",
        "CREATE SCHEMA IF NOT EXISTS DEV_DB.SRC_INVESTMENTS_BOLT",
        "CREATE SCHEMA IF NOT EXISTS DEV_DB.MART_INVESTMENTS_BOLT",
    ),
}
ROLES = ("ANALYTICS_PLATFORM", "DATAOPS", "PRODUCT_OWNER", "PRODUCT_READER")


@pytest.fixture
def ping(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A sandbox of its own: what stands in it decides the answers. Gives the command and a way in."""
    from runner.sandbox import client, process

    running = process.up(tmp_path_factory.mktemp("ping"))

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        environ = {**os.environ, "RUNNER_SANDBOX": "1", "RUNNER_SANDBOX_ROOT": str(running.root)}
        given = [sys.executable, "-c", CODE, "ping", *words]
        return subprocess.run(given, cwd=ROOT, env=environ, capture_output=True, text=True, check=False)

    def furnish() -> None:
        for account, prefix in (("IMCUST", "PROD"), ("IMSDLC", "DEV")):
            with client.connect(running, account) as connection, connection.cursor() as cursor:
                for sql in (*ESTATE[account], *(f"CREATE ROLE IF NOT EXISTS {prefix}_{role}" for role in ROLES)):
                    cursor.execute(sql)

    yield run, furnish
    process.down(running.root)


def test_ping_names_what_is_missing_and_is_content_when_it_is_there(
    ping: tuple[Callable[..., subprocess.CompletedProcess[str]], Callable[[], None]],
) -> None:
    run, furnish = ping
    before = run("--all", "--format", "json")
    assert before.returncode == 6
    lines = {(p["environment"], line["what"]): line for p in json.loads(before.stdout) for line in p["lines"]}
    assert lines["imcust", "login"]["outcome"] == "ok"
    assert lines["imcust", "database"]["advice"].startswith("CREATE DATABASE PROD_DB")
    assert lines["imsdlc", "roles"]["outcome"] == "failed"
    assert lines["imsdlc", "source"]["outcome"] == "ok"
    furnish()
    after = run("--all")
    assert after.returncode == 0, after.stdout + after.stderr
    assert "failed" not in after.stdout
    assert "DEPLOY_DB.MIGRATION_CONTROL is made at the first migrate" in after.stdout
    assert "SANDBOX ends in" in after.stdout
