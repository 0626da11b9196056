"""Expressions that a naive translation gets wrong in silence, with the values that Snowflake documents."""

from datetime import date, datetime
from decimal import Decimal

import pytest

D = Decimal


# sql-reference/functions/round, split_part, try_cast, to_boolean, log, power
NUMBERS_AND_TEXT = [
    ("ROUND(2.5, 0, 'HALF_TO_EVEN')", D("2")),
    ("ROUND(2.5, 0, 'HALF_AWAY_FROM_ZERO')", D("3")),
    ("SPLIT_PART('a,b,c', '', 1)", "a,b,c"),
    ("SPLIT_PART('a,b,c', '', 2)", ""),
    ("SPLIT_PART('127.0.0.1', '.', -4)", "127"),
    ("'on'::BOOLEAN", True),
    ("TO_BOOLEAN('off')", False),
    ("TRY_CAST('on' AS BOOLEAN)", True),
    ("TRY_CAST('perhaps' AS BOOLEAN)", None),
    ("TRY_CAST('abc' AS VARCHAR(2))", None),
    ("TRY_CAST('ab' AS VARCHAR(2))", "ab"),
    ("TRY_CAST('2024-13-01' AS DATE)", None),
    ("'NaN'::FLOAT::VARCHAR", "NaN"),
    ("CBRT(27)", 3.0),
    ("LOG(2, 8)", 3.0),
    ("SQRT(NULL)", None),
    ("INSERT('abcdef', 3, 2, 'zz')", "abzzef"),
    ("STRTOK_TO_ARRAY('a.b.c', '.')", '["a","b","c"]'),
    ("TRY_BASE64_DECODE_STRING('%%%')", None),
    ("LIKE('a%c', 'a!%c', '!')", True),
    ("TRUNC(12.345, 2)", D("12.34")),
]

# sql-reference/functions/regexp_instr, regexp_substr_all
TIMES = "'It was the best of times, it was the worst of times', 'the\\\\W+\\\\w+'"
PATTERNS = [
    (f"REGEXP_INSTR({TIMES})", 8),
    (f"REGEXP_INSTR({TIMES}, 1, 2)", 34),
    (f"REGEXP_INSTR({TIMES}, 10, 1)", 34),
    (f"REGEXP_INSTR({TIMES}, 1, 1, 1)", 16),
    ("REGEXP_INSTR('abc', 'x')", 0),
    ("REGEXP_INSTR('aXbx', 'x', 1, 1, 0, 'i')", 2),
    ("REGEXP_SUBSTR_ALL('a1_a2a3_a4A5a6', 'a[[:digit:]]')", '["a1","a2","a3","a4","a6"]'),
]

