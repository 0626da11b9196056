"""The scripts that make the objects, and those that take them back; also what is made only when the rows are there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from runner.authoring.draft import AFTER_DATA, CODE, Draft, Piece
from runner.authoring.scripts.file import File, comment, head, schemas, statements, twins
from runner.catalog.estate import Kind
from runner.project.migration import Layout

_GROUPS: tuple[tuple[str, frozenset[Kind]], ...] = (
    ("tags_and_policies", frozenset({Kind.TAG, Kind.MASKING_POLICY, Kind.ROW_ACCESS_POLICY, Kind.PROJECTION_POLICY,
                                     Kind.AGGREGATION_POLICY, Kind.JOIN_POLICY})),
    ("stages", frozenset({Kind.STAGE, Kind.FILE_FORMAT})),
    ("sequences", frozenset({Kind.SEQUENCE})),
    ("tables", frozenset({Kind.TABLE, Kind.EVENT_TABLE, Kind.EXTERNAL_TABLE})),
)  # fmt: skip
_CODE = "code"


def files(draft: Draft, numbers: Iterator[int]) -> tuple[File, ...]:
    pieces = [piece for piece in draft.pieces if piece.kind not in AFTER_DATA and not _is_repeatable(draft, piece)]
    found = [file for name, group in _groups(draft, pieces) for file in _script(draft, numbers, name, group)]
    return tuple(found)


def files_after_data(draft: Draft, numbers: Iterator[int]) -> tuple[File, ...]:
    pieces = [piece for piece in draft.pieces if piece.kind in AFTER_DATA]
    about = "What acts by itself, made when the rows are there."
    waiting = [piece.found.address for piece in draft.pieces if piece.kind is Kind.DYNAMIC_TABLE and piece.statements]
    first = [f"ALTER DYNAMIC TABLE {draft.names.written(address)} REFRESH" for address in waiting if draft.travels]
    if first:
        about += " Dynamic tables, which stand since before, see the rows now."
    return _script(draft, numbers, "streams_and_tasks", pieces, about, first)


def _is_repeatable(draft: Draft, piece: Piece) -> bool:
    return draft.asked.repeatable and piece.kind in CODE


def _groups(draft: Draft, pieces: Sequence[Piece]) -> Iterator[tuple[str, Sequence[Piece]]]:
    """One file, one for each run of objects of a kind, or one for each object: always in the order of need."""
    if draft.asked.layout is Layout.ONE:
        yield "ddl", pieces
        return
    name: Callable[[Piece], str] = _kind if draft.asked.layout is Layout.KIND else _object
    group = list[Piece]()
    for piece in pieces:
        if group and name(group[0]) != name(piece):
            yield name(group[0]), group
            group = []
        group.append(piece)
    if group:
        yield name(group[0]), group


def _kind(piece: Piece) -> str:
    return next((name for name, kinds in _GROUPS if piece.kind in kinds), _CODE)


def _object(piece: Piece) -> str:
    return file_name(f"{piece.kind}_{piece.found.address.name}")


def file_name(text: str) -> str:
    """A name as part of a file's name."""
    return "".join(each if each.isalnum() else "_" for each in text.lower())


def _script(
    draft: Draft,
    numbers: Iterator[int],
    name: str,
    pieces: Sequence[Piece],
    about: str = "",
    first_of_all: Sequence[str] = (),
) -> tuple[File, ...]:
    if not first_of_all and not any(piece.statements for piece in pieces):
        return ()
    number = draft.numbers[next(numbers)]
    words = {"environments": draft.asked.target} | _requires(draft)
    do = statements([*first_of_all, *_made(draft, pieces)])
    undo = statements(_taken_back(draft, pieces)) or "SELECT 'Rows that were only refreshed need no taking back.';\n"
    first = head(
        "product", about or "The objects, written for the environment's own database.",
        "Every statement may run again; nothing that holds rows is replaced.", **words,
    )  # fmt: skip
    last = head(
        "product", f"Takes back V{number}: the objects it made, and nothing else of the schemas.",
        environments=draft.asked.target,
    )  # fmt: skip
    return twins(
        number,
        f"{draft.prefix}{name}",
        first + _variables(draft, do) + "\n" + do,
        last + schemas(draft, undo) + "\n" + undo,
    )


def _variables(draft: Draft, text: str) -> str:
    frozen = f'{{% set frozen = [vars.imported_database, "{draft.snapshot_schema}"] | ident %}}\n'
    return schemas(draft, text) + (frozen if "frozen ~" in text or "{{ frozen }}" in text else "")


def _requires(draft: Draft) -> dict[str, str]:
    return {"requires": draft.share_setup} if draft.frozen else {}


def _made(draft: Draft, pieces: Sequence[Piece]) -> Iterator[str]:
    """Schemas first, then the objects, then the keys that close a circle."""
    for schema in sorted({piece.target.schema for piece in pieces if piece.target.schema and piece.statements}):
        yield f"CREATE SCHEMA IF NOT EXISTS {draft.names.prefix(schema)}"
    for piece in pieces:
        notes = "".join(f"-- {comment(line)}\n" for line in piece.comments)
        for number, statement in enumerate(piece.statements):
            yield statement if number else notes + statement
    made = {piece.found.address for piece in pieces}
    yield from (text for address, text in draft.late_statements if address in made)


def _taken_back(draft: Draft, pieces: Sequence[Piece]) -> Iterator[str]:
    made = {piece.found.address for piece in pieces}
    yield from (text for address, text in draft.late_undo if address in made)
    yield from (undo for piece in reversed(pieces) for undo in piece.undo)


def repeatables(draft: Draft) -> Iterator[File]:
    """Views and routines as R scripts, where the file says so; a schema of nothing else is made by them."""
    made = {piece.target.schema for piece in draft.pieces if not _is_repeatable(draft, piece)}
    for piece in draft.pieces:
        if _is_repeatable(draft, piece):
            address, place = piece.found.address, piece.target.schema
            alone = [f"CREATE SCHEMA IF NOT EXISTS {draft.names.prefix(place)}"] if place not in made else []
            text = statements([*alone, *piece.statements])
            about = head(
                "product", f"{address.kind.value.capitalize()} {address.short}. Applied again whenever it changes.",
                environments=draft.asked.target,
            )  # fmt: skip
            name = file_name(f"{address.schema}_{address.name}{address.signature}").strip("_")
            yield File(f"versions/R__{draft.prefix}{name}.sql", about + schemas(draft, text) + "\n" + text)
