"""What each name is called where it will live: the map, and the changes that it makes to one place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Final, Literal

from runner.core.names import Identifier
from runner.sql.places import Part, Place
from runner.sql.protecting import protect
from runner.sql.uses import OF_ACCOUNT, Use

Literals = Literal["report", "rewrite"] | Set[tuple[int, str]]
"""What may be done with names in texts: only said; changed where the text is SQL or a name; or those, by line and text.

What is put together from pieces, and what is neither SQL nor a name, is changed only where line and text allow it.
"""

_EVERYWHERE: Final = frozenset({"SNOWFLAKE"})
"""Databases that every account has."""

_RESOLVED: Final = frozenset(
    {
        Use.READS, Use.WRITES, Use.SEQUENCE, Use.STAGE, Use.FORMAT, Use.STREAM, Use.TABLE, Use.REFERENCES, Use.TAG,
        Use.POLICY, Use.TASK,
    }
)  # fmt: skip
"""What is certainly in a schema: a function may be Snowflake's own."""


_ENDING: Final = frozenset("'\\")


class EditKind(StrEnum):
    """What was written anew."""

    PREFIX = "database and schema"
    DATABASE = "database"
    SCHEMA = "schema"
    OBJECT = "object"
    QUALIFIED = "qualified"
    WAREHOUSE = "warehouse"
    ROLE = "role"
    INTEGRATION = "integration"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Change:
    """``[start, end)`` becomes ``text``, for what it is and why; an ``expression`` is for the template's renderer."""

    start: int
    end: int
    kind: EditKind
    text: str
    why: str

    @property
    def expression(self) -> bool:
        return "{{" in self.text and self.kind not in (EditKind.SCHEMA, EditKind.OBJECT)


@dataclass(frozen=True)
class Names:
    """Where things go. Keys are names as Snowflake stores them; a text with ``{{`` in it is written as it is.

    ``databases``: the text for a database's name. ``schemas``: (database, schema) → the text for both together.
    ``schema_names`` and ``objects``: the new stored name of a schema, of an object. ``others``: by WAREHOUSE, ROLE and
    INTEGRATION, the text for a name. ``home``: database and schema where this object's unqualified names resolve.
    """

    databases: Mapping[str, str] = field(default_factory=dict)
    schemas: Mapping[tuple[str, str], str] = field(default_factory=dict)
    schema_names: Mapping[tuple[str, str], str] = field(default_factory=dict)
    objects: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    others: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    home: tuple[str, str] = ("", "")
    literals: Literals = "report"
    bodies: Literals = "report"
    words: Words | None = field(default=None, repr=False, compare=False)
    """What follows from the maps: kept when only ``home`` and what is allowed are replaced."""

    def __post_init__(self) -> None:
        maps = (self.databases, self.schemas, self.schema_names, self.objects, self.others)
        if self.words is None or not self.words.are_of(maps):
            object.__setattr__(self, "words", Words(*maps))

    @property
    def sources(self) -> frozenset[str]:
        """The databases that have a new name."""
        return self._words.sources

    @property
    def known(self) -> frozenset[str]:
        """Databases that need no new name: those that every account has, and the targets."""
        return self._words.known

    @property
    def word(self) -> re.Pattern[str]:
        """A source database as a whole word, or a renamed schema before a dot; in any case."""
        return self._words.word

    @property
    def whole(self) -> frozenset[str]:
        """Names that a text may be, all of it: of roles and the like, of renamed schemas and objects."""
        return self._words.whole

    @property
    def _words(self) -> Words:
        assert self.words is not None, "made with the names"
        return self.words


