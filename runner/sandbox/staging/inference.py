"""INFER_SCHEMA: names and types of the columns that staged files hold (sql-reference/functions/infer_schema)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import field, replace

import pyarrow as pa

from runner.sandbox.classes import dataclass
from runner.sandbox.errors import SnowflakeError, compilation
from runner.sandbox.staging.columnar import load
from runner.sandbox.staging.folders import StagedFile
from runner.sandbox.staging.formats import Format
from runner.sandbox.staging.options import is_true
from runner.sandbox.staging.reading import read_file

_DATE = re.compile(r"\d{4}-\d\d-\d\d\Z")
_TIME = re.compile(r"\d\d:\d\d:\d\d(\.\d+)?\Z")
_STAMP = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d+)?)?( ?(?P<zone>Z|[+-]\d\d:?\d\d))?\Z")
_NUMBER = re.compile(r"[+-]?(?P<whole>\d*)(?:\.(?P<part>\d*))?\Z")
_REAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)[eE][+-]?\d+\Z")


@dataclass(frozen=True, slots=True)
class Field:
    """One column that the files would make."""

    name: str
    type: str
    nullable: bool
    order: int
    files: list[str] = field(default_factory=list)


def infer(files: Sequence[StagedFile], form: Format, most: int | None) -> list[Field]:
    """The fields of all files together; a field that one file has not is nullable."""
    if not files:
        return []
    found: dict[str, Field] = {}
    for file in files:
        for one in _of_file(file, form, most):
            before = found.get(one.name)
            found[one.name] = one if before is None else _joined(before, one)
    return [_everywhere(one, len(files)) for one in sorted(found.values(), key=lambda each: each.order)]


def _everywhere(one: Field, files: int) -> Field:
    return one if len(one.files) == files else replace(one, nullable=True)


def _joined(a: Field, b: Field) -> Field:
    return replace(a, type=_common(a.type, b.type), nullable=a.nullable or b.nullable, files=[*a.files, *b.files])


def folded(fields: Iterable[Field]) -> list[Field]:
    """IGNORE_CASE: names in upper case."""
    return [replace(one, name=one.name.upper()) for one in fields]


def _of_file(file: StagedFile, form: Format, most: int | None) -> Iterator[Field]:
    if form.type == "PARQUET":
        logical = is_true(form.options, "USE_LOGICAL_TYPE")
        for at, column in enumerate(load(file.path).schema):
            yield Field(column.name, _of_arrow(column.type, logical=logical), column.nullable, at, [file.name])
        return
    records = read_file(file, form)
    if records.flaws and records.flaws[0].error is not None:
        raise SnowflakeError(records.flaws[0].error.errno, records.flaws[0].error.sqlstate, records.flaws[0].message)
    rows = records.table.slice(0, most)
    columns = _of_documents(rows) if records.variant else _of_texts(rows, records.header)
    for at, (name, values) in enumerate(columns.items()):
        kinds = [_of_value(value) for value in values if value is not None]
        kind = _reduced(kinds)
        yield Field(name, kind, True, at, [file.name])


def _of_texts(rows: pa.Table, header: list[str]) -> dict[str, list[object]]:
    fields = [name for name in rows.column_names if name.startswith("c")]
    names = header or [f"c{at + 1}" for at in range(len(fields))]
    return {name: rows.column(at).to_pylist() for at, name in enumerate(names[: len(fields)])}


def _of_documents(rows: pa.Table) -> dict[str, list[object]]:
    found: dict[str, list[object]] = {}
    for text in rows.column("c0").to_pylist():
        document = json.loads(text)
        if not isinstance(document, dict):
            raise compilation(2019, "0A000", "INFER_SCHEMA needs documents that are objects.")
        for name, value in document.items():
            found.setdefault(name, []).append(value)
    return found


def _of_value(value: object) -> str:
    match value:
        case bool():
            return "BOOLEAN"
        case int():
            return f"NUMBER({len(str(abs(value)))}, 0)"
        case float():
            return _of_text(repr(value))
        case dict():
            return "OBJECT"
        case list():
            return "ARRAY"
        case _:
            return _of_text(str(value))


def _of_text(text: str) -> str:
    if text.lower() in ("true", "false"):
        return "BOOLEAN"
    number = _NUMBER.match(text)
    if number and (number["whole"] or number["part"]):
        scale = len(number["part"] or "")
        digits = max(len(number["whole"].lstrip("0")) + scale, 1)
        return f"NUMBER({digits}, {scale})" if digits <= 38 else "REAL"
    if _REAL.match(text):
        return "REAL"
    if _DATE.match(text):
        return "DATE"
    if stamp := _STAMP.match(text):
        return "TIMESTAMP_TZ" if stamp["zone"] else "TIMESTAMP_NTZ"
    return "TIME" if _TIME.match(text) else "TEXT"


def _reduced(kinds: list[str]) -> str:
    if not kinds:
        return "TEXT"
    kind = kinds[0]
    for other in kinds[1:]:
        kind = _common(kind, other)
    return kind


_FACETS = re.compile(r"NUMBER\((\d+), (\d+)\)")


def _common(a: str, b: str) -> str:
    """The one type that holds values of both."""
    if a == b:
        return a
    first, second = _FACETS.match(a), _FACETS.match(b)
    if first and second:
        scale = max(int(first[2]), int(second[2]))
        whole = max(int(first[1]) - int(first[2]), int(second[1]) - int(second[2]))
        return f"NUMBER({whole + scale}, {scale})" if whole + scale <= 38 else "REAL"
    if "REAL" in (a, b) and (first or second):
        return "REAL"
    if {a, b} == {"DATE", "TIMESTAMP_NTZ"}:
        return "TIMESTAMP_NTZ"
    return "VARIANT" if {a, b} & {"OBJECT", "ARRAY"} else "TEXT"


def _of_arrow(kind: pa.DataType, *, logical: bool) -> str:
    if pa.types.is_boolean(kind):
        return "BOOLEAN"
    if pa.types.is_integer(kind):
        return "NUMBER(38, 0)"
    if pa.types.is_decimal(kind):
        return f"NUMBER({kind.precision}, {kind.scale})"
    if pa.types.is_floating(kind):
        return "REAL"
    if pa.types.is_timestamp(kind):
        return "TIMESTAMP_LTZ" if kind.tz and logical else "TIMESTAMP_NTZ"
    if pa.types.is_date(kind):
        return "DATE"
    if pa.types.is_time(kind):
        return "TIME"
    if pa.types.is_list(kind) or pa.types.is_large_list(kind):
        return "ARRAY"
    if pa.types.is_struct(kind) or pa.types.is_map(kind):
        return "OBJECT"
    binary = pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_fixed_size_binary(kind)
    return "BINARY" if binary else "TEXT"
