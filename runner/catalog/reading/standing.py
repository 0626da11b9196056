"""Did the source stand still while it was read? What changed in between would give a plan of no one moment.

Tables and views say when their definition last changed, routines when anything of them did (info-schema/tables,
procedures, functions); of the other kinds that GET_DDL knows each text is read again. Sequences, whose text numbers may
move, stages, network rules and database roles are only missed where their text could not be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from runner.catalog.estate import Address, Column, Found, Kind
from runner.catalog.reading.asking import Desk, Question
from runner.catalog.reading.columns import columns
from runner.catalog.reading.kinds import RELATIONS, ROUTINES, SHOWN, TEXT
from runner.catalog.reading.texts import texts
from runner.connection.faults import StatementFault
from runner.sql.composing import compose

_MOMENT: Final = "YYYY-MM-DD HH24:MI:SS.FF9 TZHTZM"
_NOW: Final = compose("SELECT TO_VARCHAR(CURRENT_TIMESTAMP(), {form:s}) AS MOMENT", form=_MOMENT)
_STAMPS: Final = """SELECT {word:r}_SCHEMA AS PLACE, {word:r}_NAME AS NAME,
    COALESCE({stamp:r} >= TO_TIMESTAMP_LTZ({since:s}, {form:s}), FALSE) AS TOUCHED FROM {view:i}"""
_Stamps = Mapping[tuple[str, str], bool]


def moment(desk: Desk) -> str:
    """What time it is there."""
    return str(desk.must(Question("the account's time", "account", _NOW))[0]["moment"])


def changed(desk: Desk, found: Mapping[Address, Found], since: str) -> tuple[str, ...]:
    """What is gone, or is another now, of what was read since then; nothing while nobody touched it."""
    desk.request.progress("whether anything changed meanwhile")
    return tuple(_Look(desk, found, since).changes())


@dataclass
class _Look:
    """The second look. `found` is what the first one found."""

    desk: Desk
    found: Mapping[Address, Found]
    since: str

    def changes(self) -> Iterator[str]:
        suspects = [address for address in sorted(self.found) if self._is_suspect(address)]
        now = texts(self.desk, suspects)
        cells = self._columns(suspects)
        for address in suspects:
            before = self.found[address]
            if self._is_gone(address, now[address].ddl):
                yield f"{address} is gone"
            elif now[address].ddl != before.ddl or cells.get(address, before.columns) != before.columns:
                yield f"{address} was changed"

    def _is_suspect(self, address: Address) -> bool:
        """May it be another by now? What has a stamp is believed, if there is any."""
        if address.kind not in TEXT or (address.kind is Kind.SEQUENCE and self.found[address].ddl):
            return False
        stamps = self._stamps.get((address.database, _word(address.kind)), None)
        return stamps is None or stamps.get((address.schema, address.name), True)

    @cached_property
    def _stamps(self) -> Mapping[tuple[str, str], _Stamps]:
        """By database and word: whether each was touched. Without those that the role may not ask for."""
        words = {(one.database, word) for one in self.found if (word := _word(one.kind))}
        wanted = sorted(words)
        answers = self.desk.each(lambda pair: self._asked(*pair), wanted)
        return {pair: stamps for pair, stamps in zip(wanted, answers, strict=True) if stamps is not None}

    def _asked(self, database: str, word: str) -> _Stamps | None:
        stamp = "LAST_DDL" if word == "TABLE" else "LAST_ALTERED"
        view = (database, "INFORMATION_SCHEMA", f"{word}S")
        try:
            rows = self.desk.raw(
                compose(_STAMPS, word=word, stamp=stamp, since=self.since, form=_MOMENT, view=view)
            )  # fmt: skip
        except StatementFault as fault:
            self.desk.refused(None, fault)
            return None
        stamps: dict[tuple[str, str], bool] = {}
        for row in rows:
            place = (row["place"], row["name"])
            stamps[place] = stamps.get(place, False) or bool(row["touched"])
        return stamps

    def _columns(self, suspects: Iterable[Address]) -> Mapping[Address, tuple[Column, ...]]:
        """The columns of the tables and views among them, as they are now."""
        relations = [address for address in suspects if address.kind in RELATIONS]
        found: dict[tuple[str, str, str], tuple[Column, ...]] = {}
        for database in sorted({address.database for address in relations}):
            schemas = tuple(sorted({address.schema for address in relations if address.database == database}))
            told = columns(self.desk, database, schemas)
            found |= {(database, *place): cells for place, cells in told.items()}
        return {address: found.get(address.place, ()) for address in relations}

    def _is_gone(self, address: Address, ddl: str) -> bool:
        """What cannot be read may only be hidden, as it was before."""
        if ddl:
            return False
        if self.found[address].ddl:
            return True
        stamps = self._stamps.get((address.database, _word(address.kind)))
        if stamps is not None:
            return (address.schema, address.name) not in stamps
        return address.kind in SHOWN and not self._is_shown(address)

    def _is_shown(self, address: Address) -> bool:
        sql = compose("SHOW {words:r} IN SCHEMA {place:i}", words=SHOWN[address.kind], place=address.place[:2])
        try:
            return any(row["name"] == address.name for row in self.desk.raw(sql))
        except StatementFault as fault:
            self.desk.refused(None, fault)
            return False


def _word(kind: Kind) -> str:
    """The view of INFORMATION_SCHEMA with a stamp for each of this kind; empty where there is none."""
    if kind in RELATIONS:
        return "TABLE"
    return kind.value if kind in ROUTINES else ""