@dataclass(frozen=True, eq=False)
class Words:
    """What follows from the maps of names; one for all objects of a plan."""

    databases: Mapping[str, str]
    schemas: Mapping[tuple[str, str], str]
    schema_names: Mapping[tuple[str, str], str]
    objects: Mapping[tuple[str, str, str], str]
    others: Mapping[str, Mapping[str, str]]

    def are_of(self, maps: tuple[object, ...]) -> bool:
        mine = (self.databases, self.schemas, self.schema_names, self.objects, self.others)
        return all(one is other for one, other in zip(mine, maps, strict=True))

    @cached_property
    def sources(self) -> frozenset[str]:
        return frozenset(self.databases) | {database for database, _ in self.schemas}

    @cached_property
    def known(self) -> frozenset[str]:
        targets = {Identifier.parse(text).stored for text in self.databases.values() if text and "{{" not in text}
        prefixes = {text.split(".")[0].strip('"') for text in self.schemas.values() if "{{" not in text}
        return _EVERYWHERE | targets | prefixes

    @cached_property
    def word(self) -> re.Pattern[str]:
        databases = "|".join(sorted(map(re.escape, self.sources))) or r"(?!)"
        schemas = "|".join(sorted({re.escape(schema) for _, schema in self.schema_names})) or r"(?!)"
        return re.compile(rf"(?<![\w$])(?:(?:{databases})(?![\w$])|(?:{schemas})(?=\"?\s*\.))", re.IGNORECASE)

    @cached_property
    def whole(self) -> frozenset[str]:
        names = {name for kind in self.others.values() for name in kind}
        return frozenset(names | {key[-1] for key in self.schema_names} | {key[-1] for key in self.objects})


