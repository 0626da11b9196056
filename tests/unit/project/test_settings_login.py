from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from runner.core.auth import (
    Auth,
    ExternalBrowserAuth,
    KeyPairAuth,
    OAuthAuth,
    OAuthClientCredentials,
    PasswordAuth,
    PatAuth,
    WorkloadIdentityAuth,
)
from runner.core.errors import InvalidFile, MissingSecret, MissingSetting, UnsafeFile
from runner.core.secret import Secret
from runner.project.sandbox_door import CLOSED
from runner.project.settings import Environment, SandboxDoor, load

BASE = "account: acme-prod\nuser: svc\nrole: deployer\nwarehouse: wh\ndatabase: db\nregion: AWS_X\n"
TOML = '[prod]\nauthenticator = "PROGRAMMATIC_ACCESS_TOKEN"\ntoken_file_path = "config/prod.pat"\n'
S = Secret("s3cret")


def test_the_environment_wins_over_dotenv_over_files(tmp_path: Path) -> None:
    files = {".env": "PROD_PAT=dotenv", "config/connections.toml": TOML, "config/prod.pat": "file"}
    root = _project(tmp_path, files)
    assert _environment(root, {"PROD_PAT": "environ"}).auth == PatAuth(Secret("environ"))
    assert _environment(root).auth == PatAuth(Secret("dotenv"))
    (root / ".env").unlink()
    assert _environment(root).auth == PatAuth(Secret("file"))


@pytest.mark.parametrize("text", ["s3cret\n", "  s3cret \r\n", "\ufeffs3cret\n"])
def test_blanks_and_line_ends_around_a_token_carry_no_weight(tmp_path: Path, text: str) -> None:
    root = _project(tmp_path, {"config/connections.toml": TOML, "config/prod.pat": text})
    assert _environment(root).auth == PatAuth(S)
    assert _environment(root, {"PROD_PAT": text.lstrip("\ufeff")}).auth == PatAuth(S)


def test_a_token_with_a_blank_inside_is_refused_without_being_shown(tmp_path: Path) -> None:
    with pytest.raises(InvalidFile, match="holds a blank") as caught:
        _ = _environment(_project(tmp_path, {}), {"PROD_PAT": "abc def"}).auth
    assert "abc" not in caught.value.sentence


def test_reading_settings_needs_no_secret_and_logging_in_says_where_one_may_stand(tmp_path: Path) -> None:
    environment = _environment(_project(tmp_path, {}))
    with pytest.raises(MissingSecret, match="no programmatic access token") as caught:
        _ = environment.auth
    assert "PROD_PAT" in caught.value.hint
    assert ".env" in caught.value.hint
    assert "connections.toml [prod]" in caught.value.hint


def test_a_token_file_must_exist_be_ones_own_and_hold_something(tmp_path: Path) -> None:
    root = _project(tmp_path, {"config/connections.toml": TOML})
    with pytest.raises(MissingSecret, match=r"config/prod\.pat does not exist"):
        _ = _environment(root).auth
    token = root / "config/prod.pat"
    token.write_text(" \n")
    token.chmod(0o600)
    with pytest.raises(InvalidFile, match="the token file is empty"):
        _ = _environment(root).auth
    for mode in (0o644, 0o620):
        token.chmod(mode)
        with pytest.raises(UnsafeFile):
            _ = _environment(root).auth


WAYS: list[tuple[str, str, dict[str, str], Auth]] = [
    ("pat", "", {"RUNNER_PROD_AUTH_TOKEN": "s3cret"}, PatAuth(S)),
    ("oauth", "", {"RUNNER_PROD_AUTH_TOKEN": "s3cret"}, OAuthAuth(S)),
    (
        "oauth_client_credentials",
        ", client_id: me, token_request_url: 'https://idp', scope: x",
        {"RUNNER_PROD_AUTH_CLIENT_SECRET": "s3cret"},
        OAuthClientCredentials("me", S, "https://idp", "x"),
    ),
    ("workload_identity", ", provider: AWS", {}, WorkloadIdentityAuth("AWS")),
    ("workload_identity", ", provider: OIDC", {"RUNNER_PROD_AUTH_TOKEN": "s3cret"}, WorkloadIdentityAuth("OIDC", S)),
    ("external_browser", "", {}, ExternalBrowserAuth()),
    ("password", "", {"RUNNER_PROD_AUTH_PASSWORD": "s3cret"}, PasswordAuth(S)),
]


@pytest.mark.parametrize(("method", "more", "environ", "wanted"), WAYS, ids=[f"{w[0]}-{i}" for i, w in enumerate(WAYS)])
def test_every_way_to_log_in_is_read(
    tmp_path: Path, method: str, more: str, environ: dict[str, str], wanted: Auth
) -> None:
    root = _project(tmp_path, {"config/prod.yaml": BASE + f"auth: {{method: {method}{more}}}\n"})
    assert _environment(root, environ).auth == wanted


