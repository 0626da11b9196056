"""Names with dots between them, as they stand in a statement: ``db.schema.object``, ``db..object``, ``a.b.NEXTVAL``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from runner.sql.lexing import Kind, Token, normal

_NOT_NAMES = frozenset({".", ":", "::"})


class Chain(NamedTuple):
    """One such name: its parts as Snowflake keeps them (an empty one between two dots), and its place.

    ``first`` and ``after`` are places in the stream of meaningful tokens; ``stage`` says that an @ stands before.
    """

    parts: tuple[str, ...]
    first: int
    after: int
    stage: bool


def chains(stream: Sequence[Token]) -> Iterator[Chain]:
    """Every chain of names in a stream without blanks and comments.

    What follows a colon is a path into a value, a bind variable or a type; what follows a stage's name without a blank
    is a path in the stage. Neither is a name.
    """
    position, length = 0, len(stream)
    while position < length:
        token = stream[position]
        if not token.is_name:
            position += 1
            continue
        before = stream[position - 1].text if position else ""
        if position + 1 == length or stream[position + 1].text != ".":
            chain = Chain((token.word or normal(token.text),), position, position + 1, before == "@")
        else:
            chain = _chain_at(stream, position, stage=before == "@")
        if before not in _NOT_NAMES:
            yield chain
        position = _after_path(stream, chain.after) if chain.stage else chain.after


def _chain_at(stream: Sequence[Token], first: int, *, stage: bool) -> Chain:
    parts = [normal(stream[first].text)]
    position = first + 1
    while position + 1 < len(stream) and stream[position].text == ".":
        if stream[position + 1].text == "." and len(parts) == 1:
            parts.append("")
            position += 1
        elif stream[position + 1].is_name:
            parts.append(normal(stream[position + 1].text))
            position += 2
        else:
            break
    return Chain(tuple(parts), first, position, stage)


def _after_path(stream: Sequence[Token], position: int) -> int:
    """Past the path that hangs on a stage's name: what follows without a blank, up to a comma or a parenthesis."""
    while position < len(stream):
        token = stream[position]
        if token.start != stream[position - 1].end or token.text in ",();" or token.kind is Kind.STRING:
            break
        position += 1
    return position


def lead(stream: Sequence[Token], position: int) -> str:
    """The word or sign before ``position``, past IF [NOT] EXISTS; nothing at the start."""
    place = lead_place(stream, position)
    return stream[place].word if place >= 0 else ""


def lead_place(stream: Sequence[Token], position: int) -> int:
    """Where that word stands; -1 at the start."""
    position -= 1
    while position >= 0 and stream[position].word in ("IF", "NOT", "EXISTS"):
        position -= 1
    return position


def statements(stream: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """The stream cut at every ``;``, those inside blocks too."""
    start = 0
    for position, token in enumerate(stream):
        if token.word == ";":
            yield stream[start:position]
            start = position + 1
    yield stream[start:]
