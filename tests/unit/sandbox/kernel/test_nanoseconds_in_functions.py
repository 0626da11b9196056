"""Functions and procedures in other languages get as many digits of a second as their language has."""

import pytest

PYTHON = "LANGUAGE PYTHON RUNTIME_VERSION = '3.11' HANDLER = 'f'"
VECTORS = f"{PYTHON.replace('HANDLER', 'PACKAGES = ($$pandas$$) HANDLER')}".replace("$$pandas$$", "'pandas'")
PLUS = (
    "import pandas\nfrom _snowflake import vectorized\n"
    "@vectorized(input=pandas.DataFrame)\ndef f(df):\n  return df[0] + pandas.Timedelta(1, 'ns')"
)


@pytest.fixture
def table(client):
    client.run(
        "ALTER SESSION SET TIMESTAMP_NTZ_OUTPUT_FORMAT = 'DD HH24:MI:SS.FF9', TIME_OUTPUT_FORMAT = 'HH24:MI:SS.FF9'",
        "CREATE OR REPLACE TABLE t (a TIMESTAMP_NTZ, z TIMESTAMP_TZ, c TIME)",
        "INSERT INTO t SELECT x::TIMESTAMP_NTZ, (x || ' +0100')::TIMESTAMP_TZ, x::TIMESTAMP_NTZ::TIME FROM "
        "(SELECT '2024-01-31 10:11:12.123456789' x)",
    )
    return client


def test_python_has_microseconds(table):
    table.run(
        f"CREATE FUNCTION told(a TIMESTAMP_NTZ, z TIMESTAMP_TZ, c TIME) RETURNS VARCHAR {PYTHON} "
        "AS 'def f(a, z, c): return f\"{a}|{z}|{c}\"'",
        f"CREATE FUNCTION back(a TIMESTAMP_NTZ) RETURNS TIMESTAMP_NTZ {PYTHON} AS 'def f(a): return a'",
    )
    assert table.rows("SELECT told(a, z, c), back(a)::VARCHAR FROM t") == [
        ("2024-01-31 10:11:12.123456|2024-01-31 10:11:12.123456+01:00|10:11:12.123456", "31 10:11:12.123456000")
    ]


def test_pandas_has_nanoseconds(table):
    table.run(
        f"CREATE FUNCTION plus(a TIMESTAMP_NTZ) RETURNS TIMESTAMP_NTZ {VECTORS} AS $${PLUS}$$",
        f"CREATE FUNCTION later(a TIME) RETURNS TIME {VECTORS} AS $${PLUS}$$",
        "CREATE TABLE u AS SELECT plus(a) a, later(c) c FROM t WHERE plus(a) > a",
    )
    assert table.rows("SELECT a::VARCHAR, c::VARCHAR FROM u") == [("31 10:11:12.123456790", "10:11:12.123456790")]


def test_the_dates_of_javascript_have_milliseconds_and_its_times_are_text(table):
    pytest.importorskip("quickjs")
    table.run(
        "CREATE FUNCTION told(a TIMESTAMP_NTZ, c TIME) RETURNS VARCHAR LANGUAGE JAVASCRIPT "
        "AS 'return A.getMilliseconds() + \"|\" + C'",
        "CREATE FUNCTION back(c TIME) RETURNS TIME LANGUAGE JAVASCRIPT AS 'return C'",
        "CREATE FUNCTION cut(c TIME) RETURNS TIME(8) LANGUAGE JAVASCRIPT AS 'return C'",
        "CREATE FUNCTION ten() RETURNS TIME LANGUAGE JAVASCRIPT AS 'return \"10:11:12.1234567891\"'",
    )
    assert table.rows("SELECT told(a, c), back(c)::VARCHAR, cut(c)::VARCHAR FROM t") == [
        ("123|10:11:12.123456789", "10:11:12.123456789", "10:11:12.123456780")
    ]
    assert table.refused("SELECT ten()") == 100132


def test_a_procedure_in_javascript_sees_all_digits_of_a_result(table):
    pytest.importorskip("quickjs")
    read = "var r = snowflake.execute({sqlText: 'SELECT a FROM t'}); r.next(); var x = r.getColumnValue(1);"
    table.run(
        f"CREATE PROCEDURE p() RETURNS TIMESTAMP_NTZ LANGUAGE JAVASCRIPT AS $${read} "
        "if (x.getNanoSeconds() != 123456789) throw 'lost'; "
        "snowflake.execute({sqlText: 'INSERT INTO t (a) SELECT DATEADD(ns, 1, ?)', binds: [x]}); return x;$$",
    )
    assert table.one("CALL p()").nano == 789
    assert table.rows("SELECT a::VARCHAR FROM t ORDER BY a") == [
        ("31 10:11:12.123456789",),
        ("31 10:11:12.123456790",),
    ]
