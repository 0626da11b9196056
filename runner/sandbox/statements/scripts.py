"""CALL, anonymous blocks and EXECUTE IMMEDIATE: scripts run in their session, with the rights they are given.

Sources: sql-reference/sql/call, developer-guide/stored-procedure/stored-procedures-rights,
sql-reference/transactions (scoped transactions), sql-reference/sql/execute-immediate.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from runner.sandbox import resolve, system_functions
from runner.sandbox.catalog.model import Routine
from runner.sandbox.catalog.store import utc_now
from runner.sandbox.classes import dataclass
from runner.sandbox.context import Context
from runner.sandbox.ddl.create_routine import CreateRoutine, read_anonymous
from runner.sandbox.ddl.header import Header
from runner.sandbox.ddl.types import read_type
from runner.sandbox.errors import SnowflakeError, unsupported
from runner.sandbox.javascript import procedures as javascript
from runner.sandbox.publish import rollback
from runner.sandbox.python import procedures as python
from runner.sandbox.python.imports import checked
from runner.sandbox.query import lookups
from runner.sandbox.query.binding import bound
from runner.sandbox.query.run import fetch
from runner.sandbox.query.selected import refuse_changes
from runner.sandbox.refining import with_nanoseconds
from runner.sandbox.result import Result, SnowType
from runner.sandbox.scripting import (
    ANONYMOUS_BLOCK,
    Parameter,
    Variable,
    bind_arguments,
    check,
    choose,
    evaluate_arguments,
    execute,
    execute_immediate as run_immediate,
    is_block,
    outcome_result,
    outputs_of,
    parse_call,
    unknown_procedure,
)
from runner.sandbox.session import Session
from runner.sandbox.show.description import signature
from runner.sandbox.statements import transaction
from runner.sandbox.statements.from_file import from_file
from runner.sandbox.tokens import Reader

_MAX_CALLS = 20
"""How deep stored procedures may call one another here."""


@dataclass(frozen=True, slots=True)
class SessionHost:
    """A script's way to its session: statements are statements like any other, expressions leave no trace."""

    context: Context

    def run(self, sql: str) -> Result:
        refuse_changes(self.context.session, sql)
        return self.context.run(sql)

    def call(self, sql: str, variables: frozenset[int]) -> Result:
        self.context.session.call_variables = variables
        try:
            return self.context.run(sql)
        finally:
            self.context.session.call_variables = frozenset()

    def evaluate(self, sql_expression: str) -> Result:
        text = f"SELECT {sql_expression}"

        def run() -> Result:
            return fetch(self.context, lookups.compiled(self.context, bound(self.context, text), source=None))

        return with_nanoseconds(self.context, run, text)


def begin(context: Context, text: str) -> Result:
    """BEGIN opens a transaction, or a block."""
    return block(context, text) if is_block(text) else transaction.begin(context, text)


def block(context: Context, text: str) -> Result:
    outcome = execute(text, SessionHost(context), checkpoint=context.control.check)
    return outcome_result(outcome, ANONYMOUS_BLOCK)


def execute_immediate(context: Context, text: str) -> Result:
    statement = bound(context, text)
    if leading := re.match(r"\s*EXECUTE\s+IMMEDIATE\s+FROM\b", statement, re.IGNORECASE):
        return from_file(context, statement[leading.start() :])
    return run_immediate(statement, SessionHost(context))


def call(context: Context, text: str) -> Result:
    variables, context.session.call_variables = context.session.call_variables, frozenset()
    host = SessionHost(context)
    statement = parse_call(bound(context, text))
    overloads = resolve.routines(context.catalog, context.session, statement.procedure, "PROCEDURE")
    name = statement.procedure[-1]
    if not overloads and not name.startswith(system_functions.PREFIX):
        raise unknown_procedure(statement.procedure)
    given = evaluate_arguments(statement, host.evaluate)
    if not overloads:
        return system_functions.called(context, name, [each.value for each in given])
    signatures = [_parameters(routine) for routine in overloads]
    chosen = choose(statement, given, signatures)
    routine = overloads[chosen]
    context.require("USAGE", routine)
    _note(context, routine)
    outputs = outputs_of(statement, signatures[chosen], variables)
    arguments = bind_arguments(signatures[chosen], given, host.evaluate)
    result = _run(context, routine, arguments)
    return replace(result, outputs=tuple((place, arguments[name].value) for place, name in outputs))


