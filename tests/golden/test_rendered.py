"""The scripts of versions/ as they are sent to each account. `RUNNER_WRITE_GOLDEN=1` writes them anew."""

import os
from pathlib import Path

import pytest

from runner.commands.preparing import check_rules
from runner.commands.validate import INSPECTION
from runner.commands.workspace import Door, Workspace
from runner.core.names import Identifier

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path(__file__).parent / "rendered"
TOKENS = {"IMCUST_PAT": "no-token", "IMSDLC_PAT": "no-token"}


@pytest.fixture(scope="module")
def workspace():
    return Workspace.open(Door(ROOT, {}, TOKENS))


SCRIPTS = sorted(path.name for path in (ROOT / "versions").glob("*.sql"))


@pytest.mark.parametrize("environment", ["imcust", "imsdlc"])
@pytest.mark.parametrize("name", SCRIPTS)
def test_script(workspace, environment, name):
    where, script = workspace.settings.environment(environment), workspace.script(name)
    file = FOLDER / environment / name
    rendered = workspace.render(script, where, INSPECTION) if script.head.covers(environment) else None
    found = rendered.text if rendered and rendered.statements else ""
    if os.environ.get("RUNNER_WRITE_GOLDEN") == "1" and found:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(found)
    assert found == (file.read_text() if file.exists() else "")
    if rendered:
        check_rules(where, [rendered])


def test_no_script_names_a_database_but_its_own_environments(workspace):
    """One set of scripts serves every environment: what differs is in config/."""
    for environment in workspace.settings.environments.values():
        others = {e.database for e in workspace.settings.environments.values()} - {environment.database}
        for script in workspace.scripts:
            if script.head.covers(environment.name):
                statements = workspace.render(script, environment, INSPECTION).statements
                code = [s.text for s in statements if not s.text.startswith(("COMMENT", "CREATE"))]
                assert not [text for text in code for other in others if f"{Identifier.parse(other).sql}." in text]


@pytest.mark.parametrize("environment", ["imcust", "imsdlc"])
def test_every_version_has_its_way_back(workspace, environment):
    mine = {s.key for s in workspace.scripts if s.head.covers(environment)}
    assert {key.replace("V", "U", 1) for key in mine if key.startswith("V")} == {k for k in mine if k.startswith("U")}


def test_the_share_is_never_replaced_and_production_never_altered(workspace):
    where = workspace.settings.environment("imcust")
    texts = [
        s.text
        for script in workspace.scripts
        if script.head.covers("imcust")
        for s in workspace.render(script, where, INSPECTION).statements
    ]
    assert not [t for t in texts if "OR REPLACE SHARE" in t.upper()]
    assert not [t for t in texts if t.upper().startswith(("ALTER TABLE", "DROP TABLE", "UPDATE", "DELETE", "MERGE"))]
