import gzip
import zlib
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest

from runner.sandbox.errors import SnowflakeError
from runner.sandbox.http import body
from runner.sandbox.http.bindings import Rows, decoded
from runner.sandbox.http.body import BadRequest
from runner.sandbox.http.faults import Faults, read_fault


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (b"not gzip", "gzip"),
        (gzip.compress(b"{}" * 100, mtime=0)[:-9], "gzip"),
        (b"{}", "br"),
        (zlib.compress(b"\0" * (body.MAX_UNPACKED + 1), 9, wbits=31), "gzip"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_bytes_that_cannot_be_unpacked_are_refused(content: bytes, encoding: str) -> None:
    with pytest.raises(BadRequest):
        body.unpacked(content, encoding)


@pytest.mark.parametrize("content", [b"{", b"[1]", b"null", b"\xff\xfe", b"[" * 100_000])
def test_what_is_no_json_object_is_refused(content: bytes) -> None:
    with pytest.raises(BadRequest):
        body.parsed(content)


@pytest.mark.parametrize(
    ("kind", "value", "expected"),
    [
        ("FIXED", "12", 12),
        ("FIXED", "1.5", Decimal("1.5")),
        ("REAL", "1.5", 1.5),
        ("TEXT", "x", "x"),
        ("BOOLEAN", "true", True),
        ("BINARY", "ff00", b"\xff\x00"),
        ("DATE", "253402214400000", date(9999, 12, 31)),
        ("DATE", "-86400000", date(1969, 12, 31)),
        ("TIME", "3723000004000", time(1, 2, 3, 4)),
        ("TIMESTAMP_NTZ", "1000000000", datetime(1970, 1, 1, 0, 0, 1)),
        ("TIMESTAMP_LTZ", "-1000", datetime(1969, 12, 31, 23, 59, 59, 999999, tzinfo=UTC)),
        ("ANY", None, None),
    ],
)
def test_bound_values_are_read_as_the_connector_writes_them(kind: str, value: object, expected: object) -> None:
    assert decoded({"1": {"type": kind, "value": value}}) == [expected]


def test_zoned_timestamps_keep_their_offset() -> None:
    [moment] = decoded({"1": {"type": "TIMESTAMP_TZ", "value": "0 1500"}})

    assert isinstance(moment, datetime)
    assert moment.isoformat() == "1970-01-01T01:00:00+01:00"


def test_arrays_become_rows_and_names_stay_names() -> None:
    columns = {"2": {"type": "TEXT", "value": ["a", "b"]}, "1": {"type": "FIXED", "value": ["1", None]}}

    assert decoded(columns) == Rows([[1, "a"], [None, "b"]])
    assert decoded({"x": {"type": "TEXT", "value": "v"}}) == {"x": "v"}


@pytest.mark.parametrize(
    "bindings",
    [
        {"1": {"type": "FIXED", "value": ["1"]}, "2": {"type": "FIXED", "value": ["1", "2"]}},
        {"1": "text"},
        {"1": {"type": "NONSENSE", "value": "1"}},
        {"1": {"type": "FIXED", "value": 1}},
    ],
)
def test_bindings_that_make_no_sense_are_refused(bindings: dict[str, object]) -> None:
    with pytest.raises(BadRequest):
        decoded(bindings)


@pytest.mark.parametrize(
    ("kind", "value"), [("FIXED", "abc"), ("DATE", "x"), ("BINARY", "zz"), ("TIMESTAMP_NTZ", "9" * 30)]
)
def test_bound_values_that_are_not_of_their_type_are_refused_by_name(kind: str, value: str) -> None:
    with pytest.raises(SnowflakeError, match=kind):
        decoded({"1": {"type": kind, "value": value}})


def test_a_fault_happens_as_often_as_ordered_and_to_what_it_matches() -> None:
    faults = Faults()
    faults.add(read_fault({"when": "after", "action": "cut", "match": "insert\\s+into t", "times": 2}))

    taken = [faults.take("after", "statement", "INSERT INTO T VALUES (1)") is not None for _ in range(3)]

    assert taken == [True, True, False]
    assert faults.take("before", "statement", "insert into t") is None


@pytest.mark.parametrize(
    "order",
    [
        {"action": "explode"},
        {"action": "cut", "when": "never"},
        {"action": "cut", "match": "("},
        {"oops": 1},
        {"action": "slow"},
        {"action": "error", "code": 0},
    ],
)
def test_a_fault_that_cannot_be_is_refused(order: dict[str, object]) -> None:
    with pytest.raises(BadRequest):
        read_fault(order)


def test_half_a_pair_of_surrogates_is_a_question_mark() -> None:
    said = rb'{"sqlText": "SELECT \ud800", "whole": "\ud83d\ude00", "slash": "\\ud800", "n": [1.5, null]}'
    assert body.parsed(said) == {"sqlText": "SELECT ?", "whole": "\U0001f600", "slash": "\\ud800", "n": [1.5, None]}
