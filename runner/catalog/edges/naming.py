"""Which object a written name means, as Snowflake resolves it (docs: sql-reference/name-resolution).

A view, a function and a procedure with owner's rights look into their own schema and then into PUBLIC of their own
database; what a procedure with caller's rights finds depends on who calls it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from runner.catalog.estate import Address, Kind
from runner.catalog.spelling import split_list

EVERYWHERE: Final = "INFORMATION_SCHEMA"
SNOWFLAKE: Final = "SNOWFLAKE"
Spot = tuple[str, str, str]
_RELATIONS: Final = frozenset(
    {
        Kind.TABLE, Kind.DYNAMIC_TABLE, Kind.EXTERNAL_TABLE, Kind.EVENT_TABLE, Kind.VIEW, Kind.MATERIALIZED_VIEW,
        Kind.STREAM,
    }
)  # fmt: skip
_ROUTINES: Final = frozenset({Kind.FUNCTION, Kind.PROCEDURE})
_POLICIES: Final = frozenset(kind for kind in Kind if kind.value.endswith("POLICY"))
KINDS: Final[Mapping[str, frozenset[Kind]]] = {
    "CALLS": _ROUTINES,
    "SEQUENCE": frozenset({Kind.SEQUENCE}),
    "STAGE": frozenset({Kind.STAGE}),
    "FORMAT": frozenset({Kind.FILE_FORMAT}),
    "STREAM": frozenset({Kind.STREAM}),
    "TAG": frozenset({Kind.TAG}),
    "POLICY": _POLICIES,
    "TASK": frozenset({Kind.TASK}),
    "READS": _RELATIONS,
    "WRITES": _RELATIONS,
    "REFERENCES": _RELATIONS,
}
"""What a use can mean. A use that is not here can mean any kind."""


@dataclass(frozen=True)
class Known:
    """All objects that were seen, by place; and the databases that there are.

    ``fewest``: the least number of arguments of routines of which some may be left out. ``read``: the databases of
    which all names are known.
    """

    addresses: frozenset[Address]
    databases: frozenset[str]
    fewest: Mapping[Address, int] = field(default_factory=dict)
    read: frozenset[str] = frozenset()

    @cached_property
    def by_place(self) -> Mapping[Spot, tuple[Address, ...]]:
        places: dict[Spot, list[Address]] = {}
        for address in sorted(self.addresses):
            places.setdefault(address.place, []).append(address)
        return {place: tuple(group) for place, group in places.items()}

    @cached_property
    def by_text(self) -> Mapping[str, Spot]:
        """Full names without quotes, as some columns of SHOW spell them."""
        return {".".join(place): place for place in self.by_place}

    def at(self, place: Spot, use: str) -> tuple[Address, ...]:
        """The objects there that the use can mean, each overload of a routine; else all but routines."""
        here = self.by_place.get(place, ())
        kinds = KINDS.get(use)
        if kinds is None:
            return here
        meant = tuple(one for one in here if one.kind in kinds)
        return meant if meant or kinds is _ROUTINES else tuple(one for one in here if one.kind not in _ROUTINES)

    def takes(self, routine: Address, count: int) -> bool:
        """Can it be called with so many arguments?"""
        most = len(split_list(routine.signature[1:-1]))
        return self.fewest.get(routine, most) <= count <= most

    def find(self, parts: tuple[str, ...], home: tuple[str, str], use: str) -> tuple[Address, ...]:
        """What the name means, seen from its home; nothing when there is no such object."""
        return next((found for place in places(parts, home) if (found := self.at(place, use))), ())


def places(parts: tuple[str, ...], home: tuple[str, str]) -> tuple[Spot, ...]:
    """Where an object of that name would stand, the first that exists being meant. ``db..t`` is ``db.PUBLIC.t``."""
    match parts:
        case (name,):
            own = (*home, name)
            public = (home[0], "PUBLIC", name)
            return (own,) if own == public else (own, public)
        case (schema, name):
            return ((home[0], schema or "PUBLIC", name),)
        case (database, schema, name):
            return ((database or home[0], schema or "PUBLIC", name),)
        case _:
            return ()


def is_of_snowflake(place: Spot) -> bool:
    """There in every account and every database."""
    return place[0] == SNOWFLAKE or place[1] == EVERYWHERE


def unknown(places: Iterable[Spot]) -> Address | None:
    """The address of something that nobody found: where it would stand."""
    place = next(iter(places), None)
    return Address(Kind.UNKNOWN, *place) if place and all(place) and not is_of_snowflake(place) else None
