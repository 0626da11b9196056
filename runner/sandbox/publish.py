"""How a transaction ends: its overlays become the tables, durably and all at once, or are forgotten."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager

import duckdb

from runner.sandbox.catalog.model import Table
from runner.sandbox.catalog.store import Work
from runner.sandbox.control import Control
from runner.sandbox.errors import SnowflakeError
from runner.sandbox.failures import ALTERED, REPLACED, translated
from runner.sandbox.kernel import Kernel
from runner.sandbox.storage import required, shape
from runner.sandbox.streams.log import names_of
from runner.sandbox.transactions import Overlay, Transaction
from runner.sandbox.versions import note_change

_GLANCE = 0.05
"""Seconds after which a wait looks whether its statement was stopped."""


def commit(kernel: Kernel, transaction: Transaction, control: Control | None = None) -> None:
    """Publish all overlays in one durable step. When that fails the transaction is rolled back and the error raised."""
    try:
        if transaction.aborted:
            raise aborted(transaction)
        if transaction.overlays or transaction.effects:
            _publish(kernel, transaction, control)
    except duckdb.Error as error:
        rollback(kernel, transaction)
        raise translated(error) from error
    except BaseException:
        rollback(kernel, transaction)
        raise
    _end(kernel, transaction)


def aborted(transaction: Transaction) -> SnowflakeError:
    return SnowflakeError(
        90229, "25000", f"Transaction {transaction.id} was aborted and its changes were undone; nothing was committed."
    )


def rollback(kernel: Kernel, transaction: Transaction) -> None:
    """Forget the overlays and give back the locks."""
    with kernel.catalog.mutex:
        overlays, transaction.overlays, transaction.effects = transaction.overlays, {}, []
        transaction.version += 1
    for overlay in overlays.values():
        _discard(kernel, overlay)
    _end(kernel, transaction)


def _discard(kernel: Kernel, overlay: Overlay) -> None:
    overlay.ready.set()
    for number in (overlay.appended, overlay.replaced):
        if number is not None:
            kernel.storage.retire(number)


def _end(kernel: Kernel, transaction: Transaction) -> None:
    with kernel.catalog.mutex:
        kernel.open_transactions.pop(transaction.id, None)
    kernel.locks.release(transaction)


@contextmanager
def settled(
    kernel: Kernel, tables: Collection[int], own: Transaction | None, control: Control | None = None
) -> Iterator[None]:
    """The catalogue's mutex, held at a moment when no other transaction is just copying one of the tables."""
    while True:
        with kernel.catalog.mutex:
            kernel.gathered.write()
            pending = _being_copied(kernel, tables, own)
            if pending is None:
                yield
                return
        while not pending.ready.wait(_GLANCE):
            if control is not None:
                control.check()


def _being_copied(kernel: Kernel, tables: Collection[int], own: Transaction | None) -> Overlay | None:
    for transaction in kernel.open_transactions.values():
        for number in tables if transaction is not own else ():
            overlay = transaction.overlay(number)
            if overlay is not None and overlay.replaced is not None and not overlay.ready.is_set():
                return overlay
    return None


def _publish(kernel: Kernel, transaction: Transaction, control: Control | None) -> None:
    retired: set[int] = set()
    with (
        kernel.storage.statement(),
        kernel.storage.cursor() as cursor,
        settled(kernel, transaction.overlays, transaction, control),
    ):
        cursor.execute("BEGIN").fetchall()
        with kernel.catalog.work(cursor) as work:
            for overlay in transaction.overlays.values():
                retired |= publish_overlay(kernel, work, transaction, overlay)
            for effect in transaction.effects:
                effect(work)
        transaction.overlays, transaction.effects = {}, []
    for number in retired:
        kernel.storage.retire(number)
    for action in transaction.afterwards:
        action()


def publish_overlay(kernel: Kernel, work: Work, transaction: Transaction, overlay: Overlay) -> set[int]:
    """One table's changes, inside the work; returns the storages that nobody needs once it is committed."""
    table = kernel.catalog.records.get(overlay.table_id)
    if not isinstance(table, Table) or table.dropped_at is not None:
        raise _gone(kernel, overlay)
    if shape(table.columns) != overlay.shape or not required(table.columns) <= overlay.required:
        raise altered(table)
    if overlay.replaced is not None and overlay.tracked != table.change_log:
        raise altered(table)
    before = kernel.storage.size(table.storage)
    if overlay.replaced is not None:
        return note_change(work, table, before, overlay.replaced)
    if overlay.appended is None:
        return set()
    others = [o for o in kernel.overlays_on(table.id) if o is not transaction.overlay(table.id)]
    if not before and not others and overlay.tracked == table.change_log:
        return note_change(work, table, before, overlay.appended)
    if others and overlay.tracked != table.change_log:
        raise altered(table)
    given = "*" if overlay.tracked == table.change_log else names_of(table.columns)
    for number in (table.storage, *(o.replaced for o in others)):
        work.sql(f"INSERT INTO s{number} BY NAME SELECT {given} FROM s{overlay.appended}")
    kernel.storage.forget_size(table.storage)
    return note_change(work, table, before) | {overlay.appended}


def _gone(kernel: Kernel, overlay: Overlay) -> SnowflakeError:
    record = kernel.catalog.records.get(overlay.table_id)
    name = record.name if record else str(overlay.table_id)
    text = (
        f"Table '{name}' was dropped or replaced while the transaction had changed it; the transaction was rolled back."
    )
    return SnowflakeError(REPLACED, "25000", text)


def altered(table: Table) -> SnowflakeError:
    """The table has other columns than those the rows were made for."""
    text = f"Table '{table.name}' was altered while the transaction had changed it; the transaction was rolled back."
    return SnowflakeError(ALTERED, "25000", text)
