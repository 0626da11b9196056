"""Every way in which rows come, over a small estate: planned, migrated, equal; changed, migrated again, equal again."""

from __future__ import annotations

import pytest

from runner.authoring.drafting import files_again
from runner.authoring.record import read_record

VARS = "vars: {{share: {name}, share_database: {name}_DB, imported_database: {name}_IN}}\n"
ASKED = """\
source: imcust
target: imsdlc
select:
  tables: [public.*]
data:
  tables:
    days: {strategy: batches, by: day, every: quarter}
    keys: {strategy: batches, size: 40}
    hashed: {strategy: batches, by: 'hash("Odd Name")', parts: 3}
    people: {strategy: incremental, watermark: changed_at, overlap: 1 day}
    accounts: stream
    totals: {strategy: replay, from: history}
    sums: {strategy: replay, from: public.fill_sums}
    empty: none
"""
OBJECTS = (
    "CREATE TABLE DAYS (DAY DATE, N NUMBER)",
    "INSERT INTO DAYS SELECT DATEADD('day', SEQ4() * 11, '2024-01-10'::DATE), SEQ4()"
    " FROM TABLE(GENERATOR(ROWCOUNT => 26))",
    "INSERT INTO DAYS VALUES (NULL, -1), (NULL, -2)",
    "CREATE TABLE KEYS (ID NUMBER PRIMARY KEY, V VARIANT)",
    "INSERT INTO KEYS SELECT SEQ4() - 30, PARSE_JSON('{\"a\": ' || SEQ4() || '}')"
    " FROM TABLE(GENERATOR(ROWCOUNT => 100))",
    'CREATE TABLE HASHED ("Odd Name" VARCHAR, N NUMBER)',
    "INSERT INTO HASHED SELECT IFF(SEQ4() % 7 = 0, NULL, 'n' || SEQ4() % 5), SEQ4()"
    " FROM TABLE(GENERATOR(ROWCOUNT => 50))",
    "CREATE TABLE PEOPLE (ID NUMBER PRIMARY KEY, NAME VARCHAR, CHANGED_AT TIMESTAMP_NTZ)",
    "INSERT INTO PEOPLE SELECT SEQ4(), 'p', '2026-01-01'::TIMESTAMP_NTZ FROM TABLE(GENERATOR(ROWCOUNT => 20))",
    "CREATE TABLE ACCOUNTS (ID NUMBER PRIMARY KEY, AMOUNT NUMBER(10,2))",
    "INSERT INTO ACCOUNTS SELECT SEQ4(), SEQ4() FROM TABLE(GENERATOR(ROWCOUNT => 20))",
    "CREATE TABLE TOTALS (N NUMBER, HOW_MANY NUMBER)",
    "INSERT INTO TOTALS SELECT 99, 1 FROM KEYS",
    "INSERT OVERWRITE INTO TOTALS SELECT N, COUNT(*) FROM HASHED GROUP BY N",
    "INSERT INTO TOTALS SELECT ID, 0 FROM KEYS WHERE ID > 60",
    "CREATE TABLE SUMS (NAME VARCHAR, TOTAL NUMBER)",
    "CREATE PROCEDURE FILL_SUMS() RETURNS VARCHAR LANGUAGE SQL AS $$ BEGIN TRUNCATE TABLE SUMS;"
    " INSERT INTO SUMS SELECT \"Odd Name\", SUM(N) FROM HASHED GROUP BY 1; RETURN 'done'; END $$",
    "CALL FILL_SUMS()",
    "CREATE TABLE EMPTY (ID NUMBER)",
    "INSERT INTO EMPTY VALUES (1)",
)
TABLES = ("DAYS", "KEYS", "HASHED", "PEOPLE", "ACCOUNTS", "TOTALS", "SUMS")


@pytest.fixture
def seeded(project):
    name = project.databases["imcust"].replace("E2E", "RW")
    for environment, more in (("imcust", ""), ("imsdlc", "depends_on: [imcust]\nsource: imcust\n")):
        project.configure(environment, more + VARS.format(name=name))
    for statement in OBJECTS:
        project.ask("imcust", statement)
    return project.write({"config/migration.yaml": ASKED})


@pytest.fixture
def planned(seeded):
    seeded.runner("plan", "create", "rows")
    return seeded


def hashes(project, environment, *tables):
    return {table: project.ask(environment, f"SELECT COUNT(*), HASH_AGG(*) FROM {table}")[0] for table in tables}


def equal(project, *tables):
    assert hashes(project, "imsdlc", *tables) == hashes(project, "imcust", *tables)


