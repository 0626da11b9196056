"""Streams and CHANGES in FROM (user-guide/streams-intro, sql-reference/constructs/changes)."""

from __future__ import annotations

from datetime import datetime

from sqlglot import exp

from runner.sandbox import access
from runner.sandbox.catalog.model import Table
from runner.sandbox.catalog.store import utc_now
from runner.sandbox.catalog.streams import Stream
from runner.sandbox.errors import unsupported
from runner.sandbox.query.columns import name_of
from runner.sandbox.query.core import Emitter, Expr
from runner.sandbox.query.governed import Owned, governed
from runner.sandbox.streams import reading, relation, state

BESIDE = tuple(column.name for column in relation.METADATA)


def of_stream(emitter: Emitter, stream: Stream, owned: Owned) -> tuple[str, Table]:
    """The change rows that the stream gives now, and the table they are of."""
    world = emitter.world
    world.stable = False
    context = world.context
    table = state.source(context.catalog, stream)
    access.require(context.catalog, context.session, "SELECT", table)
    state.refuse_stale(context.catalog, stream, table)
    place = reading.place(world.caller, stream, [table], dry=world.dry)
    if place.initial:
        rows = relation.existing(table, place.since)
    else:
        rows = (relation.appended if stream.append_only else relation.net)(table, place.since, place.until)
    return governed(emitter, table, rows, owned, BESIDE), table


def of_changes(emitter: Emitter, table: Table, clause: Expr, owned: Owned, since: datetime, until: datetime) -> str:
    """The changes of a table between two moments; of its own transaction a session sees nothing here."""
    emitter.world.stable = False
    word = name_of(clause.args["information"]) if clause.args.get("information") is not None else ""
    if word not in ("DEFAULT", "APPEND_ONLY"):
        raise unsupported(f"CHANGES (INFORMATION => {word})")
    refuse_untracked(table, since)
    rows = (relation.appended if word == "APPEND_ONLY" else relation.net)(table, since, until)
    return governed(emitter, table, rows, owned, BESIDE)


def ends(clause: Expr) -> tuple[Expr, Expr | None]:
    """AT or BEFORE, and END, of a CHANGES clause."""
    begin = clause.args.get("at_before")
    if not isinstance(begin, exp.HistoricalData):
        raise unsupported("CHANGES without AT or BEFORE")
    return begin, clause.args.get("end")


def refuse_untracked(table: Table, since: datetime) -> None:
    if not table.change_log or table.tracked_since is None or since < min(table.tracked_since, utc_now()):
        raise state.untracked(table)
