"""The text of a procedure or function: where it stands in its CREATE statement, and in which language it is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from runner.sql.lexing import Kind, Token, meaningful, string_value, tokens

_CALLABLE = frozenset({"PROCEDURE", "FUNCTION"})


@dataclass(frozen=True, slots=True)
class Body:
    """The STRING or DOLLAR token at ``position`` of the stream is a body in ``language``."""

    position: int
    language: str


def find_body(stream: Sequence[Token]) -> Body | None:
    """The body of the CREATE PROCEDURE or FUNCTION (or WITH … AS PROCEDURE) that the stream is, or of none.

    Without LANGUAGE it is SQL (sql-reference/sql/create-procedure-sql).
    """
    if not stream or stream[0].word not in ("CREATE", "WITH") or not _is_callable(stream):
        return None
    language = "SQL"
    for position, token in enumerate(stream[:-1]):
        following = stream[position + 1]
        if token.word == "LANGUAGE" and following.kind is Kind.WORD:
            language = following.word
        if token.word == "AS" and following.kind in (Kind.STRING, Kind.DOLLAR):
            return Body(position + 1, language)
    return None


def _is_callable(stream: Sequence[Token]) -> bool:
    """Is PROCEDURE or FUNCTION what is created, and not the name of something else?"""
    leading = [token.word for token in stream[:8]]
    if "EXTERNAL" in leading[:4]:
        return False
    return any(word in _CALLABLE and not {"TABLE", "VIEW"} & set(leading[:n]) for n, word in enumerate(leading))


def bare_body(stream: Sequence[Token]) -> int:
    """Where a body without quotes starts (AS BEGIN, AS DECLARE); 0 when the statement has none."""
    if not stream or stream[0].word != "CREATE" or not _is_callable(stream):
        return 0
    for position, token in enumerate(stream[1:], 1):
        if token.word in ("BEGIN", "DECLARE") and stream[position - 1].word == "AS":
            return position
    return 0


def body_text(ddl: str) -> str:
    """The true text of a procedure's or function's body, without its quotes: what is compared, hashed and shown.

    GET_DDL prints every body in quotes (sql-reference/functions/get_ddl), people mostly write ``$$``. A statement
    without a body has the empty text.
    """
    stream = meaningful(tokens(ddl))
    found = find_body(stream)
    if found:
        return string_value(stream[found.position].text)
    start = bare_body(stream)
    return ddl[stream[start].start :].rstrip(" \t\r\n;") if start else ""
