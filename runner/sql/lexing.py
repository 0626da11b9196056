"""Snowflake SQL as tokens that carry their place: joined again they give the text back, byte for byte.

Rules: sql-reference/identifiers-syntax, sql-reference/data-types-text (both kinds of string constants).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Final, NamedTuple

from runner.sql.blocks import unclosed


class Kind(Enum):
    """What a token is. SPACE and COMMENT carry no meaning; STRING and DOLLAR are texts; WORD and QUOTED are names."""

    SPACE = "space"
    COMMENT = "comment"
    WORD = "word"
    QUOTED = "quoted"
    STRING = "string"
    DOLLAR = "dollar"
    NUMBER = "number"
    VARIABLE = "variable"
    PATH = "path"
    SIGN = "sign"


_TOKEN = re.compile(
    r"""
      (?P<space>\s+)
    | (?P<word>(?:[aA][sS]|[iI][mM][mM][eE][dD][iI][aA][tT][eE])(?=\$\$)|[^\W\d][\w$]*)
    | (?P<string>'[^'\\]*(?:(?:\\.|'')[^'\\]*)*')
    | (?P<quoted>"[^"]*(?:""[^"]*)*")
    | (?P<comment>--[^\n]*|/\*.*?\*/)
    | (?P<dollar>\$\$.*?\$\$)
    | (?P<path>(?<=[fF][iI][lL][eE])://[^\s;]*)
    | (?P<slashes>//[^\n]*)
    | (?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)
    | (?P<variable>\$\w+)
    | (?P<open>'|"|/\*|\$\$)
    | (?P<sign>->>|::|:=|=>|->|\|\||<=|>=|<>|!=|.)
    """,
    re.DOTALL | re.VERBOSE,
)
_KINDS: Final = {kind.value: kind for kind in Kind} | {"slashes": Kind.COMMENT}

_PLAIN_NAME = re.compile(r"[A-Z_][A-Z0-9_$]*\Z")
_UNQUOTED_NAME = re.compile(r"[^\W\d][\w$]*\Z")


class Token(NamedTuple):
    """One token and where it stands. ``text`` is exactly what is written."""

    kind: Kind
    text: str
    start: int
    word: str
    """An unquoted word in capitals, a sign as it is; nothing for texts, comments and quoted names."""
    is_name: bool

    @property
    def end(self) -> int:
        return self.start + len(self.text)


def tokens(text: str) -> Iterator[Token]:
    """Every token of ``text``, blanks and comments too; raises UnclosedError where something is never closed."""
    return _tokens(text, blanks=True)


def solid(text: str) -> Iterator[Token]:
    """The same without the blanks."""
    return _tokens(text, blanks=False)


def _tokens(text: str, *, blanks: bool) -> Iterator[Token]:
    for found in _TOKEN.finditer(text):
        group = found.lastgroup
        if group == "word":
            written = found[0]
            yield Token(Kind.WORD, written, found.start(), written.upper(), True)
        elif group == "sign":
            written = found[0]
            yield Token(Kind.SIGN, written, found.start(), written, False)
        elif group == "space":
            if blanks:
                yield Token(Kind.SPACE, found[0], found.start(), "", False)
        elif group == "open":
            raise unclosed(text, found.start(), found[0])
        else:
            kind = _KINDS[group or ""]
            yield Token(kind, found[0], found.start(), "", kind is Kind.QUOTED)


def head(text: str, least: int = 0) -> tuple[list[Token], int]:
    """The tokens up to the first AS that no parenthesis surrounds and before which at least so many stand, and where it
    ends; all of them and 0 where there is none. What follows is read too, so that nothing is never closed, but not
    kept: it may be long.
    """
    found, depth = list[Token](), 0
    for token in tokens(text):
        found.append(token)
        depth += (token.text == "(") - (token.text == ")")
        if depth == 0 and token.word == "AS" and len(found) > least:
            _check_closed(text, token.end)
            return found, token.end
    return found, 0


def _check_closed(text: str, position: int) -> None:
    for found in _TOKEN.finditer(text, position):
        if found.lastgroup == "open":
            raise unclosed(text, found.start(), found[0])


def meaningful(stream: Iterable[Token]) -> list[Token]:
    """The tokens without blanks and comments."""
    return [token for token in stream if token.kind not in (Kind.SPACE, Kind.COMMENT)]


def normal(written: str) -> str:
    """A written identifier as Snowflake keeps it: unquoted in capitals, quoted as it is."""
    if written.startswith('"'):
        return written[1:-1].replace('""', '"')
    return written.upper()


def is_plain(name: str) -> bool:
    """Can a kept name be written without quotes and still mean itself?"""
    return _PLAIN_NAME.match(name) is not None


def is_unquoted(written: str) -> bool:
    """Is this how an unquoted identifier may be written, in whatever case?"""
    return _UNQUOTED_NAME.match(written) is not None


_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "0": "\0"}
_ESCAPE = re.compile(r"''|\\(?:([0-7]{1,3})|x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|(.))", re.DOTALL)


def string_value(written: str) -> str:
    """What a written text means: ``'…'`` with its escapes undone, ``$$…$$`` as it is."""
    if written.startswith("$$"):
        return written[2:-2]
    return _ESCAPE.sub(_unescaped, written[1:-1])


def _unescaped(found: re.Match[str]) -> str:
    octal, hexadecimal, code, other = found.groups()
    if octal:
        return chr(int(octal, 8))
    if hexadecimal or code:
        return chr(int(hexadecimal or code, 16))
    return _ESCAPES.get(other, other) if other else "'"


def string_literal(value: str) -> str:
    """``value`` as a string constant, safe whatever it holds: quotes doubled, backslashes doubled."""
    return "'" + value.replace("\\", "\\\\").replace("'", "''") + "'"
