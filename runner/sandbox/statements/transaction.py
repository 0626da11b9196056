"""BEGIN, START TRANSACTION, COMMIT, ROLLBACK (sql-reference/transactions, sql-reference/sql/begin)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from runner.sandbox import publish
from runner.sandbox.context import Context, other_scope
from runner.sandbox.errors import SnowflakeError
from runner.sandbox.kernel import Kernel
from runner.sandbox.result import Result, StatementType, status_result
from runner.sandbox.session import Session
from runner.sandbox.tokens import Reader
from runner.sandbox.transactions import Transaction

_STATUS = "Statement executed successfully."


def done() -> Result:
    return status_result(_STATUS, StatementType.TRANSACTION)


def begin(context: Context, text: str) -> Result:
    """Begin a transaction; inside an open one this has no effect, unless a procedure begins one of its own."""
    name = _begin_name(text)
    session = context.session
    outer = session.transaction
    if outer is None or outer.depth != session.procedure_depth:
        session.transaction = context.engine.begin(session, name, depth=session.procedure_depth)
        session.transaction.outer = outer
    return done()


def _begin_name(text: str) -> str | None:
    reader = Reader(text)
    if reader.accept("START"):
        reader.expect("TRANSACTION")
    else:
        reader.expect("BEGIN")
        reader.accept_any("TRANSACTION", "WORK")
    name = reader.identifier() if reader.accept("NAME") else None
    reader.end()
    return name


def _read_end(text: str, verb: str) -> None:
    reader = Reader(text)
    reader.expect(verb)
    reader.accept("WORK")
    reader.end()


def commit(context: Context, text: str) -> Result:
    """Make the open transaction durable; without one nothing happens."""
    _read_end(text, "COMMIT")
    end(context.engine, context.session, partial(publish.commit, control=context.control))
    return done()


def rollback(context: Context, text: str) -> Result:
    _read_end(text, "ROLLBACK")
    end(context.engine, context.session, publish.rollback)
    return done()


def end(kernel: Kernel, session: Session, how: Callable[[Kernel, Transaction], None]) -> None:
    """End the session's transaction by `publish.commit` or `publish.rollback`; only in the scope that began it."""
    transaction = session.transaction
    if transaction is None:
        return
    if transaction.depth != session.procedure_depth:
        raise other_scope()
    session.transaction = transaction.outer
    how(kernel, transaction)


def refuse_in_failed(session: Session, text: str) -> None:
    """What a session may still do in a transaction that was aborted, or failed under TRANSACTION_ABORT_ON_ERROR."""
    transaction = session.transaction
    if transaction is None or not (transaction.failed or transaction.aborted):
        return
    verb = text.lstrip()[:8].upper()
    if transaction.aborted:
        session.transaction = transaction.outer
        if verb != "ROLLBACK":
            raise publish.aborted(transaction)
    elif verb != "ROLLBACK":
        raise _poisoned(transaction)


def _poisoned(transaction: Transaction) -> SnowflakeError:
    return SnowflakeError(
        90228,
        "25000",
        f"Transaction {transaction.id} has failed (TRANSACTION_ABORT_ON_ERROR is set); only ROLLBACK is allowed.",
    )


def statement_failed(session: Session) -> None:
    """A statement failed: under TRANSACTION_ABORT_ON_ERROR its transaction is lost."""
    if session.transaction is not None and session.parameters.get("TRANSACTION_ABORT_ON_ERROR") == "true":
        session.transaction.failed = True
