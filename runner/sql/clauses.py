"""The names of one statement and what it does with each: tables in FROM, aliases, common tables, calls, columns.

Read by tokens in one pass, so that it works on what no parser knows, and on a megabyte. Subqueries are levels: a
column's table and a common table are looked for from the inside out, as Snowflake does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from runner.sql.chains import Chain, chains
from runner.sql.lexing import Kind, Token
from runner.sql.uses import Use, created_use, is_grammar, own_place, text_use, use_of
from runner.sql.words import BEHIND_TABLE, ENDS, INNER_FROM, NO_CALL, NO_TABLE, STARTS, VERBS

_OUTSIDE: Final = [""] * 8
_DEEPEST: Final = 100
"""So many levels are asked for a column's table: what lies deeper nobody writes."""


@dataclass(frozen=True, slots=True)
class Spot:
    """One place that names an object. ``parts`` of the chain name it; a column or NEXTVAL may follow.

    ``column`` says that it only qualifies a column, and ``means`` then is the table as FROM names it. ``own`` is what
    the statement creates; ``head`` says that it stands in the statement's head, before AS.
    """

    chain: Chain
    use: Use
    parts: int
    means: tuple[str, ...] = ()
    column: bool = False
    own: bool = False
    head: bool = False


@dataclass(slots=True, eq=False)
class _Level:
    """What is known between two parentheses: names of tables (None: an alias) and common tables with their places."""

    parent: _Level | None = None
    opener: int = -1
    verb: str = ""
    listing: bool = False
    expects: Use | None = None
    expected: Use | None = None
    group: bool = False
    naming: bool = False
    recursive: bool = False
    tables: dict[str, tuple[str, ...] | None] = field(default_factory=dict)
    common: dict[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def home(self) -> _Level:
        """The level whose FROM this is: parentheses around joined tables are none of their own."""
        level = self
        while level.group and level.parent:
            level = level.parent
        return level


@dataclass(slots=True)
class Clauses:
    """One statement, read. ``spots`` are its names, ``texts`` the text constants that are names, by their place."""

    stream: Sequence[Token]
    spots: list[Spot] = field(default_factory=list)
    texts: dict[int, Use] = field(default_factory=dict)
    chains: dict[int, Chain] = field(default_factory=dict)
    """Every chain of names, by its first place."""
    _words: list[str] = field(default_factory=list)
    _columns: list[tuple[Chain, _Level]] = field(default_factory=list)
    _ends: dict[int, int] = field(default_factory=dict)
    _united: dict[int, bool] = field(default_factory=dict)
    _level: _Level = field(default_factory=_Level)
    _top: _Level = field(default_factory=_Level)
    _own: int = -1
    _head: bool = False

    def read(self) -> Clauses:
        self._level = self._top
        self._own = own_place(self.stream)
        self._head = self._own >= 0
        self._ends = _closing(self.stream)
        # Before the first word and behind the last there is none: a place is never more than a few words outside.
        self._words = [*(token.word for token in self.stream), *_OUTSIDE]
        found = self.chains = {chain.first: chain for chain in chains(self.stream)}
        place, length = 0, len(self.stream)
        while place < length:
            chain = found.get(place)
            if chain is not None:
                self._name(chain)
                place = chain.after
            else:
                self._sign(place)
                place += 1
        self._qualified_columns()
        return self

    def _sign(self, place: int) -> None:
        token = self.stream[place]
        match token.text:
            case "(":
                self._open(place)
            case ")":
                self._level = self._level.parent or self._level
            case ",":
                self._level.expects = Use.READS if self._level.listing else None
            case _ if token.kind is Kind.STRING:
                self._text(place)
            case _:
                pass

    def _open(self, place: int) -> None:
        outer = self._level
        inner = _Level(outer, place, expected=outer.expects)
        following = self._word(place + 1)
        if outer.expects and following not in ("SELECT", "WITH", "VALUES") and self._word(place - 1) not in NO_TABLE:
            inner.group, inner.listing, inner.expects = True, True, outer.expects
        outer.expects = None
        self._level = inner

    def _word(self, place: int) -> str:
        return self._words[place]

    def _name(self, chain: Chain) -> None:
        """A chain, which may be a word of the grammar."""
        word = self._word(chain.first) if len(chain.parts) == 1 else ""
        if chain.first == self._own:
            use = created_use(self.stream, chain.first)
            self.spots.append(Spot(chain, use, len(chain.parts), own=True, head=True))
        elif word == "IDENTIFIER" and self._text_at(chain.after):
            self._identifier(chain)
        elif self._level.expects and not (word in NO_TABLE and not chain.stage):
            self._table(chain, self._level.expects)
        elif word in NO_TABLE and word not in ENDS | {"SELECT", "LATERAL"}:
            self._level.expects = None
        elif word and self._grammar(word, chain):
            pass
        else:
            self._other(chain, word)

    def _grammar(self, word: str, chain: Chain) -> bool:
        """Words that say what comes; False for any other word."""
        level, before = self._level, self._word(chain.first - 1)
        if word in VERBS and (chain.first == 0 or before in STARTS):
            self._verb(word)
        match word:
            case "SELECT":
                level.verb = level.verb if level.verb in ("GRANT", "REVOKE") else "SELECT"
                level.listing, level.naming, level.expects = False, False, None
                self._head = self._head and level is not self._top
            case "FROM" | "JOIN":
                self._from(word, before)
            case "INTO":
                level.listing = False
                written = level.verb in ("INSERT", "MERGE", "COPY") or before in (
                    "INSERT",
                    "OVERWRITE",
                    "MERGE",
                    "COPY",
                )
                level.expects = Use.WRITES if written else None
            case "UPDATE":
                level.expects = None if before == "FOR" or self._word(chain.after) == "SET" else Use.WRITES
            case "USING":
                if level.verb in ("MERGE", "DELETE"):
                    level.listing, level.expects = True, Use.READS
            case "WITH":
                level.naming, level.recursive = True, self._word(chain.after) == "RECURSIVE"
            case "LATERAL" if level.listing:
                level.expects = None if self._word(chain.after + 1) == "(" else Use.READS
            case _ if word in ENDS:
                level.listing, level.expects = False, None
            case _:
                return word in ("CREATE", "AS", "RECURSIVE", "BEGIN", "DECLARE") and self._follows(word)
        return True

    def _follows(self, word: str) -> bool:
        """AS ends the head of a CREATE, where no parenthesis is open."""
        if word == "AS" and self._level is self._top:
            self._head = False
        return word != "AS" or not self._level.listing

    def _verb(self, word: str) -> None:
        self._level.verb = word
        self._level.listing, self._level.expects = False, None

    def _from(self, word: str, before: str) -> None:
        level = self._level
        inner = word == "FROM" and (before == "DISTINCT" or self._word(level.opener - 1) in INNER_FROM)
        if inner or level.verb in ("GRANT", "REVOKE", "FETCH", "SHOW"):
            return
        level.listing = True
        level.expects = Use.WRITES if before == "DELETE" else Use.READS

    def _table(self, chain: Chain, use: Use) -> None:
        level = self._level
        level.expects = None
        if use is Use.READS and self._word(chain.after) == "(" and not chain.stage:
            self._found(chain, Use.CALLS)
            return
        name, parts = chain.parts[-1], chain.parts
        common = len(parts) == 1 and not chain.stage and self._is_common(name, chain.first)
        if not common:
            self._found(chain, self._stage(chain) if chain.stage else use)
        self._alias(chain.after, name, None if common or chain.stage else parts)

    def _alias(self, place: int, name: str, parts: tuple[str, ...] | None) -> None:
        """By which name columns may be qualified: the alias, else the table's own."""
        place += self._word(place) == "AS"
        token = self.stream[place] if place < len(self.stream) else None
        if token and token.is_name and token.word not in BEHIND_TABLE:
            alias = token.text[1:-1].replace('""', '"') if token.kind is Kind.QUOTED else token.text.upper()
            self._level.home.tables[alias] = None
        else:
            self._level.home.tables[name] = parts

    def _is_common(self, name: str, place: int) -> bool:
        """Does WITH give this name here? Inside its own definition only where that is recursive."""
        level: _Level | None = self._level
        for _ in range(_DEEPEST):
            if level is None:
                return False
            if name in level.common:
                start, end = level.common[name]
                return place > end or level.recursive or self._unites(start, end)
            level = level.parent
        return False

    def _unites(self, start: int, end: int) -> bool:
        if start not in self._united:
            self._united[start] = any(token.word == "UNION" for token in self.stream[start:end])
        return self._united[start]

    def _other(self, chain: Chain, word: str) -> None:
        """What stands neither for a table in a list nor for a word of the grammar."""
        level, following = self._level, self._word(chain.after)
        if self._names_common(chain, following) or (word and self._is_kind(word, chain.after)):
            return
        if self._word(chain.first - 1) == "SHARE":
            return
        if level.listing and self._word(chain.first - 1) in (")", "AS"):
            level.home.tables.setdefault(chain.parts[0], None)
        use = self._stage(chain) if chain.stage else self._use(chain)
        if use:
            self._used(chain, use)
        elif following == "(" and not (word and (word in NO_CALL or self._is_column_list(chain))):
            self._found(chain, Use.CALLS)
        elif len(chain.parts) > 1:
            self._columns.append((chain, level))

    def _is_kind(self, word: str, after: int) -> bool:
        """A kind's own word with a name behind it, ``SCHEMA x``, is no name."""
        return is_grammar(word) and after < len(self.stream) and self.stream[after].is_name

    def _is_column_list(self, chain: Chain) -> bool:
        """``AS v(a, b)`` gives names to columns; a name behind a name is a type."""
        return self._word(chain.first - 1) == "AS"

    def _use(self, chain: Chain) -> Use | None:
        if len(chain.parts) > 1 and chain.parts[-1] == "NEXTVAL":
            return Use.SEQUENCE
        if self._in_list("TAG") and self._word(chain.after) == "=":
            return Use.TAG
        if self._in_list("=", "EXTERNAL_ACCESS_INTEGRATIONS"):
            return Use.INTEGRATION
        if self._in_list("=", "SECRETS") and self._word(chain.first - 1) == "=":
            return Use.NAME
        if self._word(self._level.opener - 1) == "GETNEXTVAL":
            return Use.SEQUENCE
        return self._after(chain) or use_of(self.stream, chain.first, len(chain.parts), self._verb_here, self._own)

    def _stage(self, chain: Chain) -> Use:
        """Before ``.%table`` stands a schema: the table's own stage is meant."""
        return Use.SCHEMA if (self._word(chain.after), self._word(chain.after + 1)) == (".", "%") else Use.STAGE

    def _after(self, chain: Chain) -> Use | None:
        """A further task behind AFTER."""
        last = self.spots[-1] if self.spots else None
        listed = self._word(chain.first - 1) == "," and last and last.chain.after == chain.first - 1
        return Use.TASK if listed and last and last.use is Use.TASK and not last.own else None

    @property
    def _verb_here(self) -> str:
        return self._level.verb or self._top.verb

    def _in_list(self, *before: str) -> bool:
        """Do these words stand, from the last to the first, before the parenthesis that is open?"""
        opener = self._level.opener
        if opener < len(before) or self._words[opener - 1] != before[0]:
            return False
        return all(self._words[opener - 1 - n] == word for n, word in enumerate(before))

    def _used(self, chain: Chain, use: Use) -> None:
        if self._word(chain.first) in NO_TABLE:
            return
        if self._word(chain.first - 1) == "COLUMN" or (use is Use.SEQUENCE and chain.parts[-1] == "NEXTVAL"):
            if len(chain.parts) > 1:
                self._found(chain, use, len(chain.parts) - 1)
            return
        self._found(chain, use)

    def _found(self, chain: Chain, use: Use, parts: int = 0) -> None:
        self.spots.append(Spot(chain, use, parts or len(chain.parts), head=self._head))

    def _names_common(self, chain: Chain, following: str) -> bool:
        """``WITH name [(columns)] AS (``: keeps where the definition stands."""
        level, place = self._level, chain.after
        if not level.naming or len(chain.parts) > 1 or self._word(chain.first - 1) not in ("WITH", "RECURSIVE", ","):
            return False
        if following == "(":
            place = self._ends.get(place, place) + 1
        if self._word(place) != "AS" or self._word(place + 1) != "(":
            return False
        level.common[chain.parts[0]] = (place + 1, self._ends.get(place + 1, len(self.stream)))
        return True

    def _text_at(self, place: int) -> bool:
        """Does ``('…')``, a name written as text, stand here?"""
        inner = self.stream[place + 1 : place + 3]
        return self._word(place) == "(" and len(inner) == 2 and inner[0].kind is Kind.STRING and inner[1].text == ")"

    def _identifier(self, chain: Chain) -> None:
        use = self._level.expects or use_of(self.stream, chain.first, 3, self._verb_here, self._own)
        self._level.expects = None
        called = self._word(chain.after + 3) == "("
        self.texts[chain.after + 1] = use or (Use.CALLS if called else Use.NAME)

    def _text(self, place: int) -> None:
        if place in self.texts or self._word(place + 1) == "||":
            return
        use = text_use(self.stream, place, self._verb_here)
        if use is None and self._in_list("=", "IMPORTS"):
            use = Use.STAGE
        if use:
            self.texts[place] = use

    def _qualified_columns(self) -> None:
        """Columns by the tables that their level, or one around it, has by that name."""
        for chain, level in self._columns:
            found = _table_of(chain, level)
            if found:
                self.spots.append(Spot(chain, Use.READS, len(chain.parts) - 1, found, column=True))
            elif found is None and len(chain.parts) > 2:
                self.spots.append(Spot(chain, Use.NAME, len(chain.parts), head=False))


def _table_of(chain: Chain, level: _Level | None) -> tuple[str, ...] | None:
    """The parts of the table whose column this is; () for an alias; None when there is no such table."""
    qualifier = tuple(part or "PUBLIC" for part in chain.parts[:-1])
    for _ in range(_DEEPEST):
        if level is None:
            return None
        if qualifier[-1] in level.tables:
            parts = level.tables[qualifier[-1]]
            if parts is None:
                return () if len(qualifier) == 1 else None
            written = tuple(part or "PUBLIC" for part in parts)
            both = min(len(written), len(qualifier))
            if written[-both:] == qualifier[-both:]:
                return max(written, qualifier, key=len)
        level = level.parent
    return None


def _closing(stream: Sequence[Token]) -> dict[int, int]:
    """For every opening parenthesis the place of the closing one."""
    found, opened = dict[int, int](), list[int]()
    for place, token in enumerate(stream):
        if token.text == "(":
            opened.append(place)
        elif token.text == ")" and opened:
            found[opened.pop()] = place
    return found
