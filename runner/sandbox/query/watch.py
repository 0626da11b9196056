"""Which columns under a projection policy the values of an expression come from.

Every look at such a column is noted in the innermost collection. The items of a SELECT list have one each; what only
conditions, groups and orders look at is collected aside and forgotten. What is noted nowhere else, in the arguments of
table functions for instance, stays at the bottom: it cannot be said in which columns it comes out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import field

from runner.sandbox.catalog.model import Table, View
from runner.sandbox.classes import dataclass
from runner.sandbox.law import policies


@dataclass(frozen=True, slots=True)
class Guarded:
    """A column of a table or view that a projection policy is on."""

    entity: int
    column: str


@dataclass(slots=True)
class Watch:
    """The collections of one statement, the innermost last."""

    stack: list[set[Guarded]] = field(default_factory=lambda: [set()])

    @property
    def loose(self) -> frozenset[Guarded]:
        return frozenset(self.stack[0])

    @contextmanager
    def aside(self) -> Iterator[set[Guarded]]:
        """What is looked at meanwhile, for whoever asks, and for nobody else."""
        self.stack.append(set())
        try:
            yield self.stack[-1]
        finally:
            self.stack.pop()


@dataclass(frozen=True, slots=True)
class Guards:
    """The guarded columns that one column's values come from, and who wants to know that they are looked at."""

    watch: Watch
    columns: frozenset[Guarded]

    def looked_at(self) -> None:
        self.watch.stack[-1] |= self.columns


def guards(watch: Watch, columns: Iterable[Guarded]) -> Guards | None:
    found = frozenset(columns)
    return Guards(watch, found) if found else None


def both(one: Guards | None, other: Guards | None) -> Guards | None:
    """Of a column whose values come from either."""
    if one is None or other is None:
        return one or other
    return Guards(one.watch, one.columns | other.columns)


def of_entity(watch: Watch, entity: Table | View) -> dict[str, Guards]:
    """The columns of a table or view that projection policies are on."""
    found = policies.of_kind(entity, policies.PROJECTION) if entity.policies else []
    return {each.column: Guards(watch, frozenset({Guarded(entity.id, each.column)})) for each in found}
