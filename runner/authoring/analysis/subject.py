"""A plan as it is judged: its objects in the order in which they are made, how each one's rows come, who needs whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from runner.authoring.closing import Need, matches
from runner.authoring.questions import Question
from runner.authoring.travelling import turn
from runner.catalog.estate import Address, Found, Gap, Kind
from runner.project.migration import Asked, Data, Outside, Strategy


@dataclass(frozen=True)
class Subject:
    """``left``: how many places of an object's text name something and were left to a person. ``batches``: into how
    many a table's rows were cut, and ``decided`` how, where that was known when the scripts were written.
    """

    plan: str
    asked: Asked
    objects: tuple[Found, ...]
    needs: tuple[Need, ...] = ()
    outside: tuple[tuple[Address, Outside], ...] = ()
    questions: tuple[Question, ...] = ()
    gaps: tuple[Gap, ...] = ()
    left: Mapping[Address, int] = field(default_factory=dict)
    batches: Mapping[Address, int] = field(default_factory=dict)
    decided: Mapping[Address, Data] = field(default_factory=dict)
    behind: tuple[Need, ...] = ()
    """Needs of objects that stay in the source towards those that travel."""

    @cached_property
    def tables(self) -> tuple[Found, ...]:
        return tuple(found for found in self.objects if found.address.kind is Kind.TABLE)

    @cached_property
    def travels(self) -> tuple[Found, ...]:
        """The tables whose rows come, in the order in which scripts bring them."""
        coming = (found for found in self.tables if self.data(found).strategy is not Strategy.NONE)
        return tuple(sorted(coming, key=lambda found: turn(self.asked, found.address, self.data(found).strategy)))

    def data(self, found: Found) -> Data:
        """How its rows come: as the first pattern says that fits."""
        said = (each for each in self.asked.data if each.pattern is None or matches(each.pattern, found.address))
        return self.decided.get(found.address) or next(said)

    def of(self, *strategies: Strategy) -> tuple[Found, ...]:
        return tuple(found for found in self.tables if self.data(found).strategy in strategies)

    @cached_property
    def by_address(self) -> Mapping[Address, Found]:
        return {found.address: found for found in self.objects}

    @cached_property
    def _readers(self) -> Mapping[Address, tuple[Address, ...]]:
        found: dict[Address, set[Address]] = defaultdict(set)
        for need in self.needs:
            found[need.needed].add(need.needer)
        return {address: tuple(sorted(each)) for address, each in found.items()}

    def readers(self, address: Address) -> tuple[Address, ...]:
        """Who needs it, directly."""
        return self._readers.get(address, ())

    def readers_behind(self, address: Address) -> tuple[Address, ...]:
        """Who needs it in the source, directly, and does not travel."""
        return tuple(sorted({need.needer for need in self.behind if need.needed == address}))

    def all_readers(self, *addresses: Address) -> tuple[Address, ...]:
        """Who needs any of them, however many steps away."""
        seen = set(addresses)
        waiting = list(addresses)
        for address in waiting:
            fresh = [reader for reader in self.readers(address) if reader not in seen]
            seen.update(fresh)
            waiting += fresh
        return tuple(sorted(seen.difference(addresses)))
