"""SELECT, WITH, VALUES and EXPLAIN."""

from __future__ import annotations

import json
from collections.abc import Callable

from sqlglot import exp

from runner.sandbox import access, shares
from runner.sandbox.context import Context
from runner.sandbox.errors import unsupported
from runner.sandbox.query import lookups, parsing
from runner.sandbox.query.binding import bound
from runner.sandbox.query.core import World
from runner.sandbox.query.run import compile_query, fetch
from runner.sandbox.result import NUMBER, TEXT, Column, Result, rows_result
from runner.sandbox.statements import change, insert, merge
from runner.sandbox.statements.insert_all import is_multi
from runner.sandbox.statements.rows import Target
from runner.sandbox.tokens import Reader

_PLAN = (
    Column("step", NUMBER), Column("id", NUMBER), Column("parent", NUMBER), Column("operation", TEXT),
    Column("objects", TEXT), Column("alias", TEXT), Column("expressions", TEXT),
    Column("partitionsTotal", NUMBER), Column("partitionsAssigned", NUMBER), Column("bytesAssigned", NUMBER),
)  # fmt: skip


def select(context: Context, text: str) -> Result:
    return fetch(context, lookups.compiled(context, bound(context, text), source=text))


def explain(context: Context, text: str) -> Result:
    """The statement is compiled, not run: what does not compile fails here (sql-reference/sql/explain)."""
    reader = Reader(text)
    reader.expect("EXPLAIN")
    style = reader.accept_any("TABULAR", "TEXT", "JSON") if reader.accept("USING") else "TABULAR"
    operation, world, shown = _compiled(context, bound(context, reader.rest()))
    rows: list[tuple[object, ...]] = [(None, None, None, "GlobalStats", None, None, None, 0, 0, 0)]
    rows.append((1, 0, None, operation, None, None, shown, None, None, None))
    for at, name in enumerate(_scanned(context, world), start=1):
        rows.append((1, at, 0, "TableScan", name, None, None, 1, 1, 0))
    if style == "JSON":
        return rows_result([Column("content", TEXT)], [(_as_json(rows),)])
    if style == "TEXT":
        return rows_result([Column("content", TEXT)], [(_line(row),) for row in rows])
    return rows_result(_PLAN, rows)


def _scanned(context: Context, world: World) -> list[str]:
    """The tables and views that are read, as far as the session itself sees them, under its own account's names."""
    catalog, session = context.catalog, context.session
    seen = [record for record in world.reads if access.visible(catalog, session, record)]
    return [".".join(shares.name_for(catalog, session.account, record)) for record in seen]


def _compiled(context: Context, text: str) -> tuple[str, World, str]:
    """What the plan is of: its topmost operation, what it reads, what it gives."""
    if text.lstrip()[:6].upper() == "INSERT" and is_multi(text):
        raise unsupported("EXPLAIN INSERT ALL")
    tree = parsing.parse(text)
    if (check := _CHANGES.get(type(tree))) is not None:
        target, world = check(context, tree)
        return type(tree).__name__, world, ".".join(context.catalog.full_name(target.table))
    compiled = compile_query(context, text, dry=True)
    return "Result", compiled.world, ", ".join(column.name for column in compiled.columns)


_CHANGES: dict[type, Callable[..., tuple[Target, World]]] = {
    exp.Insert: insert.check,
    exp.Update: change.check_update,
    exp.Delete: change.check_delete,
    exp.Merge: merge.check,
}


def _as_json(rows: list[tuple[object, ...]]) -> str:
    """The same plan as one JSON text."""
    totals = dict(zip(("partitionsTotal", "partitionsAssigned", "bytesAssigned"), rows[0][7:], strict=True))
    names = [column.name for column in _PLAN[1:]]
    steps = [dict(zip(names, row[1:], strict=True)) for row in rows[1:]]
    shown = [{key: _listed(key, value) for key, value in step.items() if value is not None} for step in steps]
    return json.dumps({"GlobalStats": totals, "Operations": [shown]}, separators=(",", ":"))


def _listed(key: str, value: object) -> object:
    return str(value).split(", ") if key in ("objects", "expressions") else value


def _line(row: tuple[object, ...]) -> str:
    return "  ".join(str(part) for part in row if part is not None)
