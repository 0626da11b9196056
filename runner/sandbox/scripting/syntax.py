"""The tree of a Snowflake Scripting block: frozen values, one for each construct of the reference.

Source: sql-reference-snowflake-scripting (the pages of every statement).
"""

from __future__ import annotations

from dataclasses import field
from typing import TypeAlias

from runner.sandbox.classes import dataclass
from runner.sandbox.result import SnowType
from runner.sandbox.scripting.direct import Direct
from runner.sandbox.scripting.parameters import Parameter
from runner.sandbox.scripting.source import Place, Sql


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression of the script; `direct` computes it in Python where that is possible."""

    sql: Sql
    direct: Direct | None = field(default=None, compare=False, repr=False)

    @property
    def place(self) -> Place:
        return self.sql.place


@dataclass(frozen=True, slots=True)
class ExecuteImmediate:
    text: Expression
    using: tuple[Expression, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Async:
    """`ASYNC (statement)`: a child job, whether a RESULTSET waits for its rows or nobody does."""

    sql: Sql
    place: Place


Query: TypeAlias = Sql | ExecuteImmediate | Async


@dataclass(frozen=True, slots=True)
class VariableDeclaration:
    name: str
    type: SnowType | None
    default: Expression | None
    place: Place


@dataclass(frozen=True, slots=True)
class CursorDeclaration:
    """`query` runs at OPEN. When it is a single name, it may be that of a RESULTSET."""

    name: str
    query: Sql
    place: Place


@dataclass(frozen=True, slots=True)
class ResultSetDeclaration:
    name: str
    query: Query | None
    place: Place


@dataclass(frozen=True, slots=True)
class ExceptionDeclaration:
    name: str
    code: int
    message: str
    place: Place


@dataclass(frozen=True, slots=True)
class ProcedureDeclaration:
    """A nested stored procedure. `returns` is None for RETURNS TABLE."""

    name: str
    parameters: tuple[Parameter, ...]
    returns: SnowType | None
    body: Block
    place: Place


DataDeclaration: TypeAlias = VariableDeclaration | CursorDeclaration | ResultSetDeclaration | ExceptionDeclaration
Declaration: TypeAlias = DataDeclaration | ProcedureDeclaration


@dataclass(frozen=True, slots=True)
class Assign:
    """`query` is what stands in the parentheses when the whole value is in some: a RESULTSET runs it."""

    target: str
    value: Expression
    query: Query | None
    place: Place


@dataclass(frozen=True, slots=True)
class Run:
    """Any SQL statement; `into` names the variables of SELECT … INTO and CALL … INTO."""

    sql: Sql
    into: tuple[str, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Open:
    cursor: str
    using: tuple[Expression, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Fetch:
    cursor: str
    into: tuple[str, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Close:
    cursor: str
    place: Place


@dataclass(frozen=True, slots=True)
class Branch:
    condition: Expression
    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class If:
    branches: tuple[Branch, ...]
    otherwise: tuple[Statement, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class Case:
    """`subject` is there in the simple form, whose branches hold values to compare it with."""

    subject: Expression | None
    branches: tuple[Branch, ...]
    otherwise: tuple[Statement, ...]
    place: Place


@dataclass(frozen=True, slots=True)
class ForRows:
    row: str
    source: str
    body: tuple[Statement, ...]
    label: str
    place: Place


@dataclass(frozen=True, slots=True)
class ForCounter:
    counter: str
    first: Expression
    last: Expression
    reverse: bool
    body: tuple[Statement, ...]
    label: str
    place: Place


@dataclass(frozen=True, slots=True)
class While:
    condition: Expression
    body: tuple[Statement, ...]
    label: str
    place: Place


@dataclass(frozen=True, slots=True)
class Repeat:
    body: tuple[Statement, ...]
    until: Expression
    label: str
    place: Place


@dataclass(frozen=True, slots=True)
class Loop:
    body: tuple[Statement, ...]
    label: str
    place: Place


@dataclass(frozen=True, slots=True)
class Break:
    label: str
    place: Place


@dataclass(frozen=True, slots=True)
class Continue:
    label: str
    place: Place


@dataclass(frozen=True, slots=True)
class Return:
    value: Expression | None
    place: Place


@dataclass(frozen=True, slots=True)
class ReturnTable:
    """`RETURN TABLE(…)` of a RESULTSET by name, or of a query."""

    query: Query
    place: Place


@dataclass(frozen=True, slots=True)
class Raise:
    """Without a name: the exception that is being handled, once more."""

    exception: str | None
    place: Place


@dataclass(frozen=True, slots=True)
class Await:
    """`result_set` is empty for AWAIT ALL."""

    result_set: str
    place: Place


@dataclass(frozen=True, slots=True)
class Cancel:
    result_set: str
    place: Place


@dataclass(frozen=True, slots=True)
class Log:
    """SYSTEM$LOG(…) or SYSTEM$LOG_<level>(…) as a statement (sql-reference/functions/system_log)."""

    call: Expression
    place: Place


@dataclass(frozen=True, slots=True)
class Null:
    place: Place


@dataclass(frozen=True, slots=True)
class Let:
    declaration: DataDeclaration
    place: Place


@dataclass(frozen=True, slots=True)
class Handler:
    """`resumes`: after CONTINUE the statement behind the failed one is next; after EXIT the block is left."""

    exceptions: tuple[str, ...]
    resumes: bool
    body: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class Block:
    declarations: tuple[Declaration, ...]
    body: tuple[Statement, ...]
    handlers: tuple[Handler, ...]
    place: Place


Statement: TypeAlias = (
    Block
    | Let
    | Assign
    | Run
    | ExecuteImmediate
    | Log
    | Async
    | Await
    | Cancel
    | Open
    | Fetch
    | Close
    | If
    | Case
    | ForRows
    | ForCounter
    | While
    | Repeat
    | Loop
    | Break
    | Continue
    | Return
    | ReturnTable
    | Raise
    | Null
)
