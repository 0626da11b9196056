"""The fixtures of the whole road serve here too; and estates, each in a sandbox of its own: their names are fixed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.e2e.conftest import orders, project
from tests.projects.estates import ESTATES, Made

__all__ = ["orders", "project"]


@dataclass
class Built:
    """An estate that stands in a running sandbox."""

    made: Made
    running: Any
    _connections: dict[str, Any] = field(default_factory=dict)

    def connect(self, account: str) -> Any:
        from runner.sandbox import client

        if account not in self._connections:
            self._connections[account] = client.connect(self.running, account)
        return self._connections[account]

    def cursor(self, account: str) -> Any:
        return self.connect(account).cursor()


@pytest.fixture(
    scope="session",
    params=[pytest.param(made, id=made.name) for made in ESTATES],
)
def built(request, tmp_path_factory) -> Iterator[Built]:
    from runner.sandbox import process

    running = process.up(tmp_path_factory.mktemp(request.param.name))
    try:
        found = Built(request.param, running)
        request.param.build(found.connect)
        yield found
    finally:
        process.down(running.root)
