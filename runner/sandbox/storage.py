"""Rows: anonymous DuckDB tables `s<n>`, to which only the catalogue gives names.

A storage that the catalogue no longer needs is retired, and dropped when the last statement that may still read it has
ended. What a killed process left behind is dropped at the next start, since the catalogue is the authority.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import duckdb

from runner.sandbox import documents, nanos, zones
from runner.sandbox.catalog.model import ColumnModel, Record, Table
from runner.sandbox.catalog.store import Catalog, Work
from runner.sandbox.classes import dataclass
from runner.sandbox.errors import unsupported
from runner.sandbox.failures import quoted
from runner.sandbox.macros import install
from runner.sandbox.result import SnowType
from runner.sandbox.state import connected
from runner.sandbox.tokens import quote_identifier

LOCAL_ROWS = 36028797018960000
"""Row ids from here on belong to rows that the open DuckDB transaction added itself."""
VERSIONS = 20
VERSION_ROWS = 1_000_000
TRACK = '"$track"'
"""The hidden column of tables whose changes are tracked: a number for each row, never given twice."""
REAPED = 16
"""How many retired storages may wait to be dropped."""
_TYPES = {
    "FLOAT": "DOUBLE",
    "VARCHAR": "VARCHAR",
    "BINARY": "BLOB",
    "BOOLEAN": "BOOLEAN",
    "DATE": "DATE",
    "TIME": "TIME",
    "TIMESTAMP_NTZ": "TIMESTAMP",
    "TIMESTAMP_LTZ": "TIMESTAMPTZ",
    "TIMESTAMP_TZ": zones.ENGINE,
    "VARIANT": "JSON",
    "OBJECT": "JSON",
    "ARRAY": "JSON",
}


def physical(kind: SnowType) -> str:
    """The engine's type in which values of a Snowflake type are kept."""
    if kind.name == "NUMBER":
        return f"DECIMAL({kind.precision or 38},{kind.scale or 0})"
    if kind.fine:
        return nanos.ENGINE[kind.name]
    if kind.name not in _TYPES:
        raise unsupported(f"data type {kind.name}")
    return _TYPES[kind.name]


def shape(columns: Sequence[ColumnModel]) -> tuple[tuple[str, str], ...]:
    """What two storages must share for rows to go from one to the other."""
    return tuple((column.stored, physical(column.type)) for column in columns)


def required(columns: Sequence[ColumnModel]) -> frozenset[str]:
    """The columns that take no NULL."""
    return frozenset(column.stored for column in columns if not column.nullable)


def told_apart(columns: Sequence[ColumnModel]) -> list[ColumnModel]:
    """The columns, each with a name of its own in the storage, also where names differ by case alone."""
    taken: set[str] = set()
    found: list[ColumnModel] = []
    for column in columns:
        name, turn = column.stored, 1
        while name.casefold() in taken:
            turn += 1
            name = f"{column.name}${turn}"
        taken.add(name.casefold())
        found.append(column if name == column.stored else replace(column, kept_as=name))
    return found


def definition(columns: Sequence[ColumnModel], *, tracked: bool = False) -> str:
    """The column list of the CREATE TABLE that makes a storage; a tracked table's rows are numbered."""
    listed = ", ".join(f"{quote_identifier(name)} {kind}" for name, kind in shape(columns))
    return f"{listed}, {TRACK} BIGINT DEFAULT nextval('_track')" if tracked else listed


@dataclass(frozen=True, slots=True)
class Setting:
    """What a session changes about its cursors: the clock, and functions of its own instead of the engine's."""

    timezone: str = "UTC"
    macros: tuple[str, ...] = ()
    direct: bool = False
    """Plans are run as they are written: for what reads nothing, to improve them costs more than to run them."""


_PLAIN = Setting()


