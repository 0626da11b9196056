"""How rows of a table are changed: appended beside the base, or as a new state in its place, alone or in a transaction.

A statement that fails undoes only itself. Without a transaction a statement is one of its own, published when it ends.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from typing import TypeAlias, TypeVar

import duckdb

from runner.sandbox.catalog.model import ColumnModel, Table
from runner.sandbox.catalog.store import Work
from runner.sandbox.classes import dataclass
from runner.sandbox.context import Context
from runner.sandbox.publish import aborted, altered, commit, publish_overlay, rollback, settled
from runner.sandbox.query.core import World
from runner.sandbox.query.presentation import setting_of
from runner.sandbox.query.run import cursor_for
from runner.sandbox.query.sources import overlaid
from runner.sandbox.storage import definition, required, shape
from runner.sandbox.transactions import Overlay, Transaction
from runner.sandbox.versions import note_change

T = TypeVar("T")
Cursor: TypeAlias = duckdb.DuckDBPyConnection


@dataclass(frozen=True, slots=True)
class Filling:
    """A statement that puts rows into a storage: what it needs, its engine SQL, identity columns it counts on."""

    world: World
    sql: Callable[[int], str]
    identities: tuple[str, ...] = ()


def current_transaction(context: Context) -> Transaction | None:
    """The transaction to work in; AUTOCOMMIT=FALSE begins one here. None: the statement stands alone."""
    session = context.session
    if session.transaction is None and session.parameters.get("AUTOCOMMIT") == "false":
        session.transaction = context.engine.begin(session, implicit=True)
    return session.transaction


def append(context: Context, table: Table, make: Callable[[], Filling]) -> int:
    """Add rows; how many. Where rows are numbered, the statement is made when nobody else numbers any."""
    columns = table.columns
    filling = make()
    if not filling.identities:
        return _append(context, table, columns, filling)
    with context.engine.identities(table.id):
        return _append(context, table, columns, make())


def append_with(
    context: Context,
    table: Table,
    make: Callable[[], Filling],
    effect: Callable[[Work], object],
    afterwards: Callable[[], None],
) -> None:
    """Add rows, and do with them what else becomes true of the catalogue when they are committed."""
    transaction = current_transaction(context)
    alone = transaction is None
    transaction = transaction or context.engine.begin(context.session, implicit=True)
    try:
        with context.engine.identities(table.id if any(c.identity for c in table.columns) else None):
            append_within(context, transaction, table, make())
            transaction.effects.append(effect)
            transaction.afterwards.append(afterwards)
            if alone:
                commit(context.engine, transaction, context.control)
    except BaseException:
        if alone:
            rollback(context.engine, transaction)
        raise


def publish_with(context: Context, effect: Callable[[Work], object]) -> None:
    """What becomes true of the catalogue with the open transaction, or at once where there is none."""
    transaction = current_transaction(context)
    if transaction is not None:
        transaction.effects.append(effect)
        return
    with context.catalog.work() as work:
        effect(work)


def _append(context: Context, table: Table, columns: list[ColumnModel], filling: Filling) -> int:
    transaction = current_transaction(context)
    if transaction is not None:
        return append_within(context, transaction, table, filling)
    with context.storage.statement():
        added = _append_directly(context, table, columns, filling)
    return _append_alone(context, table, filling) if added is None else added


def advance(table: Table, identities: Collection[str], added: int) -> None:
    """The next identity values; numbers that a rollback leaves unused are not given again."""
    table.identity_next = _ahead(table, identities, added)


def _append_alone(context: Context, table: Table, filling: Filling) -> int:
    """The long way, when the table changes under the statement: as a transaction of its own."""
    transaction = context.engine.begin(context.session, implicit=True)
    try:
        added = append_within(context, transaction, table, filling)
    except BaseException:
        rollback(context.engine, transaction)
        raise
    commit(context.engine, transaction, context.control)
    return added


def _append_directly(context: Context, table: Table, columns: list[ColumnModel], filling: Filling) -> int | None:
    """Rows straight into the base; None when others have replaced, or are replacing, it meanwhile.

    The columns are those that the statement was made for: with others by now it would put values where they do not go.
    """
    kernel, storage = context.engine, table.storage
    if kernel.overlaid(table.id):
        return None
    with cursor_for(context, filling.world) as cursor:
        cursor.execute("BEGIN").fetchall()
        added = _count(cursor, filling.sql(storage))
        context.control.check()
        with kernel.catalog.mutex:
            kernel.gathered.write()
            if table.storage != storage or kernel.overlaid(table.id) or table.dropped_at is not None:
                cursor.execute("ROLLBACK").fetchall()
                return None
            if table.columns is not columns:
                raise altered(table)
            before = kernel.storage.size(storage)
            with kernel.catalog.work(cursor) as work:
                unneeded = note_change(work, table, before, identities=_ahead(table, filling.identities, added))
            kernel.storage.grew(storage, added)
    for number in unneeded:
        kernel.storage.retire(number)
    return added


def _ahead(table: Table, identities: Collection[str], added: int) -> dict[str, int]:
    ahead = dict(table.identity_next)
    for column in table.columns:
        if column.name in identities and column.identity is not None:
            start, step = column.identity
            ahead[column.name] = ahead.get(column.name, start) + added * step
    return ahead


def _count(cursor: Cursor, sql: str) -> int:
    [(count,)] = cursor.execute(sql).fetchall()
    return int(count)


def dry_run(context: Context, table: Table, filling: Filling) -> None:
    """Put the rows where nobody keeps them: what would fail fails here."""
    with context.storage.statement(), cursor_for(context, filling.world) as cursor:
        number = context.catalog.next_id()
        cursor.execute("BEGIN").fetchall()
        try:
            cursor.execute(f"CREATE TABLE main.s{number} ({definition(table.columns)})").fetchall()
            _count(cursor, filling.sql(number))
        finally:
            cursor.execute("ROLLBACK").fetchall()


def append_within(context: Context, transaction: Transaction, table: Table, filling: Filling) -> int:
    """Add rows within a transaction; how many."""
    with context.storage.statement(), cursor_for(context, filling.world) as cursor:
        overlay = transaction.overlay(table.id)
        if overlay is not None and (overlay.replaced or overlay.appended):
            added = _count(cursor, filling.sql(overlay.replaced or overlay.appended or 0))
            advance(table, filling.identities, added)
            return added
        number, fresh = context.catalog.next_id(), _overlay(table)
        cursor.execute("BEGIN").fetchall()
        columns = definition(table.columns, tracked=fresh.tracked > 0)
        cursor.execute(f"CREATE TABLE main.s{number} ({columns})").fetchall()
        added = _count(cursor, filling.sql(number))
        advance(table, filling.identities, added)
        cursor.execute("COMMIT").fetchall()
    fresh.appended = number
    _register(context, transaction, fresh, table)
    return added


def _overlay(table: Table, *, replaced: int | None = None) -> Overlay:
    form, needed = shape(table.columns), required(table.columns)
    return Overlay(
        table_id=table.id,
        shape=form,
        required=needed,
        tracked=table.change_log,
        replaced=replaced,
    )


def _register(context: Context, transaction: Transaction, overlay: Overlay, table: Table) -> None:
    with context.catalog.mutex:
        if transaction.aborted or overlay.shape != shape(table.columns):
            context.storage.retire(overlay.appended or overlay.replaced or 0)
            raise aborted(transaction) if transaction.aborted else altered(table)
        transaction.overlays[overlay.table_id] = overlay
        transaction.version += 1


def begun(context: Context, table: Table) -> bool:
    """Whether the session's transaction has a state of the table already: a change of it waits for nobody any more and
    copies nothing, so that it need not be tried beforehand whether it compiles.
    """
    transaction = context.session.transaction
    overlay = transaction.overlay(table.id) if transaction is not None else None
    return overlay is not None and overlay.replaced is not None


def change(
    context: Context,
    table: Table,
    make: Callable[[Cursor, int], T],
    *,
    empty: bool = False,
    numbering: bool = False,
) -> T:
    """Run `make(cursor, storage)` on a state of the table that is the statement's own, and put it in the table's place.

    The table is locked first, so `make` compiles against what was committed before it got the lock. With `empty` the
    new state begins without rows; with `numbering` no other statement numbers rows of the table meanwhile.
    """
    transaction = current_transaction(context)
    if transaction is not None:
        context.lock(table, transaction)
        with context.engine.identities(table.id if numbering else None), context.storage.statement():
            return _change_within(context, transaction, table, make, empty=empty)
    return _change_once(context, table, make, empty=empty, numbering=numbering)


def _change_once(
    context: Context, table: Table, make: Callable[[Cursor, int], T], *, empty: bool, numbering: bool
) -> T:
    """The statement as a transaction of its own."""
    alone = context.engine.begin(context.session, implicit=True)
    try:
        context.lock(table, alone)
        with context.engine.identities(table.id if numbering else None), context.storage.statement():
            return _change_alone(context, alone, table, make, empty=empty)
    finally:
        rollback(context.engine, alone)


def _change_within(
    context: Context, transaction: Transaction, table: Table, make: Callable[[Cursor, int], T], *, empty: bool
) -> T:
    overlay = transaction.overlay(table.id)
    with context.storage.cursor(setting_of(context.session.parameters)) as cursor:
        if overlay is not None and overlay.replaced is not None and not empty:
            cursor.execute("BEGIN").fetchall()
            done = make(cursor, overlay.replaced)
            cursor.execute("COMMIT").fetchall()
            return done
        with _new_state(context, transaction, table, cursor, empty=empty) as fresh:
            done = make(cursor, fresh.replaced or 0)
            cursor.execute("COMMIT").fetchall()
    for number in (overlay.appended, overlay.replaced) if overlay is not None else ():
        if number is not None:
            context.storage.retire(number)
    return done


def _change_alone(
    context: Context, transaction: Transaction, table: Table, make: Callable[[Cursor, int], T], *, empty: bool
) -> T:
    kernel = context.engine
    with (
        context.storage.cursor(setting_of(context.session.parameters)) as cursor,
        _new_state(context, transaction, table, cursor, empty=empty) as fresh,
    ):
        done = make(cursor, fresh.replaced or 0)
        context.control.check()
        with kernel.catalog.work(cursor) as work:
            unneeded = publish_overlay(kernel, work, transaction, fresh)
        transaction.overlays = {}
    for number in unneeded:
        kernel.storage.retire(number)
    return done


@contextmanager
def _new_state(
    context: Context, transaction: Transaction, table: Table, cursor: Cursor, *, empty: bool
) -> Iterator[Overlay]:
    """A storage of the transaction's own, made in the open one of the cursor; others' commits wait till it is whole."""
    before = transaction.overlay(table.id)
    fresh = _overlay(table, replaced=context.catalog.next_id())
    with settled(context.engine, [table.id], transaction, context.control):
        _register(context, transaction, fresh, table)
        cursor.execute("BEGIN").fetchall()
        # The first look at the base fixes what the engine's transaction sees: all that is committed by now.
        source = overlaid(table, before)
        cursor.execute(f"SELECT 1 FROM {source} LIMIT 0").fetchall()
    try:
        # duckdb 2.0.0 loses a large INSERT that follows, in one transaction, an INSERT (or CREATE … AS) without a row.
        columns = definition(table.columns, tracked=fresh.tracked > 0)
        cursor.execute(f"CREATE TABLE main.s{fresh.replaced} ({columns})").fetchall()
        if not empty and cursor.execute(f"SELECT 1 FROM {source} LIMIT 1").fetchall():
            cursor.execute(f"INSERT INTO main.s{fresh.replaced} BY NAME SELECT * FROM {source}").fetchall()
        yield fresh
    except BaseException:
        with suppress(duckdb.Error):
            cursor.execute("ROLLBACK").fetchall()
        _restore(context, transaction, table, before)
        raise
    finally:
        fresh.ready.set()


def _restore(context: Context, transaction: Transaction, table: Table, before: Overlay | None) -> None:
    with context.catalog.mutex:
        transaction.overlays.pop(table.id, None)
        if before is not None and not transaction.aborted:
            transaction.overlays[table.id] = before
