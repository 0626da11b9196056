"""Names of routines, as SHOW tells them and as GET_DDL wants them."""

from __future__ import annotations

import pytest

from runner.reconcile.fetch import argument_types, written
from runner.reconcile.result import Kind, ObjectId


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("P", "P() RETURN VARCHAR", ()),
        ("P", "P(DATE, NUMBER) RETURN VARCHAR", ("DATE", "NUMBER")),
        ("P", "P(DATE [, NUMBER]) RETURN VARCHAR", ("DATE", "NUMBER")),
        ("P", "P([NUMBER] [, DATE]) RETURN VARCHAR", ("NUMBER", "DATE")),
        ("P", "P(DATE, DEFAULT NUMBER) RETURN VARCHAR", ("DATE", "NUMBER")),
        ("P", "P(VECTOR(FLOAT, 3), NUMBER) RETURN TABLE (A NUMBER)", ("VECTOR(FLOAT, 3)", "NUMBER")),
        ("odd(name)", "odd(name)(DATE) RETURN VARCHAR", ("DATE",)),
    ],
)
def test_argument_types_are_read_from_show(name: str, arguments: str, expected: tuple[str, ...]) -> None:
    assert argument_types(name, arguments) == expected


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
