"""ACCOUNT_USAGE of what was done: who read and changed what, and what it would have cost.

Sources: sql-reference/account-usage/access_history, query_attribution_history, warehouse_metering_history.
Credits are the running time of a statement at the hourly rate of its warehouse's size; idle time costs nothing here.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from runner.sandbox.accesses import Accesses, Touched
from runner.sandbox.catalog.model import Warehouse
from runner.sandbox.catalog.store import utc_now
from runner.sandbox.context import Context
from runner.sandbox.ddl.names import dotted
from runner.sandbox.history import Entry
from runner.sandbox.show.shape import Row

_SIZES = ("X-Small", "Small", "Medium", "Large", "X-Large", "2X-Large", "3X-Large", "4X-Large", "5X-Large", "6X-Large")
CREDITS_AN_HOUR = {size.upper(): 2**at for at, size in enumerate(_SIZES)}
SHORTEST = timedelta(milliseconds=100)
"""Statements up to this long have no credits attributed to them."""
_HOUR = timedelta(hours=1)
DELAY = "RUNNER_SANDBOX_USAGE_DELAY"
"""Environment variable: by how many seconds OBJECT_DEPENDENCIES and ACCESS_HISTORY are late; 0 when it is not set."""


def known_until() -> datetime:
    """What happened later than this the late views do not know yet."""
    given = os.environ.get(DELAY, "")
    return utc_now() - timedelta(seconds=int(given) if given.isdecimal() else 0)


def accesses(context: Context) -> Iterator[Row]:
    """Statements that succeeded and touched tables or views, or called a procedure; the newest first."""
    until = known_until()
    for entry in context.engine.history.entries(context.session.account):
        found = entry.accesses
        if entry.ended_at is None or entry.ended_at > until:
            continue
        if entry.state != "SUCCESS" or not found:
            continue
        yield {
            "QUERY_ID": entry.query_id,
            "QUERY_START_TIME": entry.started_at,
            "USER_NAME": entry.user,
            "DIRECT_OBJECTS_ACCESSED": _objects(found.direct.values()),
            "BASE_OBJECTS_ACCESSED": _objects(found.base.values()),
            "OBJECTS_MODIFIED": json.dumps([_modified(found, one) for one in found.modified.values()]),
            "POLICIES_REFERENCED": "[]",
            "PARENT_QUERY_ID": entry.parent,
            "ROOT_QUERY_ID": entry.root,
        }


def _objects(touched: Iterable[Touched]) -> str:
    return json.dumps([_object(one) for one in touched])


def _object(one: Touched) -> dict[str, object]:
    named = {"objectDomain": one.domain, "objectId": one.id, "objectName": dotted(one.name)}
    if one.signature:
        return named | {"argumentSignature": one.signature, "dataType": one.returns}
    return named | {"columns": [{"columnName": name} for name in one.columns]}


def _modified(found: Accesses, one: Touched) -> dict[str, object]:
    """A changed object; of each of its columns the columns that its values came from, by the names of that time."""
    columns = []
    for name in one.columns:
        given = one.sources.get(name, [])
        direct = [_source(found.direct[number], column) for number, column, named in given if named]
        base = dict.fromkeys((number, column) for number, column, _ in given if number in found.base)
        shown = [_source(found.base[number], column) for number, column in base]
        columns.append({"columnName": name, "directSources": direct, "baseSources": shown})
    return _object(one) | {"columns": columns}


def _source(one: Touched, column: str) -> dict[str, object]:
    return {"columnName": column, "objectDomain": one.domain, "objectId": one.id, "objectName": dotted(one.name)}


def attributions(context: Context) -> Iterator[Row]:
    """Statements that ran on a warehouse for longer than the least, with their credits."""
    for entry, warehouse, credits in _credited(context, context.session.account):
        yield {
            "QUERY_ID": entry.query_id,
            "PARENT_QUERY_ID": entry.parent,
            "ROOT_QUERY_ID": entry.root,
            "WAREHOUSE_ID": warehouse.id,
            "WAREHOUSE_NAME": warehouse.name,
            "QUERY_TAG": entry.tag,
            "USER_NAME": entry.user,
            "START_TIME": entry.started_at,
            "END_TIME": entry.ended_at,
            "CREDITS_ATTRIBUTED_COMPUTE": credits,
        }


def metering(context: Context) -> Iterator[Row]:
    return metering_of(context, context.session.account)


def metering_of(context: Context, account: str) -> Iterator[Row]:
    """The credits of each warehouse, hour by hour of the statements' beginnings; the newest first."""
    hours: dict[tuple[datetime, int, str], float] = defaultdict(float)
    for entry, warehouse, credits in _credited(context, account):
        hours[entry.started_at.replace(minute=0, second=0, microsecond=0), warehouse.id, warehouse.name] += credits
    for (hour, number, name), credits in hours.items():
        yield {
            "START_TIME": hour,
            "END_TIME": hour + _HOUR,
            "WAREHOUSE_ID": number,
            "WAREHOUSE_NAME": name,
            "CREDITS_USED": credits,
            "CREDITS_USED_COMPUTE": credits,
            "CREDITS_USED_CLOUD_SERVICES": 0.0,
            "CREDITS_ATTRIBUTED_COMPUTE_QUERIES": credits,
        }


def _credited(context: Context, account: str) -> Iterator[tuple[Entry, Warehouse, float]]:
    """Statements sent by clients: what ran inside of one is in its time."""
    for entry in context.engine.history.entries(account):
        took = entry.ended_at - entry.started_at if entry.ended_at else timedelta()
        warehouse = context.catalog.find(Warehouse, entry.account, entry.warehouse) if entry.warehouse else None
        if warehouse is not None and took > SHORTEST and entry.parent is None:
            yield entry, warehouse, took / _HOUR * CREDITS_AN_HOUR.get(warehouse.size.upper(), 1)
