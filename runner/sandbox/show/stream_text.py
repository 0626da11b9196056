"""The statement that makes a stream, as GET_DDL gives it."""

from __future__ import annotations

from runner.sandbox.catalog.model import Table, View
from runner.sandbox.catalog.store import Catalog
from runner.sandbox.catalog.streams import Stream
from runner.sandbox.ddl.names import dotted
from runner.sandbox.tokens import quote_string


def source_name(catalog: Catalog, stream: Stream) -> tuple[str, ...]:
    """The source under its name of today; a shared one under the consumer's."""
    table = catalog.records.get(stream.source_id)
    if isinstance(table, Table | View) and table.account == stream.account and table.dropped_at is None:
        return catalog.full_name(table)
    return tuple(stream.source_name)


def stream_ddl(catalog: Catalog, stream: Stream, name: str) -> str:
    """The statement that makes the stream anew; its offset is not in it."""
    options = ["APPEND_ONLY=TRUE"] if stream.append_only else []
    options += ["SHOW_INITIAL_ROWS=TRUE"] if stream.initial else []
    options += [] if stream.comment is None else [f"COMMENT={quote_string(stream.comment)}"]
    table = catalog.records.get(stream.source_id)
    dynamic = isinstance(table, Table) and table.dynamic is not None
    kind = "view" if stream.base_ids else "dynamic table" if dynamic else "table"
    source = dotted(source_name(catalog, stream))
    return " ".join([f"create or replace stream {name} on {kind} {source}", *options]) + ";"
