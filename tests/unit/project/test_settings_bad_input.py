from __future__ import annotations

import json
from pathlib import Path

import pytest

from runner.core.errors import (
    ConfigError,
    DependencyCircle,
    DuplicateEnvironment,
    InvalidFile,
    MissingEnvironment,
    UnknownKey,
    UnsafeFile,
)
from runner.project.schema import json_schema
from runner.project.settings import load

BASE = "account: acme-prod\nuser: svc\nrole: deployer\nwarehouse: wh\ndatabase: db\n"

BAD = [
    ("\taccount: x\n", 1, "a tab stands"),
    (BASE + "roles:\n\treader: x\n", 7, "a tab stands"),
    (BASE + "role: other\n", 6, "'role' stands twice, first in line 3"),
    (BASE + "vars:\n  a: 1\n  a: 2\n", 8, "'vars.a' stands twice"),
    ("", None, "the file is empty"),
    ("# only this\n", None, "the file is empty"),
    ("- a\n- b\n", 1, "must hold keys and values"),
    ("just words\n", 1, "must hold keys and values"),
    (BASE + "port: many\n", 6, "'port' must be a whole number; this is other text"),
    (BASE.replace("svc", "12"), 2, "'user' must be text; this is a number"),
    (BASE.replace("svc", ""), 2, "'user' must be text; this is empty"),
    (BASE + "schemas: one\n", 6, "'schemas' must be a list of names"),
    (BASE + "schemas:\n  - a\n  - 5\n", 8, "'schemas.1' must be text; this is a number"),
    (BASE + "schemas: [a, a]\n", 6, "a list without twins"),
    (BASE + "roles: [a]\n", 6, "'roles' must be a mapping"),
    (BASE + "lease_ttl: soon\n", 6, "'lease_ttl' must be a duration"),
    (BASE + "auth: {method: magic}\n", 6, "'auth.method' must be one of pat, key_pair"),
    (BASE + "a: [1, 2\nb: 3\n", 7, "not valid YAML"),
    (BASE + "a: &x [*x]\n", None, "holds itself"),
    (BASE + "auth: {token: abc}\n", 6, "'auth.token' is a secret"),
    (BASE + "password: abc\n", 6, "'password' is a secret"),
    (BASE + "depends_on: [prd]\n", 6, "names 'prd', which is not an environment"),
    (BASE + "source: elsewhere\n", 6, "names 'elsewhere', which is not an environment"),
    (BASE + "control_schema: a.b.c\n", 6, "'control_schema' must be a schema, or database.schema"),
    (BASE + "control_schema: a..b\n", 6, "'control_schema' must be"),
    (BASE + "lease_ttl: 5m\n", 6, "at least 10m"),
    (BASE + "connection: other\n", 6, "connections.toml has no section [other]"),
    (BASE + "protocol: ftp\n", 6, "'protocol' must be one of https, http"),
    (BASE + "vars: " + "[" * 5000, None, "nested too deeply"),
]


@pytest.mark.parametrize(("text", "line", "reason"), BAD, ids=[reason[:30] for _, _, reason in BAD])
def test_a_bad_file_is_named_with_its_line_and_reason(tmp_path: Path, text: str, line: int | None, reason: str) -> None:
    with pytest.raises(InvalidFile) as caught:
        load(_project(tmp_path, {"config/prod.yaml": text}), {}, {})
    assert reason in caught.value.sentence
    assert caught.value.sentence.startswith(f"config/prod.yaml:{line}: " if line else "config/prod.yaml: ")
    assert "abc" not in caught.value.sentence + caught.value.hint


@pytest.mark.parametrize(
    ("text", "key", "nearest", "line"),
    [
        (BASE + "warehuose: x\n", "warehuose", "warehouse", 6),
        (BASE + "Schemas: [a]\n", "Schemas", "schemas", 6),
        (BASE + "auth:\n  methd: pat\n", "auth.methd", "method", 7),
        (BASE + "zzz: 1\n", "zzz", None, 6),
    ],
)
def test_an_unknown_key_brings_the_nearest_right_one(
    tmp_path: Path, text: str, key: str, nearest: str | None, line: int
) -> None:
    with pytest.raises(UnknownKey) as caught:
        load(_project(tmp_path, {"config/prod.yaml": text}), {}, {})
    assert (caught.value.key, caught.value.nearest, caught.value.line) == (key, nearest, line)


def test_the_first_thing_wrong_is_told_first(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"prod\.yaml:2: 'user'"):
        load(_project(tmp_path, {"config/prod.yaml": BASE.replace("svc", "1") + "port: x\nzzz: 1\n"}), {}, {})


