"""A table's earlier states: what is kept of them, and which one a moment means (user-guide/data-time-travel)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from runner.sandbox.catalog.model import Table, Version
from runner.sandbox.catalog.store import Catalog, Work, utc_now
from runner.sandbox.errors import SnowflakeError
from runner.sandbox.retention import days_of
from runner.sandbox.storage import VERSION_ROWS, VERSIONS, storages
from runner.sandbox.streams import log

TICK = timedelta(microseconds=1)


def note_change(
    work: Work,
    table: Table,
    rows_before: int,
    storage: int | None = None,
    identities: dict[str, int] | None = None,
) -> set[int]:
    """Rows of the table change now: to more of them in place, or to those of another storage.

    Returns the storages that the table no longer needs; retire them after the work is committed.
    """
    before = set(storages(table))
    since = table.changed_at or table.created_at
    now = max(utc_now(), since + TICK)
    states = [*table.versions, Version(since=since, until=now, storage=table.storage, rows=rows_before)]
    if storage is not None and rows_before > VERSION_ROWS:
        states = [version for version in states if version.storage != table.storage]
    states = _kept(work.catalog, table, states, now)
    log.record(work, table, storage, now)
    work.note(
        table,
        storage=storage or table.storage,
        changed_at=now,
        versions=states,
        identity_next=dict(table.identity_next) if identities is None else identities,
    )
    return before - set(storages(table))


def note_additions(work: Work, table: Table, additions: Sequence[tuple[datetime, int]]) -> set[int]:
    """The same for rows that several statements added in place: when each did, and how many there were before it."""
    before, states = set(storages(table)), list(table.versions)
    since = table.changed_at or table.created_at
    for at, rows_before in additions:
        now = max(at, since + TICK)
        states.append(Version(since=since, until=now, storage=table.storage, rows=rows_before))
        since = now
    work.note(table, changed_at=since, versions=_kept(work.catalog, table, states, since))
    return before - set(storages(table))


def _kept(catalog: Catalog, table: Table, states: list[Version], now: datetime) -> list[Version]:
    """The latest states, as far back as the table's retention time reaches."""
    first = now - days_of(catalog, table)
    return [version for version in states[-VERSIONS:] if version.until > first]


def state_at(catalog: Catalog, table: Table, moment: datetime, name: str) -> tuple[int, int | None]:
    """Storage and number of its first rows that were the table at the moment; no number: all rows.

    000707 where that state was not kept or the table was not there yet (sql-reference/constructs/at-before).
    """
    if (days := days_of(catalog, table)) and moment < utc_now() - days:
        raise not_available(name)
    if moment >= (table.changed_at or table.created_at):
        return table.storage, None
    for version in table.versions:
        if version.since <= moment < version.until:
            return version.storage, version.rows
    raise not_available(name)


def not_available(name: str) -> SnowflakeError:
    return SnowflakeError(
        707,
        "02000",
        f"Time travel data is not available for table {name}. The requested time is either beyond the allowed time "
        "travel period or before the object creation time.",
    )
