"""The one entry for statements: finds the handler, runs it, makes a SnowflakeError of everything that goes wrong."""

from __future__ import annotations

import itertools
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import duckdb

from runner.sandbox import clock, parameters, warehouses
from runner.sandbox.catalog.store import Catalog, utc_now
from runner.sandbox.clock import CLOCK
from runner.sandbox.context import Context
from runner.sandbox.control import Control, timed_out
from runner.sandbox.errors import SnowflakeError, too_deep
from runner.sandbox.failures import incident, overtaken, translated
from runner.sandbox.history import History
from runner.sandbox.kernel import Binds, Kernel, Running
from runner.sandbox.opening import FILE, Opening
from runner.sandbox.publish import rollback
from runner.sandbox.refining import with_nanoseconds
from runner.sandbox.result import Result
from runner.sandbox.retention import purge
from runner.sandbox.session import Session
from runner.sandbox.state import readable
from runner.sandbox.statements import AGAIN, COMPUTING, Handler, handler_of, validate
from runner.sandbox.statements.dml import insert
from runner.sandbox.statements.transaction import refuse_in_failed, statement_failed
from runner.sandbox.storage import Storage
from runner.sandbox.streams.log import prune
from runner.sandbox.streams.reading import NeedsTransaction, settle, transaction_for
from runner.sandbox.tasks.running import Scheduler
from runner.sandbox.transactions import Transaction

DEFAULT_TIMEOUT = 172800
ATTEMPTS = 100
"""How often a statement is compiled anew when definitions change under it."""
_log = logging.getLogger("runner.sandbox")


