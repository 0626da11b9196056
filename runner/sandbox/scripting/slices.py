"""Cuts expressions and SQL statements out of the tokens of a body."""

from __future__ import annotations

from collections.abc import Callable

from runner.sandbox.scripting.direct import compile_direct
from runner.sandbox.scripting.source import Place, Sql
from runner.sandbox.scripting.syntax import Expression
from runner.sandbox.tokens import Kind, Reader, Token

_OPENING, _CLOSING = ("(", "[", "{"), (")", "]", "}")
_STATEMENT_WORDS = frozenset(("RETURN", "LET", "RAISE", "WHILE", "REPEAT", "BREAK", "FETCH", "BEGIN"))
_BODIED = ("PROCEDURE", "FUNCTION", "TASK", "ALERT")


def place_of(token: Token) -> Place:
    return Place(token.line, token.position)


def read_expression(reader: Reader, *stops: str) -> Expression:
    """The expression that ends before one of the words, a semicolon or the parenthesis around it."""
    sql = _read_until(reader, frozenset((";", *stops)))
    return Expression(sql, compile_direct(sql.source, sql.tokens))


def read_expressions(reader: Reader) -> tuple[Expression, ...]:
    """A parenthesised list of expressions."""
    reader.expect("(")
    found = [read_expression(reader, ",")]
    while reader.accept(","):
        found.append(read_expression(reader, ","))
    reader.expect(")")
    return tuple(found)


def _read_until(reader: Reader, stops: frozenset[str]) -> Sql:
    start, depth, cases = reader.index, 0, 0
    while reader.peek().kind is not Kind.END:
        word = reader.peek().word
        if depth == 0 and cases == 0 and (word in stops or word in _CLOSING or word == "END"):
            break
        if word == ";" or word == ":=" or (reader.index > start and _begins_statement(reader)):
            raise reader.unexpected()
        depth += (word in _OPENING) - (word in _CLOSING)
        cases += (word == "CASE") - (word == "END" and cases > 0)
        reader.next()
    return cut(reader, start)


def _begins_statement(reader: Reader) -> bool:
    """Inside an expression such a word means that a semicolon was forgotten."""
    return reader.peek().word in _STATEMENT_WORDS and reader.peek(1).word not in ("(", ".")


def cut(reader: Reader, start: int) -> Sql:
    """What was read since the token of this index; nothing at all is a syntax error."""
    tokens = reader.tokens[start : reader.index]
    if not tokens:
        raise reader.unexpected()
    return Sql(reader.source, tokens, place_of(tokens[0]))


def read_statement(reader: Reader, read_block: Callable[[Reader], object]) -> Sql:
    """A SQL statement up to its semicolon, which is not read; the body of a CREATE PROCEDURE or TASK has its own."""
    start = reader.index
    while reader.peek().kind is not Kind.END and not reader.at(";"):
        if _at_body(reader, start):
            reader.next()
            read_block(reader)
        else:
            reader.next()
    return cut(reader, start)


def _at_body(reader: Reader, start: int) -> bool:
    if reader.peek().word not in ("AS", "THEN") or reader.peek(1).word not in ("BEGIN", "DECLARE"):
        return False
    words = [token.word for token in reader.tokens[start : reader.index]]
    return words[0] in ("CREATE", "ALTER") and any(word in _BODIED for word in words[:6])


def read_parenthesised(reader: Reader) -> Sql:
    """What stands between two parentheses, as SQL."""
    reader.expect("(")
    start, depth = reader.index, 1
    while depth:
        token = reader.next()
        if token.kind is Kind.END:
            raise reader.unexpected()
        depth += (token.word in _OPENING) - (token.word in _CLOSING)
    reader.index -= 1
    sql = cut(reader, start)
    reader.expect(")")
    return sql


def read_names(reader: Reader) -> tuple[str, ...]:
    """Variables, with or without their colon, separated by commas."""
    names = [_read_name(reader)]
    while reader.accept(","):
        names.append(_read_name(reader))
    return tuple(names)


def _read_name(reader: Reader) -> str:
    return reader.next().text if reader.peek().kind is Kind.BIND else reader.identifier()


def without_into(sql: Sql) -> tuple[Sql, tuple[str, ...]]:
    """A query freed of its `INTO :a, :b`, and the variables that it names."""
    at = _into(sql.tokens)
    if at is None:
        return sql, ()
    reader = Reader(
        sql.source, (*sql.tokens[at + 1 :], Token(Kind.END, "<EOF>", sql.tokens[-1].end, sql.tokens[-1].end, 0, 0))
    )
    names = read_names(reader)
    return _spliced(sql, at, at + 1 + reader.index), names


def _into(tokens: tuple[Token, ...]) -> int | None:
    if tokens[0].word not in ("SELECT", "WITH", "CALL", "EXECUTE"):
        return None
    depth = 0
    for index, token in enumerate(tokens):
        depth += (token.word in _OPENING) - (token.word in _CLOSING)
        if depth == 0 and token.word == "INTO" and index and tokens[index - 1].word not in (".", "INSERT", "MERGE"):
            return index
    return None


def _spliced(sql: Sql, first: int, last: int) -> Sql:
    """The SQL without the tokens of this range, which become blanks so that every offset stays true."""
    if last >= len(sql.tokens):
        return Sql(sql.source, sql.tokens[:first], sql.place)
    start, end = sql.tokens[first].start, sql.tokens[last].start
    blank = "".join(character if character == "\n" else " " for character in sql.source[start:end])
    source = sql.source[:start] + blank + sql.source[end:]
    return Sql(source, (*sql.tokens[:first], *sql.tokens[last:]), sql.place)
