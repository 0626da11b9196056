from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from snowflake.connector import DictCursor
from snowflake.connector.errors import IntegrityError, ProgrammingError


@pytest.fixture
def cursor(connect, fresh_database):
    return connect(database=fresh_database).cursor()


@pytest.mark.parametrize(
    ("style", "text", "values"),
    [
        ("qmark", "SELECT ?, ?, ?", [7, "it's", None]),
        ("numeric", "SELECT :1, :2, :3", [7, "it's", None]),
        ("pyformat", "SELECT %s, %s, %s", [7, "it's", None]),
        ("pyformat", "SELECT %(n)s, %(t)s, %(x)s", {"n": 7, "t": "it's", "x": None}),
    ],
)
def test_values_are_bound_in_every_style(connect, style, text, values):
    row = connect(paramstyle=style).cursor().execute(text, values).fetchone()

    assert row == (7, "it's", None)


def test_every_type_comes_back_as_it_went(connect, fresh_database):
    cursor = connect(database=fresh_database, paramstyle="qmark", timezone="UTC").cursor()
    cursor.execute(
        "CREATE TABLE T (N NUMBER(38,9), I INT, F FLOAT, S VARCHAR(10), B BINARY, O BOOLEAN, D DATE, C TIME,"
        " TN TIMESTAMP_NTZ, TL TIMESTAMP_LTZ, TZ TIMESTAMP_TZ, V VARIANT, A ARRAY, J OBJECT)"
    )
    values = [
        Decimal("-12345678901234567890123456789.123456789"),
        10**37,
        1.5,
        "añ€'\"",
        b"\x00\xff",
        True,
        date(1500, 2, 28),
        time(23, 59, 59, 999999),
        datetime(9999, 12, 31, 23, 59, 59),
        ("TIMESTAMP_LTZ", datetime(1969, 12, 31, 23, 0, tzinfo=UTC)),
        ("TIMESTAMP_TZ", datetime(2024, 2, 29, 12, 0, tzinfo=UTC)),
    ]
    cursor.execute(
        "INSERT INTO T SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, PARSE_JSON('{\"a\":1.25}'), ARRAY_CONSTRUCT(1, 'x'),"
        " OBJECT_CONSTRUCT('k', NULL, 'l', 2)",
        values,
    )
    cursor.execute("INSERT INTO T (I) VALUES (NULL)")

    row, empty = cursor.execute("SELECT * FROM T ORDER BY I NULLS LAST").fetchall()

    assert row[:9] == (*values[:5], True, *values[6:9])
    assert row[9:11] == (values[9][1], values[10][1])
    assert row[11:] == ('{\n  "a": 1.25\n}', '[\n  1,\n  "x"\n]', '{\n  "l": 2\n}')
    assert empty == (None,) * 14
    assert [column.name for column in cursor.description][-3:] == ["V", "A", "J"]


def test_rows_as_json_are_the_rows_as_arrow(connect, fresh_database):
    text = (
        "SELECT 1.50::NUMBER(10,2), 'x', TRUE, '2020-01-02'::DATE, '03:04:05'::TIME,"
        " '2020-01-02 03:04:05.678'::TIMESTAMP_NTZ,"
        " '2020-01-02 03:04:05.678 +0000'::TIMESTAMP_TZ, PARSE_JSON('[1]'), 1.5::FLOAT, NULL"
    )
    arrow = connect().cursor().execute(text).fetchall()
    as_json = connect(session_parameters={"PYTHON_CONNECTOR_QUERY_RESULT_FORMAT": "JSON"}).cursor()

    assert as_json.execute(text).fetchall() == arrow
    assert as_json._query_result_format == "json"


def test_many_rows_go_in_as_one_statement(connect, fresh_database, order):
    cursor = connect(database=fresh_database, paramstyle="qmark").cursor()
    cursor.execute("CREATE TABLE T (N INT, S VARCHAR, D DATE)")

    cursor.executemany(
        "INSERT INTO T (N, S, D) VALUES (?, UPPER(?), ?)", [(n, f"s{n}", date(2020, 1, 1)) for n in range(2500)]
    )

    assert cursor.rowcount == 2500
    assert cursor.execute("SELECT COUNT(*), SUM(N), MAX(S), MIN(D) FROM T").fetchone() == (
        2500,
        3123750,
        "S999",
        date(2020, 1, 1),
    )


def test_one_bad_row_of_many_keeps_all_out(connect, fresh_database):
    cursor = connect(database=fresh_database, paramstyle="qmark").cursor()
    cursor.execute("CREATE TABLE T (S VARCHAR(3))")

    with pytest.raises(ProgrammingError):
        cursor.executemany("INSERT INTO T VALUES (?)", [("ok",)] * 1500 + [("too long",)])

    assert cursor.execute("SELECT COUNT(*) FROM T").fetchone() == (0,)


def test_a_string_of_statements_runs_one_by_one(connect, fresh_database):
    cursors = list(
        connect(database=fresh_database).execute_string(
            "CREATE TABLE T (N INT); INSERT INTO T VALUES (1), (2); SELECT N FROM T ORDER BY 1;"
        )
    )

    assert [c.fetchall() for c in cursors][1:] == [[(2,)], [(1,), (2,)]]


def test_several_statements_in_one_request_give_several_results(cursor):
    cursor.execute("CREATE TABLE T (N INT); INSERT INTO T VALUES (1), (2); SELECT SUM(N) FROM T", num_statements=3)

    assert "T successfully created" in cursor.fetchone()[0]
    cursor.nextset()
    assert cursor.rowcount == 2
    cursor.nextset()
    assert cursor.fetchall() == [(3,)]
    assert cursor.nextset() is None


