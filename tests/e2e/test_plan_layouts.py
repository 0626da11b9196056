"""The same objects as one file, as a file for each kind, and as a file for each object; code as V or as R scripts."""

from __future__ import annotations

import pytest

ASKED = """\
source: imcust
target: imsdlc
select: {{schemas: [public]}}
layout: {{ddl: {ddl}, code: {code}}}
"""
OBJECTS = (
    "CREATE SEQUENCE NUMBERS START = 5",
    "CREATE TABLE ORDERS (ID NUMBER DEFAULT NUMBERS.NEXTVAL, NAME VARCHAR)",
    "INSERT INTO ORDERS (NAME) SELECT 'n' || SEQ4() FROM TABLE(GENERATOR(ROWCOUNT => 9))",
    "CREATE FUNCTION LOUD(T VARCHAR) RETURNS VARCHAR AS 'UPPER(T)'",
    "CREATE VIEW LOUD_ORDERS AS SELECT ID, LOUD(NAME) AS NAME FROM ORDERS",
    "CREATE VIEW FEW_ORDERS AS SELECT * FROM LOUD_ORDERS WHERE ID < 9",
    "CREATE PROCEDURE HOW_MANY() RETURNS NUMBER LANGUAGE SQL AS 'BEGIN RETURN (SELECT COUNT(*) FROM FEW_ORDERS); END'",
)
NAMES = {
    ("one", "versioned"): {"V002__ddl.sql"},
    ("kind", "versioned"): {"V002__sequences.sql", "V003__tables.sql", "V004__code.sql"},
    ("object", "versioned"): {
        "V002__sequence_numbers.sql", "V003__table_orders.sql", "V004__function_loud.sql",
        "V005__view_loud_orders.sql", "V006__view_few_orders.sql", "V007__procedure_how_many.sql",
    },
    ("one", "repeatable"): {
        "V002__ddl.sql", "R__public_loud_varchar.sql", "R__public_loud_orders.sql", "R__public_few_orders.sql",
        "R__public_how_many.sql",
    },
}  # fmt: skip
LONG = {("one", "versioned"), ("kind", "versioned")}
"""What nearly every plan of the other tests is, and what has fewer files than one for each object."""
LAYOUTS = [pytest.param(*layout, marks=[pytest.mark.drill] if layout in LONG else []) for layout in NAMES]


@pytest.mark.parametrize(("ddl", "code"), LAYOUTS)
def test_every_layout_gives_the_same_objects(project, ddl, code):
    name = project.databases["imcust"].replace("E2E", "LA")
    shared = f"vars: {{share: {name}, share_database: {name}_DB, imported_database: {name}_IN}}\n"
    project.configure("imcust", shared)
    project.configure("imsdlc", "depends_on: [imcust]\nsource: imcust\n" + shared)
    for statement in OBJECTS:
        project.ask("imcust", statement)
    project.write({"config/migration.yaml": ASKED.format(ddl=ddl, code=code)})
    project.runner("plan", "create", "all", "--no-history")
    written = {path.name for path in (project.root / "versions").glob("[VR]*")}
    code_and_ddl = {
        each for each in written if "share_setup" not in each and "data" not in each and "grants" not in each
    }
    assert code_and_ddl == NAMES[ddl, code]
    project.runner("migrate", "--all")
    for question in ("SELECT * FROM FEW_ORDERS ORDER BY ID", "CALL HOW_MANY()"):
        assert project.ask("imsdlc", question) == project.ask("imcust", question)
    assert project.ask("imsdlc", "SELECT NUMBERS.NEXTVAL") == [(14,)]
    project.runner("undo", "--env", "imsdlc", "--target", "0")
    assert project.ask("imsdlc", "SHOW TABLES IN SCHEMA PUBLIC") == []
