"""External tables are stored: made, shown, granted and dropped; their files are not looked at."""

import pytest

FORMAT = "FILE_FORMAT = (TYPE = CSV)"
WHOLE = (
    "CREATE EXTERNAL TABLE X (C1 NUMBER AS (value:c1::number), "
    "D DATE AS TO_DATE(SPLIT_PART(METADATA$FILENAME, '/', 3)), "
    "N VARCHAR AS (VALUE:n::varchar) NOT NULL) PARTITION BY (D) WITH LOCATION = @EX/daily AUTO_REFRESH = FALSE "
    "PATTERN = '.*[.]parquet' FILE_FORMAT = (TYPE = PARQUET) COMMENT = 'it''s'"
)


def table(desk, sql):
    """Rows as dicts by column name."""
    result = desk.engine.execute(desk.session, sql)
    return [dict(zip([column.name for column in result.columns], row, strict=True)) for row in result.rows()]


def refusal(desk, sql):
    """Number of the refusal, and what is not supported where that is it."""
    found = desk.refused(sql)
    return found.errno, found.message.partition("Unsupported feature '")[2].removesuffix("'.")


@pytest.fixture
def bucket(desk):
    desk.run("CREATE STAGE EX URL = 's3://bucket/path/'", "CREATE STAGE OWN", "CREATE FILE FORMAT FF TYPE = PARQUET")
    return desk


def test_it_is_shown_and_described(bucket):
    bucket.run(WHOLE)
    shown = table(bucket, "SHOW EXTERNAL TABLES")[0]
    assert (shown["name"], shown["invalid"], shown["file_format_type"], shown["cloud"]) == (
        "X", "false", "PARQUET", "AWS",
    )  # fmt: skip
    assert shown["location"].endswith(".EX/daily/")
    listed = [row["rows"] for row in table(bucket, "SHOW TABLES LIKE 'X'")]
    assert listed == [None]
    columns = {
        row["name"]: (row["type"], row["kind"], row["expression"]) for row in table(bucket, "DESC EXTERNAL TABLE X")
    }
    assert columns["VALUE"] == ("VARIANT", "COLUMN", None)
    assert columns["C1"] == ("NUMBER(38,0)", "VIRTUAL", "value:c1::number")
    kinds = bucket.run(
        "SELECT TABLE_NAME, TABLE_TYPE, IS_INSERTABLE_INTO FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_NAME = 'X'"
    )
    assert kinds == [("X", "EXTERNAL TABLE", "NO")]
    assert bucket.run("SELECT TABLE_NAME, FILE_FORMAT_TYPE FROM INFORMATION_SCHEMA.EXTERNAL_TABLES") == [
        ("X", "PARQUET")
    ]
    assert table(bucket, "SHOW TABLES LIKE 'X'")[0]["is_external"] == "Y"


def test_its_text_makes_it_again(bucket):
    bucket.run(WHOLE, "CREATE EXTERNAL TABLE Y LOCATION = @EX FILE_FORMAT = (FORMAT_NAME = 'FF')")
    for name in ("X", "Y"):
        text = bucket.run(f"SELECT GET_DDL('EXTERNAL_TABLE', '{name}')")[0][0]
        bucket.run(f"DROP EXTERNAL TABLE {name}", text)
        assert bucket.run(f"SELECT GET_DDL('TABLE', '{name}')") == [(text,)]


def test_views_may_stand_on_it_and_nobody_reads_its_files(bucket):
    bucket.run(WHOLE, "CREATE VIEW V AS SELECT C1, D FROM X")
    for sql in ("SELECT * FROM X", "SELECT * FROM V", "CREATE TABLE T AS SELECT * FROM X"):
        assert refusal(bucket, sql) == (2, "files of the external stage that external table X reads"), sql


@pytest.mark.parametrize(
    ("sql", "errno"),
    [
        ("INSERT INTO X VALUES (1)", 2714),
        ("DELETE FROM X", 2714),
        ("UPDATE X SET C1 = 1", 2714),
        ("TRUNCATE TABLE X", 2714),
        ("MERGE INTO X USING (SELECT 1 A) S ON TRUE WHEN MATCHED THEN DELETE", 2714),
        ("CREATE TABLE T CLONE X", 2119),
        ("CREATE TABLE T LIKE X", 2),
        ("CREATE STREAM S ON TABLE X", 2),
        ("ALTER TABLE X ADD COLUMN Q NUMBER", 2),
        ("ALTER TABLE X SWAP WITH X", 2),
        ("ALTER EXTERNAL TABLE X REFRESH", 2),
        ("ALTER EXTERNAL TABLE X ADD FILES ('a.csv')", 2),
        ("ALTER EXTERNAL TABLE X NONSENSE", 1003),
        ("DROP TABLE X", 1003),
        ("CREATE OR REPLACE TABLE X (A INT)", 1998),
        ("GRANT INSERT ON EXTERNAL TABLE X TO ROLE SYSADMIN", 3008),
    ],
)
def test_what_it_does_not_take(bucket, sql, errno):
    bucket.run(WHOLE)
    assert refusal(bucket, sql)[0] == errno


