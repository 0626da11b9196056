"""Which instant AT, BEFORE and END mean in a query (sql-reference/constructs/at-before)."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta

from runner.sandbox import access, nanos
from runner.sandbox.catalog.streams import Stream
from runner.sandbox.errors import SnowflakeError, compilation
from runner.sandbox.query.core import Emitter, Expr, World
from runner.sandbox.query.functions.session import evaluated
from runner.sandbox.query.relations import plain_number
from runner.sandbox.tokens import whole_name

_FARTHEST = 86_400.0 * 365
"""Seconds, more than any table keeps its past."""


def moment(emitter: Emitter, when: Expr) -> datetime:
    """The instant of AT or BEFORE (sql-reference/constructs/at-before)."""
    before = str(when.args["this"]).upper() == "BEFORE"
    kind, value = str(when.args["kind"]).upper(), evaluated(emitter, when.args["expression"])
    emitter.world.stable = False
    if kind == "STREAM":
        return _stream_moment(emitter.world, str(value), before=before)
    if kind == "STATEMENT":
        return _statement_moment(emitter.world, str(value), before=before)
    found = _distant(emitter.world.now, plain_number(value, kind)) if kind == "OFFSET" else _instant(value)
    # Changes are known by the microsecond: what is before 1.000001500 is all up to 1.000001.
    return found - timedelta(microseconds=1) if before and not nanos.of(found) else nanos.whole(found)


def _distant(now: datetime, seconds: float) -> datetime:
    """So far from now; nothing is kept from further away than the farthest."""
    return now + timedelta(seconds=max(-_FARTHEST, min(seconds, _FARTHEST)))


def _instant(value: object) -> datetime:
    if isinstance(value, str):
        with suppress(ValueError):
            value = datetime.fromisoformat(value)
    if not isinstance(value, datetime):
        raise compilation(1008, "22023", f"invalid value [{value}] for TIMESTAMP")
    return value if value.tzinfo else value.replace(tzinfo=UTC)


def _stream_moment(world: World, name: str, *, before: bool) -> datetime:
    """The offset of a stream (sql-reference/constructs/at-before)."""
    stream = world.context.get(Stream, whole_name(name))
    access.require(world.context.catalog, world.context.session, "SELECT", stream)
    return stream.offset - timedelta(microseconds=1) if before else stream.offset


def _statement_moment(world: World, query_id: str, *, before: bool) -> datetime:
    entry = world.caller.engine.history.by_id(query_id)
    if entry is None or entry.account != world.caller.session.account:
        raise SnowflakeError(709, "02000", f"Statement {query_id} not found")
    return entry.started_at - timedelta(microseconds=1) if before else entry.ended_at or world.now
