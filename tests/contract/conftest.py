"""The two grounds on which the contracts are tried: the sandbox, and – opt-in – a live account."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from runner.commands.deployment import profile_of
from runner.connection.session import Session, connect
from runner.core.names import ObjectName
from runner.history.layout import Layout
from runner.project.settings import SandboxDoor, load

ROOT = Path(__file__).parents[2]
LIVE = pytest.mark.skipif(
    os.environ.get("RUNNER_LIVE") != "1" or not os.environ.get("IMSDLC_PAT"),
    reason="needs a live account: RUNNER_LIVE=1 and IMSDLC_PAT",
)


@pytest.fixture(params=["sandbox", pytest.param("live", marks=[pytest.mark.live, LIVE])])
def open_session(request: pytest.FixtureRequest) -> Iterator[Callable[[], Session]]:
    """One more session of the service account, closed after the test."""
    door = SandboxDoor.find(request.getfixturevalue("sandbox").root) if request.param == "sandbox" else None
    environment = load(ROOT, {}, dict(os.environ), door).environments["imsdlc"]
    with ExitStack() as closing:
        yield lambda: closing.enter_context(connect(profile_of(environment)))


@pytest.fixture
def layout(open_session: Callable[[], Session], fresh_name: Callable[[str], str]) -> Iterator[Layout]:
    """A history of its own, in a fresh database."""
    name = fresh_name(f"RUNNER_CONTRACT_{os.getpid()}")
    made = Layout(ObjectName.of(name, "CONTROL"), own_database=True)
    administrator = open_session()
    yield made
    administrator.execute(f"DROP DATABASE IF EXISTS {name}")
