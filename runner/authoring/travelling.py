"""The tables whose rows come: how each comes, in which order its rows lie, what its clone is called. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from runner.authoring.closing import matches
from runner.authoring.draft import Travel
from runner.authoring.pieces import Moving
from runner.authoring.record import Entry
from runner.authoring.ways import check
from runner.catalog.estate import Address, Found, Kind
from runner.core.clones import clone_name, distinct_name, fits
from runner.core.errors import NotMovable
from runner.core.names import Identifier, ObjectName
from runner.project.migration import Asked, Data, Masked, Strategy


def travels(asked: Asked, moving: Moving, entries: list[Entry]) -> tuple[Travel, ...]:
    """The tables whose rows come, each as the file says."""
    found = [_travel(asked, moving, entry) for entry in entries if _brings_rows(entry)]
    coming = tuple(travel for travel in found if travel.data.strategy is not Strategy.NONE)
    coming = tuple(sorted(coming, key=lambda travel: turn(asked, travel.found.address, travel.data.strategy)))
    for travel in coming:
        check(travel, asked.path)
    _refuse_masked(asked, coming)
    return _distinct(coming)


def _brings_rows(entry: Entry) -> bool:
    """New tables, and those whose columns are others than before."""
    if entry.found.address.kind is not Kind.TABLE:
        return False
    return entry.before is None or _columns(entry.before) != _columns(entry.found)


def _columns(found: Found) -> list[tuple[str, str]]:
    return [(column.name, column.type) for column in found.columns]


def _travel(asked: Asked, moving: Moving, entry: Entry) -> Travel:
    address = entry.found.address
    replayed = tuple(moving.replayed(address, past) for past in entry.history)
    data = entry.data or data_of(asked, address)
    if entry.before is not None and data.strategy is Strategy.INCREMENTAL:
        data = replace(data, strategy=Strategy.SNAPSHOT)  # a new column has values in rows that no watermark brings
    return Travel(
        entry.found, moving.names.of(address), data, clone_name(ObjectName.of(*address.place)),
        _order(entry.found), entry.bounds, replayed,
    )  # fmt: skip


def turn(asked: Asked, table: Address, strategy: Strategy) -> int:
    """When a table's rows come, where the file says it; a replay reads what others brought and keeps its own order."""
    order = asked.loading.order
    fits = (number for number, pattern in enumerate(order) if matches(pattern, table))
    return len(order) if strategy is Strategy.REPLAY else next(fits, len(order))


def data_of(asked: Asked, table: Address) -> Data:
    """How this table's rows come."""
    return next(each for each in asked.data if each.pattern is None or matches(each.pattern, table))


def _order(found: Found) -> str:
    """How the rows are laid down: as they are clustered, by the primary key, or by the first column."""
    clustered = found.properties.get("clustering_key", "")
    if clustered:
        return inner(clustered)
    primary = next((key.columns for key in found.keys if key.kind == "PRIMARY"), ())
    return ", ".join(Identifier(name).sql for name in primary or [found.columns[0].name])


def inner(clustering_key: str) -> str:
    """The expressions of a clustering key as SHOW gives it: ``LINEAR(A, B)``."""
    return clustering_key.removeprefix("LINEAR").strip().removeprefix("(").removesuffix(")")


def _refuse_masked(asked: Asked, travels: Iterable[Travel]) -> None:
    guarded = [travel.found for travel in travels if travel.found.policies]
    if guarded and asked.masked is Masked.REFUSE:
        raise NotMovable(tuple(f"{found.address}: {_GUARDED.format(_policies(found))}" for found in guarded))


_GUARDED = "{} would mask or filter the rows on their way; say `policies.masked`: strip or copy"


def _policies(found: Found) -> str:
    return ", ".join(sorted({use.policy.short for use in found.policies}))


def _distinct(travels: tuple[Travel, ...]) -> tuple[Travel, ...]:
    """No two clones of one name: a schema A__B with a table C is not a schema A with a table B__C."""
    taken = set[str]()
    found = list[Travel]()
    for travel in travels:
        name = travel.frozen
        if name in taken or not fits(name):
            name = distinct_name(ObjectName.of(*travel.found.address.place))
        taken.add(name)
        found.append(replace(travel, frozen=name))
    return tuple(found)
