"""What a login needs, and nothing of the project."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from runner.connection.redaction import Redactor
from runner.core.auth import Auth, secrets_of


@dataclass(frozen=True, slots=True)
class Profile:
    """Role, warehouse and database are names as stored; timeouts are seconds.

    `region` is the one that the account must lie in, where one was configured.
    """

    environment: str
    account: str
    organization: str
    account_name: str
    user: str
    role: str
    warehouse: str
    database: str
    auth: Auth
    region: str | None = None
    host: str | None = None
    port: int | None = None
    protocol: str = "https"
    login_timeout: int = 60
    statement_timeout: int = 7200
    queued_timeout: int = 0
    lock_timeout: int = 600

    @property
    def redactor(self) -> Redactor:
        return Redactor(secrets_of(self.auth))

    @property
    def address(self) -> str:
        """Where the login goes, for people."""
        host = self.host or f"{self.account}.snowflakecomputing.com"
        return f"{self.protocol}://{host}" + (f":{self.port}" if self.port is not None else "")

    @property
    def session_parameters(self) -> Mapping[str, str | int | bool]:
        """Forced at every login, whatever account, user or database have set (docs: sql-reference/parameters).

        ABORT_DETACHED_QUERY: what a killed runner left running ends within minutes, before its lease does.
        """
        return {
            "QUERY_TAG": '{"app":"runner"}',
            "AUTOCOMMIT": True,
            "TRANSACTION_ABORT_ON_ERROR": True,
            "TIMEZONE": "UTC",
            "TIMESTAMP_TYPE_MAPPING": "TIMESTAMP_NTZ",
            "STATEMENT_TIMEOUT_IN_SECONDS": self.statement_timeout,
            "STATEMENT_QUEUED_TIMEOUT_IN_SECONDS": self.queued_timeout,
            "LOCK_TIMEOUT": self.lock_timeout,
            "ABORT_DETACHED_QUERY": True,
            "CLIENT_SESSION_KEEP_ALIVE": True,
            "CLIENT_TELEMETRY_ENABLED": False,
            "QUOTED_IDENTIFIERS_IGNORE_CASE": False,
            "ERROR_ON_NONDETERMINISTIC_MERGE": True,
            "MULTI_STATEMENT_COUNT": 1,
        }
