"""Edges that Snowflake noted: dependencies of its catalogue, what calls touched, where rows came from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from runner.catalog.edges.links import Link, Noted
from runner.catalog.edges.naming import Known, is_of_snowflake
from runner.catalog.estate import ROUTINES, Address, Edge, Evidence, Kind
from runner.catalog.spelling import declares
from runner.core.names import ObjectName

_USES = {"FUNCTION": "CALLS", "PROCEDURE": "CALLS", "STAGE": "STAGE", "STREAM": "STREAM", "SEQUENCE": "SEQUENCE"}
_KINDS = {kind.value: kind for kind in Kind if kind is not Kind.UNKNOWN}


Pair = tuple[Address, Address]


@dataclass(frozen=True)
class Texts:
    """What texts say: who names whom, and whose text could be read."""

    pairs: Collection[Pair] = frozenset()
    read: Collection[Address] = frozenset()

    def under(self, needer: Address) -> set[Address]:
        """All that an object's text leads to, by any number of steps."""
        found, waiting = set[Address](), [needer]
        while waiting:
            new = self._named.get(waiting.pop(), set()) - found
            found |= new
            waiting += new
        return found

    @cached_property
    def _named(self) -> Mapping[Address, set[Address]]:
        named: dict[Address, set[Address]] = defaultdict(set)
        for needer, needed in self.pairs:
            named[needer].add(needed)
        return named


def dependencies(links: Iterable[Link], known: Known, texts: Texts) -> Iterator[Edge]:
    """OBJECT_DEPENDENCIES, which is hours late: what the text of today does not name any more is asked, and what is not
    there any more is left out; the text would name it. Of overloads those that the text names are meant.
    """
    for link in links:
        pairs = _pairs(link, known)
        for needer, needed in [pair for pair in pairs if pair in texts.pairs] or pairs:
            told = needer in texts.read
            if told and needed not in known.addresses and needed.database in known.read:
                continue
            yield Edge(needer, needed, Evidence.CATALOG, _use(link), not told or (needer, needed) in texts.pairs)


def references(links: Iterable[Link], known: Known, texts: Texts) -> Iterator[Edge]:
    """GET_OBJECT_REFERENCES, which names all that is under a view, however deep: what the text names is certain, what
    it names through other views is theirs to tell, and what no text leads to is asked.
    """
    under = lru_cache(maxsize=None)(texts.under)
    for link in links:
        for needer, needed in _pairs(link, known):
            here = needed in known.addresses or needed.database not in known.read
            named = (needer, needed) in texts.pairs
            if here and (named or needed not in under(needer)):
                yield Edge(needer, needed, Evidence.CATALOG, "READS", named or needer not in texts.read)


def observed(links: Iterable[Link], evidence: Evidence, known: Known) -> Iterator[Edge]:
    """What was touched, or where rows came from. What is gone since then was temporary, or is not needed any more."""
    for link in links:
        for needer, needed in _pairs(link, known):
            here = needed in known.addresses
            if here or (needed.database in known.databases and needed.database not in known.read):
                yield Edge(needer, needed, evidence, _use(link))


def gone(links: Iterable[Link], known: Known) -> Iterator[Pair]:
    """What past calls touched and nobody sees now."""
    for link in links:
        for needer, needed in _pairs(link, known):
            if needed not in known.addresses and needer in known.addresses:
                yield needer, needed


def _pairs(link: Link, known: Known) -> list[Pair]:
    needed = _addresses(link.other, known)
    return [(one, other) for one in _addresses(link.one, known) for other in needed if one != other]


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