def _note(context: Context, routine: Routine) -> None:
    """ACCESS_HISTORY knows which procedure a CALL called (sql-reference/account-usage/access_history)."""
    if (entry := context.engine.history.by_id(context.query_id)) is not None:
        entry.accesses.called(routine.id, context.catalog.full_name(routine), signature(routine), routine.returns)


def call_anonymous(context: Context, text: str) -> Result:
    """`WITH name AS PROCEDURE … CALL name(…)`: with the caller's rights, and kept nowhere."""
    host, reader = SessionHost(context), Reader(bound(context, text))
    made = read_anonymous(reader, Header(), context.session.parameters["TIMESTAMP_TYPE_MAPPING"])
    if reader.at(","):
        raise unsupported("WITH … AS PROCEDURE and a common table expression")
    if made.language == "SQL":
        check(made.body)
    statement = parse_call(reader.rest())
    if statement.procedure != made.name:
        raise unknown_procedure(statement.procedure)
    given = evaluate_arguments(statement, host.evaluate)
    parameters = _parameters(made)
    choose(statement, given, [parameters])
    outputs_of(statement, parameters, frozenset())
    arguments = bind_arguments(parameters, given, host.evaluate)
    with _scope(context):
        if made.language != "SQL":
            return _foreign(context, _draft(context, made), arguments)
        outcome = execute(
            made.body, host, arguments=arguments, returns=_returns(made), checkpoint=context.control.check
        )
    return outcome_result(outcome, made.name[-1])


def _draft(context: Context, made: CreateRoutine) -> Routine:
    """A procedure that is kept nowhere, as a record."""
    return Routine(
        account=context.session.account,
        name=made.name[-1],
        created_at=utc_now(),
        schema_id=0,
        routine="PROCEDURE",
        arguments=list(made.arguments),
        returns=made.returns,
        language=made.language,
        body=made.body,
        strict=made.strict,
        packages=list(made.packages),
        handler=made.handler,
        imports=checked(context, made.imports),
    )


def _parameters(routine: Routine | CreateRoutine) -> list[Parameter]:
    return [Parameter(each.name, each.type, each.default, each.out) for each in routine.arguments]


def _run(context: Context, routine: Routine, arguments: dict[str, Variable]) -> Result:
    with _rights(context.session, routine), _scope(context):
        if routine.language != "SQL":
            return _foreign(context, routine, arguments)
        outcome = execute(
            routine.body,
            SessionHost(context),
            arguments=arguments,
            returns=_returns(routine),
            checkpoint=context.control.check,
        )
    return outcome_result(outcome, routine.name)


def _foreign(context: Context, routine: Routine, arguments: dict[str, Variable]) -> Result:
    if routine.language == "PYTHON":
        return python.run_procedure(context, routine, arguments)
    return javascript.run_procedure(context, routine, arguments, SessionHost(context).evaluate)


def _returns(routine: Routine | CreateRoutine) -> SnowType | None:
    """The type of a scalar result; None for a table."""
    reader = Reader(routine.returns)
    return None if reader.at("TABLE") else read_type(reader)


@contextmanager
def _rights(session: Session, routine: Routine) -> Iterator[None]:
    """With owner's rights names and privileges are the owner's, in the procedure's schema."""
    if routine.execute_as != "OWNER":
        yield
        return
    session.owner_rights.append((routine.owner, routine.schema_id))
    try:
        yield
    finally:
        session.owner_rights.pop()


@contextmanager
def _scope(context: Context) -> Iterator[None]:
    """A transaction that the procedure began ends in it; one left open is rolled back, and that is an error."""
    session = context.session
    if session.procedure_depth >= _MAX_CALLS:
        raise unsupported(f"more than {_MAX_CALLS} calls of stored procedures within one another")
    session.procedure_depth += 1
    try:
        yield
        if _left_open(context, session):
            text = "Scoped transaction started in stored procedure is incomplete and it was rolled back."
            raise SnowflakeError(90232, "P0000", f"Stored procedure execution error: {text}")
    finally:
        _left_open(context, session)
        session.procedure_depth -= 1


def _left_open(context: Context, session: Session) -> bool:
    found = False
    while session.transaction is not None and session.transaction.depth >= session.procedure_depth:
        own, session.transaction = session.transaction, session.transaction.outer
        rollback(context.engine, own)
        found = True
    return found
