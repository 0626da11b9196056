"""Sequences and identity columns go on after the highest number that travels. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from itertools import count

from runner.authoring.draft import Piece, Travel
from runner.authoring.names import NUMBERED
from runner.authoring.scripts.file import literal
from runner.catalog.estate import Address, Column, Kind
from runner.core.names import Identifier
from runner.project.migration import Strategy
from runner.sql import table_ddl

_Place = tuple[str, ...]
_User = tuple[Travel, Column]
_NEXT = "NEXT_VALUE"
"""The word that stands for the number, as the macro has it."""


def numbered(pieces: Iterable[Piece], travels: Iterable[Travel]) -> tuple[Piece, ...]:
    """The pieces, those that count made to go on where the frozen rows end."""
    frozen = {
        t.found.address: t
        for t in travels
        if t.data.strategy in (Strategy.SNAPSHOT, Strategy.BATCHES, Strategy.INCREMENTAL)
    }
    users = _users(frozen.values())
    return tuple(_numbered(piece, frozen, users) for piece in pieces)


def _numbered(piece: Piece, frozen: dict[Address, Travel], users: Mapping[_Place, list[_User]]) -> Piece:
    if piece.kind is Kind.SEQUENCE:
        return _sequence(piece, users.get(piece.found.address.place, []))
    travel = frozen.get(piece.found.address)
    column = next((each for each in piece.found.columns if each.identity), None)
    if travel is None or column is None or len(piece.statements) != 1:
        return piece
    begun = partial(table_ddl.identity_from, piece.statements[0], column.name)
    return replace(piece, statements=(_block(begun, [(travel, column)], *(column.identity or (1, 1))),))


def _sequence(piece: Piece, users: list[_User]) -> Piece:
    """Behind a column's default: after the highest of that column. Any other: where it stood when it was looked at."""
    users = sorted(users, key=lambda pair: pair[0].found.address)
    step = int(piece.found.properties.get("interval") or piece.found.properties.get("increment") or 1)
    following = piece.found.properties.get("next_value")
    begun = partial(table_ddl.sequence_from, piece.statements[0])
    if users:
        start = int(following) if following else table_ddl.sequence_start(piece.statements[0])
        return replace(piece, statements=(_block(begun, users, start, step),))
    if following is None:
        return piece
    return replace(piece, statements=(begun(str(following)),))


def _users(travels: Iterable[Travel]) -> Mapping[_Place, list[_User]]:
    """The columns whose default is the next value of a sequence, by the sequence."""
    found: dict[_Place, list[_User]] = defaultdict(list)
    for travel in travels:
        columns = {c.name: c for c in travel.found.columns if c.default.upper().endswith(".NEXTVAL")}
        for element in table_ddl.elements(travel.found.ddl) if columns else ():
            if element.sequence and element.column in columns:
                place = travel.found.address.lead(element.sequence)
                found[place].append((travel, columns[element.column]))
    return found


def _block(begun: Callable[[str], str], users: list[_User], start: int, step: int) -> str:
    """The statement, kept in a variable, and the block that runs it with the number in. ``begun`` writes it with a
    word where the number belongs.
    """
    word = _free(begun(""))
    places = ", ".join(
        f"[frozen ~ {literal('.' + Identifier(travel.frozen).sql)}, {literal(Identifier(column.name).sql)}]"
        for travel, column in users
    )
    more = "" if start == 1 else f", start={start}"
    more += "" if step == 1 else f", step={step}"
    more += "" if word == _NEXT else f", word={literal(word)}"
    return (
        f"{{% set {NUMBERED} %}}\n{begun(word)}\n{{%- endset %}}\n"
        f"{{{{ copy.numbered_after([{places}], {NUMBERED}{more}) }}}}"
    )


def _free(text: str) -> str:
    """A word that the text does not hold."""
    choices = (_NEXT if number == 1 else f"{_NEXT}_{number}" for number in count(1))
    return next(word for word in choices if word not in text)
