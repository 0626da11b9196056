"""Aggregate functions: a class that accumulates, merges and finishes. Runs in the child.

Snowflake accumulates on several nodes and merges their states, serialised, on another: so does this, that a `merge`
that is wrong is wrong here too. Source: developer-guide/udf/python/udf-python-aggregate-functions.
"""

from __future__ import annotations

import pickle
from collections.abc import Sequence
from typing import Any

from runner.sandbox.python.values import received

STATE = 64 << 20
"""Bytes of a serialised state."""
NODES = 2
Rows = Sequence[Sequence[object]]


def aggregated(handler: Any, kinds: Sequence[str], rows: Rows | None) -> object:
    """The value of one group."""
    whole = handler()
    for state in _states(handler, kinds, rows or ()):
        whole.merge(state)
    return whole.finish()


def _states(handler: Any, kinds: Sequence[str], rows: Rows) -> list[object]:
    half = -(-len(rows) // NODES) or 1
    return [_state(handler, kinds, rows[at : at + half]) for at in range(0, len(rows), half)]


def _state(handler: Any, kinds: Sequence[str], rows: Rows) -> object:
    part = handler()
    for row in rows:
        part.accumulate(*(received(kind, wire) for kind, wire in zip(kinds, row, strict=True)))
    told = pickle.dumps(part.aggregate_state)
    if len(told) > STATE:
        raise MemoryError(f"aggregate_state has {len(told)} bytes; {STATE} are allowed")
    return pickle.loads(told)  # noqa: S301 - the code reads what it has just written itself
