"""COPY INTO, both ways."""

from __future__ import annotations

from runner.sandbox.context import Context
from runner.sandbox.query.binding import bound
from runner.sandbox.result import Result
from runner.sandbox.staging.copy_text import into_location, read_into_location, read_into_table
from runner.sandbox.statements.copy_location import copy_into_location
from runner.sandbox.statements.copy_table import copy_into_table
from runner.sandbox.tokens import Reader


def copy(context: Context, text: str) -> Result:
    reader = Reader(bound(context, text))
    reader.expect("COPY", "INTO")
    if into_location(reader):
        return copy_into_location(context, read_into_location(reader))
    return copy_into_table(context, read_into_table(reader))
