"""The names a script can see at one place: variables, cursors, result sets, exceptions, rows."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeAlias

from runner.sandbox.classes import dataclass
from runner.sandbox.errors import SnowflakeError, compilation
from runner.sandbox.result import Result, SnowType
from runner.sandbox.scripting.jobs import Job
from runner.sandbox.scripting.source import Sql
from runner.sandbox.scripting.values import received

STATUS = ("SQLCODE", "SQLERRM", "SQLSTATE", "SQLROWCOUNT", "SQLFOUND", "SQLNOTFOUND", "SQLID")


@dataclass(slots=True)
class Variable:
    """A scalar variable; its type never changes, its value does."""

    value: object
    type: SnowType


@dataclass(slots=True)
class ResultSet:
    """A RESULTSET; empty until a query is assigned, and until the job that runs it was awaited."""

    result: Result | None = None
    job: Job | None = None


@dataclass(slots=True)
class Cursor:
    """A cursor and, while it is open, its rows and the place of the next one."""

    query: Sql
    result: Result | None = None
    rows: list[tuple[object, ...]] | None = None
    next: int = 0

    def close(self) -> None:
        self.result, self.rows, self.next = None, None, 0


@dataclass(frozen=True, slots=True)
class Row:
    """The row of a FOR loop: its columns by name."""

    fields: dict[str, Variable]


@dataclass(frozen=True, slots=True)
class UserException:
    """An exception of the DECLARE section; two of the same name in two blocks are two."""

    name: str
    code: int
    message: str


@dataclass(frozen=True, slots=True)
class Procedure:
    """A nested stored procedure: what happens when a CALL of this text names it."""

    call: Callable[[str], Result]


Named: TypeAlias = Variable | ResultSet | Cursor | Row | UserException | Procedure


class Scope:
    """Names of a block; what is not here is looked for in the enclosing block."""

    __slots__ = ("enclosing", "names")

    def __init__(self, enclosing: Scope | None = None) -> None:
        self.enclosing = enclosing
        self.names: dict[str, Named] = {}

    def find(self, name: str) -> Named | None:
        """What the name means here; None when nothing has it."""
        scope: Scope | None = self
        while scope is not None:
            if (named := scope.names.get(name)) is not None:
                return named
            scope = scope.enclosing
        return None

    def declare(self, name: str, named: Named) -> None:
        self.names[name] = named

    def variable(self, name: str) -> Variable:
        """The variable of this name; anything else is Snowflake's invalid identifier."""
        named = self.find(name)
        if not isinstance(named, Variable):
            raise unknown(name)
        return named

    def cursor(self, name: str) -> Cursor:
        named = self.find(name)
        if not isinstance(named, Cursor):
            raise unknown(name)
        return named

    def result_set(self, name: str) -> ResultSet:
        named = self.find(name)
        if not isinstance(named, ResultSet):
            raise unknown(name)
        return named


def unknown(name: str) -> SnowflakeError:
    """The answer to a name that means nothing, or something else, at this place."""
    return compilation(904, "42000", f"invalid identifier '{name}'")


def row_of(result: Result, values: tuple[object, ...]) -> Row:
    """One row of a result with the names and types of its columns."""
    columns = zip(result.columns, values, strict=True)
    return Row({column.name: Variable(received(value, column.type), column.type) for column, value in columns})
