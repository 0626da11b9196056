"""Against the configured accounts: reads only. Runs where RUNNER_LIVE=1 and both tokens are set."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [
    pytest.mark.live,
    pytest.mark.skipif(
        os.environ.get("RUNNER_LIVE") != "1" or not {"IMCUST_PAT", "IMSDLC_PAT"} <= os.environ.keys(),
        reason="needs live accounts: RUNNER_LIVE=1, IMCUST_PAT and IMSDLC_PAT",
    ),
]


def runner(*words):
    clean = {name: value for name, value in os.environ.items() if not name.startswith("RUNNER_SANDBOX")}
    return subprocess.run(
        [sys.executable, "-m", "runner", "-C", str(ROOT), *words],
        capture_output=True,
        text=True,
        check=False,
        env=clean,
    )


def test_both_accounts_can_be_reached_and_used():
    ran = runner("ping", "--all")
    assert ran.returncode == 0, ran.stdout + ran.stderr


def test_the_dry_run_prints_a_plan_and_touches_nothing():
    ran = runner("migrate", "--all", "--dry-run", "--format", "json")
    assert ran.returncode == 0, ran.stderr
    assert [found["environment"] for found in json.loads(ran.stdout)] == ["imcust", "imsdlc"]


def test_info_reads_the_history():
    ran = runner("info", "--all", "--format", "json")
    assert ran.returncode == 0, ran.stderr
    assert not any(token in ran.stdout + ran.stderr for token in (os.environ["IMCUST_PAT"], os.environ["IMSDLC_PAT"]))
