"""The inside of a string constant with a map back to how it is written: an edit inside leaves the rest alone."""

from __future__ import annotations

import re
from dataclasses import dataclass

from runner.sql.lexing import Token, string_value

_ESCAPE = re.compile(r"''|\\(?:[0-7]{1,3}|x[0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|.)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Inside:
    """``value`` is what the constant means; ``places[i]`` is where its i-th character is written in the whole text."""

    value: str
    places: tuple[int, ...] | range
    dollar: bool

    def written(self, value: str) -> str:
        """``value`` as it must be written inside this constant."""
        return value if self.dollar else value.replace("\\", "\\\\").replace("'", "''")


def inside(token: Token) -> Inside:
    """The inside of a STRING or DOLLAR token."""
    if token.text.startswith("$$"):
        start = token.start + 2
        return Inside(token.text[2:-2], range(start, token.end - 1), dollar=True)
    return Inside(string_value(token.text), tuple(_places(token)), dollar=False)


def _places(token: Token) -> list[int]:
    body, places, position = token.text[1:-1], list[int](), 0
    first = token.start + 1
    for escape in _ESCAPE.finditer(body):
        places.extend(range(first + position, first + escape.start() + 1))
        position = escape.end()
    places.extend(range(first + position, first + len(body) + 1))
    return places
