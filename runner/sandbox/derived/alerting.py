"""Running alerts: the condition, and where it gives rows the action, with the owner's rights (user-guide/alerts)."""

from __future__ import annotations

from datetime import datetime

from runner.sandbox import access
from runner.sandbox.catalog.alerts import Alert, AlertRun
from runner.sandbox.catalog.model import Schema
from runner.sandbox.catalog.replication import secondary_of
from runner.sandbox.catalog.store import utc_now
from runner.sandbox.errors import SnowflakeError
from runner.sandbox.kernel import Kernel
from runner.sandbox.session import AlertRun as About, Session
from runner.sandbox.tasks import schedule

_KEPT = 100
_SUCCESSFUL = ("CONDITION_FALSE", "TRIGGERED")


def run(kernel: Kernel, alert: Alert, at: datetime) -> AlertRun:
    """One evaluation, remembered."""
    session = _session(kernel, alert)
    try:
        done = _evaluated(kernel, alert, session, at)
    finally:
        kernel.logout(session)
    with kernel.catalog.work() as work:
        work.edit(alert, runs=[*alert.runs, done][-_KEPT:])
    return done


def _evaluated(kernel: Kernel, alert: Alert, session: Session, at: datetime) -> AlertRun:
    asked, acted = kernel.new_query_id(), kernel.new_query_id()
    told = [run.scheduled_at for run in alert.runs if run.state in _SUCCESSFUL]
    session.alert = About(scheduled_at=at, last_success=told[-1] if told else None, condition_query_id=asked)
    try:
        _require_right(kernel, session)
        holds = bool(kernel.execute(session, alert.condition, query_id=asked).rows())
    except SnowflakeError as error:
        return _failed(at, "CONDITION_FAILED", error, asked, None)
    if not holds:
        return AlertRun(scheduled_at=at, completed_at=utc_now(), state="CONDITION_FALSE", condition_query_id=asked)
    try:
        kernel.execute(session, alert.action, query_id=acted)
    except SnowflakeError as error:
        return _failed(at, "ACTION_FAILED", error, asked, acted)
    return AlertRun(
        scheduled_at=at,
        completed_at=utc_now(),
        state="TRIGGERED",
        condition_query_id=asked,
        action_query_id=acted,
    )


def _failed(at: datetime, state: str, error: SnowflakeError, asked: str, acted: str | None) -> AlertRun:
    return AlertRun(
        scheduled_at=at,
        completed_at=utc_now(),
        state=state,
        condition_query_id=asked,
        action_query_id=acted,
        error_code=error.code,
        error=error.message,
    )


def _session(kernel: Kernel, alert: Alert) -> Session:
    """A session of the system in the owner's role, where the alert lives."""
    schema = kernel.catalog.record(alert.schema_id)
    assert isinstance(schema, Schema)
    database = kernel.catalog.record(schema.database_id).name
    return kernel.login(alert.account, "SYSTEM", alert.owner, alert.warehouse, database, schema.name)


def _require_right(kernel: Kernel, session: Session) -> None:
    """The owner may execute alerts (sql-reference/sql/create-alert, access control requirements)."""
    if not access.has_account(kernel.catalog, session, "EXECUTE ALERT"):
        text = "Cannot execute alert, EXECUTE ALERT privilege must be granted to owner role"
        raise SnowflakeError(91089, "23001", text)


def first_due(kernel: Kernel) -> tuple[datetime, Alert] | None:
    """The started alert that is due first."""
    found = [
        (record.next_at, record)
        for record in list(kernel.catalog.records.values())
        if isinstance(record, Alert) and record.started and record.next_at and record.dropped_at is None
        if secondary_of(kernel.catalog.records, record) is None
    ]
    return min(found, key=lambda due: (due[0], due[1].id), default=None)


def start(kernel: Kernel, alert: Alert, at: datetime, now: datetime) -> None:
    """A scheduled run; the next one is set first, so that no run comes twice after a kill."""
    plan = schedule.parse(alert.schedule)
    following = plan.after(at)
    while following is not None and following <= now:
        following = plan.after(following)
    with kernel.catalog.work() as work:
        work.edit(alert, next_at=following)
    run(kernel, alert, at)
