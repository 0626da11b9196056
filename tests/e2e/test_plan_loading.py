"""How rows come, as the file says it: the order of tables, several at the same time, and on which warehouse."""

from __future__ import annotations

import json

import pytest

ASKED = """\
source: imcust
target: imsdlc
select: {tables: [public.*]}
data:
  order: [public.small, 'public.b*']
  parallel: true
  warehouse: load_warehouse
  tables:
    'b*': {strategy: batches, by: id, size: 10}
    'k*': {strategy: incremental, watermark: at}
    kept2: {strategy: incremental, watermark: at, deletes: false}
"""
OBJECTS = (
    *(
        f"CREATE TABLE {name} AS SELECT SEQ4() AS ID, 'v' || SEQ4() AS V FROM TABLE(GENERATOR(ROWCOUNT => {rows}))"
        for name, rows in (("ANY_ONE", 5), ("B1", 30), ("B2", 50), ("SMALL", 3))
    ),
    *(
        f"CREATE TABLE {name} (ID NUMBER PRIMARY KEY, AT TIMESTAMP_NTZ) AS SELECT SEQ4(), '2026-01-01'::TIMESTAMP_NTZ"
        " FROM TABLE(GENERATOR(ROWCOUNT => 7))"
        for name in ("KEPT", "KEPT2")
    ),
)
TABLES = ("ANY_ONE", "B1", "B2", "SMALL", "KEPT", "KEPT2")


@pytest.fixture
def asked(project):
    name = project.databases["imcust"].replace("E2E", "LO")
    shared = f"{{share: {name}, share_database: {name}_DB, imported_database: {name}_IN"
    project.configure("imcust", f"vars: {shared}}}\n")
    project.configure("imsdlc", f"depends_on: [imcust]\nsource: imcust\nvars: {shared}, load_warehouse: {name}_WH}}\n")
    project.ask("imsdlc", f"CREATE WAREHOUSE {name}_WH")
    for statement in OBJECTS:
        project.ask("imcust", statement)
    project.write({"config/migration.yaml": ASKED})
    yield project
    project.ask("imsdlc", f"DROP WAREHOUSE {name}_WH")


def texts(project):
    return {path.name.split("__")[1]: path.read_text() for path in (project.root / "versions").glob("V*")}


def test_what_the_file_says_is_in_the_scripts_and_heeded_after_an_accident_too(asked, orders):
    asked.runner("plan", "create", "p", "--no-history")
    listed = (asked.root / "templates/p.sql").read_text()
    places = [listed.index(f'"name": "{name}"') for name in ("SMALL", "B1", "B2", "ANY_ONE", "KEPT", "KEPT2")]
    assert places == sorted(places)
    found = texts(asked)
    using = {name for name, text in found.items() if "USE WAREHOUSE {{ vars.load_warehouse | ident }};" in text}
    assert using == {"data.sql", "data_batches.sql", "data_incremental.sql"}
    at_once = {name for name, text in found.items() if "-- runner: parallel" in text}
    assert at_once == {"data_batches.sql", "data_incremental.sql"}
    said = asked.runner("plan", "validate", "p", "--no-history", code=None).out
    assert "_WH copies the rows (vars.load_warehouse)" in said
    orders.fault("error", match=f"DELETE FROM {asked.databases['imsdlc']}.PUBLIC.B2", code=100132, nth=3)
    asked.runner("migrate", "--all", "--parallel", "3", code=20)
    asked.runner("repair", "--env", "imsdlc", "--retry", "V004__data_batches.sql", "--reason", "an accident")
    asked.runner("migrate", "--all", "--parallel", "3")
    for table in TABLES:
        question = f"SELECT COUNT(*), HASH_AGG(*) FROM {table}"
        assert asked.ask("imsdlc", question) == asked.ask("imcust", question), table
    heeded(asked)
    asked.runner("reconcile", "--env", "imsdlc")
    asked.runner("undo", "--all", "--target", "0")


def heeded(project):
    """By Snowflake's own record of who ran what where; afterwards the environment's warehouse is back."""
    rows = project.ask(
        "imsdlc",
        "SELECT WAREHOUSE_NAME, COUNT(DISTINCT SESSION_ID) FROM TABLE(INFORMATION_SCHEMA.QUERY_HISTORY("
        f"RESULT_LIMIT => 10000)) WHERE DATABASE_NAME = '{project.databases['imsdlc']}' AND ("
        "QUERY_TEXT LIKE 'INSERT OVERWRITE%' OR QUERY_TEXT LIKE 'MERGE INTO%' OR QUERY_TEXT LIKE 'BEGIN%DELETE%')"
        " AND QUERY_TEXT NOT LIKE '%MIGRATION_%' AND QUERY_TEXT NOT LIKE '%SYNC_P%' GROUP BY 1",
    )
    ((warehouse, sessions),) = rows
    assert warehouse.endswith("_WH")
    assert warehouse != "ADMIN_WH"
    assert sessions >= 3


REFUSED = [
    ("'b*': {strategy: batches, by: id, size: 10}", "k9: none", "data.tables: no table of the source is called 'k9'"),
    ("public.small, ", "public.smal, ", "data.order: no table of the source is called 'public.smal'"),
    ("warehouse: load_warehouse", "warehouse: other_word", "vars.other_word"),
    ("warehouse: load_warehouse", "warehouse: 'a b'", "'data.warehouse' must be"),
    (
        ASKED[ASKED.index("  tables:") :],
        "  default: stream\n",
        "data.parallel: no rows come by batches or incremental.",
    ),
]


def test_what_would_have_no_effect_is_refused(asked):
    for old, new, said in REFUSED:
        asked.write({"config/migration.yaml": ASKED.replace(old, new)})
        assert said in asked.runner("plan", "create", "p", "--no-history", code=3).err


def grown(record):
    """A record of tables that are worth it: B2 the largest of those that need no common transaction."""
    for entry in record["steps"][0]["entries"]:
        found = entry["found"]
        found["rows"], found["bytes"] = found["rows"] * 10**7, found["rows"] * 10**8
    return record


def test_what_optimize_writes_is_what_create_heeds(asked):
    plain = ASKED.replace(ASKED[ASKED.index("  order:") : ASKED.index("  tables:")], "")
    asked.write({"config/migration.yaml": plain})
    asked.runner("plan", "create", "p", "--no-history")
    before = texts(asked)
    record = (asked.root / "plans/p.json").read_text()
    asked.write({"plans/p.json": json.dumps(grown(json.loads(record)))})
    told = asked.runner("plan", "optimize", "p", "--write").out
    assert "5 changes in config/migration.yaml" in told
    text = (asked.root / "config/migration.yaml").read_text()
    assert "parallel: true" in text
    assert 'order: ["PUBLIC.B2"' in text
    assert "warehouse: load_warehouse" in text
    asked.write({"plans/p.json": record})
    asked.runner("plan", "create", "p", "--no-history", "--anew")
    after = texts(asked)
    assert before["data_batches.sql"] != after["data_batches.sql"]
    assert "-- runner: parallel" in after["data_batches.sql"]
    assert "USE WAREHOUSE" in after["data.sql"]
