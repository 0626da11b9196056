"""The whole road: the `runner` command against the sandbox, over HTTP, with a real login."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from runner.sandbox.orders import Orders as Ordered
from tests.e2e.estate import back, shipped
from tests.e2e.project import Project

DEFAULTS = {
    "latency_ms": 0,
    "wait_seconds": 45,
    "session_seconds": 3600,
    "master_seconds": 14400,
    "detached_seconds": 300,
}


@pytest.fixture
def project(tmp_path, sandbox, connect, fresh_name) -> Iterator[Project]:
    """An empty project over two fresh databases, one in each account."""
    made = Project(tmp_path / "project", sandbox, connect, {name: fresh_name("E2E") for name in ("imcust", "imsdlc")})
    for environment, database in made.databases.items():
        connect(environment.upper()).cursor().execute(f"CREATE DATABASE {database}")
    made.configure("imcust")
    made.configure("imsdlc", "depends_on: [imcust]\n")
    made.write({"templates/.keep": "", "versions/.keep": ""})
    yield made
    for environment, database in made.databases.items():
        connect(environment.upper()).cursor().execute(f"DROP DATABASE IF EXISTS {database}")


class Orders(Ordered):
    """What a test may order of the sandbox: accidents and settings; and what passed its door."""

    @property
    def waiting(self) -> int:
        """Accidents that did not happen yet."""
        return len(self.faults())

    def clear(self) -> None:
        self.clear_faults()
        self.set(**DEFAULTS)


@pytest.fixture
def orders(sandbox) -> Iterator[Orders]:
    """Accidents on order; all is as before after the test."""
    made = Orders(sandbox)
    yield made
    made.clear()


@pytest.fixture
def spent(orders) -> Callable[[Callable[[], Any]], int]:
    """Requests that a call costs at the sandbox's door (looking costs one itself, which is not counted)."""

    def count(call: Callable[[], Any]) -> int:
        before = orders.status()["requests"]
        call()
        return int(orders.status()["requests"] - before)

    return count


@pytest.fixture(scope="session")
def organisation(tmp_path_factory) -> Iterator[Any]:
    """A sandbox of its own with the seeded estate: the names in the shipped scripts are fixed."""
    from runner.sandbox import client, process
    from runner.sandbox.seed import seed

    running = process.up(tmp_path_factory.mktemp("estate"))
    seed(lambda account: client.connect(running, account), 10_000, "investments")
    yield running
    process.down(running.root)


@pytest.fixture
def estate(organisation, tmp_path) -> Iterator[Project]:
    """The project as it is shipped, over the estate as it was seeded; everything is put back afterwards."""
    from runner.sandbox import client

    opened: list[Any] = []

    def connect(account: str) -> Any:
        opened.append(client.connect(organisation, account))
        return opened[-1]

    made = Project(tmp_path / "project", organisation, connect)
    shipped(made)
    yield made
    back(made)
    for connection in opened:
        connection.close()


@pytest.fixture
def accidents(organisation) -> Iterator[Orders]:
    """`orders`, for the estate's sandbox."""
    made = Orders(organisation)
    yield made
    made.clear()
