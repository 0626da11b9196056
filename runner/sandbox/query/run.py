"""Compiled queries: made from text, run on a cursor that can be stopped, their rows brought into Snowflake's types."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import lru_cache

import duckdb
import pyarrow as pa
from sqlglot import exp

from runner.sandbox import nanos, pages
from runner.sandbox.accesses import Accesses, Source
from runner.sandbox.catalog.store import utc_now
from runner.sandbox.classes import dataclass
from runner.sandbox.context import Context
from runner.sandbox.errors import SnowflakeError
from runner.sandbox.python.calls import serving
from runner.sandbox.query import constants, fine, naming, parsing, projecting, short, sources, types, watch
from runner.sandbox.query.compiler import Compiler
from runner.sandbox.query.core import Col, Expr, World
from runner.sandbox.query.demands import refuse_unsettled
from runner.sandbox.query.presentation import setting_of
from runner.sandbox.result import Column, Result, SnowType, StatementType, arrow_type, rows_result
from runner.sandbox.sequences import write_back
from runner.sandbox.storage import Setting, forget
from runner.sandbox.zones import is_zoned


@dataclass(frozen=True, slots=True, kw_only=True)
class Compiled:
    """Engine SQL, the columns it gives, and the world it was compiled in."""

    sql: str
    columns: tuple[Column, ...]
    known: tuple[SnowType | None, ...]
    """Types as far as the compiler knows them; the rest the engine tells."""
    world: World
    nulls: frozenset[int] = frozenset()
    """Places of the columns that projection policies let come out as NULL."""
    sources: tuple[list[Source], ...] = ()
    """For each column the columns that its values come from, where that was asked for."""
    direct: bool = False
    """A SELECT without FROM that calls no function either: there is nothing to plan."""
    values: tuple[constants.Value, ...] | None = None
    """The one row, where its values are constants that the engine need not compute."""
    single: bool = False
    """A SELECT without FROM whose values are numbers, texts and truth values: one row, soon read value by value,
    whatever its subqueries read.
    """
    storage: int | None = None
    """The one storage that it reads, where it does so plainly: its first rows are soon there."""


def world_of(context: Context, *, dry: bool = False) -> World:
    entry = None if dry else context.engine.history.by_id(context.query_id)
    accesses = entry.accesses if entry is not None else Accesses()
    return World(context=context, caller=context, now=utc_now(), dry=dry, accesses=accesses)


def compile_query(
    context: Context,
    text: str,
    *,
    dry: bool = False,
    shown: bool = False,
    source: str | None = None,
    traced: bool = False,
) -> Compiled:
    """A query's text, variables and binds already replaced; `source` is what it was before, which its columns are
    called by. `shown`: its rows are the statement's answer, and not what another statement takes. `traced`: where the
    values of its columns come from is asked for.
    """
    return compile_tree(context, parsing.query(text), text, dry=dry, shown=shown, source=source, traced=traced)


def compile_tree(
    context: Context,
    tree: Expr,
    text: str | None = None,
    *,
    dry: bool = False,
    shown: bool = False,
    source: str | None = None,
    traced: bool = False,
) -> Compiled:
    world = world_of(context, dry=dry)
    world.traced = traced
    world.text, world.source = text, source
    plain = naming.plain_names(tree) if text is not None else None
    single = isinstance(tree, exp.Select) and tree.args.get("from_") is None
    kinds = {type(node) for node in tree.walk()} if single else {exp.From}
    if plain is not None:
        world.written = naming.written(source or text or "")
    asking = single and not kinds.isdisjoint(_READING)
    values, is_plain = constants.row(tree), short.asks_plainly(tree) if asking else short.is_plain(tree)
    compiler = Compiler(world)
    sql, columns = compiler.top(tree)
    nulls = _projected(compiler, columns, shown=shown) if not dry else frozenset()
    names = _names(plain, columns, world.written)
    named = tuple(
        Column(name, column.type or types.TEXT, column.nullable) for name, column in zip(names, columns, strict=True)
    )
    known = tuple(column.type for column in columns)
    by_value = all(kind is not None and kind.name in _PLAIN for kind in known)
    alone = by_value and kinds.isdisjoint(_READING)
    direct = alone and exp.Anonymous not in kinds
    return Compiled(
        sql=sql,
        columns=named,
        known=known,
        world=world,
        nulls=nulls,
        sources=tuple(watch.of_column(column.guards) for column in columns) if traced else (),
        direct=direct,
        single=single and by_value,
        values=values if alone and constants.fit(values or (), known) else None,
        storage=short.storage_read(sql, world, single=single) if by_value and is_plain else None,
    )


def _projected(compiler: Compiler, columns: list[Col], *, shown: bool) -> frozenset[int]:
    refuse_unsettled(compiler.world.demands)
    if shown:
        return projecting.hidden(compiler, sources.owned, columns)
    projecting.refuse(compiler, sources.owned, columns)
    return frozenset()


def _names(plain: list[str | None] | None, columns: list[Col], written: list[str]) -> list[str]:
    """Columns without a name are called as they were written, where the SELECT list says one column an item."""
    names = [column.name for column in columns]
    if plain is None or len(plain) != len(columns):
        return names
    if len(written) != len(plain):
        return names
    return [given if own is None else name for own, given, name in zip(plain, written, names, strict=True)]


@contextmanager
def cursor_for(
    context: Context, world: World, *, direct: bool = False, formats: Mapping[str, str] | None = None
) -> Iterator[duckdb.DuckDBPyConnection]:
    """A cursor with the world's relations, and `formats` before the session's; stops when the statement is stopped."""
    _refuse_loose(world)
    setting = setting_of({**context.session.parameters, **formats} if formats else context.session.parameters)
    with context.storage.cursor(_directly(setting) if direct else setting) as cursor:
        for name, table in world.tables.items():
            cursor.register(name, table)
        try:
            with serving(cursor, world.calls, context.control), _stoppable(context, cursor):
                yield cursor
        finally:
            forget(cursor, world.tables)
    if world.sequences:
        write_back(context.catalog, context.storage, world.sequences.values())


@lru_cache(64)
def _directly(setting: Setting) -> Setting:
    return replace(setting, direct=True)


@contextmanager
def _stoppable(context: Context, cursor: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """Calls the engine off when the statement is stopped, also when that comes just before it starts."""
    done = _Done()

    def interrupt() -> None:
        threading.Thread(target=_insist, args=(cursor, done), daemon=True).start()

    context.control.attach(interrupt)
    try:
        yield
    finally:
        done.yes = True
        context.control.detach(interrupt)


class _Done:
    """Whether a statement has ended; lighter than an event, since every statement has one and few are stopped."""

    yes = False


def _insist(cursor: duckdb.DuckDBPyConnection, done: _Done) -> None:
    # An interrupt between two calls of the cursor is lost: it is repeated until the statement has ended.
    while not done.yes:
        cursor.interrupt()
        time.sleep(0.01)


def fetch(context: Context, compiled: Compiled, statement: StatementType = StatementType.SELECT) -> Result:
    """Run a compiled query and take all its rows."""
    if compiled.values is not None:
        context.control.check()
        return rows_result(compiled.columns, [compiled.values], statement)
    world, number = compiled.world, compiled.storage
    with context.storage.statement():
        small = number is not None and short.is_small(world, number)
        with cursor_for(context, world, direct=compiled.direct or small) as cursor:
            if compiled.single or small or (number is not None and context.inner):
                found = _by_value(cursor, compiled, statement)
                if found is not None:
                    return found
            return _streamed(context, compiled, cursor, statement)


_BATCH = 50_000
"""Rows that are in the hand at once."""


def _streamed(
    context: Context, compiled: Compiled, cursor: duckdb.DuckDBPyConnection, statement: StatementType
) -> Result:
    """The rows as they come, so that a large result is never whole in memory."""
    with _told_as_the_engine_tells():
        reader = cursor.sql(compiled.sql).to_arrow_reader(_BATCH)
        empty = _shaped(compiled, reader.schema.empty_table(), statement)
        batches = (
            batch
            for found in reader
            for batch in _shaped(compiled, pa.Table.from_batches([found]), statement).table.to_batches()
        )
        rows = pages.table(batches, empty.table.schema, context.engine.scratch)
    return replace(empty, table=rows, rowcount=rows.num_rows)


@contextmanager
def _told_as_the_engine_tells() -> Iterator[None]:
    """While rows come, the engine's errors come as Arrow's: with the same words."""
    try:
        yield
    except (OSError, pa.ArrowException) as error:
        raise duckdb.Error(str(error)) from error


_PLAIN = frozenset({"NUMBER", "VARCHAR", "BOOLEAN"})
_READING = frozenset({exp.From, exp.Subquery, exp.Union, exp.Except, exp.Intersect, exp.Dot, exp.Exists})
"""What a SELECT of one row of plain values has none of."""
_KINDS: dict[str, pa.DataType] = {
    "TINYINT": pa.int8(), "SMALLINT": pa.int16(), "INTEGER": pa.int32(), "BIGINT": pa.int64(),
    "UTINYINT": pa.uint8(), "USMALLINT": pa.uint16(), "UINTEGER": pa.uint32(), "UBIGINT": pa.uint64(),
    "HUGEINT": pa.decimal128(38, 0), "DOUBLE": pa.float64(), "VARCHAR": pa.string(), "BOOLEAN": pa.bool_(),
    '"NULL"': pa.null(),
}  # fmt: skip
_DECIMAL = re.compile(r"DECIMAL\((\d+),(\d+)\)")


def _by_value(cursor: duckdb.DuckDBPyConnection, compiled: Compiled, statement: StatementType) -> Result | None:
    """The same for a few rows of plain values, for which making the engine write Arrow costs more than the statement;
    None where they are more.
    """
    done = cursor.execute(compiled.sql)
    told = [_kind(str(column[1])) for column in done.description or ()]
    if None in told:
        return _shaped(compiled, done.to_arrow_table(), statement)
    kinds = [_soon(known, kind) for known, kind in zip(compiled.known, told, strict=True)]
    rows = short.first(done)
    if rows is None:
        return None
    try:
        arrays = [pa.array([row[at] for row in rows], kind) for at, kind in enumerate(kinds)]
    except pa.ArrowInvalid:
        raise SnowflakeError(
            100046, "22003", "Number out of representable range: it has more than 38 digits."
        ) from None
    table = pa.Table.from_arrays(arrays, names=[column.name for column in compiled.columns])
    if compiled.nulls or any(
        kind != arrow_type(column.type) for kind, column in zip(kinds, compiled.columns, strict=True)
    ):
        return _shaped(compiled, table, statement)
    return Result(compiled.columns, table, statement, rowcount=len(rows))


def _soon(known: SnowType | None, kind: pa.DataType) -> pa.DataType:
    """The type in which a number is wanted in the end, where the engine's is exact too."""
    exact = pa.types.is_integer(kind) or pa.types.is_decimal(kind)
    return arrow_type(_type(known, kind)) if exact else kind


