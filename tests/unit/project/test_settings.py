from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from runner.core.auth import PatAuth
from runner.core.errors import MissingSetting, UnknownEnvironment, UnknownKey, UsageError
from runner.project.settings import ProjectSettings, load

Make = Callable[..., Path]
Read = Callable[..., ProjectSettings]

BASE = """\
account: acme-prod
user: svc
role: deployer
warehouse: wh
database: db
"""


@pytest.fixture
def project(tmp_path: Path) -> Make:
    def make(files: Mapping[str, str] | None = None) -> Path:
        for name, text in {"config/prod.yaml": BASE, **(files or {})}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            path.chmod(0o600)
        return tmp_path

    return make


TOML = '[prod]\naccount = "acme-toml"\nuser = "toml_user"\nwarehouse = "toml_wh"\n'
NO_WAREHOUSE = BASE.replace("warehouse: wh\n", "")

LADDER = [
    (
        {"warehouse": "cli"},
        {"RUNNER_PROD_WAREHOUSE": "env"},
        "RUNNER_PROD_WAREHOUSE=dot",
        BASE,
        "cli",
        "command line --warehouse",
    ),
    (
        {},
        {"RUNNER_PROD_WAREHOUSE": "env"},
        "RUNNER_PROD_WAREHOUSE=dot",
        BASE,
        "env",
        "environment RUNNER_PROD_WAREHOUSE",
    ),
    ({}, {}, "RUNNER_PROD_WAREHOUSE=dot", BASE, "dot", ".env RUNNER_PROD_WAREHOUSE"),
    ({}, {"RUNNER_PROD_WAREHOUSE": " "}, "", BASE, "wh", "config/prod.yaml:4"),
    ({}, {}, "", NO_WAREHOUSE, "toml_wh", "config/connections.toml [prod]"),
]


@pytest.mark.parametrize(
    ("line", "environ", "dotenv", "yaml", "value", "origin"), LADDER, ids=[step[5] for step in LADDER]
)
def test_the_strongest_source_wins_and_is_remembered(
    project: Make, line: dict[str, str], environ: dict[str, str], dotenv: str, yaml: str, value: str, origin: str
) -> None:
    root = project({"config/prod.yaml": yaml, ".env": dotenv, "config/connections.toml": TOML})
    found = load(root, line, environ).environments["prod"]
    assert found.settings["warehouse"].value == value
    assert found.settings["warehouse"].origin == origin
    assert found.warehouse == value.upper()


def test_what_nobody_gives_has_its_default(project: Make) -> None:
    found = load(project(), {}, {}).environments["prod"]
    assert found.settings["lease_ttl"].origin == "default"
    assert (found.options.lease_ttl, found.options.statement_timeout, found.options.lock_timeout) == (900, 7200, 600)
    assert (found.protocol, found.host, found.port, found.region, found.source) == ("https", None, None, None, None)


def test_names_are_kept_as_snowflake_stores_them(project: Make) -> None:
    text = (
        BASE.replace("database: db", "database: '\"My Db\"'")
        + 'schemas: [a_b, "\\"Odd\\""]\nroles: {reader: prod_reader}\n'
    )
    found = load(project({"config/prod.yaml": text}), {}, {}).environments["prod"]
    assert (found.role, found.warehouse, found.database) == ("DEPLOYER", "WH", "My Db")
    assert found.schemas == ("A_B", "Odd")
    assert found.roles == {"reader": "PROD_READER"}


@pytest.mark.parametrize(
    ("text", "control"),
    [
        ("", "DB.MIGRATION_CONTROL"),
        ("control_schema: ctl", "DB.CTL"),
        ("control_schema: deploy_db.ctl", "DEPLOY_DB.CTL"),
    ],
)
def test_the_control_schema_lies_in_the_database_or_where_it_says(project: Make, text: str, control: str) -> None:
    found = load(project({"config/prod.yaml": BASE + text}), {}, {}).environments["prod"]
    assert found.control_schema == control


@pytest.mark.parametrize(
    ("account", "organization", "name"),
    [
        ("acme-prod", "ACME", "PROD"),
        ("acme-my-account", "ACME", "MY_ACCOUNT"),
        ("acme-my_account", "ACME", "MY_ACCOUNT"),
        ("xy12345.eu-central-1", "", "XY12345"),
        ("xy12345", "", "XY12345"),
    ],
)
def test_an_account_is_an_organisation_and_a_name_or_a_locator(
    project: Make, account: str, organization: str, name: str
) -> None:
    found = load(project({"config/prod.yaml": BASE.replace("acme-prod", account)}), {}, {}).environments["prod"]
    assert (found.organization, found.account_name) == (organization, name)


