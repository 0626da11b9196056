"""A result as the connector's own Arrow iterator wants it.

Snowflake's columns carry their type in the field's metadata (`logicalType`, `precision`, `scale`), decimals as scaled
integers where they fit, times as integers of `10^-scale` seconds, timestamps as such integers or as structs of epoch,
fraction and zone. Source: connector `nanoarrow_cpp/ArrowIterator/CArrowChunkIterator.cpp`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import lru_cache

import pyarrow as pa
import pyarrow.compute as pc

from runner.sandbox import nanos
from runner.sandbox.http.rowtype import fraction_digits, wire_type
from runner.sandbox.http.semistructured import shown
from runner.sandbox.pages import release
from runner.sandbox.result import Column, SnowType

_SHORT = 18
"""Digits that every 64-bit integer has room for."""
_PART = 250_000
_UTC_OFFSET = 1440
"""Minutes, counted from -24 hours: what the wire carries for +00:00."""
_NANOSECONDS_REACH = 9_223_372_036_000_000
"""Microseconds from 1970 that still fit a 64-bit count of nanoseconds."""
_EPOCH = pa.field("epoch", pa.int64(), nullable=False)
_FRACTION = pa.field("fraction", pa.int32(), nullable=False)
_ZONE = pa.field("timezone", pa.int32(), nullable=False)


def to_wire(columns: Sequence[Column], table: pa.Table, wide: Collection[int] | None = None) -> pa.Table:
    """The table with every column in its wire form; positions carry the meaning.

    `wide` says of a part of a result which columns are so in the whole (`wide_columns`); None: this is the whole.
    """
    arrays = [
        _column(column.type, table.column(at), None if wide is None else at in wide)
        for at, column in enumerate(columns)
    ]
    fields = [_field(column.name, array.type, column.type) for column, array in zip(columns, arrays, strict=True)]
    return pa.Table.from_arrays(arrays, schema=pa.schema(fields))


def wide_columns(columns: Sequence[Column], table: pa.Table) -> frozenset[int]:
    """The columns with values for which the short form of their type does not reach."""
    return frozenset(at for at, column in enumerate(columns) if _is_wide(column.type, table, at))


def _is_wide(kind: SnowType, table: pa.Table, at: int) -> bool:
    if not (kind.name == "TIMESTAMP_NTZ" or (kind.name == "NUMBER" and (kind.precision or 38) > _SHORT)):
        return False
    for start in range(0, table.num_rows, _PART):
        part = table.column(at).slice(start, _PART)
        found = _column(kind, part, None).type
        if pa.types.is_struct(found) or pa.types.is_decimal(found):
            return True
        release(table)
    return False


def stream(table: pa.Table) -> bytes:
    """The table as an Arrow IPC stream."""
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue().to_pybytes())


@lru_cache(maxsize=4096)
def _field(name: str, wire: pa.DataType, kind: SnowType) -> pa.Field:
    return pa.field(name, wire, nullable=True, metadata=_metadata(kind))


def _metadata(kind: SnowType) -> dict[str, str]:
    timed = kind.name.startswith("TIME")
    return {
        "logicalType": wire_type(kind).upper(),
        "precision": str(kind.precision or 38) if kind.name == "NUMBER" else "38",
        "scale": str(fraction_digits(kind) if timed else kind.scale or 0),
        "charLength": str(kind.length or 0),
        "byteLength": "16",
        "finalType": "T",
    }


def _column(kind: SnowType, array: pa.ChunkedArray, wide: bool | None) -> pa.ChunkedArray:
    match kind.name:
        case "NUMBER":
            return _fixed(array, kind.scale or 0, wide)
        case "FLOAT":
            return array.cast(pa.float64())
        case "BOOLEAN":
            return array.cast(pa.bool_())
        case "DATE":
            return array.cast(pa.date32())
        case "BINARY":
            return array.cast(pa.binary())
        case "TIME" | "TIMESTAMP_NTZ" | "TIMESTAMP_LTZ" | "TIMESTAMP_TZ" if nanos.is_fine(array.type):
            return _finely(kind, array, wide)
        case "TIME":
            return _scaled(array.cast(pa.time64("us")).cast(pa.int64()), fraction_digits(kind))
        case "TIMESTAMP_TZ":
            return _zoned(array)
        case "TIMESTAMP_LTZ":
            # From one integer the connector makes a date of 1970 and adds to it: summer time would be lost.
            return _struct(_microseconds(array))
        case "TIMESTAMP_NTZ":
            return _timestamp(_microseconds(array), fraction_digits(kind), wide)
        case "VARIANT" | "OBJECT" | "ARRAY":
            return _semistructured(array.cast(pa.string()))
        case _:
            return array.cast(pa.string())


def _finely(kind: SnowType, array: pa.ChunkedArray, wide: bool | None) -> pa.ChunkedArray:
    """Moments that have their nanoseconds beside them."""
    whole, digits = _one(array), fraction_digits(kind)
    further = pa.chunked_array([pc.struct_field(whole, "n")])
    first = pa.chunked_array([pc.struct_field(whole, "i")])
    if kind.name == "TIME":
        return _in_nanoseconds(first.cast(pa.time64("us")).cast(pa.int64()), further, digits)
    micros = _microseconds(first)
    if kind.name == "TIMESTAMP_NTZ" and not wide and _within_reach(micros):
        return _in_nanoseconds(micros, further, digits)
    return _struct(micros, _offsets(whole) if kind.name == "TIMESTAMP_TZ" else None, further)


def _in_nanoseconds(microseconds: pa.ChunkedArray, further: pa.ChunkedArray, digits: int) -> pa.ChunkedArray:
    return _floor_divide(pc.add(pc.multiply(microseconds, 1000), further.cast(pa.int64())), 10 ** (9 - digits))


def _fixed(array: pa.ChunkedArray, scale: int, wide: bool | None) -> pa.ChunkedArray:
    """As 64-bit integers where every value fits, in the whole result alike; as decimals else."""
    if not pa.types.is_decimal(array.type) or array.type.scale != scale:
        array = array.cast(pa.decimal128(38, scale))
    if wide:
        return array
    try:
        return _unscaled(array).cast(pa.int64())
    except pa.ArrowInvalid:
        return array


def _unscaled(array: pa.ChunkedArray) -> pa.ChunkedArray:
    """The same digits read without their point: 1.50 of scale 2 is 150."""
    whole = pa.decimal128(38, 0)
    chunks = [pa.Array.from_buffers(whole, len(c), c.buffers(), c.null_count, c.offset) for c in array.chunks]
    return pa.chunked_array(chunks, type=whole)


def _scaled(microseconds: pa.ChunkedArray, digits: int) -> pa.ChunkedArray:
    if digits >= 6:
        return pc.multiply(microseconds, 10 ** (digits - 6))
    return _floor_divide(microseconds, 10 ** (6 - digits))


def _floor_divide(values: pa.ChunkedArray, divisor: int) -> pa.ChunkedArray:
    quotient = pc.divide(values, divisor)
    below = pc.less(values, pc.multiply(quotient, divisor))
    return pc.subtract(quotient, below.cast(pa.int64()))


def _microseconds(array: pa.ChunkedArray) -> pa.ChunkedArray:
    zone = array.type.tz if pa.types.is_timestamp(array.type) else None
    return array.cast(pa.timestamp("us", tz=zone), safe=False).cast(pa.int64())


def _timestamp(microseconds: pa.ChunkedArray, digits: int, wide: bool | None) -> pa.ChunkedArray:
    """One integer a value where that many digits reach, a struct of seconds and nanoseconds else."""
    if digits <= 6 or (not wide and _within_reach(microseconds)):
        return _scaled(microseconds, digits)
    return _struct(microseconds)


def _within_reach(microseconds: pa.ChunkedArray) -> bool:
    ends = pc.min_max(microseconds).as_py()
    return ends["min"] is None or (ends["min"] > -_NANOSECONDS_REACH and ends["max"] < _NANOSECONDS_REACH)


def _zoned(array: pa.ChunkedArray) -> pa.ChunkedArray:
    whole = _one(array)
    return _struct(_microseconds(pa.chunked_array([pc.struct_field(whole, "i")])), _offsets(whole))


def _offsets(whole: pa.Array) -> pa.Array:
    return pc.add(pc.fill_null(pc.struct_field(whole, "o"), 0).cast(pa.int32()), _UTC_OFFSET).cast(pa.int32())


def _one(array: pa.ChunkedArray) -> pa.Array:
    whole = array.combine_chunks()
    return whole if isinstance(whole, pa.Array) else pa.concat_arrays(whole.chunks or [pa.array([], array.type)])


def _struct(
    microseconds: pa.ChunkedArray, offsets: pa.Array | None = None, further: pa.ChunkedArray | None = None
) -> pa.ChunkedArray:
    whole = _one(microseconds)
    nothing = pc.is_null(whole)
    filled = pc.fill_null(whole, 0)
    seconds = _floor_divide(filled, 1_000_000)
    rest = pc.multiply(pc.subtract(filled, pc.multiply(seconds, 1_000_000)), 1000).cast(pa.int32())
    if further is not None:
        rest = pc.add(rest, pc.fill_null(_one(further), 0).cast(pa.int32())).cast(pa.int32())
    parts, fields = [seconds, rest], [_EPOCH, _FRACTION]
    if offsets is not None:
        parts.append(offsets)
        fields.append(_ZONE)
    return pa.chunked_array([pa.StructArray.from_arrays(parts, fields=fields, mask=nothing)])


def _semistructured(array: pa.ChunkedArray) -> pa.ChunkedArray:
    return pa.chunked_array([pa.array([v if v is None else shown(v) for v in array.to_pylist()], pa.string())])