def test_a_key_pair_needs_its_file_and_takes_a_passphrase(tmp_path: Path) -> None:
    text = BASE + "auth: {method: key_pair, private_key_file: config/key.p8}\n"
    root = _project(tmp_path, {"config/prod.yaml": text})
    with pytest.raises(InvalidFile, match=r"key\.p8 does not exist"):
        _ = _environment(root).auth
    (root / "config/key.p8").write_text("pem")
    (root / "config/key.p8").chmod(0o600)
    wanted = str(root / "config/key.p8")
    assert _environment(root).auth == KeyPairAuth(wanted)
    assert _environment(root, {"RUNNER_PROD_AUTH_PASSPHRASE": "s3cret"}).auth == KeyPairAuth(wanted, S)


def test_what_a_way_needs_and_nobody_gives_is_named(tmp_path: Path) -> None:
    root = _project(tmp_path, {"config/prod.yaml": BASE + "auth: {method: key_pair}\n"})
    with pytest.raises(MissingSetting, match=r"no auth\.private_key_file"):
        _ = _environment(root).auth


@pytest.mark.parametrize(
    ("authenticator", "wanted"), [("externalbrowser", ExternalBrowserAuth()), ("snowflake", PasswordAuth(S))]
)
def test_connections_toml_says_the_way_in_its_own_words(tmp_path: Path, authenticator: str, wanted: Auth) -> None:
    toml = f'[prod]\nauthenticator = "{authenticator}"\npassword = "s3cret"\n'
    assert _environment(_project(tmp_path, {"config/connections.toml": toml})).auth == wanted


def test_an_authenticator_that_the_runner_does_not_know_is_refused(tmp_path: Path) -> None:
    root = _project(tmp_path, {"config/connections.toml": '[prod]\nauthenticator = "okta"\n'})
    with pytest.raises(InvalidFile, match=r"\[prod\] authenticator"):
        load(root, {}, {})


@pytest.mark.parametrize("place", ["SNOWFLAKE_HOME", "HOME"])
def test_connections_toml_is_found_where_other_clients_look(tmp_path: Path, place: str) -> None:
    home = tmp_path / ("h" if place == "SNOWFLAKE_HOME" else "h/.snowflake")
    home.mkdir(parents=True)
    (home / "connections.toml").write_text('[prod]\ntoken = "s3cret"\n')
    (home / "connections.toml").chmod(0o600)
    assert _environment(_project(tmp_path, {}), {place: str(tmp_path / "h")}).auth == PatAuth(S)


def test_the_sandbox_changes_the_door_and_nothing_else(tmp_path: Path) -> None:
    root = _project(tmp_path, {"config/connections.toml": TOML, ".env": "PROD_PAT=live-token"})
    (root / "config/connections.toml").chmod(0o666)
    found = load(root, {}, {}, _door(tmp_path)).environments["prod"]
    assert (found.account, found.host, found.port, found.protocol) == ("localorg-prod", "127.0.0.1", 4242, "http")
    assert found.auth == PatAuth(Secret("of-the-sandbox"))
    assert (found.role, found.database, found.region) == ("DEPLOYER", "DB", None)
    assert found.settings["port"].origin == "sandbox .sandbox"
    given = load(root, {}, {"PROD_PAT": "given"}, _door(tmp_path)).environments["prod"]
    assert given.auth == PatAuth(Secret("given"))
    assert given.settings["auth.pat"].origin == "environment PROD_PAT"


def test_a_door_without_a_sandbox_behind_it_is_closed(tmp_path: Path) -> None:
    door = SandboxDoor.find(tmp_path / "nowhere")
    assert door.port == CLOSED
    environment = load(_project(tmp_path, {}), {}, {}, door).environments["prod"]
    with pytest.raises(MissingSecret, match="token of the sandbox") as caught:
        _ = environment.auth
    assert "runner sandbox up" in caught.value.hint


def test_secrets_are_nowhere_in_what_is_read(tmp_path: Path) -> None:
    files = {
        "config/connections.toml": '[prod]\ntoken = "canary-1"\n',
        ".env": "PROD_PAT=canary-2\nOTHER_SECRET=canary-3",
    }
    settings = load(_project(tmp_path, files), {}, {"PROD_PAT": "canary-4"})
    environment = settings.environments["prod"]
    shown = (
        f"{settings!r} {environment!r} {dict(environment.settings)!r} {dict(settings.variables)!r} {environment.auth!r}"
    )
    assert "canary" not in shown
    assert settings.variables["OTHER_SECRET"].reveal() == "canary-3"
    with pytest.raises(TypeError):
        pickle.dumps(environment)


def _environment(root: Path, environ: dict[str, str] | None = None) -> Environment:
    return load(root, {}, environ or {}).environments["prod"]


def _door(folder: Path) -> SandboxDoor:
    (folder / ".sandbox/pats").mkdir(parents=True, exist_ok=True)
    (folder / ".sandbox/pats/prod.pat").write_text("of-the-sandbox\n")
    (folder / ".sandbox/port").write_text("4242\n")
    return SandboxDoor.find(folder / ".sandbox")


def _project(root: Path, files: dict[str, str]) -> Path:
    for name, text in {"config/prod.yaml": BASE, **files}.items():
        (root / name).parent.mkdir(exist_ok=True)
        (root / name).write_text(text)
        (root / name).chmod(0o600)
    return root