def test_a_file_that_is_not_utf8_is_named_with_its_line(tmp_path: Path) -> None:
    root = _project(tmp_path, {"config/prod.yaml": ""})
    (root / "config/prod.yaml").write_bytes(b"account: a\nuser: \xff\n")
    with pytest.raises(InvalidFile, match=r"prod\.yaml:2: the file is not UTF-8"):
        load(root, {}, {})


def test_a_byte_order_mark_carries_no_weight(tmp_path: Path) -> None:
    root = _project(tmp_path, {"config/prod.yaml": "\ufeff" + BASE})
    assert load(root, {}, {}).environments["prod"].account == "acme-prod"


@pytest.mark.parametrize("twin", ["config/prod.yml", "config/PROD.yaml"])
def test_an_environment_configured_twice_names_both_files(tmp_path: Path, twin: str) -> None:
    with pytest.raises(DuplicateEnvironment) as caught:
        load(_project(tmp_path, {"config/prod.yaml": BASE, twin: BASE}), {}, {})
    assert {caught.value.first, caught.value.second} == {"config/prod.yaml", twin}


@pytest.mark.parametrize("files", [{}, {"config/migration.yaml": "a: 1"}, {"config/connections.toml": ""}])
def test_a_project_without_environments_says_so(tmp_path: Path, files: dict[str, str]) -> None:
    with pytest.raises(MissingEnvironment, match="config/ holds no"):
        load(_project(tmp_path, files), {}, {})


def test_a_circle_of_dependencies_is_drawn(tmp_path: Path) -> None:
    files = {"config/a.yaml": BASE + "depends_on: [b]\n", "config/b.yaml": BASE + "depends_on: [a]\n"}
    with pytest.raises(DependencyCircle, match="environments depend on each other in a circle: a → b → a"):
        load(_project(tmp_path, files), {}, {})


def test_a_name_that_cannot_be_one_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidFile, match="'my env' cannot be an environment's name"):
        load(_project(tmp_path, {"config/my env.yaml": BASE}), {}, {})


def test_a_bad_value_from_a_variable_names_the_variable(tmp_path: Path) -> None:
    with pytest.raises(InvalidFile, match="environment RUNNER_PROD_PORT: 'port' must be a whole number"):
        load(_project(tmp_path, {"config/prod.yaml": BASE}), {}, {"RUNNER_PROD_PORT": "x"})


def test_a_dotenv_line_that_is_none_is_named(tmp_path: Path) -> None:
    root = _project(tmp_path, {"config/prod.yaml": BASE, ".env": "A=1\n'oops\nB=2\n"})
    with pytest.raises(InvalidFile, match=r"\.env:2: this line is not NAME=value"):
        load(root, {}, {})


def test_a_connections_file_that_is_not_toml_is_named_with_its_line(tmp_path: Path) -> None:
    root = _project(tmp_path, {"config/prod.yaml": BASE, "config/connections.toml": "[prod]\naccount = oops\n"})
    with pytest.raises(InvalidFile, match=r"connections\.toml:2: not valid TOML"):
        load(root, {}, {})


@pytest.mark.parametrize(
    ("name", "text", "mode", "safe"),
    [
        ("config/connections.toml", '[prod]\ntoken = "x"\n', 0o644, False),
        ("config/connections.toml", '[prod]\ntoken = "x"\n', 0o600, True),
        ("config/connections.toml", '[prod]\nuser = "x"\n', 0o644, True),
        ("config/connections.toml", '[prod]\nuser = "x"\n', 0o666, False),
        ("config/connections.toml", '[prod]\nuser = "x"\n', 0o646, False),
        (".env", "PROD_PAT=x\n", 0o644, False),
        (".env", "PROD_PAT=\nCOLOR=red\n", 0o644, True),
        (".env", "COLOR=red\n", 0o666, False),
    ],
)
def test_files_that_others_may_read_or_change_are_refused(
    tmp_path: Path, name: str, text: str, mode: int, safe: bool
) -> None:
    root = _project(tmp_path, {"config/prod.yaml": BASE, name: text})
    (root / name).chmod(mode)
    if safe:
        assert load(root, {}, {}).environments
        return
    with pytest.raises(UnsafeFile) as caught:
        load(root, {}, {})
    assert caught.value.path == name
    assert caught.value.hint == f"chmod 600 {name}"


def test_the_schema_is_one_and_describes_every_key() -> None:
    from jsonschema import Draft202012Validator

    schema = json_schema()
    Draft202012Validator.check_schema(schema)
    properties = schema["properties"]
    assert isinstance(properties, dict)
    assert all(entry.get("description") for entry in properties.values())
    assert "token" not in properties["auth"]["properties"]
    assert json.loads(json.dumps(schema)) == schema


def _project(root: Path, files: dict[str, str]) -> Path:
    (root / "config").mkdir(exist_ok=True)
    for name, text in files.items():
        (root / name).write_text(text)
        (root / name).chmod(0o600)
    return root
