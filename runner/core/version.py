"""Versions compare part by part as numbers: 1 = 001 = 1.0, 1.2 < 1.10."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import total_ordering

_FORM = re.compile(r"[0-9]+(?:[._][0-9]+)*")


@total_ordering
@dataclass(frozen=True, slots=True, eq=False)
class Version:
    """A script's version. `text` is as written in the file name; equality is by value."""

    text: str
    parts: tuple[int, ...] = field(init=False)

    def __post_init__(self) -> None:
        if not _FORM.fullmatch(self.text):
            raise ValueError(f"'{self.text}' is not a version: numbers parted by '.' or '_' are")
        numbers = [int(part) for part in re.split(r"[._]", self.text)]
        while len(numbers) > 1 and numbers[-1] == 0:
            numbers.pop()
        object.__setattr__(self, "parts", tuple(numbers))

    @staticmethod
    def fits(text: str) -> bool:
        """Whether a text is a version."""
        return _FORM.fullmatch(text) is not None

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Version) and self.parts == other.parts

    def __hash__(self) -> int:
        return hash(self.parts)

    def __lt__(self, other: Version) -> bool:
        return self.parts < other.parts

    def __str__(self) -> str:
        return self.text
