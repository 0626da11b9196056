"""Parquet as Snowflake reads it: every row one object in `$1`, its fields under the names that the file gives them.

And what it writes into such files. Sources: sql-reference/sql/create-file-format (TYPE = PARQUET),
sql-reference/sql/copy-into-location.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pyarrow as pa

from runner.sandbox import nanos
from runner.sandbox.catalog.files import Options
from runner.sandbox.errors import SnowflakeError, unsupported
from runner.sandbox.result import Result
from runner.sandbox.staging.options import is_true
from runner.sandbox.staging.records import Records
from runner.sandbox.tokens import quote_identifier


def load(path: Path) -> pa.Table:
    """The file's rows; what is no Parquet file is an error."""
    import pyarrow.parquet as pq  # Loaded when it is first needed.

    try:
        return pq.ParquetFile(path).read()
    except (pa.ArrowException, OSError) as error:
        text = f"Error parsing the parquet file: {str(error).splitlines()[0][:200]}"
        raise SnowflakeError(100094, "22000", text) from None


def read(path: Path, options: Options) -> Records:
    """Every row as a JSON object."""
    table = load(path)
    logical, text = is_true(options, "USE_LOGICAL_TYPE"), is_true(options, "BINARY_AS_TEXT")
    places = sorted(range(table.num_columns), key=lambda at: table.schema.field(at).name)
    fields = [_field(at, table.schema.field(at), logical=logical, text=text) for at in places]
    body = " || ',' || ".join(fields) or "''"
    with duckdb.connect() as engine:
        engine.execute("SET TimeZone = 'UTC'")
        engine.register("rows", _at_utc(table).rename_columns([f"f{at}" for at in range(table.num_columns)]))
        found = engine.sql(f"SELECT '{{' || {body} || '}}' AS c0 FROM rows").to_arrow_table()
    rows = list(range(1, table.num_rows + 1))
    return Records(table=found.cast(pa.schema([("c0", pa.string())])), lines=[], rows=rows, variant=True)


def unloaded(result: Result) -> pa.Table:
    """The rows as a file has them: nanoseconds in the type of Parquet's that has nine digits."""
    table = result.table
    for at, column in enumerate(result.columns):
        if column.type.name in ("TIMESTAMP_TZ", "TIMESTAMP_LTZ"):
            text = "TIMESTAMP_TZ and LTZ types are not supported for unloading to Parquet. value is of type "
            raise SnowflakeError(2, "0A000", f"Error encountered when unloading to PARQUET: {text}{column.type.name}")
        if nanos.is_fine(table.schema.field(at).type):
            table = table.set_column(at, str(at), _in_nanoseconds(table.column(at), column.type.name))
    return table


def _in_nanoseconds(array: pa.ChunkedArray, kind: str) -> pa.Array:
    import pyarrow.compute as pc  # Loaded when it is first needed.

    whole = array.combine_chunks()
    try:
        micros = pc.multiply_checked(pc.struct_field(whole, "i").cast(pa.int64()), 1000)
        count = pc.add_checked(micros, pc.struct_field(whole, "n").cast(pa.int64()))
    except pa.ArrowInvalid:
        raise unsupported("unloading nanoseconds of a year before 1678 or after 2261 to Parquet") from None
    return count.cast(pa.time64("ns") if kind == "TIME" else pa.timestamp("ns"))


def _at_utc(table: pa.Table) -> pa.Table:
    """The engine has no nanoseconds beside a zone: such instants as the wall clock of UTC."""
    for at, field in enumerate(table.schema):
        if pa.types.is_timestamp(field.type) and field.type.unit == "ns" and field.type.tz:
            table = table.set_column(
                at, field.name, table.column(at).cast(pa.timestamp("ns", "UTC")).cast(pa.timestamp("ns"))
            )
    return table


def _field(at: int, field: pa.Field, *, logical: bool, text: bool) -> str:
    """Engine SQL for `"name":value` as JSON."""
    key = f"to_json({_quoted(field.name)}) || ':'"
    return f"{key} || coalesce({_value(quote_identifier(f'f{at}'), field.type, logical=logical, text=text)}, 'null')"


def _quoted(name: str) -> str:
    return "'" + name.replace("'", "''") + "'"


def _value(name: str, kind: pa.DataType, *, logical: bool, text: bool) -> str:
    if pa.types.is_integer(kind) or pa.types.is_decimal(kind):
        return f"CAST({name} AS VARCHAR)"
    if pa.types.is_floating(kind):
        return f"CASE WHEN isfinite({name}) THEN to_json({name}) ELSE to_json(CAST({name} AS VARCHAR)) END"
    if pa.types.is_timestamp(kind):
        return _stamp(name, kind, logical=logical)
    if pa.types.is_date(kind) or pa.types.is_time(kind):
        return f"to_json(CAST({name} AS VARCHAR))"
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind):
        return f"to_json({f'decode({name})' if text else f'hex({name})'})"
    return f"CAST(to_json({name}) AS VARCHAR)"


def _stamp(name: str, kind: pa.TimestampType, *, logical: bool) -> str:
    """An instant keeps its zone only as a logical type; else it is the wall clock of UTC."""
    shown = f"strftime({name}, '%Y-%m-%d %H:%M:%S.%n')" if kind.unit == "ns" else (
        f"strftime({name}, '%Y-%m-%d %H:%M:%S.%f')"
    )  # fmt: skip
    zone = " || ' +0000'" if kind.tz and logical else ""
    return f"to_json({shown}{zone})"
