"""The frozen rows: clones in the share's database, and the manifest that says what was frozen and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from runner.connection.faults import StatementFault
from runner.core.names import ObjectName
from runner.reconcile.fetch import Side, columns_of, records
from runner.reconcile.shape import Column
from runner.sql.composing import compose

MANIFEST = "MANIFEST"
_SCHEMAS = "SELECT TABLE_SCHEMA FROM {view:i} WHERE TABLE_NAME = {manifest:s} ORDER BY TABLE_SCHEMA"
_ENTRIES = """SELECT OBJECT_KIND, SCHEMA_NAME, OBJECT_NAME, ROW_COUNT,
    TO_VARCHAR(FROZEN_AT, 'YYYY-MM-DD HH24:MI:SS.FF3 TZHTZM') AS FROZEN FROM {table:i} ORDER BY FROZEN_AT"""
_ABSENT = (2003, 2043)


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


def frozen(side: Side, share_database: str) -> Manifest:
    """The manifests of the share's database. Empty where nothing was ever frozen."""
    share = replace(side, database=share_database)
    schemas = _schemas(share)
    entries = sorted((entry for schema in schemas for entry in _entries(share, schema)), key=lambda one: one[1].at)
    columns = columns_of(share, schemas) if schemas else {}
    newest = {(schema, name): one for (kind, schema, name), one in entries if kind == "TABLE"}
    placed = {place: (str(one.clone.parts[1]), str(one.clone.parts[2])) for place, one in newest.items()}
    return Manifest(
        {
            place: replace(one, columns=columns[placed[place]])
            for place, one in newest.items()
            if columns[placed[place]]
        },
        frozenset(key for key, _ in entries),
    )


def _schemas(share: Side) -> tuple[str, ...]:
    sql = compose(_SCHEMAS, view=share.view("TABLES"), manifest=MANIFEST)
    try:
        return tuple(row["table_schema"] for row in records(share.session.execute(sql)))
    except StatementFault as fault:
        if fault.errno in _ABSENT:
            return ()
        raise


def _entries(share: Side, schema: str) -> list[tuple[tuple[str, str, str], Frozen]]:
    sql = compose(_ENTRIES, table=(share.database, schema, MANIFEST))
    return [
        (
            (row["object_kind"], row["schema_name"], row["object_name"]),
            Frozen(
                ObjectName.of(share.database, schema, f"{row['schema_name']}__{row['object_name']}"),
                row["frozen"],
                int(row["row_count"] or 0),
            ),
        )
        for row in share.ask("reading the manifest", sql)
    ]
