"""Where a statement reads a stream from and to, and how a committed statement moves the stream on.

DML that reads a stream consumes it: the offset moves with the commit of its transaction, never before. All statements
of a transaction see the changes up to the transaction's beginning (user-guide/streams-intro, repeatable reads).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial

from runner.sandbox.catalog.model import Table
from runner.sandbox.catalog.store import Work, utc_now
from runner.sandbox.catalog.streams import Stream
from runner.sandbox.context import Context
from runner.sandbox.publish import commit, rollback
from runner.sandbox.tokens import Reader
from runner.sandbox.transactions import Place, Transaction

_CONSUMES = frozenset({"INSERT", "MERGE", "UPDATE", "DELETE", "COPY", "CREATE"})


class NeedsTransaction(Exception):
    """The statement consumes a stream: it is to run in a transaction, with which the stream moves on."""


def place(caller: Context, stream: Stream, tables: Sequence[Table], *, dry: bool) -> Place:
    """From when to when the statement sees the changes; notes that it consumes them."""
    consumes = not dry and _verb(caller) in _CONSUMES
    transaction = caller.session.transaction
    if consumes and _verb(caller) != "CREATE":
        if transaction is None:
            raise NeedsTransaction
        caller.lock(stream, transaction)  # one transaction at a time consumes a stream
    found = _place(caller, stream, tables, transaction, consumes=consumes)
    if consumes:
        caller.consumed[stream.id] = found.until
    return found


def _verb(caller: Context) -> str:
    return Reader(caller.text).peek().word


def _place(
    caller: Context, stream: Stream, tables: Sequence[Table], transaction: Transaction | None, *, consumes: bool
) -> Place:
    with caller.catalog.mutex:
        known = transaction.places.get(stream.id) if transaction is not None else None
        if known is not None and (not consumes or known.since == stream.offset):
            return known
        if transaction is not None:
            until = transaction.started_at
        else:
            changes = (table.changed_at or table.created_at for table in tables)
            until = max([utc_now() - timedelta(microseconds=1), *changes])
        found = Place(since=stream.offset, until=max(until, stream.offset), initial=stream.initial)
        if transaction is not None:
            transaction.places[stream.id] = found
        return found


def moved_on(consumed: Mapping[int, datetime], work: Work) -> None:
    """The streams stand where their consumers have read to."""
    for number, until in consumed.items():
        stream = work.catalog.records.get(number)
        if isinstance(stream, Stream) and stream.dropped_at is None:
            offset = stream.offset if stream.initial else max(stream.offset, until)
            work.edit(stream, offset=offset, initial=False)


def settle(context: Context) -> None:
    """After the statement: what it consumed moves on when the transaction commits."""
    transaction = context.session.transaction
    if context.consumed and transaction is not None:
        transaction.effects.append(partial(moved_on, dict(context.consumed)))


@contextmanager
def transaction_for(context: Context) -> Iterator[None]:
    """The statement's own transaction, or with AUTOCOMMIT=FALSE the session's new one."""
    session, kernel = context.session, context.engine
    alone = kernel.begin(session, depth=session.procedure_depth, implicit=True)
    session.transaction = alone
    try:
        yield
        if session.parameters.get("AUTOCOMMIT") == "false":
            return
        session.transaction = None
        commit(kernel, alone, context.control)
    except BaseException:
        session.transaction = None
        rollback(kernel, alone)
        raise
