"""Statements that built a table: out of its history, and out of a procedure; what cannot be run again is refused."""

from __future__ import annotations

from dataclasses import replace

import pytest

from runner.authoring.replaying import of_history, of_procedure
from runner.catalog.estate import Found, Kind, Past
from runner.core.errors import NotMovable
from tests.unit.authoring.sample import address, table

T = table("T")


def past(*texts: str) -> list[Past]:
    return [Past(text, "", "DB", "S", f"query {number}") for number, text in enumerate(texts)]


def procedure(*body: str, language: str = "SQL", rights: str = "OWNER") -> Found:
    text = "\n".join(body).replace("'", "''")
    ddl = f"CREATE OR REPLACE PROCEDURE DB.S.FILL(\"D\" DATE)\nRETURNS VARCHAR\nLANGUAGE {language}\nAS '{text}';"
    return Found(address(Kind.PROCEDURE, "FILL"), ddl=ddl, properties={"execute_as": rights})


def refusal(work, *given) -> str:
    with pytest.raises(NotMovable) as refused:
        work(T, *given)
    (said,) = refused.value.objects
    return said.removeprefix("table DB.S.T: ")


def test_a_merge_with_values_takes_its_rows_from_a_table():
    text = "MERGE INTO T USING A ON T.N = A.N WHEN NOT MATCHED THEN INSERT (N) VALUES (A.N)"
    assert [each.text for each in of_history(T, past(text))] == [text]


def test_what_came_before_the_table_was_made_anew_left_no_trace():
    found = of_history(T, past("INSERT INTO T SELECT 1", "TRUNCATE TABLE T", "INSERT INTO T SELECT 2", "SELECT 3"))
    assert [each.text for each in found] == ["INSERT INTO T SELECT 2"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("INSERT INTO T VALUES (1)", "it wrote rows that came from outside"),
        ("COPY INTO T FROM @S", "it loaded files"),
        ("INSERT INTO T SELECT ?", "it ran with bound values"),
        ("INSERT INTO T SELECT RANDOM()", "it gives another result each time (RANDOM)"),
        ("CREATE TABLE T CLONE U", "it made it as a clone"),
        ("CREATE TABLE T (A NUMBER)", "it only created it"),
        ("INSERT ALL INTO T INTO U SELECT 1 AS A", "it fills several tables at once"),
    ],
)
def test_what_cannot_be_run_again_is_refused_with_the_query(text, said):
    assert refusal(of_history, past(text)) == f"query 0: {said}, so it cannot be replayed"


def test_a_procedures_statements_are_taken_out_of_its_body():
    body = (
        "BEGIN",
        "  INSERT INTO U SELECT 1;",
        "  TRUNCATE TABLE S.T;",
        "  INSERT INTO T SELECT 'x' FROM A;",
        "  UPDATE DB.S.T SET N = 2;",
        "  RETURN 'done';",
        "END",
    )
    found = of_procedure(T, procedure(*body))
    assert [(each.text, each.where) for each in found] == [
        ("INSERT INTO T SELECT 'x' FROM A", "S.FILL(DATE), line 4"),
        ("UPDATE DB.S.T SET N = 2", "S.FILL(DATE), line 5"),
    ]
    made = of_procedure(T, procedure("BEGIN", "CREATE OR REPLACE TABLE T AS SELECT 1 AS N;", "END"))
    assert [each.text for each in made] == ["CREATE OR REPLACE TABLE T AS SELECT 1 AS N"]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("IF (1 = 1) THEN INSERT INTO T SELECT 1; END IF;", "a branch, a loop or a handler"),
        ("EXECUTE IMMEDIATE 'INSERT INTO T SELECT 1';", "a text that is put together"),
        ("LET r RESULTSET := (INSERT INTO T SELECT 1);", "within another statement"),
        ("INSERT INTO T SELECT :d;", "it ran with bound values"),
        ("INSERT INTO U SELECT 1;", "no statement of S.FILL(DATE) fills it"),
        ("DECLARE p PROCEDURE() RETURNS INT AS BEGIN DELETE FROM T; END; BEGIN CALL p(); END;", "of its own"),
    ],
)
def test_what_a_procedure_does_not_plainly_do_is_refused_with_its_line(body, said):
    assert said in refusal(of_procedure, procedure(f"BEGIN\n{body}\nEND"))


def test_other_languages_and_the_callers_names_are_refused():
    assert "written in PYTHON" in refusal(of_procedure, procedure("def f(): pass", language="PYTHON"))
    called = procedure("BEGIN INSERT INTO T SELECT 1; END", rights="CALLER")
    assert "write its full name" in refusal(of_procedure, called)
    full = replace(called, ddl=called.ddl.replace("INTO T", "INTO DB.S.T"))
    assert len(of_procedure(T, full)) == 1
