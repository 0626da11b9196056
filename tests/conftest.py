"""A running sandbox for every test that asks for one: one process a worker, a database of its own a test."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes says how busy the machine is, and nothing about what is tested.
_PATIENT = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("patient", _PATIENT, max_examples=40)
settings.register_profile("drilled", _PATIENT, max_examples=200)
settings.load_profile("patient")
os.environ.setdefault("SNOWFLAKE_DISABLE_PLATFORM_DETECTION", "true")

Connect = Callable[..., Any]
_numbers = itertools.count(1)


def pytest_configure(config: pytest.Config) -> None:
    """The drills look at more examples."""
    if config.getoption("--run-drills"):
        settings.load_profile("drilled")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--run-drills", action="store_true", help="run the long drills too (make drills)")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """The order is that of the folders: the long tests come first, so that no worker is left with one at the end."""
    from tests.scheduling import ByWhatIsShared

    config.option.loadscopereorder = False
    return ByWhatIsShared(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--run-drills"):
        return
    for item in items:
        if "drill" in item.keywords:
            item.add_marker(pytest.mark.skip(reason="a long drill: make drills"))


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The worker's own sandbox: a `Running` with root, port, pid, accounts and the token files."""
    from runner.sandbox import process

    running = process.up(tmp_path_factory.mktemp("sandbox"))
    yield running
    process.down(running.root)


@pytest.fixture
def connect(sandbox: Any) -> Iterator[Connect]:
    """`connect("IMCUST", **options)` logs the administrator in through the door; closed after the test."""
    from runner.sandbox import client

    opened: list[Any] = []

    def open_one(account: str = "IMCUST", /, **options: Any) -> Any:
        opened.append(client.connect(sandbox, account, **options))
        return opened[-1]

    yield open_one
    for connection in opened:
        connection.close()


@pytest.fixture
def deployer(sandbox: Any) -> Iterator[Connect]:
    """`deployer("IMCUST", **options)` logs the service account in with its token, as the runner does."""
    import snowflake.connector

    opened: list[Any] = []

    def open_one(account: str = "IMCUST", /, **options: Any) -> Any:
        given = {
            "account": account,
            "user": "SVC4SNOWFLAKEDEPLOY",
            "authenticator": "PROGRAMMATIC_ACCESS_TOKEN",
            "token": Path(sandbox.pats[account]).read_text(),
            "host": "127.0.0.1",
            "port": sandbox.port,
            "protocol": "http",
        }
        opened.append(snowflake.connector.connect(**(given | options)))
        return opened[-1]

    yield open_one
    for connection in opened:
        connection.close()


@pytest.fixture
def fresh_name() -> Callable[[str], str]:
    """`fresh_name("db")` gives a name that no other test of this run has."""
    return lambda stem: f"{stem}_{os.environ.get('PYTEST_XDIST_WORKER', 'gw')}_{next(_numbers)}".upper()


@pytest.fixture
def fresh_database(connect: Connect, fresh_name: Callable[[str], str]) -> Iterator[str]:
    """A new database in IMCUST, dropped after the test: tests that stay inside it see nothing of each other."""
    name = fresh_name("test_db")
    administrator = connect("IMCUST")
    administrator.cursor().execute(f"CREATE DATABASE {name}")
    yield name
    administrator.cursor().execute(f"DROP DATABASE IF EXISTS {name}")
