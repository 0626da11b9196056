"""What stands in a database: every object by name, with what SHOW and INFORMATION_SCHEMA tell of it at once.

About twenty-five statements, however many objects there are; SHOW gives 10,000 rows at most, so that a kind of which
there may be more is asked schema by schema (docs: sql-reference/sql/show).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from runner.catalog.estate import Address, Found, Gap, Kind
from runner.catalog.reading.asking import Desk, Question, Row
from runner.catalog.reading.kinds import MORE, SHOWN, relation_kind
from runner.catalog.reading.routines import routines
from runner.catalog.spelling import said, whole
from runner.sql.composing import compose

MOST_ROWS: Final = 10_000
HIDDEN: Final = "INFORMATION_SCHEMA"
_TABLES = """SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_OWNER, TABLE_TYPE, IS_TRANSIENT, CLUSTERING_KEY, ROW_COUNT, BYTES,
    RETENTION_TIME, COMMENT, IS_DYNAMIC, IS_ICEBERG, IS_HYBRID
FROM {view:i} WHERE TABLE_SCHEMA <> 'INFORMATION_SCHEMA'"""
_SEQUENCES = """SELECT SEQUENCE_SCHEMA AS SCHEMA_NAME, SEQUENCE_NAME AS "name", START_VALUE, "INCREMENT", NEXT_VALUE
FROM {view:i}"""
_OF_TABLE = ("is_transient", "clustering_key", "retention_time", "is_iceberg", "is_hybrid")
_ELSEWHERE = frozenset(
    {
        "name", "database_name", "schema_name", "catalog_name", "owner", "comment", "owner_role_type", "rows", "bytes",
        "id", "budget", "kind", "is_default", "is_current", "reserved", "text", "stale_after", "data_timestamp",
        "search_optimization_progress", "search_optimization_bytes", "behind_by", "last_refresh_details",
    }
)  # fmt: skip
"""What has its own place in `Found`, and what is another thing tomorrow though nobody changed the object."""

Inventory = dict[Address, Found]


def inventory(desk: Desk, database: str, *, asked_for: bool = False) -> Inventory:
    """Everything in the database, without texts and columns. Of one that was not asked for, a refusal is a gap."""
    found = _schemas(desk, database, asked_for)
    if not found:
        return {}
    schemas = tuple(address.name for address in found)
    words = [*SHOWN.values(), *MORE]
    shown = dict(zip(words, desk.each(lambda word: show(desk, word, database, schemas), words), strict=True))
    found |= _relations(desk, database)
    _more(found, shown)
    for kind, word in SHOWN.items():
        found |= _shown(kind, database, shown[word])
    _sequences(desk, database, found)
    return found | routines(desk, database, lambda word: show(desk, word, database, schemas)) | _roles(desk, database)


def _schemas(desk: Desk, database: str, asked_for: bool) -> Inventory:
    question = Question(f"the schemas of {database}", database, compose("SHOW SCHEMAS IN DATABASE {d:i}", d=database))
    rows = desk.must(question) if asked_for else desk.rows(question)
    return {
        address: Found(address, said(row["owner"]), comment=said(row["comment"]), properties=properties(row))
        for row in rows
        if row["name"] != HIDDEN
        for address in [Address(Kind.SCHEMA, database, "", row["name"])]
    }


def _roles(desk: Desk, database: str) -> Inventory:
    sql = compose("SHOW DATABASE ROLES IN DATABASE {d:i}", d=database)
    rows = desk.rows(Question("database roles", database, sql))
    return {
        address: Found(address, said(row["owner"]), comment=said(row["comment"]))
        for row in rows
        for address in [Address(Kind.DATABASE_ROLE, database, "", row["name"])]
    }


def show(desk: Desk, words: str, database: str, schemas: Iterable[str]) -> list[Row]:
    """All of a kind in the database; schema by schema where one answer cannot hold them."""
    sql = compose("SHOW {words:r} IN DATABASE {place:i}", words=words, place=database)
    rows = desk.kinds(Question(words.lower(), database, sql))
    if len(rows) < MOST_ROWS:
        return rows
    return [row for schema in schemas for row in _in_schema(desk, words, database, schema)]


def _in_schema(desk: Desk, words: str, database: str, schema: str) -> list[Row]:
    place = compose("{place:i}", place=(database, schema))
    rows = desk.rows(Question(words.lower(), place, f"SHOW {words} IN SCHEMA {place}"))
    if len(rows) >= MOST_ROWS:
        desk.gaps.add(Gap(words.lower(), place, f"SHOW gives {MOST_ROWS} rows at most, and there are more"))
    return rows


def _relations(desk: Desk, database: str) -> Inventory:
    sql = compose(_TABLES, view=(database, HIDDEN, "TABLES"))
    found = (_relation(database, row) for row in desk.rows(Question("tables", database, sql)))
    return {one.address: one for one in found if one is not None}


def _relation(database: str, row: Row) -> Found | None:
    kind = relation_kind(row["table_type"], dynamic=row["is_dynamic"] == "YES")
    if kind is None:
        return None
    return Found(
        Address(kind, database, row["table_schema"], row["table_name"]),
        said(row["table_owner"]),
        comment=said(row["comment"]),
        rows=whole(row["row_count"]),
        bytes=whole(row["bytes"]),
        properties={name: said(row[name]) for name in _OF_TABLE if row[name] is not None},
    )


def _more(found: Inventory, shown: Mapping[str, list[Row]]) -> None:
    """What SHOW tells of tables and views that INFORMATION_SCHEMA does not; which table is an event table, too."""
    for row in shown["EVENT TABLES"]:
        place = (row["database_name"], row["schema_name"], row["name"])
        if (table := found.pop(Address(Kind.TABLE, *place), None)) is not None:
            found[Address(Kind.EVENT_TABLE, *place)] = replace(table, address=Address(Kind.EVENT_TABLE, *place))
    for words, kinds in MORE.items():
        for row in shown[words]:
            for kind in kinds:
                address = Address(kind, row["database_name"], row["schema_name"], row["name"])
                if address in found:
                    told = {**found[address].properties, **properties(row)}
                    found[address] = replace(found[address], properties=told)


def _shown(kind: Kind, database: str, rows: Iterable[Row]) -> Inventory:
    return {one.address: one for row in rows for one in _objects(kind, database, row)}


def _objects(kind: Kind, database: str, row: Row) -> Iterator[Found]:
    if row["schema_name"] and not said(row.get("type")).endswith("TEMPORARY"):
        address = Address(kind, database, row["schema_name"], row["name"])
        yield Found(address, said(row.get("owner")), comment=said(row.get("comment")), properties=properties(row))


def properties(row: Row) -> dict[str, str]:
    """What else SHOW says: never a moment in time, never what has its own place."""
    return {
        name: said(value)
        for name, value in sorted(row.items())
        if name not in _ELSEWHERE and not name.endswith("_on") and said(value)
    }


def _sequences(desk: Desk, database: str, found: Inventory) -> None:
    """Start and next value, which SHOW SEQUENCES does not give both."""
    sql = compose(_SEQUENCES, view=(database, HIDDEN, "SEQUENCES"))
    for row in desk.rows(Question("sequences", database, sql)):
        address = Address(Kind.SEQUENCE, database, row["schema_name"], row["name"])
        if address in found:
            told = {name: said(row[name]) for name in ("start_value", "increment", "next_value")}
            found[address] = replace(found[address], properties={**found[address].properties, **told})