@lru_cache(256)
def _kind(name: str) -> pa.DataType | None:
    """The type in which the engine gives Arrow values of its type."""
    if (number := _DECIMAL.fullmatch(name)) is not None:
        return pa.decimal128(int(number[1]), int(number[2]))
    return _KINDS.get(name)


def _shaped(compiled: Compiled, table: pa.Table, statement: StatementType) -> Result:
    columns = [
        replace(column, type=_type(known, table.schema.field(at).type))
        for at, (column, known) in enumerate(zip(compiled.columns, compiled.known, strict=True))
    ]
    arrays = [
        pa.chunked_array([pa.nulls(table.num_rows, arrow_type(column.type))])
        if at in compiled.nulls
        else _converted(table.column(at), column.type)
        for at, column in enumerate(columns)
    ]
    shown = pa.Table.from_arrays(arrays, names=[column.name for column in columns])
    return Result(tuple(columns), shown, statement, rowcount=table.num_rows)


def _type(known: SnowType | None, arrow: pa.DataType) -> SnowType:
    """The compiler's word where the engine's values agree with it, else the engine's."""
    told = of_arrow(arrow)
    if known is None or known.name == "NULL":
        return told
    if known.name == told.name and known.name != "NUMBER":
        return known if known.fine == told.fine else replace(known, fine=told.fine)
    if known.name == "NUMBER" and told.name in ("NUMBER", "FLOAT"):
        return known if told.name == "FLOAT" or (known.scale or 0) >= (told.scale or 0) else told
    return known if _TRAVELS_AS.get(known.name) == told.name else told


