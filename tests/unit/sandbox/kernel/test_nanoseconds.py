"""Times and timestamps keep nine digits of a second (sql-reference/data-types-datetime), from year 1 to 9999."""

import threading
from datetime import UTC, datetime, time

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings, strategies as st

from runner.sandbox import bootstrap
from runner.sandbox.context import Context
from runner.sandbox.control import Control
from runner.sandbox.engine import Engine
from runner.sandbox.errors import SnowflakeError
from runner.sandbox.http.arrow import to_wire
from runner.sandbox.http.bindings import decoded
from runner.sandbox.http.rowset import to_rows
from runner.sandbox.nanos import Clock, Moment, clock, moment
from runner.sandbox.query import functions
from runner.sandbox.query.presentation import setting_of
from runner.sandbox.query.run import compile_query
from runner.sandbox.result import Column as ResultColumn, SnowType, rows_result

N = "'2024-01-31 10:11:12.123456789'::TIMESTAMP_NTZ"
Z = "'2024-01-31 10:11:12.123456789 +0100'::TIMESTAMP_TZ"
T = "'10:11:12.123456789'::TIME"
LAST = "'9999-12-31 23:59:59.999999999'::TIMESTAMP_NTZ"


@pytest.fixture
def client(connect):
    """A session that shows all digits."""
    client = connect()
    client.execute(
        "ALTER SESSION SET TIMESTAMP_NTZ_OUTPUT_FORMAT = 'YYYY-MM-DD HH24:MI:SS.FF9', TIMEZONE = 'Europe/Berlin', "
        "TIME_OUTPUT_FORMAT = 'HH24:MI:SS.FF9', TIMESTAMP_OUTPUT_FORMAT = 'YYYY-MM-DD HH24:MI:SS.FF9 TZHTZM'"
    )
    return client


