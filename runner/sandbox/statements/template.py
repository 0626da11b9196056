"""CREATE TABLE … USING TEMPLATE: columns from an array of objects, as INFER_SCHEMA gives them."""

from __future__ import annotations

import json

from runner.sandbox.catalog.model import ColumnModel
from runner.sandbox.context import Context
from runner.sandbox.ddl.types import read_type
from runner.sandbox.errors import SnowflakeError, compilation
from runner.sandbox.query.run import compile_query, fetch
from runner.sandbox.statements import pieces
from runner.sandbox.tokens import Reader


def template_columns(context: Context, query: str) -> list[ColumnModel]:
    """One column for each object with COLUMN_NAME, TYPE and maybe NULLABLE, in the order of the array."""
    value = fetch(context, compile_query(context, query)).scalar()
    found = json.loads(value) if isinstance(value, str) else value
    if not isinstance(found, list) or not found:
        raise _invalid("the query must give one array that is not empty")
    return pieces.distinct([_column(each) for each in found])


def _column(entry: object) -> ColumnModel:
    if not isinstance(entry, dict) or not isinstance(entry.get("COLUMN_NAME"), str) or "TYPE" not in entry:
        raise _invalid("each element needs COLUMN_NAME and TYPE")
    reader = Reader(str(entry["TYPE"]))
    kind = read_type(reader)
    reader.end()
    return ColumnModel(name=entry["COLUMN_NAME"], type=kind, nullable=bool(entry.get("NULLABLE", True)))


def _invalid(why: str) -> SnowflakeError:
    return compilation(2026, "42601", f"Invalid column definition list in USING TEMPLATE: {why}.")
