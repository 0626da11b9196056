from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from runner.cli.config import command
from runner.commands import config
from runner.commands.workspace import Door

BASE = "account: acme-prod\nuser: svc\nrole: deployer\nwarehouse: wh\ndatabase: db\nschemas: [a, b]\n"
TOML = """\
[prod]
password = "canary-1"
token = "canary-2"
private_key_file_pwd = "canary-3"
oauth_client_secret = "canary-4"
"""
DOTENV = "PROD_PAT=canary-5\nRUNNER_PROD_AUTH_TOKEN=canary-6\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "config").mkdir()
    for name, text in {"config/prod.yaml": BASE, "config/connections.toml": TOML, ".env": DOTENV}.items():
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o600)
    return tmp_path


def test_every_value_is_shown_with_its_origin_and_secrets_are_not(root: Path) -> None:
    (found,) = config.show(Door(root, {"role": "other"}, {"RUNNER_PROD_WAREHOUSE": "big"}), "prod")
    told = {shown.key: (shown.value, shown.origin) for shown in found.settings}
    assert told["role"] == ("other", "command line --role")
    assert told["warehouse"] == ("big", "environment RUNNER_PROD_WAREHOUSE")
    assert told["schemas"] == ("a, b", "config/prod.yaml:6")
    assert told["auth.pat"] == ("***", ".env PROD_PAT")
    assert told["auth.token"] == ("***", ".env RUNNER_PROD_AUTH_TOKEN")
    assert told["auth.password"] == ("***", "config/connections.toml [prod]")
    assert told["lease_ttl"] == ("15m", "default")
    assert found.login == ""


@pytest.mark.parametrize("form", ["text", "json"])
def test_no_canary_gets_out_of_the_door(root: Path, form: str) -> None:
    answer = CliRunner().invoke(command, ["show", "--all", "--format", form], obj=root, env={"PROD_PAT": "canary-7"})
    assert answer.exit_code == 0
    assert "deployer" in answer.output
    assert "canary" not in answer.output


def test_what_is_missing_for_a_login_is_told(root: Path) -> None:
    for name in (".env", "config/connections.toml"):
        (root / name).unlink()
    (found,) = config.show(Door(root, {}, {}), None)
    assert "no programmatic access token" in found.login


def test_the_schema_is_printed_as_json() -> None:
    answer = CliRunner().invoke(command, ["schema"])
    assert '"additionalProperties": false' in answer.output
