"""The order in which objects are made: everything after what it needs, ties by kind and name. Pure.

A need of a procedure, a task or a policy's use is soft: Snowflake makes it whether or not what it names stands
(developer-guide/stored-procedure). A circle of foreign keys is broken: the keys that close it come last, by ALTER
TABLE. Any other circle cannot have been made, and is shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from runner.authoring.closing import Need
from runner.catalog.estate import Address, Evidence, Kind
from runner.core.errors import NotMovable

_RANK: Mapping[Kind, int] = {
    kind: rank
    for rank, kind in enumerate(
        [
            Kind.TAG, Kind.MASKING_POLICY, Kind.ROW_ACCESS_POLICY, Kind.PROJECTION_POLICY, Kind.AGGREGATION_POLICY,
            Kind.NETWORK_RULE, Kind.SECRET, Kind.FILE_FORMAT, Kind.STAGE, Kind.SEQUENCE, Kind.TABLE, Kind.EVENT_TABLE,
            Kind.EXTERNAL_TABLE, Kind.FUNCTION, Kind.VIEW, Kind.MATERIALIZED_VIEW, Kind.DYNAMIC_TABLE, Kind.PROCEDURE,
            Kind.STREAM, Kind.PIPE, Kind.TASK, Kind.ALERT,
        ]
    )
}  # fmt: skip
_SOFT = frozenset({Kind.PROCEDURE, Kind.ALERT})


@dataclass(frozen=True, slots=True)
class Order:
    """Objects in the order in which they can be made, and the foreign keys that must come after all of them."""

    objects: tuple[Address, ...]
    late_keys: tuple[tuple[Address, Address], ...] = ()


def ordered(members: Iterable[Address], needs: Iterable[Need]) -> Order:
    """Raises NotMovable when objects need each other in a circle that nothing can break."""
    names = sorted(members, key=_tie)
    return _Walk(names, _inside(set(names), needs)).order()


def _tie(address: Address) -> tuple[int, Address]:
    return _RANK.get(address.kind, len(_RANK)), address


def _inside(names: set[Address], needs: Iterable[Need]) -> Mapping[Address, list[Need]]:
    found: dict[Address, list[Need]] = defaultdict(list)
    for need in needs:
        if need.needer in names and need.needed in names:
            found[need.needer].append(need)
    for group in found.values():
        group.sort(key=lambda need: _tie(need.needed))
    return found


class _Walk:
    """Depth first, without recursion: views may stand a thousand deep on each other."""

    def __init__(self, names: Sequence[Address], needs: Mapping[Address, list[Need]]) -> None:
        self.names = names
        self.needs = needs
        self.done: dict[Address, None] = {}
        self.path: dict[Address, None] = {}
        self.late: list[tuple[Address, Address]] = []

    def order(self) -> Order:
        for name in self.names:
            self._visit(name)
        return Order(tuple(self.done), tuple(sorted(self.late)))

    def _visit(self, start: Address) -> None:
        waiting = [(start, iter(self.needs.get(start, ())))] if start not in self.done else []
        self.path = dict.fromkeys([start] if waiting else [])
        while waiting:
            name, rest = waiting[-1]
            need = next((need for need in rest if self._must_come_first(need)), None)
            if need is not None:
                self.path[need.needed] = None
                waiting.append((need.needed, iter(self.needs.get(need.needed, ()))))
            else:
                waiting.pop()
                del self.path[name]
                self.done[name] = None

    def _must_come_first(self, need: Need) -> bool:
        if need.needed in self.done:
            return False
        if need.needed not in self.path:
            return True
        if _is_key(need):
            self.late.append((need.needer, need.needed))
        elif not self._is_broken(need):
            raise NotMovable((self._circle(need),))
        return False

    def _is_broken(self, need: Need) -> bool:
        """Does something soft lie on the circle that this need closes?"""
        circle = list(self.path)
        return any(name.kind in _SOFT for name in circle[circle.index(need.needed) :])

    def _circle(self, need: Need) -> str:
        circle = list(self.path)
        names = [*circle[circle.index(need.needed) :], need.needed]
        return " → ".join(name.short for name in names) + ": they need each other in a circle"


def _is_key(need: Need) -> bool:
    """Only a foreign key asks for it."""
    return set(need.evidence) <= {Evidence.KEYS, Evidence.PARSED} and Evidence.KEYS in need.evidence
