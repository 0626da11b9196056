"""What a source has become since a plan was written: the next step of the plan holds the difference alone. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum

from runner.authoring.closing import Closure
from runner.authoring.draft import Piece
from runner.authoring.names import in_script, text_in_script
from runner.authoring.pieces import Moving
from runner.authoring.questions import Question, answered, of_loss
from runner.authoring.record import Entry, Record
from runner.authoring.travelling import inner
from runner.catalog.estate import Address, Column, Found, Grant, Key, Kind
from runner.sql import table_ddl
from runner.sql.canonical import canonical


@dataclass(frozen=True, slots=True)
class Difference:
    """Entries of the next step, and what cannot follow without losing something."""

    entries: tuple[Entry, ...]
    dropped: tuple[Found, ...]
    questions: tuple[Question, ...]


def difference(record: Record, closure: Closure) -> Difference:
    """What is new and what has changed since the plan's last step; what is gone is asked about."""
    state = record.state
    entries, questions = list[Entry](), list[Question]()
    for found in closure.members:
        before = state.get(found.address)
        if before is None:
            entries.append(Entry(found, closure.reasons[found.address]))
        elif not _same(before.found, found) or _grants(before.found) != _grants(found):
            entries.append(Entry(found, "changed in the source", before=before.found))
            questions += _losses(before.found, found)
    asked = record.asked
    gone = {address: _gone(address) for address in sorted(state.keys() - closure.addresses)}
    dropped = tuple(state[address].found for address, lost in gone.items() if answered(asked, lost) == "drop")
    open_questions = tuple(each for each in [*questions, *gone.values()] if answered(asked, each) is None)
    return Difference(tuple(entries), dropped, open_questions)


def _same(before: Found, now: Found) -> bool:
    """A table by its structure: what runner itself sets in the source, such as change tracking, is no change."""
    if now.address.kind is Kind.TABLE:
        return _structure(before) == _structure(now)
    return before.ddl == now.ddl or canonical(before.ddl) == canonical(now.ddl)


def _grants(found: Found) -> frozenset[Grant]:
    """Who may do what; shares come and go with the runner's own scripts."""
    return frozenset(grant for grant in found.grants if grant.grantee_kind != "SHARE")


def _structure(found: Found) -> tuple[object, ...]:
    transient = found.properties.get("is_transient", "")
    return (
        found.columns, _keys(found), found.comment, found.properties.get("clustering_key", ""), transient,
        frozenset(found.tags), frozenset(found.policies),
    )  # fmt: skip


def _keys(found: Found) -> frozenset[Key]:
    return frozenset(found.keys)


def _gone(address: Address) -> Question:
    return of_loss(address, "is gone in the source, or not needed any more", drops="Drop it in the target, or keep it?")


def _losses(before: Found, now: Found) -> Iterator[Question]:
    """What the target cannot follow without losing something, or not at all."""
    if now.address.kind is not Kind.TABLE:
        return
    columns = {column.name: column for column in now.columns}
    for column in before.columns:
        other = columns.get(column.name)
        if other is None:
            yield _of_gone(now.address, column)
        elif _change_of(column, other) is _Change.NARROWER:
            yield _of_narrower(now.address, column, other)
        yield from (_unalterable(now.address, matter) for matter in _fixed(column, other))
    if before.properties.get("is_transient") != now.properties.get("is_transient"):
        yield _unalterable(now.address, "it is of another kind: permanent, transient")
    if (set(before.tags), set(before.policies)) != (set(now.tags), set(now.policies)):
        matter, drops = "its tags or policies are others", "The plan writes no ALTER for it: write it by hand. Seen?"
        yield of_loss(now.address, matter, drops=drops, choices=("seen",))


def _of_gone(about: Address, column: Column) -> Question:
    return of_loss(about, f"column {column.name} is gone", drops="Drop it in the target, or keep it?")


def _other_type(before: Column, now: Column) -> str:
    return f"column {before.name} was {before.type} and is {now.type}"


def _of_narrower(about: Address, before: Column, now: Column) -> Question:
    drops = "Change it in the target, where every value must fit, or keep it?"
    return of_loss(about, _other_type(before, now), drops=drops, choices=("change", "keep"))


class _Change(StrEnum):
    """What becomes of a column's type (sql-reference/sql/alter-table-column)."""

    NONE = "none"
    WIDER = "wider"
    NARROWER = "narrower"
    OTHER = "other"


def _change_of(before: Column, now: Column) -> _Change:
    """Texts and numbers get wider without a loss; a number's precision may get less; no ALTER does anything else."""
    if before.type == now.type:
        return _Change.NONE
    old, new = _TYPE.fullmatch(before.type), _TYPE.fullmatch(now.type)
    if not old or not new or old[1] != new[1] or old[3] != new[3]:
        return _Change.OTHER
    if int(new[2]) > int(old[2]):
        return _Change.WIDER
    return _Change.NARROWER if new[3] else _Change.OTHER


_TYPE = re.compile(r"(VARCHAR|BINARY|NUMBER)\((\d+)(?:,\s*(\d+))?\)")


def _fixed(before: Column, now: Column | None) -> Iterator[str]:
    """What no ALTER changes (sql-reference/sql/alter-table-column)."""
    if now is None:
        return
    if before.identity != now.identity:
        yield f"column {before.name} counts otherwise"
    if before.collation != now.collation:
        yield f"column {before.name} has another collation"
    if _change_of(before, now) is _Change.OTHER:
        yield _other_type(before, now)
    if before.default != now.default and now.default:
        yield f"column {before.name} has another default: {now.default}"


