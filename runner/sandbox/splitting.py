"""A request's text cut into its statements, so that their number can be held against MULTI_STATEMENT_COUNT.

A semicolon ends a statement unless it stands inside a Snowflake Scripting block: BEGIN … END, DECLARE … BEGIN … END,
or the body of a routine or task written without quotes (developer-guide/snowflake-scripting/blocks).
"""

from __future__ import annotations

from runner.sandbox.classes import dataclass
from runner.sandbox.errors import SnowflakeError
from runner.sandbox.tokens import Kind, Token, tokenize

_NOT_A_BLOCK = frozenset({";", "TRANSACTION", "WORK", "NAME", ""})
_CONSTRUCTS = frozenset({"IF", "FOR", "WHILE", "LOOP", "REPEAT"})
_WITH_BODY = frozenset({"PROCEDURE", "FUNCTION", "TASK", "ALERT"})


@dataclass(slots=True)
class _Place:
    """Where the cutter stands inside one statement."""

    words: int = 0
    routine: bool = False
    declaring: bool = False
    depth: int = 0

    @property
    def inside(self) -> bool:
        return self.declaring or self.depth > 0


def statements(text: str) -> list[str]:
    """The statements, trimmed, without their semicolons; nothing but comments gives an empty list."""
    tokens = tokenize(text)
    found: list[str] = []
    place, first = _Place(), tokens[0]
    for at, token in enumerate(tokens):
        if token.kind is Kind.END or (token.word == ";" and not place.inside):
            if place.words:
                found.append(text[first.start : tokens[at - 1].end])
            place = _Place()
            first = tokens[min(at + 1, len(tokens) - 1)]
        else:
            _step(place, token, tokens[at - 1] if at else None, tokens[at + 1])
    return found


def _step(place: _Place, token: Token, previous: Token | None, following: Token) -> None:
    word = token.word if token.kind is Kind.WORD else ""
    if place.inside:
        _inside(place, word, previous.word if previous else "", following)
    elif word in ("BEGIN", "DECLARE") and (place.words == 0 or _opens_body(place, previous)):
        _enter(place, word, following)
    elif word in _WITH_BODY and 0 < place.words < 8:
        place.routine = True
    place.words += 1


def _opens_body(place: _Place, previous: Token | None) -> bool:
    return place.routine and previous is not None and previous.word in ("AS", "THEN")


def _enter(place: _Place, word: str, following: Token) -> None:
    if word == "DECLARE":
        place.declaring = True
    elif _starts_block(following):
        place.depth = 1


def _starts_block(following: Token) -> bool:
    return following.kind is not Kind.END and following.word not in _NOT_A_BLOCK - {""}


def _inside(place: _Place, word: str, before: str, following: Token) -> None:
    if word == "BEGIN" and _starts_block(following):
        place.declaring, place.depth = False, place.depth + 1
    elif word == "CASE" and before != "END":
        place.depth += 1
    elif word == "END" and following.word not in _CONSTRUCTS and place.depth:
        place.depth -= 1


def counted(text: str, wanted: int) -> list[str]:
    """The statements of a request that declared how many it holds; 0 allows any number, another count is refused."""
    alone = text.rstrip().rstrip(";")
    if ";" not in alone and wanted <= 1:
        return statements_of_one(alone)
    found = statements(text)
    if not found:
        raise empty_statement()
    if wanted not in (0, len(found)):
        raise SnowflakeError(
            8, "0A000", f"Actual statement count {len(found)} did not match the desired statement count {wanted}."
        )
    return found


def statements_of_one(text: str) -> list[str]:
    """A text without semicolons is one statement, or none."""
    if not text.strip() or (text.lstrip().startswith(("--", "//", "/*")) and not statements(text)):
        raise empty_statement()
    return [text.strip()]


def empty_statement() -> SnowflakeError:
    return SnowflakeError(900, "42601", "SQL compilation error:\nEmpty SQL statement.")
