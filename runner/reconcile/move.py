"""From the source's names to the target's: the source's texts as the target should have them. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from runner.core.names import Identifier
from runner.sql.errors import UnclosedError
from runner.sql.lexing import Kind, Token, tokens
from runner.sql.moving import Names, move
from runner.sql.protecting import protect, read_template
from runner.sql.rewriting import SeenKind, rewrite

_SERIOUS = (SeenKind.STRING, SeenKind.DYNAMIC, SeenKind.FOREIGN, SeenKind.UNREADABLE, SeenKind.AMBIGUOUS)
_TEXTS = (Kind.STRING, Kind.DOLLAR)


@dataclass(frozen=True)
class Move:
    """The names of one object: the databases of both sides, and what a plan calls the rest in the target.

    What is compared is the source's text, moved as the plan moved it, so that only what differs is left.
    """

    source: str
    target: str
    names: Names

    @staticmethod
    def between(source: str, target: str, others: tuple[tuple[str, str], ...] = ()) -> Move:
        """Databases alone have other names; ``others`` are those beside the two that are compared."""
        pairs = ((source, target), *others)
        return Move(source, target, Names(databases={old: Identifier(new).sql for old, new in pairs}))

    def at(self, schema: str) -> Move:
        """The same for an object of this schema of the source, where its short names resolve."""
        return replace(self, names=replace(self.names, home=(self.source, schema)))

    def forth(self, text: str) -> str:
        """A text of the source as the target should have it."""
        return read_template(move(protect(text), self.names).text).value

    def place(self, place: tuple[str, str, str]) -> tuple[str, str, str]:
        """Where an object of the source is in the target."""
        database, schema, name = place
        new = self.names.databases.get(database)
        return (
            Identifier.parse(new).stored if new else database,
            self.names.schema_names.get((database, schema), schema),
            self.names.objects.get(place, name),
        )

    def left_over(self, text: str) -> tuple[str, ...]:
        """Lines of the target's text that still name the source's database as a database."""
        if self.source == self.target:
            return ()
        return tuple(f"line {edit.line}" for edit in rewrite(text, {_sql(self.source): _sql(self.target)}).edits)

    def mended(self, text: str) -> str:
        """The target's text without what is left over: that is told by itself."""
        return rewrite(text, {_sql(self.source): _sql(self.target)}).text if self.source != self.target else text

    def mentions(self, text: str) -> tuple[str, ...]:
        """Where the target's text holds the source's name as mere text, and a person should look."""
        if self.source == self.target:
            return ()
        seen = rewrite(text, {_sql(self.source): _sql(self.target)}).seen
        return tuple(f"line {s.line}: '{s.text}' in a {s.kind}" for s in seen if s.kind in _SERIOUS)

    def unnamed(self, text: str) -> str:
        """Prose with both names of everything made one, in any case, wherever they stand as a whole word."""
        return self._word.sub(lambda found: f"\0{self._same[found[0].upper()]}\0", text)

    def texts_unnamed(self, sql: str) -> str:
        """SQL with both names made one in its texts alone: in code they are not the same."""
        try:
            stream = list(tokens(sql))
        except UnclosedError:
            return self.unnamed(sql)
        foreign = any(token.word == "LANGUAGE" for token in stream)
        return "".join(self._of_token(token, foreign) for token in stream)

    def _of_token(self, token: Token, foreign: bool) -> str:
        if token.kind is Kind.DOLLAR and not foreign:
            return f"$${self.texts_unnamed(token.text[2:-2])}$$"
        return self.unnamed(token.text) if token.kind in _TEXTS else token.text

    @cached_property
    def _word(self) -> re.Pattern[str]:
        words = "|".join(re.escape(name) for name in sorted(self._same, key=len, reverse=True)) or r"(?!)"
        return re.compile(rf"(?<![\w$])(?:{words})(?![\w$])", re.IGNORECASE)

    @cached_property
    def _same(self) -> Mapping[str, str]:
        """Every name that has another, in capitals: one name for all that are the same."""
        found: dict[str, str] = {}
        for old, new in self._pairs():
            kept, gone = found.get(old, old), found.get(new, new)
            found |= {old: kept, new: kept}
            found |= {name: kept for name, one in found.items() if one == gone}
        return found

    def _pairs(self) -> Iterator[tuple[str, str]]:
        names = self.names
        for old, new in names.databases.items():
            yield old.upper(), Identifier.parse(new).stored.upper()
        for places in (names.schema_names, names.objects):
            yield from ((place[-1].upper(), new.upper()) for place, new in places.items())


def _sql(stored: str) -> str:
    return Identifier(stored).sql
