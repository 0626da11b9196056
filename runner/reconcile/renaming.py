"""What the plans on record call things in the target: what each object is in the source, and how its text moved."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from runner.core.errors import NamesContradict
from runner.reconcile.result import ObjectId
from runner.sql.moving import Names


@dataclass(frozen=True, slots=True)
class Travelled:
    """An object of a plan, under both names; ``names`` are those that its text was moved with."""

    plan: str
    source: ObjectId
    target: ObjectId
    names: Names

    @property
    def said(self) -> str:
        return f"{self.source} in the plan '{self.plan}'"


@dataclass(frozen=True)
class Renaming:
    """``travelled`` are the objects of all plans, ``schemas`` (old, new) the schemas of all.

    What stands in no plan is told by its schema, and its text is read with the names of all plans together.
    """

    travelled: tuple[Travelled, ...] = ()
    schemas: frozenset[tuple[str, str]] = frozenset()
    rest: Names = field(default_factory=Names)

    def check(self) -> None:
        """Raises NamesContradict where two plans say that one object of the target is two of the source."""
        first: dict[ObjectId, Travelled] = {}
        for one in self.travelled:
            other = first.setdefault(one.target, one)
            if other.source != one.source:
                raise NamesContradict(str(one.target), (other.said, one.said))

    @cached_property
    def _by_target(self) -> Mapping[ObjectId, Travelled]:
        return {one.target: one for one in self.travelled}

    @cached_property
    def _by_source(self) -> Mapping[ObjectId, Travelled]:
        return {one.source: one for one in self.travelled}

    @property
    def targets(self) -> tuple[str, ...]:
        """The schemas of the target that plans write to."""
        return tuple(sorted({one.target.schema for one in self.travelled}))

    def brings(self, item: ObjectId) -> bool:
        """Does a plan bring this object of the source?"""
        return item in self._by_source

    def sources(self, schemas: Iterable[str]) -> tuple[str, ...]:
        """The schemas of the source that these of the target come from."""
        return tuple(dict.fromkeys(old for schema in schemas for old in self._olds(schema)))

    def _olds(self, schema: str) -> tuple[str, ...]:
        return tuple(sorted(old for old, new in self.schemas if new == schema)) or (schema,)

    def source_of(self, item: ObjectId, standing: Collection[ObjectId]) -> ObjectId | None:
        """What an object of the target is in the source, where ``standing`` stands; None for nothing at all."""
        if item in self._by_target:
            return self._by_target[item].source
        places = (ObjectId(item.kind, old, item.name) for old in self._olds(item.schema))
        free = [place for place in places if place not in self._by_source]
        return next((place for place in free if place in standing), free[0] if free else None)

    def target_of(self, item: ObjectId) -> ObjectId:
        """Where an object of the source was to travel."""
        if item in self._by_source:
            return self._by_source[item].target
        news = sorted(new for old, new in self.schemas if old == item.schema)
        return ObjectId(item.kind, news[0] if len(news) == 1 else item.schema, item.name)

    def names_of(self, item: ObjectId) -> Names:
        """The names that the text of this object of the target was moved with."""
        return self._by_target[item].names if item in self._by_target else self.rest
