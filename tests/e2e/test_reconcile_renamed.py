"""A plan that gives schemas and objects other names: what it brought is found in the source by those it has there."""

from __future__ import annotations

import json

import pytest

from tests.e2e.project import CONFIG

ASKED = """\
source: imcust
target: imsdlc
select: {schemas: [mart]}
names:
  schemas: {mart: sold, raw: "\\"Raw Data\\""}
  objects:
    mart.orders: sales
    mart.v_orders: v_sales
    mart.sp_load(number): sp_fill
    raw.numbers: ids
outside: {raw.*: include}
answers: {'text-*': rewrite}
policies: {literals: rewrite}
"""
OBJECTS = (
    "CREATE SCHEMA RAW",
    "CREATE SCHEMA MART",
    "CREATE SEQUENCE RAW.NUMBERS START = 5",
    "CREATE TABLE RAW.ITEMS (ID NUMBER PRIMARY KEY, V VARCHAR)",
    "INSERT INTO RAW.ITEMS SELECT SEQ4(), 'v' || SEQ4() FROM TABLE(GENERATOR(ROWCOUNT => 20))",
    "CREATE TABLE MART.ORDERS (ID NUMBER DEFAULT RAW.NUMBERS.NEXTVAL, ITEM NUMBER REFERENCES RAW.ITEMS (ID))"
    " COMMENT = 'filled by MART.SP_LOAD'",
    "INSERT INTO MART.ORDERS (ITEM) SELECT ID FROM RAW.ITEMS",
    "CREATE TABLE MART.KEPT (SALES NUMBER)",
    "CREATE VIEW MART.V_ORDERS AS SELECT o.ID, i.V FROM MART.ORDERS o JOIN {db}.RAW.ITEMS i ON i.ID = o.ITEM",
    "CREATE VIEW MART.ORDERS_TWICE AS SELECT ID FROM ORDERS UNION ALL SELECT ID FROM {db}.MART.V_ORDERS",
    """CREATE PROCEDURE MART.SP_LOAD(N NUMBER) RETURNS VARCHAR LANGUAGE SQL AS
'BEGIN
    INSERT INTO ORDERS (ITEM) SELECT ID FROM RAW.ITEMS WHERE ID < :N;
    EXECUTE IMMEDIATE ''DELETE FROM MART.ORDERS WHERE ID < 0'';
    RETURN ''{db}.MART.ORDERS'';
END'""",
    "CREATE PROCEDURE MART.SP_ALL() RETURNS VARCHAR LANGUAGE SQL AS 'BEGIN CALL SP_LOAD(3); RETURN ''MART''; END'",
)
BY_HAND = [
    (
        "V_SALES", "MART.V_ORDERS", "query",
        "CREATE OR REPLACE VIEW SOLD.V_SALES AS SELECT o.ID, UPPER(i.V) AS V"
        ' FROM SOLD.SALES o JOIN {db}."Raw Data".ITEMS i ON i.ID = o.ITEM',
    ),
    (
        "V_SALES", "MART.V_ORDERS", "query",
        "CREATE OR REPLACE VIEW SOLD.V_SALES AS SELECT o.ID, i.V FROM SOLD.SALES o JOIN {db}.MART.ITEMS i"
        " ON i.ID = o.ITEM",
    ),
    ("SALES", "MART.ORDERS", "column EXTRA", "ALTER TABLE SOLD.SALES ADD COLUMN EXTRA NUMBER"),
    ("SALES", "MART.ORDERS", "rows", "UPDATE SOLD.SALES SET ITEM = 0 WHERE ITEM = 1"),
    (
        "SP_FILL(NUMBER)", "MART.SP_LOAD(NUMBER)", "body",
        "CREATE OR REPLACE PROCEDURE SOLD.SP_FILL(N NUMBER) RETURNS VARCHAR LANGUAGE SQL AS"
        " 'BEGIN DELETE FROM SALES; RETURN ''x''; END'",
    ),
    ("IDS", "RAW.NUMBERS", "increment", 'CREATE OR REPLACE SEQUENCE "Raw Data".IDS START = 1000 INCREMENT = 2'),
]  # fmt: skip


