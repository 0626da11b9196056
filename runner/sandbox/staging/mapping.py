"""Which field of a file goes into which column: by place, by name, or by the SELECT that COPY was given."""

from __future__ import annotations

import json
from collections.abc import Sequence

from runner.sandbox.catalog.files import Options
from runner.sandbox.catalog.model import ColumnModel
from runner.sandbox.classes import dataclass
from runner.sandbox.errors import compilation
from runner.sandbox.staging.copy_text import CopyIntoTable
from runner.sandbox.staging.formats import Format
from runner.sandbox.staging.options import as_text, is_true
from runner.sandbox.staging.reading import METADATA
from runner.sandbox.staging.records import Records
from runner.sandbox.tokens import quote_identifier, quote_string

_SEMI = ("VARIANT", "OBJECT", "ARRAY")
_ONE_COLUMN = (
    "{} file format can produce one and only one column of data type VARIANT, OBJECT, or ARRAY. Load data into "
    "separate columns using the MATCH_BY_COLUMN_NAME copy option or copy with transformation."
)
_BY_FORMAT = {
    "DATE": ("DATE_FORMAT", "TO_DATE"),
    "TIME": ("TIME_FORMAT", "TO_TIME"),
    "TIMESTAMP_NTZ": ("TIMESTAMP_FORMAT", "TO_TIMESTAMP_NTZ"),
    "TIMESTAMP_LTZ": ("TIMESTAMP_FORMAT", "TO_TIMESTAMP_LTZ"),
    "TIMESTAMP_TZ": ("TIMESTAMP_FORMAT", "TO_TIMESTAMP_TZ"),
    "BINARY": ("BINARY_FORMAT", "TO_BINARY"),
}


@dataclass(frozen=True, slots=True)
class Mapping:
    """A SELECT from the staged rows with one item for each column."""

    query: str


def mapping(
    statement: CopyIntoTable, columns: Sequence[ColumnModel], form: Format, options: Options, records: Records
) -> Mapping:
    """How the file's fields go into the columns."""
    if statement.query is not None:
        return Mapping(statement.query)
    if as_text(options, "MATCH_BY_COLUMN_NAME") != "NONE":
        fields = _by_name(statement, columns, options, records)
    elif records.variant:
        if len(columns) != 1 or columns[0].type.name not in _SEMI:
            raise compilation(2019, "0A000", _ONE_COLUMN.format(form.type))
        fields = ["$1"]
    else:
        fields = [f"${at + 1}" for at in range(len(columns))]
    items = [_item(field, column, form, options) for field, column in zip(fields, columns, strict=True)]
    return Mapping(f"SELECT {', '.join(items)} FROM @rows")


def _by_name(statement: CopyIntoTable, columns: Sequence[ColumnModel], options: Options, records: Records) -> list[str]:
    """Fields by their names; a column that the file has not is NULL."""
    exact = as_text(options, "MATCH_BY_COLUMN_NAME") == "CASE_SENSITIVE"
    if not records.variant and not records.header:
        raise compilation(
            2049, "0A000", "MATCH_BY_COLUMN_NAME of CSV files needs the file format option PARSE_HEADER = TRUE."
        )
    named: dict[str, str] = {}
    for name, place in _fields(records).items():
        key = name if exact else name.upper()
        named[key] = f"COALESCE({named[key]}, {place})" if key in named else place
    found = []
    for column in columns:
        metadata = statement.metadata.get(column.name)
        if metadata is not None and metadata not in METADATA:
            raise compilation(1008, "22023", f"invalid value [{metadata}] for parameter 'INCLUDE_METADATA'")
        found.append(metadata or named.get(column.name if exact else column.name.upper(), "NULL"))
    return found


def _fields(records: Records) -> dict[str, str]:
    """Every name in the file, and how it is reached."""
    if not records.variant:
        return {name: f"${at + 1}" for at, name in enumerate(records.header)}
    names: dict[str, None] = {}
    for text in records.table.column("c0").to_pylist():
        document = json.loads(text)
        names |= dict.fromkeys(document if isinstance(document, dict) else ())
    return {name: f"$1:{quote_identifier(name)}" for name in names}


def _item(field: str, column: ColumnModel, form: Format, options: Options) -> str:
    """The expression that makes the column's value of the field."""
    kind = column.type.name
    if field == "NULL" or field.startswith("METADATA$"):
        return field
    if kind == "VARCHAR" and (is_true(options, "TRUNCATECOLUMNS") or not is_true(options, "ENFORCE_LENGTH")):
        return f"LEFT({field}::VARCHAR, {column.type.length or 16777216})"
    if kind in _SEMI:
        return field if form.type != "CSV" else f"PARSE_JSON({field})"
    option, function = _BY_FORMAT.get(kind, ("", ""))
    wanted = as_text(form.options, option) if option else "AUTO"
    if wanted in ("AUTO", "") or (kind == "BINARY" and wanted == "HEX"):
        return field
    return f"{function}({field}::VARCHAR, {quote_string(wanted)})"
