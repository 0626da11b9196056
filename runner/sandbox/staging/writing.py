"""Rows as files: CSV, JSON or Parquet, cut where a file grows too large, compressed as the format says."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Sequence

import pyarrow as pa

from runner.sandbox.catalog.files import Options
from runner.sandbox.classes import dataclass
from runner.sandbox.errors import compilation
from runner.sandbox.result import Column, Result
from runner.sandbox.staging import columnar
from runner.sandbox.staging.compression import EXTENSIONS, packed
from runner.sandbox.staging.delimited import control
from runner.sandbox.staging.formats import Format
from runner.sandbox.staging.options import as_list, as_text, is_true

_SEMI = ("VARIANT", "OBJECT", "ARRAY")
_UNQUOTED = ("NUMBER", "FLOAT")


@dataclass(frozen=True, slots=True)
class Written:
    """One file's content and how many rows are in it."""

    data: bytes
    rows: int
    size: int
    """Bytes before compression."""


def compression_of(form: Format) -> str:
    """The compression of files that are written: gzip unless told."""
    kind = as_text(form.options, "COMPRESSION")
    if form.type == "PARQUET":
        return "SNAPPY" if kind == "AUTO" and is_true(form.options, "SNAPPY_COMPRESSION") else kind
    return "GZIP" if kind == "AUTO" else kind


def extension_of(form: Format) -> str:
    """`.csv.gz`, `.json.bz2`, `.snappy.parquet` …"""
    kind = compression_of(form)
    if form.type == "PARQUET":
        return f".{kind.lower()}.parquet" if kind != "NONE" else ".parquet"
    given = as_text(form.options, "FILE_EXTENSION")
    return f".{given.lstrip('.')}" if given else f".{form.type.lower()}{EXTENSIONS[kind]}"


def written(result: Result, texts: pa.Table, form: Format, options: Options, most: int) -> Iterator[Written]:
    """The rows in files of about `most` bytes. `texts` has every value as it is written out."""
    if form.type == "PARQUET":
        yield _parquet(result, form, header=is_true(options, "HEADER"))
        return
    lines = _csv(result.columns, texts, form) if form.type == "CSV" else _json(result)
    end = control(as_text(form.options, "RECORD_DELIMITER")) if form.type == "CSV" else "\n"
    head = _header(result.columns, form, end) if is_true(options, "HEADER") and form.type == "CSV" else b""
    kind = compression_of(form)
    encoding = as_text(form.options, "ENCODING") or "UTF8"
    pieces, rows, size = [head], 0, len(head)
    for line in lines:
        piece = (line + end).encode(encoding)
        if rows and size + len(piece) > most:
            yield Written(packed(b"".join(pieces), kind), rows, size)
            pieces, rows, size = [head], 0, len(head)
        pieces.append(piece)
        rows, size = rows + 1, size + len(piece)
    if rows:
        yield Written(packed(b"".join(pieces), kind), rows, size)


def _header(columns: Sequence[Column], form: Format, end: str) -> bytes:
    quote = control(as_text(form.options, "FIELD_OPTIONALLY_ENCLOSED_BY"))
    names = [f"{quote}{column.name.replace(quote, quote * 2) if quote else column.name}{quote}" for column in columns]
    return (control(as_text(form.options, "FIELD_DELIMITER")).join(names) + end).encode()


def _csv(columns: Sequence[Column], texts: pa.Table, form: Format) -> Iterator[str]:
    options = form.options
    delimiter = control(as_text(options, "FIELD_DELIMITER"))
    quote = control(as_text(options, "FIELD_OPTIONALLY_ENCLOSED_BY"))
    escape = control(as_text(options, "ESCAPE" if quote else "ESCAPE_UNENCLOSED_FIELD"))
    null = next(iter(as_list(options, "NULL_IF")), "")
    encloses = [bool(quote) and column.type.name not in _UNQUOTED for column in columns]
    specials = [s for s in dict.fromkeys((escape, delimiter, control(as_text(options, "RECORD_DELIMITER")))) if s]

    def field(value: str | None, enclosed: bool) -> str:
        if value is None:
            return null
        if enclosed:
            return f"{quote}{value.replace(quote, (escape or quote) + quote)}{quote}"
        return _escaped(value, escape, specials) if escape and not quote else value

    for row in zip(*(column.to_pylist() for column in texts.columns), strict=True):
        yield delimiter.join(field(value, enclosed) for value, enclosed in zip(row, encloses, strict=True))


def _escaped(value: str, escape: str, specials: list[str]) -> str:
    for special in specials:
        value = value.replace(special, escape + special)
    return value


def _json(result: Result) -> Iterator[str]:
    if len(result.columns) != 1 or result.columns[0].type.name not in _SEMI:
        raise compilation(
            2019, "0A000", "JSON file format can produce one and only one column of type variant, object or array."
        )
    for value in result.table.column(0).to_pylist():
        if value is not None:
            yield json.dumps(json.loads(value), ensure_ascii=False, separators=(",", ":"))


def _parquet(result: Result, form: Format, *, header: bool) -> Written:
    import pyarrow.parquet as pq  # Loaded when it is first needed.

    rows = columnar.unloaded(result)

    names = [column.name if header else f"_COL_{at}" for at, column in enumerate(result.columns)]
    buffer = io.BytesIO()
    kind = compression_of(form)
    codec = {"SNAPPY": "snappy", "NONE": "none", "GZIP": "gzip", "ZSTD": "zstd", "BROTLI": "brotli"}.get(kind)
    if codec is None:
        raise compilation(1008, "22023", f"invalid value [{kind}] for parameter 'COMPRESSION' of PARQUET")
    pq.write_table(rows.rename_columns(names), buffer, compression=codec)
    return Written(buffer.getvalue(), result.table.num_rows, result.table.nbytes)
