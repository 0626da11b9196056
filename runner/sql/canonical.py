"""DDL in one form, so that two texts can be compared: equal forms mean the same object, whoever wrote or printed it.

Gone are comments, blanks, the case of words, quotes that change nothing, OR REPLACE, OR ALTER, IF NOT EXISTS, COPY
GRANTS and clauses that repeat a default. `db..t` is `db.PUBLIC.t`. Types have their true names, bodies their true text
(sql-reference/functions/get_ddl says what Snowflake changes when it prints DDL).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from runner.sql.bodies import bare_body, find_body
from runner.sql.errors import UnclosedError
from runner.sql.lexing import Kind, Token, is_plain, meaningful, normal, string_literal, string_value, tokens
from runner.sql.splitting import split
from runner.sql.types import read_type

_CREATION: Final = (("OR", "REPLACE"), ("OR", "ALTER"), ("IF", "NOT", "EXISTS"), ("COPY", "GRANTS"))
_DEFAULTS: Final = (("LANGUAGE", "SQL"), ("EXECUTE", "AS", "OWNER"), ("CALLED", "ON", "NULL", "INPUT"), ("VOLATILE",))
_NO_COLUMN: Final = frozenset({"CONSTRAINT", "PRIMARY", "FOREIGN", "UNIQUE", "CHECK"})


def canonical(ddl: str) -> str:
    """The one form of ``ddl``; a statement a line, its parts on lines of their own where a difference shows best."""
    return ";\n".join(_statement(meaningful(tokens(piece.text))) for piece in split(ddl))


def _statement(stream: Sequence[Token]) -> str:
    if not stream or stream[0].word != "CREATE":
        return _joined(_words(stream))
    found = find_body(stream)
    if found:
        body = _body(string_value(stream[found.position].text), found.language)
        rest = _words(stream[found.position + 1 :])
        return _joined([*_header(stream[: found.position], callable_=True), body, *rest])
    start = bare_body(stream)
    if start:
        return _joined([*_header(stream[:start], callable_=True), _framed(stream[start:])])
    end = _as(stream)
    return _joined([*_header(stream[:end], callable_=False), *_words(stream[end:])])


def _as(stream: Sequence[Token]) -> int:
    """Where the AS stands that no parenthesis surrounds; the end when there is none."""
    depth = 0
    for position, token in enumerate(stream):
        depth += (token.text == "(") - (token.text == ")")
        if depth == 0 and token.word == "AS":
            return position
    return len(stream)


def _body(text: str, language: str) -> str:
    """A body's true text. Of SQL the tokens count; of other languages every character does, but for line ends."""
    if language == "SQL":
        try:
            return _framed(meaningful(tokens(text)))
        except UnclosedError:
            pass
    return f"\n$$\n{text.replace(chr(13) + chr(10), chr(10)).strip()}\n$$"


def _framed(stream: Sequence[Token]) -> str:
    end = len(stream)
    while end and stream[end - 1].text == ";":
        end -= 1
    return f"\n$$\n{_joined(_words(stream[:end]))}\n$$"


def _header(stream: Sequence[Token], *, callable_: bool) -> list[str]:
    """The words before the body, or before AS: without what only says how to create, with types by their true names."""
    dropped = _CREATION + (_DEFAULTS if callable_ else ())
    words, position, depth = list[str](), 0, 0
    while position < len(stream):
        skipped = _skipped(stream, position, dropped) if depth == 0 else 0
        if skipped:
            position += skipped
            continue
        depth += (stream[position].text == "(") - (stream[position].text == ")")
        words.append(_word(stream[position]))
        position += 1
        if _is_column(stream, position, depth) or words[-1] in ("RETURNS", "::"):
            position = _take_type(stream, position, words)
    return words


def _skipped(stream: Sequence[Token], position: int, phrases: Sequence[tuple[str, ...]]) -> int:
    """How many tokens a phrase that starts here takes, 0 when none does."""
    for phrase in phrases:
        if tuple(token.word for token in stream[position : position + len(phrase)]) == phrase:
            return len(phrase)
    return 0


def _is_column(stream: Sequence[Token], position: int, depth: int) -> bool:
    """Does a column's or argument's type stand at ``position``, right behind its name?"""
    if depth != 1 or position < 2 or not stream[position - 1].is_name:
        return False
    return stream[position - 2].text in ("(", ",") and stream[position - 1].word not in _NO_COLUMN


def _words(stream: Sequence[Token]) -> list[str]:
    words, position = list[str](), 0
    while position < len(stream):
        words.append(_word(stream[position]))
        position += 1
        if words[-2:] == [".", "."]:
            words[-1:] = ["PUBLIC", "."]
        if words[-1] == "::":
            position = _take_type(stream, position, words)
    return words


def _take_type(stream: Sequence[Token], position: int, words: list[str]) -> int:
    name, after = read_type(stream, position)
    if name:
        words.append(name)
    return after


def _word(token: Token) -> str:
    match token.kind:
        case Kind.WORD:
            return token.text.upper()
        case Kind.QUOTED:
            name = normal(token.text)
            return name if is_plain(name) else token.text
        case Kind.STRING | Kind.DOLLAR:
            return string_literal(string_value(token.text))
        case _:
            return token.text.upper() if token.kind is Kind.VARIABLE else token.text


def _joined(words: Sequence[str]) -> str:
    """Words with one blank between, a line end behind what ends a column or a statement."""
    parts, depth = list[str](), 0
    for word in words:
        if parts and not parts[-1].endswith("\n") and not word.startswith("\n"):
            parts.append(" ")
        parts.append(word)
        depth += (word == "(") - (word == ")")
        if word == ";" or (word == "," and depth <= 1):
            parts.append("\n")
    return "".join(parts).rstrip("\n")