_TRAVELS_AS = {
    "TIMESTAMP_LTZ": "TIMESTAMP_LTZ", "VARIANT": "VARCHAR", "OBJECT": "VARCHAR",
    "ARRAY": "VARCHAR", "FLOAT": "NUMBER",
}  # fmt: skip
"""Types whose values the engine keeps as another."""


def of_arrow(arrow: pa.DataType) -> SnowType:
    """The Snowflake type in which values of the engine's type are shown."""
    if pa.types.is_decimal(arrow):
        return types.number(arrow.precision, arrow.scale)
    if pa.types.is_integer(arrow):
        return types.number(38 if arrow.bit_width > 32 else 10)
    if pa.types.is_floating(arrow):
        return types.FLOAT
    if pa.types.is_boolean(arrow):
        return types.BOOL
    if pa.types.is_date(arrow):
        return types.DATE
    if nanos.is_fine(arrow):
        return fine.fine(types.TZ if nanos.is_zoned(arrow) else of_arrow(arrow.field(0).type))
    if is_zoned(arrow):
        return types.TZ
    if pa.types.is_time(arrow):
        return types.TIME
    if pa.types.is_timestamp(arrow):
        return types.LTZ if arrow.tz else types.NTZ
    return types.BINARY if pa.types.is_binary(arrow) or pa.types.is_large_binary(arrow) else types.TEXT


