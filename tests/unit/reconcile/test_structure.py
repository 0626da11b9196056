"""Two shapes side by side: what counts as a difference, what is only told, what is the same."""

from __future__ import annotations

from dataclasses import replace

import pytest

from runner.catalog.spelling import type_text
from runner.reconcile.move import Move
from runner.reconcile.result import Difference
from runner.reconcile.shape import Code, Column, ForeignKey, Other, Sequence, Shape, Table
from runner.reconcile.structure import findings
from runner.sql.attachments import Attachment

MOVE = Move.between("PROD_DB", "DEV_DB")
ID = Column("ID", 1, "NUMBER(38,0)", nullable=False)
NAME = Column("Name", 2, "VARCHAR(20)", comment="PROD_DB, by hand")
TABLE = Table(
    (ID, NAME),
    comment="facts",
    clustering="LINEAR(ID)",
    primary=("ID",),
    uniques=frozenset({("Name",)}),
    foreign=frozenset({ForeignKey(("ID",), ("PROD_DB", "S", "D"), ("ID",))}),
)
COPY = replace(TABLE, foreign=frozenset({ForeignKey(("ID",), ("DEV_DB", "S", "D"), ("ID",))}))


def differences(source: Shape, target: Shape, move: Move = MOVE) -> list[str]:
    return [one.what for one in findings(source, target, move) if isinstance(one, Difference)]


def notes(source: Shape, target: Shape, move: Move = MOVE) -> list[str]:
    return [one for one in findings(source, target, move) if isinstance(one, str)]


def with_column(column: Column) -> Table:
    return replace(COPY, columns=(ID, column))


def test_a_faithful_copy_has_nothing_to_tell() -> None:
    assert list(findings(TABLE, COPY, MOVE)) == []


TABLES = [
    ("type", with_column(replace(NAME, type="VARCHAR(21)")), ["column Name: type"]),
    ("null", with_column(replace(NAME, nullable=False)), ["column Name: nullable"]),
    ("comment", with_column(replace(NAME, comment="by hand")), ["column Name: comment"]),
    ("no comment", with_column(replace(NAME, comment=None)), ["column Name: comment"]),
    ("default", with_column(replace(NAME, default="'x'")), ["column Name: default"]),
    ("collation", with_column(replace(NAME, collation="en-ci")), ["column Name: collation"]),
    ("identity", with_column(replace(NAME, identity=(1, 1))), ["column Name: identity"]),
    ("name", with_column(replace(NAME, name="NAME")), ["column Name", "column NAME"]),
    ("fewer", replace(COPY, columns=(ID,)), ["column Name"]),
    ("more", replace(COPY, columns=(ID, NAME, Column("X", 3, "DATE"))), ["column X"]),
    ("order", replace(COPY, columns=(NAME, ID)), ["order of columns"]),
    ("primary key", replace(COPY, primary=()), ["primary key"]),
    ("primary key's order", replace(COPY, primary=("Name", "ID")), ["primary key"]),
    ("unique key", replace(COPY, uniques=frozenset()), ["unique key"]),
    ("foreign key", replace(COPY, foreign=frozenset()), ["foreign key"]),
    ("foreign key into the source", replace(COPY, foreign=TABLE.foreign), ["foreign key", "foreign key"]),
    ("clustering key", replace(COPY, clustering=None), ["clustering key"]),
    ("comment of the table", replace(COPY, comment=None), ["comment"]),
    ("transient", replace(COPY, transient=True), ["transient"]),
    ("kind", Code("CREATE VIEW V AS SELECT 1"), ["kind"]),
]


@pytest.mark.parametrize(("target", "expected"), [case[1:] for case in TABLES], ids=[case[0] for case in TABLES])
def test_what_is_not_the_same_in_a_table_is_named(target: Shape, expected: list[str]) -> None:
    assert differences(TABLE, target) == expected


def test_a_default_follows_its_database() -> None:
    source = Table((replace(ID, default="PROD_DB.S.SEQ.NEXTVAL"),))
    assert list(findings(source, Table((replace(ID, default="DEV_DB.S.SEQ.NEXTVAL"),)), MOVE)) == []


