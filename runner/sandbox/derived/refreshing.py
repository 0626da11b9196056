"""Refreshing dynamic tables: what lies upstream first, each with its owner's rights, at one data timestamp.

The rows are always computed whole; whether a refresh counts as FULL, INCREMENTAL or NO_DATA is what Snowflake would
have done (user-guide/dynamic-tables-refresh).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import duckdb

from runner.sandbox import access
from runner.sandbox.catalog.dynamic import Dynamic, Refresh
from runner.sandbox.catalog.model import Schema, Table, View, Warehouse
from runner.sandbox.catalog.replication import secondary_of
from runner.sandbox.catalog.store import Catalog, utc_now
from runner.sandbox.changes import Cursor, change
from runner.sandbox.context import Context
from runner.sandbox.control import Control
from runner.sandbox.ddl.create_dynamic import lag
from runner.sandbox.errors import SnowflakeError, compilation, does_not_exist
from runner.sandbox.failures import translated
from runner.sandbox.kernel import Kernel
from runner.sandbox.query import parsing
from runner.sandbox.query.run import fill_from, world_of
from runner.sandbox.refining import with_nanoseconds
from runner.sandbox.show.dependencies import references
from runner.sandbox.statements.filling import filling

_KEPT = 100
_MOST_FAILURES = 5
"""A dynamic table that failed so often in a row is suspended (user-guide/dynamic-tables-suspend-resume)."""


def of(table: Table) -> Dynamic:
    assert table.dynamic is not None, "asked of dynamic tables only"
    return table.dynamic


def sources(catalog: Catalog, found: Table | View) -> Iterator[Table | View | None]:
    """The tables under a query, views looked through; None for what cannot be told."""
    for reference in references(catalog, found):
        record = reference.record
        if isinstance(record, View):
            yield record
            yield from sources(catalog, record)
        elif isinstance(record, Table):
            yield record
        elif not reference.function:
            yield None


def upstream(catalog: Catalog, table: Table | View) -> list[Table]:
    """The dynamic tables that this one reads, directly or through views."""
    found = (one for one in sources(catalog, table) if isinstance(one, Table) and one.dynamic is not None)
    return list({one.id: one for one in found}.values())


def downstream(catalog: Catalog, table: Table) -> list[Table]:
    """The dynamic tables that read this one."""
    every = [t for t in catalog.all(Table, table.account) if t.dynamic is not None and t is not table]
    return [t for t in every if any(one is table for one in upstream(catalog, t))]


def in_order(catalog: Catalog, table: Table, above: frozenset[int] = frozenset()) -> list[Table]:
    """All dynamic tables upstream, and the table itself at the end."""
    if table.id in above:
        raise compilation(2057, "42601", f"Dynamic table '{table.name}' refers to itself")
    found: dict[int, Table] = {}
    for one in upstream(catalog, table):
        found |= {each.id: each for each in in_order(catalog, one, above | {table.id})}
    return [*found.values(), table]


def refresh(kernel: Kernel, table: Table, trigger: str, control: Control | None = None) -> Refresh:
    """The table and all that it needs; a failure upstream fails what waits for it. The outcome of the last one."""
    at = utc_now()
    failed = False
    done: Refresh | None = None
    for one in in_order(kernel.catalog, table):
        if one is not table and of(one).suspended_at is not None:
            continue
        done = _upstream_failed(at, trigger) if failed else _one(kernel, one, at, trigger, control or Control())
        _remember(kernel, one, done)
        failed = failed or done.state != "SUCCEEDED"
    assert done is not None
    return done


def _upstream_failed(at: datetime, trigger: str) -> Refresh:
    text = "An upstream dynamic table failed to refresh."
    state = "UPSTREAM_FAILED"
    return Refresh(data_at=at, started_at=at, ended_at=at, state=state, action="NO_DATA", trigger=trigger, error=text)


def _one(kernel: Kernel, table: Table, at: datetime, trigger: str, control: Control) -> Refresh:
    started = utc_now()
    query_id = kernel.new_query_id()
    before = kernel.storage.size(table.storage)
    action, error, inserted = of(table).mode, None, 0
    try:
        if _is_fresh(kernel.catalog, table):
            action = "NO_DATA"
        else:
            inserted = _fill(kernel, table, query_id, control)
    except SnowflakeError as refusal:
        error = refusal
    changed = error is None and action != "NO_DATA"
    return Refresh(
        data_at=at,
        started_at=started,
        ended_at=utc_now(),
        state="FAILED" if error else "SUCCEEDED",
        action=action,
        trigger=trigger,
        query_id=query_id,
        error_code=error.code if error else None,
        error=error.message if error else None,
        inserted=inserted if changed else 0,
        deleted=before if changed else 0,
    )


def _is_fresh(catalog: Catalog, table: Table) -> bool:
    """Whether nothing that the query reads has changed since the last refresh."""
    since = of(table).data_at
    if since is None or parsing_is_volatile(of(table).query):
        return False
    return all(one is not None and _unchanged(one, since) for one in sources(catalog, table))


def _unchanged(found: Table | View, since: datetime) -> bool:
    """A dynamic table upstream has the data of its timestamp, whenever it was filled."""
    if isinstance(found, Table) and found.dynamic is not None:
        changes = [r.data_at for r in found.dynamic.refreshes if r.state == "SUCCEEDED" and r.action != "NO_DATA"]
        return bool(changes) and max(changes) <= since
    return _changed_at(found) < since


def _changed_at(found: Table | View) -> datetime:
    times = [found.created_at, found.altered_at, getattr(found, "changed_at", None)]
    return max(time for time in times if time is not None)


def parsing_is_volatile(query: str) -> bool:
    """Whether the query's answer changes with the time or by chance, whatever it reads."""
    words = ("CURRENT_", "RANDOM", "UUID_STRING", "SYSDATE", "GETDATE", "LOCALTIME", "SEQ", "UNIFORM")
    text = query.upper()
    return any(word in text for word in words)


