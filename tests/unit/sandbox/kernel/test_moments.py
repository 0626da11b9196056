"""TIMESTAMP_TZ keeps its offset (sql-reference/data-types-datetime)."""

from datetime import UTC, datetime

import duckdb
import pytest

from runner.sandbox import bootstrap
from runner.sandbox.engine import Engine
from runner.sandbox.http.arrow import to_wire
from runner.sandbox.http.rowset import to_rows
from runner.sandbox.opening import FILE
from runner.sandbox.zones import Offset, zoned

NINE = "'2024-01-01 09:00:00 +0000'::TIMESTAMP_TZ"
TEN = "'2024-01-01 10:00:00 +0100'::TIMESTAMP_TZ"


@pytest.fixture
def moments(client):
    """Twice the same instant, a NULL, and one half a year later without an offset."""
    client.run(
        "ALTER SESSION SET TIMEZONE = 'America/Los_Angeles'",
        "CREATE TABLE T (A TIMESTAMP_TZ, N INT)",
        "INSERT INTO T VALUES ('2024-01-01 10:00:00 +0100', 1), ('2024-01-01 09:00:00Z', 2), (NULL, 3), "
        "('2024-06-01', 4)",
    )
    return client


@pytest.mark.parametrize(
    ("expression", "shown"),
    [
        (f"{TEN}", "2024-01-01 10:00:00.000 +0100"),
        ("'2024-01-01 10:00:00.5 -05:30'::TIMESTAMP_TZ", "2024-01-01 10:00:00.500 -0530"),
        ("'2024-07-01 10:00:00'::TIMESTAMP_TZ", "2024-07-01 10:00:00.000 -0700"),
        ("'2024-01-01 10:00:00'::TIMESTAMP_NTZ::TIMESTAMP_TZ", "2024-01-01 10:00:00.000 -0800"),
        ("'2024-01-01'::DATE::TIMESTAMP_TZ", "2024-01-01 00:00:00.000 -0800"),
        ("'2024-01-01 10:00:00Z'::TIMESTAMP_LTZ::TIME", "02:00:00"),
        ("CURRENT_TIME() = CURRENT_TIMESTAMP()::TIME AND LOCALTIME = TO_TIME(CURRENT_TIMESTAMP(3))", "true"),
        ("'2024-01-01 10:00:00'::TIMESTAMP_LTZ::TIMESTAMP_TZ", "2024-01-01 10:00:00.000 -0800"),
        (f"{TEN}::TIMESTAMP_NTZ", "2024-01-01 10:00:00.000"),
        (f"{TEN}::TIMESTAMP_LTZ", "2024-01-01 01:00:00.000 -0800"),
        (f"{TEN}::DATE", "2024-01-01"),
        (f"{TEN}::TIME", "10:00:00"),
        ("TO_TIMESTAMP_TZ('2024-01-01 10:00 +0200', 'YYYY-MM-DD HH24:MI TZHTZM')", "2024-01-01 10:00:00.000 +0200"),
        ("TO_TIMESTAMP_TZ('04/05/2013 01:02:03', 'mm/dd/yyyy hh24:mi:ss')", "2013-04-05 01:02:03.000 -0700"),
        (f"DATEADD('month', 1, {TEN})", "2024-02-01 10:00:00.000 +0100"),
        (f"DATE_TRUNC('day', {TEN})", "2024-01-01 00:00:00.000 +0100"),
        (f"{TEN} + INTERVAL '1 day'", "2024-01-02 10:00:00.000 +0100"),
        (f"ADD_MONTHS({TEN}, 1)", "2024-02-01 10:00:00.000 +0100"),
        (f"CONVERT_TIMEZONE('America/New_York', {TEN})", "2024-01-01 04:00:00.000 -0500"),
        (f"DATE_PART(TIMEZONE_HOUR, {TEN})", "1"),
        ("DATE_PART('timezone_minute', '2024-01-01 10:00:00.5 -05:30'::TIMESTAMP_TZ)", "-30"),
        (f"DATEDIFF('hour', {TEN}, {NINE})", "0"),
        (f"TO_CHAR({TEN}, 'YYYY HH24 TZH:TZM')", "2024 10 +01:00"),
        (f"TO_VARIANT({TEN})", "2024-01-01 10:00:00.000 +0100"),
        ("PARSE_JSON('\"2024-01-01 10:00:00 +0100\"')::TIMESTAMP_TZ", "2024-01-01 10:00:00.000 +0100"),
        (f"COALESCE(NULL::TIMESTAMP_TZ, {TEN})", "2024-01-01 10:00:00.000 +0100"),
        ("TRY_TO_TIMESTAMP_TZ('x')", None),
        ("TRY_CAST('2024-01-01 00:00:00 +02:00' AS TIMESTAMP_TZ)", "2024-01-01 00:00:00.000 +0200"),
    ],
)
def test_a_moment_keeps_the_offset_it_was_written_with(client, expression, shown):
    client.execute("ALTER SESSION SET TIMEZONE = 'America/Los_Angeles'")
    assert client.one(f"SELECT ({expression})::VARCHAR") == shown


