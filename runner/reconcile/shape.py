"""What stands in one account, as values: nothing of how it was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from runner.reconcile.result import ObjectId
from runner.sql.attachments import Attachment


@dataclass(frozen=True, slots=True)
class Column:
    """`type` is Snowflake's own spelling, facets written out. `identity`: start and increment."""

    name: str
    ordinal: int
    type: str
    nullable: bool = True
    default: str | None = None
    comment: str | None = None
    collation: str | None = None
    identity: tuple[int, int] | None = None

    @property
    def family(self) -> str:
        """The type without its facets."""
        return self.type.partition("(")[0]


@dataclass(frozen=True, slots=True, order=True)
class ForeignKey:
    """The referenced table is database, schema, name."""

    columns: tuple[str, ...]
    table: tuple[str, str, str]
    referenced: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    columns: tuple[Column, ...]
    transient: bool = False
    comment: str | None = None
    clustering: str | None = None
    primary: tuple[str, ...] = ()
    uniques: frozenset[tuple[str, ...]] = frozenset()
    foreign: frozenset[ForeignKey] = frozenset()
    attached: frozenset[Attachment] | None = frozenset()
    """Its policies and tags; None where the role may not read them."""


@dataclass(frozen=True, slots=True)
class Code:
    """A view or a routine. `problem`: why its text could not be read. `columns`: those of a view."""

    ddl: str
    problem: str = ""
    columns: tuple[Column, ...] = ()


@dataclass(frozen=True, slots=True)
class Sequence:
    start: int
    increment: int
    ordered: bool
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Other:
    """Something of a kind that is not compared."""

    kind: str


Shape = Table | Code | Sequence | Other


@dataclass(frozen=True, slots=True)
class Shapes:
    """All that stands in the configured schemas of one database."""

    database: str
    objects: Mapping[ObjectId, Shape] = field(default_factory=dict)
