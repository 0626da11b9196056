"""One object's DDL moved to where it will live: names change by edits to their spans, all other bytes stay.

What is certain is edited: names in code, in bodies of LANGUAGE SQL, and in texts that can only be names. What only may
be a name (other texts, dynamic SQL, comments, bodies in other languages) is left and said, unless it was allowed.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from runner.sql.literals import Inside
from runner.sql.naming import Change, EditKind, Literals, Names, Naming, styled
from runner.sql.places import Place, Reading, Text, read_places
from runner.sql.protecting import Template, read_template
from runner.sql.rewriting import SeenKind

__all__ = ["Edit", "EditKind", "Literals", "Moved", "Names", "Seen", "move"]

_UNSAFE: Final = frozenset("'\"\\`$")
"""What would have to be escaped in a text of another language."""

_BARE: Final = re.compile(r"\s*\|\s*ident\s*\}\}")
"""A text that is a name, and compared with one, holds it without the quotes that an identifier may need."""

_WHY: Final = {
    SeenKind.STRING: "a text: only its author knows whether it is meant as this name",
    SeenKind.COMMENT: "a comment: it says what was",
    SeenKind.DYNAMIC: "SQL that is run from a text",
    SeenKind.CONCATENATED: "a piece of a text that is put together when it runs",
    SeenKind.FOREIGN: "in a body that is not SQL",
    SeenKind.NAME: "a column, an alias or an object of the same name as a database",
    SeenKind.AMBIGUOUS: "the first of two parts: a schema, a table or an alias of the same name as a database",
    SeenKind.VARIABLE: "what it names is known only when it runs",
    SeenKind.UNREADABLE: "it cannot be read as SQL, so nothing in it was changed",
    SeenKind.OUTSIDE: "no name is given for this database in the target",
}


@dataclass(frozen=True, slots=True)
class Edit:
    """``before``, at ``line`` and ``column`` (from 1) of the text that was given, became ``after``."""

    line: int
    column: int
    kind: EditKind
    before: str
    after: str
    why: str


@dataclass(frozen=True, slots=True)
class Seen:
    """``text`` at ``line`` and ``column`` was left as it is, and why a person should look.

    ``sql_like`` says that it stands as SQL would have it: in SQL, or as a whole name by itself; ``foreign``, that it
    stands in a body of another language.
    """

    line: int
    column: int
    kind: SeenKind
    text: str
    why: str
    sql_like: bool = False
    foreign: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """The new text, what was changed in the old one, and what was seen there and left."""

    text: str
    edits: tuple[Edit, ...]
    seen: tuple[Seen, ...]


def move(ddl: str, names: Names) -> Moved:
    """``ddl`` with its names moved.

    Give it a template, such as `rerunnable` makes: what stands in ``{% raw %}`` is text, ``{{ … }}`` is left alone.
    Moving the result again changes nothing, unless a target is a source too. The own name, and unqualified names in the
    head of the statement, get their schema written before them: they would resolve in the session's. In bodies and
    queries they stay, since Snowflake resolves them where the object lives.
    """
    template = read_template(ddl)
    mover = _Mover(ddl, template, names)
    mover.read(read_places(template.value, template.places, names.sources))
    return mover.moved()


@dataclass
class _Mover:
    ddl: str
    template: Template
    names: Names
    edits: dict[int, tuple[int, Edit]] = field(default_factory=dict)
    seen: dict[int, Seen] = field(default_factory=dict)

    @cached_property
    def line_ends(self) -> list[int]:
        return [found.start() for found in re.finditer("\n", self.ddl)]

    def read(self, reading: Reading) -> None:
        for place in reading.places:
            self._place(place)
        for text in reading.texts:
            self._text(text)
        for sight in reading.sights:
            self._see(sight.kind, sight.start, sight.text)

    def moved(self) -> Moved:
        """The text with its edits in their order; of two that would overlap the first."""
        parts, edits, position = list[str](), list[Edit](), 0
        for start, (end, edit) in sorted(self.edits.items()):
            if start >= position:
                parts += [self.ddl[position:start], edit.after]
                edits.append(edit)
                position = end
        return Moved("".join([*parts, self.ddl[position:]]), tuple(edits), tuple(self._distinct()))

    def _distinct(self) -> Iterator[Seen]:
        """What was seen, without what lies within an edit, or within something that was seen before."""
        ends = {start: end for start, (end, _) in self.edits.items()}
        ends |= {start: start + len(one.text) for start, one in self.seen.items()}
        position = 0
        for start, end in sorted(ends.items()):
            if start >= position and start in self.seen:
                yield self.seen[start]
            position = max(position, end)

    def _place(self, place: Place) -> None:
        naming = Naming(self.names, place, self.ddl)
        changes = list(naming.changes())
        if changes and not self._allowed(place, changes):
            assert place.kind is not None
            self._see(place.kind, place.parts[0].start, self._name(place), sql_like=True, foreign=place.foreign)
            return
        for change in changes:
            self._edit(change, place.around)
        for kind, part in ((SeenKind.OUTSIDE, naming.outside()), (SeenKind.AMBIGUOUS, naming.ambiguous())):
            if part:
                self._see(kind, part.start, part.written)

    def _name(self, place: Place) -> str:
        """The whole name as it is written."""
        return self.ddl[place.parts[0].start : place.parts[-1].end]

    def _allowed(self, place: Place, changes: Sequence[Change]) -> bool:
        if place.kind is None:
            return True
        allowed = self.names.bodies if place.foreign else self.names.literals
        if isinstance(allowed, str):
            unsafe = place.foreign and any(not one.expression and not _UNSAFE.isdisjoint(one.text) for one in changes)
            pieces = place.kind is SeenKind.CONCATENATED and any(one.kind is EditKind.OBJECT for one in changes)
            return allowed == "rewrite" and not pieces and not unsafe
        return self._is_listed(place.parts[0].start, self._name(place))

    def _is_listed(self, start: int, text: str) -> bool:
        listed = [one for one in (self.names.literals, self.names.bodies) if not isinstance(one, str)]
        return any((self._line(start), text) in one for one in listed)

    def _text(self, text: Text) -> None:
        for found in self.names.word.finditer(text.value):
            self._word(text, found)
        if text.value.strip().upper() in self.names.whole and text.kind is not SeenKind.COMMENT:
            self._see(text.kind, text.places[0], text.value.strip(), sql_like=True, foreign=text.foreign)

    def _word(self, text: Text, found: re.Match[str]) -> None:
        """A name in a text: changed where it is all of it, or on the list; else said."""
        start, end = text.places[found.start()], text.places[found.end()]
        whole = text.value.strip(' ."\n') == found[0] and text.kind is not SeenKind.COMMENT
        listed = text.kind is not SeenKind.COMMENT and self._is_listed(start, found[0])
        new = self.names.databases.get(found[0].upper())
        allowed = self.names.bodies if text.foreign else self.names.literals
        if new and (listed or (whole and allowed == "rewrite")):
            written = _BARE.sub(" }}", new) if text.value.strip() == found[0] else new
            why = "a text that is this name" if whole else "allowed, by its line and text"
            self._edit(Change(start, end, EditKind.TEXT, styled(found[0], written), why), text.around)
        else:
            self._see(text.kind, start, found[0], sql_like=whole, foreign=text.foreign)

    def _edit(self, change: Change, around: tuple[Inside, ...]) -> None:
        before, after = self.ddl[change.start : change.end], change.text
        if not change.expression:
            for within in reversed(around):
                after = within.written(after)
        after = self.template.written(after, change.start, change.end, expression=change.expression)
        if after.startswith("{{"):
            after = " " * (self.ddl[change.start - 1 : change.start] == "{") + after
        if before != after:
            line, column = self._line(change.start), self._column(change.start)
            edit = Edit(line, column, change.kind, before, after, change.why)
            self.edits.setdefault(change.start, (change.end, edit))

    def _see(self, kind: SeenKind, start: int, text: str, *, sql_like: bool = False, foreign: bool = False) -> None:
        if start not in self.seen and start not in self.edits:
            place = self._line(start), self._column(start)
            self.seen[start] = Seen(*place, kind, text, _WHY[kind], sql_like, foreign)

    def _line(self, start: int) -> int:
        return bisect_left(self.line_ends, start) + 1

    def _column(self, start: int) -> int:
        line = bisect_left(self.line_ends, start)
        return start - self.line_ends[line - 1] if line else start + 1