def test_a_default_that_still_draws_from_the_source_is_a_difference() -> None:
    table = Table((replace(ID, default="PROD_DB.S.SEQ.NEXTVAL"),))
    assert differences(table, table) == ["column ID: default names the source's database"]


@pytest.mark.parametrize(
    ("source", "target", "differs"),
    [((1, 1), (101, 1), False), ((101, 1), (1, 1), True), ((-1, -1), (-50, -1), False), ((1, 1), (1, 2), True)],
)
def test_an_identity_may_go_on_but_not_go_back(source: tuple[int, int], target: tuple[int, int], differs: bool) -> None:
    one, other = Table((replace(ID, identity=source),)), Table((replace(ID, identity=target),))
    assert bool(differences(one, other)) == differs
    assert bool(notes(one, other)) == (not differs)


def test_a_sequence_goes_on_after_what_was_copied() -> None:
    assert notes(Sequence(1000, 1, True, "keys"), Sequence(1400, 1, True, "keys")) == [
        "sequence goes on after the copied data: starts with 1400, the source with 1000"
    ]
    assert differences(Sequence(1, 1, True, "keys"), Sequence(1, 2, False, None)) == ["increment", "ordered", "comment"]


def view(database: str, text: str = "", extra: str = "") -> Code:
    return Code(f"create or replace view V(\n\tA\n) as SELECT A{extra} FROM {database}.S.T WHERE B = '{text}';")


CUT = "text, compared as it stands (line 1: a string opens here and is never closed)"
CODES = [
    ("same", view("PROD_DB"), view("dev_db"), []),
    ("quoted", view('"PROD_DB"'), view("DEV_DB"), []),
    ("another column", view("PROD_DB"), view("DEV_DB", extra=" + 1"), ["query"]),
    ("other text", view("PROD_DB", "x"), view("DEV_DB", "y"), ["query"]),
    ("still the source", view("PROD_DB"), view("PROD_DB"), ["names the source's database"]),
    ("neither", view("PROD_DB"), view("OTHER_DB"), ["query"]),
    ("unreadable", view("PROD_DB"), Code("", "cannot be read"), ["text"]),
    ("cut off", Code("CREATE VIEW V AS SELECT 'a"), Code("CREATE VIEW V AS SELECT 'b"), [CUT]),
    ("cut off alike", Code("CREATE VIEW V AS SELECT 'a"), Code("CREATE  VIEW V AS SELECT 'a"), []),
]


@pytest.mark.parametrize(("source", "target", "expected"), [c[1:] for c in CODES], ids=[c[0] for c in CODES])
def test_views_are_compared_by_what_they_mean(source: Code, target: Code, expected: list[str]) -> None:
    assert differences(source, target) == expected


def procedure(body: str, execute_as: str = "OWNER") -> Code:
    return Code(
        f"CREATE OR REPLACE PROCEDURE P(A NUMBER) RETURNS VARCHAR LANGUAGE SQL EXECUTE AS {execute_as} AS $${body}$$"
    )


def test_a_body_that_changed_is_shown_line_by_line() -> None:
    source, target = procedure("BEGIN\nRETURN 'a';\nEND"), procedure("BEGIN\nRETURN 'b';\nEND")
    (found,) = (one for one in findings(source, target, MOVE) if isinstance(one, Difference))
    assert found.what == "body"
    assert found.diff.splitlines()[3:] == [" $$", "-BEGIN RETURN 'a';", "+BEGIN RETURN 'b';", " END"]


def test_a_query_is_shown_a_clause_a_line() -> None:
    (found,) = (one for one in findings(view("PROD_DB"), view("DEV_DB", "x"), MOVE) if isinstance(one, Difference))
    assert found.diff.splitlines()[-2:] == ["-  WHERE B = ''", "+  WHERE B = 'x'"]


def test_a_body_in_another_language_is_shown_as_it_stands() -> None:
    head = "CREATE PROCEDURE P() RETURNS VARCHAR LANGUAGE JAVASCRIPT AS "
    source, target = Code(f"{head}$$\nreturn `a;\n  b`\n$$"), Code(f"{head}$$\nreturn `a;\n   b`\n$$")
    (found,) = (one for one in findings(source, target, MOVE) if isinstance(one, Difference))
    assert found.diff.splitlines()[-3:] == ["-  b`", "+   b`", " $$"]


