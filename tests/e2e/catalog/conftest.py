"""An account of the sandbox, made by statements and read through the real connector."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from runner.catalog.estate import Estate
from runner.catalog.reading import ReadRequest, read
from runner.connection.profile import Profile
from runner.connection.session import Session, connect
from runner.core.auth import PatAuth
from runner.core.secret import Secret
from runner.sandbox import files

Run = Callable[..., Any]


@pytest.fixture
def run(connect: Callable[..., Any], fresh_database: str) -> Run:
    """`run(sentence, …)` in the fresh database's schema S as the administrator; gives the last one's rows."""
    cursor = connect("IMCUST").cursor()
    cursor.execute(f"CREATE SCHEMA IF NOT EXISTS {fresh_database}.S")
    cursor.execute(f"USE SCHEMA {fresh_database}.S")

    def run_all(*sentences: str) -> Any:
        for sentence in sentences:
            cursor.execute(sentence.replace("{db}", fresh_database))
            if sentence.startswith(("CREATE DATABASE", "CREATE SCHEMA")):
                cursor.execute(f"USE SCHEMA {fresh_database}.S")
        return cursor.fetchall()

    return run_all


@pytest.fixture
def log_in(sandbox: Any) -> Iterator[Callable[..., Session]]:
    """`log_in(role)` opens one more session of the administrator, closed after the test."""
    with ExitStack() as closing:
        yield lambda role="ACCOUNTADMIN": closing.enter_context(connect_as(sandbox, role))


def connect_as(sandbox: Any, role: str) -> Session:
    """The administrator's token is restricted to no role."""
    admin = json.loads((sandbox.root / files.ADMIN).read_text())
    token = PatAuth(Secret(admin["tokens"]["IMCUST"]))
    place: dict[str, Any] = {"host": "127.0.0.1", "port": sandbox.port, "protocol": "http"}
    user, warehouse = admin["user"], "ADMIN_WH"
    return connect(
        Profile("imcust", "LOCALORG-IMCUST", "LOCALORG", "IMCUST", user, role, warehouse, "SNOWFLAKE", token, **place)
    )


@pytest.fixture
def reading(log_in: Callable[..., Session], fresh_database: str) -> Callable[..., Estate]:
    """`reading(role=…, **options)` reads the fresh database."""

    def read_it(role: str = "ACCOUNTADMIN", **options: Any) -> Estate:
        return read(log_in(role), ReadRequest(fresh_database, **options))

    return read_it
