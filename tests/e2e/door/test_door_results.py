from decimal import Decimal

import pyarrow as pa
import pytest
from snowflake.connector.errors import ProgrammingError

MANY = (
    "SELECT N, N::NUMBER(20,2) / 4 AS Q, 'row ' || N || REPEAT('.', 50) AS S,"
    " DATEADD('second', N, '2020-01-01'::TIMESTAMP_NTZ) AS T"
    " FROM (SELECT ROW_NUMBER() OVER (ORDER BY 1) AS N FROM TABLE(GENERATOR(ROWCOUNT => 100000))) ORDER BY N"
)


@pytest.mark.parametrize("form", ["ARROW", "JSON"])
def test_a_hundred_thousand_rows_come_in_chunks_each_once_and_in_order(connect, form):
    cursor = connect(session_parameters={"PYTHON_CONNECTOR_QUERY_RESULT_FORMAT": form}).cursor()

    rows = cursor.execute(MANY).fetchall()

    assert len(cursor.get_result_batches()) > 1
    assert [row[0] for row in rows] == list(range(1, 100_001))
    assert (rows[6][1], rows[99_999][2][:10]) == (Decimal("1.75"), "row 100000")


def test_rows_as_arrow_tables(connect):
    pytest.importorskip("pandas", reason="the connector gives Arrow tables only where pandas is installed")
    table = connect().cursor().execute(MANY).fetch_arrow_all()

    assert isinstance(table, pa.Table)
    assert (table.num_rows, table.column_names) == (100_000, ["N", "Q", "S", "T"])
    assert table.column("N").to_pylist()[-1] == 100_000


def test_no_rows_still_have_columns(connect):
    cursor = connect().cursor()

    assert cursor.execute("SELECT 1 AS A, 'x' AS B WHERE FALSE").fetchall() == []
    assert [c.name for c in cursor.description] == ["A", "B"]
    assert cursor.rowcount == 0


def test_rows_as_pandas_frames(connect):
    pytest.importorskip("pandas", reason="pandas is not installed")

    assert len(connect().cursor().execute(MANY).fetch_pandas_all()) == 100_000


def test_a_result_is_read_again_by_its_query_id(connect):
    connection = connect()
    query_id = connection.cursor().execute("SELECT 42 AS A").sfqid

    assert connection.cursor().query_result(query_id).fetchall() == [(42,)]
    assert connection.cursor().execute(f"SELECT A + 1 FROM TABLE(RESULT_SCAN('{query_id}'))").fetchall() == [(43,)]


def test_a_result_that_is_not_there_says_so(connect):
    with pytest.raises(ProgrammingError, match="not found"):
        connect().cursor().query_result("01000000-0000-0000-0000-000000000000")


def test_no_rows_are_an_empty_table_and_an_empty_frame(connect):
    cursor = connect().cursor()

    table = cursor.execute("SELECT 1 AS N, 'a' AS S WHERE FALSE").fetch_arrow_all(force_return_table=True)
    assert (table.num_rows, table.column_names) == (0, ["N", "S"])
    answer = cursor.execute("SELECT 1 AS N WHERE FALSE")
    assert answer.fetchall() == []
    assert answer.get_result_batches()[0].to_arrow().num_rows == 0
