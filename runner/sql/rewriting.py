"""Names of databases moved from one environment to another by edits to token spans; all other text stays as it is.

What is certainly a database's name is edited: the first of three parts and more, ``db..object``, what stands behind
DATABASE and SCHEMA, names in IDENTIFIER('…'), TABLE('…') and FORMAT_NAME = '…', stages, sequences, and all of that in
bodies of LANGUAGE SQL. Everything else that holds such a name (text, comments, dynamic SQL, bodies in other languages,
columns and aliases) is only reported: a program cannot know what it means.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from runner.core.names import Identifier
from runner.sql.bodies import Body, find_body
from runner.sql.chains import Chain, chains, lead, lead_place, statements
from runner.sql.errors import RewriteError, UnclosedError
from runner.sql.lexing import Kind, Token, meaningful, normal, tokens
from runner.sql.literals import Inside, inside


class SeenKind(StrEnum):
    """Where a name stands that was left alone."""

    STRING = "string"
    COMMENT = "comment"
    DYNAMIC = "dynamic SQL"
    FOREIGN = "body in another language"
    NAME = "column, alias or object"
    AMBIGUOUS = "two-part name"
    VARIABLE = "name in a variable"
    UNREADABLE = "body that cannot be read"
    CONCATENATED = "part of a text that is put together"
    OUTSIDE = "database that no name is given for"


@dataclass(frozen=True, slots=True)
class Edit:
    """``text[start:end]`` of the original was ``before`` and became ``after``."""

    start: int
    end: int
    line: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Seen:
    """A name at ``start`` of the original that was left as it is, and why a person should look."""

    start: int
    line: int
    kind: SeenKind
    text: str


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The new text, what was changed in the old one, and what was seen there and left."""

    text: str
    edits: tuple[Edit, ...]
    seen: tuple[Seen, ...]


def rewrite(sql: str, database_map: Mapping[str, str]) -> Rewritten:
    """``sql`` with databases renamed; a target such as ``{{ env.database }}`` is written as it is.

    Rewriting the result again changes nothing; the inverse map gives the same names back, if the targets did not
    occur before. For that no target may be a source too: such a map is a RewriteError.
    """
    names = _Names(dict(database_map))
    scan = _Scan(sql, names)
    scan.code(sql, range(len(sql) + 1))
    edits = tuple(sorted(scan.edits, key=lambda edit: edit.start))
    seen = tuple(sorted(scan.seen, key=lambda one: one.start))
    return Rewritten(_applied(sql, edits), edits, seen)


def _applied(sql: str, edits: Sequence[Edit]) -> str:
    parts, position = [], 0
    for edit in edits:
        parts += [sql[position : edit.start], edit.after]
        position = edit.end
    return "".join([*parts, sql[position:]])


@dataclass(frozen=True)
class _Names:
    """The map, by stored names."""

    given: dict[str, str]

    def __post_init__(self) -> None:
        both = {new for old, new in self.targets.items() if new in self.targets and new != old}
        if both:
            raise RewriteError(f"{', '.join(sorted(both))} is both a source and a target: rewriting twice would differ")

    @cached_property
    def targets(self) -> dict[str, str]:
        return {Identifier.parse(old).stored: _stored(new) for old, new in self.given.items()}

    @cached_property
    def mention(self) -> re.Pattern[str]:
        """Any source as a whole word, in any case."""
        words = "|".join(re.escape(name) for name in self.targets) or r"(?!)"
        return re.compile(rf"(?<![\w$])(?:{words})(?![\w$])", re.IGNORECASE)

    def target(self, written: str) -> str:
        """What to write for a written name, in its style: quoted stays quoted, lower case stays lower."""
        new = self.targets[normal(written)]
        if "{{" in new:
            return new
        identifier = Identifier(new)
        if written.startswith('"'):
            return '"' + new.replace('"', '""') + '"'
        return new.lower() if written.islower() and identifier.sql == new else identifier.sql


def _stored(name: str) -> str:
    return name if "{{" in name else Identifier.parse(name).stored


