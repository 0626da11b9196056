"""The catalogue in memory, written through to the same DuckDB file as the rows, in the same transaction.

Readers look at memory; writers go through `Work`, one at a time: storage statements and catalogue records become
durable together or not at all.
"""

from __future__ import annotations

import copy
import itertools
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import partial
from typing import Any, TypeAlias, TypeVar, cast

import duckdb

from runner.sandbox.catalog import codec
from runner.sandbox.catalog.index import Index
from runner.sandbox.catalog.kinds import RECORDS
from runner.sandbox.catalog.model import (
    Account,
    Database,
    FutureGrant,
    Grant,
    Record,
    RoleGrant,
    Routine,
    Schema,
    SchemaObject,
)
from runner.sandbox.catalog.replication import refuse_secondary
from runner.sandbox.clock import CLOCK

R = TypeVar("R", bound=Record)

_LINKS: dict[str, type[Any]] = {
    "ACCOUNT_": Account,
    "GRANT_": Grant,
    "FUTURE_GRANT_": FutureGrant,
    "ROLE_GRANT_": RoleGrant,
}
_KINDS: dict[str, type[Any]] = {kind.kind: kind for kind in RECORDS} | _LINKS
_BLOCK = 1000
"""Ids are taken from the file by the thousand; what a stopped process did not use is never given."""
Link = Account | Grant | FutureGrant | RoleGrant


NOTE = "NOTE"
"""Kind of a line that holds only some fields of a record."""


def _link_kind(link: Link) -> str:
    return next(key for key, kind in _LINKS.items() if isinstance(link, kind))


def _link_account(link: Link) -> str:
    return link.name if isinstance(link, Account) else link.account


def utc_now() -> datetime:
    """The sandbox's one clock."""
    return CLOCK.now()


class Work:
    """One unit of change: an open DuckDB transaction, the records it touches, and how to take them back."""

    def __init__(self, catalog: Catalog, cursor: duckdb.DuckDBPyConnection) -> None:
        self.catalog = catalog
        self.cursor = cursor
        self._undo: list[Callable[[], None]] = []
        self._lines: list[Line] = []
        self.refuse: Callable[[Record], None] = partial(refuse_secondary, catalog.records)

    def sql(self, statement: str, parameters: list[object] | None = None) -> list[tuple[Any, ...]]:
        """Run one statement of the engine's own language inside this transaction."""
        return cast(list[tuple[Any, ...]], self.cursor.execute(statement, parameters or []).fetchall())

    def add(self, record: R) -> R:
        """Put a new record into the catalogue; it gets the next id."""
        self.refuse(record)
        record.id = self.catalog.next_id()
        self.catalog.records[record.id] = record
        self._undo.append(lambda: self.catalog.drop_record(record.id))
        self.catalog.changed(added=record)
        self._write(record.kind, record.id, record.account, record)
        return record

    def edit(self, record: R, **changes: object) -> R:
        """Change fields of a record."""
        self.refuse(record)
        before = copy.deepcopy(record.__dict__)
        self._undo.append(lambda: record.__dict__.update(before))
        for name, value in changes.items():
            setattr(record, name, value)
        self.catalog.changed(found_as_before=not changes.keys() & _FINDING)
        self._write(record.kind, record.id, record.account, record)
        return record

    def note(self, record: R, **changes: object) -> R:
        """Change what rows brought about (times, versions, counters): nothing derived from the catalogue gets stale.

        The values given are new ones; what the fields held before is not changed in place.
        """
        self.refuse(record)
        self._set(record, changes)
        body = codec.encode_fields(record, changes)
        self._lines.append((self.catalog.next_line(), NOTE, record.id, record.account, body))
        return record

    def forget(self, record: Record) -> None:
        """Take a record out for good; dropping for UNDROP is `edit(record, dropped_at=…)`."""
        self.refuse(record)
        self.catalog.records.pop(record.id)
        self._undo.append(lambda: self.catalog.records.__setitem__(record.id, record))
        self.catalog.changed()
        self._erase(record.id)

    def link(self, link: Link) -> None:
        """Add a grant, a future grant, a role grant or an account."""
        number = self.catalog.next_id()
        self.catalog.links[number] = link
        self._undo.append(lambda: self.catalog.drop_link(number))
        self.catalog.changed(found_as_before=True)
        self._write(_link_kind(link), number, _link_account(link), link)

    def unlink(self, link: Link) -> None:
        """Take a grant away (compared by identity)."""
        number = next(key for key, value in self.catalog.links.items() if value is link)
        self.catalog.links.pop(number)
        self._undo.append(lambda: self.catalog.links.__setitem__(number, link))
        self.catalog.changed(found_as_before=True)
        self._erase(number)

    def edit_link(self, link: Link, **changes: object) -> None:
        """Change fields of a link (an account's parameters). The values given are new ones, as for `note`."""
        number = next(key for key, value in self.catalog.links.items() if value is link)
        self._set(link, changes)
        self.catalog.changed(found_as_before=True)
        self._write(_link_kind(link), number, _link_account(link), link)

    def _set(self, target: Record | Link, changes: dict[str, object]) -> None:
        """New values in fields, which hold the old ones again when the work is taken back."""
        before = {name: getattr(target, name) for name in changes}
        self._undo.append(lambda: target.__dict__.update(before))
        target.__dict__.update(changes)

    def _write(self, kind: str, number: int, account: str, body: object) -> None:
        # Rows are only ever added: a transaction that began before another's commit cannot delete what that one wrote.
        self._lines.append((self.catalog.next_line(), kind, number, account, codec.encode(body)))

    def _erase(self, number: int) -> None:
        self._lines.append((self.catalog.next_line(), "", number, "", None))

    def write(self) -> None:
        """The lines of all that was changed, together: the last thing before the commit."""
        lines, self._lines = self._lines, []
        _insert(self.cursor, lines)

    def take_back(self) -> None:
        for step in reversed(self._undo):
            step()
        self.catalog.changed()