@pytest.mark.parametrize(
    ("expression", "shown"),
    [
        (N, "2024-01-31 10:11:12.123456789"),
        (Z, "2024-01-31 10:11:12.123456789 +0100"),
        (T, "10:11:12.123456789"),
        (LAST, "9999-12-31 23:59:59.999999999"),
        ("'0001-01-01 00:00:00.000000001'::TIMESTAMP_NTZ", "0001-01-01 00:00:00.000000001"),
        ("'1969-12-31 23:59:59.999999999Z'::TIMESTAMP_LTZ", "1970-01-01 00:59:59.999999999 +0100"),
        (f"{N}::TIMESTAMP_NTZ(8)", "2024-01-31 10:11:12.123456780"),
        (f"{N}::TIMESTAMP_NTZ(7)", "2024-01-31 10:11:12.123456700"),
        (f"{N}::TIMESTAMP_NTZ(6)", "2024-01-31 10:11:12.123456000"),
        ("'2024-01-31 10:11:12.123456789'::TIMESTAMP_NTZ(4)", "2024-01-31 10:11:12.123400000"),
        ("'2024-01-31 10:11:12.123456789'::TIMESTAMP_LTZ(2)", "2024-01-31 10:11:12.120000000 +0100"),
        ("'10:11:12.123456789'::TIME(8)", "10:11:12.123456780"),
        ("'10:11:12.123456789'::TIME(1)", "10:11:12.100000000"),
        ("'10:11:12.123456789'::TIME(0)", "10:11:12.000000000"),
        (f"{N}::TIMESTAMP_LTZ", "2024-01-31 10:11:12.123456789 +0100"),
        (f"{N}::TIMESTAMP_TZ", "2024-01-31 10:11:12.123456789 +0100"),
        (f"{Z}::TIMESTAMP_NTZ", "2024-01-31 10:11:12.123456789"),
        (f"{N}::TIME", "10:11:12.123456789"),
        (f"{N}::DATE", "2024-01-31"),
        ("TO_TIMESTAMP_NTZ(1700000000123456789, 9)", "2023-11-14 22:13:20.123456789"),
        ("TO_TIMESTAMP(-1, 9)", "1969-12-31 23:59:59.999999999"),
        ("TO_TIMESTAMP(253402300799999999999, 9)", "9999-12-31 23:59:59.999999999"),
        ("TO_TIMESTAMP(1.123456789)", "1970-01-01 00:00:01.123456789"),
        ("TO_TIMESTAMP_LTZ(1.123456789)", "1970-01-01 01:00:01.123456789 +0100"),
        ("'1700000000123456789'::TIMESTAMP_NTZ", "2023-11-14 22:13:20.123456789"),
        ("TO_TIMESTAMP('31.01.2024 10:11:12.123456789', 'DD.MM.YYYY HH24:MI:SS.FF9')", "2024-01-31 10:11:12.123456789"),
        (
            "TO_TIMESTAMP_TZ('2024-01-31 10:11:12.123456789 +0200', 'YYYY-MM-DD HH24:MI:SS.FF9 TZHTZM')",
            "2024-01-31 10:11:12.123456789 +0200",
        ),
        ("TO_TIME('10:11:12.123456789')", "10:11:12.123456789"),
        ("TO_TIMESTAMP('99991231235959.999999999', 'YYYYMMDDHH24MISS.FF9')", "9999-12-31 23:59:59.999999999"),
        (f"TO_VARIANT({N})", "2024-01-31 10:11:12.123456789"),
        (f"TO_VARIANT({Z})::TIMESTAMP_TZ", "2024-01-31 10:11:12.123456789 +0100"),
        (f"TO_VARIANT({T})::TIME", "10:11:12.123456789"),
        (f"OBJECT_CONSTRUCT('a', {N}::TIMESTAMP_LTZ):a::TIMESTAMP_LTZ", "2024-01-31 10:11:12.123456789 +0100"),
        (f"ARRAY_AGG({T})[0]", "10:11:12.123456789"),
        (f"[{N}, 1][0]::TIMESTAMP_NTZ", "2024-01-31 10:11:12.123456789"),
        ("TRY_TO_TIMESTAMP('2024-01-31 10:11:12.123456789')", "2024-01-31 10:11:12.123456789"),
        ("TRY_TO_TIMESTAMP('x 10:11:12.123456789')", None),
        ("TRY_TO_TIMESTAMP('2024-01-31 10:11:12.1234567891')", None),
        ("'2024-01-31 10:11:12.1234567890'::TIMESTAMP_NTZ", "2024-01-31 10:11:12.123456789"),
        ("TRY_CAST('a:11:12.123456789' AS TIME)", None),
        ("TRY_CAST('2024-01-31 10:11:12.123456789 +0100' AS TIMESTAMP_TZ)", "2024-01-31 10:11:12.123456789 +0100"),
        ("PARSE_JSON('\"2024-01-31 10:11:12.123456789\"')::TIMESTAMP_NTZ", "2024-01-31 10:11:12.123456789"),
        (f"DATEADD('ns', 1, {LAST} - INTERVAL '1 day')", "9999-12-31 00:00:00.000000000"),
        ("DATEADD('ns', -1, '2024-01-01'::TIMESTAMP_NTZ)", "2023-12-31 23:59:59.999999999"),
        ("DATEADD('ns', 1500, '10:00:00'::TIME)", "10:00:00.000001500"),
        ("TIMESTAMPADD('nanosecond', 1, '2024-01-01'::DATE)", "2024-01-01 00:00:00.000000001"),
        (f"DATEADD('ns', 1, {Z})", "2024-01-31 10:11:12.123456790 +0100"),
        (f"DATEADD('month', 1, {N})", "2024-02-29 10:11:12.123456789"),
        (f"ADD_MONTHS({Z}, 1)", "2024-02-29 10:11:12.123456789 +0100"),
        (f"{N} - INTERVAL '1 hour'", "2024-01-31 09:11:12.123456789"),
        (f"{N} + INTERVAL '1 day, 1 nanosecond'", "2024-02-01 10:11:12.123456790"),
        ("'2024-01-31'::DATE - INTERVAL '1 ns'", "2024-01-30 23:59:59.999999999"),
        ("'2024-01-31 00:00:00'::TIMESTAMP_NTZ + INTERVAL '3000 ns'", "2024-01-31 00:00:00.000003000"),
        ("DATEADD('ns', 3000, '2024-01-31'::DATE)", "2024-01-31 00:00:00.000003000"),
        (f"CONVERT_TIMEZONE('America/New_York', {Z})", "2024-01-31 04:11:12.123456789 -0500"),
        (f"CONVERT_TIMEZONE('UTC', 'America/New_York', {N})", "2024-01-31 05:11:12.123456789"),
        (f"DATE_TRUNC('ns', {N})", "2024-01-31 10:11:12.123456789"),
        (f"DATE_TRUNC('us', {N})", "2024-01-31 10:11:12.123456000"),
        (f"DATE_TRUNC('day', {Z})", "2024-01-31 00:00:00.000000000 +0100"),
        ("TIMESTAMP_NTZ_FROM_PARTS(2024, 1, 31, 10, 11, 12, 123456789)", "2024-01-31 10:11:12.123456789"),
        ("TIMESTAMP_LTZ_FROM_PARTS(2024, 1, 31, 10, 11, 12, 123456789)", "2024-01-31 10:11:12.123456789 +0100"),
        ("TIMESTAMP_TZ_FROM_PARTS(2024, 1, 31, 10, 11, 12, 1, 'UTC')", "2024-01-31 10:11:12.000000001 +0000"),
        ("TIME_FROM_PARTS(10, 11, 12, 123456789)", "10:11:12.123456789"),
        (f"TIMESTAMP_FROM_PARTS('2024-01-31'::DATE, {T})", "2024-01-31 10:11:12.123456789"),
        (f"TO_CHAR({Z}, 'SS.FF3 FF6 FF7 FF8 FF9 TZH:TZM')", "12.123 123456 1234567 12345678 123456789 +01:00"),
        (f"TO_CHAR({N}, 'MI:SS.FF')", "11:12.123456789"),
        (f"COALESCE(NULL, {N})", "2024-01-31 10:11:12.123456789"),
        (f"IFF(TRUE, {N}, '2024-01-01'::DATE)", "2024-01-31 10:11:12.123456789"),
        (f"GREATEST('2024-01-01'::TIMESTAMP_NTZ, {N})", "2024-01-31 10:11:12.123456789"),
        (f"{N} || ''", "2024-01-31 10:11:12.123456789"),
    ],
)  # fmt: skip
def test_all_nine_digits_are_there(client, expression, shown):
    assert client.one(f"SELECT ({expression})::VARCHAR") == shown


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        (f"{N} > '2024-01-31 10:11:12.123456788'", True),
        (f"{N} = '2024-01-31 10:11:12.123456788'", False),
        (f"{N} = {Z}", True),
        (f"{N} > '2024-01-31'::DATE", True),
        (f"{N} BETWEEN '2024-01-31' AND '2024-01-31 10:11:12.123456789'", True),
        (f"{N} IN ('2024-01-31', '2024-01-31 10:11:12.123456789')", True),
        (f"{N} NOT IN (SELECT '2024-01-31 10:11:12.123456788'::TIMESTAMP_NTZ)", True),
        (f"{Z} IS DISTINCT FROM '2024-01-31 09:11:12.123456789Z'::TIMESTAMP_TZ", False),
        (f"{T} < '10:11:12.123456790'", True),
        (f"{N} = ANY (SELECT '2024-01-31 10:11:12.123456789'::TIMESTAMP_NTZ)", True),
        (f"DATEDIFF('ns', {N}, '2024-01-31 10:11:13.123456788')", 999_999_999),
        (f"DATEDIFF('us', {N}, '2024-01-31 10:11:13.123456788')", 1_000_000),
        (f"DATE_PART('ns', {N})", 123_456_789),
        (f"DATE_PART('epoch_nanosecond', {N})", 1_706_695_872_123_456_789),
        ("DATE_PART('epoch_nanosecond', '1969-12-31 23:59:59.999999999'::TIMESTAMP_NTZ)", -1),
        (f"YEAR({N}) + SECOND({T})", 2036),
        (f"HASH({N}) = HASH({N}) AND HASH({N}) <> HASH({N}::TIMESTAMP_NTZ(8))", True),
        (
            "HASH(IFF(TRUE, '2024-01-01'::TIMESTAMP_NTZ, DATEADD(ns, 1, NULL))) = HASH('2024-01-01'::TIMESTAMP_NTZ)",
            True,
        ),
    ],
)
def test_they_are_compared_and_counted_with(client, expression, value):
    assert client.one(f"SELECT {expression}") == value


