"""Statements of a Snowflake Scripting body, and which of them run whenever it does."""

from __future__ import annotations

import pytest

from runner.sql.steps import Step, steps

BODY = """DECLARE
    n NUMBER DEFAULT (SELECT COUNT(*) FROM A);
    c CURSOR FOR SELECT ID FROM B;
    wrong EXCEPTION (-20001, 'BEGIN; END;');
BEGIN
    -- INSERT INTO T VALUES (1);
    TRUNCATE TABLE T;
    INSERT INTO T SELECT CASE WHEN X > 0 THEN 'begin;' ELSE 'end' END FROM A;
    IF (n = 0) THEN
        RETURN 'nothing; at all';
    ELSEIF ((SELECT 1) = 2) THEN
        INSERT INTO T VALUES (2);
    ELSE
        INSERT INTO T VALUES (3);
    END IF;
    FOR r IN c DO
        INSERT INTO T VALUES (4);
    END FOR;
    WHILE (n > 0) LOOP n := n - 1; END LOOP;
    REPEAT DELETE FROM T; UNTIL (TRUE) END REPEAT;
    LOOP BREAK; END LOOP;
    CASE (n) WHEN 1 THEN UPDATE T SET X = 5; ELSE UPDATE T SET X = 6; END CASE;
    BEGIN TRANSACTION;
    BEGIN
        MERGE INTO T USING B ON T.ID = B.ID
            WHEN MATCHED THEN UPDATE SET X = 7 WHEN NOT MATCHED THEN INSERT (X) VALUES (8);
    EXCEPTION
        WHEN OTHER THEN
            INSERT INTO T VALUES (9);
    END;
    COMMIT;
    LET rows RESULTSET := (SELECT * FROM T);
    RETURN TABLE(rows);
END"""


def test_what_always_runs_and_what_may_not():
    found = steps(BODY)
    always = [step.text.split("\n")[0].split(" ")[0] for step in found if step.always]
    assert always == ["TRUNCATE", "INSERT", "BEGIN", "MERGE", "COMMIT", "LET", "RETURN"]
    seldom = [step.text for step in found if not step.always]
    assert seldom == [
        "RETURN 'nothing; at all'", "INSERT INTO T VALUES (2)", "INSERT INTO T VALUES (3)", "INSERT INTO T VALUES (4)",
        "n := n - 1", "DELETE FROM T", "BREAK", "UPDATE T SET X = 5", "UPDATE T SET X = 6", "INSERT INTO T VALUES (9)",
    ]  # fmt: skip


def test_a_statement_keeps_its_text_and_its_line():
    found = {step.text.split(" ")[0]: step for step in steps(BODY) if step.always}
    assert found["TRUNCATE"] == Step("TRUNCATE TABLE T", 7, True)
    assert found["INSERT"].text == "INSERT INTO T SELECT CASE WHEN X > 0 THEN 'begin;' ELSE 'end' END FROM A"
    assert found["MERGE"].text.endswith("INSERT (X) VALUES (8)")


@pytest.mark.parametrize("body", ["", ";", "BEGIN END", "END;", "IF (", "CASE", "DECLARE"])
def test_what_is_no_block_has_no_steps_and_breaks_nothing(body):
    assert steps(body) == ()


def test_one_statement_without_a_block():
    assert steps("INSERT INTO T SELECT 1") == (Step("INSERT INTO T SELECT 1", 1, True),)


def test_a_procedure_of_its_own_cannot_be_read():
    with pytest.raises(ValueError, match="declares a procedure"):
        steps("DECLARE p PROCEDURE() RETURNS INT AS BEGIN DELETE FROM T; END; BEGIN CALL p(); END")
