"""The script that the workflows call, run as they call it, against a sandbox: the recipe is known to work."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
RUNNER = Path(sys.executable).with_name("runner")


@pytest.fixture
def team(tmp_path):
    """The team's repository with a sandbox of its own, seeded; a function that runs one step of the pipeline."""
    project = tmp_path / "repository"
    for folder in ("versions", "templates", "config"):
        shutil.copytree(ROOT / folder, project / folder)
    environment = os.environ | {
        "RUNNER_SANDBOX": "1",
        "RUNNER_SANDBOX_ROOT": str(tmp_path / "sandbox"),
        "PATH": f"{RUNNER.parent}{os.pathsep}{os.environ['PATH']}",
    }

    def run(*words):
        return subprocess.run(words, cwd=project, env=environment, capture_output=True, text=True, check=False)

    assert run(RUNNER, "sandbox", "up").returncode == 0
    seeded = run(RUNNER, "sandbox", "seed")
    assert seeded.returncode == 0, seeded.stderr
    yield lambda step: run(ROOT / ".ci" / "pipeline.sh", step, project / "artefacts"), project
    assert run(RUNNER, "sandbox", "down").returncode == 0


def test_a_pull_request_a_merge_a_night_and_an_edit_of_an_applied_script_that_is_refused(team):
    step, project = team
    asked = step("pull-request")
    assert asked.returncode == 0, asked.stderr
    assert "INSERT OVERWRITE INTO" in (project / "artefacts" / "dry-run.sql").read_text()
    assert "Pending" in (project / "artefacts" / "info-imsdlc.txt").read_text()

    assert step("nightly").returncode == 10

    merged = step("merge")
    assert merged.returncode == 0, merged.stderr
    ran = json.loads((project / "artefacts" / "migrate.json").read_text())
    assert [s["script"][:4] for s in ran[1]["scripts"]] == ["V001", "V002", "V003", "R__g"]
    assert (project / "artefacts" / "report.html").stat().st_size > 10_000

    night = step("nightly")
    assert night.returncode == 0, night.stdout + night.stderr

    script = project / "versions" / "V002__ddl.sql"
    script.write_text(script.read_text().replace("VARCHAR(20)", "VARCHAR(30)"))
    refused = step("pull-request")
    assert refused.returncode == 8
    assert "was edited after it was applied" in refused.stderr