@pytest.mark.parametrize(
    "sql",
    [
        f"SELECT 1 FROM (SELECT {N} A) RIGHT JOIN (SELECT '2024-01-01'::TIMESTAMP_NTZ A) USING (A)",
        f"SELECT SUM(1) OVER (ORDER BY A RANGE BETWEEN INTERVAL '1 day' PRECEDING AND CURRENT ROW) FROM (SELECT {N} A)",
    ],
)  # fmt: skip
def test_what_would_lose_them_is_refused_by_name(client, sql):
    assert "nanoseconds" in client.said(sql)


_LOOKS_AT_NO_PART_OF_A_SECOND_NAMES = """
    APPROX_COUNT_DISTINCT CHARACTER_LENGTH CHAR_LENGTH CHECK_JSON COLLATION COUNT DATE DAY DAYNAME DAYOFMONTH
    DAYOFWEEK DAYOFWEEKISO DAYOFYEAR HLL HOUR IS_DATABASE_ROLE_IN_SESSION LAST_DAY LEN LENGTH MINUTE MONTH MONTHNAME
    OCTET_LENGTH QUARTER SECOND SEQ1 CURRENT_TIME LOCALTIME AS_ARRAY AS_OBJECT OBJECT_KEYS ARRAY_SIZE IS_ARRAY
    IS_BOOLEAN IS_CHAR IS_DECIMAL IS_DOUBLE IS_INTEGER IS_NULL_VALUE IS_OBJECT IS_REAL IS_VARCHAR TYPEOF
    CURRENT_TIMESTAMP LOCALTIMESTAMP SYSTIMESTAMP OBJECT_CONSTRUCT OBJECT_CONSTRUCT_KEEP_NULL SEQ2 SEQ4 SEQ8 STRTOK
    TO_DATE TRY_BASE64_DECODE_BINARY TRY_BASE64_DECODE_STRING TRY_HEX_DECODE_BINARY TRY_HEX_DECODE_STRING
    TRY_TO_DATE UNICODE ASCII WEEK WEEKISO WEEKOFYEAR YEAR YEAROFWEEK YEAROFWEEKISO DATEDIFF DATE_PART DATE_TRUNC
    TIMEDIFF TIMESTAMPDIFF TRUNC TRUNCATE LEFT SOUNDEX BIT_LENGTH RTRIMMED_LENGTH
"""
_LOOKS_AT_NO_PART_OF_A_SECOND = frozenset(_LOOKS_AT_NO_PART_OF_A_SECOND_NAMES.split())
_OF_TEXT_NAMES = """
    CHARINDEX CONTAINS EDITDISTANCE ENDSWITH ILIKE JAROWINKLER_SIMILARITY JSON_EXTRACT_PATH_TEXT LIKE LPAD LTRIM
    MAX_BY MIN_BY NULLIF NVL2 DECODE REPLACE RPAD RTRIM SPLIT SPLIT_PART STARTSWITH STRTOK_TO_ARRAY SUBSTR SUBSTRING
    TIME_SLICE TO_CHAR TO_DECIMAL TO_DOUBLE TO_NUMBER TO_NUMERIC TO_VARCHAR TRANSLATE TRIM TRY_TO_DECIMAL
    TRY_TO_DOUBLE TRY_TO_NUMBER TRY_TO_NUMERIC TRY_TO_TIME TRY_TO_TIMESTAMP TRY_TO_TIMESTAMP_LTZ
    TRY_TO_TIMESTAMP_NTZ TRY_TO_TIMESTAMP_TZ BOOLOR CONCAT_WS EQUAL_NULL
    REGEXP REGEXP_COUNT REGEXP_EXTRACT_ALL REGEXP_INSTR REGEXP_LIKE REGEXP_SUBSTR REGEXP_SUBSTR_ALL RLIKE PARSE_IP
    PARSE_URL INITCAP
"""
_OF_TEXT = frozenset(_OF_TEXT_NAMES.split())
"""Functions that with other arguments beside a moment ('day', 3) say nothing of its digits."""