@dataclass(frozen=True, slots=True)
class Naming:
    """What the map changes in one place."""

    names: Names
    place: Place
    ddl: str

    def changes(self) -> Iterator[Change]:
        """Every change, from left to right."""
        match self.place.use:
            case Use.ROLE if len(self.place.parts) == 2:
                yield from self._database(self.place.parts[0])
            case Use.WAREHOUSE | Use.ROLE | Use.INTEGRATION:
                yield from self._of_account()
            case Use.DATABASE:
                yield from self._database(self.place.parts[0])
            case Use.SCHEMA:
                yield from self._schema(*self._schema_parts())
            case _:
                yield from self._object()

    def outside(self) -> Part | None:
        """The database of a certain place, if no name is given for it."""
        if self.place.kind is not None or self.place.use in OF_ACCOUNT or self._is_new_database():
            return None
        database = self.place.parts[0] if self.place.use is Use.DATABASE else self._aligned()[0]
        if self.place.use is Use.SCHEMA:
            database = self._schema_parts()[0]
        if database is None or database.stored in self.names.known | self.names.databases.keys():
            return None
        return None if any(change.start == database.start for change in self.changes()) else database

    def ambiguous(self) -> Part | None:
        """The first of two parts that is called like a database and is no schema that is known."""
        if self.place.kind is not None or self.place.use in OF_ACCOUNT or len(self.place.parts) != 2:
            return None
        first = self.place.parts[0]
        if self.place.use is Use.SCHEMA or first.stored not in self.names.sources:
            return None
        home = (self.names.home[0], first.stored)
        return None if home in self.names.schemas or home in self.names.schema_names else first

    def _is_new_database(self) -> bool:
        return self.place.own and self.place.use is Use.DATABASE

    def _of_account(self) -> Iterator[Change]:
        part, kind = self.place.parts[0], OF_ACCOUNT[self.place.use]
        new = self.names.others.get(kind, {}).get(part.stored)
        if new is not None:
            text = styled(part.written, _stored(new))
            yield Change(part.start, part.end, EditKind[kind], text, f"the {kind.lower()} is called so in the target")

    def _database(self, part: Part) -> Iterator[Change]:
        new = self.names.databases.get(part.stored)
        if new is not None:
            why = "the database is called so in the target"
            yield Change(part.start, part.end, EditKind.DATABASE, styled(part.written, _stored(new)), why)

    def _schema_parts(self) -> tuple[Part | None, Part]:
        parts = self.place.parts
        return (parts[0], parts[1]) if len(parts) > 1 else (None, parts[0])

    def _schema(self, database: Part | None, schema: Part) -> Iterator[Change]:
        """The two parts before an object, or a schema by itself."""
        home = self.names.home[0] if database is None else database.stored
        both = self.names.schemas.get((home, schema.stored or "PUBLIC"))
        if self._would_end_text(self.names.schema_names.get((home, schema.stored), schema.stored)):
            both = None
        if both is not None and database is not None and not self._commented(database.end, schema.start):
            why = "the schema is called so in the target"
            yield Change(database.start, schema.end, EditKind.PREFIX, both, why)
        elif both is not None and database is None and self.place.head:
            why = "in the statement's head it would resolve in the session's database"
            yield Change(schema.start, schema.end, EditKind.QUALIFIED, both, why)
        else:
            yield from self._database(database) if database else ()
            yield from self._schema_name(home, schema)

    def _would_end_text(self, schema: str) -> bool:
        """Would an expression for this schema render to what ends, or changes, the text that it stands in?"""
        return not _ENDING.isdisjoint(schema) and any(not within.dollar for within in self.place.around)

    def _commented(self, start: int, end: int) -> bool:
        """Does a comment stand between two parts? Then each is changed by itself."""
        gap = self.ddl[start:end]
        return "--" in gap or "/*" in gap or "//" in gap

    def _schema_name(self, database: str, schema: Part) -> Iterator[Change]:
        new = self.names.schema_names.get((database, schema.stored))
        if new is not None and schema.written:
            why = "the schema is called so in the target"
            yield Change(schema.start, schema.end, EditKind.SCHEMA, restyled(schema.written, new), why)

    def _object(self) -> Iterator[Change]:
        database, schema, name = self._aligned()
        new = self.names.objects.get(self._full())
        text = name.written if new is None else restyled(name.written, new)
        both = self.names.schemas.get(self.names.home) if schema is None and self._needs_schema() else None
        if schema is not None:
            yield from self._schema(database, schema)
        if both is not None:
            why = "in the statement's head it would resolve in the session's schema"
            yield Change(name.start, name.end, EditKind.QUALIFIED, f"{both}.{protect(text)}", why)
        elif new is not None:
            yield Change(name.start, name.end, EditKind.OBJECT, text, "the object is called so in the target")

    def _needs_schema(self) -> bool:
        place = self.place
        return place.own or (place.head and place.kind is None and not place.column and place.use in _RESOLVED)

    def _aligned(self) -> tuple[Part | None, Part | None, Part]:
        """Database, schema and object as they are written. ``schema.table.column`` is told by a known schema."""
        parts = self.place.parts[:3]
        if len(parts) == 3 and self.place.use is Use.NAME and parts[0].stored not in self.names.sources:
            home = (self.names.home[0], parts[0].stored)
            if home in self.names.schemas or home in self.names.schema_names:
                return None, parts[0], parts[1]
        database = parts[-3] if len(parts) > 2 else None
        return database, parts[-2] if len(parts) > 1 else None, parts[-1]

    def _full(self) -> tuple[str, str, str]:
        """Where the object is now."""
        if self.place.column:
            given = self.place.means
        else:
            given = tuple(part.stored for part in self._aligned() if part is not None)
        full = (*self.names.home, "")[: 3 - len(given)] + given
        return full[0], full[1] or "PUBLIC", full[2]


def _stored(text: str) -> str:
    return text if "{{" in text else Identifier.parse(text).stored


def styled(written: str, new: str) -> str:
    """A new name in the style of the old one; templates as they are."""
    return new if "{{" in new else restyled(written, new)


def restyled(written: str, new: str) -> str:
    """A stored name in the style of another: quoted stays quoted, lower case stays lower."""
    identifier = Identifier(new)
    if written.startswith('"'):
        return '"' + new.replace('"', '""') + '"'
    return new.lower() if written.islower() and identifier.sql == new else identifier.sql
