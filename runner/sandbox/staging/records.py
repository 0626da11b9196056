"""What was read of a file: its records, where each began, and those that could not be read."""

from __future__ import annotations

from dataclasses import field

import pyarrow as pa

from runner.sandbox.classes import dataclass
from runner.sandbox.errors import SnowflakeError

SYNTAX = 100016
"""The number of errors in the form of a file (`100016 (22000): Field delimiter … found while expecting …`)."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """A record that cannot be loaded. `row` counts records from 1, `line` and `character` are places in the file."""

    row: int
    line: int
    character: int
    message: str
    column: str | None = None
    error: SnowflakeError | None = None


@dataclass
class Records:
    """The records of one file as Arrow columns `c0`, `c1` …: texts of CSV, JSON texts of documents in `c0`."""

    table: pa.Table
    lines: list[int]
    """The line on which each record of the table begins; empty where the file has no lines."""
    rows: list[int]
    """The number of each record of the table in its file, from 1."""
    flaws: list[Flaw] = field(default_factory=list)
    header: list[str] = field(default_factory=list)
    widths: list[int] = field(default_factory=list)
    """How many fields each record had."""
    variant: bool = False

    @property
    def parsed(self) -> int:
        return int(self.table.num_rows) + len(self.flaws)