def test_every_way_brings_every_row_and_follows_and_can_be_taken_back_and_done_again(planned):
    """What is kept equal follows changes, deletions and new keys."""
    names = {path.name.split("__")[1] for path in (planned.root / "versions").glob("V*")}
    assert names == {
        "share_setup.sql", "ddl.sql", "data_batches.sql", "data_incremental.sql", "data_replay.sql", "data_stream.sql",
    }  # fmt: skip
    planned.runner("migrate", "--all")
    equal(planned, *TABLES)
    assert planned.ask("imsdlc", "SELECT COUNT(*) FROM EMPTY") == [(0,)]
    for statement in (
        "UPDATE PEOPLE SET NAME = 'q', CHANGED_AT = '2026-02-01' WHERE ID < 3",
        "DELETE FROM PEOPLE WHERE ID = 5",
        "INSERT INTO PEOPLE VALUES (100, 'new', '2026-02-02')",
        "UPDATE ACCOUNTS SET AMOUNT = -1 WHERE ID = 1",
        "UPDATE ACCOUNTS SET ID = 200 WHERE ID = 2",
        "DELETE FROM ACCOUNTS WHERE ID = 3",
        "INSERT INTO ACCOUNTS VALUES (300, 3)",
    ):
        planned.ask("imcust", statement)
    for _ in range(2):
        planned.runner("migrate", "--all")
        equal(planned, "PEOPLE", "ACCOUNTS")
    planned.runner("undo", "--all", "--target", "0")
    left = [row[1] for row in planned.ask("imsdlc", "SHOW TABLES IN SCHEMA PUBLIC")]
    assert left == []
    planned.runner("migrate", "--all")
    equal(planned, *TABLES)


def test_a_second_look_writes_the_difference_alone_and_taken_back_leaves_what_the_first_had_left(planned):
    planned.runner("migrate", "--all")
    left = hashes(planned, "imsdlc", *TABLES)
    assert "Nothing has changed" in planned.runner("plan", "create", "rows").out
    for statement in (
        "ALTER TABLE DAYS DROP COLUMN N",
        "ALTER TABLE KEYS ADD COLUMN MORE VARCHAR DEFAULT 'm'",
        "ALTER TABLE PEOPLE ADD COLUMN CITY VARCHAR DEFAULT 'Bern'",
        "ALTER TABLE ACCOUNTS ADD COLUMN KIND VARCHAR",
        "DROP TABLE SUMS",
        "CREATE TABLE MORE AS SELECT ID FROM KEYS",
    ):
        planned.ask("imcust", statement)
    planned.write(
        {"config/migration.yaml": ASKED.replace("    sums: {strategy: replay, from: public.fill_sums}\n", "")}
    )
    asked = planned.runner("plan", "create", "rows", code=12)
    assert "column N is gone" in asked.err
    planned.runner("plan", "answer", "rows", "*=drop")
    written = planned.runner("plan", "create", "rows").out
    assert "V008__ddl.sql" in written
    assert "V001" not in written
    text = (planned.root / "versions" / "V008__ddl.sql").read_text()
    assert "PEOPLE ADD COLUMN IF NOT EXISTS CITY VARCHAR" in text
    assert "DAYS DROP COLUMN IF EXISTS N" in text
    assert "HASHED" not in text
    planned.runner("migrate", "--all")
    kept = [name for name in (*TABLES, "MORE") if name != "SUMS"]
    equal(planned, *kept)
    planned.runner("undo", "--all", "--target", "006")
    assert hashes(planned, "imsdlc", *TABLES) == left
    planned.runner("migrate", "--all")
    equal(planned, *kept)


def test_the_files_can_be_made_again_from_the_record_alone_and_one_that_somebody_edited_is_left_alone(planned):
    record = read_record("plans/rows.json", (planned.root / "plans" / "rows.json").read_text())
    for file in files_again(record, 1):
        assert (planned.root / file.path).read_text() == file.text
    edited = planned.root / "versions" / "V002__ddl.sql"
    edited.write_text(edited.read_text() + "-- mine\n")
    planned.ask("imcust", "ALTER TABLE DAYS ADD COLUMN X NUMBER")
    for more in ((), ("--force",)):
        refused = planned.runner("plan", "create", "rows", "--anew", *more, code=12)
        assert "V002__ddl.sql was written by this plan and edited since; nothing was written" in refused.err
    assert edited.read_text().endswith("-- mine\n")


CANNOT = {
    "totals: {strategy: incremental, watermark: n}": "needs `key`, since the table has no primary key",
    "people: {strategy: incremental, watermark: gone}": "it has no column GONE",
    "people: {strategy: incremental, watermark: changed_at, overlap: often}": "is no overlap",
    "days: {strategy: batches, by: n, every: day}": "holds no dates",
    "keys: {strategy: batches, by: id, every: day}": "holds no dates",
    "keys: {strategy: batches, by: hash(gone), parts: 2}": "no column GONE",
    "people: {strategy: incremental, watermark: name}": "cannot say when a row last changed",
    "keys: {strategy: replay, from: history}": "gives another result",
    "empty: {strategy: replay, from: history}": "came from outside",
}


def test_what_a_table_cannot_do_is_said_before_anything_is_written(seeded):
    seeded.ask("imcust", "INSERT OVERWRITE INTO KEYS SELECT ID, RANDOM()::VARIANT FROM KEYS")
    path = seeded.root / "config/other.yaml.txt"
    for data, reason in CANNOT.items():
        path.write_text(ASKED.partition("data:")[0] + f"data:\n  tables:\n    {data}\n")
        words = () if "history" in data else ("--no-history",)
        refused = seeded.runner("plan", "create", "other", "--from", str(path), *words, code=None)
        assert refused.code in (3, 12), (data, refused.said)
        assert reason in refused.err, data
        assert not (seeded.root / "plans" / "other.json").exists(), data
