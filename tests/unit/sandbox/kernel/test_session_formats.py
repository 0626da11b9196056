"""Parameters of a session that rule weeks, and how dates, times and binaries become text."""

from datetime import date, datetime, time, timedelta

import pytest

DAYS = [date(year, 1, 1) + timedelta(days=shift) for year in (2015, 2016, 2020, 2021, 2026) for shift in range(-8, 9)]


def first_day(day, start):
    return day - timedelta(days=(day.isoweekday() - max(1, start)) % 7)


def week(day, start, policy):
    """The number of the week and its year, counted by hand."""
    year = day.year if policy else (first_day(day, start) + timedelta(days=3)).year
    inside = date(year, 1, 1 if policy else 4)
    return year, (first_day(day, start) - first_day(inside, start)).days // 7 + 1


@pytest.mark.parametrize("policy", [0, 1])
@pytest.mark.parametrize("start", range(8))
def test_weeks_are_those_of_the_session(client, start, policy):
    client.run(f"ALTER SESSION SET WEEK_START = {start}, WEEK_OF_YEAR_POLICY = {policy}")
    listed = ", ".join(f"('{day}')" for day in DAYS)
    asked = (
        "d, DATE_TRUNC('week', d), LAST_DAY(d, 'week'), DAYOFWEEK(d), WEEK(d), YEAROFWEEK(d), WEEKISO(d), "
        "DAYOFWEEKISO(d), YEAROFWEEKISO(d), DATEDIFF('week', '2017-01-04'::DATE, d), EXTRACT(week FROM d), "
        "DATE_TRUNC('week', d::TIMESTAMP)::DATE, TRUNC(d, 'week'), DATE_PART('dow', d)"
    )
    for row in client.rows(f"SELECT {asked} FROM (SELECT COLUMN1::DATE AS d FROM VALUES {listed})"):
        day = row[0]
        began, (year, number), iso = first_day(day, start), week(day, start, policy), day.isocalendar()
        weekday = day.isoweekday() % 7 if start == 0 else (day.isoweekday() - start) % 7 + 1
        apart = (began - first_day(date(2017, 1, 4), start)).days // 7
        assert row[1:] == (
            began, began + timedelta(days=6), weekday, number, year, iso.week, iso.weekday, iso.year, apart, number,
            began, began, weekday,
        )  # fmt: skip


def test_slices_of_weeks_that_begin_otherwise_are_refused(client):
    client.run("ALTER SESSION SET WEEK_START = 7")
    assert client.refused("SELECT TIME_SLICE('2026-01-04'::DATE, 1, 'week')") == 2


FORMATS = {
    "DATE_OUTPUT_FORMAT": "DD/MM/YYYY",
    "TIME_OUTPUT_FORMAT": "HH24.MI",
    "TIMESTAMP_NTZ_OUTPUT_FORMAT": "YYYY.MM.DD HH24:MI",
    "TIMESTAMP_OUTPUT_FORMAT": "DD-MON-YYYY HH12:MI AM TZH:TZM",
    "TIMESTAMP_LTZ_OUTPUT_FORMAT": "YYYY-MM-DD TZHTZM",
    "BINARY_OUTPUT_FORMAT": "base64",
}
ASKED = """
    d::VARCHAR, d || 'x', CONCAT(n, 'y'), TO_CHAR(d), TO_VARCHAR(d, 'YYYY'), t::VARCHAR, s::VARCHAR, l::VARCHAR,
    z::VARCHAR, b::VARCHAR, TO_VARIANT(s)::VARCHAR, OBJECT_CONSTRUCT('a', d), CAST(NULL AS DATE)::VARCHAR,
    LISTAGG(d, ',')
    FROM (SELECT '2026-01-04'::DATE AS d, '2026-01-05'::DATE AS n, '03:04:05'::TIME AS t,
        '2026-01-04 03:04:05'::TIMESTAMP_NTZ AS s, '2026-01-04 03:04:05'::TIMESTAMP_LTZ AS l,
        '2026-01-04 13:04:05 +0530'::TIMESTAMP_TZ AS z, X'00FF' AS b) GROUP BY ALL
"""


