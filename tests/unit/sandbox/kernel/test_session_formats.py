"""Parameters of a session that rule weeks, and how dates, times and binaries become text."""

from datetime import date, timedelta

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
     "DATE_OUTPUT_FORMAT = 'YYYY TZHTZM'", "TIMESTAMP_NTZ_OUTPUT_FORMAT = 'TZH:TZM'", "DATE_INPUT_FORMAT = 'YYYY'"],
)  # fmt: skip
def test_what_cannot_be_is_refused(client, setting):
    before = dict(client.session.parameters)
    assert client.refused(f"ALTER SESSION SET {setting}") in (2, 1003, 1008)
    assert client.session.parameters == before


def test_auto_is_the_default(client):
    client.run("ALTER SESSION SET DATE_OUTPUT_FORMAT = AUTO, USE_CACHED_RESULT = FALSE")
    assert client.one("SELECT '2026-01-04'::DATE::VARCHAR") == "2026-01-04"