def test_moments_are_compared_grouped_and_joined_by_their_instant(moments):
    assert moments.one(f"SELECT {TEN} = {NINE} AND {TEN} IN ({NINE}) AND NOT {TEN} < {NINE}") is True
    assert moments.one("SELECT COUNT(DISTINCT A) FROM T") == 2
    assert len(moments.rows("SELECT DISTINCT A FROM T")) == 3
    assert [n for _, n in moments.rows("SELECT A, COUNT(*) FROM T GROUP BY A ORDER BY A")] == [2, 1, 1]
    assert [n for _, n in moments.rows("SELECT A::DATE, COUNT(*) FROM T GROUP BY A ORDER BY 1")] == [2, 1, 1]
    assert [n for _, n in moments.rows("SELECT A, COUNT(*) FROM T GROUP BY ALL ORDER BY A DESC")] == [1, 1, 2]
    assert len(moments.rows("SELECT A FROM T UNION SELECT A FROM T")) == 3
    assert moments.one("SELECT COUNT(*) FROM T JOIN T U ON T.A = U.A") == 5
    assert moments.one("SELECT COUNT(*) FROM T WHERE A IN (SELECT A FROM T WHERE N = 2)") == 2
    assert moments.one("SELECT MAX(R) FROM (SELECT RANK() OVER (PARTITION BY A ORDER BY A) R FROM T)") == 1


def test_a_moment_goes_into_a_table_and_out_to_the_client_with_its_offset(moments):
    moments.run(
        "MERGE INTO T USING (SELECT '2024-01-01 11:00:00 +0200'::TIMESTAMP_TZ B) S ON T.A = S.B "
        "WHEN MATCHED AND T.N = 2 THEN UPDATE SET A = S.B",
    )
    result = moments.execute("SELECT A FROM T ORDER BY N")
    assert [row[0].isoformat(" ") if row[0] else None for row in result.rows()] == [
        "2024-01-01 10:00:00+01:00", "2024-01-01 11:00:00+02:00", None, "2024-06-01 00:00:00-07:00",
    ]  # fmt: skip
    assert to_rows(result.columns, result.table)[:3] == [
        ["1704099600.000000000 1500"],
        ["1704099600.000000000 1560"],
        [None],
    ]
    assert to_wire(result.columns, result.table).column(0).to_pylist()[0] == {
        "epoch": 1704099600, "fraction": 0, "timezone": 1500,
    }  # fmt: skip


def test_a_bound_moment_and_a_scripts_variable_keep_it_too(client):
    value = zoned(datetime(2024, 1, 1, 9), 60)
    assert client.one("SELECT ?::VARCHAR", [value]) == "2024-01-01 10:00:00.000 +0100"
    script = f"DECLARE X TIMESTAMP_TZ DEFAULT {TEN}; BEGIN LET Y := X; RETURN Y::VARCHAR; END"
    assert client.one(f"EXECUTE IMMEDIATE $$ {script} $$") == "2024-01-01 10:00:00.000 +0100"
    assert value.tzname() == "+01:00"
    assert Offset(-90).tzname(None) == "-01:30"
    assert value.dst().seconds == 0


