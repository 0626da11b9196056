"""The kinds of objects: how each is shown, and how its text is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from runner.catalog.estate import Kind

SHOWN: Final[Mapping[Kind, str]] = {
    Kind.SEQUENCE: "SEQUENCES",
    Kind.STREAM: "STREAMS",
    Kind.TASK: "TASKS",
    Kind.ALERT: "ALERTS",
    Kind.PIPE: "PIPES",
    Kind.STAGE: "STAGES",
    Kind.FILE_FORMAT: "FILE FORMATS",
    Kind.MASKING_POLICY: "MASKING POLICIES",
    Kind.ROW_ACCESS_POLICY: "ROW ACCESS POLICIES",
    Kind.PROJECTION_POLICY: "PROJECTION POLICIES",
    Kind.AGGREGATION_POLICY: "AGGREGATION POLICIES",
    Kind.JOIN_POLICY: "JOIN POLICIES",
    Kind.TAG: "TAGS",
    Kind.NETWORK_RULE: "NETWORK RULES",
    Kind.SECRET: "SECRETS",
}
"""Kinds of which SHOW tells all that is told; one statement for a whole database."""

MORE: Final[Mapping[str, frozenset[Kind]]] = {
    "EVENT TABLES": frozenset({Kind.EVENT_TABLE}),
    "TABLES": frozenset({Kind.TABLE, Kind.EVENT_TABLE}),
    "VIEWS": frozenset({Kind.VIEW, Kind.MATERIALIZED_VIEW}),
    "MATERIALIZED VIEWS": frozenset({Kind.MATERIALIZED_VIEW}),
    "DYNAMIC TABLES": frozenset({Kind.DYNAMIC_TABLE}),
    "EXTERNAL TABLES": frozenset({Kind.EXTERNAL_TABLE}),
}
"""What SHOW tells of tables and views beyond INFORMATION_SCHEMA.TABLES."""

ROUTINES: Final[Mapping[Kind, str]] = {Kind.PROCEDURE: "PROCEDURES", Kind.FUNCTION: "USER FUNCTIONS"}

TEXT: Final[Mapping[Kind, str]] = {
    Kind.TABLE: "TABLE",
    Kind.DYNAMIC_TABLE: "DYNAMIC_TABLE",
    Kind.EXTERNAL_TABLE: "TABLE",
    Kind.EVENT_TABLE: "EVENT_TABLE",
    Kind.VIEW: "VIEW",
    Kind.MATERIALIZED_VIEW: "VIEW",
    Kind.SEQUENCE: "SEQUENCE",
    Kind.FUNCTION: "FUNCTION",
    Kind.PROCEDURE: "PROCEDURE",
    Kind.STREAM: "STREAM",
    Kind.TASK: "TASK",
    Kind.ALERT: "ALERT",
    Kind.PIPE: "PIPE",
    Kind.FILE_FORMAT: "FILE_FORMAT",
    Kind.MASKING_POLICY: "POLICY",
    Kind.ROW_ACCESS_POLICY: "POLICY",
    Kind.PROJECTION_POLICY: "POLICY",
    Kind.AGGREGATION_POLICY: "POLICY",
    Kind.JOIN_POLICY: "POLICY",
    Kind.TAG: "TAG",
}
"""The word that GET_DDL wants; it knows no other kinds (docs: sql-reference/functions/get_ddl)."""

RELATIONS: Final = frozenset(
    {
        Kind.TABLE,
        Kind.DYNAMIC_TABLE,
        Kind.EXTERNAL_TABLE,
        Kind.EVENT_TABLE,
        Kind.VIEW,
        Kind.MATERIALIZED_VIEW,
    }
)
POLICIES: Final = frozenset(
    {Kind.MASKING_POLICY, Kind.ROW_ACCESS_POLICY, Kind.PROJECTION_POLICY, Kind.AGGREGATION_POLICY, Kind.JOIN_POLICY}
)

_TABLE_TYPES: Final[Mapping[str, Kind]] = {
    "BASE TABLE": Kind.TABLE,
    "EXTERNAL TABLE": Kind.EXTERNAL_TABLE,
    "EVENT TABLE": Kind.EVENT_TABLE,
    "VIEW": Kind.VIEW,
    "MATERIALIZED VIEW": Kind.MATERIALIZED_VIEW,
}


def relation_kind(table_type: str, *, dynamic: bool) -> Kind | None:
    """The kind by INFORMATION_SCHEMA.TABLES; None for what lives only in a session."""
    if "TEMPORARY" in table_type:
        return None
    return Kind.DYNAMIC_TABLE if dynamic else _TABLE_TYPES.get(table_type, Kind.TABLE)