def test_whose_rights_a_procedure_runs_with_is_part_of_it() -> None:
    assert differences(procedure("BEGIN RETURN 1; END"), procedure("BEGIN RETURN 1; END", "CALLER")) == ["definition"]


def test_the_name_of_the_database_inside_text_is_told_and_does_not_count() -> None:
    source, target = procedure("BEGIN RETURN 'PROD_DB' || '.S'; END"), procedure("BEGIN RETURN 'DEV_DB' || '.S'; END")
    assert differences(source, target) == []
    assert notes(source, target) == ["the same but for names inside text that have another in DEV_DB"]


def test_text_that_still_names_the_source_is_told() -> None:
    source = procedure("BEGIN EXECUTE IMMEDIATE 'DELETE FROM PROD_DB.S.T'; END")
    assert differences(source, source) == []
    assert notes(source, source) == ["mentions the source's database as text (line 1: 'PROD_DB' in a dynamic SQL)"]


def test_two_environments_may_use_one_name_for_the_database() -> None:
    same = Move.between("DB", "DB")
    assert list(findings(view("DB"), view("DB"), same)) == []
    assert differences(view("DB"), view("DB", "x"), same) == ["query"]


def test_the_case_of_words_in_expressions_means_nothing() -> None:
    here = replace(COPY, clustering="LINEAR(to_date(id))", columns=(replace(ID, default="true"), NAME))
    there = replace(TABLE, clustering="LINEAR(TO_DATE(ID))", columns=(replace(ID, default="TRUE"), NAME))
    assert differences(there, here) == []
    quoted = replace(here, columns=(replace(ID, default="'true'"), NAME))
    assert differences(there, quoted) == ["column ID: default"]


def test_other_databases_have_their_own_names_in_the_target() -> None:
    move = Move.between("PROD_DB", "DEV_DB", (("GOV_DB", "GOV_DEV"), ("REF_DB", "REF_DB")))
    source = Code("create view V as select X from PROD_DB.S.T, GOV_DB.S.T, REF_DB.S.T")
    target = Code("create view V as select X from DEV_DB.S.T, GOV_DEV.S.T, REF_DB.S.T")
    assert list(findings(source, target, move)) == []
    assert differences(source, target) == ["query"]


def test_policies_and_tags_on_one_side_only_are_told_and_do_not_count() -> None:
    mask = Attachment("masking policy", ("PROD_DB", "P", "MASK"), "Name")
    source = replace(TABLE, attached=frozenset({mask}))
    same = replace(COPY, attached=frozenset({replace(mask, parts=("DEV_DB", "P", "MASK"))}))
    assert list(findings(source, same, MOVE)) == []
    assert list(findings(source, COPY, MOVE)) == ["masking policy DEV_DB.P.MASK on Name: in the source only"]
    assert list(findings(TABLE, same, MOVE)) == ["masking policy DEV_DB.P.MASK on Name: not in the source"]
    hidden = replace(COPY, attached=None)
    assert list(findings(source, hidden, MOVE)) == ["policies and tags: the role may not read them"]


def test_what_is_not_compared_is_said() -> None:
    assert notes(Other("EXTERNAL TABLE"), Other("EXTERNAL TABLE")) == ["EXTERNAL TABLE: this kind is not compared"]


@pytest.mark.parametrize(
    ("facets", "expected"),
    [
        (("TEXT", 20, None, None, None), "VARCHAR(20)"),
        (("BINARY", 8, None, None, None), "BINARY(8)"),
        (("NUMBER", None, 38, 9, None), "NUMBER(38,9)"),
        (("TIMESTAMP_TZ", None, None, None, 9), "TIMESTAMP_TZ(9)"),
        (("VARIANT", None, None, None, None), "VARIANT"),
        (("FLOAT", None, None, None, None), "FLOAT"),
    ],
)
def test_types_are_written_in_one_way(
    facets: tuple[str, int | None, int | None, int | None, int | None], expected: str
) -> None:
    assert type_text(*facets) == expected
