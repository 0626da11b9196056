"""Places of a re-runnable text in the text that the source gave: what a person looks at."""

from __future__ import annotations

import pytest

from runner.authoring.lines import Lines
from runner.sql.rerunnable import rerunnable
from runner.sql.tidying import tidy

PROCEDURE = """CREATE OR REPLACE PROCEDURE "LOAD"("D" DATE)
RETURNS VARCHAR
LANGUAGE SQL
COMMENT='from PROD_DB'
EXECUTE AS OWNER
AS '
BEGIN
  INSERT INTO PROD_DB.S.T SELECT ''it''''s'', * FROM PROD_DB.S.U; -- PROD_DB
  RETURN ''from PROD_DB \\\\ '' || ''PROD_DB'';
END';"""
TABLE = """create or replace TABLE PROD_DB.S.T (
\tA NUMBER(38,0) NOT NULL DEFAULT PROD_DB.S.SEQ.NEXTVAL,
\tconstraint FK foreign key (A) references PROD_DB.S.U(A)
)COMMENT='of PROD_DB'
;"""
VIEW = "create or replace view PROD_DB.S.V(\n\tA,\n\tB\n) as\nSELECT A, B -- PROD_DB\nFROM PROD_DB.S.T;"


def places(text: str, word: str) -> list[tuple[int, int]]:
    """Every line and column, from 1, at which the word stands."""
    return [
        (number, start + 1)
        for number, line in enumerate(text.split("\n"), start=1)
        for start in range(len(line))
        if line.startswith(word, start)
    ]


@pytest.mark.parametrize(("source", "kind"), [(PROCEDURE, "PROCEDURE"), (TABLE, "TABLE"), (VIEW, "VIEW")])
def test_every_place_is_found_again(source, kind):
    made = rerunnable(tidy(source, kind), kind)
    assert made != source
    lines = Lines(source, made)
    found = [lines.place(line, column, "PROD_DB") for line, column in places(made, "PROD_DB")]
    assert [line for line, _ in found] == [line for line, _ in places(source, "PROD_DB")]
    if kind != "TABLE":  # whose lines are laid out anew: there the first of a line is shown
        assert found == places(source, "PROD_DB")


def test_a_text_that_was_not_changed_keeps_its_places():
    lines = Lines("a\nb c", "a\nb c")
    assert [lines.place(1, 1, "a"), lines.place(2, 3, "c")] == [(1, 1), (2, 3)]


def test_a_text_with_nothing_in_common_still_gives_a_line_that_is_there():
    assert Lines("x", "one\ntwo\nthree").place(3, 2, "hree") == (1, 1)
