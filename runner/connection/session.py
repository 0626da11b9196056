"""One login: statements in, rows out, foreign errors translated. The only seam to Snowflake."""

from __future__ import annotations

import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Literal

from runner.connection.driver import open_connection
from runner.connection.faults import FaultKind, StatementFault, fault_of
from runner.connection.logins import login_error
from runner.connection.place import QUESTION, Place, check_place
from runner.connection.profile import Profile
from runner.core.errors import OwnStatementFailed, RunnerError, Unreachable

Part = Literal["work", "control", "worker"]
_MOST_TAG = 2000


@dataclass(frozen=True, slots=True)
class Rows:
    """The answer to one statement. `rowcount` is the rows changed by DML, or the rows returned."""

    query_id: str
    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]] = field(repr=False)
    rowcount: int | None


class Session:
    """One Snowflake session. Threads that share it wait for each other: one statement at a time.

    `running` is the tag of the statement in flight, "" for one without a tag, None between statements.
    """

    def __init__(self, connection: Any, profile: Profile, place: Place) -> None:
        self._connection = connection
        self._redactor = profile.redactor
        self.profile = profile
        self.place = place
        self.session_id = place.session_id
        self.running: str | None = None
        self._turn = threading.Lock()
        self._sender: ThreadPoolExecutor | None = None

    def __repr__(self) -> str:
        return f"Session({self.session_id} of {self.profile.environment})"

    def execute(
        self, sql: str, *, tag: str | None = None, timeout: int | None = None, limit: int | None = None
    ) -> Rows:
        """Sends exactly one statement, as it stands: no binding, no splitting; one request and its answer.

        `tag` is the statement's QUERY_TAG and `timeout` its seconds; both travel with it. Raises StatementFault only.
        """
        with self._turn:
            self.running = tag if tag is not None else ""
            outcome = self._off_the_main_thread(sql, _statement_parameters(tag, timeout), limit)
            self.running = None
        if isinstance(outcome, Rows):
            return outcome
        raise fault_of(outcome, self._redactor)

    def _off_the_main_thread(self, sql: str, parameters: dict[str, object], limit: int | None) -> Rows | Exception:
        """Signals stay with the caller: on the main thread connector 4 takes Ctrl-C for an order to cancel the
        statement, and connector 5 lets no signal through until it has answered.
        """
        if threading.current_thread() is not threading.main_thread():
            return _run(self._connection, sql, parameters, limit)
        if self._sender is None:
            self._sender = ThreadPoolExecutor(1, thread_name_prefix="snowflake")
        return self._sender.submit(_run, self._connection, sql, parameters, limit).result()

    def abort(self, query_id: str) -> str:
        """Cancels one statement of the same user, from any session; gives Snowflake's words."""
        return self._call(f"SELECT SYSTEM$CANCEL_QUERY('{_plain(query_id)}')")

    def abort_all(self, session_id: int) -> str:
        """Cancels whatever another session of the same user runs (docs: functions/system_cancel_all_queries)."""
        return self._call(f"SELECT SYSTEM$CANCEL_ALL_QUERIES({int(session_id)})")

    def _call(self, sql: str) -> str:
        rows = self.execute(sql).rows
        return str(rows[0][0]) if rows else ""

    def close(self) -> None:
        """Ends the session; Snowflake cancels what still runs in it. Closing twice, or a lost session, is no error."""
        try:
            self._connection.close()
        except Exception:  # noqa: BLE001 - whatever a closing driver raises, there is nothing left to close
            self.running = None
        if self._sender is not None:
            self._sender.shutdown(wait=False)

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def connect(profile: Profile, *, role: Part = "work") -> Session:
    """Logs in, asks where that led, and stops hard when it is not where the profile says: two requests.

    Raises LoginFailed, Unreachable or WrongPlace.
    """
    _knock(profile)
    connection = _login(profile, f"runner_{role}")
    if isinstance(connection, RunnerError):
        raise connection
    session = _placed(connection, profile)
    if isinstance(session, StatementFault):
        connection.close()
        raise _unplaced(profile, session)
    try:
        check_place(profile, session.place)
    except RunnerError:
        session.close()
        raise
    return session


def _login(profile: Profile, application: str) -> Any:
    """The connection, or the error to raise: outside of any handler, so that nothing foreign hangs on it."""
    try:
        return open_connection(profile, application)
    except Exception as error:  # noqa: BLE001 - the border: whatever a driver raises becomes an error of ours
        return login_error(profile, error)


def _placed(connection: Any, profile: Profile) -> Session | StatementFault:
    outcome = _run(connection, QUESTION, {}, None)
    if isinstance(outcome, Rows):
        return Session(connection, profile, Place.of(outcome.rows[0]))
    return fault_of(outcome, profile.redactor)


def _unplaced(profile: Profile, fault: StatementFault) -> RunnerError:
    if fault.kind in (FaultKind.TRANSPORT, FaultKind.SESSION_LOST):
        return Unreachable(profile.environment, profile.address, str(fault))
    return OwnStatementFailed(profile.environment, "asking where the login led", fault.errno, fault.message)


def _run(connection: Any, sql: str, parameters: dict[str, object], limit: int | None) -> Rows | Exception:
    try:
        with connection.cursor() as cursor:
            cursor.execute(sql, _statement_params=parameters)
            columns = tuple(str(column[0]) for column in cursor.description or ())
            rows = cursor.fetchall() if limit is None else cursor.fetchmany(limit)
            return Rows(str(cursor.sfqid or ""), columns, [tuple(row) for row in rows], cursor.rowcount)
    except Exception as error:  # noqa: BLE001 - the border: whatever a driver raises becomes a fault
        return error


def _statement_parameters(tag: str | None, timeout: int | None) -> dict[str, object]:
    tagged = {} if tag is None else {"QUERY_TAG": tag[:_MOST_TAG]}
    timed = {} if timeout is None else {"STATEMENT_TIMEOUT_IN_SECONDS": timeout}
    return {**tagged, **timed}


def _plain(query_id: str) -> str:
    if not all(c.isalnum() or c == "-" for c in query_id):
        raise ValueError(f"'{query_id}' is not a query id")
    return query_id


def _knock(profile: Profile) -> None:
    """A sandbox that is not up is found at once, not after the minutes of patience that a network deserves."""
    if profile.protocol != "http":
        return
    try:
        socket.create_connection((profile.host or "127.0.0.1", profile.port or 0), timeout=5).close()
    except OSError as error:
        raise Unreachable(profile.environment, profile.address, error.strerror or "nothing listens there") from None
