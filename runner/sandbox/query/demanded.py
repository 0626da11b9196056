"""Columns of a WITH query: what aggregation and join policies demand of it is demanded of whoever names it."""

from __future__ import annotations

from dataclasses import replace

from runner.sandbox.query.core import Col
from runner.sandbox.query.demands import Demand


def kept(columns: list[Col]) -> list[Col]:
    """The columns of a WITH query: what it reads is demanded again of each query that names it."""
    for demand in {demand for column in columns for demand in column.demands}:
        demand.settled = True
    return columns


def again(known: list[Demand], columns: list[Col]) -> list[Col]:
    """The columns of a WITH query where it is named, with demands of their own."""
    fresh = {one: replace(one, settled=False) for column in columns for one in column.demands}
    known.extend(fresh.values())
    if not fresh:
        return columns
    return [replace(column, demands=tuple(fresh[one] for one in column.demands)) for column in columns]
