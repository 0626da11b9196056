"""`runner templates` from the door: files, words, JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from runner.cli.templates import command
from runner.core.errors import FileInTheWay, ParametersInvalid, UnknownTemplate
from runner.project.migration import read_migration

CONFIG = "account: acme-{name}\nuser: svc\nrole: deployer\nwarehouse: wh\ndatabase: db\nschemas: [a]\n"
WORDS = ("--set", "source=prod", "--set", "target=dev", "--set", "objects=mart.*")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "config").mkdir()
    for name in ("prod", "dev"):
        (tmp_path / "config" / f"{name}.yaml").write_text(CONFIG.format(name=name))
    return tmp_path


def call(root, *words):
    return CliRunner().invoke(command, list(words), obj=root, env={}, catch_exceptions=True)


def test_list_names_them_with_what_they_are_for(root):
    told = call(root, "list")
    assert told.exit_code == 0
    for name in ("cross-account-share", "clone-in-account", "incremental-sync", "masked-copy", "schema-only"):
        assert name in told.output


def test_list_of_a_category_as_json(root):
    found = json.loads(call(root, "list", "--category", "performance", "--format", "json").output)
    assert [each["name"] for each in found] == ["incremental-sync", "table-batches"]
    assert found[0]["parameters"][0]["type"] == "string"


def test_show_tells_every_parameter_and_the_text(root):
    told = call(root, "show", "table-batches").output
    assert "parts" in told
    assert "at least 2, at most 10000" in told
    assert "strategy: batches" in told
    assert json.loads(call(root, "show", "table-batches", "--format", "json").output)["category"] == "performance"


def test_apply_writes_the_file_and_never_over_another(root):
    assert call(root, "apply", "schema-only", *WORDS).output == "config/migration.yaml\n"
    assert read_migration(root).source == "prod"
    assert call(root, "apply", "schema-only", *WORDS).exit_code == 0, "the same again is fine"
    (root / "config" / "migration.yaml").write_text("mine\n")
    refused = call(root, "apply", "schema-only", *WORDS)
    assert isinstance(refused.exception, FileInTheWay)
    assert refused.exception.sentence == "config/migration.yaml exists already; nothing was written."
    assert call(root, "apply", "schema-only", *WORDS, "--force").exit_code == 0
    assert read_migration(root).target == "dev"


def test_apply_to_a_dash_prints_and_writes_nothing(root):
    told = call(root, "apply", "schema-only", *WORDS, "--to", "-")
    assert told.output.startswith("# From template schema-only")
    assert not (root / "config" / "migration.yaml").exists()


def test_apply_as_json_tells_every_value(root):
    found = json.loads(call(root, "apply", "schema-only", *WORDS, "--format", "json").output)
    assert found["path"] == "config/migration.yaml"
    assert found["values"] == {
        "source": "prod",
        "target": "dev",
        "objects": ["mart.*"],
        "exclude": [],
        "ddl": "one",
        "repeatable_code": True,
    }


def test_apply_without_what_it_needs_writes_nothing(root):
    refused = call(root, "apply", "schema-only")
    assert isinstance(refused.exception, ParametersInvalid)
    assert "'objects' is missing" in refused.exception.sentence
    assert not (root / "config" / "migration.yaml").exists()


def test_create_makes_one_that_is_listed_as_the_projects(root):
    assert call(root, "create", "nightly", "--like", "table-batches").output == "templates/plans/nightly\n"
    (mine,) = (x for x in json.loads(call(root, "list", "--format", "json").output) if x["origin"])
    assert (mine["name"], mine["category"]) == ("nightly", "custom")


def test_an_unknown_one_is_an_error(root):
    assert isinstance(call(root, "show", "nothing-like-it").exception, UnknownTemplate)
