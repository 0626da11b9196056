"""Replication and failover groups, and which databases are copies that only a refresh changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from typing import ClassVar

from runner.sandbox.catalog.model import Database, Record, Schema, SchemaObject
from runner.sandbox.classes import dataclass
from runner.sandbox.errors import SnowflakeError


@dataclass(kw_only=True)
class ReplicationGroup(Record):
    """A primary group says what is replicated and to whom; a secondary one is where it is copied to."""

    kind: ClassVar[str] = "REPLICATION_GROUP"
    failover: bool = False
    """A failover group."""
    types: list[str] = field(default_factory=list)
    databases: list[int] = field(default_factory=list)
    """Ids, as `shares`; both of a primary group."""
    shares: list[int] = field(default_factory=list)
    accounts: list[str] = field(default_factory=list)
    """Names of the accounts that may have a secondary group."""
    schedule: str | None = None
    primary_id: int | None = None
    """The primary group of a secondary one."""
    refreshed_at: datetime | None = None
    suspended: bool = False
    next_at: datetime | None = None
    """When a secondary group is refreshed next of its own accord."""
    brought: list[int] = field(default_factory=list)
    """Ids of the databases and shares that the last refresh of a secondary group left."""


def secondary_of(records: Mapping[int, Record], record: Record) -> Database | None:
    """The secondary database that the record is, or is in."""
    inside: Record | None = record
    if isinstance(inside, SchemaObject):
        inside = records.get(inside.schema_id)
    if isinstance(inside, Schema):
        inside = records.get(inside.database_id)
    return inside if isinstance(inside, Database) and inside.replica_of is not None else None


def read_only(database: Database, command: str = "ALTER") -> SnowflakeError:
    """A secondary database can only be read (user-guide/account-replication-intro)."""
    text = f"SQL execution error: {command.upper()} in secondary database '{database.name}' is not allowed: "
    return SnowflakeError(3540, "42501", f"{text}it is read-only.")


def refuse_secondary(records: Mapping[int, Record], record: Record) -> None:
    """Raises for what only a refresh may change; what is dropped already may be forgotten."""
    if record.dropped_at is None and (database := secondary_of(records, record)) is not None:
        raise read_only(database)


def refuse_nothing(_: Record) -> None:
    """For a refresh, and for what ends an account or a group."""
