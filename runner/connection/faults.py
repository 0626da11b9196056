"""Every foreign error, translated at the border by its number: what is known about the outcome, not how it looks."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from runner.connection.redaction import Redactor


class FaultKind(Enum):
    """What a failed statement means for the one who sent it."""

    TRANSPORT = "the outcome is unknown"
    SESSION_LOST = "the session is gone; what ran in it is unknown"
    LOCK = "a lock was not to be had; the statement did nothing"
    CANCELLED = "the statement was cancelled"
    TIMEOUT = "the statement ran into its timeout"
    INCIDENT = "an internal error of Snowflake"
    EXISTS = "the object exists already"
    AUTH = "the login is not accepted (any more)"
    REFUSED = "Snowflake refused the statement"


@dataclass(eq=False)
class StatementFault(Exception):
    """A statement that did not succeed. History and execution decide what that means."""

    kind: FaultKind
    errno: int
    sqlstate: str
    query_id: str
    message: str

    @property
    def is_absent(self) -> bool:
        """An object, or the schema it stands in, does not exist or is not to be seen by this role."""
        return self.errno in _ABSENT

    def __str__(self) -> str:
        return f"{self.errno:06d} ({self.sqlstate}): {self.message}" if self.errno > 0 else self.message


_ABSENT = (2003, 2043)
_TRANSPORT = frozenset({250001, 250002, 250003, 250005, 251011, 251012, 252010, 252013})
_SESSION = frozenset({390104, 390110, 390111, 390112, 390113, 390114, 390115})
_BY_NUMBER = {
    625: FaultKind.LOCK,
    604: FaultKind.CANCELLED,
    605: FaultKind.CANCELLED,
    630: FaultKind.TIMEOUT,
    603: FaultKind.INCIDENT,
    2002: FaultKind.EXISTS,
}
_HTTP = range(290000, 291000)
_LOGIN = (range(390100, 390500), range(394300, 394600))
# Connector 5 numbers the errors of its own core from 0 to 15, as Snowflake numbers some refusals (000002, 000008);
# those come with the SQLSTATE of a statement. The core's errors say how it failed, never whether the statement ran.
_OF_A_DRIVER = range(-1, 100)
_STATES_OF_A_DRIVER = ("", "08", "HY")


def classify(errno: int, sqlstate: str) -> FaultKind:
    """The kind of a fault by its number and SQLSTATE. What is not known for sure counts as unknown outcome."""
    if errno in _BY_NUMBER:
        return _BY_NUMBER[errno]
    if errno in _SESSION:
        return FaultKind.SESSION_LOST
    if sqlstate == "28000" or any(errno in numbers for numbers in _LOGIN):
        return FaultKind.AUTH
    of_a_driver = errno in _OF_A_DRIVER and sqlstate[:2] in _STATES_OF_A_DRIVER
    if errno in _TRANSPORT or errno in _HTTP or of_a_driver:
        return FaultKind.TRANSPORT
    return FaultKind.INCIDENT if sqlstate == "XX000" else FaultKind.REFUSED


def fault_of(error: Exception, redactor: Redactor) -> StatementFault:
    """Any exception of the connector, or below it, as a StatementFault without secrets and without a chain."""
    errno = number_of(error)
    sqlstate = text_of(error, "sqlstate")
    state = "" if sqlstate == "n/a" else sqlstate
    return StatementFault(classify(errno, state), errno, state, text_of(error, "sfqid"), message_of(error, redactor))


def number_of(error: Exception) -> int:
    errno = getattr(error, "errno", None)
    return errno if isinstance(errno, int) else -1


def text_of(error: Exception, name: str) -> str:
    value = getattr(error, name, None)
    return value if isinstance(value, str) else ""


def message_of(error: Exception, redactor: Redactor) -> str:
    """Snowflake's own words, without the numbers that connectors put before them."""
    raw = text_of(error, "raw_msg") or text_of(error, "msg") or str(error) or type(error).__name__
    return redactor.redact(raw.strip())
