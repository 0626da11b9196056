"""The frozen rows: clones in the share's database, and the manifest that says what was frozen and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from runner.connection.faults import StatementFault
from runner.core.names import ObjectName
from runner.reconcile.fetch import Side, columns_of, records
from runner.reconcile.shape import Column
from runner.sql.composing import compose

MANIFEST = "MANIFEST"
_SCHEMAS = "SELECT TABLE_SCHEMA FROM {view:i} WHERE TABLE_NAME = {manifest:s} ORDER BY TABLE_SCHEMA"
_ENTRIES = """SELECT SCHEMA_NAME, OBJECT_NAME, TO_VARCHAR(FROZEN_AT, 'YYYY-MM-DD HH24:MI:SS.FF3 TZHTZM') AS FROZEN,
    ROW_COUNT FROM {table:i} WHERE OBJECT_KIND = 'TABLE' ORDER BY FROZEN_AT"""
_ABSENT = (2003, 2043)


@dataclass(frozen=True, slots=True)
class Frozen:
    """One table as it was: where its clone stands, since when, and how many rows were counted then."""

    clone: ObjectName
    at: str
    rows: int
    columns: tuple[Column, ...] = ()


def frozen(side: Side, share_database: str) -> Mapping[tuple[str, str], Frozen]:
    """The newest frozen rows of each table, by schema and name. Nothing where nothing was ever frozen."""
    share = replace(side, database=share_database)
    schemas = _schemas(share)
    found: dict[tuple[str, str], Frozen] = {}
    for schema in schemas:
        for place, one in _entries(share, schema):
            if place not in found or one.at >= found[place].at:
                found[place] = one
    columns = columns_of(share, schemas) if schemas else {}
    placed = {place: (str(one.clone.parts[1]), str(one.clone.parts[2])) for place, one in found.items()}
    return {
        place: replace(one, columns=columns[placed[place]]) for place, one in found.items() if columns[placed[place]]
    }


def _schemas(share: Side) -> tuple[str, ...]:
    sql = compose(_SCHEMAS, view=share.view("TABLES"), manifest=MANIFEST)
    try:
        return tuple(row["table_schema"] for row in records(share.session.execute(sql)))
    except StatementFault as fault:
        if fault.errno in _ABSENT:
            return ()
        raise


def _entries(share: Side, schema: str) -> list[tuple[tuple[str, str], Frozen]]:
    sql = compose(_ENTRIES, table=(share.database, schema, MANIFEST))
    return [
        (
            (row["schema_name"], row["object_name"]),
            Frozen(
                ObjectName.of(share.database, schema, f"{row['schema_name']}__{row['object_name']}"),
                row["frozen"],
                int(row["row_count"] or 0),
            ),
        )
        for row in share.ask("reading the manifest", sql)
    ]