def _unalterable(about: Address, matter: str) -> Question:
    return of_loss(
        about, matter, drops="No ALTER does this; write it by hand if it is wanted. Seen?", choices=("seen",)
    )


def changed_piece(moving: Moving, before: Found, now: Found) -> Piece:
    """The statements that make the one into the other, and those that take that back."""
    made = moving.piece(now)
    if _same(before, now):
        return replace(made, statements=(), undo=())
    if now.address.kind is not Kind.TABLE:
        return replace(made, undo=moving.piece(before).statements)
    statements, undo = list[str](), list[str]()
    for do, back in _table_changes(moving, before, now):
        statements += [do] if do else []
        undo += [back] if back else []
    stays = "Taken back, {} stays {}: what it holds then might not fit any more."
    comments = tuple(stays.format(column.name, column.type) for column in _wider(before, now))
    return replace(made, statements=tuple(statements), undo=tuple(reversed(undo)), comments=comments)


def _wider(before: Found, now: Found) -> Iterator[Column]:
    old = {column.name: column for column in before.columns}
    return (one for one in now.columns if one.name in old and _change_of(old[one.name], one) is _Change.WIDER)


def _table_changes(moving: Moving, before: Found, now: Found) -> Iterator[tuple[str, str]]:
    """Pairs of a change and what takes it back."""
    name = moving.names.written(now.address)
    table = f"ALTER TABLE {name}"
    yield from _new_columns(moving, table, before, now)
    columns = {column.name: column for column in now.columns}
    for column in before.columns:
        yield from _column_changes(moving, table, now, column, columns.get(column.name))
    yield from _key_changes(moving, table, before, now)
    clusters = [found.properties.get("clustering_key", "") for found in (before, now)]
    if clusters[0] != clusters[1]:
        yield _clustered(table, clusters[1]), _clustered(table, clusters[0])
    if before.comment != now.comment:
        yield (
            f"COMMENT ON TABLE {name} IS {text_in_script(now.comment)}",
            f"COMMENT ON TABLE {name} IS {text_in_script(before.comment)}",
        )


def _new_columns(moving: Moving, table: str, before: Found, now: Found) -> Iterator[tuple[str, str]]:
    known = {column.name for column in before.columns}
    for name, written in table_ddl.columns(moving.moved(now).text):
        if name not in known:
            yield f"{table} ADD COLUMN IF NOT EXISTS {written}", f"{table} DROP COLUMN IF EXISTS {in_script(name)}"


def _column_changes(
    moving: Moving, table: str, now: Found, before: Column, column: Column | None
) -> Iterator[tuple[str, str]]:
    """What was asked about happens only when it was answered so."""
    name = in_script(before.name)
    if column is None:
        if answered(moving.asked, _of_gone(now.address, before)) == "drop":
            yield f"{table} DROP COLUMN IF EXISTS {name}", f"{table} ADD COLUMN IF NOT EXISTS {name} {before.type}"
        return
    alter = f"{table} ALTER COLUMN {name}"
    change = _change_of(before, column)
    if change is _Change.WIDER:
        yield f"{alter} SET DATA TYPE {column.type}", ""
    narrower = _of_narrower(now.address, before, column)
    if change is _Change.NARROWER and answered(moving.asked, narrower) == "change":
        yield f"{alter} SET DATA TYPE {column.type}", f"{alter} SET DATA TYPE {before.type}"
    if column.nullable != before.nullable:
        do, undo = ("DROP", "SET") if column.nullable else ("SET", "DROP")
        yield f"{alter} {do} NOT NULL", f"{alter} {undo} NOT NULL"
    if before.default and not column.default:
        yield f"{alter} DROP DEFAULT", ""
    if column.comment != before.comment:
        yield f"{alter} COMMENT {text_in_script(column.comment)}", f"{alter} COMMENT {text_in_script(before.comment)}"


def _key_changes(moving: Moving, table: str, before: Found, now: Found) -> Iterator[tuple[str, str]]:
    """Keys that are new, and keys that are gone; none is enforced, so neither loses anything."""
    for key in sorted(_keys(before) - _keys(now), key=repr):
        yield f"{table} DROP {_key(key)}", f"{table} ADD {_full_key(moving, key)}"
    for key in sorted(_keys(now) - _keys(before), key=repr):
        yield f"{table} ADD {_full_key(moving, key)}", f"{table} DROP {_key(key)}"


def _key(key: Key) -> str:
    columns = ", ".join(in_script(name) for name in key.columns)
    return (
        "PRIMARY KEY" if key.kind == "PRIMARY" else f"{key.kind}{' KEY' if key.kind == 'FOREIGN' else ''} ({columns})"
    )


def _full_key(moving: Moving, key: Key) -> str:
    columns = ", ".join(in_script(name) for name in key.columns)
    kind = "UNIQUE" if key.kind == "UNIQUE" else f"{key.kind} KEY"
    if key.refers is None:
        return f"{kind} ({columns})"
    referred = ", ".join(in_script(name) for name in key.referred)
    return f"{kind} ({columns}) REFERENCES {moving.names.written(key.refers)} ({referred})"


def _clustered(table: str, key: str) -> str:
    return f"{table} CLUSTER BY ({inner(key)})" if key else f"{table} DROP CLUSTERING KEY"
