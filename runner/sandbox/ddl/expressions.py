"""Where an expression inside a definition ends, and names that a definition holds."""

from __future__ import annotations

from collections.abc import Collection

from runner.sandbox.ddl.names import written
from runner.sandbox.tokens import Kind, Reader, Token

_OPEN = {"(": 1, "[": 1, "{": 1, "CASE": 1, ")": -1, "]": -1, "}": -1, "END": -1}


def read_expression(reader: Reader, stops: Collection[str]) -> str:
    """The source of one expression: it ends before a comma, a closing parenthesis, or one of the words in `stops`.

    NOT and NULL are stops of their own only where they begin `NOT NULL` or stand after a whole expression.
    """
    start, depth = reader.peek(), 0
    while reader.peek().kind is not Kind.END:
        token = reader.peek()
        if depth == 0 and token is not start and _ends(reader, stops):
            break
        if depth == 0 and token.word in (",", ")", ";"):
            break
        depth += _OPEN.get(token.word, 0)
        reader.next()
    if reader.peek() is start:
        raise reader.unexpected()
    return _tail(reader, start)


def _tail(reader: Reader, start: Token) -> str:
    return reader.source[start.start : reader.tokens[reader.index - 1].end]


def _ends(reader: Reader, stops: Collection[str]) -> bool:
    word = reader.peek().word
    if word == "NOT":
        return reader.at("NOT", "NULL") and reader.peek(-1).word != "IS"
    if word == "NULL":
        return reader.peek(-1).word not in ("NOT", "IS")
    return word in stops


def read_expressions(reader: Reader) -> list[str]:
    """The expressions of a parenthesised list, simple column names written as Snowflake writes them."""
    reader.expect("(")
    found = [_one(reader)]
    while reader.accept(","):
        found.append(_one(reader))
    reader.expect(")")
    return found


def _one(reader: Reader) -> str:
    token = reader.peek()
    alone = reader.peek(1).word in (",", ")")
    text = read_expression(reader, ())
    return written(token.identifier) if alone and token.kind in (Kind.WORD, Kind.QUOTED) else text


def read_using(reader: Reader) -> tuple[str, ...]:
    """The columns of a masking policy, `USING (masked, conditional …)`; empty when it is not there."""
    return tuple(read_names(reader)) if reader.accept("USING") else ()


def read_names(reader: Reader) -> list[str]:
    """The names of a parenthesised list."""
    reader.expect("(")
    names = [reader.identifier()]
    while reader.accept(","):
        names.append(reader.identifier())
    reader.expect(")")
    return names