def test_values_become_text_as_the_session_says(client):
    before = client.rows(f"SELECT {ASKED}")
    client.run("ALTER SESSION SET " + ", ".join(f"{name} = '{value}'" for name, value in FORMATS.items()))
    assert client.rows(f"SELECT {ASKED}") == [
        ("04/01/2026", "04/01/2026x", "05/01/2026y", "04/01/2026", "2026", "03.04", "2026.01.04 03:04",
         "2026-01-04 -0800", "04-Jan-2026 01:04 PM +05:30", "AP8=", "2026-01-04 03:04:05.000", '{"a":"2026-01-04"}',
         None, "04/01/2026")
    ]  # fmt: skip
    client.run("CREATE TABLE t AS SELECT '2026-01-04'::DATE AS d", "CREATE TABLE u (x VARCHAR)")
    client.run("INSERT INTO u SELECT d FROM t", "UPDATE u SET x = x || (SELECT '|' || d FROM t)")
    assert client.one("SELECT x FROM u") == "04/01/2026|04/01/2026"
    block = (
        "DECLARE d DATE DEFAULT '2026-01-04'::DATE; v VARCHAR; BEGIN v := d; RETURN v || ' ' || d || TO_VARCHAR(d); END"
    )
    assert client.one(f"EXECUTE IMMEDIATE $${block}$$") == "04/01/2026 04/01/202604/01/2026"
    client.run("ALTER SESSION UNSET " + ", ".join(FORMATS))
    assert client.rows(f"SELECT {ASKED}") == before


def test_the_formats_of_one_session_are_not_those_of_another(client, other):
    client.run("ALTER SESSION SET DATE_OUTPUT_FORMAT = 'YY'")
    assert client.one("SELECT '2026-01-04'::DATE::VARCHAR") == "26"
    assert other.one("SELECT '2026-01-04'::DATE::VARCHAR") == "2026-01-04"


def test_unloaded_files_have_the_session_s_formats(client):
    client.run("ALTER SESSION SET DATE_OUTPUT_FORMAT = 'DD.MM.YYYY'", "CREATE STAGE s")
    client.run("COPY INTO @s/f FROM (SELECT '2026-01-04'::DATE) FILE_FORMAT = (TYPE = CSV COMPRESSION = NONE)")
    assert client.one("SELECT $1 FROM @s") == "04.01.2026"


@pytest.mark.parametrize(
    "setting",
    ["WEEK_START = 8", "WEEK_START = -1", "WEEK_START = 'x'", "WEEK_OF_YEAR_POLICY = 2", "DATE_OUTPUT_FORMAT = 'QQ'",
     "TIME_OUTPUT_FORMAT = 'nonsense'", "BINARY_OUTPUT_FORMAT = 'UTF-8'", "TIMESTAMP_NTZ_OUTPUT_FORMAT = ''",
     "DATE_OUTPUT_FORMAT = 'YYYY TZHTZM'", "TIMESTAMP_NTZ_OUTPUT_FORMAT = 'TZH:TZM'", "DATE_INPUT_FORMAT = 'QQ'",
     "TIMESTAMP_INPUT_FORMAT = 'YYYY-MM-DD TZHTZM'", "TIME_INPUT_FORMAT = ''", "DATE_INPUT_FORMAT = '-'",
     "TIMESTAMP_INPUT_FORMAT = 'YYYYMMDDHH24MISSFF'"],
)  # fmt: skip
def test_what_cannot_be_is_refused(client, setting):
    before = dict(client.session.parameters)
    assert client.refused(f"ALTER SESSION SET {setting}") in (2, 1003, 1008)
    assert client.session.parameters == before


def test_auto_is_the_default(client):
    client.run("ALTER SESSION SET DATE_OUTPUT_FORMAT = AUTO, USE_CACHED_RESULT = FALSE")
    assert client.one("SELECT '2026-01-04'::DATE::VARCHAR") == "2026-01-04"