class Engine(Kernel):
    """An organisation, open. One process owns its file."""

    def __init__(self, org_root: Path, storage: Storage, catalog: Catalog, history: History, *, rooted: bool) -> None:
        super().__init__(org_root, storage, catalog, history, rooted=rooted)
        self.rooted = rooted
        self.scheduler = Scheduler()

    @classmethod
    def open(cls, root: Path | None, opening: Opening | None = None) -> Engine:
        """Open or make the organisation under `root`, whose file may be `opening` already; without a root it lives in
        memory only.
        """
        if root is not None:
            root.mkdir(parents=True, exist_ok=True)
        file = root / FILE if root else None
        clock.load(root)
        with readable(file):
            storage = Storage(file) if opening is None else opening.storage()
            catalog = Catalog(storage.connection)
            purge(catalog)
            prune(catalog)
            storage.collect_garbage(catalog)
            storage.modernise(catalog)
        history = History(root)
        engine = cls(root or Path("."), storage, catalog, history, rooted=root is not None)
        engine._numbers = itertools.count(max(next(engine._numbers), history.last_session() + 1))
        engine.end_temporary()
        return engine

    def close(self) -> None:
        """Roll everything back that is open, and give the file free."""
        for session in list(self.sessions.values()):
            self.logout(session, "UNKNOWN")
        self.history.close()
        self.storage.close()
        self.folders.close()

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
        """A new session for a user whom the door has authenticated; names are taken as normalised."""
        session = Session(
            id=self.new_number(),
            account=account,
            user=user,
            role=role,
            restricted_role=restricted_role,
            warehouse=warehouse,
            database=database,
            schema=schema or ("PUBLIC" if database else None),
            created_at=utc_now(),
        )
        session.parameters.update(parameters.at_login(self.catalog, session))
        self.sessions[session.id] = session
        return session

    def move_clock(self, to: datetime) -> int:
        """It becomes that instant: what falls due on the way runs in its time. How many tasks ran."""
        ran = 0
        while (due := self.scheduler.next_due(self)) is not None and due[0] <= to:
            CLOCK.move_to(due[0])
            ran += self.scheduler.run_due(self, due[0])
        CLOCK.move_to(to)
        if self.rooted:
            clock.keep(self.org_root)
        self.locks.wake()
        return ran

    def rollback(self, transaction: Transaction) -> None:
        rollback(self, transaction)

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
        """Exactly one statement. Raises SnowflakeError only; the same error is in the history."""
        number = query_id or self.new_query_id()
        running = Running(query_id=number, session=session, text=text, control=control or Control())
        around = tuple(r.query_id for r in list(self.running.values()) if r.control is control) if control else ()
        entry = self.history.begin(session, number, text if sent is None else sent, around)
        self.running[number] = running
        try:
            with session.busy, self._deadline(session, running):
                result = replace(self._run(running, binds, inner=bool(around)), query_id=number)
                if not around:
                    self.gathered.settle(running.control)
        except SnowflakeError as error:
            if not around:
                self.gathered.leave(running.control)
            entry.failed(error)
            raise
        finally:
            self.running.pop(number, None)
        entry.succeeded(result.rowcount)
        session.last_query_id = number
        self.keep(number, session, result)
        return result

    def validated(self, session: Session, table: tuple[str, ...], job: str) -> Result:
        running = next((r for r in list(self.running.values()) if r.session is session), None)
        control = running.control if running is not None else Control()
        return validate.validated(Context(engine=self, session=session, query_id="", control=control), table, job)

    def _run(self, running: Running, binds: Binds, *, inner: bool) -> Result:
        session = running.session
        try:
            running.control.check()
            refuse_in_failed(session, running.text)
            context = Context(
                engine=self,
                session=session,
                query_id=running.query_id,
                control=running.control,
                binds=binds,
                text=running.text,
                inner=inner,
            )
            return self._answer(context, running.text)
        except SnowflakeError:
            statement_failed(session)
            raise
        except duckdb.Error as error:
            statement_failed(session)
            raise self._explained(running, error) from error
        except RecursionError:
            statement_failed(session)
            raise too_deep() from None
        except UnicodeDecodeError as error:  # The engine's words about bytes that are no text.
            statement_failed(session)
            raise SnowflakeError(100144, "22000", "Invalid UTF8 detected in a string") from error
        except Exception as error:
            statement_failed(session)
            _log.exception("incident in %s", running.query_id)
            raise incident(f"{type(error).__name__}: {error}") from error

    def _answer(self, context: Context, text: str) -> Result:
        """What consumes a stream runs in a transaction, and moves the stream on when that commits."""
        try:
            result = self._compiled(context, text)
        except NeedsTransaction:
            with transaction_for(context):
                result = self._compiled(context, text)
                settle(context)
        else:
            settle(context)
        return result

    def _compiled(self, context: Context, text: str) -> Result:
        """A statement that a change of a definition has overtaken had done nothing: it is compiled and run again."""
        handler = handler_of(text)
        if handler is not insert:
            self.gathered.write()
        at_work = warehouses.begin(context, text, COMPUTING[handler]) if handler in COMPUTING else None
        if at_work is None:
            return self._handled_finely(context, text, handler)
        try:
            return self._handled_finely(context, text, handler)
        finally:
            at_work()

    def _handled_finely(self, context: Context, text: str, handler: Handler) -> Result:
        """With the nanoseconds of its values, where the handler does all or nothing."""
        if handler not in COMPUTING and handler not in AGAIN:
            return self._handled(context, text, handler)
        return with_nanoseconds(context, lambda: self._handled(context, text, handler), text)

    def _handled(self, context: Context, text: str, handler: Handler) -> Result:
        for attempt in range(ATTEMPTS if handler in AGAIN else 0):
            generation = self.catalog.generation
            try:
                return handler(context, text)
            except (duckdb.Error, SnowflakeError) as error:
                with self.catalog.mutex:  # A change that is just being written is waited for.
                    settled = generation == self.catalog.generation
                if not overtaken(error, doubted=settled and (attempt > 0 or isinstance(error, SnowflakeError))):
                    raise
                context.control.check()
        return handler(context, text)

    def _explained(self, running: Running, error: duckdb.Error) -> SnowflakeError:
        if running.control.reason is not None:
            return running.control.reason
        known = translated(error)
        if known.errno == 603:
            _log.error("incident in %s: %s", running.query_id, error, exc_info=error)
        return known

    @contextmanager
    def _deadline(self, session: Session, running: Running) -> Iterator[None]:
        seconds = int(session.parameters.get("STATEMENT_TIMEOUT_IN_SECONDS", DEFAULT_TIMEOUT))
        of_warehouse = warehouses.timeout(session.account, session.warehouse, self)
        seconds = min((one for one in (seconds, of_warehouse or 0) if one > 0), default=0)
        if not 0 < seconds < DEFAULT_TIMEOUT:
            yield
            return
        timer = threading.Timer(seconds, running.control.stop, [timed_out(seconds)])
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
