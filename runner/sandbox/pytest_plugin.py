"""Fixtures for anybody's tests: a Snowflake organisation for the session, an account of its own for every test.

    def test_orders(snowflake_connection):
        snowflake_connection.cursor().execute("CREATE DATABASE shop")

pytest finds the fixtures by itself where runner is installed with its extra `sandbox`.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from runner.sandbox.classes import dataclass

if TYPE_CHECKING:
    from runner.sandbox.orders import Orders
    from runner.sandbox.process import Running


@dataclass(frozen=True)
class SandboxAccount:
    """An account and how to come in. `parameters` are what `snowflake.connector.connect` takes."""

    name: str
    organization: str
    user: str
    token: str
    host: str
    port: int

    @property
    def parameters(self) -> dict[str, Any]:
        """Keyword arguments for the connector: a service user with ACCOUNTADMIN and the warehouse ADMIN_WH."""
        return {
            "account": self.name,
            "user": self.user,
            "authenticator": "PROGRAMMATIC_ACCESS_TOKEN",
            "token": self.token,
            "host": self.host,
            "port": self.port,
            "protocol": "http",
            "role": "ACCOUNTADMIN",
            "warehouse": "ADMIN_WH",
        }

    @property
    def environment(self) -> dict[str, str]:
        """Variables for tools that read them: dbt through `env_var`, schemachange, the snow CLI."""
        return {
            "SNOWFLAKE_ACCOUNT": self.name,
            "SNOWFLAKE_USER": self.user,
            "SNOWFLAKE_PASSWORD": self.token,
            "SNOWFLAKE_HOST": self.host,
            "SNOWFLAKE_PORT": str(self.port),
            "SNOWFLAKE_PROTOCOL": "http",
            "SNOWFLAKE_ROLE": "ACCOUNTADMIN",
            "SNOWFLAKE_WAREHOUSE": "ADMIN_WH",
        }

    def connect(self, **options: Any) -> Any:
        """A connection of the snowflake connector; `database=…`, `schema=…` and the like are passed on."""
        import snowflake.connector

        from runner.sandbox.client import said_aloud

        return snowflake.connector.connect(**{**said_aloud(), **self.parameters, **options})

    def __repr__(self) -> str:
        return f"SandboxAccount({self.organization}.{self.name} at {self.host}:{self.port})"


@pytest.fixture(scope="session")
def snowflake_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A running organisation; a session's own, so that xdist's workers do not meet."""
    from runner.sandbox import process

    root = tmp_path_factory.mktemp("snowflake")
    try:
        running = process.up(root)
    except process.NotInstalled as why:
        pytest.skip(str(why))
    yield running
    process.down(root)


@pytest.fixture
def snowflake_orders(snowflake_sandbox: Running) -> Iterator[Orders]:
    """Accidents on order; none is left for the next test."""
    from runner.sandbox.orders import Orders

    orders = Orders(snowflake_sandbox)
    before = orders.set()
    yield orders
    orders.clear_faults()
    orders.set(**before)


@pytest.fixture
def snowflake_account(snowflake_sandbox: Running, monkeypatch: pytest.MonkeyPatch) -> Iterator[SandboxAccount]:
    """An account that nobody else has: empty, and gone after the test."""
    from runner.sandbox.orders import Orders

    monkeypatch.setenv("SNOWFLAKE_DISABLE_PLATFORM_DETECTION", "true")
    orders = Orders(snowflake_sandbox)
    made = orders.send("POST", "accounts", {"name": f"T{secrets.token_hex(6)}"})
    yield SandboxAccount(**made, host="127.0.0.1", port=snowflake_sandbox.port)
    orders.send("DELETE", f"accounts/{made['name']}")


@pytest.fixture
def snowflake_connection(snowflake_account: SandboxAccount) -> Iterator[Any]:
    """A connection to the test's account, closed afterwards."""
    connection = snowflake_account.connect()
    yield connection
    connection.close()
