"""Procedures in JavaScript: `snowflake.execute` and its kin run statements in the caller's session.

Source: developer-guide/stored-procedure/stored-procedures-javascript.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from runner.sandbox.catalog.model import Routine
from runner.sandbox.context import Context
from runner.sandbox.errors import SnowflakeError
from runner.sandbox.javascript.wire import cell, returned as received, sent
from runner.sandbox.python.pipe import Message
from runner.sandbox.python.procedures import filled, scalar
from runner.sandbox.python.process import Child, returned, understood
from runner.sandbox.query.selected import refuse_changes
from runner.sandbox.result import Result, StatementType
from runner.sandbox.scripting import Variable
from runner.sandbox.scripting.values import plain

LIMIT = 128 << 20
"""Bytes of the largest result that the code is given."""
Evaluate = Callable[[str], Result]
_COUNTS = {
    "inserted": "number of rows inserted",
    "updated": "number of rows updated",
    "deleted": "number of rows deleted",
    "duplicates": "number of multi-joined rows updated",
}


def run_procedure(context: Context, routine: Routine, arguments: Mapping[str, Variable], evaluate: Evaluate) -> Result:
    """What the code returns, as the client gets it."""
    zone = context.session.parameters["TIMEZONE"]
    row = [sent(each.type, plain(arguments[each.name].value), zone) for each in routine.arguments]
    if routine.strict and None in row:
        return scalar(routine, None)
    child = Child(routine, context.control, zone)
    try:
        answer = child.ask({"do": "call", "row": row}, lambda question: _answer(context, question, evaluate))
    finally:
        child.close()
    with understood(routine):
        return scalar(routine, received(returned(routine)[0], answer["value"], zone))


def _answer(context: Context, question: Message, evaluate: Evaluate) -> Message:
    if question.get("value"):
        return {"value": evaluate(str(question["sql"])).scalar()}
    try:
        statement = filled(str(question["sql"]), question["binds"])
        refuse_changes(context.session, statement)
        result = context.run(statement)
    except SnowflakeError as error:
        context.control.check()
        return {"failed": {"message": error.message, "code": error.errno, "state": error.sqlstate}}
    if result.table.nbytes > LIMIT:
        text = f"The result has {result.table.nbytes} bytes; a procedure in JavaScript takes {LIMIT} of one statement."
        return {"failed": {"message": text, "code": 100183, "state": "P0000"}}
    return _told(result, context.session.last_query_id, context.session.parameters["TIMEZONE"])


def _told(result: Result, query_id: str | None, zone: str) -> Message:
    """A result as the prelude's ResultSet holds it."""
    kinds = [column.type for column in result.columns]
    rows = [[cell(kind, value, zone) for kind, value in zip(kinds, row, strict=True)] for row in result.rows()]
    return {
        "id": query_id,
        "columns": [
            {
                "name": column.name,
                "kind": column.type.name,
                "scale": column.type.scale or 0,
                "nullable": column.nullable,
            }
            for column in result.columns
        ],
        "rows": rows,
        "counts": _counted(result),
    }


def _counted(result: Result) -> dict[str, int]:
    """What a statement changed; nothing for a query, whatever its columns are called."""
    names = [column.name for column in result.columns]
    first = dict(zip(names, result.first(), strict=False)) if _is_change(result) else {}
    return {name: int(str(first.get(column, 0))) for name, column in _COUNTS.items()}


def _is_change(result: Result) -> bool:
    return result.statement & 0xF000 == StatementType.DML