INPUTS = "DATE_INPUT_FORMAT = 'DD/MM/YYYY', TIME_INPUT_FORMAT = 'HH24.MI'"
STAMPS = "TIMESTAMP_INPUT_FORMAT = 'DD.MM.YYYY HH24:MI:SS.FF'"


@pytest.fixture
def european(client):
    client.run(f"ALTER SESSION SET {INPUTS}, {STAMPS}")
    return client


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("'02/01/2026'::DATE", date(2026, 1, 2)),
        ("TO_DATE('31/01/2026')", date(2026, 1, 31)),
        ("TRY_TO_DATE('2026-01-02')", None),
        ("TRY_CAST('03/02/2026' AS DATE)", date(2026, 2, 3)),
        ("TRY_CAST('x' AS DATE)", None),
        ("'02/01/2026'::DATE = '02/01/2026'", True),
        ("PARSE_JSON('\"02/01/2026\"')::DATE", date(2026, 1, 2)),
        ("'31.01.2026 03:04:05.5'::TIMESTAMP_NTZ", datetime(2026, 1, 31, 3, 4, 5, 500000)),
        ("'31.01.2026 03:04:05.5'::TIMESTAMP_TZ::VARCHAR", "2026-01-31 03:04:05.500 -0800"),
        ("TO_TIMESTAMP('31.01.2026 03:04:05.123456')", datetime(2026, 1, 31, 3, 4, 5, 123456)),
        ("TO_CHAR('31.01.2026 03:04:05.123456789'::TIMESTAMP, 'SS.FF9')", "05.123456789"),
        ("TO_CHAR(TRY_TO_TIMESTAMP('31.01.2026 03:04:05.123456789'), 'SS.FF9')", "05.123456789"),
        ("TRY_TO_TIMESTAMP('31-01-2026')", None),
        ("TRY_TO_TIMESTAMP('2026-01-31 03:04:05.5')", None),
        ("'11.30'::TIME", time(11, 30)),
        ("TRY_TO_TIME('11:30')", None),
        ("TO_DATE('2026-01-02', 'YYYY-MM-DD')", date(2026, 1, 2)),
    ],
)
def test_text_becomes_dates_and_times_as_the_session_says(european, expression, value):
    assert european.one(f"SELECT {expression}") == value
    assert european.one(f"SELECT {expression} FROM (SELECT 1)") == value


@pytest.mark.parametrize(
    ("expression", "errno"),
    [
        ("'2026-01-02'::DATE", 100096),
        ("'2026-01-31 03:04:05'::TIMESTAMP", 100096),
        ("TO_DATE('2026-01-02', 'AUTO')", 2),
    ],
)
def test_what_is_written_otherwise_is_an_error(european, expression, errno):
    assert european.refused(f"SELECT {expression}") == errno


def test_rows_blocks_and_files_are_read_so_too(european):
    european.run("CREATE TABLE t (d DATE, s TIMESTAMP)", "INSERT INTO t VALUES ('02/01/2026', '31.01.2026 03:04:05.5')")
    assert european.one("SELECT count(*) FROM t WHERE d = '02/01/2026' AND s > '30.01.2026 00:00:00.0'") == 1
    block = "DECLARE d DATE DEFAULT '02/01/2026'; BEGIN LET e DATE := '03/01/2026'; RETURN e - d; END"
    assert european.one(f"EXECUTE IMMEDIATE $${block}$$") == 1
    assert european.refused("EXECUTE IMMEDIATE $$BEGIN LET e DATE := '2026-01-03'; RETURN e; END$$") == 100096
    european.run("CREATE STAGE f", "COPY INTO @f/x FROM (SELECT '05/01/2026', NULL) FILE_FORMAT = (TYPE = CSV)")
    european.run("COPY INTO t FROM @f FILE_FORMAT = (TYPE = CSV)")
    assert european.rows("SELECT d, s FROM t WHERE d > '03/01/2026'") == [(date(2026, 1, 5), None)]
    european.run("ALTER SESSION UNSET DATE_INPUT_FORMAT, TIMESTAMP_INPUT_FORMAT, TIME_INPUT_FORMAT")
    assert european.one("SELECT '2026-01-02'::DATE") == date(2026, 1, 2)
