"""What the organisation's engine holds: catalogue, rows, locks, history, sessions, and what runs now."""

from __future__ import annotations

import itertools
import threading
import time
import uuid
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from dataclasses import field
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import duckdb

from runner.sandbox.access import active_roles
from runner.sandbox.catalog.model import SchemaObject
from runner.sandbox.catalog.store import Catalog, utc_now
from runner.sandbox.classes import dataclass
from runner.sandbox.control import Control, canceled
from runner.sandbox.errors import SnowflakeError
from runner.sandbox.gathered import Gathered
from runner.sandbox.history import History
from runner.sandbox.recent import Reader, Recent
from runner.sandbox.result import Result
from runner.sandbox.session import Session
from runner.sandbox.staging.folders import Folders
from runner.sandbox.staging.tickets import Tickets
from runner.sandbox.storage import Storage, storages
from runner.sandbox.tasks.runs import Runs
from runner.sandbox.transactions import Locks, Overlay, Transaction

T = TypeVar("T")
Binds = Sequence[object] | Mapping[str, object] | None
"""Values for `?` and `:1` in order, or for `:name` by name; a value may be a `TypedBind`."""


@dataclass
class Uses:
    """When each warehouse was last at work, and when it last woke up; by id."""

    last: dict[int, datetime] = field(default_factory=dict)
    woken: dict[int, datetime] = field(default_factory=dict)


@dataclass(kw_only=True)
class Running:
    """A statement that runs now."""

    query_id: str
    session: Session
    text: str
    control: Control = field(default_factory=Control)


