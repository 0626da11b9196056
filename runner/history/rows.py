"""Events and checkpoints as rows, and rows as events and checkpoints."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from runner.core.history import LONGEST_MESSAGE, Event, EventType, StatementRow, StatementState
from runner.core.names import ObjectName
from runner.core.script import Kind
from runner.history.layout import HISTORY_COLUMNS, STATEMENT_COLUMNS
from runner.sql.composing import compose

HISTORY_NAMES = tuple(name for name, _ in HISTORY_COLUMNS)
STATEMENT_NAMES = tuple(name for name, _ in STATEMENT_COLUMNS)


def insert_events(table: ObjectName, events: Sequence[Event]) -> str:
    """One INSERT for all the events, in one statement."""
    selects = " UNION ALL ".join(f"SELECT {', '.join(_event_values(event))}" for event in events)
    return compose(
        "INSERT INTO {table:i} ({names:r}) {rows:r}", table=table, names=", ".join(HISTORY_NAMES), rows=selects
    )


def insert_statements(table: ObjectName, rows: Sequence[StatementRow]) -> str:
    """One INSERT for all the checkpoints, in one statement."""
    selects = " UNION ALL ".join(f"SELECT {', '.join(_statement_values(row))}" for row in rows)
    return compose(
        "INSERT INTO {table:i} ({names:r}) {rows:r}", table=table, names=", ".join(STATEMENT_NAMES), rows=selects
    )


def _event_values(event: Event) -> Iterable[str]:
    return map(_value, (
        event.number, event.event, event.run_id, event.installed_rank, event.kind, event.version, event.description,
        event.script, event.checksum, event.rendered_checksum, event.environment, event.account, event.installed_by,
        event.role, event.warehouse, event.git_commit, event.runner_version, _NOW, event.execution_time,
        event.statements, event.error_code, event.error_message[:LONGEST_MESSAGE], event.reason, event.context,
        event.transactional, event.session_id, event.fence, event.chain,
    ))  # fmt: skip


def _statement_values(row: StatementRow) -> Iterable[str]:
    return map(_value, (
        row.run_id, row.script, row.installed_rank, row.ordinal, row.sha256, row.line, row.query_id, row.state,
        row.row_count, row.execution_time, row.error_code, row.error_message[:LONGEST_MESSAGE], _NOW,
    ))  # fmt: skip


class _Now:
    """The account's own clock."""


_NOW = _Now()


def _value(value: str | int | bool | _Now | None) -> str:
    match value:
        case None:
            return "NULL"
        case _Now():
            return "CURRENT_TIMESTAMP()"
        case bool():
            return compose("{v:b}", v=value)
        case int():
            return compose("{v:d}", v=value)
        case _:
            return compose("{v:s}", v=str(value))


def event_of(row: Sequence[Any]) -> Event:
    """A row of MIGRATION_HISTORY in the order of HISTORY_NAMES. Raises ValueError for what no runner writes."""
    (number, event, run_id, rank, kind, version, description, script, checksum, rendered, environment, account, by,
     role, warehouse, commit, runner_version, on, execution_time, statements, error_code, error, reason, context,
     transactional, session_id, fence, chain) = row  # fmt: skip
    return Event(
        number=int(number), event=EventType(event), run_id=run_id, installed_rank=int(rank),
        kind=Kind(kind) if kind else None, version=version, description=description or "", script=script or "",
        checksum=checksum or "", rendered_checksum=rendered or "", environment=environment, account=account,
        installed_by=by, role=role, warehouse=warehouse or "", git_commit=commit or "", runner_version=runner_version,
        installed_on=_moment(on), execution_time=_whole(execution_time), statements=_whole(statements),
        error_code=_whole(error_code), error_message=error or "", reason=reason or "", context=context or "",
        transactional=bool(transactional), session_id=_whole(session_id), fence=int(fence), chain=chain or "",
    )  # fmt: skip


def statement_of(row: Sequence[Any]) -> StatementRow:
    """A row of MIGRATION_STATEMENT in the order of STATEMENT_NAMES."""
    run_id, script, rank, ordinal, sha256, line, query_id, state, count, milliseconds, code, message, _ = row
    return StatementRow(
        run_id=run_id, script=script, installed_rank=int(rank), ordinal=int(ordinal), sha256=sha256, line=int(line),
        query_id=query_id or "", state=StatementState(state), row_count=_whole(count),
        execution_time=_whole(milliseconds), error_code=_whole(code), error_message=message or "",
    )  # fmt: skip


def _whole(value: Any) -> int | None:
    return None if value is None else int(value)


def _moment(value: Any) -> datetime | None:
    return value if isinstance(value, datetime) else None
