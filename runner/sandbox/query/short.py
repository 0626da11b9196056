"""Queries of which a glance shows that they are one plain reading of one storage, so that a few rows of them are had
more cheaply: without making the engine improve the plan where the storage is small, and value by value.
"""

from __future__ import annotations

import re

import duckdb
from sqlglot import exp

from runner.sandbox.catalog.model import Table
from runner.sandbox.query.core import Expr, World

FEW = 100
"""Rows that are taken value by value at most; whoever has more is read anew as a stream."""
_SMALL = 2_000
"""Rows of a storage that is read as fast without a plan."""
_PARTS = frozenset({"expressions", "from_", "where", "limit"})
_MORE = ("JOIN", " OVER ")
_COMBINED = (exp.Join, exp.Lateral, exp.SetOperation, exp.With, exp.Anonymous)
_STORAGE = re.compile(r" FROM main\.s(\d+) AS ")


def is_plain(tree: Expr) -> bool:
    """A SELECT from one source with WHERE at most: its first rows come before the last ones are looked for, or it is
    an aggregate of one row.
    """
    return (
        isinstance(tree, exp.Select)
        and tree.args.get("from_") is not None
        and all(name in _PARTS for name, part in tree.args.items() if part)
    )


def asks_plainly(tree: Expr) -> bool:
    """A SELECT without FROM all of whose subqueries read one source each: there is no order to be found for joins."""
    inner = [select for select in tree.find_all(exp.Select) if select is not tree]
    return not any(tree.find_all(*_COMBINED)) and all(
        isinstance(getattr(select.args.get("from_"), "this", None), exp.Table) for select in inner
    )


def storage_read(sql: str, world: World, *, single: bool = False) -> int | None:
    """The one storage that the engine's statement reads, where it does nothing else: it can be run twice, or gives a
    single row.
    """
    if world.calls or world.sequences or world.tables or any(word in sql for word in _MORE):
        return None
    if not single and sql.count("SELECT") > 1:
        return None
    found = _STORAGE.findall(sql)
    return int(found[0]) if len(found) == 1 and sql.count("main.s") == 1 else None


def is_small(world: World, number: int) -> bool:
    """Whether it is the committed rows of a table, and few."""
    storage = world.context.storage
    tables = [record for record in world.reads if isinstance(record, Table)]
    return any(table.storage == number for table in tables) and storage.size(number) <= _SMALL


def first(cursor: duckdb.DuckDBPyConnection) -> list[tuple[object, ...]] | None:
    """All rows of what was executed; None where they are more than a few, and then nothing is open any more."""
    rows: list[tuple[object, ...]] = cursor.fetchmany(FEW + 1)
    if len(rows) <= FEW:
        return rows
    cursor.abort()
    return None
