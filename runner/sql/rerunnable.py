"""What GET_DDL prints, as a statement of a script: one that can run again and again without losing anything.

GET_DDL prints CREATE OR REPLACE for everything, which drops a table's rows, and bodies in quotes
(sql-reference/functions/get_ddl). All that is not part of the form stays byte for byte.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, Literal

from runner.sql.bodies import Body, find_body
from runner.sql.chains import chains
from runner.sql.errors import UnclosedError
from runner.sql.lexing import Kind, Token, head, meaningful, solid, string_value, tokens
from runner.sql.protecting import protect

Style = Literal["replace", "alter"]

_REPLACED: Final = frozenset({"VIEW", "PROCEDURE", "FUNCTION"})
"""Nothing is kept in these: they are replaced, with their grants."""

_ALTERED: Final = frozenset(
    {
        "TABLE", "VIEW", "PROCEDURE", "FUNCTION", "SCHEMA", "TASK", "STAGE", "TAG", "ROLE", "DATABASE ROLE",
        "WAREHOUSE", "NETWORK RULE", "NETWORK POLICY", "MASKING POLICY", "ROW ACCESS POLICY", "DYNAMIC TABLE",
        "FILE FORMAT",
    }
)  # fmt: skip
"""What can be created or altered (sql-reference/sql/create-or-alter)."""

_VIEWS: Final = frozenset({"VIEW", "MATERIALIZED VIEW"})
_HEAD_WORDS: Final = 24
"""Among so many first tokens the name itself may be called AS."""
_NO_COPY: Final = frozenset({"EXTERNAL", "METRIC"})
_REPLACING: Final = (("OR", "REPLACE"), ("OR", "ALTER"))
_GUARD: Final = ("IF", "NOT", "EXISTS")

_Change = tuple[int, int, str]


def rerunnable(ddl: str, kind: str, style: Style = "replace") -> str:
    """One object's DDL in a form that can run again, as a template that renders to it.

    What holds rows or a state is created IF NOT EXISTS, never replaced; views and routines are created OR REPLACE …
    COPY GRANTS. With ``style="alter"`` whatever Snowflake can is created OR ALTER. A quoted body is written between
    ``$$`` unless it holds ``$$``; what looks like Jinja is protected. A text that cannot be read, or creates nothing of
    this kind, is only protected. Give it what GET_DDL printed, no template: names are moved afterwards, in its result.
    """
    try:
        ddl = without_returns(ddl)
        stream = meaningful(head(ddl, _HEAD_WORDS)[0] if kind.upper() in _VIEWS else solid(ddl))
        return protect(_applied(ddl, sorted(_changes(ddl, stream, kind.upper(), style))))
    except UnclosedError:
        return protect(ddl)


def without_returns(text: str) -> str:
    """Line ends as scripts have them: in code a carriage return means nothing, in a text constant it is written out.

    A template that is rendered, and a file in git, would lose it.
    """
    if "\r" not in text:
        return text
    try:
        return "".join(_without_returns(token) for token in tokens(text))
    except UnclosedError:
        return text.replace("\r\n", "\n")


def _without_returns(token: Token) -> str:
    if token.kind is Kind.STRING and "\\\r" not in token.text:
        return token.text.replace("\r", "\\r")
    return token.text.replace("\r\n", "\n")


def _applied(text: str, changes: Sequence[_Change]) -> str:
    parts, position = [], 0
    for start, end, new in changes:
        parts += [text[position:start], new]
        position = end
    return "".join([*parts, text[position:]])


def _changes(ddl: str, stream: Sequence[Token], kind: str, style: Style) -> Iterator[_Change]:
    last = _kind_place(stream, kind.split())
    if last < 0:
        return
    words = [token.word for token in stream[: last + 1]]
    alter = style == "alter" and kind in _ALTERED and not {"MATERIALIZED", *_NO_COPY} & set(words)
    replace = not alter and kind in _REPLACED and "MATERIALIZED" not in words
    yield from _head(stream, last, " OR ALTER" if alter else " OR REPLACE" if replace else "")
    yield from _guard(stream, last, wanted=not alter and not replace)
    if replace and not _NO_COPY & set(words):
        yield from _copy_grants(stream, last)
    body = find_body(stream)
    if body:
        yield from _body(ddl, stream, body)


def _kind_place(stream: Sequence[Token], kind: Sequence[str]) -> int:
    """Where the last word of the created object's kind stands; -1 when the statement creates none of it."""
    if not stream or stream[0].word != "CREATE":
        return -1
    words = [token.word for token in stream[:12]]
    for place in range(1, len(words)):
        if words[place : place + len(kind)] == list(kind):
            return place + len(kind) - 1
        if not words[place]:
            return -1
    return -1


def _head(stream: Sequence[Token], last: int, how: str) -> Iterator[_Change]:
    """CREATE, how, the modifiers and the kind, in capitals."""
    place = 0
    while place <= last:
        token = stream[place]
        if place and tuple(one.word for one in stream[place : place + 2]) in _REPLACING:
            yield token.start, stream[place + 2].start, ""
            place += 2
            continue
        yield token.start, token.end, token.word + (how if place == 0 else "")
        place += 1


def _guard(stream: Sequence[Token], last: int, *, wanted: bool) -> Iterator[_Change]:
    """IF NOT EXISTS behind the kind, or not."""
    there = tuple(token.word for token in stream[last + 1 : last + 4]) == _GUARD
    if wanted and not there:
        yield stream[last].end, stream[last].end, " IF NOT EXISTS"
    if there and not wanted:
        yield stream[last + 1].start, stream[last + 4].start, ""


def _copy_grants(stream: Sequence[Token], last: int) -> Iterator[_Change]:
    """COPY GRANTS: behind a routine's arguments, before a view's COMMENT or AS (sql-reference/sql/create-view)."""
    routine, depth = stream[last].word != "VIEW", 0
    for place in range(_after_name(stream, last + 1), len(stream)):
        token = stream[place]
        depth += (token.text == "(") - (token.text == ")")
        if depth:
            continue
        if token.word == "COPY":
            return
        if routine and token.text == ")":
            if [one.word for one in stream[place + 1 : place + 2]] != ["COPY"]:
                yield token.end, token.end, " COPY GRANTS"
            return
        if not routine and token.word in ("COMMENT", "AS"):
            yield token.start, token.start, "COPY GRANTS "
            return


def _after_name(stream: Sequence[Token], place: int) -> int:
    """Past the object's own name, whose parts may be any word."""
    if tuple(token.word for token in stream[place : place + 3]) == _GUARD:
        place += 3
    return next((chain.after for chain in chains(stream[place : place + 6])), 0) + place


def _body(ddl: str, stream: Sequence[Token], body: Body) -> Iterator[_Change]:
    """A quoted body between ``$$``; one of several lines starts on a line of its own."""
    token = stream[body.position]
    text = string_value(token.text)
    text = without_returns(text) if body.language == "SQL" else text.replace("\r\n", "\n")
    if token.kind is not Kind.STRING or "$$" in text or text.endswith("$") or "\0" in text:
        return
    gap = stream[body.position - 1].end
    wide = "\n" in text and ddl[gap : token.start] == " "
    yield gap if wide else token.start, token.end, ("\n" if wide else "") + f"$${text}$$"
