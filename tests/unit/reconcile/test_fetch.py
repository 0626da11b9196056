"""Names of routines, as GET_DDL wants them."""

from __future__ import annotations

import pytest

from runner.reconcile.fetch import written
from runner.reconcile.result import Kind, ObjectId


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        (ObjectId(Kind.VIEW, "S", "v (1)"), 'DEV_DB.S."v (1)"'),
        (ObjectId(Kind.PROCEDURE, "S", "P(DATE, NUMBER)"), "DEV_DB.S.P(DATE, NUMBER)"),
        (ObjectId(Kind.FUNCTION, "S", "f()"), 'DEV_DB.S."f"()'),
    ],
)
def test_names_are_written_as_sql(item: ObjectId, expected: str) -> None:
    assert written("DEV_DB", item) == expected
