"""Reads the DECLARE section and LET.

Sources: sql-reference/snowflake-scripting/declare, sql-reference/snowflake-scripting/let.
"""

from __future__ import annotations

from collections.abc import Callable

from runner.sandbox.ddl.types import read_type
from runner.sandbox.errors import SnowflakeError, unsupported
from runner.sandbox.scripting.jobs import refuse_transactions
from runner.sandbox.scripting.slices import place_of, read_expression, read_expressions, read_parenthesised
from runner.sandbox.scripting.source import Place, Sql
from runner.sandbox.scripting.syntax import (
    Async,
    CursorDeclaration,
    DataDeclaration,
    Declaration,
    ExceptionDeclaration,
    ExecuteImmediate,
    Query,
    ResultSetDeclaration,
    VariableDeclaration,
)
from runner.sandbox.tokens import Kind, Reader

ReadSql = Callable[[Reader], Sql]
ReadProcedure = Callable[[Reader, str, Place], Declaration]
_USER_CODES = range(-20999, -19999)


def read_declarations(reader: Reader, read_sql: ReadSql, read_procedure: ReadProcedure) -> tuple[Declaration, ...]:
    """Everything between DECLARE and BEGIN."""
    found: list[Declaration] = []
    while not reader.at("BEGIN"):
        found.append(_read_declaration(reader, read_sql, read_procedure))
        reader.expect(";")
    return tuple(found)


def _read_declaration(reader: Reader, read_sql: ReadSql, read_procedure: ReadProcedure) -> Declaration:
    place = place_of(reader.peek())
    name = reader.identifier()
    if reader.at("PROCEDURE"):
        return read_procedure(reader, name, place)
    if reader.accept("EXCEPTION"):
        return _read_exception(reader, name, place)
    return _read_data(reader, name, place, read_sql, typed_alone=True)


def read_let(reader: Reader, read_sql: ReadSql) -> DataDeclaration:
    """What follows LET: a variable with its value, a cursor or a result set."""
    place = place_of(reader.peek())
    return _read_data(reader, reader.identifier(), place, read_sql, typed_alone=False)


def _read_data(reader: Reader, name: str, place: Place, read_sql: ReadSql, *, typed_alone: bool) -> DataDeclaration:
    if reader.accept("CURSOR"):
        reader.expect("FOR")
        return CursorDeclaration(name, read_sql(reader), place)
    if reader.accept("RESULTSET"):
        assigned = reader.accept_any(":=", "DEFAULT")
        return ResultSetDeclaration(name, read_query(reader) if assigned else None, place)
    return _read_variable(reader, name, place, typed_alone=typed_alone)


def _read_variable(reader: Reader, name: str, place: Place, *, typed_alone: bool) -> VariableDeclaration:
    untyped = reader.peek().word in (":=", "DEFAULT", ";")
    kind = None if untyped else read_type(reader)
    if reader.accept_any(":=", "DEFAULT"):
        return VariableDeclaration(name, kind, read_expression(reader), place)
    if kind is None or not typed_alone:
        raise reader.unexpected()
    return VariableDeclaration(name, kind, None, place)


def _read_exception(reader: Reader, name: str, place: Place) -> ExceptionDeclaration:
    if not reader.accept("("):
        return ExceptionDeclaration(name, -20000, "", place)
    code = reader.number()
    message = reader.string() if reader.accept(",") else ""
    reader.expect(")")
    if code not in _USER_CODES:
        text = f"Invalid exception number {code} for exception '{name}'. It must be between -20999 and -20000."
        raise SnowflakeError(1003, "42000", f"SQL compilation error:\n{text}")
    return ExceptionDeclaration(name, code, message, place)


def read_query(reader: Reader) -> Query:
    """The parenthesised query of a RESULTSET: any statement with rows, EXECUTE IMMEDIATE, or a child job."""
    if reader.at("ASYNC"):
        return read_async(reader)
    if reader.at("(", "EXECUTE", "IMMEDIATE"):
        reader.expect("(")
        query = read_execute_immediate(reader)
        reader.expect(")")
        return query
    return read_parenthesised(reader)


def read_async(reader: Reader) -> Async:
    """`ASYNC (statement)`."""
    place = place_of(reader.peek())
    reader.expect("ASYNC")
    if reader.at("(", "EXECUTE", "IMMEDIATE"):
        raise unsupported("EXECUTE IMMEDIATE in an asynchronous child job")
    return Async(refuse_transactions(read_parenthesised(reader)), place)


def query_of(sql: Sql) -> Query | None:
    """The query, when this whole piece is one in parentheses; None for any other expression."""
    if sql.tokens[0].word != "(" or not _whole(sql):
        return None
    reader = Reader(sql.source, (*sql.tokens, sql.tokens[-1]._replace(kind=Kind.END, text="<EOF>")))
    return read_query(reader)


def _whole(sql: Sql) -> bool:
    """Whether the first parenthesis is closed by the last token."""
    depth = 0
    for index, token in enumerate(sql.tokens):
        depth += (token.word in ("(", "[", "{")) - (token.word in (")", "]", "}"))
        if depth == 0:
            return index == len(sql.tokens) - 1 and index > 1
    return False


def read_execute_immediate(reader: Reader) -> ExecuteImmediate:
    """`EXECUTE IMMEDIATE <expression> [USING (…)] [INTO …]`."""
    place = place_of(reader.peek())
    reader.expect("EXECUTE", "IMMEDIATE")
    if reader.at("FROM"):
        raise unsupported("EXECUTE IMMEDIATE FROM")
    text = read_expression(reader, "USING", "INTO")
    using = read_expressions(reader) if reader.accept("USING") else ()
    if reader.at("INTO"):
        raise unsupported("EXECUTE IMMEDIATE … INTO")
    return ExecuteImmediate(text, using, place)
