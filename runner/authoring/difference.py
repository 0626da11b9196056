"""What a source has become since a plan was written: the next step of the plan holds the difference alone. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from runner.authoring.closing import Closure
from runner.authoring.draft import Piece
from runner.authoring.pieces import Moving
from runner.authoring.questions import Question, of_loss
from runner.authoring.record import Entry, Record
from runner.catalog.estate import Address, Column, Found, Kind
from runner.core.names import Identifier
from runner.sql import table_ddl
from runner.sql.canonical import canonical
from runner.sql.lexing import string_literal
from runner.sql.protecting import protect


@dataclass(frozen=True, slots=True)
class Difference:
    """Entries of the next step, and what cannot follow without losing something."""

    entries: tuple[Entry, ...]
    questions: tuple[Question, ...]


def difference(record: Record, closure: Closure) -> Difference:
    """What is new and what has changed since the plan's last step; what is gone is asked about."""
    state = record.state
    entries, questions = list[Entry](), list[Question]()
    for found in closure.members:
        before = state.get(found.address)
        if before is None:
            entries.append(Entry(found, closure.reasons[found.address]))
        elif not _same(before.found, found):
            entries.append(Entry(found, "changed in the source", before=before.found))
            questions += _losses(before.found, found)
    gone = sorted(state.keys() - closure.addresses)
    questions += [_gone(address) for address in gone]
    answers = record.asked.answers
    return Difference(tuple(entries), tuple(each for each in questions if each.id not in answers))


def _same(before: Found, now: Found) -> bool:
    return before.ddl == now.ddl or canonical(before.ddl) == canonical(now.ddl)


def _gone(address: Address) -> Question:
    drops = "Drop it in the target, or keep it?"
    return of_loss(address, "is gone in the source, or not needed any more", drops=drops)


def _losses(before: Found, now: Found) -> Iterator[Question]:
    """Columns that are gone, or hold something else: their rows' values would be lost."""
    if now.address.kind is not Kind.TABLE:
        return
    columns = {column.name: column for column in now.columns}
    for column in before.columns:
        other = columns.get(column.name)
        if other is None:
            yield of_loss(now.address, f"column {column.name} is gone", drops="Drop it in the target, or keep it?")
        elif other.type != column.type:
            matter = f"column {column.name} was {column.type} and is {other.type}"
            yield of_loss(now.address, matter, drops="Change it in the target, or keep it?")


def changed_piece(moving: Moving, before: Found, now: Found) -> Piece:
    """The statements that make the one into the other, and those that take that back."""
    made = moving.piece(now)
    if now.address.kind is not Kind.TABLE:
        return replace(made, undo=moving.piece(before).statements)
    statements, undo = list[str](), list[str]()
    for do, back in _table_changes(moving, before, now):
        statements += [do] if do else []
        undo += [back] if back else []
    return replace(made, statements=tuple(statements), undo=tuple(reversed(undo)))


def _table_changes(moving: Moving, before: Found, now: Found) -> Iterator[tuple[str, str]]:
    table = f"ALTER TABLE {moving.names.written(now.address)}"
    text = moving.moved(now).text
    known = {column.name: column for column in before.columns}
    for element in table_ddl.elements(text):
        if element.column and element.column not in known:
            name = Identifier(element.column).sql
            definition = text[element.start : element.end].removeprefix(name).strip()
            yield f"{table} ADD COLUMN IF NOT EXISTS {name} {definition}", f"{table} DROP COLUMN IF EXISTS {name}"
    columns = {column.name: column for column in now.columns}
    for column in before.columns:
        yield from _column_changes(moving, table, now, column, columns.get(column.name))
    if before.comment != now.comment:
        name = moving.names.written(now.address)
        yield tuple(f"COMMENT ON TABLE {name} IS {_text(text)}" for text in (now.comment, before.comment))  # type: ignore[misc]


def _column_changes(
    moving: Moving, table: str, now: Found, before: Column, column: Column | None
) -> Iterator[tuple[str, str]]:
    """What was asked about happens only when it was answered so."""
    name = Identifier(before.name).sql
    if column is None:
        if _answer(moving, now.address, f"column {before.name} is gone") == "drop":
            yield f"{table} DROP COLUMN IF EXISTS {name}", f"{table} ADD COLUMN IF NOT EXISTS {name} {before.type}"
        return
    if column.type != before.type:
        matter = f"column {before.name} was {before.type} and is {column.type}"
        if _answer(moving, now.address, matter) == "drop":
            back = f"{table} ALTER COLUMN {name} SET DATA TYPE {before.type}"
            yield f"{table} ALTER COLUMN {name} SET DATA TYPE {column.type}", back
    if column.nullable != before.nullable:
        words = ("DROP", "SET") if column.nullable else ("SET", "DROP")
        yield tuple(f"{table} ALTER COLUMN {name} {word} NOT NULL" for word in words)  # type: ignore[misc]
    if column.comment != before.comment:
        yield tuple(f"{table} ALTER COLUMN {name} COMMENT {_text(text)}" for text in (column.comment, before.comment))  # type: ignore[misc]


def _answer(moving: Moving, about: Address, matter: str) -> str | None:
    return moving.asked.answers.get(of_loss(about, matter, drops="").id)


def _text(value: str) -> str:
    return protect(string_literal(value))
