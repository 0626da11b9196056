"""`plan analyze --rows`: names of the source in the rows that travel are counted, and nothing else is."""

from __future__ import annotations

import pytest

ASKED = """\
source: imcust
target: imsdlc
select: {tables: [public.*]}
data: {tables: {public.stays: none}}
"""
OBJECTS = (
    "CREATE TABLE RULES (ID NUMBER, \"The Place\" VARCHAR, NOTE VARCHAR COLLATE 'en-ci', J VARIANT, D DATE)",
    "INSERT INTO RULES SELECT 1, '{db}.S.T', 'nothing', PARSE_JSON('[\"{low}.S.T\"]'), NULL",
    "INSERT INTO RULES SELECT 2, 'from \"{db}\".\"S\"', 'see {low}', NULL, NULL",
    "INSERT INTO RULES SELECT 3, 'MY_{db}.S.T and {db}2', '{db}_X', PARSE_JSON('[\"x{db}\"]'), NULL",
    "CREATE TABLE STAYS (WHAT VARCHAR)",
    "INSERT INTO STAYS VALUES ('{db}.S.T')",
    "CREATE TABLE PLAIN (WHAT VARCHAR, N NUMBER)",
    "INSERT INTO PLAIN VALUES ('x', 1)",
    "CREATE TABLE NUMBERS (N NUMBER)",
)


@pytest.fixture
def planned(project):
    name = project.databases["imcust"]
    shared = f"vars: {{share: {name}_S, share_database: {name}_F, imported_database: {name}_I}}\n"
    project.configure("imcust", shared)
    project.configure("imsdlc", "depends_on: [imcust]\nsource: imcust\n" + shared)
    for statement in OBJECTS:
        project.ask("imcust", statement.format(db=name, low=name.lower()))
    project.write({"config/migration.yaml": ASKED})
    project.runner("plan", "create", "p", "--no-history")
    return project


def test_names_of_the_source_in_rows_are_counted_by_column_when_asked_for(planned, spent):
    assert spent(lambda: planned.runner("plan", "analyze", "p")) == 0
    name = planned.databases["imcust"]
    found = planned.runner("plan", "analyze", "p", "--rows", "--format", "json").json
    assert [each["problem"] for each in found["held"]] == ["", "", ""]
    assert {each["table"]: each["columns"] for each in found["held"]} == {
        "PUBLIC.NUMBERS": [],
        "PUBLIC.PLAIN": [],
        "PUBLIC.RULES": [["The Place", 2], ["NOTE", 1], ["J", 1]],
    }
    (risk,) = [each for each in found["risks"] if "The Place" in each["what"]]
    assert (risk["severity"], risk["about"]) == ("medium", "PUBLIC.RULES")
    assert risk["what"] == f"The Place holds {name} in 2 rows, and rows travel as they are"
    told = planned.runner("plan", "analyze", "p", "--rows").out
    assert f"Rows of 3 tables were looked through: 4 values with {name}." in told
    assert f"NOTE holds {name} in 1 row," in told


def test_a_table_that_cannot_be_read_is_said_and_the_others_are(planned):
    planned.ask("imcust", "DROP TABLE PLAIN")
    found = planned.runner("plan", "analyze", "p", "--rows", "--format", "json").json
    (problem,) = [each for each in found["held"] if each["problem"]]
    assert problem["table"] == "PUBLIC.PLAIN"
    assert any("is not known: " in each["what"] and "PLAIN" in each["what"] for each in found["risks"])
    assert sum(count for each in found["held"] for _, count in each["columns"]) == 4