Line: TypeAlias = tuple[int, str, int, str, str | None]
"""A line of the catalogue's table: its number, the kind, the id and the account of what it is about, and that."""
_LISTS = ", ".join(f"unnest(CAST(? AS {kind}[]))" for kind in ("BIGINT", "VARCHAR", "BIGINT", "VARCHAR", "VARCHAR"))


def _insert(cursor: duckdb.DuckDBPyConnection, lines: Sequence[Line]) -> None:
    """One statement for however many: each by itself costs as much as a thousand together."""
    if len(lines) == 1:
        cursor.execute("INSERT INTO _catalog VALUES (?, ?, ?, ?, ?)", list(lines[0])).fetchall()
    elif lines:
        columns = [list(column) for column in zip(*lines, strict=True)]
        cursor.execute(f"INSERT INTO _catalog SELECT {_LISTS}", columns).fetchall()


_FINDING = frozenset({"account", "database_id", "dropped_at", "name", "schema_id"})
"""Fields by which records are found."""


class Catalog:
    """Every record of every account. `work()` is the only way to change one."""

    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self._connection = connection
        self.mutex = threading.RLock()
        self.records: dict[int, Record] = {}
        self.links: dict[int, Link] = {}
        self.generation = 0
        """Grows with every change: what was derived from the catalogue is stale when it differs."""
        self._index = Index(-1, [])
        self._settled = self._index
        """What was there before the change that is being made: others look there until it is durable."""
        self._writer: int | None = None
        self.before_work: Callable[[], None] = lambda: None
        """Called before a change is begun."""
        self._named: tuple[int, dict[str, Account]] = (-1, {})
        self._lines = itertools.count(1)
        self._ids: Iterator[int] = iter(())
        connection.execute(
            "CREATE TABLE IF NOT EXISTS _catalog (line BIGINT, kind VARCHAR, id BIGINT, account VARCHAR, body VARCHAR)"
        )
        connection.execute("CREATE SEQUENCE IF NOT EXISTS _ids START 0 MINVALUE 0").fetchall()
        self._read()
        self._compact()

    def _read(self) -> None:
        for _, kind, number, _, body in self._connection.execute("SELECT * FROM _catalog ORDER BY line").fetchall():
            self._take(kind, number, body)
        self.records = dict(sorted(self.records.items()))
        self.links = dict(sorted(self.links.items()))

    def _take(self, kind: str, number: int, body: str | None) -> None:
        if body is None:
            self.records.pop(number, None)
            self.links.pop(number, None)
        elif kind == NOTE:
            codec.amend(self.records[number], body)
        else:
            home: dict[int, Any] = self.links if kind in _LINKS else self.records
            home[number] = codec.decode(_KINDS[kind], body)

    def _compact(self) -> None:
        """Write every record once: the lines of the past are not needed any more."""
        things: list[tuple[str, int, str, object]] = [(r.kind, n, r.account, r) for n, r in self.records.items()]
        things += [(_link_kind(link), n, _link_account(link), link) for n, link in self.links.items()]
        lines = [(self.next_line(), kind, n, account, codec.encode(body)) for kind, n, account, body in things]
        self._connection.execute("BEGIN").fetchall()
        self._connection.execute("DELETE FROM _catalog").fetchall()
        _insert(self._connection, lines)
        self._connection.execute("COMMIT").fetchall()

    def changed(self, *, added: Record | None = None, found_as_before: bool = False) -> None:
        """A new generation. What of the index stays true is kept: with very many records it takes long to make."""
        fits = self._index.generation == self.generation
        self.generation += 1
        if fits and (added is not None or found_as_before):
            self._index = self._index.of(self.generation, added)

    def drop_record(self, number: int) -> None:
        self.records.pop(number, None)

    def drop_link(self, number: int) -> None:
        self.links.pop(number, None)

    def next_line(self) -> int:
        return next(self._lines)

    def next_id(self) -> int:
        """A number never given before; also names storages (`s<n>`)."""
        with self.mutex:
            number = next(self._ids, None)
            return self._more_ids() if number is None else number

    def _more_ids(self) -> int:
        # Read to its end: only then is the number's use committed, and not given again after a kill.
        [(turn,)] = self._connection.cursor().execute("SELECT nextval('_ids')").fetchall()
        block = int(turn) * _BLOCK
        self._ids = iter(range(block + 2, block + _BLOCK + 1))
        return block + 1

    @contextmanager
    def work(self, cursor: duckdb.DuckDBPyConnection | None = None) -> Iterator[Work]:
        """One change at a time: commits at the end, and takes everything back when the body raises.

        With a cursor in whose open transaction rows were already written, those become durable with the change.
        """
        with self.mutex, self._writing():
            self.before_work()
            used = self._connection.cursor() if cursor is None else cursor
            if cursor is None:
                used.execute("BEGIN").fetchall()
            work = Work(self, used)
            try:
                yield work
                work.write()
                used.execute("COMMIT").fetchall()
            except BaseException:
                with suppress(duckdb.TransactionException):  # a failed COMMIT has ended the transaction itself
                    used.execute("ROLLBACK").fetchall()
                work.take_back()
                raise
            finally:
                if cursor is None:
                    used.close()

    @contextmanager
    def _writing(self) -> Iterator[None]:
        if self._writer is not None:
            yield
            return
        self._settled, self._writer = self._live(), threading.get_ident()
        try:
            yield
        finally:
            self._writer = None

    @property
    def is_settled(self) -> bool:
        """Whether nobody is changing it: what is derived from it now is of its generation."""
        return self._writer is None

    def _live(self) -> Index:
        """The records that are not dropped, by where they are looked for."""
        if self._writer not in (None, threading.get_ident()):
            return self._settled
        index = self._index
        if index.generation != self.generation:
            index = self._index = Index(self.generation, list(self.records.values()))
        return index

    def all(self, kind: type[R], account: str) -> list[R]:
        """Live records of a kind in an account, in the order they were made."""
        return cast(list[R], list(self._live().by_account.get((kind, account), ())))

    def find(self, kind: type[R], account: str, name: str) -> R | None:
        """A live account-level record (database, role, user, warehouse, share …) by its normalised name."""
        return cast(R | None, self._live().by_name.get((kind, account, name)))

    def database(self, account: str, name: str) -> Database | None:
        return self.find(Database, account, name)

    def schemas(self, database: Database) -> list[Schema]:
        return cast(list[Schema], list(self._live().inside.get((Database, database.id), ())))

    def schema(self, database: Database, name: str) -> Schema | None:
        return next((s for s in self.schemas(database) if s.name == name), None)

    def objects(self, schema: Schema, kind: type[R] | None = None) -> list[R]:
        """Live objects of a schema, of one kind or of all kinds."""
        found = self._live().inside.get((Schema, schema.id), ())
        return cast(list[R], [r for r in found if kind is None or type(r) is kind])

    def object(self, schema: Schema, kind: type[R], name: str) -> R | None:
        """A live object by its normalised name; routines have overloads: see `routines`."""
        named = self._live().named.get((schema.id, name), ())
        return cast(R | None, next((r for r in named if type(r) is kind), None))

    def named(self, schema: Schema, name: str) -> list[SchemaObject]:
        """All live objects of a schema under one name."""
        return list(self._live().named.get((schema.id, name), ()))

    def routines(self, schema: Schema, name: str, routine: str) -> list[Routine]:
        return [r for r in self.named(schema, name) if isinstance(r, Routine) and r.routine == routine]

    def record(self, number: int) -> Record:
        return self.records[number]

    def accounts(self) -> list[Account]:
        return [link for link in list(self.links.values()) if isinstance(link, Account)]

    def account(self, name: str) -> Account | None:
        known, generation = self._named, self.generation
        if known[0] != generation:
            known = self._named = (generation, {each.name: each for each in self.accounts()})
        return known[1].get(name)

    def grants(self, account: str) -> list[Grant]:
        return [g for g in list(self.links.values()) if isinstance(g, Grant) and g.account == account]

    def future_grants(self, account: str) -> list[FutureGrant]:
        return [g for g in list(self.links.values()) if isinstance(g, FutureGrant) and g.account == account]

    def role_grants(self, account: str) -> list[RoleGrant]:
        return [g for g in list(self.links.values()) if isinstance(g, RoleGrant) and g.account == account]

    def full_name(self, record: Record) -> tuple[str, ...]:
        """Database, schema and name, as far as the record has them."""
        if isinstance(record, SchemaObject):
            return (*self.full_name(self.records[record.schema_id]), record.name)
        if isinstance(record, Schema):
            return (self.records[record.database_id].name, record.name)
        return (record.name,)
