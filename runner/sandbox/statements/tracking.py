"""Turning change tracking on: for a table, and for the tables under a view (user-guide/streams-manage)."""

from __future__ import annotations

from dataclasses import replace

from runner.sandbox import access
from runner.sandbox.catalog.model import Table, View
from runner.sandbox.catalog.store import Work, utc_now
from runner.sandbox.context import Context
from runner.sandbox.errors import SnowflakeError, compilation, unsupported
from runner.sandbox.query import sources
from runner.sandbox.query.compiler import Compiler
from runner.sandbox.query.run import world_of
from runner.sandbox.streams import log


def under(context: Context, view: View) -> list[Table]:
    """The tables of a view whose rows can be told apart; anything else is refused."""
    if view.session_id is not None:
        raise unsupported("a stream on a temporary view")
    world = replace(world_of(context, dry=True), as_of=utc_now())
    sources.as_it_was(Compiler(world), world, view)
    found = {record.id: record for record in world.reads if isinstance(record, Table)}
    if not found:
        raise unsupported("a stream on a view without tables")
    return list(found.values())


def track(context: Context, work: Work, table: Table) -> None:
    """The first stream turns change tracking on, which is the table's owner's right (user-guide/streams-intro)."""
    if table.change_log:
        return
    if table.account != context.session.account:
        raise not_tracked(table)
    context.require("OWNERSHIP", table)
    log.start(work, table)


def not_tracked(found: Table | View) -> SnowflakeError:
    """Only its provider can have the changes of what is shared written down."""
    kind = found.kind.lower()
    text = f"Change tracking is not enabled on the shared {kind} '{found.name}': its provider can enable it."
    return compilation(2, "0A000", text)


def track_under(context: Context, work: Work, view: View) -> None:
    """A view's change tracking turns on that of its tables, where they have the same owner; others turn it on there."""
    for table in under(context, view):
        if access.has(context.catalog, context.session, "OWNERSHIP", table):
            log.start(work, table)
