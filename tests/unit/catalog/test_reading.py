"""Questions, their answers and their refusals, without an account."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from runner.catalog.estate import Address, Gap, Grant, Kind
from runner.catalog.reading.columns import columns
from runner.catalog.reading.grants import grants
from runner.catalog.reading.histories import MOST_LINEAGE, lineage
from runner.catalog.reading.inventory import MOST_ROWS, show
from runner.catalog.reading.texts import AT_ONCE, rights_of, texts
from runner.catalog.spelling import argument_types, declares
from runner.connection.faults import FaultKind, StatementFault
from runner.core.errors import OwnStatementFailed
from tests.unit.catalog.told import desk, refused

Row = dict[str, Any]


def tables(count: int) -> list[Address]:
    return [Address(Kind.TABLE, "DB", "S", f"T{n:03}") for n in range(count)]


def test_texts_come_many_to_a_statement_and_one_that_is_refused_keeps_no_other_back() -> None:
    def answer(sql: str) -> list[Row]:
        if "T007" in sql:
            raise refused("T007 does not exist")
        return [{f"C{n}": "create or replace TABLE" for n in range(sql.count("GET_DDL"))}]

    asked, session = desk(answer)
    found = texts(asked, tables(2 * AT_ONCE + 1))
    assert len(found) == 2 * AT_ONCE + 1
    assert [str(address) for address, text in found.items() if not text.ddl] == ["table DB.S.T007"]
    assert found[tables(8)[7]].problem == "its text cannot be read: T007 does not exist"
    assert asked.gaps == {Gap("text", "table DB.S.T007", "002003 (42S02): T007 does not exist")}
    assert len(session.sent) < 3 + 2 * 7


def test_a_hidden_text_and_a_hidden_policy_are_problems() -> None:
    told = {"C0": None, "C1": "create TABLE T (A VARCHAR WITH MASKING POLICY #UNKNOWN_POLICY)"}
    asked, _ = desk(lambda _: [told])
    hidden, masked = texts(asked, tables(2)).values()
    assert (hidden.ddl, hidden.problem) == ("", "its text cannot be read: the role does not own it")
    assert masked.ddl
    assert "#UNKNOWN_POLICY" in masked.problem


def test_more_than_show_gives_is_asked_for_schema_by_schema() -> None:
    def answer(sql: str) -> list[Row]:
        count = {"SHOW STREAMS IN DATABASE DB": MOST_ROWS, "SHOW STREAMS IN SCHEMA DB.A": MOST_ROWS}.get(sql, 3)
        return [{"name": f"S{n}"} for n in range(count)]

    asked, session = desk(answer)
    rows = show(asked, "STREAMS", "DB", ("A", "b"))
    assert len(rows) == MOST_ROWS + 3
    assert session.sent[1:] == ["SHOW STREAMS IN SCHEMA DB.A", 'SHOW STREAMS IN SCHEMA DB."b"']
    assert [gap.scope for gap in asked.gaps] == ["DB.A"]


def test_columns_that_are_too_many_at_once_are_asked_for_by_halves() -> None:
    def answer(sql: str) -> list[Row]:
        if "'A', 'B'" in sql or "'D'" in sql:
            raise refused("Information schema query returned too much data")
        return []

    asked, session = desk(answer)
    assert columns(asked, "DB", ("A", "B", "C", "D")) == {}
    assert len(session.sent) == 7
    assert [gap.scope for gap in asked.gaps] == ["DB (D)"]


def test_a_kind_that_the_account_does_not_know_is_no_gap_but_a_refusal_is() -> None:
    def answer(sql: str) -> list[Row]:
        raise StatementFault(FaultKind.REFUSED, 2, "0A000" if "ALERTS" in sql else "42501", "q", "no")

    asked, _ = desk(answer)
    assert show(asked, "ALERTS", "DB", ()) == show(asked, "TASKS", "DB", ()) == []
    assert [gap.evidence for gap in asked.gaps] == ["tasks"]


def test_a_lost_network_is_no_gap() -> None:
    def answer(sql: str) -> list[Row]:
        raise refused("gone", FaultKind.TRANSPORT)

    asked, session = desk(answer)
    session.profile = SimpleNamespace(environment="prod")
    with pytest.raises(OwnStatementFailed, match="prod"):
        show(asked, "TASKS", "DB", ())


def test_lineage_is_not_asked_of_more_tables_than_is_bearable() -> None:
    asked, session = desk(lambda _: [])
    assert lineage(asked, tables(MOST_LINEAGE + 1)) == []
    assert session.sent == []
    assert [gap.evidence for gap in asked.gaps] == ["lineage"]


def test_grants_name_routines_with_their_arguments_or_without() -> None:
    row = {"grantee": "R", "granted_to": "ROLE", "object_schema": "S", "is_grantable": "NO"}
    rows = [
        row | {"object_type": "FUNCTION", "object_name": "F(NUMBER)", "privilege_type": "USAGE"},
        row | {"object_type": "PROCEDURE", "object_name": "P", "privilege_type": "USAGE"},
        row | {"object_type": "TABLE", "object_name": "D", "privilege_type": "SELECT"},
        row | {"object_type": "SCHEMA", "object_name": "S", "privilege_type": "USAGE"},
    ]
    asked, _ = desk(lambda _: rows)
    objects = [
        Address(Kind.FUNCTION, "DB", "S", "F", "(NUMBER)"),
        Address(Kind.PROCEDURE, "DB", "S", "P", "()"),
        Address(Kind.DYNAMIC_TABLE, "DB", "S", "D"),
        Address(Kind.SCHEMA, "DB", "", "S"),
    ]
    usage, select = (Grant("USAGE", "ROLE", "R"),), (Grant("SELECT", "ROLE", "R"),)
    assert list(grants(asked, "DB", objects).values()) == [usage, usage, select, usage]


@pytest.mark.parametrize(
    ("signature", "types", "same"),
    [
        ("()", "()", True),
        ("(D DATE, N NUMBER)", "(DATE, NUMBER)", True),
        ("(D DATE, N NUMBER)", "(DATE)", False),
        ("(N NUMBER DEFAULT 1)", "(NUMBER)", True),
        ('("a, b" VECTOR(FLOAT, 3))', "(VECTOR(FLOAT, 3))", True),
        ("(my argument VARCHAR)", "(VARCHAR)", True),
        ("(A VARCHAR)", "(NUMBER)", False),
    ],
)
def test_a_signature_with_names_is_that_of_these_types(signature: str, types: str, same: bool) -> None:
    assert declares(signature, types) is same


@pytest.mark.parametrize(
    ("name", "arguments", "expected"),
    [
        ("P", "P() RETURN VARCHAR", ()),
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
    ("ddl", "rights"),
    [
        ("", ""),
        ("CREATE PROCEDURE P() RETURNS NUMBER LANGUAGE SQL AS 'BEGIN EXECUTE AS CALLER; END'", "OWNER"),
        ("CREATE PROCEDURE P() RETURNS NUMBER LANGUAGE SQL EXECUTE AS CALLER AS 'BEGIN END'", "CALLER"),
        ("CREATE PROCEDURE P() RETURNS NUMBER LANGUAGE SQL EXECUTE AS RESTRICTED CALLER AS ''", "RESTRICTED CALLER"),
    ],
)
def test_whose_rights_a_procedure_has(ddl: str, rights: str) -> None:
    assert rights_of(ddl) == rights
