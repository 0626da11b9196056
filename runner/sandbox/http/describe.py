"""What a statement would return, without running it (`describeOnly` of a query request, the connector's `describe`).

A query is compiled whole. Of a DML statement the target is looked up, and its columns where they are named; what else
it says is read only when it runs.
"""

from __future__ import annotations

from dataclasses import replace

from runner.sandbox import access, resolve
from runner.sandbox.catalog.model import Table
from runner.sandbox.control import Control
from runner.sandbox.engine import Engine
from runner.sandbox.errors import invalid_identifier, unsupported
from runner.sandbox.http.bulk import placeholders
from runner.sandbox.result import Result, StatementType, count_result
from runner.sandbox.session import Session
from runner.sandbox.tokens import Reader

_QUERIES = frozenset({"SELECT", "WITH", "VALUES", "("})
_HARMLESS = frozenset({"SHOW", "DESCRIBE", "DESC", "LIST", "LS"})
_CHANGES: dict[str, tuple[StatementType, tuple[str, ...]]] = {
    "INSERT": (StatementType.INSERT, ("number of rows inserted",)),
    "UPDATE": (StatementType.UPDATE, ("number of rows updated", "number of multi-joined rows updated")),
    "DELETE": (StatementType.DELETE, ("number of rows deleted",)),
    "MERGE": (StatementType.MERGE, ("number of rows inserted", "number of rows updated")),
}


def described(engine: Engine, session: Session, text: str, query_id: str, control: Control) -> Result:
    """The columns and no rows."""
    reader = Reader(text)
    verb = reader.peek().word
    if verb in _QUERIES:
        blanks = [None] * placeholders(text) or None
        query = f"SELECT * FROM (\n{text}\n) LIMIT 0"
        return engine.execute(session, query, blanks, query_id=query_id, control=control)
    if verb in _CHANGES:
        _look_up(engine, session, reader)
        statement, names = _CHANGES[verb]
        return _empty(count_result([(name, 0) for name in names], statement))
    if verb not in _HARMLESS:
        raise unsupported(f"describing a {verb or 'quoted'} statement without running it")
    return _empty(engine.execute(session, text, query_id=query_id, control=control))


def _empty(result: Result) -> Result:
    return replace(result, table=result.table.slice(0, 0), rowcount=0)


def _look_up(engine: Engine, session: Session, reader: Reader) -> None:
    """The target must be there, and the session may do this to it."""
    verb = reader.next().word
    reader.accept("OVERWRITE")
    reader.accept_any("INTO", "FROM")
    table = resolve.writable(engine.catalog, session, Table, reader.name(), verb)
    if verb != "MERGE":
        access.require(engine.catalog, session, verb, table)
    if verb == "INSERT" and reader.accept("("):
        _columns(table, reader)


def _columns(table: Table, reader: Reader) -> None:
    known = {column.name for column in table.columns}
    while not reader.accept(")"):
        name = reader.identifier()
        if name not in known:
            raise invalid_identifier(name)
        reader.accept(",")
