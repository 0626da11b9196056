"""A CREATE TABLE by its elements: columns and constraints with their places, to take one out or change one word."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from runner.sql.chains import chains
from runner.sql.lexing import Token, meaningful, normal, tokens


@dataclass(frozen=True, slots=True)
class Element:
    """One column or constraint; ``start`` and ``end`` are its place in the DDL, commas not counted."""

    start: int
    end: int
    tokens: tuple[Token, ...]

    @property
    def refers(self) -> tuple[str, ...]:
        """The table that a foreign key refers to, by its parts; empty for everything else."""
        for position, token in enumerate(self.tokens):
            if token.word == "REFERENCES":
                return next(chains(self.tokens[position + 1 :])).parts
        return ()

    @property
    def sequence(self) -> tuple[str, ...]:
        """The sequence whose next value is the column's default, by its parts; empty for everything else."""
        for chain in chains(self.tokens):
            if len(chain.parts) > 1 and chain.parts[-1] == "NEXTVAL":
                return chain.parts[:-1]
        return ()

    @property
    def constraint(self) -> str:
        """The name that was given to a constraint, as stored; empty where none was."""
        return normal(self.tokens[1].text) if self.tokens[0].word == "CONSTRAINT" else ""

    @property
    def key(self) -> tuple[str, ...]:
        """The columns of a key, as stored."""
        start = next((n for n, token in enumerate(self.tokens) if token.text == "("), len(self.tokens))
        end = next((n for n, token in enumerate(self.tokens) if n > start and token.text == ")"), start)
        return tuple(normal(token.text) for token in self.tokens[start + 1 : end] if token.is_name)

    @property
    def is_constraint(self) -> bool:
        return self.tokens[0].word in ("CONSTRAINT", "PRIMARY", "UNIQUE", "FOREIGN", "CHECK")

    @property
    def column(self) -> str:
        """The column's stored name; empty for a constraint of the table."""
        return "" if self.is_constraint else normal(self.tokens[0].text)


def elements(ddl: str) -> tuple[Element, ...]:
    """The elements of a CREATE TABLE; none when it has no list of columns."""
    stream = meaningful(tokens(ddl))
    opening = next((n for n, token in enumerate(stream) if token.text == "("), None)
    if opening is None:
        return ()
    found, current, depth = list[Element](), list[Token](), 1
    for token in stream[opening + 1 :]:
        depth += (token.text == "(") - (token.text == ")")
        if depth == 0 or (depth == 1 and token.text == ","):
            if current:
                found.append(Element(current[0].start, current[-1].end, tuple(current)))
            current = []
        else:
            current.append(token)
        if depth == 0:
            break
    return tuple(found)


def without(ddl: str, unwanted: Callable[[Element], bool]) -> str:
    """The DDL without some of its constraints, and without the commas that stood before them."""
    found = elements(ddl)
    for before, element in reversed(list(pairwise(found))):
        if unwanted(element):
            ddl = ddl[: before.end] + ddl[element.end :]
    return ddl


def identity_from(ddl: str, column: str, start: str) -> str:
    """The DDL with the numbering of ``column`` beginning at ``start``, whatever it began at."""
    for element in elements(ddl):
        if element.column == column and (place := _identity_start(element.tokens)):
            return ddl[: place.start] + start + ddl[place.end :]
    return ddl


def _identity_start(stream: Sequence[Token]) -> Token | None:
    """The number behind AUTOINCREMENT START, or in IDENTITY(1, 1)."""
    for position, token in enumerate(stream[:-2]):
        if token.word in ("AUTOINCREMENT", "IDENTITY"):
            following = [each.word for each in stream[position + 1 : position + 3]]
            if following[0] == "(":
                return stream[position + 2]
            if following[0] == "START":
                return stream[position + 3 if following[1] in ("WITH", "=") else position + 2]
    return None
