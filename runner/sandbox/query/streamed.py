"""Streams and CHANGES in FROM (user-guide/streams-intro, sql-reference/constructs/changes)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from sqlglot import exp

from runner.sandbox import access
from runner.sandbox.catalog.model import Table, View
from runner.sandbox.catalog.store import utc_now
from runner.sandbox.catalog.streams import Stream
from runner.sandbox.errors import unsupported
from runner.sandbox.query.columns import name_of
from runner.sandbox.query.core import Col, Emitter, Expr, World
from runner.sandbox.query.governed import Owned, governed
from runner.sandbox.streams import reading, relation, state
from runner.sandbox.transactions import Place

BESIDE = tuple(column.name for column in relation.METADATA)


AsOf = Callable[[World, View], tuple[str, list[Col]]]
"""A view's rows as they were at the world's moment, with their numbers, and the columns that its query gives."""


def of_stream(emitter: Emitter, stream: Stream, owned: Owned, as_of: AsOf) -> tuple[str, Table | View, list[Col]]:
    """The change rows that the stream gives now, the table or view they are of, and the columns of a view's query."""
    world = emitter.world
    world.stable = False
    context = world.context
    found = state.source(context.catalog, stream)
    access.require(context.catalog, context.session, "SELECT", found)
    state.refuse_stale(context.catalog, stream)
    place = reading.place(world.caller, stream, state.bases(context.catalog, stream), dry=world.dry)
    if isinstance(found, View):
        sql, inner = _of_view(world, found, place, as_of)
        return sql, found, inner[: len(found.columns)]
    if place.initial:
        rows = relation.existing(found, place.since)
    else:
        rows = (relation.appended if stream.append_only else relation.net)(found, place.since, place.until)
    return governed(emitter, found, rows, owned, BESIDE), found, []


def _of_view(world: World, found: View, place: Place, as_of: AsOf) -> tuple[str, list[Col]]:
    before, inner = as_of(replace(world, as_of=place.since), found)
    if place.initial:
        return relation.all_inserted(found.columns, before), inner
    after, _ = as_of(replace(world, as_of=place.until), found)
    return relation.difference(found.columns, before, after), inner


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
