"""A profile → the connector's arguments, for connector 4 (in Python) and 5 (with a core of its own)."""

from __future__ import annotations

from typing import assert_never

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
)
from runner.core.names import Identifier

Arguments = dict[str, object]


def connector_arguments(profile: Profile, application: str, major: int) -> Arguments:
    """All that `snowflake.connector.connect` is given. Secondary roles are off from the login on, without a request."""
    address = {"host": profile.host, "port": profile.port, "protocol": profile.protocol if profile.host else None}
    return {
        "account": profile.account,
        "user": profile.user,
        "role": Identifier(profile.role).sql,
        "warehouse": Identifier(profile.warehouse).sql,
        "database": Identifier(profile.database).sql,
        "application": application,
        "autocommit": True,
        "secondary_roles": "NONE",
        "client_session_keep_alive": True,
        "login_timeout": profile.login_timeout,
        "session_parameters": _parameters(profile, major),
        **{name: value for name, value in address.items() if value is not None},
        **login_arguments(profile.auth, major),
        **({"enable_server_session_keep_alive_auto_detection": False} if major >= 5 else {}),
    }


def _parameters(profile: Profile, major: int) -> dict[str, object]:
    """Connector 5 carries session parameters as text only."""
    if major < 5:
        return dict(profile.session_parameters)
    return {n: str(v).lower() if isinstance(v, bool) else str(v) for n, v in profile.session_parameters.items()}


def login_arguments(auth: Auth, major: int) -> Arguments:
    """The arguments of one way to log in. The secrets leave their type here, and nowhere else."""
    match auth:
        case PatAuth(token):
            return {"authenticator": "PROGRAMMATIC_ACCESS_TOKEN", "token": token.reveal()}
        case KeyPairAuth(file, passphrase):
            return {"authenticator": "SNOWFLAKE_JWT", "private_key_file": file, **_passphrase(passphrase, major)}
        case OAuthAuth(token):
            return {"authenticator": "OAUTH", "token": token.reveal()}
        case OAuthClientCredentials():
            return _client_credentials(auth)
        case WorkloadIdentityAuth(provider, identity):
            token_of = {} if identity is None else {"token": identity.reveal()}
            return {"authenticator": "WORKLOAD_IDENTITY", "workload_identity_provider": provider, **token_of}
        case ExternalBrowserAuth():
            return {"authenticator": "EXTERNALBROWSER"}
        case PasswordAuth(password):
            return {"authenticator": "SNOWFLAKE", "password": password.reveal()}
        case _:
            assert_never(auth)


def _passphrase(passphrase: object, major: int) -> Arguments:
    reveal = getattr(passphrase, "reveal", None)
    name = "private_key_file_pwd" if major < 5 else "private_key_password"
    return {name: reveal()} if reveal else {}


def _client_credentials(auth: OAuthClientCredentials) -> Arguments:
    scope = {"oauth_scope": auth.scope} if auth.scope else {}
    return {
        "authenticator": "OAUTH_CLIENT_CREDENTIALS",
        "oauth_client_id": auth.client_id,
        "oauth_client_secret": auth.client_secret.reveal(),
        "oauth_token_request_url": auth.token_request_url,
        **scope,
    }
