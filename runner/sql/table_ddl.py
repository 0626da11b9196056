"""A CREATE TABLE by its elements: columns and constraints with their places, to take one out or change one number.

A text may be a template, as a moved one is: it is read as what it stands for, and changed where that stands.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from runner.sql.chains import chains
from runner.sql.lexing import Token, meaningful, normal, tokens
from runner.sql.protecting import Template, read_template


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


def columns(template: str) -> Iterator[tuple[str, str]]:
    """Every column's stored name, and its definition as the template writes it."""
    reading = read_template(template)
    for element in elements(reading.value):
        if element.column:
            yield element.column, template[reading.places[element.start] : reading.places[element.end]]


def without(ddl: str, unwanted: Callable[[Element], bool]) -> str:
    """The DDL without some of its constraints, and without the commas that stood before them."""
    found = elements(ddl)
    for before, element in reversed(list(pairwise(found))):
        if unwanted(element):
            ddl = ddl[: before.end] + ddl[element.end :]
    return ddl


def identity_from(template: str, column: str, start: str) -> str:
    """The DDL with the numbering of ``column`` beginning at ``start``, whatever it began at."""
    reading = read_template(template)
    for element in elements(reading.value):
        if element.column == column and (place := _identity_start(element.tokens)):
            return _replaced(template, reading, place, start)
    return template


def sequence_start(template: str) -> int:
    """The number at which a CREATE SEQUENCE begins; 1 where it does not say (sql-reference/sql/create-sequence)."""
    text = read_template(template).value
    place = _behind_start(meaningful(tokens(text)))
    return int(text[slice(*place)].replace(" ", "")) if place else 1


def sequence_from(template: str, start: str) -> str:
    """A CREATE SEQUENCE that begins at ``start``, whatever it began at."""
    reading = read_template(template)
    place = _behind_start(meaningful(tokens(reading.value)))
    return _replaced(template, reading, place, start) if place else template


def _replaced(template: str, reading: Template, place: tuple[int, int], text: str) -> str:
    return template[: reading.places[place[0]]] + text + template[reading.places[place[1]] :]


def _identity_start(stream: Sequence[Token]) -> tuple[int, int] | None:
    """Where the number behind AUTOINCREMENT START stands, or that in IDENTITY(1, 1)."""
    for position, token in enumerate(stream):
        if token.word in ("AUTOINCREMENT", "IDENTITY"):
            following = stream[position + 1 :]
            listed = following[0].text == "(" if following else False
            return _number(following[1:]) if listed else _behind_start(following)
    return None


def _behind_start(stream: Sequence[Token]) -> tuple[int, int] | None:
    """Where the number behind START, START WITH or START = stands; a sequence may be called START."""
    for position, token in enumerate(stream):
        if token.word == "START":
            following = stream[position + 1 :]
            if place := _number(following[1:] if following and following[0].word in ("WITH", "=") else following):
                return place
    return None


def _number(stream: Sequence[Token]) -> tuple[int, int] | None:
    """Where the number at the beginning stands, with its sign."""
    signed = bool(stream) and stream[0].text in ("-", "+")
    for number in stream[signed : signed + 1]:
        if number.text[:1].isdigit():
            return stream[0].start, number.end
    return None
