"""Reads a Snowflake Scripting block into its tree; every syntax error is found before anything runs.

Source: sql-reference-snowflake-scripting.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from runner.sandbox.errors import unsupported
from runner.sandbox.scripting.declarations import (
    query_of,
    read_async,
    read_declarations,
    read_execute_immediate,
    read_let,
)
from runner.sandbox.scripting.nested import read_nested_signature
from runner.sandbox.scripting.slices import (
    cut,
    place_of,
    read_expression,
    read_expressions,
    read_names,
    read_parenthesised,
    read_statement,
    without_into,
)
from runner.sandbox.scripting.source import Place, Sql
from runner.sandbox.scripting.syntax import (
    Assign,
    Await,
    Block,
    Branch,
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
from runner.sandbox.tokens import Kind, Reader

_MAX_NESTING = 100


def is_block(text: str) -> bool:
    """Whether the statement is a scripting block: DECLARE, or a BEGIN that starts no transaction."""
    return _at_block(Reader(text))


def is_control_flow(text: str) -> bool:
    """Whether it is a branch or a loop without a block around it, as EXECUTE IMMEDIATE takes it."""
    return Reader(text).peek().word in ("IF", "CASE", "FOR", "WHILE", "REPEAT", "LOOP")


@lru_cache(maxsize=256)
def parse(text: str) -> Block:
    """The whole text as one block."""
    reader = Reader(text)
    if not _at_block(reader):
        raise reader.unexpected()
    block = _Parser().block(reader)
    reader.end()
    return block


def _at_block(reader: Reader) -> bool:
    if reader.at("DECLARE"):
        return True
    if not reader.at("BEGIN") or reader.peek(1).kind is Kind.END or reader.peek(1).word in ("TRANSACTION", "WORK", ";"):
        return False
    return not (reader.at("BEGIN", "NAME") and reader.peek(2).kind in (Kind.WORD, Kind.QUOTED))


class _Parser:
    """One method for each statement; a method reads the statement without its semicolon."""

    def __init__(self) -> None:
        self.nesting = 0
        self.loops = 0
        self.in_procedure = False
        self.readers: dict[str, Callable[[Reader, Place], Statement]] = {
            "LET": self.let,
            "IF": self.if_,
            "CASE": self.case,
            "FOR": self.for_,
            "WHILE": self.while_,
            "REPEAT": self.repeat,
            "LOOP": self.loop,
            "BREAK": self.break_,
            "EXIT": self.break_,
            "CONTINUE": self.continue_,
            "ITERATE": self.continue_,
            "RETURN": self.return_,
            "RAISE": self.raise_,
            "OPEN": self.open,
            "FETCH": self.fetch,
            "CLOSE": self.close,
            "NULL": self.null,
            "AWAIT": self.await_,
            "CANCEL": self.cancel,
        }

    def block(self, reader: Reader) -> Block:
        """DECLARE … BEGIN … EXCEPTION … END."""
        self.nesting += 1
        if self.nesting > _MAX_NESTING:
            raise unsupported(f"more than {_MAX_NESTING} nested statements")
        place = place_of(reader.peek())
        declarations = read_declarations(reader, self.sql, self.procedure) if reader.accept("DECLARE") else ()
        reader.expect("BEGIN")
        body = self.statements(reader, "END", "EXCEPTION")
        handlers = self.handlers(reader) if reader.accept("EXCEPTION") else ()
        reader.expect("END")
        self.nesting -= 1
        return Block(declarations, body, handlers, place)

    def procedure(self, reader: Reader, name: str, place: Place) -> ProcedureDeclaration:
        """A nested stored procedure; it can hold no other, and stand in no branch and no loop."""
        if self.in_procedure or self.nesting > 1:
            raise unsupported("nested stored procedure in a nested stored procedure, block or control structure")
        parameters, returns = read_nested_signature(reader)
        self.in_procedure = True
        body = self.block(reader)
        self.in_procedure = False
        return ProcedureDeclaration(name, parameters, returns, body, place)

    def statements(self, reader: Reader, *stops: str) -> tuple[Statement, ...]:
        """At least one statement, each with its semicolon, up to one of the words."""
        found: list[Statement] = []
        while not found or reader.peek().word not in stops:
            found.append(self.statement(reader))
            reader.expect(";")
        return tuple(found)

    def statement(self, reader: Reader) -> Statement:
        place, word = place_of(reader.peek()), reader.peek().word
        if reader.peek().kind in (Kind.WORD, Kind.QUOTED) and reader.peek(1).word == ":=":
            return self.assign(reader, place)
        if _at_block(reader):
            return self.block(reader)
        if word in self.readers:
            reader.next()
            return self.nested(reader, place, self.readers[word])
        if reader.at("EXECUTE", "IMMEDIATE"):
            return read_execute_immediate(reader)
        if word.startswith("SYSTEM$LOG") and reader.at(word, "("):
            return Log(read_expression(reader), place)
        return read_async(reader) if reader.at("ASYNC", "(") else self.run(reader, place)

    def nested(self, reader: Reader, place: Place, read: Callable[[Reader, Place], Statement]) -> Statement:
        self.nesting += 1
        if self.nesting > _MAX_NESTING:
            raise unsupported(f"more than {_MAX_NESTING} nested statements")
        statement = read(reader, place)
        self.nesting -= 1
        return statement

    def run(self, reader: Reader, place: Place) -> Statement:
        if not _starts_statement(reader):
            raise reader.unexpected()
        sql, into = without_into(self.sql(reader))
        return Run(sql, into, place)

    def sql(self, reader: Reader) -> Sql:
        return read_statement(reader, self.block)

    def assign(self, reader: Reader, place: Place) -> Statement:
        target = reader.identifier()
        reader.expect(":=")
        if reader.at("ASYNC", "("):
            start, query = reader.index, read_async(reader)
            return Assign(target, Expression(cut(reader, start)), query, place)
        value = read_expression(reader)
        return Assign(target, value, query_of(value.sql), place)

    def let(self, reader: Reader, place: Place) -> Statement:
        return Let(read_let(reader, self.sql), place)

    def if_(self, reader: Reader, place: Place) -> Statement:
        branches = [self.branch(reader, "ELSEIF", "ELSE", "END")]
        while reader.accept("ELSEIF"):
            branches.append(self.branch(reader, "ELSEIF", "ELSE", "END"))
        otherwise = self.statements(reader, "END") if reader.accept("ELSE") else ()
        reader.expect("END", "IF")
        return If(tuple(branches), otherwise, place)

    def branch(self, reader: Reader, *stops: str) -> Branch:
        condition = read_expression(reader, "THEN")
        reader.expect("THEN")
        return Branch(condition, self.statements(reader, *stops))

    def case(self, reader: Reader, place: Place) -> Statement:
        subject = None if reader.at("WHEN") else read_expression(reader, "WHEN")
        branches: list[Branch] = []
        while not branches or reader.at("WHEN"):
            reader.expect("WHEN")
            branches.append(self.branch(reader, "WHEN", "ELSE", "END"))
        otherwise = self.statements(reader, "END") if reader.accept("ELSE") else ()
        reader.expect("END")
        reader.accept("CASE")
        return Case(subject, tuple(branches), otherwise, place)

    def for_(self, reader: Reader, place: Place) -> Statement:
        name = reader.identifier()
        reader.expect("IN")
        reverse = reader.accept("REVERSE")
        first = read_expression(reader, "TO", "DO", "LOOP")
        if reader.accept("TO"):
            last = read_expression(reader, "DO", "LOOP")
            body, label = self.looped(reader, "FOR")
            return ForCounter(name, first, last, reverse, body, label, place)
        if reverse or len(first.sql.tokens) != 1:
            raise reader.unexpected()
        body, label = self.looped(reader, "FOR")
        return ForRows(name, first.sql.tokens[0].identifier, body, label, place)

    def looped(self, reader: Reader, word: str) -> tuple[tuple[Statement, ...], str]:
        """DO … END FOR, or LOOP … END LOOP, with the label behind it."""
        if reader.accept("LOOP"):
            word = "LOOP"
        else:
            reader.expect("DO")
        body = self.turns(reader, "END")
        reader.expect("END", word)
        return body, self.label(reader)

    def turns(self, reader: Reader, stop: str) -> tuple[Statement, ...]:
        """The statements of a loop: only there BREAK and CONTINUE mean something."""
        self.loops += 1
        body = self.statements(reader, stop)
        self.loops -= 1
        return body

    def label(self, reader: Reader) -> str:
        return "" if reader.peek().word == ";" or reader.at_end() else reader.identifier()

    def while_(self, reader: Reader, place: Place) -> Statement:
        condition = read_expression(reader, "DO", "LOOP")
        body, label = self.looped(reader, "WHILE")
        return While(condition, body, label, place)

    def repeat(self, reader: Reader, place: Place) -> Statement:
        body = self.turns(reader, "UNTIL")
        reader.expect("UNTIL")
        until = read_expression(reader)
        reader.expect("END", "REPEAT")
        return Repeat(body, until, self.label(reader), place)

    def loop(self, reader: Reader, place: Place) -> Statement:
        body = self.turns(reader, "END")
        reader.expect("END", "LOOP")
        return Loop(body, self.label(reader), place)

    def break_(self, reader: Reader, place: Place) -> Statement:
        return Break(self.target(reader), place)

    def continue_(self, reader: Reader, place: Place) -> Statement:
        return Continue(self.target(reader), place)

    def target(self, reader: Reader) -> str:
        if not self.loops:
            raise reader.unexpected(-1)
        return self.label(reader)

    def return_(self, reader: Reader, place: Place) -> Statement:
        if reader.at(";"):
            return Return(None, place)
        if not reader.at("TABLE", "("):
            return Return(read_expression(reader), place)
        reader.expect("TABLE")
        if reader.at("(", "EXECUTE", "IMMEDIATE"):
            return ReturnTable(self.immediate(reader), place)
        return ReturnTable(read_parenthesised(reader), place)

    def immediate(self, reader: Reader) -> ExecuteImmediate:
        reader.expect("(")
        query = read_execute_immediate(reader)
        reader.expect(")")
        return query

    def raise_(self, reader: Reader, place: Place) -> Statement:
        return Raise(None if reader.at(";") else reader.identifier(), place)

    def open(self, reader: Reader, place: Place) -> Statement:
        cursor = reader.identifier()
        return Open(cursor, read_expressions(reader) if reader.accept("USING") else (), place)

    def fetch(self, reader: Reader, place: Place) -> Statement:
        cursor = reader.identifier()
        reader.expect("INTO")
        return Fetch(cursor, read_names(reader), place)

    def close(self, reader: Reader, place: Place) -> Statement:
        return Close(reader.identifier(), place)

    def null(self, _reader: Reader, place: Place) -> Statement:
        return Null(place)

    def await_(self, reader: Reader, place: Place) -> Statement:
        return Await("" if reader.accept("ALL") else reader.identifier(), place)

    def cancel(self, reader: Reader, place: Place) -> Statement:
        return Cancel(reader.identifier(), place)

    def handlers(self, reader: Reader) -> tuple[Handler, ...]:
        found: list[Handler] = []
        while not found or reader.at("WHEN"):
            reader.expect("WHEN")
            found.append(self.handler(reader))
        return tuple(found)

    def handler(self, reader: Reader) -> Handler:
        names = [reader.identifier()]
        while reader.accept("OR"):
            names.append(reader.identifier())
        resumes = reader.accept_any("EXIT", "CONTINUE") == "CONTINUE"
        reader.expect("THEN")
        return Handler(tuple(names), resumes, self.statements(reader, "WHEN", "END"))


_STATEMENT_WORDS = frozenset(
    (
        *("SELECT", "WITH", "INSERT", "UPDATE", "DELETE", "MERGE", "TRUNCATE", "COPY", "CALL", "EXECUTE", "EXPLAIN"),
        *("CREATE", "ALTER", "DROP", "UNDROP", "COMMENT", "GRANT", "REVOKE", "SHOW", "DESC", "DESCRIBE"),
        *("BEGIN", "START", "COMMIT", "ROLLBACK", "SET", "UNSET", "USE", "PUT", "GET", "LIST", "LS", "REMOVE", "RM"),
    )
)


def _starts_statement(reader: Reader) -> bool:
    return reader.peek().word in _STATEMENT_WORDS or reader.at("(")