# sql-reference/functions/datediff, add_months, trunc2, time_slice, to_date, to_char, timestamp_from_parts
DATES = [
    ("DATEDIFF('week', '2024-01-07'::DATE, '2024-01-08'::DATE)", 1),
    ("DATEDIFF('week', '2024-01-08'::DATE, '2024-01-14'::DATE)", 0),
    ("DATEDIFF('week', '2024-01-08'::DATE, '2024-01-07'::TIMESTAMP)", -1),
    ("ADD_MONTHS('2016-02-29 10:00:00'::TIMESTAMP, 1)", datetime(2016, 3, 31, 10)),
    ("ADD_MONTHS('2016-05-31'::DATE, -1)", date(2016, 4, 30)),
    ("TRUNC('2024-05-10'::DATE, 'month')", date(2024, 5, 1)),
    ("TIME_SLICE('2019-02-28'::DATE, 4, 'MONTH', 'START')", date(2019, 1, 1)),
    ("TIME_SLICE('2019-02-28'::DATE, 4, 'MONTH', 'END')", date(2019, 5, 1)),
    ("TIMESTAMP_FROM_PARTS(2024, 1, 2, 3, 4, 5, 123000000)", datetime(2024, 1, 2, 3, 4, 5, 123000)),
    ("TIMESTAMP_FROM_PARTS('2024-01-02'::DATE, '03:04:05'::TIME)", datetime(2024, 1, 2, 3, 4, 5)),
    ("TIME_FROM_PARTS(0, 100, 0)::VARCHAR", "01:40:00"),
    ("TO_DATE('05/10/2024')", date(2024, 5, 10)),
    ("TO_DATE('10-MAY-2024')", date(2024, 5, 10)),
    ("TO_DATE('20240510')", date(1970, 8, 23)),
    ("TRY_TO_DATE('31536000')", date(1971, 1, 1)),
    ("TRY_TO_DATE('13/45/2024')", None),
    ("TRY_TO_DATE('31/01/2024', 'MM/DD/YYYY')", None),
    ("TRY_TO_DATE('02/30/2024', 'MM/DD/YYYY')", None),
    ("TRY_TO_TIMESTAMP('01/31/2024 10', 'MM/DD/YYYY HH24')", datetime(2024, 1, 31, 10)),
    ("DATE_TRUNC('minute', '10:11:12'::TIME)::VARCHAR", "10:11:00"),
    ("DATE_PART(epoch_microsecond, '2024-05-01'::TIMESTAMP)", 1714521600000000),
    ("DATE_PART(epoch_nanosecond, '2024-05-01'::TIMESTAMP)", 1714521600000000000),
    ("TO_CHAR('2024-05-01 13:02:03.456789'::TIMESTAMP, 'HH24:MI:SS.FF2')", "13:02:03.45"),
    ("TO_CHAR('2024-05-01 13:02:03.456789'::TIMESTAMP, 'FF7')", "4567890"),
    ("TO_CHAR(123456, '999')", "####"),
]

# sql-reference/functions/object_construct, array_slice, array_to_string, as_char-varchar, object_keys
SEMI = [
    ("OBJECT_CONSTRUCT('b', 1, 'a', 2)::VARCHAR", '{"a":2,"b":1}'),
    ("OBJECT_CONSTRUCT(NULL, 1)::VARCHAR", "{}"),
    ('OBJECT_KEYS(PARSE_JSON(\'{"b":1,"a":2}\'))', '["a","b"]'),
    ("ARRAY_SLICE([0, 1, 2, 3], 0, -1)", "[0,1,2]"),
    ("ARRAY_SLICE([0, 1, 2, 3], -2, 4)", "[2,3]"),
    ("ARRAY_TO_STRING(['a', 'b', NULL], ',')", "a,b,"),
    ("ARRAY_DISTINCT([1, 1, 2])", "[1,2]"),
    ("ARRAY_INSERT([0, 1], 1, 'x')", '[0,"x",1]'),
    ("ARRAY_REMOVE([1, 2, 1], 1)", "[2]"),
    ("ARRAY_COMPACT([1, NULL, 2])", "[1,2]"),
    ("ARRAY_GENERATE_RANGE(1, 4)", "[1,2,3]"),
    ("TO_ARRAY(NULL)", None),
    ("AS_VARCHAR(PARSE_JSON('\"a\"'))", "a"),
    ("AS_VARCHAR(PARSE_JSON('1'))", None),
    ("PARSE_JSON('{\"a\":10}'):a > PARSE_JSON('{\"a\":9}'):a", True),
    ("PARSE_JSON('12345678901234567890123456789012345678')::NUMBER(38,0)", 12345678901234567890123456789012345678),
]


@pytest.mark.parametrize(("expression", "value"), NUMBERS_AND_TEXT + PATTERNS + DATES + SEMI)
def test_a_value_is_what_snowflake_documents(client, expression, value):
    assert client.one(f"SELECT {expression}") == value


