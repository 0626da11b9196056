"""CONNECT BY: rows joined to their parents, level by level (sql-reference/constructs/connect-by).

The FROM clause is evaluated once, START WITH chooses the first level, and every further level is joined by the
condition; WHERE filters what comes out. Beside its own columns a row carries those of its parent and of its root.
"""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from runner.sandbox.errors import compilation, invalid_identifier, unsupported
from runner.sandbox.query import expressions, types
from runner.sandbox.query.core import Col, E, Emitter, Expr, Relation, Scope
from runner.sandbox.query.types import cast
from runner.sandbox.tokens import quote_identifier


def connected(emitter: Emitter, node: exp.Select, from_sql: str) -> str:
    """The FROM clause with the hierarchy in its place; the scope then speaks of the hierarchy."""
    connect = node.args["connect"]
    if connect.args.get("nocycle"):
        raise unsupported("CONNECT BY NOCYCLE")
    scope, world = emitter.scope, emitter.world
    hide_merged(scope)
    base, tree = world.fresh("base"), world.fresh("tree")
    sources = [(relation, column) for relation in scope.relations for column in relation.columns]
    columns = ", ".join(f"{sql_of(relation, column)} AS c{at}" for at, (relation, column) in enumerate(sources))
    places = range(len(sources))
    start = _scope(scope, base, "c")
    start.pseudo = {"LEVEL": E("1", types.INT)}
    step = _scope(scope, base, "c")
    step.prior = _scope(scope, tree, "c")
    step.pseudo = {"LEVEL": E(f'("{tree}".lvl + 1)', types.INT)}
    paths = _paths(node)
    first = [_path(emitter.within(world, start), call) for call in paths]
    further = [_path(emitter.within(world, step), call) for call in paths]
    begin = connect.args.get("start")
    where = expressions.filtering(emitter.within(world, start), begin).sql if begin is not None else "TRUE"
    on = expressions.filtering(emitter.within(world, step), connect.args["connect"]).sql
    anchor = [f'"{base}".c{at} AS c{at}, "{base}".c{at} AS r{at}, CASE WHEN FALSE THEN "{base}".c{at} END AS p{at}'
              for at in places]  # fmt: skip
    anchor += ["CAST(1 AS BIGINT) AS lvl", *(f"{sql} AS t{at}" for at, sql in enumerate(first))]
    level = [f'"{base}".c{at}, "{tree}".r{at}, "{tree}".c{at}' for at in places]
    level += [f'"{tree}".lvl + 1', *(f'"{tree}".t{at} || {sql}' for at, sql in enumerate(further))]
    _become(scope, tree, paths)
    return (
        f' FROM (WITH RECURSIVE "{base}" AS MATERIALIZED (SELECT {columns}{from_sql}), "{tree}" AS ('
        f'SELECT {", ".join(anchor)} FROM "{base}" WHERE {where} UNION ALL '
        f'SELECT {", ".join(level)} FROM "{base}" JOIN "{tree}" ON {on}) SELECT * FROM "{tree}") AS "{tree}"'
    )


def hide_merged(scope: Scope) -> None:
    """Columns of USING are the first side's from here on."""
    for relation in scope.relations[1:]:
        relation.hidden |= {column.name for column in relation.columns if column.name in scope.merged}
    scope.merged = set()


def sql_of(relation: Relation, column: Col) -> str:
    prefix = f"{quote_identifier(relation.called)}." if relation.alias else ""
    return column.sql if column.sql is not None else prefix + quote_identifier(column.name)


def relations_of(scope: Scope, table: str, letter: str) -> list[Relation]:
    """The relations of the scope, their columns being those of the hierarchy under a letter."""
    found, at = [], 0
    for relation in scope.relations:
        columns = [replace(c, sql=f'"{table}".{letter}{at + n}') for n, c in enumerate(relation.columns)]
        found.append(replace(relation, columns=columns))
        at += len(columns)
    return found


def _scope(scope: Scope, table: str, letter: str) -> Scope:
    return Scope(parent=scope.parent, relations=relations_of(scope, table, letter), ctes=scope.ctes)


def _become(scope: Scope, tree: str, paths: list[exp.Anonymous]) -> None:
    scope.prior, scope.root = _scope(scope, tree, "p"), _scope(scope, tree, "r")
    scope.relations = relations_of(scope, tree, "c")
    scope.pseudo = {"LEVEL": E(f'"{tree}".lvl', types.INT)}
    scope.paths = {_key(call.expressions): f'"{tree}".t{at}' for at, call in enumerate(paths)}


def _paths(node: exp.Select) -> list[exp.Anonymous]:
    """The different calls of SYS_CONNECT_BY_PATH."""
    calls = [call for call in node.find_all(exp.Anonymous) if call.name.upper() == "SYS_CONNECT_BY_PATH"]
    if any(len(call.expressions) != 2 for call in calls):
        raise compilation(938, "22023", "SYS_CONNECT_BY_PATH takes an expression and a separator")
    return list({_key(call.expressions): call for call in calls}.values())


def _key(arguments: list[Expr]) -> str:
    return ", ".join(argument.sql("snowflake") for argument in arguments)


def _path(emitter: Emitter, call: exp.Anonymous) -> str:
    value, separator = (cast(emitter.expr(each), types.TEXT).sql for each in call.expressions)
    return f"(CAST({separator} AS VARCHAR) || {value})"


def prior(emitter: Emitter, node: Expr) -> E:
    """PRIOR: the column of the parent."""
    if emitter.scope.prior is None:
        raise invalid_identifier("PRIOR")
    return emitter.within(emitter.world, emitter.scope.prior).full(node.this)


def root(emitter: Emitter, node: Expr) -> E:
    """CONNECT_BY_ROOT: the column of the row that the hierarchy began with."""
    if emitter.scope.root is None:
        raise invalid_identifier("CONNECT_BY_ROOT")
    return emitter.within(emitter.world, emitter.scope.root).full(node.this)