def _converted(column: pa.ChunkedArray, kind: SnowType) -> pa.ChunkedArray:
    wanted = arrow_type(kind)
    if column.type == wanted:
        return column
    if pa.types.is_null(column.type):
        return pa.chunked_array([pa.nulls(len(column), wanted)])
    if pa.types.is_integer(column.type) and pa.types.is_decimal(wanted):
        return column.cast(pa.decimal128(20 if column.type.bit_width == 64 else 10, 0)).cast(wanted)
    if pa.types.is_timestamp(column.type) and pa.types.is_timestamp(wanted):
        return column.cast(wanted) if column.type.tz else column.cast(wanted, safe=False)
    if kind.fine:
        return column.cast(wanted)
    if not isinstance(wanted, pa.Decimal128Type) and _foreign(column.type):
        return pa.chunked_array([pa.array([None if v is None else str(v) for v in column.to_pylist()], pa.string())])
    return column.cast(wanted)


def _foreign(kind: pa.DataType) -> bool:
    return bool(pa.types.is_nested(kind) or pa.types.is_interval(kind) or pa.types.is_duration(kind))


def _refuse_loose(world: World) -> None:
    refuse_unsettled(world.demands)
    if world.watch.loose and not world.dry:
        projecting.refuse_loose(Compiler(world), sources.owned)


def execute_counting(cursor: duckdb.DuckDBPyConnection, sql: str) -> int:
    """Run a statement that changes rows; how many."""
    row = cursor.execute(sql).fetchone()
    return int(row[0]) if row else 0


def fill_from(context: Context, cursor: duckdb.DuckDBPyConnection, world: World, sql: str) -> int:
    """Run a changing statement on a cursor whose transaction is open; how many rows it changed."""
    _refuse_loose(world)
    for name, table in world.tables.items():
        cursor.register(name, table)
    try:
        with serving(cursor, world.calls, context.control), _stoppable(context, cursor):
            return execute_counting(cursor, sql)
    finally:
        forget(cursor, world.tables)
