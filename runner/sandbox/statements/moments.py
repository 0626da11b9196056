"""Which instant AT | BEFORE means (sql-reference/constructs/at-before)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from runner.sandbox import nanos
from runner.sandbox.catalog.store import utc_now
from runner.sandbox.catalog.streams import Stream
from runner.sandbox.context import Context
from runner.sandbox.ddl.moment import Moment
from runner.sandbox.errors import SnowflakeError, compilation
from runner.sandbox.statements.derive import evaluate
from runner.sandbox.tokens import whole_name


def instant(context: Context, moment: Moment) -> datetime:
    """The instant up to which changes count, that of the instant itself among them."""
    value = evaluate(context, moment.expression)
    match moment.kind:
        case "OFFSET":
            found = utc_now() + timedelta(seconds=_seconds(value))
        case "STATEMENT":
            return _of_statement(context, str(value), before=moment.before)
        case "STREAM":
            found = _of_stream(context, str(value))
        case _:
            found = _timestamp(value)
    # Changes are known by the microsecond: what is before 1.000001500 is all up to 1.000001.
    return found - timedelta(microseconds=1) if moment.before and not nanos.of(found) else nanos.whole(found)


def _seconds(value: object) -> float:
    if not isinstance(value, int | float | Decimal) or value > 0:
        raise _invalid("OFFSET", value)
    return float(value)


def _timestamp(value: object) -> datetime:
    """Without a zone a moment is in UTC; a plain string is read as such a timestamp."""
    if isinstance(value, str):
        try:
            value = datetime.fromisoformat(value.strip())
        except ValueError:
            raise _invalid("TIMESTAMP", value) from None
    if not isinstance(value, datetime):
        raise _invalid("TIMESTAMP", value)
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value


def _of_stream(context: Context, name: str) -> datetime:
    stream = context.get(Stream, whole_name(name))
    context.require("SELECT", stream)
    return stream.offset


def _of_statement(context: Context, query_id: str, *, before: bool) -> datetime:
    """Before a statement is before it began; at it is when it had ended."""
    entry = context.engine.history.by_id(query_id)
    if entry is None or entry.account != context.session.account or entry.ended_at is None:
        raise compilation(2155, "02000", f"Statement {query_id} not found")
    return entry.started_at - timedelta(microseconds=1) if before else entry.ended_at


def _invalid(kind: str, value: object) -> SnowflakeError:
    return compilation(1008, "22023", f"invalid value [{value}] for parameter '{kind}'")
