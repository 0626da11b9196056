"""What was asked for, and all that it needs: the closure of a selection over the evidence. Pure.

What the catalogue, keys, defaults and code that was parsed say is taken as known; so is what was observed. What only
text suggests is asked. What is needed and lies outside is an error, unless somebody has said what becomes of it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from runner.authoring.heeding import check_heeded
from runner.authoring.questions import Question, answered, of_dependency
from runner.authoring.selecting import chosen
from runner.catalog.estate import ATTACHED, OF_ACCOUNT, Address, Edge, Estate, Evidence, Found, Kind, Place
from runner.core.errors import ClosureUnmet, NotMovable
from runner.core.patterns import Pattern
from runner.project.migration import Asked, Outside

_WITHOUT_WEIGHT = frozenset({Evidence.LINEAGE})
"""Lineage says where rows came from; a table stands without what once filled it."""


@dataclass(frozen=True, slots=True)
class Need:
    """``needer`` needs ``needed``, with all evidence for it and every place where it was seen."""

    needer: Address
    needed: Address
    evidence: tuple[Evidence, ...]
    certain: bool
    uses: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()


@dataclass(frozen=True)
class Closure:
    """The objects that travel, why each does, who needs whom among them, and what is left to a person."""

    members: tuple[Found, ...]
    reasons: Mapping[Address, str]
    needs: tuple[Need, ...]
    outside: tuple[tuple[Address, Outside], ...]
    questions: tuple[Question, ...]
    readers: tuple[Need, ...] = ()
    """Who needs a member and stays behind."""

    @property
    def addresses(self) -> frozenset[Address]:
        return frozenset(found.address for found in self.members)


def close(asked: Asked, estate: Estate) -> Closure:
    """Raises SelectionEmpty, AmbiguousName, InvalidFile for words about nothing, ClosureUnmet with everyone who needs
    what is not there, or NotMovable for what cannot do without the thing that was to be dropped.
    """
    check_heeded(asked, estate)
    return _Closing(asked, estate).closure()


def united(edges: Iterable[Edge]) -> tuple[Need, ...]:
    """One need for every pair: certain when any evidence is, or when it was observed."""
    groups: dict[tuple[Address, Address], list[Edge]] = defaultdict(list)
    for edge in edges:
        if edge.needer != edge.needed:
            groups[edge.needer, edge.needed].append(edge)
    return tuple(_united(*pair, group) for pair, group in sorted(groups.items()))


def _united(needer: Address, needed: Address, group: list[Edge]) -> Need:
    return Need(
        needer,
        needed,
        tuple(sorted({edge.evidence for edge in group})),
        any(edge.certain for edge in group),
        tuple(sorted({edge.use for edge in group if edge.use})),
        tuple(sorted({place for edge in group for place in edge.places})),
    )


class _Closing:
    """One walk from what was asked for along the needs."""

    def __init__(self, asked: Asked, estate: Estate) -> None:
        self.asked = asked
        self.estate = estate
        self.reasons = dict(chosen(asked, estate))
        self.needs: dict[Address, list[Need]] = defaultdict(list)
        for need in united([*estate.edges, *_declared(asked, estate)]):
            self.needs[need.needer].append(need)
        self.outside: dict[Address, Outside] = {}
        self.questions: list[Question] = []
        self.unmet: dict[Address, list[Need]] = defaultdict(list)
        self.stuck: list[str] = []

    def closure(self) -> Closure:
        waiting = list(self.reasons)
        while waiting:
            waiting += self._follow(waiting.pop(0))
        if self.unmet:
            raise ClosureUnmet(self.asked.path, tuple(self._wording(*pair) for pair in sorted(self.unmet.items())))
        if self.stuck:
            raise NotMovable(tuple(sorted(set(self.stuck))))
        members = tuple(self.estate.by_address[address] for address in sorted(self.reasons))
        return Closure(
            members, self.reasons, tuple(self._among()), tuple(sorted(self.outside.items())), tuple(self.questions),
            tuple(self._behind()),
        )  # fmt: skip

    def _follow(self, address: Address) -> list[Address]:
        """The objects that this one brings in."""
        return [need.needed for need in self.needs[address] if self._is_brought(need)]

    def _is_brought(self, need: Need) -> bool:
        if need.needed in self.reasons or not _weighs(need) or need.needed.kind in OF_ACCOUNT:
            return False
        what = self._said(need.needed)
        if what not in (None, Outside.INCLUDE):
            self.outside[need.needed] = what
            if what is Outside.DROP and not _does_without(need):
                self.stuck.append(f"{need.needer}: it cannot be made without {need.needed}, which is to be dropped")
            return False
        if not need.certain and what is None and not self._confirmed(need):
            return False
        if need.needed not in self.estate.by_address or (what is None and not self._is_own(need.needed)):
            self.unmet[need.needed].append(need)
            return False
        self.reasons[need.needed] = f"needed by {need.needer.short}"
        return True

    def _wording(self, needed: Address, needs: list[Need]) -> str:
        """Who needs it and where: `GOV_DB.POL.MASK_EMAIL, by MART.CUSTOMERS (line 3: MASKING POLICY …)`."""
        name = needed.sql if needed.kind is Kind.UNKNOWN else str(needed)
        hidden = self._is_own(needed) and needed not in self.estate.by_address
        unseen = " (it is not there, or the role does not see it)" if hidden else ""
        return f"{name}{unseen}, by " + " and ".join(_needer(need) for need in needs)

    def _said(self, needed: Address) -> Outside | None:
        """What the file says becomes of it; a mapped database is an answer too."""
        for pattern, what in self.asked.outside:
            if matches(pattern, needed):
                return what
        return Outside.MAP if needed.database in self.asked.names.databases else None

    def _is_own(self, needed: Address) -> bool:
        return needed.database == self.estate.database

    def _confirmed(self, need: Need) -> bool:
        """Only text suggests it: somebody has said so, or is asked. What is not there cannot be meant."""
        if need.needed not in self.estate.by_address:
            return False
        question = of_dependency(need.needer, need.needed, need.places)
        answer = answered(self.asked, question)
        if answer is None:
            self.questions.append(question)
        return answer == "include"

    def _behind(self) -> Iterator[Need]:
        """The needs of others towards the members."""
        for needer in sorted(self.needs.keys() - self.reasons.keys()):
            yield from (need for need in self.needs[needer] if need.needed in self.reasons and _weighs(need))

    def _among(self) -> Iterator[Need]:
        """The needs that count, among the members and towards what is outside."""
        known = self.reasons.keys() | self.outside.keys()
        for needer in sorted(self.reasons):
            yield from (n for n in self.needs[needer] if n.needed in known or n.needed.kind in OF_ACCOUNT)


def _weighs(need: Need) -> bool:
    return not set(need.evidence) <= _WITHOUT_WEIGHT


def _does_without(need: Need) -> bool:
    """Can the needer be made when the needed is left away?

    Foreign keys, policies and tags are taken off, and code that runs later stands.
    """
    if need.needed.kind in ATTACHED:
        return need.needer.kind in (Kind.TABLE, Kind.VIEW, Kind.MATERIALIZED_VIEW)
    if need.needer.kind is Kind.TABLE:
        return Evidence.KEYS in need.evidence and Evidence.DEFAULT not in need.evidence
    return not need.certain or need.needer.kind in _RUNS_LATER


_RUNS_LATER = frozenset({Kind.PROCEDURE, Kind.TASK, Kind.ALERT})


def _declared(asked: Asked, estate: Estate) -> Iterator[Edge]:
    """The dependencies that the file declares."""
    for pattern, wanted in asked.depends:
        for needer in _all(estate, pattern):
            for needed in (address for one in wanted for address in _all(estate, one)):
                yield Edge(needer, needed, Evidence.DECLARED)


def _all(estate: Estate, pattern: Pattern) -> list[Address]:
    return [found.address for found in estate.objects if matches(pattern, found.address)]


def matches(pattern: Pattern, address: Address) -> bool:
    return pattern.matches(tuple(part for part in address.place if part), address.signature)


def _needer(need: Need) -> str:
    if not need.places:
        return f"{need.needer.short} ({', '.join(need.evidence)})"
    place = need.places[0]
    return f"{need.needer.short} (line {place.line}: {place.text})"
