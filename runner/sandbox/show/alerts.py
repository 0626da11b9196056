"""SHOW ALERTS and ALERT_HISTORY (sql-reference/sql/show-alerts, sql-reference/functions/alert_history)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from runner.sandbox import errors
from runner.sandbox.catalog.alerts import Alert
from runner.sandbox.catalog.model import Database
from runner.sandbox.catalog.store import utc_now
from runner.sandbox.context import Context
from runner.sandbox.show.inventory import Inventory, Item
from runner.sandbox.show.listing import Listing, found
from runner.sandbox.show.request import Request
from runner.sandbox.show.shape import Row
from runner.sandbox.show.tables import common

HISTORY = (
    "NAME, DATABASE_NAME, SCHEMA_NAME, CONDITION, CONDITION_QUERY_ID, ACTION, ACTION_QUERY_ID, STATE, SQL_ERROR_CODE, "
    "SQL_ERROR_MESSAGE, SCHEDULED_TIME time, COMPLETED_TIME time"
)
PARAMETERS = ("SCHEDULED_TIME_RANGE_START", "SCHEDULED_TIME_RANGE_END", "RESULT_LIMIT", "ALERT_NAME")
_KEPT = timedelta(days=7)


def row(item: Item[Alert]) -> Row:
    """One alert, as SHOW has it."""
    alert = item.record
    return common(item) | {
        "warehouse": alert.warehouse or "",
        "schedule": alert.schedule,
        "state": "started" if alert.started else "suspended",
        "condition": alert.condition,
        "action": alert.action,
    }


def _alerts(context: Context, request: Request) -> Iterator[Row]:
    return map(row, found(context, request, Alert))


LISTINGS: dict[tuple[str, ...], Listing] = {
    ("ALERTS",): Listing(
        "created_on time, name, database_name, schema_name, owner, comment, warehouse, schedule, state, condition, "
        "action, owner_role_type",
        _alerts,
    )
}


def runs(item: Item[Alert]) -> Iterator[Row]:
    """The runs of one alert, the newest first."""
    database, schema, name = item.path
    for one in reversed(item.record.runs):
        yield {
            "NAME": name,
            "DATABASE_NAME": database,
            "SCHEMA_NAME": schema,
            "CONDITION": item.record.condition,
            "CONDITION_QUERY_ID": one.condition_query_id,
            "ACTION": item.record.action,
            "ACTION_QUERY_ID": one.action_query_id,
            "STATE": one.state,
            "SQL_ERROR_CODE": one.error_code,
            "SQL_ERROR_MESSAGE": one.error,
            "SCHEDULED_TIME": one.scheduled_at,
            "COMPLETED_TIME": one.completed_at,
        }


def history(context: Context, _: Database, arguments: dict[str, object]) -> Iterator[Row]:
    """ALERT_HISTORY: what the session may monitor, the newest first; the limit counts after the filters."""
    limit = int(str(arguments.get("RESULT_LIMIT", 100)))
    if not 1 <= limit <= 10_000:
        raise errors.compilation(1008, "22023", f"invalid value [{limit}] for parameter 'RESULT_LIMIT'")
    start = arguments.get("SCHEDULED_TIME_RANGE_START") or utc_now() - _KEPT
    end = arguments.get("SCHEDULED_TIME_RANGE_END") or utc_now()
    name = arguments.get("ALERT_NAME")

    def wanted(one: Row) -> bool:
        at = one["SCHEDULED_TIME"]
        assert isinstance(at, datetime)
        return start <= at <= end and name in (None, one["NAME"])  # type: ignore[operator]

    every = sorted(filter(wanted, _visible(context)), key=lambda one: str(one["SCHEDULED_TIME"]), reverse=True)
    yield from islice(every, limit)


def _visible(context: Context) -> Iterator[Row]:
    for item in Inventory(context.catalog, context.session).monitored(Alert):
        yield from runs(item)
