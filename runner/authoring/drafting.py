"""A step of a plan made into a draft, and a draft into files: the one road, for a new plan as for a record's. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace

from runner.authoring.closing import Closure, matches
from runner.authoring.difference import changed_piece
from runner.authoring.draft import Draft, Numbers, Piece, Travel
from runner.authoring.names import TargetNames
from runner.authoring.numbering import numbered
from runner.authoring.ordering import Order, ordered
from runner.authoring.pieces import Moving, late_key
from runner.authoring.questions import Question
from runner.authoring.record import Entry, Record, Step, written
from runner.authoring.scripts import File, files
from runner.authoring.ways import check
from runner.catalog.estate import Address, Found, Kind
from runner.core.errors import NotMovable
from runner.core.names import Identifier
from runner.project.migration import Asked, Data, Masked, Strategy

_LONGEST = 255


def step_of(record: Record, step: Step) -> tuple[Step, tuple[File, ...], tuple[Question, ...]]:
    """The step with its edits and its files, and what must be answered before it may be written."""
    moving, order = _moving(record, step)
    moving.check(entry.found for entry in step.entries)
    draft = _draft(record, step, moving, order)
    texts = files(draft)
    questions = tuple(question for piece in draft.pieces for question in moving.questions(piece))
    pieces = {piece.found.address: piece for piece in draft.pieces}
    entries = tuple(_explained(entry, pieces.get(entry.found.address)) for entry in step.entries)
    return replace(step, entries=entries, order=order.objects, files=written(texts)), texts, questions


def files_again(record: Record, number: int) -> tuple[File, ...]:
    """The files of a step, made from the record alone: the same bytes as when it was written."""
    earlier = replace(record, steps=tuple(step for step in record.steps if step.number < number))
    return step_of(earlier, next(step for step in record.steps if step.number == number))[1]


def first_step(closure: Closure, places: Iterable[Found], numbers: Numbers, prefix: str, *, owns_share: bool) -> Step:
    """Everything, as the first step of a plan."""
    entries = tuple(Entry(found, closure.reasons[found.address]) for found in closure.members)
    return Step(
        1, prefix, numbers.first, numbers.digits, owns_share, entries, (), closure.needs, closure.outside, tuple(places)
    )


def _explained(entry: Entry, piece: Piece | None) -> Entry:
    return replace(entry, edits=piece.edits, seen=piece.seen) if piece else entry


def _moving(record: Record, step: Step) -> tuple[Moving, Order]:
    """All that travels, in this step and before it, under the target's names."""
    addresses = frozenset(record.state) | {entry.found.address for entry in step.entries}
    names = TargetNames(
        record.asked, record.origin.database, tuple(sorted(addresses)), frozenset({record.plan, "frozen", "roles"})
    )
    order = ordered((entry.found.address for entry in step.entries), step.needs)
    return Moving(record.asked, addresses, step.needs, step.outside, names, record.roles, order.late_keys), order


def _draft(record: Record, step: Step, moving: Moving, order: Order) -> Draft:
    entries = {entry.found.address: entry for entry in step.entries}
    travels = _travels(record.asked, moving, [entries[address] for address in order.objects])
    pieces = tuple(_piece(moving, entries[address]) for address in order.objects)
    late = [
        (table, pair)
        for table, needed in order.late_keys
        for pair in late_key(moving.names, entries[table].found, needed)
    ]
    return Draft(
        plan=record.plan,
        step=step.number,
        prefix=step.prefix,
        asked=record.asked,
        names=moving.names,
        pieces=numbered(pieces, travels),
        travels=travels,
        numbers=Numbers(step.first_version, step.digits),
        roles=record.roles,
        places=step.places,
        late_statements=tuple((table, do) for table, (do, _) in late),
        late_undo=tuple((table, undo) for table, (_, undo) in late),
        owns_share=step.owns_share,
    )


def _piece(moving: Moving, entry: Entry) -> Piece:
    if entry.before is None:
        return moving.piece(entry.found)
    return changed_piece(moving, entry.before, entry.found)


def _travels(asked: Asked, moving: Moving, entries: list[Entry]) -> tuple[Travel, ...]:
    """The tables whose rows come, each as the file says."""
    found = [_travel(asked, moving, entry) for entry in entries if entry.found.address.kind is Kind.TABLE]
    travels = tuple(travel for travel in found if travel.data.strategy is not Strategy.NONE)
    for travel in travels:
        check(travel, asked.path)
    _refuse_masked(asked, travels)
    return _distinct(travels)


def _travel(asked: Asked, moving: Moving, entry: Entry) -> Travel:
    address = entry.found.address
    replayed = tuple(moving.replayed(address, past) for past in entry.history)
    return Travel(
        entry.found, moving.names.of(address), data_of(asked, address), f"{address.schema}__{address.name}",
        _order(entry.found), entry.bounds, replayed,
    )  # fmt: skip


def data_of(asked: Asked, table: Address) -> Data:
    """How this table's rows come."""
    return next(each for each in asked.data if each.pattern is None or matches(each.pattern, table))


def _order(found: Found) -> str:
    """How the rows are laid down: as they are clustered, by the primary key, or by the first column."""
    clustered = found.properties.get("clustering_key", "")
    if clustered:
        return clustered.removeprefix("LINEAR").strip().removeprefix("(").removesuffix(")")
    primary = next((key.columns for key in found.keys if key.kind == "PRIMARY"), ())
    return ", ".join(Identifier(name).sql for name in primary or [found.columns[0].name])


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
        if name in taken or len(name) > _LONGEST:
            digest = hashlib.sha256(travel.found.address.sql.encode()).hexdigest()[:8]
            name = f"{name[: _LONGEST - 10]}__{digest}"
        taken.add(name)
        found.append(replace(travel, frozen=name))
    return tuple(found)
