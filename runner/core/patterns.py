"""Names with wildcards, as people choose objects: ``mart.dim_*``, ``"Odd Name"``, ``sp_load(date, number)``."""

from __future__ import annotations

import re
from dataclasses import dataclass
from fnmatch import translate
from functools import cached_property

_PART = re.compile(r'\s*(?:"((?:[^"]|"")+)"|([A-Za-z_*?][A-Za-z0-9_$*?]*))\s*')
_ARGUMENTS = re.compile(r"\((?:[^()]|\([^()]*\))*\)\s*\Z")


@dataclass(frozen=True)
class Pattern:
    """What a name must be like, part by part from the last. Unquoted parts are in capitals and may hold * and ?.

    ``arguments`` (``(DATE, NUMBER)``, without blanks that carry no meaning) is None where any will do.
    """

    text: str
    parts: tuple[str, ...]
    exact: tuple[bool, ...]
    arguments: str | None = None

    @staticmethod
    def parse(text: str) -> Pattern:
        """A pattern of one to three parts; ValueError says what is wrong with it."""
        behind = _ARGUMENTS.search(text)
        parts, exact = list[str](), list[bool]()
        position, name = 0, text[: behind.start()] if behind else text
        while True:
            found = _PART.match(name, position)
            if not found:
                raise ValueError(f"'{text}' is not a name or pattern: schema.name, with * and ?, is")
            parts.append(found[1].replace('""', '"') if found[1] else found[2].upper())
            exact.append(found[1] is not None)
            if found.end() == len(name):
                break
            if name[found.end()] != ".":
                raise ValueError(f"'{text}' is not a name or pattern: '{name[found.end()]}' must be quoted")
            position = found.end() + 1
        if len(parts) > 3:
            raise ValueError(f"'{text}' has more than three parts: database.schema.name is the longest")
        return Pattern(text, tuple(parts), tuple(exact), signature(behind[0]) if behind else None)

    @property
    def is_name(self) -> bool:
        """Can it mean only one name? Then it was asked for by name."""
        return all(exact or not set(part) & {"*", "?"} for part, exact in zip(self.parts, self.exact, strict=True))

    @cached_property
    def _expressions(self) -> tuple[re.Pattern[str], ...]:
        return tuple(
            re.compile(re.escape(part) + r"\Z" if exact else translate(part.replace("[", "[[]")), re.DOTALL)
            for part, exact in zip(self.parts, self.exact, strict=True)
        )

    def matches(self, place: tuple[str, ...], arguments: str = "") -> bool:
        """Is this it? ``place`` is the stored name from the database on."""
        if len(self.parts) > len(place) or (self.arguments is not None and self.arguments != signature(arguments)):
            return False
        last = place[len(place) - len(self.parts) :]
        return all(expression.match(part) for expression, part in zip(self._expressions, last, strict=True))

    def __str__(self) -> str:
        return self.text


def signature(text: str) -> str:
    """Argument types in one form: ``(DATE, NUMBER)``."""
    inside = text.strip()[1:-1]
    return "(" + re.sub(r"\s*,\s*", ", ", " ".join(inside.upper().split())) + ")" if text.strip() else ""
