"""Every key of an environment's file: its kind, its meaning, its default. The JSON Schema is made from this table."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType


class Kind(Enum):
    TEXT = "text"
    NUMBER = "a whole number"
    NAMES = "a list of names"
    DURATION = "a duration such as 90s, 10m or 2h"
    SECRET = "a secret"


@dataclass(frozen=True, slots=True)
class Key:
    """`name` is dotted: `auth.method`. A secret has no place in YAML."""

    name: str
    kind: Kind
    meaning: str
    default: str = ""
    choices: tuple[str, ...] = ()
    required: bool = False

    @property
    def variable(self) -> str:
        """The end of its environment variable: RUNNER_<ENVIRONMENT>_<this>."""
        return self.name.upper().replace(".", "_")


METHODS = (
    "pat",
    "key_pair",
    "oauth",
    "oauth_client_credentials",
    "workload_identity",
    "external_browser",
    "password",
)

_TEXT, _NAMES, _DURATION, _SECRET = Kind.TEXT, Kind.NAMES, Kind.DURATION, Kind.SECRET

ALL: tuple[Key, ...] = (
    Key("account", _TEXT, "Account identifier, <organization>-<account>.", required=True),
    Key("user", _TEXT, "The user that logs in.", required=True),
    Key("role", _TEXT, "The session's role; another one found at login is a hard stop.", required=True),
    Key("warehouse", _TEXT, "The warehouse that runs the statements.", required=True),
    Key("database", _TEXT, "The database of this environment.", required=True),
    Key("schemas", _NAMES, "The schemas of the database that belong to the project."),
    Key(
        "control_schema",
        _TEXT,
        "Where history and lease lie: a schema of `database`, or database.schema.",
        "migration_control",
    ),
    Key("depends_on", _NAMES, "Environments that --all visits first."),
    Key("source", _TEXT, "The environment whose data this one receives; default: the one in depends_on."),
    Key("region", _TEXT, "The region that the account must lie in, as CURRENT_REGION() shows it."),
    Key("connection", _TEXT, "The section of connections.toml; default: the environment's name."),
    Key("host", _TEXT, "Host name, where it is not <account>.snowflakecomputing.com (private link)."),
    Key("port", Kind.NUMBER, "Port, where it is not 443."),
    Key("protocol", _TEXT, "https, or http to a sandbox.", default="https", choices=("https", "http")),
    Key("statement_timeout", _DURATION, "How long one statement may take, queueing included.", default="2h"),
    Key("queued_timeout", _DURATION, "How long a statement may wait for the warehouse; 0s: as long as it takes.", "0s"),
    Key("lock_timeout", _DURATION, "How long a statement may wait for a lock.", default="10m"),
    Key("login_timeout", _DURATION, "How long a login may take.", default="60s"),
    Key("lease_ttl", _DURATION, "How long the lease lives without a heartbeat; at least 10m.", default="15m"),
    Key("auth.method", _TEXT, "The way to log in.", default="pat", choices=METHODS),
    Key("auth.token_file_path", _TEXT, "A file that holds the token (pat, oauth, workload_identity)."),
    Key("auth.private_key_file", _TEXT, "The private key, PEM (key_pair)."),
    Key("auth.client_id", _TEXT, "The client's name (oauth_client_credentials)."),
    Key("auth.token_request_url", _TEXT, "Where the client fetches its token (oauth_client_credentials)."),
    Key("auth.scope", _TEXT, "The scope asked for (oauth_client_credentials)."),
    Key("auth.provider", _TEXT, "Whose identity (workload_identity).", choices=("AWS", "AZURE", "GCP", "OIDC")),
    Key("auth.pat", _SECRET, "The programmatic access token."),
    Key("auth.token", _SECRET, "The token (pat, oauth, workload_identity)."),
    Key("auth.passphrase", _SECRET, "The passphrase of the private key (key_pair)."),
    Key("auth.client_secret", _SECRET, "The client's secret (oauth_client_credentials)."),
    Key("auth.password", _SECRET, "The password."),
)

BY_NAME: Mapping[str, Key] = MappingProxyType({key.name: key for key in ALL})

FREE_MAPS: Mapping[str, str] = MappingProxyType(
    {
        "roles": "Logical role → name of the role in this account. All must exist.",
        "vars": "Free names and values for scripts: {{ vars.name }}. No secrets.",
    }
)


def known(name: str) -> bool:
    """Whether a dotted name is a setting: one of the table, or inside `roles` or `vars`."""
    head, dot, tail = name.partition(".")
    return name in BY_NAME or bool(dot and tail and head in FREE_MAPS)
