"""What every statement of a script needs: evaluate, assign, run SQL, move cursors. It knows nothing of control flow.

Sources: developer-guide/snowflake-scripting/{variables,cursors,resultsets,dml-status},
sql-reference/sql/execute-immediate.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeAlias

from runner.sandbox.errors import SnowflakeError, compilation, unsupported
from runner.sandbox.result import BOOLEAN, NUMBER, TEXT, Result, SnowType, StatementType
from runner.sandbox.scripting.arithmetic import NotDirect
from runner.sandbox.scripting.binding import bind_expression, bind_statement, fill_placeholders
from runner.sandbox.scripting.calls import variables_of
from runner.sandbox.scripting.failures import EXPRESSION, STATEMENT, failing_as
from runner.sandbox.scripting.jobs import Job, not_awaited, start, wait_for_all
from runner.sandbox.scripting.nested import called
from runner.sandbox.scripting.parser import is_control_flow
from runner.sandbox.scripting.scope import STATUS, Cursor, ResultSet, Scope, Variable, unknown
from runner.sandbox.scripting.source import Sql
from runner.sandbox.scripting.syntax import Async, ExecuteImmediate, Expression, Query
from runner.sandbox.scripting.values import coerce, received, received_scalar, to_boolean, type_of
from runner.sandbox.tokens import Kind

Typed: TypeAlias = tuple[object, SnowType]
Checkpoint: TypeAlias = Callable[[], None]


class Host(Protocol):
    """What a script asks of its session."""

    def run(self, sql: str) -> Result:
        """Executes one SQL statement."""
        ...

    def call(self, sql: str, variables: frozenset[int]) -> Result:
        """Executes a CALL that has variables of the script at these places."""
        ...

    def evaluate(self, sql_expression: str) -> Result:
        """`SELECT <expression>`: one row with one column; a part of the script, not a statement of its own."""
        ...


class Machine:
    """A running script: its session, and the status variables that live as long as it does."""

    def __init__(self, host: Host, checkpoint: Checkpoint) -> None:
        self.host = host
        self.checkpoint = checkpoint
        self.globals = Scope()
        self.jobs: list[Job] = []
        for name in STATUS:
            self.globals.declare(name, Variable(None, TEXT))

    def evaluate(self, expression: Expression, scope: Scope) -> Typed:
        """The value and its type; an error is an EXPRESSION_ERROR at the place of the expression."""
        with failing_as(EXPRESSION, expression.place):
            return self.evaluate_plainly(expression, scope)

    def evaluate_plainly(self, expression: Expression, scope: Scope) -> Typed:
        """The value and its type; an error is the session's own."""
        named = self._single(expression.sql, scope)
        if isinstance(named, Variable):
            return named.value, named.type
        if expression.direct is not None:
            try:
                value = expression.direct(scope)
            except NotDirect:
                pass
            else:
                return value, type_of(value)
        return received_scalar(self.host.evaluate(bind_expression(expression.sql, scope)))

    def _single(self, sql: Sql, scope: Scope) -> object:
        """What the SQL means when it is one name only."""
        if len(sql.tokens) != 1:
            return None
        token = sql.tokens[0]
        if token.kind is Kind.BIND:
            return scope.find(token.text)
        return scope.find(token.identifier) if token.kind in (Kind.WORD, Kind.QUOTED) else None

    def evaluate_as(self, expression: Expression, kind: SnowType, scope: Scope) -> object:
        """The value, converted to a type as an assignment does."""
        value, _ = self.evaluate(expression, scope)
        with failing_as(EXPRESSION, expression.place):
            return coerce(value, kind, self.host.evaluate)

    def values(self, expressions: tuple[Expression, ...], scope: Scope) -> list[object]:
        return [self.evaluate(expression, scope)[0] for expression in expressions]

    def holds(self, condition: Expression, scope: Scope) -> bool:
        """Whether the condition is TRUE; NULL is not."""
        value, _ = self.evaluate(condition, scope)
        if value is None or isinstance(value, bool):
            return bool(value)
        with failing_as(EXPRESSION, condition.place):
            return bool(coerce(value, BOOLEAN, self.host.evaluate)) if not isinstance(value, str) else to_boolean(value)

    def store(self, names: tuple[str, ...], values: list[object], scope: Scope) -> None:
        """Each value in the variable of its name, converted to the variable's type."""
        for name, value in zip(names, values, strict=True):
            variable = scope.variable(name)
            variable.value = coerce(value, variable.type, self.host.evaluate)

    def run(self, text: str, variables: frozenset[int] = frozenset()) -> Result:
        """Runs SQL in the session and remembers its counts; `variables` can take output arguments of a CALL."""
        self.checkpoint()
        result = self.host.call(text, variables) if variables else self.host.run(text)
        self._note("SQLID", result.query_id or None, TEXT)
        self._count(result)
        return result

    def _count(self, result: Result) -> None:
        if StatementType.DML <= result.statement < StatementType.COPY + 0x100:
            self._note("SQLROWCOUNT", result.rowcount, NUMBER)
            self._note("SQLFOUND", result.rowcount > 0, BOOLEAN)
            self._note("SQLNOTFOUND", result.rowcount == 0, BOOLEAN)

    def run_sql(self, sql: Sql, scope: Scope) -> Result:
        """A statement of the script: a CALL of a nested procedure stays in the script, all else is the session's."""
        text, nested = bind_statement(sql, scope), called(sql, scope)
        if nested is not None:
            return nested.call(text)
        variables = variables_of(sql, scope)
        result = self.run(text, frozenset(variables))
        for place, value in result.outputs:
            self.store((variables[place],), [value], scope)
        return result

    def start(self, query: Async, scope: Scope) -> Job:
        """Runs a child job; what it gave is to be awaited."""
        self.checkpoint()
        if called(query.sql, scope) is not None:
            raise unsupported("a nested stored procedure in an asynchronous child job")
        job = start(self.host.run, bind_statement(query.sql, scope))
        if job.result is not None:
            self._note("SQLID", job.result.query_id or None, TEXT)
        self.jobs.append(job)
        return job

    def wait(self, name: str, scope: Scope) -> None:
        """AWAIT of a RESULTSET, or of every job that nobody has waited for when the name is empty."""
        if not name:
            wait_for_all(self.jobs)
            return
        named = scope.result_set(name)
        if named.job is None:
            raise compilation(904, "42000", f"RESULTSET '{name}' has no asynchronous query to wait for.")
        named.result = named.job.wait()
        self._count(named.result)

    def fill(self, named: ResultSet, query: Query, scope: Scope) -> None:
        """Assigns a query to a RESULTSET: its rows now, or its job."""
        if isinstance(query, Async):
            named.result, named.job = None, self.start(query, scope)
        else:
            named.result, named.job = self.run_query(query, scope), None

    def _note(self, name: str, value: object, kind: SnowType) -> None:
        self.globals.declare(name, Variable(value, kind))

    def run_query(self, query: Query, scope: Scope) -> Result:
        """The rows of a query: SQL, EXECUTE IMMEDIATE, or the name of a RESULTSET that has them already."""
        if isinstance(query, ExecuteImmediate):
            return self.run_dynamic(query, scope)
        if isinstance(query, Async):
            raise unsupported("ASYNC where the rows are needed at once")
        named = self._single(query, scope)
        if isinstance(named, ResultSet):
            return _filled(named, query.text)
        if len(query.tokens) == 1:
            raise unknown(query.text)
        return self.run_sql(query, scope)

    def run_dynamic(self, statement: ExecuteImmediate, scope: Scope) -> Result:
        text, _ = self.evaluate(statement.text, scope)
        using = self.values(statement.using, scope)
        with failing_as(STATEMENT, statement.place):
            return self.run(dynamic_statement(text, using))

    def select_into(self, result: Result, names: tuple[str, ...], scope: Scope) -> None:
        """No row gives NULLs; more than one is an error."""
        rows = result.rows()
        if len(rows) > 1:
            text = f"A SELECT INTO statement expects exactly 1 returned row, but got {len(rows)}."
            raise SnowflakeError(_TOO_MANY_ROWS, "P0000", text)
        self.store(names, _fields(result, rows[0] if rows else None, names), scope)

    def open(self, cursor: Cursor, using: list[object], scope: Scope) -> None:
        """Runs the cursor's query and stands before its first row."""
        named = self._single(cursor.query, scope)
        if isinstance(named, ResultSet):
            cursor.result = _filled(named, cursor.query.text)
        else:
            cursor.result = self.run(fill_placeholders(bind_statement(cursor.query, scope), using))
        cursor.rows, cursor.next = cursor.result.rows(), 0

    def rows(self, name: str, scope: Scope) -> tuple[Result, list[tuple[object, ...]]]:
        """What FOR walks through: a result set, or a cursor from where it stands, opened if it is not."""
        named = scope.find(name)
        if isinstance(named, ResultSet):
            filled = _filled(named, name)
            return filled, filled.rows()
        cursor = scope.cursor(name)
        if cursor.result is None:
            self.open(cursor, [], scope)
        result, rows = cursor.result, (cursor.rows or [])[cursor.next :]
        cursor.close()
        assert result is not None
        return result, rows

    def fetch(self, name: str, cursor: Cursor, names: tuple[str, ...], scope: Scope) -> None:
        """The next row; behind the last row NULLs."""
        if cursor.result is None or cursor.rows is None:
            raise SnowflakeError(_CURSOR_NOT_OPEN, "P0000", f"Cursor '{name}' is not open.")
        row = cursor.rows[cursor.next] if cursor.next < len(cursor.rows) else None
        cursor.next += row is not None
        self.store(names, _fields(cursor.result, row, names), scope)


