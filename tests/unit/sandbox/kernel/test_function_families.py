"""Functions by family, as the documentation's examples show them (sql-reference/functions-all)."""

from decimal import Decimal

import pytest

from runner.sandbox.computed import number_text
from runner.sandbox.query.functions import SPECIAL, TABLE
from runner.sandbox.query.functions.absent import NAMES


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("SOUNDEX('Marks') = SOUNDEX('Marx')", True),
        ("SOUNDEX('Robert')", "R163"),
        ("SHA2('a', 512) = SHA2('a', 384)", False),
        ("SHA2('abc', 224)", "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"),
        ("SHA2_HEX('abc')", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ("MD5_NUMBER_LOWER64('Snowflake')::VARCHAR", "9203306159527282910"),
        ("MD5_NUMBER_UPPER64('Snowflake')::VARCHAR", "17145559544104499780"),
        ("HEX_ENCODE(MD5_BINARY('Snowflake'))", "EDF1439075A83A447FB8B630DDC9C8DE"),
        ("REGR_VALX(1, 2)", 2.0),
        ("REGR_VALX(NULL, 2)", None),
        ("REGR_VALY(1, 2)", 1.0),
        ("REGR_VALY(1, NULL)", None),
        ("GETBIT(11, 3)", 1),
        ("GETBIT(11, 2)", 0),
        ("ROUND(ATANH(0.5) + ASINH(1) + ACOSH(2), 6)::VARCHAR", "2.747638"),
        ("EDITDISTANCE('abcdef', 'xyz', 3)", 3),
        ("INITCAP('this is the new Frame+work', 'wm')", "This is the new framE+wOrk"),
        ("PARSE_URL('https://www.snowflake.com:345/a/b?x=1#top'):port::INT", 345),
        ("PARSE_URL('nonsense', 1):error::VARCHAR", "scheme not specified"),
        ("PARSE_IP('192.168.242.188/24', 'INET'):ipv4_range_end::VARCHAR", "3232297727"),
        ("LENGTH(RANDSTR(7, 1))", 7),
        ("RANDSTR(7, 1) = RANDSTR(7, 1)", True),
        ("ZIPF(1, 10, 5) BETWEEN 1 AND 10", True),
        ("NORMAL(0, 1, 1) = NORMAL(0, 1, 1)", True),
        ("REGEXP_REPLACE('It was the best of times, the worst of times', 'times', 'days', 1, 2)",
         "It was the best of times, the worst of days"),
        ("REGEXP_REPLACE('aaa', '(A)', '<x>', 2, 0, 'i')", "a<x><x>"),
        ("TO_CHAR(-12.391, 'S99.9')", "-12.4"),
        ("TO_CHAR(255, 'xxx')", " ff"),
        ("TRY_HEX_DECODE_BINARY('zz') IS NULL AND TRY_BASE64_DECODE_BINARY('?') IS NULL", True),
        ("TIMESTAMP_TZ_FROM_PARTS(2013, 4, 5, 12, 0, 0, 0, 'America/Los_Angeles')::VARCHAR",
         "2013-04-05 12:00:00.000 -0700"),
        ("TIMESTAMP_LTZ_FROM_PARTS(2013, 4, 5, 12, 0, 0)::TIMESTAMP_NTZ::VARCHAR", "2013-04-05 12:00:00.000"),
    ],
)  # fmt: skip
def test_functions_are_as_the_documentation_has_them(client, expression, value):
    assert client.one(f"SELECT {expression}") == value


@pytest.mark.parametrize(
    ("aggregate", "shown"),
    [("MEDIAN(X)", "3.000"), ("KURTOSIS(X)", "3.613736609956"), ("VARIANCE(X)", "13.800000"),
     ("VAR_POP(X)", "11.040000"),
     ("VAR_SAMP(DISTINCT X)", "22.333333"), ("REGR_COUNT(X, X)", "5"), ("BOOLXOR_AGG(X = 10)", "True")],
)  # fmt: skip
def test_aggregates_have_the_scale_of_the_documentation(client, aggregate, shown):
    client.execute("CREATE TABLE T (X INT) AS SELECT COLUMN1 FROM VALUES (1), (3), (10), (1), (3)")
    assert str(client.one(f"SELECT {aggregate} FROM T")) == shown


