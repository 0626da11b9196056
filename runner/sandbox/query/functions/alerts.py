"""SNOWFLAKE.ALERT: what the condition and the action of an alert may ask about its run.

Sources: sql-reference/functions/last_successful_scheduled_time, scheduled_time, get_condition_query_uuid.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from runner.sandbox import application
from runner.sandbox.errors import SnowflakeError, does_not_exist
from runner.sandbox.query import types
from runner.sandbox.query.core import E
from runner.sandbox.query.functions.spec import Call, wrong_count
from runner.sandbox.query.types import quoted
from runner.sandbox.session import AlertRun

SCHEMA = (application.NAME, "ALERT")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def asked(call: Call) -> E:
    """Refused to who has not ALERT_VIEWER, and outside of an alert."""
    context, name = call.emitter.world.caller, f"{'.'.join(SCHEMA)}.{call.name}"
    if not application.opens(context, SCHEMA[1], call.name):
        raise does_not_exist("Function", name)
    if call.arguments:
        raise wrong_count(call.name, len(call.arguments), "0")
    call.emitter.world.stable = False
    run = context.session.alert
    if run is None:
        raise SnowflakeError(91083, "0A000", f"Function {name} can only be called in an alert.")
    return FUNCTIONS[call.name](run)


def _moment(value: datetime) -> E:
    return E(f"CAST({quoted(value.isoformat(sep=' '))} AS TIMESTAMPTZ)", types.LTZ)


def _query(run: AlertRun) -> E:
    return E(quoted(run.condition_query_id), types.text(36), literal=run.condition_query_id)


FUNCTIONS: dict[str, Callable[[AlertRun], E]] = {
    "SCHEDULED_TIME": lambda run: _moment(run.scheduled_at),
    "LAST_SUCCESSFUL_SCHEDULED_TIME": lambda run: _moment(run.last_success or _EPOCH),
    "GET_CONDITION_QUERY_UUID": _query,
}
