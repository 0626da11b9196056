"""One object as it will be made: names moved, texts asked about, answers heeded."""

from dataclasses import replace

from runner.authoring.names import TargetNames
from runner.authoring.pieces import Moving
from runner.catalog.estate import Found, Kind
from tests.unit.authoring.asking import asked
from tests.unit.authoring.sample import address, table

LOAD = Found(
    address(Kind.PROCEDURE, "LOAD"),
    ddl="""CREATE OR REPLACE PROCEDURE DB.S."LOAD"("D" DATE)
RETURNS VARCHAR
LANGUAGE SQL
EXECUTE AS OWNER
AS 'BEGIN
  INSERT INTO DB.S.T SELECT * FROM DB.OLD.U;
  EXECUTE IMMEDIATE ''DELETE FROM OLD.U'';
  EXECUTE IMMEDIATE ''DELETE FROM DB.S.T'';
  RETURN ''from DB'';
END';""",
)


def moving(**more):
    file = asked("*", names={"schemas": {"OLD": "NEW"}, "objects": {"s.t": "T2"}}, **more)
    members = (LOAD.address, table("T"), table("U", "OLD"))
    return Moving(file, frozenset(members), (), (), TargetNames(file, "DB", tuple(sorted(members))), {})


def test_names_in_code_are_moved_and_texts_are_left():
    text = moving().moved(LOAD).text
    assert "INSERT INTO {{ s }}.T2 SELECT * FROM {{ new }}.U" in text
    assert "'DELETE FROM OLD.U'" in text
    assert "'DELETE FROM DB.S.T'" in text


def test_texts_that_are_sql_are_asked_and_answered_one_by_one():
    questions = list(moving().questions(moving().piece(LOAD)))
    assert [question.text.split(" holds ")[1].split(".")[0] for question in questions] == ["OLD", "DB"]
    first = moving(answers={questions[0].id: "rewrite", questions[1].id: "keep"})
    text = first.moved(LOAD).text
    assert "'DELETE FROM NEW.U'" in text
    assert "'DELETE FROM DB.S.T'" in text
    assert list(first.questions(first.piece(LOAD))) == []
    later = replace(LOAD, ddl=LOAD.ddl.replace("AS 'BEGIN", "AS 'BEGIN\n  LET n := 1;"))
    assert [q.id for q in moving().questions(moving().piece(later))] == [question.id for question in questions]
    both = moving(answers={question.id: "rewrite" for question in questions})
    assert "'DELETE FROM {{ s }}.T2'" in both.moved(LOAD).text
