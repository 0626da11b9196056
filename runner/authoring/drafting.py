"""A step of a plan made into a draft, and a draft into files: the one road, for a new plan as for a record's. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from runner.authoring.closing import Closure
from runner.authoring.difference import changed_piece
from runner.authoring.draft import Draft, Numbers, Piece
from runner.authoring.names import TargetNames
from runner.authoring.numbering import numbered
from runner.authoring.ordering import ordered
from runner.authoring.pieces import Moving, late_key
from runner.authoring.questions import Question
from runner.authoring.record import Entry, Record, Step, state_of, written
from runner.authoring.scripts import File, files
from runner.authoring.travelling import travels
from runner.catalog.estate import Address, Found


def step_of(record: Record, step: Step) -> tuple[Step, tuple[File, ...], tuple[Question, ...]]:
    """The step with its edits and its files, and what must be answered before it may be written.

    ``record`` holds the steps before it. Raises what the names, the definitions and the order cannot do.
    """
    state = state_of((*record.steps, step))
    moving = _moving(record, step, frozenset(state) | {found.address for found in step.dropped})
    moving.check(entry.found for entry in step.entries)
    draft = _draft(record, step, moving, step.entries, step.dropped)
    fresh = tuple(replace(entry, before=None) for entry in state.values())
    whole = draft if step.number == 1 else _draft(record, step, moving, fresh)
    texts = files(draft, whole)
    questions = tuple(question for piece in draft.pieces for question in moving.questions(piece))
    pieces = {piece.found.address: piece for piece in draft.pieces}
    entries = tuple(_explained(entry, pieces.get(entry.found.address)) for entry in step.entries)
    order = tuple(piece.found.address for piece in draft.pieces)
    return replace(step, entries=entries, order=order, files=written(texts)), texts, questions


def files_again(record: Record, number: int) -> tuple[File, ...]:
    """The files of a step, made from the record alone: the same bytes as when it was written."""
    earlier = replace(record, steps=tuple(step for step in record.steps if step.number < number))
    return step_of(earlier, next(step for step in record.steps if step.number == number))[1]


def first_step(
    record: Record, closure: Closure, places: Iterable[Found], numbers: Numbers, prefix: str, *, owns_share: bool
) -> Step:
    """Everything, as the first step of a plan."""
    return Step(
        number=1,
        prefix=prefix,
        first_version=numbers.first,
        digits=numbers.digits,
        owns_share=owns_share,
        asked=record.asked,
        roles=record.roles,
        entries=tuple(Entry(found, closure.reasons[found.address]) for found in closure.members),
        needs=closure.needs,
        outside=closure.outside,
        readers=closure.readers,
        places=tuple(places),
    )


def _explained(entry: Entry, piece: Piece | None) -> Entry:
    return replace(entry, edits=piece.edits, seen=piece.seen) if piece else entry


def _moving(record: Record, step: Step, addresses: frozenset[Address]) -> Moving:
    """All that travels, in this step and before it, under the target's names."""
    taken = frozenset({record.plan, f"{record.plan}_{step.number}", f"{record.plan}_sync"})
    names = TargetNames(step.asked, record.origin.database, tuple(sorted(addresses)), taken)
    return Moving(step.asked, addresses, step.needs, step.outside, names, step.roles)


def _draft(
    record: Record, step: Step, moving: Moving, given: tuple[Entry, ...], dropped: tuple[Found, ...] = ()
) -> Draft:
    """A draft of these entries, in the order in which they can be made; what is dropped comes last."""
    entries = {entry.found.address: entry for entry in given}
    order = ordered(entries, step.needs)
    moving = replace(moving, late=order.late_keys)
    coming = travels(step.asked, moving, [entries[address] for address in order.objects])
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
        asked=step.asked,
        names=moving.names,
        pieces=(*numbered(pieces, coming), *(_dropped(moving, found) for found in dropped)),
        travels=coming,
        numbers=Numbers(step.first_version, step.digits),
        roles=step.roles,
        places=step.places,
        late_statements=tuple((table, do) for table, (do, _) in late),
        late_undo=tuple((table, undo) for table, (_, undo) in late),
        owns_share=step.owns_share,
    )


def _piece(moving: Moving, entry: Entry) -> Piece:
    if entry.before is None:
        return moving.piece(entry.found)
    return changed_piece(moving, entry.before, entry.found)


def _dropped(moving: Moving, found: Found) -> Piece:
    """What is gone: dropped, and made again by the undo."""
    piece = moving.piece(found)
    return replace(piece, statements=piece.undo, undo=piece.statements, comments=("It is gone in the source.",))
