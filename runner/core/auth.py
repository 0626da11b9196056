"""Ways to log in, as values. What each becomes for the connector is `connection.arguments`' business."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from runner.core.secret import Secret


@dataclass(frozen=True, slots=True)
class PatAuth:
    """A programmatic access token (docs: user-guide/programmatic-access-tokens)."""

    token: Secret


@dataclass(frozen=True, slots=True)
class KeyPairAuth:
    """A private key in a file, perhaps with a passphrase (docs: user-guide/key-pair-auth)."""

    private_key_file: str
    passphrase: Secret | None = None


@dataclass(frozen=True, slots=True)
class OAuthAuth:
    """An access token that someone else obtained (docs: user-guide/oauth-intro)."""

    token: Secret


@dataclass(frozen=True, slots=True)
class OAuthClientCredentials:
    """A client that fetches its own access token (docs: user-guide/oauth-ext-overview)."""

    client_id: str
    client_secret: Secret
    token_request_url: str
    scope: str = ""


@dataclass(frozen=True, slots=True)
class WorkloadIdentityAuth:
    """The identity of the machine; no stored secret (docs: user-guide/workload-identity-federation)."""

    provider: str
    token: Secret | None = None


@dataclass(frozen=True, slots=True)
class ExternalBrowserAuth:
    """A person, in a browser (docs: user-guide/admin-security-fed-auth-use)."""


@dataclass(frozen=True, slots=True)
class PasswordAuth:
    """A password; Snowflake refuses it for users of type SERVICE (docs: user-guide/admin-user-management)."""

    password: Secret


Auth: TypeAlias = (
    PatAuth
    | KeyPairAuth
    | OAuthAuth
    | OAuthClientCredentials
    | WorkloadIdentityAuth
    | ExternalBrowserAuth
    | PasswordAuth
)


def secrets_of(auth: Auth) -> tuple[Secret, ...]:
    """Every secret that a way to log in holds, so that it can be taken out of what is printed."""
    held = (getattr(auth, name, None) for name in ("token", "passphrase", "client_secret", "password"))
    return tuple(secret for secret in held if isinstance(secret, Secret))
