"""Large results lie on disk: the rows, and the chunks that are made of them."""

import json
from base64 import b64decode
from datetime import UTC, datetime

import pyarrow as pa
import pytest

from runner.sandbox import pages
from runner.sandbox.errors import SnowflakeError
from runner.sandbox.http import encoding
from runner.sandbox.http.results import Heap, Results
from runner.sandbox.result import Column, Result, SnowType, rows_result
from runner.sandbox.session import Session

TEXT = SnowType("VARCHAR", length=16777216)
SCHEMA = pa.schema([("A", pa.int64()), ("A", pa.string())])


def batches(count):
    for at in range(count):
        yield pa.RecordBatch.from_arrays([pa.array([at, at + 1]), pa.array(["x" * 500, None])], schema=SCHEMA)


def session():
    return Session(id=1, account="A", user="U", role=None, created_at=datetime.now(UTC))


@pytest.mark.parametrize("most", [0, 1500, 10**9])
def test_rows_are_the_same_in_memory_and_on_disk(tmp_path, most):
    found = pages.table(batches(5), SCHEMA, tmp_path, most)

    assert pages.on_disk(found) == (most < 10**9)
    assert list(tmp_path.iterdir()) == []
    assert found.column_names == ["A", "A"]
    for _ in range(2):
        assert found.column(0).to_pylist() == [n for at in range(5) for n in (at, at + 1)]
        assert found.column(1).to_pylist() == ["x" * 500, None] * 5
        pages.release(found)


def test_no_rows_are_a_table_too(tmp_path):
    assert pages.table(iter(()), SCHEMA, tmp_path).num_rows == 0


def fetched(results, query_id):
    """All rows of an answer, as a client gets them."""
    data = json.loads(results.body(query_id))["data"]
    streams = [b64decode(data["rowsetBase64"])]
    for at, chunk in enumerate(data.get("chunks", [])):
        streams.append(results.chunk(query_id, at, chunk["url"].rsplit("=", 1)[1]))
        assert len(streams[-1]) == chunk["compressedSize"]
    tables = [pa.ipc.open_stream(stream).read_all() for stream in streams]
    assert [table.num_rows for table in tables[1:]] == [chunk["rowCount"] for chunk in data.get("chunks", [])]
    return pa.concat_tables(tables)


def test_chunks_of_a_large_result_lie_in_files(tmp_path):
    results = Results(tmp_path / "r")
    result = rows_result([Column("N", SnowType("NUMBER")), Column("T", TEXT)], [(n, "y" * 1500) for n in range(30_000)])
    stored = encoding.encoded(result, session(), "q", "http://h", heap=results.heap("q"))
    results.put("q", stored)

    assert stored.chunks == []
    assert results.memory_bytes == 0
    assert results.disk_bytes > 30_000 * 1500
    assert fetched(results, "q").column(0).to_pylist() == list(range(30_000))


def test_every_part_of_a_result_has_the_form_that_the_whole_needs(tmp_path):
    results = Results(tmp_path / "r")
    numbers = [*range(150_000), 10**30]
    columns = [Column("N", SnowType("NUMBER", 38, 0)), Column("T", TEXT)]
    result = rows_result(columns, [(n, "z" * 50) for n in numbers])
    results.put("q", encoding.encoded(result, session(), "q", "http://h", heap=results.heap("q")))

    assert [int(n) for n in fetched(results, "q").column(0).to_pylist()] == numbers


def test_what_could_not_be_written_out_leaves_no_files(tmp_path):
    heap = Heap(tmp_path / "q")

    def pieces():
        yield 1, b"x" * 20_000_000
        raise SnowflakeError(1, "1", "no")

    with pytest.raises(SnowflakeError):
        encoding._stored({}, pieces(), "u", heap)
    assert list(tmp_path.iterdir()) == []


def test_the_result_of_a_statement_is_no_more_in_memory_than_a_part(tmp_path):
    found = Result((Column("A", SnowType("NUMBER")), Column("A", TEXT)), pages.table(batches(50), SCHEMA, tmp_path, 0))
    assert pages.on_disk(found.table)
    assert len(found.rows()) == 100
