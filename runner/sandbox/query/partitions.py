"""TABLE(f(…) OVER (PARTITION BY … ORDER BY …)): a table function that sees its rows by partition.

Sources: developer-guide/udf/python/udf-python-tabular-functions, release-notes/bcr-bundles/2023_04/bcr-595 (an empty
OVER is one partition).
"""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from runner.sandbox.errors import unsupported
from runner.sandbox.query import hierarchy, routines, windows
from runner.sandbox.query.core import Col, Emitter, Expr, Relation
from runner.sandbox.query.relations import alias_of
from runner.sandbox.query.table_functions import call_of


def is_partitioned(node: Expr) -> bool:
    """Whether an item of FROM is such a call."""
    return _window(node) is not None


def _window(node: Expr) -> exp.Window | None:
    inner = node.this
    if isinstance(node, exp.Table) and isinstance(inner, exp.Anonymous) and inner.name.upper() == "TABLE":
        inner = inner.expressions[0]
    return inner if isinstance(inner, exp.Window) else None


def joined(emitter: Emitter, node: Expr, from_sql: str) -> str:
    """What takes the place of the FROM clause so far and of the call; the scope then speaks of it.

    A row that comes of an input row stands beside it; one that comes of a partition's end, beside the columns that
    the partition is made by.
    """
    window, scope, world = _window(node), emitter.scope, emitter.world
    assert window is not None
    names, arguments = call_of(window.this)
    routine, values = emitter.chosen(names, arguments)
    if routine.language == "SQL":
        raise unsupported("OVER in the call of a table function in SQL")
    if window.args.get("spec") is not None:
        raise unsupported("a window frame in the call of a table function")
    hierarchy.hide_merged(scope)
    call, given = routines.registered_call(world, routine, values)
    kept = [hierarchy.sql_of(relation, column) for relation in scope.relations for column in relation.columns]
    keys = [emitter.expr(key).sql for key in window.args.get("partition_by") or () if key.find(exp.Column)]
    fields = ", ".join(f"c{at} := {sql}" for at, sql in enumerate(kept)) or "c := TRUE"
    order = window.args.get("order")
    sorting = ", ".join(windows.ordered(emitter, item) for item in order.expressions) if order is not None else ""
    rows = f"list(struct_pack(r := struct_pack({fields}), a := {given}){' ORDER BY ' * bool(sorting)}{sorting})"
    grouped = f" GROUP BY {', '.join(keys)}" if keys else ""
    partitions = f"SELECT {rows} AS l{from_sql or ' FROM (SELECT 1) AS one'}{grouped} HAVING count(*) > 0"
    answers = f"SELECT l, unnest({call}(list_transform(l, lambda x: x.a))) AS u FROM ({partitions})"
    shown = [f"{_beside(sql, at, keys)} AS c{at}" for at, sql in enumerate(kept)]
    columns = routines.table_columns(routine)
    shown += [f"{routines.taken(column)} AS o{at}" for at, column in enumerate(columns)]
    place = world.fresh("p")
    _become(emitter, node, place, columns, names[-1])
    return f'(SELECT {", ".join(shown)} FROM ({answers})) AS "{place}"'


def _beside(sql: str, at: int, keys: list[str]) -> str:
    """A column of the input: what all of a partition share is there at its end too."""
    return f"l[1].r.c{at}" if sql in keys else f"CASE WHEN u.n > 0 THEN l[u.n].r.c{at} END"


def _become(emitter: Emitter, node: Expr, place: str, columns: list[Col], default: str) -> None:
    """The relations of the scope are the columns of the one that took their place."""
    alias, names = alias_of(node)
    named = [name for name, _ in zip(names, columns, strict=False)] + [c.name for c in columns[len(names) :]]
    made = [replace(c, name=n, sql=f'"{place}".o{at}') for at, (c, n) in enumerate(zip(columns, named, strict=True))]
    emitter.scope.relations = hierarchy.relations_of(emitter.scope, place, "c")
    emitter.scope.relations.append(Relation(alias or default, made))
