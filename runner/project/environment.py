"""What is known of one environment: values, each with its origin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from runner.core.auth import Auth
from runner.core.errors import ConfigError

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Setting(Generic[T]):
    """A value and where it came from: `command line --role`, `environment RUNNER_X_ROLE`, `config/x.yaml:7` …"""

    value: T
    origin: str


@dataclass(frozen=True, slots=True)
class Options:
    """How long things may take, in seconds."""

    statement_timeout: int
    queued_timeout: int
    lock_timeout: int
    login_timeout: int
    lease_ttl: int


@dataclass(frozen=True, slots=True)
class Environment:
    """One account and what the project does there. Role, warehouse, database and schemas are names as stored.

    `login` is the way to log in, or why there is none: reading settings needs no secret, logging in does.
    """

    name: str
    account: str
    user: str
    role: str
    warehouse: str
    database: str
    schemas: tuple[str, ...]
    control_database: str
    control_name: str
    depends_on: tuple[str, ...]
    source: str | None
    roles: Mapping[str, str]
    vars: Mapping[str, object]
    region: str | None
    host: str | None
    port: int | None
    protocol: str
    options: Options
    login: Auth | ConfigError
    settings: Mapping[str, Setting[object]] = field(repr=False)

    @property
    def auth(self) -> Auth:
        """The way to log in; what is missing for it is raised here, when it is needed."""
        if isinstance(self.login, ConfigError):
            raise self.login
        return self.login

    @property
    def control_schema(self) -> str:
        """`DATABASE.SCHEMA` as stored, for people; in SQL write its two names as identifiers."""
        return f"{self.control_database}.{self.control_name}"

    @property
    def organization(self) -> str:
        """The organisation in `<organization>-<account>`; empty for an account locator."""
        head, dash, _ = self.account.partition("-")
        return head.upper() if dash and "." not in self.account else ""

    @property
    def account_name(self) -> str:
        """The account's name as SQL knows it: a dash in the host name is an underscore in the name."""
        tail = self.account.partition("-")[2] if self.organization else self.account.partition(".")[0]
        return tail.upper().replace("-", "_")