class Storage:
    """The one DuckDB file. Cursors are pooled; a cursor serves one statement at a time."""

    def __init__(self, path: Path | None) -> None:
        self.connection = connected(path)
        for setting in ("autoinstall_known_extensions", "autoload_known_extensions", "enable_external_access"):
            self.connection.execute(f"SET {setting} = false")
        self.connection.execute("SET TimeZone = 'UTC'")
        self.connection.execute("CREATE SEQUENCE IF NOT EXISTS _track").fetchall()
        install(self.connection)
        self._mutex = threading.Lock()
        self._functions: duckdb.DuckDBPyConnection | None = None
        self._closed = False
        self._idle: dict[tuple[str, bool], list[duckdb.DuckDBPyConnection]] = {}
        self._tickets = itertools.count(1)
        self._running: set[int] = set()
        self._retired: list[tuple[int, frozenset[int]]] = []
        self._sizes: dict[int, int] = {}
        self._made: set[str] = set()
        self.before_reading: Callable[[], None] = lambda: None
        """Called before a cursor is given out."""

    def know_functions(self) -> None:
        """The functions that Python computes, made known to the engine: once, before the first cursor is given out. To
        take them the engine loads numpy, which lasts too long to be waited for at the start.
        """
        with self._mutex:
            if self._functions is None and not self._closed:
                self._functions = documents.install(self.connection.cursor())

    @contextmanager
    def cursor(self, setting: Setting = _PLAIN) -> Iterator[duckdb.DuckDBPyConnection]:
        """A cursor of one's own, with this setting; a transaction left open is rolled back."""
        self.before_reading()
        if self._functions is None:
            self.know_functions()
        with self._mutex:
            idle = self._idle.setdefault((setting.timezone, setting.direct), []) if not setting.macros else []
            cursor = idle.pop() if idle else None
        if cursor is None:
            cursor = self._made_cursor(setting)
        try:
            yield cursor
        except BaseException:
            with suppress(duckdb.Error):
                cursor.execute("ROLLBACK").fetchall()
            raise
        finally:
            # A result that nobody read keeps the connection from other work.
            with suppress(duckdb.Error):
                cursor.fetchall()
            if setting.macros:
                cursor.close()
            with self._mutex:
                idle.append(cursor)

    def _made_cursor(self, setting: Setting) -> duckdb.DuckDBPyConnection:
        cursor = self.connection.cursor()
        direct = ("PRAGMA disable_optimizer",) if setting.direct else ()
        for statement in (f"SET TimeZone = {quoted(setting.timezone)}", *direct, *setting.macros):
            cursor.execute(statement).fetchall()
        return cursor

    @contextmanager
    def statement(self) -> Iterator[None]:
        """While inside, no storage that was there at the start is dropped."""
        with self._mutex:
            ticket = next(self._tickets)
            self._running.add(ticket)
        try:
            yield
        finally:
            with self._mutex:
                self._running.discard(ticket)
            self._reap()

    def retire(self, number: int) -> None:
        """Nobody will find this storage any more; it goes when the statements that run now have ended."""
        with self._mutex:
            self._retired.append((number, frozenset(self._running)))
            self._sizes.pop(number, None)
        self._reap()

    def _reap(self) -> None:
        """Drop what nobody reads any more; a few at a time, since each costs as much as a statement."""
        if len(self._retired) < REAPED:
            return
        with self._mutex:
            free = [number for number, readers in self._retired if not readers & self._running]
            self._retired = [entry for entry in self._retired if entry[0] not in free]
        if free:
            with self.cursor() as cursor:
                cursor.execute("; ".join(f"DROP TABLE IF EXISTS s{number}" for number in free)).fetchall()

    def create(self, work: Work, columns: Sequence[ColumnModel]) -> int:
        """An empty storage for these columns, made in the work's transaction."""
        number = work.catalog.next_id()
        work.sql(f"CREATE TABLE s{number} ({definition(columns)})")
        return number

    def copy(self, work: Work, source: int, rows: int | None = None) -> int:
        """A copy of a storage, or of its first rows, made in the work's transaction."""
        number = work.catalog.next_id()
        limit = "" if rows is None else f" LIMIT {rows}"
        work.sql(f"CREATE TABLE s{number} AS SELECT * FROM s{source}{limit}")
        return number

    def size(self, number: int) -> int:
        """Committed rows; call it under the catalogue's mutex for a figure that holds."""
        if number not in self._sizes:
            with self.cursor() as cursor:
                [(rows,)] = cursor.execute(f"SELECT count(*) FROM s{number}").fetchall()
            self._sizes[number] = int(rows)
        return self._sizes[number]

    def grew(self, number: int, rows: int) -> None:
        """Rows were committed to a storage."""
        if number in self._sizes:
            self._sizes[number] += rows

    def first(self, name: str) -> bool:
        """Whether this is the first call with the name since the start: what is made once is made then."""
        with self._mutex:
            fresh = name not in self._made
            self._made.add(name)
        return fresh

    def forget_size(self, number: int) -> None:
        self._sizes.pop(number, None)

    def collect_garbage(self, catalog: Catalog) -> None:
        """Drop every storage that no record names. Called once, at the start."""
        needed = {number for record in catalog.records.values() for number in storages(record)}
        found = self.connection.execute(
            "SELECT table_name FROM duckdb_tables() WHERE table_name ~ '^s[0-9]+$'"
        ).fetchall()
        for (name,) in found:
            if int(name[1:]) not in needed:
                self.connection.execute(f"DROP TABLE {name}").fetchall()

    def modernise(self, catalog: Catalog) -> None:
        """Moments that an older sandbox kept without their offset get that of UTC. Called once, at the start."""
        found = self.connection.execute(
            "SELECT table_name, column_name FROM duckdb_columns() WHERE table_name ~ '^s[0-9]+$' "
            "AND data_type = 'TIMESTAMP WITH TIME ZONE'"
        ).fetchall()
        zoned = {(f"s{number}", name) for number, name in _zoned(catalog.records.values())} if found else set()
        for table, column in found:
            if (table, column) in zoned:
                name = quote_identifier(column)
                self.connection.execute(
                    f"ALTER TABLE {table} ALTER COLUMN {name} SET DATA TYPE {zones.ENGINE} "
                    f"USING sf_tz(timezone('UTC', {name}), 0)"
                ).fetchall()
        if zoned:  # The engine could not replay them from its log.
            self.connection.execute("CHECKPOINT").fetchall()

    def close(self) -> None:
        with self._mutex:
            self._closed = True
        for cursor in (cursor for idle in self._idle.values() for cursor in idle):
            cursor.close()
        if self._functions is not None:
            self._functions.close()
        self.connection.close()


def _zoned(records: Iterable[Record]) -> Iterator[tuple[int, str]]:
    """Every storage with the names of its columns that are TIMESTAMP_TZ."""
    for record in records:
        names = [c.name for c in record.columns if c.type.name == "TIMESTAMP_TZ"] if isinstance(record, Table) else []
        yield from ((number, name) for number in storages(record) for name in names)


def storages(record: Record) -> list[int]:
    """Every storage that a record needs: its rows, those of its earlier states, and the log of its changes."""
    if not isinstance(record, Table):
        return []
    log = [record.change_log] if record.change_log else []
    return [record.storage, *log, *(version.storage for version in record.versions)]


def forget(cursor: duckdb.DuckDBPyConnection, names: Iterable[str]) -> None:
    """Relations that were registered for a statement are no more.

    A transaction that has failed can do nothing further, and what it failed with is not to be hidden by that.
    """
    for name in names:
        try:
            cursor.unregister(name)
        except duckdb.TransactionException:
            cursor.execute("ROLLBACK").fetchall()
            cursor.unregister(name)
