"""What the plans on record call things in an environment, as `reconcile` takes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from runner.authoring.names import TargetNames, written_names
from runner.authoring.record import Record, Step, state_of
from runner.catalog.estate import Address, Kind as Found
from runner.commands.planning import records
from runner.core.names import Identifier
from runner.project.settings import Environment
from runner.reconcile.renaming import Renaming, Travelled
from runner.reconcile.result import Kind, ObjectId
from runner.sql.moving import Names

K = TypeVar("K")
_KINDS = {
    Found.TABLE: Kind.TABLE, Found.VIEW: Kind.VIEW, Found.MATERIALIZED_VIEW: Kind.VIEW, Found.SEQUENCE: Kind.SEQUENCE,
    Found.FUNCTION: Kind.FUNCTION, Found.PROCEDURE: Kind.PROCEDURE, Found.DYNAMIC_TABLE: Kind.OTHER,
    Found.EXTERNAL_TABLE: Kind.OTHER, Found.EVENT_TABLE: Kind.OTHER,
}  # fmt: skip


def renaming_of(root: Path, source: Environment, target: Environment) -> Renaming:
    """All plans from the one to the other together. Raises RecordDamaged and NamesContradict."""
    plans = [records.load(root, name) for name in records.known(root)]
    parts = [
        _Part(plan, step, source, target)
        for plan in plans
        for step in plan.steps
        if (step.asked.source, step.asked.target) == (source.name, target.name)
    ]
    found = Renaming(
        tuple(_travelled(parts)), frozenset(pair for part in parts for pair in part.schemas),
        _together([_plain(source, target), *(part.names for part in parts)]),
    )  # fmt: skip
    found.check()
    return found


def _travelled(parts: Iterable[_Part]) -> Iterator[Travelled]:
    """Every object as the last step that had it left it, without those that were dropped again."""
    found: dict[tuple[str, Address], Travelled] = {}
    for part in parts:
        found |= {(part.record.plan, address): one for address, one in part.travelled()}
        for gone in part.step.dropped:
            found.pop((part.record.plan, gone.address), None)
    yield from found.values()


def _plain(source: Environment, target: Environment) -> Names:
    return Names(databases={source.database: Identifier(target.database).sql})


def _together(several: list[Names]) -> Names:
    """The names of all; one of which they are not of one mind stays as it is."""
    kinds = sorted({kind for names in several for kind in names.others})
    return Names(
        databases=_agreed(names.databases for names in several),
        schema_names=_agreed(names.schema_names for names in several),
        objects=_agreed(names.objects for names in several),
        others={kind: _agreed(names.others.get(kind, {}) for names in several) for kind in kinds},
    )


def _agreed(maps: Iterable[Mapping[K, str]]) -> dict[K, str]:
    said: dict[K, set[str]] = {}
    for old, new in (pair for each in maps for pair in each.items()):
        said.setdefault(old, set()).add(new)
    return {old: next(iter(news)) for old, news in said.items() if len(news) == 1}


@dataclass(frozen=True)
class _Part:
    """One step of a plan: what it moved, and the names that it moved it with."""

    record: Record
    step: Step
    source: Environment
    target: Environment

    @cached_property
    def _members(self) -> tuple[Address, ...]:
        earlier = (step for step in self.record.steps if step.number <= self.step.number)
        return tuple(sorted(state_of(earlier)))

    @cached_property
    def _names(self) -> TargetNames:
        return TargetNames(self.step.asked, self.record.origin.database, self._members)

    @property
    def schemas(self) -> Iterator[tuple[str, str]]:
        """Schemas of the source, and of the target."""
        yield from self.step.asked.names.schemas.items()
        yield from ((member.schema, self._names.of(member).schema) for member in self._members if member.schema)

    @cached_property
    def names(self) -> Names:
        """The step's names as the target has them, where its scripts ask the environment."""
        asked, database = self.step.asked.names, self.source.database
        renamed = {
            (database, member.schema, member.name): new.name
            for member in self._members
            if (new := self._names.of(member)).name != member.name
        }
        roles = {old: self.target.roles[word] for old, word in self.step.roles.items() if word in self.target.roles}
        return Names(
            databases=written_names(asked.databases) | dict(_plain(self.source, self.target).databases),
            schema_names={(database, old): new for old, new in asked.schemas.items()},
            objects=renamed,
            others={
                "WAREHOUSE": written_names(asked.warehouses), "ROLE": written_names(roles),
                "INTEGRATION": written_names(asked.integrations),
            },
        )  # fmt: skip

    def travelled(self) -> Iterator[tuple[Address, Travelled]]:
        """The objects of the step, of the kinds that are compared."""
        for entry in self.step.entries:
            old = entry.found.address
            if old.kind in _KINDS:
                new = self._names.of(old)
                yield old, Travelled(self.record.plan, _id(old), _id(new), self.names)


def _id(address: Address) -> ObjectId:
    return ObjectId(_KINDS[address.kind], address.schema, address.name + address.signature)
