"""A staged file as records, whatever its format, and as rows that a statement can look at."""

from __future__ import annotations

from datetime import UTC, datetime

import pyarrow as pa

from runner.sandbox.staging import columnar, delimited, documents
from runner.sandbox.staging.compression import content
from runner.sandbox.staging.folders import StagedFile
from runner.sandbox.staging.formats import Format
from runner.sandbox.staging.options import as_text
from runner.sandbox.staging.records import Records

METADATA = (
    "METADATA$FILENAME",
    "METADATA$FILE_ROW_NUMBER",
    "METADATA$FILE_CONTENT_KEY",
    "METADATA$FILE_LAST_MODIFIED",
    "METADATA$START_SCAN_TIME",
)
"""user-guide/querying-metadata; kept as `m0` … `m4` beside the fields `c0`, `c1` …"""


def read_file(file: StagedFile, form: Format) -> Records:
    """All records of a file."""
    form = form.readable()
    if form.type == "PARQUET":
        return columnar.read(file.path, form.options)
    data = content(file.path, as_text(form.options, "COMPRESSION"))
    return delimited.read(data, form.options) if form.type == "CSV" else documents.read(data, form.options)


def rows_of(file: StagedFile, records: Records, shown: str, now: datetime) -> pa.Table:
    """The records with their metadata columns."""
    table, count = records.table, records.table.num_rows
    stamp = pa.timestamp("us")
    metadata = (
        pa.array([shown] * count, pa.string()),
        pa.array(records.rows, pa.int64()),
        pa.array([file.md5] * count, pa.string()),
        pa.array([file.modified_at.astimezone(UTC).replace(tzinfo=None)] * count, stamp),
        pa.array([now.astimezone(UTC)] * count, pa.timestamp("us", tz="UTC")),
    )
    for at, column in enumerate(metadata):
        table = table.append_column(f"m{at}", column)
    return table


def together(tables: list[pa.Table]) -> pa.Table:
    """The rows of several files; fields that one of them has not are NULL there."""
    if not tables:
        empty = {"c0": pa.string(), "m0": pa.string(), "m1": pa.int64(), "m2": pa.string(), "m3": pa.timestamp("us")}
        return pa.schema([*empty.items(), ("m4", pa.timestamp("us", tz="UTC"))]).empty_table()
    return pa.concat_tables(tables, promote_options="default")
