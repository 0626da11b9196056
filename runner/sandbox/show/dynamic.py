"""SHOW DYNAMIC TABLES and the history of refreshes.

Sources: sql-reference/sql/show-dynamic-tables, sql-reference/functions/dynamic_table_refresh_history,
sql-reference/account-usage/dynamic_table_refresh_history.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice, pairwise

from runner.sandbox import errors
from runner.sandbox.catalog.dynamic import Dynamic, Refresh
from runner.sandbox.catalog.model import Database, Table
from runner.sandbox.catalog.store import utc_now
from runner.sandbox.context import Context
from runner.sandbox.ddl.create_dynamic import lag
from runner.sandbox.ddl.names import dotted
from runner.sandbox.ddl.types import type_text
from runner.sandbox.parameters import of_record
from runner.sandbox.retention import days
from runner.sandbox.show.inventory import Inventory, Item
from runner.sandbox.show.listing import Listing, found
from runner.sandbox.show.request import Request
from runner.sandbox.show.shape import Row, on
from runner.sandbox.show.sizes import bytes_in, rows_in
from runner.sandbox.show.tables import automatic, clustering, common, role_type
from runner.sandbox.tokens import Reader, whole_name

_EXTENSION = "MAX_DATA_EXTENSION_TIME_IN_DAYS"
_KEPT = timedelta(days=7)
_TAIL = (
    "STATE, STATE_CODE, STATE_MESSAGE, QUERY_ID, DATA_TIMESTAMP time, REFRESH_START_TIME time, REFRESH_END_TIME time, "
    "COMPLETION_TARGET time, QUALIFIED_NAME, LAST_COMPLETED_DEPENDENCY variant, STATISTICS variant, REFRESH_ACTION, "
    "REFRESH_TRIGGER, TARGET_LAG_SEC number, GRAPH_HISTORY_VALID_FROM time"
)
HISTORY = f"NAME, SCHEMA_NAME, DATABASE_NAME, {_TAIL}"
USAGE_HISTORY = f"NAME, SCHEMA_NAME, DATABASE_NAME, ID number, SCHEMA_ID number, DATABASE_ID number, {_TAIL}"
PARAMETERS = ("DATA_TIMESTAMP_START", "DATA_TIMESTAMP_END", "RESULT_LIMIT", "NAME", "NAME_PREFIX", "ERROR_ONLY")


def _tables(context: Context, request: Request) -> Iterator[Row]:
    for item in found(context, request, Table):
        own = item.record.dynamic
        if own is not None:
            yield common(item) | _state(own) | {
                "cluster_by": clustering(item.record) or "",
                "automatic_clustering": on(automatic(item.record)),
                "rows": rows_in(context, item.record),
                "bytes": bytes_in(context, item.record),
                "is_replica": "false",
                "is_iceberg": "false",
            }  # fmt: skip


def _state(own: Dynamic) -> dict[str, object]:
    return {
        "target_lag": own.target_lag,
        "refresh_mode": own.mode,
        "refresh_mode_reason": own.mode_reason if own.refresh_mode == "AUTO" else None,
        "warehouse": own.warehouse,
        "text": own.text,
        "scheduling_state": "ACTIVE" if own.suspended_at is None else "SUSPENDED",
        "last_suspended_on": own.suspended_at,
        "is_clone": str(own.is_clone).lower(),
        "data_timestamp": own.data_at,
    }


def _resources(context: Context, request: Request) -> Iterator[Row]:
    """Each dynamic table as the REST API gives it, in one column."""
    for item in found(context, request, Table):
        if item.record.dynamic is not None:
            yield {"As Resource": json.dumps(_resource(context, item, item.record.dynamic)), "name": item.record.name}


def _resource(context: Context, item: Item[Table], own: Dynamic) -> dict[str, object]:
    table, length = item.record, lag(own.target_lag)
    seconds = None if length is None else int(length.total_seconds())
    columns = [{"name": c.name, "datatype": type_text(c.type), "comment": c.comment} for c in table.columns]
    return {
        "name": table.name,
        "kind": "TRANSIENT" if table.table_type == "TRANSIENT" else "PERMANENT",
        "columns": columns,
        "target_lag": {"type": "USER_DEFINED", "seconds": seconds} if seconds else {"type": "DOWNSTREAM"},
        "scheduler": "ENABLE",
        "refresh_mode": own.mode,
        "initialize": own.initialize,
        "warehouse": own.warehouse,
        "cluster_by": _keys(table.cluster_by or ""),
        "query": own.query,
        "data_retention_time_in_days": days(context.catalog, table),
        "max_data_extension_time_in_days": int(of_record(context.catalog, table, _EXTENSION).value),
        "comment": table.comment,
        "created_on": table.created_at.isoformat(),
        "database_name": item.database.name,
        "schema_name": item.schema.name,
        "rows": rows_in(context, table),
        "bytes": bytes_in(context, table),
        "scheduling_state": "ACTIVE" if own.suspended_at is None else "SUSPENDED",
        "automatic_clustering": automatic(table),
        "owner": item.owner,
        "owner_role_type": role_type(table.owner),
    }


def _keys(key: str) -> list[str]:
    """The expressions of a clustering key."""
    reader, cuts, depth = Reader(key), [-1], 0
    while not reader.at_end():
        token = reader.next()
        depth += {"(": 1, ")": -1}.get(token.word, 0)
        if token.word == "," and not depth:
            cuts.append(token.start)
    return [key[a + 1 : b].strip() for a, b in pairwise([*cuts, len(key)]) if key]


LISTINGS: dict[tuple[str, ...], Listing] = {
    ("AS", "RESOURCE", "DYNAMIC", "TABLES"): Listing("As Resource", _resources),
    ("DYNAMIC", "TABLES"): Listing(
        "created_on time, name, database_name, schema_name, cluster_by, rows number, bytes number, owner, target_lag, "
        "refresh_mode, refresh_mode_reason, warehouse, comment, text, automatic_clustering, scheduling_state, "
        "last_suspended_on time, is_clone, is_replica, is_iceberg, data_timestamp time, owner_role_type",
        _tables,
    ),
}


def refreshes(item: Item[Table]) -> Iterator[Row]:
    """The refreshes of one dynamic table, the newest first."""
    own = item.record.dynamic
    for one in reversed(own.refreshes if own is not None else []):
        yield _refresh(item, one)


def _refresh(item: Item[Table], one: Refresh) -> Row:
    own = item.record.dynamic
    length = lag(own.target_lag) if own is not None else None
    counts = {"numInsertedRows": one.inserted, "numDeletedRows": one.deleted, "numCopiedRows": 0}
    return {
        "NAME": item.record.name,
        "SCHEMA_NAME": item.schema.name,
        "DATABASE_NAME": item.database.name,
        "ID": item.record.id,
        "SCHEMA_ID": item.schema.id,
        "DATABASE_ID": item.database.id,
        "STATE": one.state,
        "STATE_CODE": one.error_code or ("SUCCESS" if one.state == "SUCCEEDED" else one.state),
        "STATE_MESSAGE": one.error,
        "QUERY_ID": one.query_id,
        "DATA_TIMESTAMP": one.data_at,
        "REFRESH_START_TIME": one.started_at,
        "REFRESH_END_TIME": one.ended_at,
        "COMPLETION_TARGET": one.data_at + length if length is not None else None,
        "QUALIFIED_NAME": dotted(item.path),
        "STATISTICS": json.dumps(counts),
        "REFRESH_ACTION": one.action,
        "REFRESH_TRIGGER": one.trigger,
        "TARGET_LAG_SEC": int(length.total_seconds()) if length is not None else None,
        "GRAPH_HISTORY_VALID_FROM": item.record.created_at,
    }


def history(context: Context, _: Database, arguments: dict[str, object]) -> Iterator[Row]:
    """DYNAMIC_TABLE_REFRESH_HISTORY: of the last day, unless told otherwise; the limit counts after the filters."""
    limit = int(str(arguments.get("RESULT_LIMIT", 100)))
    if not 1 <= limit <= 10_000:
        raise errors.compilation(1008, "22023", f"invalid value [{limit}] for parameter 'RESULT_LIMIT'")
    rows = (row for row in _visible(context) if _wanted(context, row, arguments))
    newest = sorted(rows, key=lambda row: str(row["REFRESH_START_TIME"]), reverse=True)
    yield from islice(newest, limit)


def _visible(context: Context) -> Iterator[Row]:
    for item in Inventory(context.catalog, context.session).monitored(Table):
        yield from refreshes(item)


def _wanted(context: Context, row: Row, arguments: dict[str, object]) -> bool:
    end = _time(arguments, "DATA_TIMESTAMP_END") or utc_now()
    start = max(_time(arguments, "DATA_TIMESTAMP_START") or end - timedelta(days=1), utc_now() - _KEPT)
    at = row["DATA_TIMESTAMP"]
    full = (str(row["DATABASE_NAME"]), str(row["SCHEMA_NAME"]), str(row["NAME"]))
    named = "NAME" not in arguments or full == _full(context, whole_name(str(arguments["NAME"])))
    prefix = str(arguments.get("NAME_PREFIX", "")).upper()
    failed = str(arguments.get("ERROR_ONLY", False)).upper() != "TRUE" or row["STATE"] != "SUCCEEDED"
    inside = isinstance(at, datetime) and start <= at <= end
    return inside and named and failed and ".".join(full).upper().startswith(prefix)


def _full(context: Context, parts: tuple[str, ...]) -> tuple[str, ...]:
    home = (context.session.database or "", context.session.schema or "")
    return (*home[: 3 - len(parts)], *parts)


def _time(arguments: dict[str, object], name: str) -> datetime | None:
    value = arguments.get(name)
    if value is None or isinstance(value, datetime):
        return value
    raise errors.compilation(1044, "42P13", f"Invalid argument types for '{name}': a TIMESTAMP_LTZ is expected")
