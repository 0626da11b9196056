import json
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pyarrow as pa
import pytest

from runner.sandbox.http import encoding
from runner.sandbox.http.arrow import to_wire
from runner.sandbox.http.rowset import to_rows
from runner.sandbox.http.rowtype import rowtype
from runner.sandbox.http.semistructured import shown
from runner.sandbox.result import Column, SnowType, rows_result, table_of


def wire(kind: SnowType, *values: object) -> pa.ChunkedArray:
    columns = (Column("C", kind),)
    return to_wire(columns, table_of(columns, [(value,) for value in values])).column(0)


def test_decimals_travel_as_scaled_integers_where_all_of_them_fit() -> None:
    fits = wire(SnowType("NUMBER", precision=38, scale=2), Decimal("1.50"), Decimal("-0.01"), None)
    wide = wire(SnowType("NUMBER", precision=38, scale=0), Decimal(10**30), Decimal(1))

    assert (fits.type, fits.to_pylist()) == (pa.int64(), [150, -1, None])
    assert (wide.type, wide.to_pylist()) == (pa.decimal128(38, 0), [Decimal(10**30), Decimal(1)])


def test_a_slice_of_decimals_keeps_its_own_values() -> None:
    columns = (Column("C", SnowType("NUMBER", precision=10, scale=1)),)
    table = table_of(columns, [(Decimal(n),) for n in range(10)]).slice(4, 3)

    assert to_wire(columns, table).column(0).to_pylist() == [40, 50, 60]


def test_timestamps_beyond_nanoseconds_travel_as_structs_with_positive_fractions() -> None:
    near = wire(SnowType("TIMESTAMP_NTZ", scale=9), datetime(2020, 1, 1, 0, 0, 0, 5), None)
    far = wire(SnowType("TIMESTAMP_NTZ", scale=9), datetime(9999, 12, 31, 23, 59, 59, 999999), datetime(1, 1, 1), None)
    early = wire(SnowType("TIMESTAMP_TZ", scale=9), datetime(1969, 12, 31, 23, 59, 59, 500000, tzinfo=UTC))

    assert near.to_pylist() == [1577836800000005000, None]
    assert far.to_pylist() == [
        {"epoch": 253402300799, "fraction": 999999000},
        {"epoch": -62135596800, "fraction": 0},
        None,
    ]
    assert early.to_pylist() == [{"epoch": -1, "fraction": 500000000, "timezone": 1440}]


def test_short_times_are_cut_down_to_their_digits() -> None:
    assert wire(SnowType("TIME", scale=0), time(1, 2, 3, 999999)).to_pylist() == [3723]
    assert wire(SnowType("TIMESTAMP_NTZ", scale=3), datetime(1969, 12, 31, 23, 59, 59, 999900)).to_pylist() == [-1]


def test_every_type_as_json_text() -> None:
    kinds = [
        (SnowType("NUMBER", precision=10, scale=2), Decimal("1.50"), "1.50"),
        (SnowType("BOOLEAN"), True, "1"),
        (SnowType("FLOAT"), 1.5, "1.5"),
        (SnowType("DATE"), date(1970, 1, 2), "1"),
        (SnowType("TIME", scale=9), time(0, 0, 1), "1.000000000"),
        (SnowType("TIMESTAMP_NTZ", scale=0), datetime(1970, 1, 1, 0, 0, 7), "7"),
        (SnowType("TIMESTAMP_NTZ", scale=9), datetime(1969, 12, 31, 23, 59, 59, 500000), "-0.500000000"),
        (SnowType("TIMESTAMP_TZ", scale=3), datetime(1970, 1, 1, tzinfo=UTC), "0.000 1440"),
        (SnowType("BINARY"), b"\xff\x00", "FF00"),
        (SnowType("VARCHAR", length=5), "ä'\"", "ä'\""),
        (SnowType("VARIANT"), '{"a":[1,2.50]}', '{\n  "a": [\n    1,\n    2.50\n  ]\n}'),
    ]
    columns = tuple(Column("C", kind) for kind, _, _ in kinds)
    table = table_of(columns, [[value for _, value, _ in kinds], [None] * len(kinds)])

    assert to_rows(columns, table) == [[text for _, _, text in kinds], [None] * len(kinds)]


@pytest.mark.parametrize("text", ['{"a":{},"b":[],"c":"{,:[","d":null}', "[[1],[]]", '"x"', "1e400", '{"a\\"b": 1}'])
def test_semistructured_text_keeps_its_meaning(text: str) -> None:
    assert json.loads(shown(text), parse_float=str) == json.loads(text, parse_float=str)


def test_large_results_are_cut_into_chunks_that_hold_every_row_once() -> None:
    text = SnowType("VARCHAR", length=16777216)
    result = rows_result([Column("N", SnowType("NUMBER")), Column("T", text)], [(n, "x" * 1000) for n in range(20_000)])

    pieces = list(encoding._arrow_pieces(result))

    assert len(pieces) > 2
    assert sum(rows for rows, _ in pieces) == 20_000
    values = [v for _, piece in pieces for v in pa.ipc.open_stream(piece).read_all().column(0).to_pylist()]
    assert values == list(range(20_000))


def test_rowtype_names_types_and_sizes_as_snowflake() -> None:
    described = rowtype(
        [
            Column("A", SnowType("NUMBER", precision=10, scale=2), nullable=False),
            Column("b", SnowType("VARCHAR", length=3)),
        ]
    )

    assert [
        (c["name"], c["type"], c["nullable"], c["precision"], c["scale"], c["length"], c["byteLength"])
        for c in described
    ] == [
        ("A", "fixed", False, 10, 2, None, None),
        ("b", "text", True, None, None, 3, 12),
    ]
