"""A step of a plan made into a draft, and a draft into files: the one road, for a new plan as for a record's. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from runner.authoring.closing import Closure
from runner.authoring.difference import changed_piece
from runner.authoring.draft import Draft, Numbers, Piece, Travel, snapshot_schema
from runner.authoring.names import TargetNames
from runner.authoring.numbering import numbered
from runner.authoring.ordering import ordered
from runner.authoring.pieces import Moving, late_key
from runner.authoring.questions import Question
from runner.authoring.record import Entry, Record, Step, state_of, written
from runner.authoring.scripts import File, files
from runner.authoring.scripts.file import literal, stored
from runner.authoring.travelling import travels
from runner.catalog.estate import Address, Found
from runner.core.names import Identifier


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


@dataclass(frozen=True, slots=True)
class Filled:
    """How a step filled a table: from which schema of clones."""

    schema: str
    travel: Travel


def filled_by(record: Record) -> Mapping[Address, Filled]:
    """Every table that the plan's steps have filled, as the last of them did."""
    found: dict[Address, Filled] = {}
    for step in record.steps:
        known = state_of(each for each in record.steps if each.number <= step.number)
        moving = _moving(record, step, frozenset(known) | {gone.address for gone in step.dropped})
        schema = snapshot_schema(Numbers(step.first_version, step.digits))
        entries = {entry.found.address: entry for entry in step.entries}
        coming = travels(step.asked, moving, [entries[address] for address in step.order if address in entries])
        found |= {travel.found.address: Filled(schema, travel) for travel in coming}
        for gone in step.dropped:
            found.pop(gone.address, None)
    return found


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
    before = filled_by(record) if dropped or any(entry.before for entry in given) else {}
    coming = travels(step.asked, moving, [entries[address] for address in order.objects])
    coming = tuple(replace(travel, again=travel.found.address in before) for travel in coming)
    touched = {found.address for found in dropped} | {travel.found.address for travel in coming}
    again = {address: filled for address, filled in before.items() if address in touched}
    pieces = numbered([_piece(moving, entries[address]) for address in order.objects], coming)
    pieces = (*pieces, *(_dropped(moving, found) for found in dropped))
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
        pieces=tuple(_with_rows(moving, piece, again) for piece in pieces),
        travels=coming,
        numbers=Numbers(step.first_version, step.digits),
        roles=step.roles,
        places=step.places,
        late_statements=tuple((table, do) for table, (do, _) in late),
        late_undo=tuple((table, undo) for table, (_, undo) in late),
        owns_share=step.owns_share,
    )


def _with_rows(moving: Moving, piece: Piece, again: Mapping[Address, Filled]) -> Piece:
    """Taken back, a table has the rows again that the step before gave it. A stream's are those it still has."""
    before = again.get(piece.found.address)
    if before is None or not before.travel.is_frozen:
        return piece
    clone = f"[vars.imported_database, {literal(before.schema)}, {stored(before.travel.frozen)}] | ident"
    columns = ", ".join(Identifier(name).sql for name in before.travel.columns)
    rows = (
        f"{{{{ copy.overwrite({moving.names.expression(piece.found.address)}, {clone},\n"
        f"                  {literal(columns)}, {literal(before.travel.order_by)}) }}}}"
    )
    return replace(piece, undo=(*piece.undo, rows))


def _piece(moving: Moving, entry: Entry) -> Piece:
    if entry.before is None:
        return moving.piece(entry.found)
    return changed_piece(moving, entry.before, entry.found)


def _dropped(moving: Moving, found: Found) -> Piece:
    """What is gone: dropped, and made again by the undo."""
    piece = moving.piece(found)
    why = ("It is gone in the source.",)
    return replace(piece, statements=piece.undo, undo=piece.statements, comments=why, gone=True)
