"""Edges that the catalogue itself tells: keys, defaults, tags, policies, columns of SHOW that name another object."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from runner.catalog.edges.naming import Known, places, unknown
from runner.catalog.estate import Address, Edge, Evidence, Found, Kind
from runner.core.names import ObjectName
from runner.sql.chains import chains
from runner.sql.lexing import meaningful, tokens


def keys(found: Found, known: Known) -> Iterator[Edge]:
    """A table needs the table that its foreign key refers to."""
    for key in found.keys:
        if key.refers and key.refers.place != found.address.place:
            needed = next(iter(known.at(key.refers.place, "REFERENCES")), key.refers)
            yield Edge(found.address, needed, Evidence.KEYS, "REFERENCES")


def defaults(found: Found, known: Known) -> Iterator[Edge]:
    """A table needs the sequence behind a column's default."""
    for column in found.columns:
        if "NEXTVAL" in column.default.upper():
            for parts in _sequences(column.default):
                for needed in _sequence(parts, found.address, known):
                    yield Edge(found.address, needed, Evidence.DEFAULT, "SEQUENCE")


def _sequences(default: str) -> Iterator[tuple[str, ...]]:
    """`DB.S.SEQ.NEXTVAL`: the names before the last one."""
    for chain in chains(meaningful(tokens(default))):
        if len(chain.parts) > 1 and chain.parts[-1].upper() == "NEXTVAL":
            yield tuple(chain.parts[:-1])


def _sequence(parts: tuple[str, ...], table: Address, known: Known) -> Iterable[Address]:
    home = (table.database, table.schema)
    missing = unknown(places(parts, home))
    return known.find(parts, home, "SEQUENCE") or ((missing,) if missing else ())


def governed(found: Found) -> Iterator[Edge]:
    """An object needs the tags and policies that are on it."""
    for value in found.tags:
        yield Edge(found.address, value.tag, Evidence.CATALOG, "TAG")
    for use in found.policies:
        yield Edge(found.address, use.policy, Evidence.CATALOG, "POLICY")


@dataclass(frozen=True, slots=True)
class _Said:
    """A column of SHOW that names an object of the account or, without ``kind``, of a schema."""

    column: str
    use: str
    kind: Kind | None = None


_SAID: dict[Kind, tuple[_Said, ...]] = {
    Kind.STREAM: (_Said("table_name", "READS"), _Said("base_tables", "READS")),
    Kind.TASK: (
        _Said("predecessors", "TASK"),
        _Said("warehouse", "WAREHOUSE", Kind.WAREHOUSE),
        _Said("error_integration", "INTEGRATION", Kind.INTEGRATION),
        _Said("success_integration", "INTEGRATION", Kind.INTEGRATION),
    ),
    Kind.ALERT: (_Said("warehouse", "WAREHOUSE", Kind.WAREHOUSE),),
    Kind.DYNAMIC_TABLE: (_Said("warehouse", "WAREHOUSE", Kind.WAREHOUSE),),
    Kind.STAGE: (_Said("storage_integration", "INTEGRATION", Kind.INTEGRATION),),
    Kind.PIPE: (
        _Said("integration", "INTEGRATION", Kind.INTEGRATION),
        _Said("error_integration", "INTEGRATION", Kind.INTEGRATION),
    ),
    Kind.EXTERNAL_TABLE: (_Said("stage", "STAGE"), _Said("file_format_name", "FORMAT")),
    Kind.FUNCTION: (_Said("external_access_integrations", "INTEGRATION", Kind.INTEGRATION),),
    Kind.PROCEDURE: (_Said("external_access_integrations", "INTEGRATION", Kind.INTEGRATION),),
}


def shown(found: Found, known: Known) -> Iterator[Edge]:
    """A stream needs its table, a task its predecessors and its warehouse, and so on."""
    for said in _SAID.get(found.address.kind, ()):
        for text in _listed(found.properties.get(said.column, "")):
            if said.kind:
                yield Edge(found.address, Address(said.kind, "", "", text), Evidence.CATALOG, said.use)
            elif needed := _full(text, found.address, known, said.use):
                yield Edge(found.address, needed, Evidence.CATALOG, said.use)


def _listed(text: str) -> list[str]:
    """One name, a JSON list, `[A, B]`, or names with commas between."""
    if text.startswith("["):
        try:
            return [str(one) for one in json.loads(text)]
        except ValueError:
            text = text[1:-1]
    return [part.strip() for part in text.split(",") if part.strip()]


def _full(text: str, home: Address, known: Known, use: str) -> Address | None:
    """SHOW writes full names, some with quotes and some without."""
    place = known.by_text.get(text)
    if place is None:
        try:
            parts = tuple(part.stored for part in ObjectName.parse(text).parts)
        except ValueError:
            return None
        place = next(iter(places(parts, (home.database, home.schema))), None)
    if place is None:
        return None
    return next(iter(known.at(place, use)), unknown([place]))
