"""Columns of tables and views, by their place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from runner.catalog.estate import Column
from runner.catalog.reading.asking import Desk, Question, Row
from runner.catalog.spelling import said, type_text, whole
from runner.connection.faults import StatementFault
from runner.sql.composing import compose

_COLUMNS = """SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, ORDINAL_POSITION, DATA_TYPE, CHARACTER_MAXIMUM_LENGTH,
    NUMERIC_PRECISION, NUMERIC_SCALE, DATETIME_PRECISION, IS_NULLABLE, COLUMN_DEFAULT, COMMENT, COLLATION_NAME,
    IS_IDENTITY, IDENTITY_START, IDENTITY_INCREMENT
FROM {view:i} WHERE TABLE_SCHEMA IN ({schemas:sl})"""
_Spot = tuple[str, str]


def columns(desk: Desk, database: str, schemas: tuple[str, ...]) -> Mapping[_Spot, tuple[Column, ...]]:
    """The columns of every table and view in the schemas, by schema and name, in their order."""
    found: dict[_Spot, list[tuple[int, Column]]] = defaultdict(list)
    for row in _rows(desk, database, schemas):
        found[row["table_schema"], row["table_name"]].append((int(row["ordinal_position"]), _column(row)))
    return {spot: tuple(c for _, c in sorted(group, key=lambda one: one[0])) for spot, group in found.items()}


def _rows(desk: Desk, database: str, schemas: tuple[str, ...]) -> list[Row]:
    """All at once; by halves where that is refused: INFORMATION_SCHEMA gives only so much (docs: info-schema)."""
    sql = compose(_COLUMNS, view=(database, "INFORMATION_SCHEMA", "COLUMNS"), schemas=schemas)
    question = Question("columns", f"{database} ({', '.join(schemas)})", sql)
    if len(schemas) == 1:
        return desk.rows(question)
    try:
        return desk.raw(sql)
    except StatementFault:
        middle = len(schemas) // 2
        return [*_rows(desk, database, schemas[:middle]), *_rows(desk, database, schemas[middle:])]


def _column(row: Row) -> Column:
    kind = type_text(
        row["data_type"],
        whole(row["character_maximum_length"]),
        whole(row["numeric_precision"]),
        whole(row["numeric_scale"]),
        whole(row["datetime_precision"]),
    )
    identity = row["is_identity"] == "YES"
    return Column(
        row["column_name"],
        kind,
        row["is_nullable"] == "YES",
        "" if identity else said(row["column_default"]),
        (int(row["identity_start"]), int(row["identity_increment"])) if identity else None,
        said(row["comment"]),
        said(row["collation_name"]),
    )