# sql-reference/functions/to_binary, length, system_typeof; data-type-conversion
BYTES_AND_TYPES = [
    ("LENGTH(TO_BINARY('6162'))", 2),
    ("OCTET_LENGTH('é')", 2),
    ("HEX_ENCODE(TO_BINARY('6162'))", "6162"),
    ("BASE64_ENCODE(TO_BINARY('6162'))", "YWI="),
    ("BASE64_ENCODE('Snowflake')", "U25vd2ZsYWtl"),
    ("MD5(TO_BINARY('61')) = MD5('a') AND SHA2(TO_BINARY('61')) = SHA2('a')", True),
    ("TO_BINARY('QUJD', 'BASE64')", b"ABC"),
    ("TO_BINARY('abc', 'UTF-8')", b"abc"),
    ("TO_VARCHAR(TO_BINARY('616263'), 'UTF-8')", "abc"),
    ("TO_CHAR(TO_BINARY('616263'), 'BASE64')", "YWJj"),
    ("SYSTEM$TYPEOF('something')", "VARCHAR(9)[LOB]"),
    ("SYSTEM$TYPEOF(NULL)", "NULL[LOB]"),
    ("SYSTEM$TYPEOF(1.5)", "NUMBER(2,1)[SB1]"),
    ("SYSTEM$TYPEOF(COUNT(*))", "NUMBER(18,0)[SB8]"),
    ("IFF(TRUE, '1.5', 2)", D("1.5")),
    ("GREATEST('10', 9)", D("10")),
    ("PARSE_JSON('1') = PARSE_JSON('1.0')", True),
    ("PARSE_JSON('9007199254740993') > PARSE_JSON('9007199254740992')", True),
]


@pytest.mark.parametrize(("expression", "value"), BYTES_AND_TYPES)
def test_bytes_and_types_are_what_snowflake_documents(client, expression, value):
    assert client.one(f"SELECT {expression}") == value


# What is out of a function's domain is an error, never NaN or infinity; TRY_CAST takes text only.
REFUSED = [
    ("SQRT(-1)", 100061),
    ("LN(0)", 100061),
    ("LOG(1, 2)", 100061),
    ("ASIN(2)", 100061),
    ("POWER(0, -1)", 100061),
    ("TRY_CAST(5 AS INT)", 1065),
    ("5::DATE", 1065),
    ("TO_DATE('13/45/2024')", 100040),
    ("TO_DATE('31/01/2024', 'MM/DD/YYYY')", 100096),
    ("TO_DATE('2024-02-30', 'YYYY-MM-DD')", 100040),
    ("TO_NUMBER('FF', 'XX')", 2),
    ("ROUND(2.5, 0, 'SOMEHOW')", 2),
    ("TRUNC(1, 2, 3)", 939),
    ("SUBSTR(TO_BINARY('616263'), 2, 1)", 2),
    ("1e-10::NUMBER(38,20) * 1e-10::NUMBER(38,20)", 2),
    ("BITSHIFTLEFT(1, 63)", 100046),
    ("SUM(x) FROM (VALUES (99999999999999999999999999999999999999), (1)) AS t(x)", 100046),
    ("1 LIMIT -1", 1015),
    ("TO_DATE('2024', 'YYYY-FF2')", 2),
]


@pytest.mark.parametrize(("expression", "errno"), REFUSED)
def test_what_has_no_right_answer_is_refused(client, expression, errno):
    assert client.refused(f"SELECT {expression}") == errno


def test_text_of_a_column_becomes_a_moment_as_a_literal_does(client):
    moments = "('2024-05-10 11:12:13 +0500'), ('2024-05-10T11:12:13Z'), ('1715339533')"
    rows = client.rows(f"SELECT DISTINCT x::TIMESTAMP_NTZ FROM (VALUES {moments}) AS t(x)")
    assert rows == [(datetime(2024, 5, 10, 11, 12, 13),)]


def test_weeks_begin_on_monday_unless_another_day_is_set(client):
    assert client.one("SELECT DATE_TRUNC('week', '2024-01-10'::DATE)") == date(2024, 1, 8)
