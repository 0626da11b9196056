"""Where records are looked for: the live ones of one generation of the catalogue."""

from __future__ import annotations

import copy

from runner.sandbox.catalog.model import Database, Record, Schema, SchemaObject


class Index:
    """The live records of one generation of the catalogue, found without looking at all of them. It never changes: a
    later generation's shares with it what is the same.
    """

    def __init__(self, generation: int, records: list[Record]) -> None:
        self.generation = generation
        self.by_account: dict[tuple[type[Record], str], list[Record]] = {}
        self.by_name: dict[tuple[type[Record], str, str], Record] = {}
        self.inside: dict[tuple[type[Record], int], list[Record]] = {}
        self.named: dict[tuple[int, str], list[SchemaObject]] = {}
        for record in records:
            if record.dropped_at is None:
                self._take(record)

    def of(self, generation: int, added: Record | None = None) -> Index:
        """The index of a later generation, in which nothing else has come, gone or moved."""
        later = copy.copy(self)
        later.generation = generation
        if added is not None and added.dropped_at is None:
            later.by_account, later.by_name = dict(self.by_account), dict(self.by_name)
            later.inside, later.named = dict(self.inside), dict(self.named)
            later._own(added)
            later._take(added)
        return later

    def _own(self, record: Record) -> None:
        """Lists of its own, where the record will be put into them."""
        if (kept := self.by_account.get(key := (type(record), record.account))) is not None:
            self.by_account[key] = [*kept]
        for place in self._places(record):
            if (inside := self.inside.get(place)) is not None:
                self.inside[place] = [*inside]
        if isinstance(record, SchemaObject) and (named := self.named.get((record.schema_id, record.name))) is not None:
            self.named[record.schema_id, record.name] = [*named]

    @staticmethod
    def _places(record: Record) -> list[tuple[type[Record], int]]:
        match record:
            case Schema():
                return [(Database, record.database_id)]
            case SchemaObject():
                return [(Schema, record.schema_id)]
            case _:
                return []

    def _take(self, record: Record) -> None:
        kind = type(record)
        self.by_account.setdefault((kind, record.account), []).append(record)
        self.by_name.setdefault((kind, record.account, record.name), record)
        for place in self._places(record):
            self.inside.setdefault(place, []).append(record)
        if isinstance(record, SchemaObject):
            self.named.setdefault((record.schema_id, record.name), []).append(record)