class Kernel(ABC):
    """The one place where statements of all sessions meet."""

    def __init__(
        self, org_root: Path, storage: Storage, catalog: Catalog, history: History, *, rooted: bool = True
    ) -> None:
        self.org_root = org_root
        self.storage = storage
        self.catalog = catalog
        self.history = history
        self.scratch = org_root if rooted else None
        """Where large results lie, in files without a name."""
        self.folders = Folders(org_root if rooted else None)
        self.tickets = Tickets()
        self.runs = Runs(org_root if rooted else None)
        self.gathered = Gathered(catalog, storage)
        self.locks = Locks()
        self.recent = Recent()
        self.uses = Uses()
        self.computing: set[str] = set()
        """Ids of statements for which a warehouse is at work."""
        self.sessions: dict[int, Session] = {}
        self.open_transactions: dict[int, Transaction] = {}
        self.running: dict[str, Running] = {}
        self._numbers = itertools.count(time.time_ns() // 1000)
        self._ids = threading.Lock()
        self._numbering: dict[int, threading.Lock] = {}

    @abstractmethod
    def execute(
        self,
        session: Session,
        text: str,
        binds: Binds = None,
        *,
        query_id: str | None = None,
        control: Control | None = None,
        sent: str | None = None,
    ) -> Result:
        """Run exactly one statement; whatever goes wrong is a SnowflakeError. `sent` is what the history shows of it
        where the client sent something else than what runs."""

    @abstractmethod
    def login(
        self,
        account: str,
        user: str,
        role: str | None,
        warehouse: str | None = None,
        database: str | None = None,
        schema: str | None = None,
        *,
        restricted_role: str | None = None,
    ) -> Session:
        """A new session."""

    @abstractmethod
    def rollback(self, transaction: Transaction) -> None:
        """Undo a transaction and give back its locks."""

    def still(self, action: Callable[[], T]) -> T:
        """Do something with the files while nothing is committed: who copies the log before the rows has a whole state.

        Statements that run meanwhile may add to both, but nothing that was there is written over.
        """
        with self.catalog.mutex, closing(self.storage.connection.cursor()) as cursor:
            self.gathered.write()
            with suppress(duckdb.Error):  # While a statement reads, the log beside the file keeps what is newer.
                cursor.execute("CHECKPOINT").fetchall()
            cursor.execute("SET GLOBAL checkpoint_threshold = '1TB'").fetchall()
            try:
                return action()
            finally:
                cursor.execute("RESET GLOBAL checkpoint_threshold").fetchall()

    def new_number(self) -> int:
        """For sessions and transactions: never given twice, also not after a restart."""
        with self._ids:
            return next(self._numbers)

    @staticmethod
    def new_query_id() -> str:
        return str(uuid.uuid4())

    def begin(
        self, session: Session, name: str | None = None, *, depth: int = 0, implicit: bool = False
    ) -> Transaction:
        """A new transaction of the session, not yet the session's current one."""
        number = self.new_number()
        transaction = Transaction(
            id=number,
            session_id=session.id,
            user=session.user,
            account=session.account,
            started_at=utc_now(),
            name=name or str(uuid.uuid4()),
            depth=depth,
            implicit=implicit,
        )
        with self.catalog.mutex:
            self.open_transactions[number] = transaction
        return transaction

    def transactions(self) -> list[Transaction]:
        """Every open transaction, as SHOW TRANSACTIONS lists them."""
        with self.catalog.mutex:
            return list(self.open_transactions.values())

    def overlays_on(self, table_id: int) -> list[Overlay]:
        """Replaced states of a table in open transactions; call it under the catalogue's mutex."""
        every = (t.overlay(table_id) for t in self.open_transactions.values())
        return [overlay for overlay in every if overlay is not None and overlay.replaced is not None]

    def overlaid(self, table_id: int) -> bool:
        """Whether a transaction has, or is making, a state of its own of the table."""
        with self.catalog.mutex:
            return bool(self.overlays_on(table_id))

    @contextmanager
    def identities(self, table_id: int | None) -> Iterator[None]:
        """One statement at a time may number rows of a table."""
        if table_id is None:
            yield
            return
        with self._ids:
            numbering = self._numbering.setdefault(table_id, threading.Lock())
        with numbering:
            yield

    def keep(self, query_id: str, session: Session, result: Result) -> None:
        """For RESULT_SCAN and DESCRIBE RESULT."""
        owner = session.owner_rights[-1][0] if session.owner_rights else None
        self.recent.keep(query_id, Reader(session.account, session.user, owner), result)

    @abstractmethod
    def validated(self, session: Session, table: tuple[str, ...], job: str) -> Result:
        """The errors of the files that a COPY into the table read (sql-reference/functions/validate)."""

    def recall(self, session: Session, query_id: str) -> Result:
        """A result of the same user (sql-reference/functions/result_scan); what a procedure did with its owner's
        rights is for who has them.
        """

        def may(reader: Reader) -> bool:
            mine = (reader.account, reader.user) == (session.account, session.user)
            return mine and (reader.owner is None or reader.owner in active_roles(self.catalog, session))

        return self.recent.get(query_id, may)

    def role_is_now(self, account: str, old: str, new: str | None) -> None:
        """Sessions go on in a role that was renamed, and lose one that was dropped: its name is no right."""
        for session in list(self.sessions.values()):
            if session.account == account and session.role == old:
                session.role = new
            if session.account == account and session.restricted_role == old and new is not None:
                session.restricted_role = new

    def cancel(self, query_id: str) -> bool:
        """Stop a running statement; False when it does not run."""
        found = self.running.get(query_id)
        if found is None:
            return False
        found.control.stop(canceled())
        return True

    def cancel_session(self, session_id: int, spared: str = "") -> int:
        """Stop every statement of a session but the one that asks; how many there were."""
        found = [r for r in list(self.running.values()) if r.session.id == session_id and r.query_id != spared]
        for running in found:
            running.control.stop(canceled())
        return len(found)

    def logout(self, session: Session, reason: str = "LOGOUT") -> None:
        """End a session: its statements are cancelled, its open transaction is rolled back."""
        self.sessions.pop(session.id, None)
        self.history.left(session.id, reason)
        mine = [t for t in self.transactions() if t.session_id == session.id]
        session.transaction = None
        for transaction in mine:
            transaction.aborted = True
        self.cancel_session(session.id)
        for transaction in mine:
            self.rollback(transaction)
        self.drop_temporary(session)

    def drop_temporary(self, session: Session) -> None:
        """What is the session's own goes with it: temporary tables, views, stages, file formats."""
        self._forget([r for r in self._in_schemas() if r.session_id == session.id])

    def end_temporary(self) -> None:
        """At the start no session is there: what was temporary and a killed process left goes."""
        self._forget([r for r in self._in_schemas() if r.session_id])

    def _in_schemas(self) -> list[SchemaObject]:
        return [record for record in list(self.catalog.records.values()) if isinstance(record, SchemaObject)]

    def _forget(self, records: list[SchemaObject]) -> None:
        if not records:
            return
        with self.catalog.work() as work:
            for record in records:
                work.forget(record)
        for number in {number for record in records for number in storages(record)}:
            self.storage.retire(number)
        for record in records:
            self.folders.drop(record.kind.lower(), record.id)

    def abort_session(self, session_id: int) -> bool:
        """SYSTEM$ABORT_SESSION: False when there is no such session."""
        session = self.sessions.get(session_id)
        if session is None:
            return False
        self.logout(session, "FORCED_LOGOUT")
        return True

    def abort_transaction(self, number: int) -> bool:
        """SYSTEM$ABORT_TRANSACTION: its statement is stopped, its changes undone; False when it is not open."""
        with self.catalog.mutex:
            transaction = self.open_transactions.get(number)
        if transaction is None:
            return False
        transaction.aborted = True
        self.cancel_session(transaction.session_id)
        self.rollback(transaction)
        return True

    def session(self, number: int) -> Session:
        if number not in self.sessions:
            raise SnowflakeError(390111, "08001", "Session no longer exists. New login required to access the service.")
        return self.sessions[number]
