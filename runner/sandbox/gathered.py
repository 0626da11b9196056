"""Rows that the statements of a script insert one by one, written together.

What an INSERT of a script has added is there for every statement that begins after it, in whatever session, and is on
disk before the statement that the client sent is answered: only that one was promised to anybody. Between the two the
rows wait in memory, so that a loop does not pay a durable commit at every turn. Only rows that no storage can refuse
wait here. Whoever reads rows, writes anything or begins another kind of statement writes them down first.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import field
from datetime import datetime

import duckdb
import pyarrow as pa

from runner.sandbox.catalog.model import ColumnModel, Table
from runner.sandbox.catalog.store import Catalog, Work, utc_now
from runner.sandbox.classes import dataclass
from runner.sandbox.control import Control
from runner.sandbox.failures import translated
from runner.sandbox.result import arrow_type
from runner.sandbox.storage import Storage
from runner.sandbox.tokens import quote_identifier
from runner.sandbox.versions import note_additions

Row = tuple[object, ...]
MOST = 20_000
"""Values that wait at most."""
_NAME = "gathered$"
_log = logging.getLogger("runner.sandbox")


@dataclass(slots=True)
class _Waiting:
    """The rows of one storage, and for each statement when it added some and how many there were before."""

    table: Table
    storage: int
    columns: list[ColumnModel]
    committed: bool
    """Whether they go into the table itself, and not into what an open transaction keeps beside it."""
    rows: list[Row] = field(default_factory=list)
    additions: list[tuple[datetime, int]] = field(default_factory=list)


class Gathered:
    """The rows that wait, all of one client's statement. What is done with them is done under the catalogue's mutex."""

    def __init__(self, catalog: Catalog, storage: Storage) -> None:
        self._catalog = catalog
        self._storage = storage
        self._waiting: dict[int, _Waiting] = {}
        self._owner: Control | None = None
        self._values = 0
        self._failed: set[Control] = set()
        catalog.before_work = storage.before_reading = self.write

    def add(self, owner: Control, table: Table, rows: Sequence[Row], own: int | None = None) -> None:
        """Rows in the table's order of columns, for the table or for the `own` storage of an open transaction; call it
        under the catalogue's mutex.
        """
        if self._owner is not owner:
            self.write()
        self._owner = owner
        # Where rows must be counted, what waits is written first.
        written = self._storage.size(table.storage) if own is None else 0
        number = table.storage if own is None else own
        waiting = self._waiting.get(number)
        if waiting is None:
            waiting = self._waiting[number] = _Waiting(table, number, table.columns, own is None)
        if own is None:
            waiting.additions.append((utc_now(), written + len(waiting.rows)))
        waiting.rows.extend(rows)
        self._values += len(rows) * len(table.columns)
        if self._values > MOST:
            self.write()

    def write(self) -> None:
        """Make durable what waits. When that fails, the statement whose rows they were is stopped with the reason."""
        if not self._waiting:
            return
        with self._catalog.mutex:
            waiting, self._waiting, self._values = list(self._waiting.values()), {}, 0
            if waiting:
                self._write(waiting)

    def settle(self, owner: Control) -> None:
        """The statement is about to be answered: all that it added is durable now, or this raises."""
        self.write()
        if owner in self._failed and owner.reason is not None:
            self._failed.discard(owner)
            raise owner.reason

    def leave(self, owner: Control) -> None:
        """The statement has failed: what it added before stays, as far as it could be written."""
        self.write()
        self._failed.discard(owner)

    def _write(self, waiting: Sequence[_Waiting]) -> None:
        unneeded: set[int] = set()
        try:
            self._write_own([one for one in waiting if not one.committed])
            if committed := [one for one in waiting if one.committed]:
                with self._catalog.work() as work:
                    for one in committed:
                        unneeded |= _written(work, one)
        except duckdb.Error as error:
            _log.error("rows of a script could not be written: %s", error)
            if self._owner is not None:
                self._failed.add(self._owner)
                self._owner.stop(translated(error))
            return
        for one in waiting:
            self._storage.grew(one.storage, len(one.rows))
        for number in unneeded:
            self._storage.retire(number)

    def _write_own(self, waiting: Sequence[_Waiting]) -> None:
        """What open transactions keep beside the tables."""
        if waiting:
            with self._storage.cursor() as cursor:
                for one in waiting:
                    _insert(cursor, one)


def _written(work: Work, waiting: _Waiting) -> set[int]:
    _insert(work.cursor, waiting)
    return note_additions(work, waiting.table, waiting.additions)


def _insert(cursor: duckdb.DuckDBPyConnection, waiting: _Waiting) -> None:
    names = [column.stored for column in waiting.columns]
    arrays = [
        pa.array([row[at] for row in waiting.rows], arrow_type(column.type))
        for at, column in enumerate(waiting.columns)
    ]
    cursor.register(_NAME, pa.Table.from_arrays(arrays, names=[f"c{at}" for at in range(len(names))]))
    try:
        listed = ", ".join(quote_identifier(name) for name in names)
        cursor.execute(f'INSERT INTO main.s{waiting.storage} ({listed}) SELECT * FROM "{_NAME}"').fetchall()
    finally:
        cursor.unregister(_NAME)