_TOO_MANY_ROWS, _CURSOR_NOT_OPEN = 90236, 90237
"""Snowflake documents the sentences, not their numbers; these are the sandbox's own."""


def _filled(result_set: ResultSet, name: str) -> Result:
    if result_set.result is None and result_set.job is not None:
        if not result_set.job.awaited:
            raise not_awaited(name)
        result_set.result = result_set.job.wait()
    if result_set.result is None:
        raise compilation(904, "42000", f"RESULTSET '{name}' has no query assigned.")
    return result_set.result


def _fields(result: Result, row: tuple[object, ...] | None, names: tuple[str, ...]) -> list[object]:
    if len(result.columns) != len(names):
        text = f"The statement returns {len(result.columns)} columns, but INTO names {len(names)} variables."
        raise compilation(904, "42000", text)
    if row is None:
        return [None] * len(names)
    return [received(value, column.type) for value, column in zip(row, result.columns, strict=True)]


def dynamic_statement(text: object, using: list[object]) -> str:
    """The statement that EXECUTE IMMEDIATE runs; a branch or a loop gets the block that it needs around it."""
    if not isinstance(text, str) or not text.strip():
        raise compilation(1003, "42000", "syntax error line 1 at position 0 unexpected '<EOF>'.")
    filled = fill_placeholders(text, using) if using else text
    return f"BEGIN {filled.rstrip().rstrip(';')}; END" if is_control_flow(filled) else filled