def _answers(context, cursor, call):
    """With and without nanoseconds; None where the function is not for such arguments, or refuses them."""
    try:
        sql = compile_query(context, f"SELECT {call.format('B')}, {call.format('A')} FROM MOMENTS").sql
    except SnowflakeError:
        return None
    try:
        return cursor.execute(sql).fetchone()
    except duckdb.Error as error:
        known = "STRUCT" not in str(error) or "," in call  # A number beside a moment is an error with any moment.
        return None if known else (call, call)


def _losing(client, shapes):
    """The functions that answer alike with and without them."""
    client.run(
        "CREATE TABLE MOMENTS (A TIMESTAMP_NTZ, B TIMESTAMP_NTZ)",
        "INSERT INTO MOMENTS VALUES ('2024-01-31 10:11:12.123456789', '2024-01-31 10:11:12.123456')",
    )
    names = sorted(name for name in functions.TABLE.keys() | functions.SPECIAL.keys() if not name.startswith("SYSTEM$"))
    assert len(names) > 350
    context = Context(engine=client.engine, session=client.session, query_id="", control=Control())
    with client.engine.storage.cursor(setting_of(client.session.parameters)) as cursor:
        calls = {f"{name}({shape})": name for name in names for shape in shapes}
        found = {call: _answers(context, cursor, call) for call in calls}
    same = {calls[call] for call, answer in found.items() if answer is not None and answer[0] == answer[1]}
    return sorted(same - _LOOKS_AT_NO_PART_OF_A_SECOND)


def test_no_function_loses_them_in_silence(client):
    assert _losing(client, ["{}"]) == []


@pytest.mark.drill
def test_no_function_loses_them_beside_other_arguments(client):
    assert set(_losing(client, ["{}, 3", "3, {}", "{}, 'day'", "'day', {}", "'day', 3, {}", "{}, 3, 3"])) <= _OF_TEXT


def test_ten_digits_are_no_moment(client):
    assert client.refused("SELECT '2024-01-31 10:11:12.1234567891'::TIMESTAMP_NTZ") == 100035
    assert client.refused("SELECT TO_TIME('10:11:12.1234567891', 'HH24:MI:SS.FF9')") == 100096


@pytest.fixture
def stored(client):
    client.run(
        "CREATE TABLE T (ID INT, A TIMESTAMP_NTZ, L TIMESTAMP_LTZ, Z TIMESTAMP_TZ, C TIME, S TIMESTAMP_NTZ(3))",
        "INSERT INTO T VALUES (1, '2024-01-31', '2024-01-31', '2024-01-31 00:00:00 +0100', '10:00:00', '2024-01-31')",
        "INSERT INTO T SELECT 2, A, A, A, A::TIME, A FROM (SELECT '2024-01-31 10:11:12.123456789'::TIMESTAMP_NTZ A)",
        "INSERT INTO T (ID, A) VALUES (3, '9999-12-31 23:59:59.999999999'), (4, NULL)",
    )
    return client


def test_a_table_keeps_them_and_shows_no_difference(stored):
    assert stored.rows("SELECT * FROM T WHERE ID = 2")[0][1:] == (
        moment(datetime(2024, 1, 31, 10, 11, 12, 123456), 789),
        moment(datetime(2024, 1, 31, 9, 11, 12, 123456, tzinfo=UTC), 789),
        moment(datetime(2024, 1, 31, 9, 11, 12, 123456, tzinfo=UTC), 789),
        clock(time(10, 11, 12, 123456), 789),
        datetime(2024, 1, 31, 10, 11, 12, 123000),
    )
    assert stored.rows("SELECT A FROM T WHERE ID = 1") == [(datetime(2024, 1, 31),)]
    assert [row[1] for row in stored.rows("DESCRIBE TABLE T")][1:] == [
        "TIMESTAMP_NTZ(9)", "TIMESTAMP_LTZ(9)", "TIMESTAMP_TZ(9)", "TIME(9)", "TIMESTAMP_NTZ(3)",
    ]  # fmt: skip
    assert "A TIMESTAMP_NTZ(9)," in stored.one("SELECT GET_DDL('TABLE', 'T')")


