"""Rendered SQL laid out for people. Only blanks and the case of keywords may change; on any doubt nothing does."""

from __future__ import annotations

from typing import Final

from runner.sql.errors import SqlTextError
from runner.sql.lexing import Kind, tokens
from runner.sql.splitting import split

# The formatter reads a third of a megabyte a second; nobody reads a longer statement for its layout.
_LONGEST: Final = 20_000


def pretty(sql: str) -> str:
    """``sql`` with every statement laid out; what stands between the statements, and what is in doubt, is left."""
    try:
        pieces = split(sql)
    except SqlTextError:
        return sql
    parts, position = [], 0
    for piece in pieces:
        parts += [sql[position : piece.offset], _laid_out(piece.text)]
        position = piece.offset + len(piece.text)
    return "".join([*parts, sql[position:]])


def _laid_out(statement: str) -> str:
    if len(statement) > _LONGEST:
        return statement
    try:
        formatted = _formatted(statement)
        return formatted if _essence(formatted) == _essence(statement) and len(split(formatted)) == 1 else statement
    except (SqlTextError, RecursionError):
        return statement


def _formatted(statement: str) -> str:
    import sqlparse
    from sqlparse.exceptions import SQLParseError

    try:
        return str(sqlparse.format(statement, reindent=True, keyword_case="upper")).strip()
    except SQLParseError:
        return statement


def _essence(statement: str) -> list[tuple[Kind, str]]:
    """What must not change: every token but blanks, words without regard to case."""
    return [
        (token.kind, token.text.upper() if token.kind is Kind.WORD else token.text.rstrip())
        for token in tokens(statement)
        if token.kind is not Kind.SPACE
    ]
