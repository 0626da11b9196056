"""Table functions over staged files: INFER_SCHEMA and DIRECTORY.

Sources: sql-reference/functions/infer_schema, user-guide/data-load-dirtables-query.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from runner.sandbox.errors import compilation, unsupported
from runner.sandbox.query.core import Col, Emitter, Expr
from runner.sandbox.query.functions.session import evaluated
from runner.sandbox.query.relations import registered
from runner.sandbox.query.table_arguments import arguments_of
from runner.sandbox.result import BOOLEAN, NUMBER, TEXT, TIMESTAMP_LTZ, Column, rows_result
from runner.sandbox.staging import inference
from runner.sandbox.staging.formats import named_format
from runner.sandbox.staging.locations import locate
from runner.sandbox.tokens import quote_identifier

_INFERRED = (
    Column("COLUMN_NAME", TEXT), Column("TYPE", TEXT), Column("NULLABLE", BOOLEAN), Column("EXPRESSION", TEXT),
    Column("FILENAMES", TEXT), Column("ORDER_ID", NUMBER),
)  # fmt: skip
_PARAMETERS = ("LOCATION", "FILE_FORMAT", "FILES", "IGNORE_CASE", "MAX_FILE_COUNT", "MAX_RECORDS_PER_FILE", "KIND")


def infer_schema(emitter: Emitter, call: list[Expr]) -> tuple[str, list[Col]]:
    """The columns that the staged files would make."""
    emitter.world.stable = False
    given = {name: evaluated(emitter, node) for name, node in arguments_of(call, _PARAMETERS).items()}
    for name in ("LOCATION", "FILE_FORMAT"):
        if not isinstance(given.get(name), str):
            raise compilation(938, "22023", f"not enough arguments for function [INFER_SCHEMA], {name} is missing")
    if str(given.get("KIND", "STANDARD")).upper() != "STANDARD":
        raise unsupported("INFER_SCHEMA with KIND => 'ICEBERG'")
    context = emitter.world.context
    form = named_format(context, str(given["FILE_FORMAT"])).readable()
    files = locate(context, str(given["LOCATION"])).files()
    if "FILES" in given:
        wanted = _names(given["FILES"])
        files = [file for file in files if any(file.name.endswith(name) for name in wanted)]
    files = files[: _whole(given, "MAX_FILE_COUNT")]
    fields = inference.infer(files, form, _whole(given, "MAX_RECORDS_PER_FILE"))
    if given.get("IGNORE_CASE") is True:
        fields = inference.folded(fields)
    rows = [(f.name, f.type, f.nullable, _expression(f, form.type), ", ".join(f.files), f.order) for f in fields]
    return _listed(emitter, _INFERRED, rows)


def _names(value: object) -> list[str]:
    if isinstance(value, str) and value.startswith("["):
        return [str(name) for name in json.loads(value)]
    return re.split(r"\s*,\s*", str(value).strip())


def _whole(given: dict[str, object], name: str) -> int | None:
    value = given.get(name)
    return int(value) if isinstance(value, int | Decimal) else None


def _expression(field: inference.Field, kind: str) -> str:
    if kind == "CSV":
        return f"${field.order + 1}::{field.type}"
    return f"$1:{_key(field.name)}::{field.type}"


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z_]\w*", name) else quote_identifier(name)


_DIRECTORY = (
    Column("RELATIVE_PATH", TEXT), Column("SIZE", NUMBER), Column("LAST_MODIFIED", TIMESTAMP_LTZ),
    Column("MD5", TEXT), Column("ETAG", TEXT), Column("FILE_URL", TEXT),
)  # fmt: skip


def directory(emitter: Emitter, written: str) -> tuple[str, list[Col]]:
    """DIRECTORY(@stage): the files as of the last refresh."""
    emitter.world.stable = False
    context = emitter.world.context
    stage = locate(context, written).stage
    if stage is None or not stage.directory:
        raise compilation(2043, "0A000", f"Stage '{written}' has no directory table.")
    database, schema, name = context.catalog.full_name(stage)
    base = f"https://sandbox.invalid/api/files/{database}/{schema}/{name}"
    rows = [
        (path, int(size), datetime.fromisoformat(changed), md5, md5, f"{base}/{path.replace('/', '%2f')}")
        for path, size, md5, changed in stage.refreshed
    ]
    return _listed(emitter, _DIRECTORY, rows)


def _listed(emitter: Emitter, columns: tuple[Column, ...], rows: Sequence[Sequence[object]]) -> tuple[str, list[Col]]:
    result = rows_result(columns, rows)
    return f"SELECT * FROM {registered(emitter.world, result)}", [Col(c.name, c.type) for c in columns]