def test_rows_are_found_grouped_and_joined_by_them(stored):
    assert stored.rows("SELECT ID FROM T WHERE A = '2024-01-31 10:11:12.123456789'") == [(2,)]
    assert stored.rows("SELECT ID FROM T WHERE A > '2024-01-31 10:11:12.123456789'::TIMESTAMP_NTZ") == [(3,)]
    assert stored.rows("SELECT ID FROM T ORDER BY A DESC NULLS LAST") == [(3,), (2,), (1,), (4,)]
    assert str(stored.one("SELECT MIN(A)::VARCHAR || MAX(A) FROM T WHERE ID > 1")).endswith("59.999999999")
    assert len(stored.rows("SELECT A, COUNT(*) FROM T GROUP BY A")) == 4
    assert stored.one("SELECT COUNT(DISTINCT Z) FROM T") == 2
    assert len(stored.rows("SELECT Z FROM T UNION SELECT Z FROM T")) == 3
    assert stored.one("SELECT COUNT(*) FROM T JOIN T U ON T.A = U.A AND T.ID = U.ID") == 3
    assert stored.one("SELECT COUNT(*) FROM T JOIN T U USING (A)") == 3
    assert stored.rows("SELECT LAG(ID) OVER (PARTITION BY C ORDER BY A) FROM T WHERE ID < 3") == [(None,), (None,)]
    assert stored.rows("SELECT ID FROM T QUALIFY ROW_NUMBER() OVER (ORDER BY A DESC NULLS LAST) = 1") == [(3,)]
    assert stored.one("SELECT MAX_BY(ID, A) FROM T") == 3
    assert len(stored.rows("SELECT A::DATE B FROM T GROUP BY B HAVING MAX(Z) > '2024-01-31'::TIMESTAMP_TZ")) == 1
    assert stored.one("SELECT DATEADD(day, COUNT(*), MAX(A))::VARCHAR FROM T WHERE ID < 3").startswith("2024-02-02 10:")
    with_query = "SELECT DATEADD(ns, (SELECT 1), (SELECT MIN(A) FROM T WHERE ID = 2))::VARCHAR"
    assert stored.one(with_query).endswith("12.123456790")


def test_statements_that_change_rows_write_them(stored):
    stored.run(
        "UPDATE T SET A = DATEADD(ns, 1, A), C = '00:00:00.000000007' WHERE ID = 2",
        "MERGE INTO T USING (SELECT 1 ID, '2023-01-01 00:00:00.000000001'::TIMESTAMP_NTZ X) S ON T.ID = S.ID "
        "WHEN MATCHED THEN UPDATE SET A = S.X",
        "MERGE INTO T USING (SELECT 5 ID, '2023-01-01 00:00:00.000000005'::TIMESTAMP_NTZ X) S ON T.ID = S.ID "
        "WHEN NOT MATCHED THEN INSERT (ID, A) VALUES (S.ID, S.X)",
        "DELETE FROM T WHERE A = '9999-12-31 23:59:59.999999999'",
    )
    assert stored.rows("SELECT ID, A::VARCHAR, C::VARCHAR FROM T WHERE ID <> 4 ORDER BY ID") == [
        (1, "2023-01-01 00:00:00.000000001", "10:00:00.000000000"),
        (2, "2024-01-31 10:11:12.123456790", "00:00:00.000000007"),
        (5, "2023-01-01 00:00:00.000000005", None),
    ]


@pytest.mark.parametrize(
    "make",
    [
        "CREATE TABLE U AS SELECT ID, A FROM T", "CREATE TABLE U CLONE T", "CREATE VIEW U AS SELECT * FROM T",
        "CREATE TABLE U (ID INT, A TIMESTAMP_NTZ(9)) AS SELECT ID, A FROM T",
        "CREATE TABLE U (ID INT, A TIMESTAMP_NTZ) AS SELECT ID, A::VARCHAR FROM T",
        "CREATE DYNAMIC TABLE U TARGET_LAG = '1 day' WAREHOUSE = ADMIN_WH AS SELECT ID, A FROM T",
        "CREATE MATERIALIZED VIEW U AS SELECT ID, A FROM T",
    ],
)  # fmt: skip
def test_what_is_made_from_a_table_has_them(stored, make):
    stored.execute(make)
    assert stored.one("SELECT COUNT(*) FROM T JOIN U ON T.ID = U.ID AND T.A IS NOT DISTINCT FROM U.A") == 4
    assert stored.one("SELECT A::VARCHAR FROM U WHERE ID = 2") == "2024-01-31 10:11:12.123456789"


