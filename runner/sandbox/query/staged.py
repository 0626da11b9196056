"""Staged files in FROM: `SELECT t.$1, METADATA$FILENAME FROM @stage/path (FILE_FORMAT => f, PATTERN => p) t`.

Source: user-guide/querying-stage.
"""

from __future__ import annotations

import re

import pyarrow as pa
from sqlglot import exp

from runner.sandbox.errors import SnowflakeError, compilation
from runner.sandbox.query import types
from runner.sandbox.query.core import Col, Emitter, Expr, Relation, StagedRows
from runner.sandbox.query.relations import alias_of
from runner.sandbox.result import SnowType
from runner.sandbox.staging.formats import Format, format_of_stage, named_format
from runner.sandbox.staging.locations import Location, locate
from runner.sandbox.staging.reading import METADATA, read_file, rows_of, together
from runner.sandbox.tokens import quote_identifier

_METADATA_TYPES = (types.TEXT, types.INT, types.TEXT, types.NTZ, types.LTZ)


def is_staged(node: Expr) -> bool:
    """Whether an item of FROM names staged files."""
    named = node.this
    return isinstance(named, exp.Var | exp.Literal) and named.name.startswith("@")


def staged(emitter: Emitter, node: exp.Table) -> tuple[str, Relation]:
    """The files' rows. A COPY has them ready, one file at a time."""
    world = emitter.world
    world.stable = False
    rows = world.staged or _read(emitter, node)
    alias = alias_of(node)[0] or world.fresh("q")
    shown = quote_identifier(alias)
    places = [Col(f"${at + 1}", kind, _field(f"{shown}.c{at}", kind)) for at, kind in enumerate(rows.types)]
    metadata = [
        Col(name, kind, f"{shown}.m{at}") for at, (name, kind) in enumerate(zip(METADATA, _METADATA_TYPES, strict=True))
    ]
    relation = Relation(alias, metadata if rows.metadata else [], places=places)
    return f"{quote_identifier(rows.name)} AS {shown}", relation


def _field(sql: str, kind: SnowType) -> str:
    return f"CAST({sql} AS JSON)" if kind.name in types.SEMI else sql


def _read(emitter: Emitter, node: exp.Table) -> StagedRows:
    world = emitter.world
    location = locate(world.context, node.this.name)
    form = _form(emitter, node, location)
    pattern = node.args.get("pattern")
    files = [file for file in location.files() if pattern is None or matches(pattern.name, file.name)]
    tables = []
    for file in files:
        records = read_file(file, form)
        if records.flaws:
            raise located(records.flaws[0].error, file.name, records.flaws[0].line)
        tables.append(rows_of(file, records, location.shown(file.name), world.now))
    return register(emitter, together(tables), variant=form.type != "CSV")


def located(error: SnowflakeError | None, name: str, line: int) -> SnowflakeError:
    """The error of a record, with its place."""
    assert error is not None
    return SnowflakeError(error.errno, error.sqlstate, f"{error.message}\n  File '{name}', line {line}")


def _form(emitter: Emitter, node: exp.Table, location: Location) -> Format:
    written = node.args.get("format")
    if written is None:
        return format_of_stage(emitter.world.context, location.stage)
    name = written.name if isinstance(written, exp.Literal) else written.sql("snowflake")
    return named_format(emitter.world.context, name)


def matches(pattern: str, name: str) -> bool:
    """PATTERN: a regular expression over the file's whole path in the stage."""
    try:
        return re.fullmatch(pattern, name) is not None
    except re.error as error:
        raise compilation(100048, "2201B", f"Invalid regular expression: '{pattern[:100]}', {error}") from None


def register(emitter: Emitter, table: pa.Table, *, variant: bool) -> StagedRows:
    world = emitter.world
    name = world.fresh("staged")
    world.tables[name] = table
    width = sum(column.startswith("c") for column in table.column_names)
    return StagedRows(name, (types.VARIANT if variant else types.TEXT,) * width)
