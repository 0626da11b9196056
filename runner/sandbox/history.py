"""What was executed and who logged in: QUERY_HISTORY and LOGIN_HISTORY, bounded, and alive after a kill -9.

Each statement leaves one line when it begins and one when it ends in `<root>/history.jsonl`; the file is turned over to
`history.1.jsonl` after `KEPT_ON_DISK` statements, so at least that many are there after a restart. Lines are handed to
the operating system at once but not forced to the disk: they survive the death of the process.
A statement that began and whose end was never written shows as an incident: its outcome is not known.

Sources: sql-reference/functions/query_history, sql-reference/functions/login_history.
"""

from __future__ import annotations

import json
import logging
import re
import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import asdict, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from runner.sandbox import sound_json, visits, waits
from runner.sandbox.accesses import Accesses, from_plain
from runner.sandbox.catalog.store import utc_now
from runner.sandbox.classes import dataclass
from runner.sandbox.errors import SnowflakeError
from runner.sandbox.session import Session
from runner.sandbox.visits import Visit, Visits
from runner.sandbox.waits import Wait

KEPT_IN_MEMORY = 100_000
KEPT_ON_DISK = 20_000
MOST_CHARACTERS = 100_000_000
"""Of statements' texts in memory, and of a file: with very long statements fewer are kept."""
TEXT_LIMIT = 100_000
_ENCODED = json.JSONEncoder(separators=(",", ":")).encode
LOST = "The server ended while the statement ran; its outcome is not known."

_log = logging.getLogger("runner.sandbox")
_LEADING = re.compile(r"(?:\s|--[^\n]*(?:\n|$)|//[^\n]*(?:\n|$)|/\*.*?\*/|\()*", re.DOTALL)
_WORDS = re.compile(r"[A-Za-z_]+")
_SECRET = re.compile(
    r"(\b(?:PASSWORD|TOKEN|SECRET_STRING|[A-Z_]*SECRET|PRIVATE_KEY)\s*=\s*)'(?:[^'\\]|\\.|'')*'", re.IGNORECASE
)
_NOISE = frozenset(
    {
        "OR",
        "REPLACE",
        "ALTER",
        "TRANSIENT",
        "TEMPORARY",
        "TEMP",
        "LOCAL",
        "GLOBAL",
        "VOLATILE",
        "SECURE",
        "RECURSIVE",
        "SCOPED",
    }
)
_TYPES = {
    "WITH": "SELECT",
    "VALUES": "SELECT",
    "DESC": "DESCRIBE",
    "BEGIN": "BEGIN_TRANSACTION",
    "START": "BEGIN_TRANSACTION",
    "TRUNCATE": "TRUNCATE_TABLE",
}


@dataclass(kw_only=True)
class Entry:
    """One statement. `state` is RUNNING, SUCCESS, FAILED_WITH_ERROR or FAILED_WITH_INCIDENT."""

    query_id: str
    account: str
    text: str
    query_type: str
    session_id: int
    user: str
    role: str | None
    warehouse: str | None
    database: str | None
    schema: str | None
    tag: str
    started_at: datetime
    ended_at: datetime | None = None
    state: str = "RUNNING"
    error_code: str | None = None
    error_message: str | None = None
    rows: int | None = None
    parent: str | None = None
    root: str | None = None
    """The statement that ran this one, and the one the client sent; None where the client sent this one."""
    accesses: Accesses = field(default_factory=Accesses, repr=False, compare=False)
    on_end: Callable[[Entry], None] | None = field(default=None, repr=False, compare=False)

    def succeeded(self, rows: int | None) -> None:
        self.rows = rows
        self._end("SUCCESS")

    def failed(self, error: SnowflakeError) -> None:
        self.error_code, self.error_message = error.code, error.message
        self._end("FAILED_WITH_INCIDENT" if error.errno == 603 else "FAILED_WITH_ERROR")

    def _end(self, state: str) -> None:
        self.state, self.ended_at = state, utc_now()
        if self.on_end:
            self.on_end(self)


@dataclass(frozen=True, kw_only=True)
class Login:
    """One attempt to log in, granted or refused."""

    event_id: int
    at: datetime
    account: str
    user: str
    address: str
    client: str
    factor: str
    success: bool
    error_code: int | None = None
    error_message: str | None = None
    credential: int | None = None
    """The number of the token that was used."""


