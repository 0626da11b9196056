"""Exceptions of a script: what they are, which handler takes them, how Snowflake reports those that none takes.

Sources: developer-guide/snowflake-scripting/exceptions, sql-reference/snowflake-scripting/raise,
sql-reference/snowflake-scripting/exception.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from runner.sandbox.errors import SnowflakeError
from runner.sandbox.result import NUMBER, TEXT
from runner.sandbox.scripting.jobs import BEYOND_HANDLERS
from runner.sandbox.scripting.scope import Scope, UserException, Variable, unknown
from runner.sandbox.scripting.source import Place
from runner.sandbox.scripting.syntax import Handler

STATEMENT, EXPRESSION, OTHER = "STATEMENT_ERROR", "EXPRESSION_ERROR", "OTHER"
_BUILT_IN = (STATEMENT, EXPRESSION, OTHER)


class Failure(Exception):
    """An exception on its way to a handler. `kind` is STATEMENT_ERROR, EXPRESSION_ERROR or the exception's name."""

    def __init__(self, kind: str, error: SnowflakeError, place: Place, exception: UserException | None = None) -> None:
        super().__init__(error.message)
        self.kind = kind
        self.error = error
        self.place = place
        self.exception = exception

    def uncaught(self) -> SnowflakeError:
        """What the client is told when no handler took it."""
        where = f"on line {self.place.line} at position {self.place.position}"
        text = f" : {self.error.message}" if self.error.message else ""
        message = f"Uncaught exception of type '{self.kind}' {where}{text}"
        return SnowflakeError(self.error.errno, self.error.sqlstate, message)


def raised(exception: UserException, place: Place) -> Failure:
    """The failure that RAISE makes of an exception of the DECLARE section."""
    error = SnowflakeError(exception.code, "P0001", exception.message)
    return Failure(exception.name, error, place, exception)


@contextmanager
def failing_as(kind: str, place: Place) -> Iterator[None]:
    """Inside, an error of the session or of a conversion becomes an exception of the script."""
    try:
        yield
    except SnowflakeError as error:
        if error.errno in BEYOND_HANDLERS:
            raise
        raise Failure(kind, error, place) from error


def matching(handlers: tuple[Handler, ...], failure: Failure, scope: Scope) -> Handler | None:
    """The first handler that names this failure."""
    return next((handler for handler in handlers if _takes(handler, failure, scope)), None)


def _takes(handler: Handler, failure: Failure, scope: Scope) -> bool:
    for name in handler.exceptions:
        if name == OTHER or (name == failure.kind and failure.exception is None):
            return True
        if failure.exception is not None and scope.find(name) is failure.exception:
            return True
    return False


def refuse_unknown(handlers: tuple[Handler, ...], scope: Scope) -> None:
    """A handler may name only exceptions that are in scope."""
    for handler in handlers:
        for name in handler.exceptions:
            if name not in _BUILT_IN and not isinstance(scope.find(name), UserException):
                raise unknown(name)


def declare_failure(failure: Failure, scope: Scope) -> None:
    """SQLCODE, SQLERRM and SQLSTATE of the failure that is being handled."""
    scope.declare("SQLCODE", Variable(failure.error.errno, NUMBER))
    scope.declare("SQLERRM", Variable(failure.error.message, TEXT))
    scope.declare("SQLSTATE", Variable(failure.error.sqlstate, TEXT))
