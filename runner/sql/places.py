"""Every place of a DDL text that names an object, and every text in it that may: read once, for finding and for moving.

A body in SQL is code; names in IDENTIFIER('…') and the like are names. What stands in other texts, in dynamic SQL and
in bodies of other languages is found as well, but it is not certain. Places are counted in the whole text.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from runner.sql.bodies import Body, find_body
from runner.sql.chains import chains, lead, statements
from runner.sql.clauses import Clauses, Spot
from runner.sql.errors import UnclosedError
from runner.sql.foreign import host_texts
from runner.sql.lexing import Kind, Token, meaningful, normal, solid
from runner.sql.literals import Inside, inside
from runner.sql.protecting import FILLED
from runner.sql.rewriting import SeenKind
from runner.sql.splitting import split
from runner.sql.uses import Use

_DEEPEST: Final = 6
_SQL = re.compile(
    r"""\s*(?:SELECT\s|WITH\s+[\w"]+.*?\bAS\b|INSERT\s+(?:INTO|OVERWRITE|ALL|FIRST)\s|UPDATE\s.*\sSET\s|DELETE\s+FROM\s"""
    r"""|MERGE\s+INTO\s|TRUNCATE\s+\S|CALL\s+\S+\s*\(|COPY\s+INTO\s|(?:BEGIN|DECLARE)\s"""
    r"""|(?:CREATE|ALTER|DROP|UNDROP|DESCRIBE|DESC|SHOW|USE|COMMENT\s+ON|EXECUTE)\s+(?:\w+\s+){0,6}?"""
    r"""(?:TABLES?|VIEWS?|SCHEMAS?|DATABASES?|STREAMS?|TASKS?|STAGES?|SEQUENCES?|PROCEDURES?|FUNCTIONS?|IMMEDIATE|WAREHOUSE"""
    r"""|ROLE|PIPES?|COLUMN)\b|(?:GRANT|REVOKE)\s.*\sON\s|(?:LIST|LS|REMOVE|RM|GET|PUT)\s.*@)""",
    re.IGNORECASE | re.DOTALL,
)
_PIECE_OF_SQL = re.compile(r"\s*(?:FROM|JOIN|INTO|UPDATE|TABLE|CALL|USING|AND|WHERE|UNION)\s", re.IGNORECASE)
_IN_VARIABLE: Final = {
    "IDENTIFIER": re.compile(r"\( (: \w+|\$\w+|\?) \)"),
    "TABLE": re.compile(r"\( (\$\w+) \)"),
    "EXECUTE": re.compile(r"IMMEDIATE (: \w+|\$\w+|(?!FROM\b)[^\W\d]\w*)", re.IGNORECASE),
}
_NAME_PART = r'(?:[^\W\d][\w$]*|"(?:[^"]|"")+")'
_WHOLE_NAME = re.compile(rf"\s*@?{_NAME_PART}(?:\.{_NAME_PART}|\.\.{_NAME_PART}){{1,2}}\s*\Z")


@dataclass(frozen=True, slots=True)
class Part:
    """One of a name's parts: as stored, as written, and where; ``""`` at the second dot of ``db..object``."""

    stored: str
    written: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Place:
    """A name and what is done with it. ``around`` are the texts that it stands in, from the outside in.

    ``kind`` is None in code and in texts that can only be names, else it says why the place is not certain.
    """

    parts: tuple[Part, ...]
    use: Use
    kind: SeenKind | None
    around: tuple[Inside, ...]
    means: tuple[str, ...] = ()
    column: bool = False
    own: bool = False
    head: bool = False
    foreign: bool = False
    """In a body of another language."""

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(part.stored for part in self.parts)


@dataclass(frozen=True, slots=True)
class Text:
    """A comment, a constant or a body that is no code to us: ``places[i]`` is where its i-th character is written.

    ``foreign`` says that it stands in a body of another language, ``body`` that it is that body.
    """

    kind: SeenKind
    value: str
    places: Sequence[int]
    around: tuple[Inside, ...]
    foreign: bool = False
    body: bool = False


@dataclass(frozen=True, slots=True)
class Sight:
    """Something at ``start`` that a program cannot know: a name in a variable, a text that never ends."""

    kind: SeenKind
    start: int
    text: str


@dataclass(slots=True)
class Reading:
    """What a text names."""

    places: list[Place] = field(default_factory=list)
    texts: list[Text] = field(default_factory=list)
    sights: list[Sight] = field(default_factory=list)


def read_places(value: str, places: Sequence[int] | None = None, watched: frozenset[str] = frozenset()) -> Reading:
    """Read DDL whose i-th character is written at ``places[i]``. A text that cannot be read gives one sight.

    Names that are ``watched`` give a sight also where they are a column, an alias, or it is not known what.
    """
    reader = _Reader(watched)
    where = range(len(value) + 1) if places is None else places
    try:
        reader.code(value, where, None)
    except UnclosedError as error:
        reader.reading.texts.append(Text(SeenKind.UNREADABLE, value, where, ()))
        reader.reading.sights.append(Sight(SeenKind.UNREADABLE, where[0], str(error)))
    return reader.reading


@dataclass(slots=True)
class _Reader:
    watched: frozenset[str]
    reading: Reading = field(default_factory=Reading)
    around: tuple[Inside, ...] = ()
    foreign: bool = False

    def code(self, text: str, places: Sequence[int], kind: SeenKind | None) -> None:
        """Read SQL; ``kind`` is None where it is code, else it is the text of a constant."""
        everything = list(solid(text)) if kind is None else _readable(text)
        for token in everything if kind is None else ():
            if token.kind is Kind.COMMENT:
                self._keep(SeenKind.COMMENT, token.text, range(token.start, token.end + 1), places)
        heads = _heads(text) if kind is None and not self.around else frozenset()
        for stream in statements(meaningful(everything)):
            self._statement(stream, places, kind, top=bool(stream) and stream[0].start in heads)

    def _statement(self, stream: Sequence[Token], places: Sequence[int], kind: SeenKind | None, *, top: bool) -> None:
        clauses = Clauses(stream).read()
        for spot in clauses.spots:
            self._spot(stream, spot, places, kind, top=top)
        if self.watched and kind is None:
            self._watch(stream, clauses, places)
        body = find_body(stream) if kind is None else None
        for position, token in enumerate(stream):
            if token.kind not in (Kind.STRING, Kind.DOLLAR):
                if token.word in _IN_VARIABLE:
                    self._variable(stream, position, places, kind)
            elif body and body.position == position:
                self._body(token, body, places)
            elif position in clauses.texts and token.kind is Kind.STRING:
                self._name(token, clauses.texts[position], places, kind)
            else:
                self._constant(stream, position, places, kind)

    def _spot(
        self, stream: Sequence[Token], spot: Spot, places: Sequence[int], kind: SeenKind | None, *, top: bool
    ) -> None:
        parts = _parts(stream[spot.chain.first : spot.chain.after], spot.parts, places)
        if any(FILLED in part.stored for part in parts):
            return
        own, head = spot.own and top, spot.head and top
        place = Place(parts, spot.use, kind, self.around, spot.means, spot.column, own, head, self.foreign)
        self.reading.places.append(place)

    def _watch(self, stream: Sequence[Token], clauses: Clauses, places: Sequence[int]) -> None:
        known = {spot.chain.first for spot in clauses.spots}
        for chain in clauses.chains.values():
            if self.watched.isdisjoint(chain.parts):
                continue
            for place in () if _is_path(stream, chain.first) else range(chain.first, chain.after):
                token = stream[place]
                if not token.is_name or normal(token.text) not in self.watched:
                    continue
                if place > chain.first or place not in known:
                    two = place == chain.first and len(chain.parts) == 2
                    kind = SeenKind.AMBIGUOUS if two else SeenKind.NAME
                    self.reading.sights.append(Sight(kind, places[token.start], token.text))

    def _variable(self, stream: Sequence[Token], position: int, places: Sequence[int], kind: SeenKind | None) -> None:
        """Names and SQL in variables: what they say is known only when they run."""
        text = _variable_at(stream, position) if kind is None else ""
        if text:
            self.reading.sights.append(Sight(SeenKind.VARIABLE, places[stream[position].start], text))

    def _body(self, token: Token, body: Body, places: Sequence[int]) -> None:
        within = inside(token)
        inner = _composed(places, within.places)
        outer, self.around = self.around, (*self.around, within)
        try:
            if body.language == "SQL":
                self._code_or_text(within.value, inner)
            else:
                self.foreign = True
                self._host(within.value, body.language, inner)
                self.reading.texts.append(Text(SeenKind.FOREIGN, within.value, inner, self.around, True, True))
        finally:
            self.around, self.foreign = outer, False

    def _code_or_text(self, value: str, inner: Sequence[int]) -> None:
        try:
            self.code(value, inner, None)
        except UnclosedError as error:
            self.reading.texts.append(Text(SeenKind.UNREADABLE, value, inner, self.around))
            self.reading.sights.append(Sight(SeenKind.UNREADABLE, inner[0], f"the body: {error}"))

    def _host(self, body: str, language: str, places: Sequence[int]) -> None:
        for text in host_texts(body, language):
            kind = SeenKind.CONCATENATED if text.joined else SeenKind.FOREIGN
            self._keep(kind, text.value, text.places, places)
            self._maybe_sql(text.value, _composed(places, text.places), kind, name=text.table)

    def _name(self, token: Token, use: Use, places: Sequence[int], kind: SeenKind | None) -> None:
        """A name written as text: read as if it stood there itself."""
        within = inside(token)
        outer, self.around = self.around, (*self.around, within)
        if not self._one_name(within.value, _composed(places, within.places), use, kind):
            self._keep(SeenKind.STRING, within.value, within.places, places)
        self.around = outer

    def _one_name(self, value: str, places: Sequence[int], use: Use, kind: SeenKind | None) -> bool:
        stream = _lexed(value)
        found = list(chains(stream))
        first = found[0].first if found else 0
        if not found or (found[0].after != len(stream) and not found[0].stage) or first > 1:
            return False
        parts = _parts(stream[first : found[0].after], len(found[0].parts), places)
        if not any(FILLED in part.stored for part in parts):
            used = Use.STAGE if found[0].stage else use
            self.reading.places.append(Place(parts, used, kind, self.around, foreign=self.foreign))
        return True

    def _constant(self, stream: Sequence[Token], position: int, places: Sequence[int], kind: SeenKind | None) -> None:
        token = stream[position]
        within = inside(token)
        found = _kind_of(stream, position, within.value)
        outer, self.around = self.around, (*self.around, within)
        if kind is None:
            self._keep(found, within.value, within.places, places)
        if found is not SeenKind.COMMENT and len(self.around) <= _DEEPEST:
            self._maybe_sql(within.value, _composed(places, within.places), kind or found)
        self.around = outer

    def _maybe_sql(self, value: str, places: Sequence[int], kind: SeenKind, *, name: bool = False) -> None:
        """SQL, or a whole name, in a constant."""
        if _SQL.match(value) or (kind in (SeenKind.DYNAMIC, SeenKind.CONCATENATED) and _PIECE_OF_SQL.match(value)):
            self.code(value, places, kind)
        elif name or (_WHOLE_NAME.match(value) and "." in value):
            self._one_name(value.strip(), places[len(value) - len(value.lstrip()) :], Use.NAME, kind)

    def _keep(self, kind: SeenKind, value: str, inner: Sequence[int], places: Sequence[int]) -> None:
        self.reading.texts.append(Text(kind, value, _composed(places, inner), self.around, self.foreign))


def _variable_at(stream: Sequence[Token], position: int) -> str:
    """``IDENTIFIER(:v)``, ``TABLE($v)`` and ``EXECUTE IMMEDIATE :v``, if one of them starts here."""
    word = stream[position].word
    pattern = _IN_VARIABLE.get(word)
    found = pattern.match(" ".join(token.text for token in stream[position + 1 : position + 5])) if pattern else None
    if found is None:
        return ""
    name = found[1].replace(" ", "")
    return f"EXECUTE IMMEDIATE {name}" if word == "EXECUTE" else f"{word}({name})"


def _heads(text: str) -> frozenset[int]:
    """Where the statements start that are sent by themselves: those in a block are not."""
    try:
        return frozenset(piece.word_offset for piece in split(text))
    except UnclosedError:
        return frozenset({0})


def _kind_of(stream: Sequence[Token], position: int, value: str) -> SeenKind:
    before = stream[position - 1].word if position else ""
    after = stream[position + 1].word if position + 1 < len(stream) else ""
    if before == "COMMENT" or (before in ("=", "IS") and _commented(stream, position)):
        return SeenKind.COMMENT
    if "||" in (before, after):
        return SeenKind.CONCATENATED
    return SeenKind.DYNAMIC if lead(stream, position) == "IMMEDIATE" or _SQL.match(value) else SeenKind.STRING


def _commented(stream: Sequence[Token], position: int) -> bool:
    return stream[position - 2].word == "COMMENT" if stream[position - 1].word == "=" else stream[0].word == "COMMENT"


def _parts(stream: Sequence[Token], count: int, places: Sequence[int]) -> tuple[Part, ...]:
    parts = list[Part]()
    for position, token in enumerate(stream):
        if token.is_name:
            parts.append(Part(normal(token.text), token.text, places[token.start], places[token.end]))
        elif token.text == "." and stream[position - 1].text == ".":
            parts.append(Part("", "", places[token.start], places[token.start]))
    return tuple(parts[:count])


def _composed(places: Sequence[int], inner: Sequence[int]) -> Sequence[int]:
    """Where the inner text's characters are written in the whole."""
    if isinstance(places, range) and places.start == 0:
        return inner
    return [places[place] for place in inner]


def _readable(text: str) -> list[Token]:
    """The tokens of a piece of SQL, up to what is closed only in the next piece."""
    found = list[Token]()
    with suppress(UnclosedError):
        found.extend(solid(text))
    return found


def _is_path(stream: Sequence[Token], position: int) -> bool:
    """Does it follow a slash without a blank, as in ``@~/path``?"""
    before = stream[position - 1] if position else None
    return before is not None and before.text == "/" and before.end == stream[position].start


def _lexed(value: str) -> list[Token]:
    try:
        return meaningful(solid(value))
    except UnclosedError:
        return []