def _fill(kernel: Kernel, table: Table, query_id: str, control: Control) -> int:
    context = _as_owner(kernel, table, query_id, control)
    try:
        _require_warehouse(context, of(table).warehouse)

        def make(cursor: Cursor, number: int) -> int:
            # Compiled here: the table's lock is held, and what was committed while waiting for it counts.
            done = filling(world_of(context), table, table.columns, parsing.query(of(table).query))
            return fill_from(context, cursor, done.world, done.sql(number))

        return with_nanoseconds(context, lambda: change(context, table, make, empty=True))
    except duckdb.Error as error:
        raise control.reason or translated(error) from error
    finally:
        kernel.logout(context.session)


def _as_owner(kernel: Kernel, table: Table, query_id: str, control: Control) -> Context:
    """A session of the system in the owner's role, where the table lives."""
    schema = kernel.catalog.record(table.schema_id)
    assert isinstance(schema, Schema)
    database = kernel.catalog.record(schema.database_id).name
    session = kernel.login(table.account, "SYSTEM", table.owner, of(table).warehouse, database, schema.name)
    session.parameters["AUTOCOMMIT"] = "true"
    session.owner_rights.append((table.owner, schema.id))
    return Context(engine=kernel, session=session, query_id=query_id, control=control)


def _require_warehouse(context: Context, name: str) -> None:
    found = context.catalog.find(Warehouse, context.session.account, name)
    if found is None or not access.has(context.catalog, context.session, "USAGE", found):
        raise does_not_exist("Warehouse", name)


def _remember(kernel: Kernel, table: Table, done: Refresh) -> None:
    own = of(table)
    good = done.state == "SUCCEEDED"
    fresh = replace(
        own,
        data_at=done.data_at if good else own.data_at,
        failures=0 if good else own.failures + 1,
        refreshes=[*own.refreshes, done][-_KEPT:],
    )
    if fresh.failures >= _MOST_FAILURES and fresh.suspended_at is None:
        fresh = replace(fresh, suspended_at=utc_now(), suspended_reason="SUSPENDED_DUE_TO_ERRORS")
    with kernel.catalog.work() as work:
        work.edit(table, dynamic=fresh)


def due_at(table: Table) -> datetime | None:
    """When the next scheduled refresh is due; None when none is."""
    own = table.dynamic
    length = lag(own.target_lag) if own is not None else None
    if own is None or length is None or own.suspended_at is not None or table.dropped_at is not None:
        return None
    last = own.refreshes[-1].data_at if own.refreshes else own.data_at
    return table.created_at if last is None else last + length


def first_due(kernel: Kernel) -> tuple[datetime, Table] | None:
    """The dynamic table that is due first."""
    tables = [r for r in list(kernel.catalog.records.values()) if isinstance(r, Table) and r.dynamic is not None]
    due = ((due_at(table), table) for table in tables if secondary_of(kernel.catalog.records, table) is None)
    found = [(at, table) for at, table in due if at is not None]
    return min(found, key=lambda due: (due[0], due[1].id), default=None)
