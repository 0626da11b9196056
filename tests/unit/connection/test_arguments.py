from __future__ import annotations

import pytest

from runner.connection.arguments import connector_arguments, login_arguments
from runner.connection.profile import Profile
from runner.core.auth import (
    Auth,
    ExternalBrowserAuth,
    KeyPairAuth,
    OAuthAuth,
    OAuthClientCredentials,
    PasswordAuth,
    PatAuth,
    WorkloadIdentityAuth,
    secrets_of,
)
from runner.core.secret import Secret

S = Secret("s3cret")

WAYS = [
    (PatAuth(S), {"authenticator": "PROGRAMMATIC_ACCESS_TOKEN", "token": "s3cret"}),
    (KeyPairAuth("/k.p8"), {"authenticator": "SNOWFLAKE_JWT", "private_key_file": "/k.p8"}),
    (
        KeyPairAuth("/k.p8", S),
        {"authenticator": "SNOWFLAKE_JWT", "private_key_file": "/k.p8", "private_key_file_pwd": "s3cret"},
    ),
    (OAuthAuth(S), {"authenticator": "OAUTH", "token": "s3cret"}),
    (
        OAuthClientCredentials("me", S, "https://idp/token", "session:role:X"),
        {
            "authenticator": "OAUTH_CLIENT_CREDENTIALS",
            "oauth_client_id": "me",
            "oauth_client_secret": "s3cret",
            "oauth_token_request_url": "https://idp/token",
            "oauth_scope": "session:role:X",
        },
    ),
    (WorkloadIdentityAuth("AWS"), {"authenticator": "WORKLOAD_IDENTITY", "workload_identity_provider": "AWS"}),
    (
        WorkloadIdentityAuth("OIDC", S),
        {"authenticator": "WORKLOAD_IDENTITY", "workload_identity_provider": "OIDC", "token": "s3cret"},
    ),
    (ExternalBrowserAuth(), {"authenticator": "EXTERNALBROWSER"}),
    (PasswordAuth(S), {"authenticator": "SNOWFLAKE", "password": "s3cret"}),
]


@pytest.mark.parametrize(
    ("auth", "wanted"), WAYS, ids=[type(auth).__name__ + str(i) for i, (auth, _) in enumerate(WAYS)]
)
def test_each_way_to_log_in_becomes_the_connectors_arguments(auth: Auth, wanted: dict[str, object]) -> None:
    assert login_arguments(auth, 4) == wanted


def test_connector_5_knows_the_passphrase_by_another_name() -> None:
    assert login_arguments(KeyPairAuth("/k.p8", S), 5)["private_key_password"] == "s3cret"


@pytest.mark.parametrize("auth", [auth for auth, _ in WAYS])
def test_every_argument_is_one_that_the_connector_knows(auth: Auth) -> None:
    connector = pytest.importorskip("snowflake.connector")
    major = int(connector.__version__.partition(".")[0])
    given = connector_arguments(_profile(auth), "runner_work", major)
    assert set(given) <= _known_to_the_connector(major)


def _known_to_the_connector(major: int) -> set[str]:
    if major < 5:
        from snowflake.connector.connection import DEFAULT_CONFIGURATION

        return set(DEFAULT_CONFIGURATION)
    from snowflake.connector.connection_config import ConnectionConfig

    return set(ConnectionConfig.__dataclass_fields__) | {"enable_server_session_keep_alive_auto_detection"}


@pytest.mark.parametrize("major", [4, 5])
def test_a_live_account_is_reached_by_its_name_alone(major: int) -> None:
    given = connector_arguments(_profile(PatAuth(S)), "runner_control", major)
    assert not {"host", "port", "protocol"} & set(given)
    assert given["account"] == "acme-prod"
    assert given["secondary_roles"] == "NONE"


def test_connector_5_is_given_session_parameters_as_text() -> None:
    given = connector_arguments(_profile(PatAuth(S)), "runner", 5)["session_parameters"]
    assert isinstance(given, dict)
    assert all(isinstance(value, str) for value in given.values())
    assert given["AUTOCOMMIT"] == "true"


@pytest.mark.parametrize(
    ("auth", "count"), [(auth, 0 if "s3cret" not in wanted.values() else 1) for auth, wanted in WAYS]
)
def test_every_secret_of_a_login_is_known_for_redaction(auth: Auth, count: int) -> None:
    assert len(secrets_of(auth)) == count


def _profile(auth: Auth) -> Profile:
    return Profile("prod", "acme-prod", "ACME", "PROD", "svc", "ACCOUNTADMIN", "WH", "DB", auth)
