"""DROP of what UNDROP does not bring back: its owner drops it, and it is gone for good."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from runner.sandbox.catalog.model import SchemaObject
from runner.sandbox.catalog.store import Work
from runner.sandbox.context import Context
from runner.sandbox.query.binding import bound
from runner.sandbox.result import Result, status_result
from runner.sandbox.statements import objects
from runner.sandbox.tokens import Reader

K = TypeVar("K", bound=SchemaObject)
Also = Callable[[Context, Work, K], None]


def dropping(words: str, kind: type[K], before: Also[K] | None = None) -> Callable[[Context, str], Result]:
    """The handler of `DROP <words> [IF EXISTS] name`; `before` does what the drop means for others, or refuses it."""

    def drop(context: Context, text: str) -> Result:
        reader = Reader(bound(context, text))
        reader.expect("DROP", *words.split())
        if_exists = reader.accept("IF", "EXISTS")
        parts = reader.name()
        reader.end()
        context.commit_for_ddl()
        with context.catalog.work() as work:
            if if_exists and context.find(kind, parts) is None:
                return objects.already_dropped(parts[-1])
            record = context.writable(kind, parts, "DROP")
            context.require("OWNERSHIP", record)
            if before is not None:
                before(context, work, record)
            objects.remove(work, record)
        context.engine.folders.drop(record.kind.lower(), record.id)
        return status_result(f"{record.name} successfully dropped.")

    return drop
