"""Walks the tree of a block. Control flow is by values: a statement gives back what interrupts its block, or None.

Sources: developer-guide/snowflake-scripting/{branch,loops,exceptions,return,cursors,resultsets}.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import partial
from typing import TypeAlias, assert_never

from runner.sandbox.classes import dataclass
from runner.sandbox.errors import SnowflakeError, compilation, unsupported
from runner.sandbox.result import TEXT, Result, SnowType
from runner.sandbox.scripting.arithmetic import NotDirect, compare
from runner.sandbox.scripting.declaring import declare
from runner.sandbox.scripting.failures import (
    EXPRESSION,
    STATEMENT,
    Failure,
    declare_failure,
    failing_as,
    matching,
    raised,
    refuse_unknown,
)
from runner.sandbox.scripting.machine import Machine
from runner.sandbox.scripting.nested import arguments_of
from runner.sandbox.scripting.outcome import NOTHING, Outcome, outcome_result
from runner.sandbox.scripting.scope import Procedure, ResultSet, Row, Scope, UserException, Variable, row_of, unknown
from runner.sandbox.scripting.source import Place
from runner.sandbox.scripting.syntax import (
    Assign,
    Async,
    Await,
    Block,
    Break,
    Cancel,
    Case,
    Close,
    Continue,
    ExecuteImmediate,
    Expression,
    Fetch,
    ForCounter,
    ForRows,
    Handler,
    If,
    Let,
    Log,
    Loop,
    Null,
    Open,
    ProcedureDeclaration,
    Raise,
    Repeat,
    Return,
    ReturnTable,
    Run,
    Statement,
    While,
)
from runner.sandbox.scripting.values import coerce, literal


@dataclass(frozen=True, slots=True)
class _Left:
    """BREAK was met; `label` is empty for the innermost loop."""

    label: str
    place: Place


@dataclass(frozen=True, slots=True)
class _Continued:
    label: str
    place: Place


_MAX_CALLS = 20
"""How deep nested procedures may call one another here."""

_Signal: TypeAlias = Outcome | _Left | _Continued | None


_Turn: TypeAlias = tuple[str, Variable | Row] | None


@dataclass(frozen=True, slots=True)
class _Frame:
    """A block that is being executed: where its handlers are and what they can see."""

    handlers: tuple[Handler, ...]
    scope: Scope


class Interpreter:
    """Executes one block, once."""

    def __init__(self, machine: Machine, returns: SnowType | None) -> None:
        self.machine = machine
        self.returns = returns
        self.frames: list[_Frame] = []
        self.handling: list[Failure] = []
        self.depth = 0

    def run(self, block: Block, arguments: Scope) -> Outcome:
        """The outcome of the block; what no handler took is Snowflake's 'Uncaught exception'."""
        try:
            signal = self.block(block, arguments)
        except Failure as failure:
            raise failure.uncaught() from failure
        if isinstance(signal, _Left | _Continued):
            where = f"error line {signal.place.line} at position {signal.place.position}"
            raise compilation(
                1003, "42000", f"{where}\nThere is no loop '{signal.label}' here to leave or to continue."
            )
        return signal or NOTHING

    def block(self, block: Block, enclosing: Scope) -> _Signal:
        scope = Scope(enclosing)
        try:
            return self.guarded(block, scope)
        except Failure as failure:
            handler = matching(block.handlers, failure, scope)
            if handler is None:
                raise
            return self.handle(handler, failure, scope)

    def guarded(self, block: Block, scope: Scope) -> _Signal:
        for declaration in block.declarations:
            if isinstance(declaration, ProcedureDeclaration):
                self.declare_procedure(declaration, scope)
            else:
                declare(self.machine, declaration, scope)
        with failing_as(EXPRESSION, block.place):
            refuse_unknown(block.handlers, scope)
        self.frames.append(_Frame(block.handlers, scope))
        try:
            # LET belongs to the body: Snowflake's handlers see only what DECLARE and the arguments gave.
            return self.body(block.body, Scope(scope))
        finally:
            self.frames.pop()

    def declare_procedure(self, declaration: ProcedureDeclaration, scope: Scope) -> None:
        """The procedure sees itself and what was declared before it, not what comes later."""
        if declaration.name in scope.names:
            raise compilation(1003, "42000", f"'{declaration.name}' is declared twice in the same block.")
        seen = Scope(scope.enclosing)
        seen.names.update(scope.names)
        for each in (scope, seen):
            each.declare(declaration.name, Procedure(partial(self.call, declaration, seen)))

    def call(self, declaration: ProcedureDeclaration, seen: Scope, text: str) -> Result:
        """Runs a nested procedure: its own RETURN and handlers, the status variables of this script."""
        self.machine.checkpoint()
        self.depth += 1
        if self.depth > _MAX_CALLS:
            raise unsupported(f"more than {_MAX_CALLS} calls of nested stored procedures within one another")
        inner = Interpreter(self.machine, declaration.returns)
        inner.depth = self.depth
        scope = Scope(seen)
        for name, variable in arguments_of(text, declaration.parameters, self.machine.host.evaluate).items():
            scope.declare(name, variable)
        try:
            return outcome_result(inner.run(declaration.body, scope), declaration.name)
        finally:
            self.depth -= 1

    def body(self, statements: tuple[Statement, ...], scope: Scope) -> _Signal:
        for statement in statements:
            try:
                signal = self.statement(statement, scope)
            except Failure as failure:
                signal = self.resume(failure)
            if signal is not None:
                return signal
        return None

    def resume(self, failure: Failure) -> _Signal:
        """Runs the handler if it is one that continues; then the statement behind the failed one is next."""
        for depth, frame in reversed(list(enumerate(self.frames))):
            handler = matching(frame.handlers, failure, frame.scope)
            if handler is None:
                continue
            if not handler.resumes:
                break
            inner = self.frames[depth:]
            del self.frames[depth:]
            try:
                return self.handle(handler, failure, frame.scope)
            finally:
                self.frames.extend(inner)
        raise failure

    def handle(self, handler: Handler, failure: Failure, scope: Scope) -> _Signal:
        inner = Scope(scope)
        declare_failure(failure, inner)
        self.handling.append(failure)
        try:
            return self.body(handler.body, inner)
        finally:
            self.handling.pop()

    def statement(self, statement: Statement, scope: Scope) -> _Signal:
        match statement:
            case Block():
                return self.block(statement, scope)
            case If():
                return self.if_(statement, scope)
            case Case():
                return self.case(statement, scope)
            case ForRows():
                return self.for_rows(statement, scope)
            case ForCounter():
                return self.for_counter(statement, scope)
            case While() | Repeat() | Loop():
                return self.loop(statement, scope)
            case Break(label, place):
                return _Left(label, place)
            case Continue(label, place):
                return _Continued(label, place)
            case Return() | ReturnTable():
                return self.return_(statement, scope)
            case Raise():
                raise self.failure(statement, scope)
            case _:
                self.act(statement, scope)
                return None

    def act(
        self,
        statement: Let | Assign | Run | ExecuteImmediate | Async | Await | Cancel | Open | Fetch | Close | Log | Null,
        scope: Scope,
    ) -> None:
        """The statements that never interrupt their block."""
        match statement:
            case Let(declaration):
                declare(self.machine, declaration, scope)
            case Assign():
                self.assign(statement, scope)
            case Run():
                self.run_sql(statement, scope)
            case ExecuteImmediate():
                self.machine.run_dynamic(statement, scope)
            case Async() | Await() | Cancel():
                self.child_job(statement, scope)
            case Open():
                self.open(statement, scope)
            case Fetch(cursor, into, place):
                with failing_as(STATEMENT, place):
                    self.machine.fetch(cursor, scope.cursor(cursor), into, scope)
            case Close(cursor, place):
                with failing_as(STATEMENT, place):
                    scope.cursor(cursor).close()
            case Log(call):
                self.machine.evaluate(call, scope)
            case Null():
                pass
            case _:
                assert_never(statement)

    def child_job(self, statement: Async | Await | Cancel, scope: Scope) -> None:
        with failing_as(STATEMENT, statement.place):
            match statement:
                case Async():
                    self.machine.start(statement, scope)
                case Await(name):
                    self.machine.wait(name, scope)
                case Cancel(name):
                    # A job has ended where it was started: CANCEL comes too late for it, which is no error.
                    scope.result_set(name)

    def assign(self, statement: Assign, scope: Scope) -> None:
        named = scope.find(statement.target)
        match named:
            case Variable():
                named.value = self.machine.evaluate_as(statement.value, named.type, scope)
            case ResultSet():
                with failing_as(STATEMENT, statement.place):
                    self.machine.fill(named, statement.query or statement.value.sql, scope)
            case _:
                raise Failure(EXPRESSION, unknown(statement.target), statement.place)

    def run_sql(self, statement: Run, scope: Scope) -> None:
        with failing_as(STATEMENT, statement.place):
            result = self.machine.run_sql(statement.sql, scope)
            if statement.into:
                self.machine.select_into(result, statement.into, scope)

    def open(self, statement: Open, scope: Scope) -> None:
        using = self.machine.values(statement.using, scope)
        with failing_as(STATEMENT, statement.place):
            self.machine.open(scope.cursor(statement.cursor), using, scope)

    def if_(self, statement: If, scope: Scope) -> _Signal:
        for branch in statement.branches:
            if self.machine.holds(branch.condition, scope):
                return self.body(branch.body, scope)
        return self.body(statement.otherwise, scope)

    def case(self, statement: Case, scope: Scope) -> _Signal:
        if statement.subject is None:
            return self.if_(If(statement.branches, statement.otherwise, statement.place), scope)
        subject, _ = self.machine.evaluate(statement.subject, scope)
        for branch in statement.branches:
            if self.equal(subject, branch.condition, scope):
                return self.body(branch.body, scope)
        return self.body(statement.otherwise, scope)

    def equal(self, subject: object, expression: Expression, scope: Scope) -> bool:
        value, _ = self.machine.evaluate(expression, scope)
        try:
            return compare(subject, value) == 0
        except NotDirect:
            with failing_as(EXPRESSION, expression.place):
                return bool(self.machine.host.evaluate(f"{literal(subject)} = {literal(value)}").scalar())

    def for_rows(self, loop: ForRows, scope: Scope) -> _Signal:
        with failing_as(STATEMENT, loop.place):
            result, rows = self.machine.rows(loop.source, scope)
        named = ((loop.row, row_of(result, values)) for values in rows)
        return self.turns(named, loop.body, loop.label, Scope(scope))

    def for_counter(self, loop: ForCounter, scope: Scope) -> _Signal:
        bounds = SnowType("NUMBER", precision=38, scale=0)
        first, last = (self.bound(each, bounds, scope) for each in (loop.first, loop.last))
        numbers = range(first, last + 1)
        ordered = reversed(numbers) if loop.reverse else numbers
        named = ((loop.counter, Variable(number, bounds)) for number in ordered)
        return self.turns(named, loop.body, loop.label, Scope(scope))

    def bound(self, expression: Expression, kind: SnowType, scope: Scope) -> int:
        value = self.machine.evaluate_as(expression, kind, scope)
        if not isinstance(value, int | Decimal):
            error = SnowflakeError(2, "0A000", "A bound of a counter-based FOR loop must not be NULL.")
            raise Failure(EXPRESSION, error, expression.place)
        return int(value)

    def loop(self, loop: While | Repeat | Loop, scope: Scope) -> _Signal:
        return self.turns(self.conditions(loop, scope), loop.body, loop.label, scope)

    def conditions(self, loop: While | Repeat | Loop, scope: Scope) -> Iterator[None]:
        """One element for each turn that is to be made."""
        match loop:
            case While(condition):
                while self.machine.holds(condition, scope):
                    yield None
            case Repeat(_, until):
                yield None
                while not self.machine.holds(until, scope):
                    yield None
            case Loop():
                while True:
                    yield None

    def turns(self, turns: Iterable[_Turn], body: tuple[Statement, ...], label: str, scope: Scope) -> _Signal:
        """The body once for each turn, which may bring the loop's own name and what it means."""
        for turn in turns:
            self.machine.checkpoint()
            if turn is not None:
                scope.declare(*turn)
            signal = self.body(body, scope)
            if isinstance(signal, _Left) and signal.label in ("", label):
                return None
            if signal is not None and not (isinstance(signal, _Continued) and signal.label in ("", label)):
                return signal
        return None

    def return_(self, statement: Return | ReturnTable, scope: Scope) -> Outcome:
        match statement:
            case Return(value):
                return NOTHING if value is None else self.returned(value, scope)
            case ReturnTable(query, place):
                with failing_as(STATEMENT, place):
                    return Outcome(None, TEXT, self.machine.run_query(query, scope))

    def returned(self, expression: Expression, scope: Scope) -> Outcome:
        value, kind = self.machine.evaluate(expression, scope)
        if self.returns is None:
            return Outcome(value, kind)
        with failing_as(EXPRESSION, expression.place):
            return Outcome(coerce(value, self.returns, self.machine.host.evaluate), self.returns)

    def failure(self, statement: Raise, scope: Scope) -> Failure:
        if statement.exception is None:
            if self.handling:
                return self.handling[-1]
            error = compilation(1003, "42000", "RAISE without an exception is valid only in an exception handler.")
            return Failure(EXPRESSION, error, statement.place)
        named = scope.find(statement.exception)
        if not isinstance(named, UserException):
            return Failure(EXPRESSION, unknown(statement.exception), statement.place)
        return raised(named, statement.place)
