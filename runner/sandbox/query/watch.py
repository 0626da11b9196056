"""Which columns the values of an expression come from: those under a projection policy, or all where rows are written.

Every look at such a column is noted in the innermost collection. The items of a SELECT list have one each; what only
conditions, groups and orders look at is collected aside and forgotten. What is noted nowhere else, in the arguments of
table functions for instance, stays at the bottom: it cannot be said in which columns it comes out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import field

from runner.sandbox.accesses import Source
from runner.sandbox.catalog.model import Table, View
from runner.sandbox.classes import dataclass
from runner.sandbox.law import policies


@dataclass(frozen=True, slots=True)
class Guarded:
    """A column of a table or view that a projection policy is on, or whose way is followed."""

    entity: int
    column: str
    direct: bool = True
    """Whether the statement names the table or view itself, and no view above it."""


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

    @contextmanager
    def along(self) -> Iterator[set[Guarded]]:
        """What is looked at meanwhile, for whoever asks as well."""
        with self.aside() as seen:
            yield seen
        self.stack[-1] |= seen


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


def sources(columns: Iterable[Guarded]) -> list[Source]:
    """The columns that values come from, as the history keeps them: always in the same order."""
    return sorted((one.entity, one.column, one.direct) for one in columns)


def of_column(found: Guards | None) -> list[Source]:
    """The same of one column of a query."""
    return [] if found is None else sources(found.columns)


def again(watch: Watch, given: Iterable[Source]) -> Guards | None:
    """What `of_column` gave, for a column that stands for that one in another statement."""
    return guards(watch, (Guarded(*one) for one in given))


def traced(watch: Watch, entity: Table | View, *, direct: bool) -> dict[str, Guards]:
    """All columns of a table or view: whoever asks learns where values come from."""
    return {each.name: Guards(watch, frozenset({Guarded(entity.id, each.name, direct)})) for each in entity.columns}


def of_entity(watch: Watch, entity: Table | View) -> dict[str, Guards]:
    """The columns of a table or view that projection policies are on."""
    found = policies.of_kind(entity, policies.PROJECTION) if entity.policies else []
    return {each.column: Guards(watch, frozenset({Guarded(entity.id, each.column)})) for each in found}
