"""Primary, unique and foreign keys, by table. Names of constraints are left out: Snowflake makes most of them up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from runner.catalog.estate import Address, Key, Kind
from runner.catalog.reading.asking import Desk, Row
from runner.catalog.reading.inventory import show

_Spot = tuple[str, str]
_OWN = {"PRIMARY": "PRIMARY KEYS", "UNIQUE": "UNIQUE KEYS"}
_WORDS = (*_OWN.values(), "IMPORTED KEYS")


def keys(desk: Desk, database: str, schemas: tuple[str, ...]) -> Mapping[_Spot, tuple[Key, ...]]:
    """By schema and table: the primary key first, then unique keys, then foreign ones."""
    shown = dict(zip(_WORDS, desk.each(lambda word: show(desk, word, database, schemas), _WORDS), strict=True))
    found: dict[_Spot, set[Key]] = defaultdict(set)
    for kind, word in _OWN.items():
        for spot, key in _own(kind, shown[word]):
            found[spot].add(key)
    for spot, key in _foreign(shown["IMPORTED KEYS"]):
        found[spot].add(key)
    return {spot: tuple(sorted(group, key=_order)) for spot, group in found.items()}


def _order(key: Key) -> tuple[int, tuple[str, ...], str]:
    return ("PRIMARY", "UNIQUE", "FOREIGN").index(key.kind), key.columns, str(key.refers)


def _own(kind: str, rows: Iterable[Row]) -> Iterator[tuple[_Spot, Key]]:
    for group in _grouped(rows, "schema_name", "table_name", "constraint_name"):
        spot = (group[0]["schema_name"], group[0]["table_name"])
        yield spot, Key(kind, tuple(row["column_name"] for row in group))


def _foreign(rows: Iterable[Row]) -> Iterator[tuple[_Spot, Key]]:
    for group in _grouped(rows, "fk_schema_name", "fk_table_name", "fk_name"):
        one = group[0]
        table = Address(Kind.TABLE, one["pk_database_name"], one["pk_schema_name"], one["pk_table_name"])
        key = Key(
            "FOREIGN",
            tuple(row["fk_column_name"] for row in group),
            table,
            tuple(row["pk_column_name"] for row in group),
        )
        yield (one["fk_schema_name"], one["fk_table_name"]), key


def _grouped(rows: Iterable[Row], *names: str) -> list[list[Row]]:
    found: dict[tuple[str, ...], list[Row]] = defaultdict(list)
    for row in rows:
        found[tuple(row[name] for name in names)].append(row)
    return [sorted(group, key=lambda row: int(row["key_sequence"])) for group in found.values()]
