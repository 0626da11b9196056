"""The order in which objects are made: everything after what it needs, ties by kind and name. Pure.

A need of a procedure or an alert is soft: Snowflake makes it whether or not what it names stands
(developer-guide/stored-procedure). A circle with a foreign key in it is broken there: that key comes last, by ALTER
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
            Kind.JOIN_POLICY,
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
    inside = _inside(set(names), needs)
    late: list[Need] = []
    while True:
        try:
            done = _Walk(names, inside).order()
            return Order(done, tuple(sorted((need.needer, need.needed) for need in late)))
        except _Circle as circle:
            late.append(circle.key())
            inside[late[-1].needer].remove(late[-1])


class _Circle(Exception):
    """Objects that need each other, each by the need that leads to it."""

    def __init__(self, needs: Sequence[Need]) -> None:
        super().__init__()
        self.needs = needs

    def key(self) -> Need:
        """The last foreign key on the circle; raises NotMovable without one."""
        for need in reversed(self.needs):
            if _is_key(need):
                return need
        names = " → ".join(need.needer.short for need in self.needs)
        raise NotMovable((f"{names} → {self.needs[-1].needed.short}: they need each other in a circle",))


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
        self.path: dict[Address, Need | None] = {}
        """Where the walk stands, each with the need that led to it."""

    def order(self) -> tuple[Address, ...]:
        """Raises _Circle where one is met that nothing soft breaks."""
        for name in self.names:
            self._visit(name)
        return tuple(self.done)

    def _visit(self, start: Address) -> None:
        waiting = [(start, iter(self.needs.get(start, ())))] if start not in self.done else []
        self.path = dict.fromkeys([start] if waiting else [])
        while waiting:
            name, rest = waiting[-1]
            need = next((need for need in rest if self._must_come_first(need)), None)
            if need is not None:
                self.path[need.needed] = need
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
        circle = list(self.path)[list(self.path).index(need.needed) :]
        if not any(name.kind in _SOFT for name in circle):
            raise _Circle([*(led for name in circle[1:] if (led := self.path[name])), need])
        return False


def _is_key(need: Need) -> bool:
    """A table needs another by a foreign key, whatever else is known of their rows."""
    return Evidence.KEYS in need.evidence and need.needer.kind is Kind.TABLE
