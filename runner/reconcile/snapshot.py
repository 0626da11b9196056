"""The frozen rows: clones in the share's database, and the manifest that says what was frozen and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from runner.connection.faults import StatementFault
from runner.core.clones import clone_name, distinct_name
from runner.core.names import ObjectName
from runner.reconcile.fetch import Side, columns_of, records
from runner.reconcile.shape import Column
from runner.sql.composing import compose

MANIFEST = "MANIFEST"
_SCHEMAS = "SELECT TABLE_SCHEMA FROM {view:i} WHERE TABLE_NAME = {manifest:s} ORDER BY TABLE_SCHEMA"
_ENTRIES = """SELECT OBJECT_KIND, SCHEMA_NAME, OBJECT_NAME, ROW_COUNT,
    TO_VARCHAR(FROZEN_AT, 'YYYY-MM-DD HH24:MI:SS.FF3 TZHTZM') AS FROZEN FROM {table:i} ORDER BY FROZEN_AT"""


@dataclass(frozen=True, slots=True)
class Frozen:
    """One table as it was: where its clone stands, since when, and how many rows were counted then."""

    clone: ObjectName
    at: str
    rows: int
    columns: tuple[Column, ...] = ()


@dataclass(frozen=True, slots=True)
class Manifest:
    """What was frozen: tables by schema and name, the newest of each; and all that any manifest speaks of."""

    tables: Mapping[tuple[str, str], Frozen] = field(default_factory=dict)
    selected: frozenset[tuple[str, str, str]] = frozenset()
    """Kind, schema and name; a routine's without its arguments."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """One row of a manifest, and the schema in which it stands."""

    schema: str
    kind: str
    place: tuple[str, str]
    at: str
    rows: int


def frozen(side: Side, share_database: str) -> Manifest:
    """The manifests of the share's database. Empty where nothing was ever frozen."""
    share = replace(side, database=share_database)
    schemas = _schemas(share)
    entries = sorted((entry for schema in schemas for entry in _entries(share, schema)), key=lambda one: one.at)
    columns = columns_of(share, schemas) if schemas else {}
    newest = {entry.place: entry for entry in entries if entry.kind == "TABLE"}
    tables = {place: found for place, one in newest.items() if (found := _clone(side.database, share, one, columns))}
    return Manifest(tables, frozenset((entry.kind, *entry.place) for entry in entries))


def _clone(
    source: str, share: Side, entry: _Entry, columns: Mapping[tuple[str, str], tuple[Column, ...]]
) -> Frozen | None:
    """The clone, by the first of the names that it may have."""
    table = ObjectName.of(source, *entry.place)
    for name in (distinct_name(table), clone_name(table)):
        if found := columns.get((entry.schema, name)):
            return Frozen(ObjectName.of(share.database, entry.schema, name), entry.at, entry.rows, found)
    return None


def _schemas(share: Side) -> tuple[str, ...]:
    sql = compose(_SCHEMAS, view=share.view("TABLES"), manifest=MANIFEST)
    try:
        return tuple(row["table_schema"] for row in records(share.session.execute(sql)))
    except StatementFault as fault:
        if fault.is_absent:
            return ()
        raise


def _entries(share: Side, schema: str) -> list[_Entry]:
    sql = compose(_ENTRIES, table=(share.database, schema, MANIFEST))
    return [
        _Entry(
            schema, row["object_kind"], (row["schema_name"], row["object_name"]), row["frozen"],
            int(row["row_count"] or 0),
        )
        for row in share.ask("reading the manifest", sql)
    ]  # fmt: skip
