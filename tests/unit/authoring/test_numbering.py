"""What counts goes on after the highest number that travels, whatever it is called."""

from __future__ import annotations

import pytest

from runner.authoring.draft import Piece, Travel
from runner.authoring.numbering import numbered
from runner.catalog.estate import Column, Found, Kind
from runner.project.migration import Data, Strategy
from tests.unit.authoring.sample import address, table


def piece(kind: Kind, name: str, statement: str, **more: object) -> Piece:
    found = Found(address(kind, name), ddl=statement, **more)  # type: ignore[arg-type]
    return Piece(found, found.address, (statement,), ())


def travel(found: Found) -> Travel:
    return Travel(found, found.address, Data(None, Strategy.SNAPSHOT), f"S__{found.address.name}", "ID")


def counting(name: str, definition: str, identity: tuple[int, int] = (1, 1)) -> Piece:
    statement = f"CREATE TABLE IF NOT EXISTS {{{{ s }}}}.T (\n    {definition}\n)"
    return piece(Kind.TABLE, "T", statement, columns=(Column(name, "NUMBER(38,0)", identity=identity),))


@pytest.mark.parametrize("name", ["9LIVES", "½ UNICODE ˤ", "{{ odd }}", "T"])
def test_every_name_gives_a_script_that_jinja_reads(name):
    sequence = piece(Kind.SEQUENCE, name, f'CREATE SEQUENCE IF NOT EXISTS {{{{ s }}}}."{name}" START 1 INCREMENT 1')
    made = counting("ID", "ID NUMBER(38,0) AUTOINCREMENT START -3 INCREMENT -1", (-3, -1))
    (statement,) = numbered([made], [travel(made.found)])[0].statements
    assert "{% set statement %}" in statement
    assert "START NEXT_VALUE INCREMENT -1" in statement
    assert "statement, start=-3, step=-1)" in statement
    assert numbered([sequence], [])[0].statements == sequence.statements


def test_a_definition_that_holds_the_word_gets_another_one():
    made = counting("ID", "ID NUMBER(38,0) AUTOINCREMENT START 1 INCREMENT 1 COMMENT 'the NEXT_VALUE of T'")
    (statement,) = numbered([made], [travel(made.found)])[0].statements
    assert "START NEXT_VALUE_2 INCREMENT 1 COMMENT 'the NEXT_VALUE of T'" in statement
    assert 'statement, word="NEXT_VALUE_2")' in statement


def test_a_sequence_behind_a_column_begins_no_earlier_than_the_source_stands():
    sequence = piece(
        Kind.SEQUENCE, "SEQ", "CREATE SEQUENCE {{ s }}.SEQ START 1000 INCREMENT 5",
        properties={"next_value": "1010", "interval": "5"},
    )  # fmt: skip
    owner = Found(
        table("T"), ddl="create TABLE T (ID NUMBER DEFAULT DB.S.SEQ.NEXTVAL)",
        columns=(Column("ID", "NUMBER(38,0)", default="DB.S.SEQ.NEXTVAL"),),
    )  # fmt: skip
    (statement,) = numbered([sequence], [travel(owner)])[0].statements
    assert statement.endswith('copy.numbered_after([[frozen ~ ".S__T", "ID"]], statement, start=1010, step=5) }}')


def test_a_sequence_without_a_column_goes_on_where_it_stood():
    statement = 'CREATE SEQUENCE IF NOT EXISTS {{ s }}."START 1" START WITH 1 INCREMENT BY 1'
    made = piece(Kind.SEQUENCE, "START 1", statement, properties={"next_value": "42"})
    assert numbered([made], [])[0].statements == (statement.replace("WITH 1", "WITH 42"),)


def test_what_is_replayed_or_not_brought_keeps_its_numbering():
    made = counting("ID", "ID NUMBER(38,0) AUTOINCREMENT START 1 INCREMENT 1")
    assert numbered([made], [])[0] == made
    assert table("T") == made.found.address
