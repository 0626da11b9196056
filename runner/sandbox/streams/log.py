"""Change tracking of a table: every row has a number of its own, and each commit writes down what it changed.

A tracked table's storage has the hidden column `$track`. Its log has a line for each row that a commit took away
(`$op` 0) or put there (`$op` 1), with the row's values; an update is one of each under the same number. The lines are
written in the engine's transaction that publishes the change, so the log is as durable and as true as the rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from runner.sandbox import parameters
from runner.sandbox.catalog.model import ColumnModel, Table
from runner.sandbox.catalog.store import Catalog, Work, utc_now
from runner.sandbox.retention import days_of
from runner.sandbox.storage import LOCAL_ROWS, TRACK, definition
from runner.sandbox.tokens import quote_identifier


def names_of(columns: Sequence[ColumnModel]) -> str:
    return ", ".join(quote_identifier(column.stored) for column in columns)


def start(work: Work, table: Table) -> None:
    """From now on the table's changes are known; what happened before is not."""
    if table.change_log:
        if not table.change_tracking:
            work.edit(table, change_tracking=True)
        return
    number = work.catalog.next_id()
    work.sql(f"ALTER TABLE s{table.storage} ADD COLUMN {TRACK} BIGINT DEFAULT nextval('_track')")
    work.sql(f'CREATE TABLE s{number} ("$at" TIMESTAMPTZ, "$op" TINYINT, {TRACK} BIGINT, {definition(table.columns)})')
    # A statement that was made for the table as it was must not go on: its list of columns is no longer this one.
    since = max(utc_now(), table.changed_at or table.created_at)
    work.edit(table, change_tracking=True, change_log=number, tracked_since=since, columns=list(table.columns))


def stop(work: Work, table: Table) -> int:
    """Nothing is known of the table's changes any more; the storage of the log, to be retired afterwards."""
    number = table.change_log
    if number:
        work.sql(f"ALTER TABLE s{table.storage} DROP COLUMN {TRACK}")
    work.edit(table, change_tracking=False, change_log=0, tracked_since=None, columns=list(table.columns))
    return number


def record(work: Work, table: Table, storage: int | None, at: datetime) -> None:
    """Write down what the open transaction changes: rows added in place, or another storage in place of this one."""
    if not table.change_log:
        return
    if table.dynamic is not None and storage is not None:
        _keep_numbers(work, table, storage)
    names = f"{TRACK}, {names_of(table.columns)}"
    if storage is None:
        lines = f"SELECT 1 AS op, {names} FROM s{table.storage} WHERE rowid >= {LOCAL_ROWS}"
    else:
        before, after = f"SELECT {names} FROM s{table.storage}", f"SELECT {names} FROM s{storage}"
        lines = (
            f"SELECT 0 AS op, * FROM ({before} EXCEPT ALL {after}) "
            f"UNION ALL SELECT 1 AS op, * FROM ({after} EXCEPT ALL {before})"
        )
    # duckdb 2.0.0 loses a large INSERT that follows one without a row in the same transaction.
    if work.sql(f"SELECT 1 FROM ({lines}) LIMIT 1"):
        work.sql(
            f'INSERT INTO s{table.change_log} ("$at", "$op", {names}) SELECT ?::TIMESTAMPTZ, * FROM ({lines})', [at]
        )


def _keep_numbers(work: Work, table: Table, storage: int) -> None:
    """A refresh computes every row anew: those that are as they were keep their numbers, and did not change."""
    names = [quote_identifier(column.stored) for column in table.columns]
    listed, same = ", ".join(names), " AND ".join(f"n.{name} IS NOT DISTINCT FROM o.{name}" for name in names)
    turn = f'row_number() OVER (PARTITION BY {listed}) AS "$turn"'
    work.sql(
        f'UPDATE s{storage} SET {TRACK} = m."$old" FROM (SELECT n."$row", o."$old" '
        f'FROM (SELECT rowid AS "$row", {listed}, {turn} FROM s{storage}) AS n '
        f'JOIN (SELECT {TRACK} AS "$old", {listed}, {turn} FROM s{table.storage}) AS o '
        f'ON n."$turn" = o."$turn" AND {same}) AS m WHERE s{storage}.rowid = m."$row"'
    )


def kept(catalog: Catalog, table: Table) -> timedelta:
    """How far back the changes are known: streams extend the retention (user-guide/streams-intro, data retention)."""
    extension = parameters.of_record(catalog, table, "MAX_DATA_EXTENSION_TIME_IN_DAYS")
    return max(days_of(catalog, table), timedelta(days=int(extension.value)))


def prune(catalog: Catalog) -> None:
    """At the start: begin what an older sandbox only noted, and forget changes that no stream may read any more."""
    now = utc_now()
    tables = [r for r in catalog.records.values() if isinstance(r, Table) and r.dropped_at is None]
    with catalog.work() as work:
        for table in tables:
            if table.change_tracking and not table.change_log:
                start(work, table)
            elif table.change_log:
                work.sql(f'DELETE FROM s{table.change_log} WHERE "$at" < ?', [now - kept(catalog, table)])