@dataclass
class _Scan:
    """Reads code, and the code inside it, and collects edits and sightings in places of the whole text."""

    sql: str
    names: _Names
    edits: list[Edit] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    around: tuple[Inside, ...] = ()

    @cached_property
    def line_ends(self) -> list[int]:
        return [place for place, character in enumerate(self.sql) if character == "\n"]

    def code(self, text: str, places: Sequence[int]) -> None:
        """Read SQL whose i-th character is written at ``places[i]``."""
        everything = list(tokens(text))
        for token in everything:
            if token.kind is Kind.COMMENT:
                self._mentions(SeenKind.COMMENT, token, places)
        for stream in statements(meaningful(everything)):
            self._texts(stream, places, find_body(stream))
            for chain in chains(stream):
                self._chain(stream, chain, places)

    def _chain(self, stream: Sequence[Token], chain: Chain, places: Sequence[int]) -> None:
        token = stream[chain.first]
        if chain.parts[0] not in self.names.targets:
            self._later_parts(stream, chain, places)
        elif _is_database(stream, chain):
            self._edit(token.text, token.start, places)
        else:
            kind = SeenKind.AMBIGUOUS if len(chain.parts) == 2 else SeenKind.NAME
            self._see(kind, token.text, token.start, places)

    def _later_parts(self, stream: Sequence[Token], chain: Chain, places: Sequence[int]) -> None:
        for token in stream[chain.first + 1 : chain.after]:
            if token.is_name and normal(token.text) in self.names.targets:
                self._see(SeenKind.NAME, token.text, token.start, places)

    def _texts(self, stream: Sequence[Token], places: Sequence[int], body: Body | None) -> None:
        for position, token in enumerate(stream):
            if token.kind not in (Kind.STRING, Kind.DOLLAR):
                self._variable(stream, position, places)
            elif body and body.position == position:
                self._body(token, body.language, places)
            elif _is_name_literal(stream, position):
                self._name_literal(stream, position, places)
            else:
                dynamic = lead(stream, position) == "IMMEDIATE"
                self._mentions(SeenKind.DYNAMIC if dynamic else SeenKind.STRING, token, places)

    def _variable(self, stream: Sequence[Token], position: int, places: Sequence[int]) -> None:
        """IDENTIFIER(:v) and IDENTIFIER($v): what they name is known only when they run."""
        words = [token.text.upper() for token in stream[position : position + 3]]
        if words[:2] == ["IDENTIFIER", "("] and words[2:] and words[2][0] in ":$?" and words[2][:2] != "$$":
            self._see(SeenKind.VARIABLE, "IDENTIFIER", stream[position].start, places)

    def _body(self, token: Token, language: str, places: Sequence[int]) -> None:
        if language != "SQL":
            self._mentions(SeenKind.FOREIGN, token, places)
            return
        within = inside(token)
        self.around = (*self.around, within)
        try:
            self.code(within.value, [places[place] for place in within.places])
        except UnclosedError:
            self._mentions(SeenKind.UNREADABLE, token, places)
        finally:
            self.around = self.around[:-1]

    def _name_literal(self, stream: Sequence[Token], position: int, places: Sequence[int]) -> None:
        """A name written as text: read as if it stood there itself."""
        within = inside(stream[position])
        name = _lexed(within.value)
        found = list(chains(name))
        opener = position - 2 if stream[position - 1].text == "(" else position
        if len(found) != 1 or found[0].after - found[0].first != len(name):
            self._mentions(SeenKind.STRING, stream[position], places)
        elif found[0].parts[0] in self.names.targets:
            inner = [places[place] for place in within.places]
            if len(found[0].parts) > 2 or _names_database(lead(stream, opener), len(found[0].parts)):
                self.around = (*self.around, within)
                self._edit(name[0].text, name[0].start, inner)
                self.around = self.around[:-1]
            else:
                self._see(SeenKind.AMBIGUOUS, name[0].text, name[0].start, inner)

    def _mentions(self, kind: SeenKind, token: Token, places: Sequence[int]) -> None:
        for found in self.names.mention.finditer(token.text):
            self._see(kind, found[0], token.start + found.start(), places)

    def _edit(self, written: str, start: int, places: Sequence[int]) -> None:
        after = self.names.target(written)
        for within in reversed(self.around):
            after = within.written(after)
        begin, end = places[start], places[start + len(written)]
        before = self.sql[begin:end]
        if before != after:
            self.edits.append(Edit(begin, end, self._line(begin), before, after))

    def _see(self, kind: SeenKind, text: str, start: int, places: Sequence[int]) -> None:
        begin = places[start]
        self.seen.append(Seen(begin, self._line(begin), kind, text))

    def _line(self, place: int) -> int:
        return bisect_left(self.line_ends, place) + 1


def _lexed(value: str) -> list[Token]:
    """The tokens of a text that may be a name, or anything else."""
    try:
        return meaningful(tokens(value))
    except UnclosedError:
        return []


_BEFORE_DATABASE = frozenset({"DATABASE", "DATABASES"})
_BEFORE_SCHEMA = frozenset({"SCHEMA", "SCHEMAS"})


def _is_database(stream: Sequence[Token], chain: Chain) -> bool:
    """Is the first part of this chain certainly a database?"""
    before = lead(stream, chain.first)
    if before == "SHARE":
        return False
    if len(chain.parts) > 2:
        return True
    if chain.stage:
        return [token.text for token in stream[chain.after : chain.after + 2]] == [".", "%"]
    if before == "ROLE":
        return len(chain.parts) == 2 and lead(stream, lead_place(stream, chain.first)) == "DATABASE"
    if before in ("CLONE", "WITH"):
        before = _object_kind(stream, len(chain.parts))
    if before == "IN" and stream[0].word == "SHOW":
        return len(chain.parts) == 2
    return _names_database(before, len(chain.parts))


def _names_database(before: str, parts: int) -> bool:
    """Does a name of one or two parts behind this word start with a database?"""
    if before == "USE":
        return True
    return before in (_BEFORE_DATABASE if parts == 1 else _BEFORE_SCHEMA)


def _object_kind(stream: Sequence[Token], parts: int) -> str:
    """Behind CLONE and SWAP WITH stands what the statement is about, a database or a schema."""
    wanted = "DATABASE" if parts == 1 else "SCHEMA"
    return next((token.word for token in stream[:6] if token.word in ("TABLE", wanted)), "")


def _is_name_literal(stream: Sequence[Token], position: int) -> bool:
    """IDENTIFIER('…'), TABLE('…') and FORMAT_NAME = '…' take a name as text."""
    before = [token.text.upper() for token in stream[max(0, position - 2) : position]]
    return before in (["IDENTIFIER", "("], ["TABLE", "("], ["FORMAT_NAME", "="])