def test_definitions_change_and_they_stay(stored):
    stored.run(
        "CREATE TABLE U LIKE T", "INSERT INTO U SELECT * FROM T", "ALTER TABLE U SWAP WITH T", "DROP TABLE T",
        "UNDROP TABLE T", "ALTER TABLE T ALTER COLUMN A SET DATA TYPE TIMESTAMP_NTZ(9)",
        "ALTER TABLE T RENAME COLUMN A TO B",
    )  # fmt: skip
    assert stored.one("SELECT B::VARCHAR FROM T WHERE ID = 2") == "2024-01-31 10:11:12.123456789"
    assert stored.one("SELECT MAX(A)::VARCHAR FROM U AT (OFFSET => 0)") == "9999-12-31 23:59:59.999999999"
    stored.execute("CREATE TABLE D (N INT, A TIMESTAMP_NTZ DEFAULT '2024-01-31 10:11:12.123456789'::TIMESTAMP_NTZ)")
    stored.execute("INSERT INTO D (N) VALUES (1)")
    assert stored.one("SELECT A::VARCHAR FROM D") == "2024-01-31 10:11:12.123456789"


def test_a_stream_shows_them(client):
    client.run(
        "CREATE TABLE T (A TIMESTAMP_NTZ)", "INSERT INTO T VALUES ('2024-01-01')", "CREATE STREAM S ON TABLE T",
        "UPDATE T SET A = DATEADD(ns, 1, A)",
    )  # fmt: skip
    assert client.rows("SELECT A::VARCHAR, METADATA$ACTION FROM S ORDER BY 1") == [
        ("2024-01-01 00:00:00.000000000", "DELETE"), ("2024-01-01 00:00:00.000000001", "INSERT"),
    ]  # fmt: skip


def test_a_transaction_that_had_rows_already_takes_them(client, other):
    client.run("CREATE TABLE T (A TIMESTAMP_NTZ)", "INSERT INTO T VALUES ('2024-01-01')", "BEGIN")
    client.run("INSERT INTO T VALUES ('2024-01-02')", "INSERT INTO T VALUES ('2024-01-03 00:00:00.000000003')")
    client.execute("UPDATE T SET A = DATEADD(ns, 1, A) WHERE A > '2024-01-01'")
    assert other.rows("SELECT * FROM T") == [(datetime(2024, 1, 1),)]
    client.execute("COMMIT")
    assert other.rows("SELECT TO_CHAR(A, 'DD FF9') FROM T ORDER BY A") == [
        ("01 000000000",), ("02 000000001",), ("03 000000004",),
    ]  # fmt: skip


def test_a_transaction_of_another_session_goes_on_when_a_column_turns(client, other):
    client.run("CREATE TABLE T (A TIMESTAMP_NTZ)", "BEGIN", "INSERT INTO T VALUES ('2024-01-02')")
    other.execute("INSERT INTO T VALUES ('2024-01-03 00:00:00.000000003')")
    assert client.one("SELECT COUNT(*) FROM T") == 2
    client.execute("COMMIT")
    assert other.rows("SELECT TO_CHAR(A, 'DD FF9') FROM T ORDER BY A") == [("02 000000000",), ("03 000000003",)]


