"""Edges that Snowflake noted: dependencies of its catalogue, what calls touched, where rows came from."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from runner.catalog.edges.links import Link, Noted
from runner.catalog.edges.naming import Known, is_of_snowflake
from runner.catalog.estate import ROUTINES, Address, Edge, Evidence, Kind
from runner.catalog.spelling import declares
from runner.core.names import ObjectName

_USES = {"FUNCTION": "CALLS", "PROCEDURE": "CALLS", "STAGE": "STAGE", "STREAM": "STREAM", "SEQUENCE": "SEQUENCE"}
_KINDS = {kind.value: kind for kind in Kind if kind is not Kind.UNKNOWN}


Pair = tuple[Address, Address]


def edges(links: Iterable[Link], evidence: Evidence, known: Known, seen: Collection[Pair] = ()) -> Iterator[Edge]:
    """An edge for every pair of objects that a link can mean; of overloads, those that are ``seen`` in a text."""
    for link in links:
        pairs = [(one, other) for one in _addresses(link.one, known) for other in _addresses(link.other, known)]
        for needer, needed in [pair for pair in pairs if pair in seen] or pairs:
            if needer != needed:
                yield Edge(needer, needed, evidence, _use(link))


def _use(link: Link) -> str:
    use = _USES.get(link.other.domain, "READS")
    return link.use if link.use and use == "READS" else use


def _addresses(noted: Noted, known: Known) -> tuple[Address, ...]:
    """What stands there; where nothing was seen, the place itself with the kind that Snowflake says."""
    place = _place(noted, known)
    if place is None or is_of_snowflake(place):
        return ()
    here = known.at(place, _USES.get(noted.domain, "READS"))
    if here and noted.arguments:
        named = tuple(one for one in here if one.kind in ROUTINES and declares(noted.arguments, one.signature))
        return named or here
    return here or _unseen(noted, place)


def _place(noted: Noted, known: Known) -> tuple[str, str, str] | None:
    parts = noted.place
    if len(parts) == 1:
        if parts[0] in known.by_text:
            return known.by_text[parts[0]]
        try:
            parts = tuple(part.stored for part in ObjectName.parse(parts[0]).parts)
        except ValueError:
            return None
    return (parts[0], parts[1], parts[2]) if len(parts) == 3 and all(parts) else None


def _unseen(noted: Noted, place: tuple[str, str, str]) -> tuple[Address, ...]:
    kind = _KINDS.get(noted.domain.replace("_", " "), Kind.UNKNOWN)
    return () if kind in ROUTINES else (Address(kind, *place),)