def test_environments_stand_after_those_they_depend_on(project: Make) -> None:
    files = {"config/a.yaml": BASE + "depends_on: [prod]", "config/b.yaml": BASE + "depends_on: [c, prod]\nsource: c"}
    settings = load(project({**files, "config/c.yaml": BASE}), {}, {})
    assert list(settings.environments) == ["prod", "a", "c", "b"]
    assert (settings.environments["a"].source, settings.environments["b"].source) == ("prod", "c")
    assert settings.environments["a"].settings["source"].origin == "default: the one in depends_on"
    source = settings.source_of(settings.environments["a"])
    assert source is not None
    assert source.name == "prod"


def test_an_environment_is_found_however_it_is_spelled(project: Make) -> None:
    settings = load(project(), {}, {})
    assert settings.environment("PROD").name == "prod"
    with pytest.raises(UnknownEnvironment, match="no environment 'prd'"):
        settings.environment("prd")


def test_variables_reach_roles_and_vars_with_the_type_they_replace(project: Make) -> None:
    text = BASE + "vars: {Share: s, rows: 5, on: true}\nroles: {reader: R}\n"
    environ = {
        "RUNNER_PROD_VARS_SHARE": "t",
        "RUNNER_PROD_VARS_ROWS": "7",
        "RUNNER_PROD_ROLES_READER": "q",
        "RUNNER_PROD_VARS_NEW": "n",
    }
    found = load(project({"config/prod.yaml": text}), {"vars.on": "false"}, environ).environments["prod"]
    assert found.vars["Share"] == "t"
    assert found.vars["rows"] == 7
    assert found.vars["new"] == "n"
    assert found.vars["on"] is False
    assert found.roles == {"reader": "Q"}
    assert found.settings["vars.Share"].origin == "environment RUNNER_PROD_VARS_SHARE"


def test_lists_come_from_the_environment_with_commas(project: Make) -> None:
    found = load(project(), {}, {"RUNNER_PROD_SCHEMAS": "a, b"}).environments["prod"]
    assert found.schemas == ("A", "B")


def test_a_misspelt_variable_is_an_error_with_the_nearest_right_one(project: Make) -> None:
    with pytest.raises(UnknownKey) as caught:
        load(project(), {}, {"RUNNER_PROD_WAREHUOSE": "x"})
    assert caught.value.nearest == "RUNNER_PROD_WAREHOUSE"


def test_variables_of_an_environment_with_a_longer_name_are_its_own(project: Make) -> None:
    root = project({"config/prod_eu.yaml": BASE})
    settings = load(root, {}, {"RUNNER_PROD_EU_ROLE": "x", "RUNNER_SANDBOX": "1", "RUNNER_SANDBOX_ROOT": "/x"})
    assert settings.environments["prod_eu"].role == "X"
    assert settings.environments["prod"].role == "DEPLOYER"


def test_unknown_words_of_the_command_line_are_refused(project: Make) -> None:
    with pytest.raises(UsageError, match="no setting 'wharehouse'"):
        load(project(), {"wharehouse": "x"}, {})
    with pytest.raises(UsageError, match=r"no setting 'auth\.pat'"):
        load(project(), {"auth.pat": "x"}, {})


def test_an_environment_may_name_its_section_of_connections_toml(project: Make) -> None:
    toml = '[elsewhere]\nwarehouse = "toml_wh"\n'
    root = project({"config/prod.yaml": NO_WAREHOUSE + "connection: elsewhere\n", "config/connections.toml": toml})
    assert load(root, {}, {}).environments["prod"].settings["warehouse"].origin == "config/connections.toml [elsewhere]"


def test_a_missing_setting_says_where_to_put_it(project: Make) -> None:
    with pytest.raises(MissingSetting, match="'prod' has no role") as caught:
        load(project({"config/prod.yaml": BASE.replace("role: deployer\n", "")}), {}, {})
    assert "RUNNER_PROD_ROLE" in caught.value.hint


def test_the_files_that_ship_are_good_and_agree_with_each_other() -> None:
    root = Path(__file__).parents[3]
    settings = load(root, {}, {"IMCUST_PAT": "a", "IMSDLC_PAT": "b"})
    source, target = settings.environments.values()
    assert (source.name, target.name, target.source) == ("imcust", "imsdlc", "imcust")
    assert (source.control_schema, target.control_schema) == ("DEPLOY_DB.MIGRATION_CONTROL", "DEV_DB.MIGRATION_CONTROL")
    assert source.vars == target.vars
    assert source.roles.keys() == target.roles.keys()
    assert isinstance(source.auth, PatAuth)
