"""All that the files of one step are made from: objects in order, their statements, and where rows come from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from runner.authoring.batches import conditions
from runner.authoring.closing import matches
from runner.authoring.names import TargetNames
from runner.catalog.estate import Address, Found, Grant, Kind
from runner.core.names import Identifier
from runner.project.migration import Asked, Data, Strategy
from runner.sql.moving import Edit, Seen

CODE = frozenset({Kind.VIEW, Kind.MATERIALIZED_VIEW, Kind.FUNCTION, Kind.PROCEDURE})
AFTER_DATA = frozenset({Kind.STREAM, Kind.TASK, Kind.ALERT, Kind.PIPE})
"""What acts by itself, or watches rows come: made when the rows are there."""


@dataclass(frozen=True, slots=True)
class Piece:
    """One object as it will be made: statements that may run again, and those that take them back."""

    found: Found
    target: Address
    statements: tuple[str, ...]
    undo: tuple[str, ...]
    edits: tuple[Edit, ...] = ()
    seen: tuple[Seen, ...] = ()
    comments: tuple[str, ...] = ()
    """What a reader must know, as lines above the statement."""
    gone: bool = False
    """Is it gone in the source? Then its statements drop it."""

    @property
    def kind(self) -> Kind:
        return self.found.address.kind


@dataclass(frozen=True, slots=True)
class Travel:
    """A table whose rows come. ``frozen`` is what its clone is called; ``order_by`` how its rows are laid down."""

    found: Found
    target: Address
    data: Data
    frozen: str
    order_by: str
    bounds: tuple[str, ...] = ()
    """Where its batches begin."""
    replayed: tuple[str, ...] = ()
    """The statements that built it, with the target's names."""
    again: bool = False
    """Did an earlier step of the plan fill it? Then taking this one back does not empty it."""

    @property
    def parts(self) -> tuple[str, ...]:
        """The condition of every batch."""
        return conditions(self.data, self.bounds)

    @property
    def key(self) -> tuple[str, ...]:
        """The columns that name a row, as stored: as the file says, or the primary key."""
        if self.data.key:
            return tuple(Identifier.parse(name).stored for name in self.data.key)
        return next((each.columns for each in self.found.keys if each.kind == "PRIMARY"), ())

    @property
    def columns(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.found.columns)

    @property
    def is_frozen(self) -> bool:
        """Do its rows come from a clone? A stream's first load comes from the table itself."""
        return self.data.strategy is not Strategy.STREAM


@dataclass(frozen=True, slots=True)
class Numbers:
    """The versions of a step's scripts, with as many digits as the project's."""

    first: int
    digits: int

    def __getitem__(self, place: int) -> str:
        return str(self.first + place).zfill(self.digits)


def snapshot_schema(numbers: Numbers) -> str:
    """Where the clones of a step lie, in the shared database."""
    return f"SNAP_V{numbers[0]}"


@dataclass(frozen=True)
class Draft:
    """One step of a plan. ``roles`` maps roles of the source to the logical ones that scripts name."""

    plan: str
    step: int
    prefix: str
    """What the names of its scripts begin with: nothing in a project of one plan."""
    asked: Asked
    names: TargetNames
    pieces: tuple[Piece, ...]
    travels: tuple[Travel, ...]
    numbers: Numbers
    roles: Mapping[str, str]
    places: tuple[Found, ...] = ()
    """The schemas and the database, for their grants."""
    late_statements: tuple[tuple[Address, str], ...] = ()
    """Foreign keys that close a circle, by the table they are of: made when all tables stand."""
    late_undo: tuple[tuple[Address, str], ...] = ()
    owns_share: bool = True
    """Is this the first plan that shares? Then taking it back takes the share away."""

    @cached_property
    def code(self) -> tuple[Piece, ...]:
        """Views and routines that stand in the source: what the manifest remembers."""
        return tuple(piece for piece in self.pieces if piece.kind in CODE and not piece.gone)

    @cached_property
    def snapshot_schema(self) -> str:
        return snapshot_schema(self.numbers)

    @property
    def frozen(self) -> tuple[Travel, ...]:
        return tuple(travel for travel in self.travels if travel.is_frozen)

    def of(self, *strategies: Strategy) -> tuple[Travel, ...]:
        return tuple(travel for travel in self.travels if travel.data.strategy in strategies)

    @property
    def share_setup(self) -> str:
        """The script that the others wait for, in the source, as `requires` names it."""
        return f"{self.asked.source}:V{self.numbers[0]}"

    def logical(self, grant: Grant) -> str | None:
        """The role that gets it in the target, as scripts name it; None when nobody has said."""
        if grant.grantee_kind == "ROLE":
            return self.roles.get(grant.grantee)
        return None

    def owner(self, piece: Piece) -> str | None:
        """The logical role that owns it in the target: as the file says, or the one its owner is mapped to."""
        for pattern, word in self.asked.owners:
            if matches(pattern, piece.found.address):
                return word
        return self.roles.get(piece.found.owner)