def query_type(text: str) -> str:
    """QUERY_TYPE as Snowflake names it: the verb, and for CREATE the kind as well."""
    words = [word.upper() for word in _WORDS.findall(text, _LEADING.match(text).end())[:9]]  # type: ignore[union-attr]
    verb = words[0] if words else "UNKNOWN"
    if verb == "BEGIN" and len(words) > 1 and words[1] not in ("TRANSACTION", "WORK", "NAME"):
        return "EXECUTE_SNOWFLAKE_SCRIPTING"
    if verb == "CREATE":
        kind = next((word for word in words[1:] if word not in _NOISE), "")
        return f"CREATE_{kind}" if kind in ("TABLE", "VIEW", "ROLE", "USER", "SEQUENCE") else "CREATE"
    return _TYPES.get(verb, verb)


def redacted(text: str) -> str:
    """The statement without what it says of passwords, cut as Snowflake cuts it."""
    if "=" not in text:
        return text[:TEXT_LIMIT]
    return _SECRET.sub(r"\1'☺☺☺☺☺'", text[: 2 * TEXT_LIMIT])[:TEXT_LIMIT]


class History:
    """Statements and logins of all accounts, oldest first; one writer at a time."""

    def __init__(self, root: Path | None = None) -> None:
        self._mutex = threading.Lock()
        self._entries: dict[str, Entry] = {}
        self._logins: list[Login] = []
        self._visits = Visits()
        self._waits: deque[Wait] = deque(maxlen=waits.KEPT)
        self._characters = 0
        self._lines = 0
        self._path = root / "history.jsonl" if root else None
        self._older = root / "history.1.jsonl" if root else None
        self._file: TextIO | None = None
        if self._path:
            self._load()
            self._file = self._path.open("a", encoding="utf-8")
            self._file.write("\n")  # ends a line that the death of the process may have cut

    def begin(self, session: Session, query_id: str, text: str, around: tuple[str, ...] = ()) -> Entry:
        """A statement begins in a session, inside of the statements `around`; end it with `succeeded` or `failed`."""
        entry = Entry(
            query_id=query_id,
            account=session.account,
            text=redacted(text),
            query_type=query_type(text),
            session_id=session.id,
            user=session.user,
            role=session.role,
            warehouse=session.warehouse,
            database=session.database,
            schema=session.schema,
            tag=session.parameters.get("QUERY_TAG", ""),
            started_at=utc_now(),
            parent=around[-1] if around else None,
            root=around[0] if around else None,
            on_end=self._ended,
        )
        with self._mutex:
            self._remember(entry)
            self._write({"begin": _plain(entry)})
        return entry

    def login(
        self,
        account: str,
        user: str,
        *,
        address: str,
        client: str,
        factor: str,
        error: SnowflakeError | None = None,
        credential: int | None = None,
    ) -> int:
        """Somebody tried to log in; `error` says why it was refused. The number of the event."""
        with self._mutex:
            login = Login(
                event_id=self._logins[-1].event_id + 1 if self._logins else 1,
                at=utc_now(),
                account=account,
                user=_sound(user),
                address=address,
                client=_sound(client),
                factor=factor,
                success=error is None,
                error_code=error.errno if error else None,
                error_message=_sound(error.message) if error else None,
                credential=credential,
            )
            self._logins = [*self._logins[-KEPT_ON_DISK + 1 :], login]
            self._write({"login": _plain(login)})
            return login.event_id

    def opened(self, visit: Visit) -> None:
        """A client's session began."""
        visit = replace(visit, client=_sound(visit.client), environment=_sound(visit.environment))
        with self._mutex:
            self._visits.add(visit)
            self._write({"visit": visits.plain(visit)})

    def left(self, session_id: int, reason: str) -> None:
        """A session ended; one that no client had opened leaves no trace."""
        with self._mutex:
            if self._visits.close(session_id, reason):
                self._write({"left": [session_id, reason]})

    def visits(self, account: str) -> list[Visit]:
        """Sessions of clients in an account, the newest first."""
        with self._mutex:
            return self._visits.of(account)

    def waited(self, wait: Wait) -> None:
        """A statement's wait for a lock ended."""
        with self._mutex:
            self._waits.append(wait)
            self._write({"wait": waits.plain(wait)})

    def waits(self, account: str) -> list[Wait]:
        """Waits for locks in an account that have ended, the newest first."""
        with self._mutex:
            return [wait for wait in reversed(self._waits) if wait.account == account]

    def by_id(self, query_id: str) -> Entry | None:
        return self._entries.get(query_id)

    def entries(self, account: str) -> list[Entry]:
        """Statements of an account, the newest first."""
        with self._mutex:
            return [entry for entry in reversed(self._entries.values()) if entry.account == account]

    def logins(self, account: str) -> list[Login]:
        """Logins to an account, the newest first."""
        return [login for login in reversed(self._logins) if login.account == account]

    def last_session(self) -> int:
        """The highest session number on record, so that numbers are not given twice after a restart."""
        with self._mutex:
            return max((entry.session_id for entry in self._entries.values()), default=0)

    def close(self) -> None:
        with self._mutex:
            if self._file:
                self._file.close()
                self._file = None

    def _remember(self, entry: Entry) -> None:
        self._entries[entry.query_id] = entry
        self._characters += len(entry.text)
        while len(self._entries) > KEPT_IN_MEMORY or self._characters > MOST_CHARACTERS:
            self._characters -= len(self._entries.pop(next(iter(self._entries))).text)

    def _ended(self, entry: Entry) -> None:
        ending = {
            "query_id": entry.query_id,
            "state": entry.state,
            "ended_at": entry.ended_at.isoformat() if entry.ended_at else None,
            "error_code": entry.error_code,
            "error_message": entry.error_message,
            "rows": entry.rows,
        }
        with self._mutex:
            touched = entry.accesses.plain() if entry.state == "SUCCESS" else None
            self._write({"end": ending | ({"accesses": touched} if touched else {})})

    def _write(self, line: dict[str, Any]) -> None:
        if self._file is None:
            return
        try:
            self._file.write(_ENCODED(line) + "\n")
            self._file.flush()
            self._lines += "begin" in line
            if self._lines >= KEPT_ON_DISK or self._file.tell() > MOST_CHARACTERS:
                self._turn_over()
        except OSError:
            _log.exception("the query history could not be written; it goes on in memory only")

    def _turn_over(self) -> None:
        assert self._file
        assert self._path
        assert self._older
        self._file.close()
        self._path.replace(self._older)
        self._file, self._lines = self._path.open("a", encoding="utf-8"), 0

    def _load(self) -> None:
        assert self._older
        assert self._path
        for path in (self._older, self._path):
            for line in _lines(path):
                self._take(line)
                self._lines += path is self._path and "begin" in line
        self._visits.lost()
        for entry in self._entries.values():
            if entry.state == "RUNNING":
                entry.state, entry.ended_at = "FAILED_WITH_INCIDENT", entry.started_at
                entry.error_code, entry.error_message = "000603", LOST

    def _take(self, line: dict[str, Any]) -> None:
        match line:
            case {"begin": dict(body)}:
                self._remember(Entry(**_times(body), on_end=self._ended))
            case {"end": dict(body)} if entry := self._entries.get(body["query_id"]):
                entry.__dict__.update(_times(body))
            case {"login": dict(body)}:
                self._logins.append(Login(**_times(body)))
            case {"visit": dict(body)}:
                self._visits.add(visits.revived(body))
            case {"wait": dict(body)}:
                self._waits.append(waits.revived(body))
            case {"left": [int(number), str(reason)]}:
                self._visits.close(number, reason)
            case _:
                pass


def _sound(text: str) -> str:
    """What a stranger said, as text: half a pair of surrogates is none, and would be in no answer."""
    return text.encode("utf-8", "replace").decode()


def _plain(record: Entry | Login) -> dict[str, Any]:
    source = record.__dict__ if isinstance(record, Entry) else asdict(record)
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in source.items()
        if name not in ("on_end", "accesses")
    }


def _times(body: dict[str, Any]) -> dict[str, Any]:
    names = [name for name in ("started_at", "ended_at", "at") if body.get(name)]
    times = {name: datetime.fromisoformat(body[name]) for name in names}
    return body | times | ({"accesses": from_plain(body["accesses"])} if "accesses" in body else {})


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    """The whole lines of the file; a line that was cut by the death of the process is left out."""
    if not path.exists():
        return
    with path.open(encoding="utf-8", errors="replace") as file:
        for text in file:
            if text.endswith("\n") and isinstance(line := _json(text), dict):
                yield line


def _json(text: str) -> Any:
    try:
        return sound_json.loads(text)
    except ValueError:
        return None
