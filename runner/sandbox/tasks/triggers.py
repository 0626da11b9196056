"""Triggered tasks: no schedule, but a WHEN that asks streams for data (user-guide/tasks-triggered)."""

from __future__ import annotations

import re
from datetime import timedelta

from runner.sandbox.catalog.model import Database, Schema
from runner.sandbox.catalog.store import Catalog
from runner.sandbox.catalog.streams import Stream
from runner.sandbox.catalog.tasks import Task
from runner.sandbox.errors import SnowflakeError
from runner.sandbox.streams import state
from runner.sandbox.tokens import whole_name

PAUSE = timedelta(seconds=30)
"""USER_TASK_MINIMUM_TRIGGER_INTERVAL_IN_SECONDS, of which the sandbox has the default only."""
_ASKED = re.compile(r"SYSTEM\$STREAM_HAS_DATA\s*\(\s*'([^']+)'\s*\)", re.IGNORECASE)


def is_triggered(task: Task) -> bool:
    """Whether streams, and nothing else, start the task."""
    alone = not (task.schedule or task.predecessors or task.finalizes)
    return alone and bool(_ASKED.search(task.condition or ""))


def may_run(catalog: Catalog, task: Task) -> bool:
    """Whether a source of its streams has changed since they were consumed; the WHEN decides whether that matters."""
    names = _ASKED.findall(task.condition or "")
    return any(_changed(catalog, stream) for name in names if (stream := _stream(catalog, task, name)) is not None)


def _stream(catalog: Catalog, task: Task, name: str) -> Stream | None:
    place = catalog.full_name(task)
    try:
        parts = whole_name(name)
    except SnowflakeError:
        return None
    database, schema, last = (*place[: 3 - len(parts)], *parts)[:3]
    home = catalog.find(Database, task.account, database)
    holder = catalog.schema(home, schema) if home is not None else None
    return catalog.object(holder, Stream, last) if isinstance(holder, Schema) else None


def _changed(catalog: Catalog, stream: Stream) -> bool:
    try:
        tables = state.bases(catalog, stream)
    except SnowflakeError:
        return False
    return stream.initial or any((table.changed_at or table.created_at) > stream.offset for table in tables)
