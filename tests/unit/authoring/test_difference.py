"""What a plan's next step holds: what has changed and how it is taken back, what is asked, and what is only told."""

from __future__ import annotations

from dataclasses import replace

import pytest

from runner.authoring.closing import close
from runner.authoring.difference import difference
from runner.authoring.draft import Numbers
from runner.authoring.drafting import first_step, step_of
from runner.authoring.record import Origin, Record
from runner.catalog.estate import Column, Found
from tests.unit.authoring.asking import asked
from tests.unit.authoring.sample import estate, table, view


def source(*columns: Column, more: tuple[Found, ...] = ()):
    defined = ",\n".join(f"\t{column.name} {column.type}" for column in columns)
    one = Found(table("T"), ddl=f"create or replace TABLE DB.S.T (\n{defined}\n);", columns=columns)
    return replace(estate([], []), objects=(one, *more))


def recorded(found, **words) -> Record:
    """The plan of a first look."""
    record = Record("p", asked(select={"objects": ["s.*"]}, **words), Origin("imcust", "ORG", "ACC", "DB"))
    step = first_step(record, close(record.asked, found), (), Numbers(1, 3), "", owns_share=True)
    return replace(record, steps=(step_of(record, step)[0],))


def second(record: Record, found, **words):
    """The texts of the second step, by file, and what is asked."""
    record = replace(record, asked=asked(select={"objects": ["s.*"]}, **words))
    closure = close(record.asked, found)
    change = difference(record, closure)
    step = first_step(record, closure, (), Numbers(4, 3), "", owns_share=False)
    step = replace(step, number=2, entries=change.entries, dropped=change.dropped)
    texts = {file.path.split("/")[1]: file.text for file in step_of(record, step)[1]}
    return texts, [*change.questions]


def typed(kind: str) -> Column:
    return Column("A", kind)


@pytest.mark.parametrize(
    ("before", "now"),
    [("VARCHAR(10)", "VARCHAR(50)"), ("NUMBER(10,2)", "NUMBER(12,2)"), ("BINARY(1)", "BINARY(9)")],
)
def test_a_wider_column_loses_nothing_and_is_not_asked_about(before, now):
    texts, questions = second(recorded(source(typed(before))), source(typed(now)))
    assert questions == []
    assert f"-- Taken back, A stays {now}" in texts["V005__ddl.sql"]
    assert f"ALTER TABLE {{{{ s }}}}.T ALTER COLUMN A SET DATA TYPE {now};" in texts["V005__ddl.sql"]
    assert "SET DATA TYPE" not in texts["U005__ddl.sql"]


def test_a_narrower_number_is_asked_about_and_taken_back():
    record, now = recorded(source(typed("NUMBER(12,2)"))), source(typed("NUMBER(10,2)"))
    _, (question,) = second(record, now)
    assert question.choices == ("change", "keep")
    texts, questions = second(record, now, answers={question.id: "change"})
    assert questions == []
    assert "SET DATA TYPE NUMBER(10,2)" in texts["V005__ddl.sql"]
    assert "SET DATA TYPE NUMBER(12,2)" in texts["U005__ddl.sql"]
    texts, _ = second(record, now, answers={question.id: "keep"})
    assert not any("SET DATA TYPE" in text for text in texts.values())


@pytest.mark.parametrize("now", ["VARCHAR(5)", "NUMBER(38,0)", "TIMESTAMP_NTZ(9)"])
def test_what_no_alter_does_is_told_and_not_written(now):
    record = recorded(source(typed("VARCHAR(10)")))
    texts, (question,) = second(record, source(typed(now)))
    assert question.choices == ("seen",)
    assert f"column A was VARCHAR(10) and is {now}. No ALTER does this" in question.text
    assert not any("SET DATA TYPE" in text for text in texts.values())


def test_what_is_gone_is_dropped_and_asked_of_the_source_no_more():
    made = Found(view("V"), ddl="create or replace view DB.S.V(\n\tA\n) as SELECT A FROM DB.S.T;")
    columns = (typed("NUMBER(38,0)"),)
    record = recorded(source(*columns, more=(made,)))
    _, (question,) = second(record, source(*columns))
    wider = source(typed("NUMBER(38,0)"), Column("B", "DATE"))
    texts, _ = second(record, wider, answers={question.id: "drop"})
    assert "DROP VIEW IF EXISTS {{ s }}.V;" in texts["V005__ddl.sql"]
    assert "CREATE OR REPLACE VIEW {{ s }}.V" in texts["U005__ddl.sql"]
    assert '"V"' not in texts["p_2.sql"]
    assert ".code" not in texts["V004__share_setup.sql"]


def test_a_table_that_was_filled_gets_its_rows_back_with_its_structure():
    record = recorded(source(typed("NUMBER(38,0)")))
    texts, _ = second(record, source(typed("NUMBER(38,0)"), Column("B", "DATE")))
    undo = texts["U005__ddl.sql"]
    assert undo.index("DROP COLUMN IF EXISTS B") < undo.index('copy.overwrite(s ~ ".T"')
    assert '[vars.imported_database, "SNAP_V001", "S__T"] | ident' in undo
    assert "DELETE FROM" not in texts["U006__data.sql"]
    assert '"again": true' in texts["p_2.sql"]
