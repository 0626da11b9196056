"""What a statement gives back, before the wire shapes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace
from enum import IntEnum

import pyarrow as pa

from runner.sandbox import nanos, zones
from runner.sandbox.classes import dataclass


class StatementType(IntEnum):
    """`statementTypeId` of the wire; the connector reads DML from it (connector `cursor.py`, `StatementType`)."""

    UNKNOWN = 0x0000
    SELECT = 0x1000
    DML = 0x3000
    INSERT = 0x3100
    UPDATE = 0x3200
    DELETE = 0x3300
    MERGE = 0x3400
    MULTI_INSERT = 0x3500
    COPY = 0x3600
    SHOW = 0x4400
    DESCRIBE = 0x4600
    TRANSACTION = 0x5400
    DDL = 0x6000
    CALL = 0x1200
    MULTI = 0xA000


@dataclass(frozen=True, slots=True)
class SnowType:
    """A Snowflake data type with its facets: `NUMBER(38,9)`, `VARCHAR(20)`, `TIMESTAMP_NTZ(9)`, `VARIANT` …

    `name` is Snowflake's canonical name (NUMBER, FLOAT, VARCHAR, BINARY, BOOLEAN, DATE, TIME, TIMESTAMP_NTZ,
    TIMESTAMP_LTZ, TIMESTAMP_TZ, VARIANT, OBJECT, ARRAY).
    """

    name: str
    precision: int | None = None
    scale: int | None = None
    length: int | None = None
    fine: bool = False
    """Whether its values are kept with nanoseconds (see `nanos`): the same type to a user."""


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    type: SnowType
    nullable: bool = True


@dataclass(frozen=True, slots=True)
class Result:
    """Columns with Snowflake's types, and the rows as Arrow; `table.column_names` may differ, `columns` rule.

    `rowcount` is the number of rows affected for DML, else the number of rows.
    """

    columns: tuple[Column, ...]
    table: pa.Table
    statement: StatementType = StatementType.SELECT
    rowcount: int = 0
    query_id: str = ""
    session_changes: tuple[str, ...] = field(default=())
    outputs: tuple[tuple[int, object], ...] = field(default=())
    """What a CALL gave its output arguments: the place of each argument in the CALL, and the value."""
    transfer: Mapping[str, object] | None = None
    """For PUT and GET: what the client is told, so that it moves the files itself."""

    def moving(self, transfer: Mapping[str, object]) -> Result:
        """The same, with what a client needs to move files."""
        return replace(self, transfer=transfer)

    def rows(self) -> list[tuple[object, ...]]:
        """Every row as Python values, in order."""
        lists = [zones.values(column) for column in self.table.columns]
        return list(zip(*lists, strict=True)) if lists else []

    def scalar(self) -> object:
        """The first value of the first row; None where there is no row."""
        return next(iter(self.first()), None)

    def first(self) -> Iterator[object]:
        return (
            (zones.values(column.slice(0, 1))[0] for column in self.table.columns) if self.table.num_rows else iter(())
        )


TEXT = SnowType("VARCHAR", length=16777216)
NUMBER = SnowType("NUMBER", precision=38, scale=0)
BOOLEAN = SnowType("BOOLEAN")
TIMESTAMP_LTZ = SnowType("TIMESTAMP_LTZ", scale=9)

_ARROW: dict[str, pa.DataType] = {
    "VARCHAR": pa.string(),
    "NUMBER": pa.decimal128(38, 0),
    "BOOLEAN": pa.bool_(),
    "FLOAT": pa.float64(),
    "DATE": pa.date32(),
    "TIME": pa.time64("us"),
    "BINARY": pa.binary(),
    "TIMESTAMP_NTZ": pa.timestamp("us"),
    "TIMESTAMP_LTZ": pa.timestamp("us", tz="UTC"),
    "TIMESTAMP_TZ": zones.ARROW,
}


def arrow_type(kind: SnowType) -> pa.DataType:
    """The Arrow type in which values of this Snowflake type travel inside the sandbox."""
    if kind.name == "NUMBER":
        return pa.decimal128(kind.precision or 38, kind.scale or 0)
    if kind.fine:
        return nanos.ARROW[kind.name]
    return _ARROW.get(kind.name, pa.string())


def table_of(columns: Sequence[Column], rows: Sequence[Sequence[object]]) -> pa.Table:
    """Rows of Python values as an Arrow table; positions carry the meaning, so column names may repeat."""
    arrays = [_array([row[at] for row in rows], column.type) for at, column in enumerate(columns)]
    return pa.Table.from_arrays(arrays, names=[column.name for column in columns])


def _array(values: list[object], kind: SnowType) -> pa.Array:
    if kind.name in nanos.ARROW and any(map(nanos.of, values)):
        kind = replace(kind, fine=True)
    return pa.array(as_kept(values, kind), type=arrow_type(kind))


def as_kept(values: Sequence[object], kind: SnowType) -> Sequence[object]:
    """Python values as Arrow takes them."""
    if kind.name == "TIMESTAMP_TZ":
        return zones.kept(values, fine=kind.fine)
    return nanos.kept(values) if kind.fine else values


def rows_result(
    columns: Sequence[Column], rows: Sequence[Sequence[object]], statement: StatementType = StatementType.SELECT
) -> Result:
    table = table_of(columns, rows)
    return Result(tuple(map(_column, columns, table.columns)), table, statement, rowcount=len(rows))


def _column(column: Column, array: pa.ChunkedArray) -> Column:
    """The column with the type that its values need."""
    if column.type.fine == nanos.is_fine(array.type):
        return column
    return replace(column, type=replace(column.type, fine=not column.type.fine))


def status_result(message: str, statement: StatementType = StatementType.DDL) -> Result:
    """One row `status`, as DDL answers."""
    return rows_result([Column("status", TEXT)], [(message,)], statement)


def count_result(counts: Sequence[tuple[str, int]], statement: StatementType) -> Result:
    """One row of counts, as DML answers: `number of rows inserted` …; the row count is their sum."""
    columns = tuple(Column(name, NUMBER, nullable=False) for name, _ in counts)
    table = table_of(columns, [[value for _, value in counts]])
    return Result(columns, table, statement, rowcount=sum(value for _, value in counts))
