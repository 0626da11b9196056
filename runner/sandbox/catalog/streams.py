"""Streams: a place in the history of a table's or a view's changes."""

from __future__ import annotations

from dataclasses import field
from datetime import datetime
from typing import ClassVar

from runner.sandbox.catalog.model import SchemaObject
from runner.sandbox.classes import dataclass


@dataclass(kw_only=True)
class Stream(SchemaObject):
    """It holds no rows: only how far its source's changes were consumed."""

    kind: ClassVar[str] = "STREAM"
    source_id: int
    source_name: list[str]
    """The source's full name when the stream was made; of a shared one, as the consumer knows it."""
    base_ids: list[int] = field(default_factory=list)
    """The tables under a view; empty for a stream on a table."""
    append_only: bool = False
    offset: datetime
    """Changes that were committed after this instant are still to be consumed."""
    initial: bool = False
    """SHOW_INITIAL_ROWS, and not consumed yet: the rows that were there at the offset are what it gives."""
