"""Sequences and identity columns go on after the highest number that travels. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from runner.authoring.draft import Piece, Travel
from runner.authoring.scripts.file import literal
from runner.catalog.estate import Address, Column, Kind
from runner.core.names import Identifier
from runner.project.migration import Strategy
from runner.sql import table_ddl

_Place = tuple[str, ...]
_User = tuple[Travel, Column]
_NEXT = "NEXT_VALUE"
_START = re.compile(r"(\bstart(?:\s+with)?\s*=?\s*)-?\d+", re.IGNORECASE)


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
    statement = table_ddl.identity_from(piece.statements[0], column.name, _NEXT)
    return replace(piece, statements=(_block(piece, [(travel, column)], _step(column), statement),))


def _sequence(piece: Piece, users: list[_User]) -> Piece:
    """Behind a column's default: after the highest of that column. Any other: where it stood when it was looked at."""
    users = sorted(users, key=lambda pair: pair[0].found.address)
    step = int(piece.found.properties.get("interval") or piece.found.properties.get("increment") or 1)
    following = piece.found.properties.get("next_value")
    if users:
        text = _START.sub(rf"\g<1>{_NEXT}", piece.statements[0], count=1)
        return replace(piece, statements=(_block(piece, users, step, text),))
    if following is None:
        return piece
    return replace(piece, statements=(_START.sub(rf"\g<1>{following}", piece.statements[0], count=1),))


def _users(travels: Iterable[Travel]) -> Mapping[_Place, list[_User]]:
    """The columns whose default is the next value of a sequence, by the sequence."""
    found: dict[_Place, list[_User]] = defaultdict(list)
    for travel in travels:
        columns = {c.name: c for c in travel.found.columns if c.default.upper().endswith(".NEXTVAL")}
        for element in table_ddl.elements(travel.found.ddl) if columns else ():
            if element.sequence and element.column in columns:
                place = (*travel.found.address.place[: 3 - len(element.sequence)], *element.sequence)
                found[place].append((travel, columns[element.column]))
    return found


def _step(column: Column) -> int:
    return column.identity[1] if column.identity else 1


def _block(piece: Piece, users: list[tuple[Travel, Column]], step: int, statement: str) -> str:
    """The statement, kept in a variable, and the block that runs it with the number in."""
    name = re.sub(r"\W+", "_", piece.found.address.name.lower()).strip("_") or "numbered"
    places = ", ".join(
        f"[frozen ~ {literal('.' + Identifier(travel.frozen).sql)}, {literal(Identifier(column.name).sql)}]"
        for travel, column in users
    )
    going = "" if step == 1 else f", step={step}"
    return (
        f"{{% set {name}_ddl %}}\n{statement}\n{{%- endset %}}\n"
        f"{{{{ copy.numbered_after([{places}], {name}_ddl{going}) }}}}"
    )