def test_who_writes_while_a_column_turns_loses_nothing(client, connect):
    client.execute("CREATE TABLE T (A TIMESTAMP_NTZ, N INT)")
    alone = ["INSERT INTO T VALUES ('2024-01-01', 1)"]
    together = ["BEGIN", *alone, *alone, "COMMIT"]
    fine = ["INSERT INTO T VALUES ('2024-01-01 00:00:00.000000001', 1)"]
    writers = [(connect(), alone * 6), (connect(), together * 3), (connect(), [*alone, *fine, *alone])]
    threads = [threading.Thread(target=writer.run, args=statements) for writer, statements in writers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert client.rows("SELECT COUNT(*), SUM(DATE_PART(ns, A)) FROM T") == [(15, 1)]


def test_what_fails_turns_no_value_and_loses_none(client):
    client.run("CREATE TABLE T (A TIMESTAMP_NTZ, N INT)", "INSERT INTO T VALUES ('2024-01-01', 1)")
    assert client.refused("INSERT INTO T SELECT '2024-01-01 00:00:00.000000001', 1 / 0") == 100051
    assert client.rows("SELECT * FROM T") == [(datetime(2024, 1, 1), 1)]


def test_files_give_and_take_them(client):
    client.run(
        "CREATE STAGE S", "CREATE TABLE T (A TIMESTAMP_NTZ, N INT)", "CREATE TABLE U (A TIMESTAMP_NTZ)",
        f"COPY INTO @S/x.csv FROM (SELECT {N}, 1) SINGLE = TRUE", "COPY INTO T FROM @S/x.csv ON_ERROR = CONTINUE",
        "COPY INTO U FROM (SELECT $1::TIMESTAMP_NTZ FROM @S/x.csv)",
    )  # fmt: skip
    assert client.one("SELECT A::VARCHAR FROM T JOIN U USING (A)") == "2024-01-31 10:11:12.123456789"
    assert client.one("SELECT TO_CHAR($1::TIMESTAMP_NTZ, 'FF9') FROM @S/x.csv") == "123456789"


def test_parquet_gives_them(client, tmp_path):
    client.run("CREATE STAGE S", "CREATE TABLE T (A TIMESTAMP_NTZ, L TIMESTAMP_LTZ, C TIME)")
    told = client.execute(f"PUT file://{tmp_path}/x.parquet @S AUTO_COMPRESS = FALSE").transfer
    instant = 1706695872123456789
    rows = pa.table({
        "A": pa.array([instant], pa.timestamp("ns")), "L": pa.array([instant], pa.timestamp("ns", "Europe/Berlin")),
        "C": pa.array([36672123456789], pa.time64("ns")),
    })  # fmt: skip
    pq.write_table(rows, f"{told['stageInfo']['location']}/x.parquet")
    client.execute("COPY INTO T FROM @S FILE_FORMAT = (TYPE = PARQUET) MATCH_BY_COLUMN_NAME = CASE_SENSITIVE")
    assert client.rows("SELECT TO_CHAR(A, 'HH24 FF9'), TO_CHAR(L, 'FF9'), C::VARCHAR FROM T") == [
        ("10 123456789", "123456789", "10:11:12.123456789")
    ]


def test_scripts_variables_functions_and_binds_carry_them(client):
    script = f"DECLARE X TIMESTAMP_NTZ DEFAULT {N}; BEGIN LET Y := DATEADD(day, 1, X); RETURN Y; END"
    assert client.one(f"EXECUTE IMMEDIATE $$ {script} $$") == moment(datetime(2024, 2, 1, 10, 11, 12, 123456), 789)
    assert client.one("SELECT TO_CHAR($1, 'FF9') FROM TABLE(RESULT_SCAN(LAST_QUERY_ID()))") == "123456789"
    client.run(f"SET V = {N}", "CREATE FUNCTION F(X TIMESTAMP_NTZ) RETURNS TIMESTAMP_NTZ AS 'DATEADD(ns, 1, X)'")
    assert client.one("SELECT F($V)::VARCHAR") == "2024-01-31 10:11:12.123456790"
    binds = decoded({
        "1": {"type": "TIMESTAMP_NTZ", "value": "1706695872123456789"},
        "2": {"type": "TIMESTAMP_TZ", "value": "1706695872123456789 1500"},
        "3": {"type": "TIMESTAMP_LTZ", "value": "-1"}, "4": {"type": "TIME", "value": "36672123456789"},
    })  # fmt: skip
    assert client.rows("SELECT ?::VARCHAR, ?::VARCHAR, ?::VARCHAR, ?::VARCHAR", binds) == [(
        "2024-01-31 10:11:12.123456789", "2024-01-31 11:11:12.123456789 +0100",
        "1970-01-01 00:59:59.999999999 +0100", "10:11:12.123456789",
    )]  # fmt: skip
    script = f"BEGIN LET A := {N}; LET B := DATEADD(ns, 1, A); IF (A < B AND A <> B) THEN RETURN 'less'; END IF; END"
    assert client.one(f"EXECUTE IMMEDIATE $$ {script} $$") == "less"


def test_a_share_and_the_next_start_of_the_sandbox_show_them(tmp_path):
    engine = Engine.open(tmp_path)
    bootstrap.create_organization(engine.catalog, tmp_path)
    producer = engine.login("IMSDLC", "SANDBOX_ADMIN", "ACCOUNTADMIN")
    for sql in (
        "CREATE DATABASE D", "CREATE TABLE D.PUBLIC.T (A TIMESTAMP_NTZ, Z TIMESTAMP_TZ)",
        f"INSERT INTO D.PUBLIC.T SELECT {N}, {Z}", "CREATE SHARE S", "GRANT USAGE ON DATABASE D TO SHARE S",
        "GRANT USAGE ON SCHEMA D.PUBLIC TO SHARE S", "GRANT SELECT ON TABLE D.PUBLIC.T TO SHARE S",
        "ALTER SHARE S ADD ACCOUNTS = IMCUST",
    ):  # fmt: skip
        engine.execute(producer, sql)
    engine.close()
    engine = Engine.open(tmp_path)
    try:
        consumer = engine.login("IMCUST", "SANDBOX_ADMIN", "ACCOUNTADMIN")
        engine.execute(consumer, "CREATE DATABASE D FROM SHARE LOCALORG.IMSDLC.S")
        engine.execute(consumer, "CREATE DATABASE M")
        engine.execute(consumer, "CREATE TABLE M.PUBLIC.U AS SELECT * FROM D.PUBLIC.T")
        found = engine.execute(consumer, "SELECT TO_CHAR(A, 'FF9'), TO_CHAR(Z, 'FF9 TZH:TZM') FROM M.PUBLIC.U")
        assert found.rows() == [("123456789", "123456789 +01:00")]
    finally:
        engine.close()


def test_masked_they_are_what_the_policy_gives(stored):
    stored.run(
        "CREATE MASKING POLICY M AS (V TIMESTAMP_NTZ) RETURNS TIMESTAMP_NTZ -> DATEADD(ns, 1, V)",
        "ALTER TABLE T MODIFY COLUMN A SET MASKING POLICY M",
    )
    assert stored.one("SELECT A::VARCHAR FROM T WHERE ID = 2") == "2024-01-31 10:11:12.123456790"


def test_both_wires_carry_nine_digits(stored):
    result = stored.execute("SELECT A, L, Z, C FROM T WHERE ID < 3 ORDER BY ID")
    assert to_rows(result.columns, result.table)[1] == [
        "1706695872.123456789", "1706692272.123456789", "1706692272.123456789 1500", "36672.123456789",
    ]  # fmt: skip
    assert [column.to_pylist()[1] for column in to_wire(result.columns, result.table).columns] == [
        1706695872123456789, {"epoch": 1706692272, "fraction": 123456789},
        {"epoch": 1706692272, "fraction": 123456789, "timezone": 1500}, 36672123456789,
    ]  # fmt: skip
    far = stored.execute("SELECT A FROM T ORDER BY ID")
    assert to_wire(far.columns, far.table).column(0).to_pylist()[2:] == [
        {"epoch": 253402300799, "fraction": 999999999}, None,
    ]  # fmt: skip


stamps = st.builds(moment, st.datetimes(), st.integers(1, 999))
clocks = st.builds(clock, st.times(), st.integers(1, 999))


@given(st.lists(stamps | st.datetimes(), min_size=2, max_size=20))
def test_moments_are_ordered_as_their_texts(values):
    def text(value):
        return value.isoformat(" ", "microseconds").ljust(29, "0")

    assert [text(value) for value in sorted(values)] == sorted(text(value) for value in values)
    assert all((a < b) == (text(a) < text(b)) and (a == b) == (text(a) == text(b)) for a in values for b in values)


@given(st.lists(clocks | st.times(), min_size=1, max_size=20))
def test_times_are_ordered_as_their_texts(values):
    texts = [value.isoformat("microseconds").ljust(18, "0") for value in sorted(values)]
    assert texts == sorted(texts)


@given(st.lists(st.none() | stamps, min_size=1, max_size=20))
def test_what_is_sent_is_what_there_was(values):
    kind = SnowType("TIMESTAMP_NTZ", scale=9)
    result = rows_result([ResultColumn("C", kind)], [(value,) for value in values])
    assert [row[0] for row in result.rows()] == values
    texts = [row[0] for row in to_rows(result.columns, result.table)]
    assert texts == [None if v is None else _seconds(v) for v in values]
    wire = to_wire(result.columns, result.table).column(0).to_pylist()
    assert [_of_wire(one) for one in wire] == [None if v is None else _nanoseconds(v) for v in values]


def _nanoseconds(value):
    span = value.replace(tzinfo=UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return ((span.days * 86400 + span.seconds) * 1_000_000 + span.microseconds) * 1000 + value.nano


def _seconds(value):
    count = _nanoseconds(value)
    return f"{'-' if count < 0 else ''}{abs(count) // 10**9}.{abs(count) % 10**9:09d}"


def _of_wire(value):
    return value["epoch"] * 10**9 + value["fraction"] if isinstance(value, dict) else value


def test_a_table_gives_back_what_was_written_in_the_order_of_the_texts(client):
    """Of any moment at all: text, table, text."""
    client.execute("CREATE TABLE T (S VARCHAR, A TIMESTAMP_NTZ, C TIME)")

    @settings(max_examples=12)
    @given(st.lists(stamps, min_size=1, max_size=30))
    def written(values):
        texts = [value.isoformat(" ").replace("T", " ") for value in values]
        rows = ", ".join(f"('{text}', '{text}', '{text[11:]}')" for text in texts)
        client.execute(f"INSERT OVERWRITE INTO T VALUES {rows}")
        assert client.rows("SELECT S, S FROM T WHERE A::VARCHAR <> S OR C::VARCHAR <> SUBSTR(S, 12)") == []
        assert [row[0] for row in client.rows("SELECT S FROM T ORDER BY A")] == sorted(texts)
        assert client.rows("SELECT A FROM T ORDER BY A") == [(value,) for value in sorted(values)]

    written()


def test_values_of_python_lose_nothing():
    value = moment(datetime(2024, 1, 1), 7)
    assert (value.replace(year=2025).nano, value.astimezone(UTC).nano, value.time()) == (7, 7, clock(time(0), 7))
    assert value != datetime(2024, 1, 1)
    assert value > datetime(2024, 1, 1)
    assert datetime(2024, 1, 1) < value
    assert str(value) == "2024-01-01 00:00:00.000000007"
    assert moment(datetime(2024, 1, 1, tzinfo=UTC), 7).isoformat() == "2024-01-01T00:00:00.000000007+00:00"
    assert isinstance(value, Moment)
    assert isinstance(value.time(), Clock)
    assert len({value, datetime(2024, 1, 1)}) == 2
