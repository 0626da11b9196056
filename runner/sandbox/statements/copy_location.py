"""COPY INTO <location> (sql-reference/sql/copy-into-location): the rows of a table or a query written to a stage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pyarrow as pa

from runner.sandbox.classes import dataclass
from runner.sandbox.context import Context
from runner.sandbox.errors import SnowflakeError, compilation
from runner.sandbox.query import presentation, types
from runner.sandbox.query.core import E
from runner.sandbox.query.run import compile_query, cursor_for, fetch, world_of
from runner.sandbox.result import NUMBER, TEXT, Column, Result, StatementType, rows_result
from runner.sandbox.staging.copy_options import INTO_LOCATION
from runner.sandbox.staging.copy_text import CopyIntoLocation
from runner.sandbox.staging.formats import Format, format_of_stage
from runner.sandbox.staging.locations import Location, locate
from runner.sandbox.staging.options import as_text, filled, is_true
from runner.sandbox.staging.writing import Written, extension_of, written
from runner.sandbox.statements.copy_table import form_of


@dataclass(frozen=True, slots=True)
class _File:
    name: str
    content: Written


def copy_into_location(context: Context, statement: CopyIntoLocation) -> Result:
    location = locate(context, statement.location, "WRITE")
    form = form_of(context, format_of_stage(context, location.stage), statement.form).readable()
    options = filled(INTO_LOCATION, statement.options)
    if is_true(options, "SINGLE") and statement.partition:
        raise compilation(1003, "42601", "SINGLE = TRUE does not go with PARTITION BY.")
    query = statement.source
    if statement.partition:
        query = f'SELECT ({statement.partition})::VARCHAR AS "$PARTITION", q.* FROM ({query}) AS q'
    compiled = compile_query(context, query)
    result = fetch(context, compiled)
    if statement.validation:
        return result
    texts = _texts(context, result, _formats(form, result))
    parts = _partitions(result, texts) if statement.partition else [("", result, texts)]
    files = [
        file
        for at, (part, rows, shown) in enumerate(parts)
        for file in _files(context, location, form, options, (at, part), rows, shown)
    ]
    _save(location, files, overwrite=is_true(options, "OVERWRITE"))
    return _told(location, files, detailed=is_true(options, "DETAILED_OUTPUT"))


_FORMATS = {
    "DATE": "DATE_FORMAT", "TIME": "TIME_FORMAT", "BINARY": "BINARY_FORMAT",
    **dict.fromkeys(("TIMESTAMP_NTZ", "TIMESTAMP_LTZ", "TIMESTAMP_TZ"), "TIMESTAMP_FORMAT"),
}  # fmt: skip
"""The option of a CSV file's format that rules values of a type; without one the session's formats do."""


def _formats(form: Format, result: Result) -> dict[str, str]:
    """The formats that the file has for values of these types, by the parameters that say them of a session."""
    if form.type != "CSV":
        return {}
    given = {column.type.name: as_text(form.options, _FORMATS.get(column.type.name, "")) for column in result.columns}
    names = {f"{kind}_OUTPUT_FORMAT": value for kind, value in given.items() if value and value.upper() != "AUTO"}
    return {name: presentation.checked_format(name, value) for name, value in names.items()}


def _texts(context: Context, result: Result, formats: Mapping[str, str]) -> pa.Table:
    """Every value as it is written out."""
    world = world_of(context)
    world.tables["unloaded"] = result.table.rename_columns([f"c{at}" for at in range(len(result.columns))])
    items = [_text(f"c{at}", column) for at, column in enumerate(result.columns)]
    listed = ", ".join(f"CAST({item} AS VARCHAR) AS c{at}" for at, item in enumerate(items))
    with context.storage.statement(), cursor_for(context, world, formats=formats) as cursor:
        return cursor.sql(f"SELECT {listed} FROM unloaded").to_arrow_table()


def _text(name: str, column: Column) -> str:
    source = f"CAST({name} AS JSON)" if column.type.name in types.SEMI else name
    return types.as_text(E(source, column.type))


def _partitions(result: Result, texts: pa.Table) -> Iterator[tuple[str, Result, pa.Table]]:
    """The rows of each partition, without the column that says which it is."""
    keys = texts.column(0).to_pylist()
    for key in sorted(set(keys), key=lambda value: value or ""):
        at = [place for place, value in enumerate(keys) if value == key]
        rows = Result(
            result.columns[1:],
            result.table.take(pa.array(at, pa.int64())).drop_columns(["$PARTITION"]),
            rowcount=len(at),
        )
        yield key if key is not None else "__NULL__", rows, texts.take(pa.array(at, pa.int64())).drop_columns(["c0"])


def _files(
    context: Context,
    location: Location,
    form: Format,
    options: dict[str, str | list[str]],
    part: tuple[int, str],
    result: Result,
    texts: pa.Table,
) -> Iterator[_File]:
    single = is_true(options, "SINGLE")
    most = int(as_text(options, "MAX_FILE_SIZE"))
    for number, content in enumerate(written(result, texts, form, options, most)):
        if single and number:
            text = f"Max file size ({most}) exceeded for unload single file mode. "
            text += "Please increase MAX_FILE_SIZE copy option."
            raise SnowflakeError(100025, "22000", text)
        yield _File(_name(context, location, form, options, part, number), content)


def _name(
    context: Context,
    location: Location,
    form: Format,
    options: dict[str, str | list[str]],
    wanted: tuple[int, str],
    number: int,
) -> str:
    """Where a file goes: the path given with SINGLE, else `<path>[/<partition>/]data_[<query id>_]<p>_<n>_0.csv.gz`.

    No two files of a statement have one name, so that GET brings all of them into one folder.
    """
    path, (at, part) = location.path, wanted
    if is_true(options, "SINGLE"):
        return path if path and not path.endswith("/") else f"{path}data"
    query = f"{context.query_id}_" if is_true(options, "INCLUDE_QUERY_ID") or part else ""
    tail = f"{query}{at}_{number}_0{extension_of(form)}"
    folder = f"{path.rstrip('/')}/{part}/" if part and path else f"{part}/" if part else path
    if not folder or folder.endswith("/"):
        return f"{folder}data_{tail}"
    return f"{folder}_{tail}" if not part else f"{folder}data_{tail}"


def _save(location: Location, files: list[_File], *, overwrite: bool) -> None:
    """All files or, where one is there already, none."""
    places = [(location.within(file.name), file) for file in files]
    if not overwrite:
        for place, file in places:
            if place.exists():
                text = (
                    "Files already existing at the unload destination: "
                    f"{location.shown(file.name)}. Use overwrite option to force unloading."
                )
                raise SnowflakeError(100030, "22000", text)
    for place, file in places:
        place.parent.mkdir(parents=True, exist_ok=True)
        _write(place, file.content.data)


def _write(place: Path, data: bytes) -> None:
    fresh = place.with_name(f".{place.name}.new")
    fresh.write_bytes(data)
    fresh.replace(place)


def _told(location: Location, files: list[_File], *, detailed: bool) -> Result:
    rows = sum(file.content.rows for file in files)
    if detailed:
        columns = [Column("FILE_NAME", TEXT), Column("FILE_SIZE", NUMBER), Column("ROW_COUNT", NUMBER)]
        listed = [(_below(location, file.name), len(file.content.data), file.content.rows) for file in files]
        result = rows_result(columns, listed, StatementType.COPY)
    else:
        columns = [Column(name, NUMBER) for name in ("rows_unloaded", "input_bytes", "output_bytes")]
        sizes = (sum(file.content.size for file in files), sum(len(file.content.data) for file in files))
        result = rows_result(columns, [(rows, *sizes)], StatementType.COPY)
    return replace(result, rowcount=rows)


def _below(location: Location, name: str) -> str:
    return name.removeprefix(location.path).lstrip("/") or name