@pytest.mark.parametrize("expression", ["EXP(1000)", "SINH(1000)", "COSH(-1000)", "ACOSH(0)", "ATANH(1)"])
def test_what_no_float_can_hold_is_an_error(client, expression):
    assert client.refused(f"SELECT {expression}") == 100061


def test_a_seed_gives_every_row_its_own_number_and_the_same_again(client):
    sql = "SELECT RANDOM(4711) FROM VALUES (1), (2), (3)"
    assert len(set(client.rows(sql))) == 3
    assert client.rows(sql) == client.rows(sql)


def test_true_events_are_counted_row_by_row(client):
    sql = "SELECT CONDITIONAL_TRUE_EVENT(COLUMN1 > 1) OVER (ORDER BY COLUMN1) FROM VALUES (1), (2), (2), (3)"
    assert client.rows(sql) == [(0,), (1,), (2,), (3,)]
    assert client.refused("SELECT CONDITIONAL_TRUE_EVENT(TRUE) OVER ()") == 2303


def test_qualify_needs_a_window_function(client):
    assert client.refused("SELECT 1 FROM (SELECT 1 A) QUALIFY A > 0") == 2303


def test_texts_put_together_are_as_long_as_all_of_them(client):
    client.execute("CREATE TABLE T AS SELECT 'ab'::VARCHAR(5) || 'x' A, CONCAT('a', 'b', 'c') B, 'a' || 1 C")
    assert [row[1] for row in client.rows("DESCRIBE TABLE T")] == ["VARCHAR(6)", "VARCHAR(3)", "VARCHAR(16777216)"]


@pytest.mark.parametrize(
    ("value", "model", "shown"),
    [
        ("-5", "99MI", " 5-"), ("5", "FM99MI", "5"), ("5", "S99", " +5"), ("0", "B99", "   "),
        ("1234", "9.99EEEE", " 1.23E3"),
        ("10000000000", "TME", "1E10"), ("1234567", "9,999", " #####"), ("12", "00999S", "00012+"),
        ("0.5", "FMS9.9", "+.5"),
    ],
)  # fmt: skip
def test_number_formats(value, model, shown):
    assert number_text(Decimal(value), model) == shown


@pytest.mark.parametrize("model", ["S99S", "EEEE9"])
def test_a_format_that_is_none_is_refused(client, model):
    assert "number format" in client.said(f"SELECT TO_CHAR(5, '{model}')")


def test_a_function_is_there_or_refused_by_name_never_both():
    assert NAMES & {*TABLE, *SPECIAL} == set()


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("SELECT * FROM (SELECT a+1, count(*), sum( a ) FROM T GROUP BY 1)", ["A+1", "COUNT(*)", "SUM( A )"]),
        ("WITH X AS (SELECT a  *  2, upper('x') FROM T) SELECT * FROM X", ["A  *  2", "UPPER('X')"]),
        ('SELECT "A+1" FROM (SELECT a+1 FROM T)', ["A+1"]),
        ("SELECT * FROM (SELECT TOP 1 CASE WHEN a=1 THEN 2 END FROM T)", ["CASE WHEN A=1 THEN 2 END"]),
    ],
)
def test_columns_of_inner_queries_are_called_as_they_were_written(client, query, names):
    client.execute("CREATE TABLE T (A INT)")
    assert [column.name for column in client.execute(query).columns] == names


@pytest.mark.parametrize(
    ("expression", "shown"),
    [
        ("TO_DATE('2019-02-28') + INTERVAL '1 day, 1 year'", "2020-03-01"),
        ("TO_DATE('2019-02-28') + INTERVAL '1 year, 1 day'", "2020-02-29"),
        ("TO_DATE('2018-04-15') + INTERVAL '1 year'", "2019-04-15"),
        ("TO_TIMESTAMP('2024-01-01') + INTERVAL '2 w, 3 d, 4 h, 5 m, 6 s, 7 ms'", "2024-01-18 04:05:06.007"),
        ("TO_TIMESTAMP('2024-03-31') - INTERVAL '1 month, 1 day'", "2024-02-28 00:00:00.000"),
        ("TO_TIMESTAMP('2024-01-01') + INTERVAL '5'", "2024-01-01 00:00:05.000"),
    ],
)
def test_intervals_are_added_part_by_part(client, expression, shown):
    assert client.one(f"SELECT ({expression})::VARCHAR") == shown


def test_an_interval_of_an_unknown_unit_is_refused(client):
    assert client.refused("SELECT CURRENT_DATE + INTERVAL '1 foo'") == 1003