@pytest.fixture
def renamed(project):
    """Planned with other names, and migrated."""
    name = project.databases["imcust"].replace("E2E", "RN")
    shared = f"vars: {{share: {name}, share_database: {name}_DB, imported_database: {name}_IN}}\n"
    project.configure("imcust", shared)
    here = CONFIG.format(account="imsdlc", database=project.databases["imsdlc"])
    here = here.replace("[public]", "[sold]")
    project.write({"config/imsdlc.yaml": f"{here}depends_on: [imcust]\nsource: imcust\n{shared}"})
    for statement in OBJECTS:
        project.ask("imcust", statement.replace("{db}", project.databases["imcust"]))
    project.write({"config/migration.yaml": ASKED})
    project.runner("plan", "create", "sold", "--no-history")
    lacking = project.runner("reconcile", "--env", "imsdlc", "--no-rows", code=22)
    assert "SOLD.V_SALES (MART.V_ORDERS in the source)" in lacking.err
    project.runner("migrate", "--all", "--yes")
    return project


def test_where_nothing_stands_nothing_is_said_to_be_equal(project):
    project.configure("imsdlc", "source: imcust\n")
    said = project.runner("reconcile", "--env", "imsdlc", code=2).err
    assert "Nothing was compared: no object stands in PUBLIC" in said


def objects(found):
    return {item["label"]: item for item in found["objects"]}


def test_what_has_other_names_is_found_and_equal(renamed):
    (found,) = json.loads(renamed.runner("reconcile", "--env", "imsdlc", "--format", "json").out)
    by_name = objects(found)
    assert found["verdict"] == "equal"
    assert found["not_selected"] == []
    assert {label: item["source"] for label, item in by_name.items()} == {
        "SOLD.SALES": "MART.ORDERS", "SOLD.KEPT": "MART.KEPT", '"Raw Data".ITEMS': "RAW.ITEMS",
        "SOLD.V_SALES": "MART.V_ORDERS", "SOLD.ORDERS_TWICE": "MART.ORDERS_TWICE", '"Raw Data".IDS': "RAW.NUMBERS",
        "SOLD.SP_FILL(NUMBER)": "MART.SP_LOAD(NUMBER)", "SOLD.SP_ALL()": "MART.SP_ALL()",
    }  # fmt: skip
    assert by_name["SOLD.SALES"]["data"]["target_rows"] == 20
    assert [item["source"] for item in objects(chosen(renamed, "mart.orders").json[0]).values()] == ["MART.ORDERS"]
    renamed.ask("imsdlc", "CREATE SCHEMA MART")
    renamed.ask("imsdlc", 'CREATE TABLE MART.ITEMS AS SELECT * FROM "Raw Data".ITEMS')
    for name, source, what, statement in BY_HAND:
        by_hand(renamed, name, source, what, statement)


def chosen(project, pattern):
    return project.runner("reconcile", "--env", "imsdlc", "--format", "json", "--objects", pattern, code=None)


def by_hand(project, name, source, what, statement):
    """A change in the target is told, under the name that the object has there and the one in the source."""
    project.ask("imsdlc", statement.replace("{db}", project.databases["imsdlc"]))
    ran = chosen(project, source.partition("(")[0])
    (item,) = ran.json[0]["objects"]
    assert (ran.code, item["verdict"], item["name"]) == (22, "differs", name)
    assert f"{item['label']} ({source} in the source)" in ran.err
    assert what in [one["what"] for one in item["differences"]] or not item["data"]["equal"]


def test_two_plans_that_contradict_each_other_are_named(renamed):
    text = (renamed.root / "plans" / "sold.json").read_text()
    other = text.replace('"plan": "sold"', '"plan": "other"').replace('"name": "ORDERS"', '"name": "BILLS"')
    other = other.replace('"mart.orders"', '"mart.bills"').replace('"ORDERS"', '"BILLS"')
    renamed.write({"plans/other.json": other})
    ran = renamed.runner("reconcile", "--env", "imsdlc", code=12)
    assert (
        "table SOLD.SALES is table MART.BILLS in the plan 'other', and table MART.ORDERS in the plan 'sold'" in ran.err
    )