@pytest.mark.parametrize(
    ("sql", "named"),
    [
        ("SELECT A FROM T INTERSECT SELECT A FROM T", "INTERSECT of TIMESTAMP_TZ"),
        ("SELECT TIMEZONE_HOUR(A) FROM T", "TIMEZONE_HOUR"),
    ],
)
def test_what_moments_cannot_do_is_refused_by_name(moments, sql, named):
    assert named in moments.said(sql)


def test_one_instant_at_two_places_is_one_where_rows_are_joined(client):
    client.run(
        "CREATE OR REPLACE TABLE zoned (a TIMESTAMP_TZ, n INT)",
        "INSERT INTO zoned VALUES ('2024-01-01 00:00:00 +0000', 1), ('2024-01-01 01:00:00 +0100', 2), (NULL, 3)",
    )
    joined = "SELECT t.n, u.n FROM zoned t JOIN zoned u USING (a) ORDER BY 1, 2"
    assert client.rows(joined) == [(1, 1), (1, 2), (2, 1), (2, 2)]
    among = "SELECT n, a = ANY (SELECT a FROM zoned WHERE n = 2) FROM zoned ORDER BY n"
    assert client.rows(among) == [(1, True), (2, True), (3, None)]


def test_a_variant_keeps_the_microseconds_of_a_moment(client):
    given = "'2024-01-01 01:02:03.123456 +0130'::TIMESTAMP_TZ"
    assert client.one(f"SELECT OBJECT_CONSTRUCT('a', {given}):a::TIMESTAMP_TZ = {given}") is True
    assert client.one(f"SELECT TO_VARIANT({given})::VARCHAR") == "2024-01-01 01:02:03.123456 +0130"
    assert client.one("SELECT TO_VARIANT('2024-01-01 01:02:03.1'::TIMESTAMP)::VARCHAR") == "2024-01-01 01:02:03.100"
    assert client.one("SELECT ARRAY_CONSTRUCT('01:02:03.5'::TIME)[0]::TIME = '01:02:03.5'::TIME") is True


@pytest.mark.parametrize(
    "sql",
    [
        "EXECUTE IMMEDIATE $$ BEGIN LET x := DATEADD(year, 9000, '2024-01-01'::DATE); RETURN x; END $$",
        "SET x = (SELECT DATEADD(year, 9000, '2024-01-01'::TIMESTAMP))",
    ],
)
def test_a_year_that_python_has_not_is_refused_by_name(client, sql):
    assert "beyond the years 1 to 9999" in client.said(sql)
    assert client.one("SELECT DATEADD(year, 9000, '2024-01-01'::DATE)::VARCHAR") == "11024-01-01"


def test_moments_of_an_older_state_are_at_utc(tmp_path):
    engine = Engine.open(tmp_path)
    bootstrap.create_organization(engine.catalog, tmp_path)
    session = engine.login("IMSDLC", "SANDBOX_ADMIN", "ACCOUNTADMIN", None, None, None)
    for sql in (
        "CREATE DATABASE D", "CREATE TABLE D.PUBLIC.T (A TIMESTAMP_TZ, B TIMESTAMP_LTZ)",
        f"INSERT INTO D.PUBLIC.T SELECT {TEN}, {TEN}",
    ):  # fmt: skip
        engine.execute(session, sql)
    engine.close()
    with duckdb.connect(str(tmp_path / FILE)) as file:
        [(name,)] = file.sql(
            "SELECT table_name FROM duckdb_columns() WHERE data_type LIKE 'STRUCT%' AND table_name LIKE 's%'"
        ).fetchall()
        file.execute(f"ALTER TABLE {name} ALTER COLUMN A SET DATA TYPE TIMESTAMPTZ USING timezone('UTC', A.i)")

    engine = Engine.open(tmp_path)
    try:
        session = engine.login("IMSDLC", "SANDBOX_ADMIN", "ACCOUNTADMIN", None, None, None)
        assert engine.execute(session, "SELECT A, B FROM D.PUBLIC.T").rows() == [
            (zoned(datetime(2024, 1, 1, 9), 0), datetime(2024, 1, 1, 9, tzinfo=UTC))
        ]
    finally:
        engine.close()
