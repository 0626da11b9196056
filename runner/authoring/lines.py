"""Where a place of a text that was made re-runnable stands in the text that the source gave. Pure.

People see the source's text; edits are made in one whose head is another and whose body may stand between ``$$``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from functools import cached_property
from typing import TypeVar

from runner.sql.moving import Edit, Seen

T = TypeVar("T", Edit, Seen)
_CHARACTER = re.compile(r"''|\\\\|.", re.DOTALL)
_HEAD = 2000
"""So many lines are compared one with the other; a longer head is taken line by line."""


@dataclass(frozen=True)
class Lines:
    """``source`` as it was read, ``made`` as it was edited."""

    source: str
    made: str

    def place(self, line: int, column: int, text: str) -> tuple[int, int]:
        """Line and column, from 1, of what stands at ``line`` and ``column`` of what was made: ``text``."""
        number = self._numbers[line - 1]
        here, there = self._made[line - 1], self._source[number]
        if here == there:
            return number + 1, column
        exact = _escaped(there, here, column - 1)
        at = exact if exact is not None else max(there.upper().find(text.split("\n")[0].upper()), 0)
        return number + 1, at + 1

    def of(self, thing: T) -> T:
        """An edit, or what was seen and left, at its place in the source's text."""
        line, column = self.place(thing.line, thing.column, thing.before if isinstance(thing, Edit) else thing.text)
        return replace(thing, line=line, column=column)

    @cached_property
    def _source(self) -> list[str]:
        return self.source.split("\n")

    @cached_property
    def _made(self) -> list[str]:
        return self.made.split("\n")

    @cached_property
    def _numbers(self) -> list[int]:
        """For each line that was made, the source's, from 0: the same from the end on, then by likeness."""
        made, source = [_bare(line) for line in self._made], [_bare(line) for line in self._source]
        same = 0
        while same < min(len(made), len(source)) and made[-1 - same] == source[-1 - same]:
            same += 1
        heads = len(made) - same, len(source) - same
        tail = range(heads[1], len(source))
        return [*_alike(made[: heads[0]], source[: heads[1]]), *tail]


def _alike(made: Sequence[str], source: Sequence[str]) -> list[int]:
    last = max(len(source) - 1, 0)
    if max(len(made), len(source)) > _HEAD:
        return [min(number, last) for number in range(len(made))]
    found = [0] * len(made)
    for _, start, end, other, other_end in SequenceMatcher(None, made, source, autojunk=False).get_opcodes():
        for number in range(start, end):
            found[number] = min(other + number - start, max(other_end - 1, other, 0), last)
    return found


def _bare(line: str) -> str:
    """A line without what another way of writing it changes: blanks, capitals, escapes, the quotes around a body."""
    return "".join(line.replace("''", "'").replace("\\\\", "\\").split()).upper().removesuffix(";").strip("'$")


def _escaped(source: str, made: str, column: int) -> int | None:
    """The same character in a line of a body in quotes, where ' and \\ stand twice; None where that is no such line."""
    pairs = [(found.start(), found[0][0]) for found in _CHARACTER.finditer(source)]
    if [character for _, character in pairs] != list(made):
        return None
    return pairs[column][0] if column < len(pairs) else len(source)
