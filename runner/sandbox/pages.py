"""Rows of a result as they come from the engine: in memory while they are few, else in a file without a name.

The file is looked at through the page cache, so that a result costs disk and not memory; it goes with the last table
that shows it. What was looked at and is not needed soon can be given back (`release`).
"""

from __future__ import annotations

import mmap
import tempfile
from collections.abc import Iterator
from pathlib import Path
from weakref import finalize

import pyarrow as pa

IN_MEMORY = 64 * 1024 * 1024
"""Bytes of a result that stay in memory."""
_maps: dict[int, mmap.mmap] = {}
"""By the identity of the table that shows it, as long as that lives."""


def table(batches: Iterator[pa.RecordBatch], schema: pa.Schema, folder: Path | None, most: int = IN_MEMORY) -> pa.Table:
    """All batches as one table; a large one lies in a file in the folder."""
    kept: list[pa.RecordBatch] = []
    size = 0
    for batch in batches:
        kept.append(batch)
        size += batch.nbytes
        if size > most:
            return _filed(kept, batches, schema, folder)
    return pa.Table.from_batches(kept, schema)


def _filed(
    kept: list[pa.RecordBatch], further: Iterator[pa.RecordBatch], schema: pa.Schema, folder: Path | None
) -> pa.Table:
    # The names of a result's columns may repeat: in the file they are numbers.
    plain = pa.schema([field.with_name(f"c{at}") for at, field in enumerate(schema)])
    with tempfile.TemporaryFile(dir=folder) as file:
        with pa.ipc.new_file(pa.PythonFile(file, "w"), plain) as writer:
            while kept:
                _write(writer, kept.pop(0), plain)
            for batch in further:
                _write(writer, batch, plain)
        file.flush()
        mapped = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    found = pa.ipc.open_file(pa.py_buffer(mapped)).read_all().rename_columns(schema.names)
    _maps[id(found)] = mapped
    finalize(found, _maps.pop, id(found), None).atexit = False
    return found


def _write(writer: pa.RecordBatchWriter, batch: pa.RecordBatch, schema: pa.Schema) -> None:
    writer.write_batch(pa.RecordBatch.from_arrays(batch.columns, schema=schema))


def on_disk(found: pa.Table) -> bool:
    return id(found) in _maps


def release(found: pa.Table) -> None:
    """What of the table was read into memory need not stay there."""
    if (mapped := _maps.get(id(found))) is not None and hasattr(mmap, "MADV_DONTNEED"):
        mapped.madvise(mmap.MADV_DONTNEED)