@pytest.mark.parametrize(
    ("rest", "errno"),
    [
        (f"LOCATION = @OWN {FORMAT}", 1008),
        (f"LOCATION = @~ {FORMAT}", 1008),
        (f"LOCATION = @NOWHERE {FORMAT}", 2003),
        ("LOCATION = @EX", 1003),
        (FORMAT, 1003),
        (f"(A NUMBER) LOCATION = @EX {FORMAT}", 1003),
        (f"(A NUMBER AS (NOWHERE)) LOCATION = @EX {FORMAT}", 904),
        (f"(A NUMBER AS (value:a:: ) LOCATION = @EX {FORMAT}", 1003),
        (f"(A NUMBER AS ((SELECT 1))) LOCATION = @EX {FORMAT}", 2079),
        (f"(VALUE NUMBER AS (1)) LOCATION = @EX {FORMAT}", 2025),
        (f"(A NUMBER AS (1) PRIMARY KEY) LOCATION = @EX {FORMAT}", 2),
        (f"PARTITION BY (A) LOCATION = @EX {FORMAT}", 904),
        (f"LOCATION = @EX PATTERN = '(' {FORMAT}", 100048),
        ("LOCATION = @EX FILE_FORMAT = (FORMAT_NAME = 'NONE_SUCH')", 2003),
        (f"LOCATION = @EX TABLE_FORMAT = DELTA {FORMAT}", 2),
        (f"LOCATION = 's3://bucket/' {FORMAT}", 2),
    ],
)
def test_what_cannot_be_made_is_refused(bucket, rest, errno):
    assert refusal(bucket, f"CREATE EXTERNAL TABLE X {rest}")[0] == errno
    assert table(bucket, "SHOW EXTERNAL TABLES") == []


def test_it_is_invalid_without_its_stage_and_gone_for_good(bucket):
    bucket.run(WHOLE, "CREATE OR REPLACE STAGE EX URL = 's3://bucket/path/'")
    assert table(bucket, "SHOW EXTERNAL TABLES")[0]["invalid"] == "true"
    bucket.run("DROP EXTERNAL TABLE X", "DROP EXTERNAL TABLE IF EXISTS X")
    assert refusal(bucket, "UNDROP TABLE X")[0] == 2003


def test_clones_of_the_schema_leave_it_out(bucket):
    bucket.run(WHOLE, "CREATE TABLE PLAIN (A INT)", f"CREATE SCHEMA COPIED CLONE {bucket.session.schema}")
    assert [row["name"] for row in table(bucket, "SHOW TABLES IN SCHEMA COPIED")] == ["PLAIN"]


def test_grants_on_all_and_future_ones(bucket):
    bucket.run("CREATE ROLE XR", WHOLE)
    bucket.run(f"GRANT SELECT ON ALL EXTERNAL TABLES IN SCHEMA {bucket.session.schema} TO ROLE XR")
    bucket.run(f"GRANT SELECT ON FUTURE EXTERNAL TABLES IN SCHEMA {bucket.session.schema} TO ROLE XR")
    bucket.run(f"CREATE EXTERNAL TABLE Y LOCATION = @EX {FORMAT}", "CREATE TABLE PLAIN (A INT)")
    held = [(row["granted_on"], row["name"].rpartition(".")[2]) for row in table(bucket, "SHOW GRANTS TO ROLE XR")]
    assert sorted(held) == [("EXTERNAL_TABLE", "X"), ("EXTERNAL_TABLE", "Y")]


def test_grants_on_all_reach_every_kind(bucket):
    bucket.run("CREATE ROLE AR", f"GRANT USAGE ON ALL FILE FORMATS IN SCHEMA {bucket.session.schema} TO ROLE AR")
    bucket.run(f"GRANT READ ON ALL STAGES IN SCHEMA {bucket.session.schema} TO ROLE AR", "CREATE EVENT TABLE EV")
    bucket.run(f"GRANT SELECT ON ALL EVENT TABLES IN SCHEMA {bucket.session.schema} TO ROLE AR")
    held = {(row["granted_on"], row["name"].rpartition(".")[2]) for row in table(bucket, "SHOW GRANTS TO ROLE AR")}
    assert held == {("FILE_FORMAT", "FF"), ("STAGE", "EX"), ("STAGE", "OWN"), ("EVENT_TABLE", "EV")}
