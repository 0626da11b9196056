"""What every statement handler gets: the engine, the session, the names, and the way to run nested statements."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime
from functools import partial
from typing import TypeVar

from runner.sandbox import access, resolve
from runner.sandbox.catalog.model import Database, Record, Schema, SchemaObject
from runner.sandbox.catalog.store import Catalog, utc_now
from runner.sandbox.classes import dataclass
from runner.sandbox.control import Control
from runner.sandbox.errors import SnowflakeError
from runner.sandbox.kernel import Binds, Kernel
from runner.sandbox.publish import commit
from runner.sandbox.result import Result
from runner.sandbox.session import Session
from runner.sandbox.storage import Storage
from runner.sandbox.transactions import Transaction, Waited
from runner.sandbox.waits import Wait

R = TypeVar("R", bound=SchemaObject)


def other_scope() -> SnowflakeError:
    """sql-reference/transactions, "Scoped transactions"."""
    text = "Modifying a transaction that has started at a different scope is not allowed."
    return SnowflakeError(90232, "22000", text)


@dataclass(frozen=True, kw_only=True)
class Context:
    """One statement in one session."""

    engine: Kernel
    session: Session
    query_id: str
    control: Control
    binds: Binds = None
    text: str = ""
    """The statement as it was sent."""
    inner: bool = False
    """Whether another statement runs it, which is the one that a client waits for."""
    consumed: dict[int, datetime] = field(default_factory=dict)
    """The streams that the statement consumes, and up to when."""

    @property
    def catalog(self) -> Catalog:
        return self.engine.catalog

    @property
    def storage(self) -> Storage:
        return self.engine.storage

    def run(self, sql: str, binds: Binds = None) -> Result:
        """A nested statement, in the same session and with the same rights; it has its own query id."""
        return self.engine.execute(self.session, sql, binds, control=self.control)

    def database(self, parts: tuple[str, ...] = (), command: str = "operation") -> Database:
        return resolve.database(self.catalog, self.session, parts, command)

    def schema(self, parts: tuple[str, ...] = (), command: str = "operation") -> Schema:
        return resolve.schema(self.catalog, self.session, parts, command)

    def find(self, kind: type[R], parts: tuple[str, ...]) -> R | None:
        """The object, None when it is not there or not visible."""
        return resolve.find(self.catalog, self.session, kind, parts)

    def get(self, kind: type[R], parts: tuple[str, ...], command: str = "SELECT") -> R:
        """The object, or 002003."""
        return resolve.get(self.catalog, self.session, kind, parts, command)

    def writable(self, kind: type[R], parts: tuple[str, ...], command: str = "ALTER") -> R:
        """The object for a statement that changes it: 002003, or a refusal where it comes from a share."""
        return resolve.writable(self.catalog, self.session, kind, parts, command)

    def target(self, parts: tuple[str, ...], command: str = "CREATE") -> tuple[Schema, str]:
        """Where what is to be made goes: a writable schema, and the name in it."""
        return resolve.target(self.catalog, self.session, parts, command)

    def require(self, privilege: str, record: Record) -> None:
        access.require(self.catalog, self.session, privilege, record)

    def lock(self, record: Record, transaction: Transaction) -> None:
        """Take the lock of a table or stream for the transaction, waiting LOCK_TIMEOUT seconds at most."""
        name, now = self.catalog.full_name(record), utc_now()
        self.engine.locks.acquire(
            record.id,
            ".".join(name),
            transaction,
            self.query_id,
            now,
            float(self.session.parameters.get("LOCK_TIMEOUT", "43200")),
            self.control,
            partial(self._waited, record, name, transaction, now),
        )

    def _waited(
        self, record: Record, name: tuple[str, ...], transaction: Transaction, since: datetime, how: Waited
    ) -> None:
        """What LOCK_WAIT_HISTORY will say of a wait."""
        schema = self.catalog.records.get(record.schema_id) if isinstance(record, SchemaObject) else None
        self.engine.history.waited(
            Wait(
                account=self.session.account,
                object_id=record.id,
                schema_id=schema.id if isinstance(schema, Schema) else None,
                database_id=schema.database_id if isinstance(schema, Schema) else None,
                lock_type="STREAM" if record.kind == "STREAM" else "PARTITION",
                name=name,
                query_id=self.query_id,
                transaction_id=transaction.id,
                requested_at=since,
                acquired_at=how.acquired_at,
                blockers=how.ahead,
            )
        )

    def commit_for_ddl(self) -> None:
        """DDL commits the open transaction; not one that was begun outside the procedure that now runs."""
        transaction = self.session.transaction
        if transaction is None:
            return
        if transaction.depth != self.session.procedure_depth:
            raise other_scope()
        self.session.transaction = transaction.outer
        commit(self.engine, transaction)