def test_any_number_of_statements_may_be_allowed(cursor):
    cursor.execute("SELECT 1; SELECT 2", num_statements=0)
    assert cursor.fetchall() == [(1,)]

    cursor.execute("SELECT 3", num_statements=0)
    assert cursor.fetchall() == [(3,)]


@pytest.mark.parametrize(("text", "count"), [("SELECT 1; SELECT 2", None), ("SELECT 1; SELECT 2", 3)])
def test_another_number_of_statements_is_refused(cursor, text, count):
    with pytest.raises(ProgrammingError, match="did not match the desired statement count") as caught:
        cursor.execute(text, **({"num_statements": count} if count else {}))

    assert (caught.value.errno, caught.value.sqlstate) == (8, "0A000")


def test_the_first_of_several_statements_that_fails_ends_them(cursor):
    with pytest.raises(ProgrammingError) as caught:
        cursor.execute("CREATE TABLE ONE (N INT); SELECT * FROM NOWHERE; CREATE TABLE TWO (N INT)", num_statements=3)

    assert caught.value.errno == 2003
    assert [row[1] for row in cursor.execute("SHOW TABLES").fetchall()] == ["ONE"]


def test_a_query_is_described_without_running(cursor, connect):
    described = cursor.describe("SELECT 1::NUMBER(10,2) AS N, 'x'::VARCHAR(3) AS \"s\" ")

    assert [(c.name, c.precision, c.scale) for c in described] == [("N", 10, 2), ("s", None, None)]


def test_a_change_is_described_by_its_counts_and_changes_nothing(cursor):
    cursor.execute("CREATE TABLE T (N INT)")

    assert [c.name for c in cursor.describe("INSERT INTO T (N) VALUES (1)")] == ["number of rows inserted"]
    assert [c.name for c in cursor.describe("DELETE FROM T")] == ["number of rows deleted"]
    with pytest.raises(ProgrammingError, match="invalid identifier 'NOWHERE'"):
        cursor.describe("INSERT INTO T (NOWHERE) VALUES (1)")
    with pytest.raises(ProgrammingError, match="does not exist"):
        cursor.describe("UPDATE NOWHERE SET N = 1")
    assert cursor.execute("SELECT COUNT(*) FROM T").fetchone() == (0,)


def test_what_cannot_be_described_without_running_says_so(cursor):
    with pytest.raises(ProgrammingError, match="describing a CREATE statement"):
        cursor.describe("CREATE TABLE T (N INT)")

    assert cursor.execute("SHOW TABLES").fetchall() == []


def test_an_error_has_number_state_and_query_id(cursor):
    with pytest.raises(ProgrammingError) as caught:
        cursor.execute("SELECT * FROM NOWHERE")

    error = caught.value
    assert (error.errno, error.sqlstate) == (2003, "42S02")
    assert error.sfqid == cursor.sfqid
    assert "NOWHERE" in error.msg


def test_null_in_a_column_that_has_none_is_an_integrity_error(cursor):
    cursor.execute("CREATE TABLE T (N INT NOT NULL)")

    with pytest.raises(IntegrityError, match="NULL result in a non-nullable column"):
        cursor.execute("INSERT INTO T VALUES (NULL)")


def test_counts_of_changed_rows(cursor):
    cursor.execute("CREATE TABLE T (N INT)")
    counts = []
    for text in ("INSERT INTO T VALUES (1), (2), (3)", "UPDATE T SET N = N + 1 WHERE N > 1", "DELETE FROM T"):
        cursor.execute(text)
        counts.append(
            (
                cursor.rowcount,
                cursor.stats.num_rows_inserted,
                cursor.stats.num_rows_updated,
                cursor.stats.num_rows_deleted,
            )
        )

    assert [count[0] for count in counts] == [3, 2, 3]
    assert (counts[0][1], counts[1][2], counts[2][3]) == (3, 2, 3)


def test_rows_as_dictionaries(connect):
    assert connect().cursor(DictCursor).execute("SELECT 1 AS A, 'x' AS \"b\"").fetchall() == [{"A": 1, "b": "x"}]


def test_a_parameter_of_one_statement_is_gone_after_it(cursor):
    cursor.execute("SELECT 1", _statement_params={"QUERY_TAG": "only here"})

    assert cursor.execute("SHOW PARAMETERS LIKE 'QUERY_TAG'").fetchone()[1] == ""


def test_a_changed_parameter_reaches_the_client(connect):
    connection = connect()
    cursor = connection.cursor()
    cursor.execute("ALTER SESSION SET TIMEZONE = 'Europe/Berlin'")

    moment = cursor.execute("SELECT '2024-07-01 00:00:00 +0000'::TIMESTAMP_LTZ").fetchone()[0]

    assert moment.utcoffset().total_seconds() == 7200


def test_the_history_shows_what_was_sent_and_not_what_ran(connect, fresh_database):
    connection = connect(database=fresh_database, paramstyle="qmark")
    cursor = connection.cursor()
    cursor.execute(f"CREATE TABLE {fresh_database}.PUBLIC.MANY (N INT, T VARCHAR)")
    text = f"INSERT INTO {fresh_database}.PUBLIC.MANY (N, T) VALUES (?, ?)"
    ids = []
    for threshold in (65_280, 10):  # The second goes through a stage.
        connection._session_parameters["CLIENT_STAGE_ARRAY_BINDING_THRESHOLD"] = threshold
        cursor.executemany(text, [(n, "x") for n in range(8)])
        ids.append(cursor.sfqid)
    asked = "SELECT QUERY_TEXT FROM TABLE(INFORMATION_SCHEMA.QUERY_HISTORY_BY_SESSION()) WHERE QUERY_ID = ?"
    assert [cursor.execute(asked, (number,)).fetchone() for number in ids] == [(text,), (text,)]
    assert cursor.execute("LIST @SYSTEMBIND").rowcount == 1
