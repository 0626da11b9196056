"""Storages for all engines of a worker that live one after the other: in memory, and in a file."""

from collections.abc import Iterator

import pytest

from runner.sandbox.opening import FILE
from tests.unit.sandbox.lasting import Lasting


@pytest.fixture(scope="session")
def lasting() -> Iterator[Lasting]:
    storage = Lasting(None)
    yield storage
    storage.end()


@pytest.fixture(scope="session")
def lasting_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lasting]:
    storage = Lasting(tmp_path_factory.mktemp("lasting") / FILE)
    yield storage
    storage.end()
