"""Procedures in Python: the child has the code, its `session` asks for statements, which run in the caller's session.

Sources: developer-guide/stored-procedure/python/procedures-python-overview.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from runner.sandbox.catalog.model import Routine
from runner.sandbox.context import Context
from runner.sandbox.ddl.create_routine import returned_columns
from runner.sandbox.errors import SnowflakeError, compilation
from runner.sandbox.python.imports import files
from runner.sandbox.python.pipe import Message
from runner.sandbox.python.process import Child, returned, understood
from runner.sandbox.python.wire import returned as received, sent
from runner.sandbox.query.selected import refuse_changes
from runner.sandbox.result import Column, Result, StatementType, rows_result
from runner.sandbox.scripting import Variable
from runner.sandbox.scripting.values import plain
from runner.sandbox.tokens import Kind, Token, tokenize


def run_procedure(context: Context, routine: Routine, arguments: Mapping[str, Variable]) -> Result:
    """What the handler gives back, as the client gets it."""
    zone = context.session.parameters["TIMEZONE"]
    row = [sent(each.type, plain(arguments[each.name].value), zone) for each in routine.arguments]
    if routine.strict and None in row:
        return scalar(routine, None)
    child = Child(routine, context.control, zone, files(context, routine))
    try:
        answer = child.ask({"do": "call", "row": row}, lambda question: _answer(context, question))
    finally:
        child.close()
    if routine.returns.startswith("TABLE"):
        return _table(context, routine, answer["query"])
    with understood(routine):
        return scalar(routine, received(returned(routine)[0], answer["value"], zone))


def scalar(routine: Routine, value: object) -> Result:
    """The one value that a procedure gives back."""
    return rows_result([Column(routine.name, returned(routine)[0])], [(value,)], StatementType.CALL)


def _table(context: Context, routine: Routine, query: str | None) -> Result:
    """The rows of the DataFrame that came back, under the names that RETURNS TABLE gives them."""
    if query is None:
        columns = [Column(name, kind) for name, kind in returned_columns(routine.returns)]
        return rows_result(columns, [])
    result, declared = context.run(query), returned_columns(routine.returns)
    if not declared:
        return result
    if len(declared) != len(result.columns):
        text = (
            f"Procedure {routine.name} declares {len(declared)} columns, but its DataFrame has {len(result.columns)}."
        )
        raise compilation(2026, "42601", text)
    named = zip(result.columns, declared, strict=True)
    return replace(result, columns=tuple(replace(column, name=name) for column, (name, _) in named))


def _answer(context: Context, question: Message) -> Message:
    """A statement of the procedure's, run in its session."""
    try:
        statement = filled(str(question["sql"]), question["binds"])
        refuse_changes(context.session, statement)
        result = context.run(statement)
    except SnowflakeError as error:
        context.control.check()
        told = f"{error.code} ({error.sqlstate}): {error.message}"
        number = context.session.last_query_id
        return {"failed": {"message": told, "sfqid": number, "code": error.errno, "raw": error.message}}
    kinds = [column.type for column in result.columns]
    zone = context.session.parameters["TIMEZONE"]
    rows = [[sent(kind, value, zone) for kind, value in zip(kinds, row, strict=True)] for row in result.rows()]
    names = [column.name for column in result.columns]
    return {"names": names, "kinds": [kind.name for kind in kinds], "rows": rows}


def filled(sql: str, binds: list[str]) -> str:
    """Each `?`, or each `:n`, replaced by the literal that the child made of its value."""
    if not binds:
        return sql
    marks = [
        token for token in tokenize(sql) if token.word == "?" or (token.kind is Kind.BIND and token.text.isdecimal())
    ]
    unnumbered = sum(mark.word == "?" for mark in marks)
    if unnumbered not in (0, len(binds)) or any(not 1 <= _number(mark, 1) <= len(binds) for mark in marks):
        raise compilation(2049, "42601", f"{len(binds)} values for {len(marks)} bind variables")
    pieces, offset = [], 0
    for at, mark in enumerate(marks, 1):
        pieces += [sql[offset : mark.start], str(binds[_number(mark, at) - 1])]
        offset = mark.end
    return "".join(pieces) + sql[offset:]


def _number(mark: Token, place: int) -> int:
    """Which value a mark stands for; a `?` for the one at its own place."""
    return place if mark.word == "?" else int(mark.text)
