"""UPDATE, DELETE and TRUNCATE (sql-reference/sql/update, delete, truncate-table)."""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from runner.sandbox import access, resolve
from runner.sandbox.catalog.model import Table
from runner.sandbox.changes import Cursor, begun, change, publish_with
from runner.sandbox.context import Context
from runner.sandbox.errors import SnowflakeError, syntax_error, unsupported
from runner.sandbox.law import policies
from runner.sandbox.query import inputs, parsing, sources, watch
from runner.sandbox.query.binding import bound
from runner.sandbox.query.columns import name_of
from runner.sandbox.query.compiler import Compiler
from runner.sandbox.query.core import Expr, Scope, World
from runner.sandbox.query.expressions import filtering
from runner.sandbox.query.joins import join
from runner.sandbox.query.run import fill_from, world_of
from runner.sandbox.result import Result, StatementType, status_result
from runner.sandbox.statements.rows import Target, counted, refuse_derived, stored, target
from runner.sandbox.tokens import Reader, quote_identifier

ROW = '"$row"'


def update(context: Context, text: str) -> Result:
    tree = parsing.parse(bound(context, text))
    if not isinstance(tree, exp.Update):
        raise unsupported("UPDATE of this form")
    if not tree.expressions:
        raise syntax_error(1, 0, "<EOF>")
    into = target(context, Compiler(world_of(context)), tree.this, "UPDATE")
    policies.refuse_change(into.table, "UPDATE")
    into.changes(context, [name_of(item.this.this) for item in tree.expressions if isinstance(item.this, exp.Column)])
    if not begun(context, into.table):
        _updated(context, into, tree, into.table.storage)

    def make(cursor: Cursor, number: int) -> tuple[int, int]:
        compiler, sql, several = _updated(context, into, tree, number)
        joined = fill_from(context, cursor, compiler.world, several) if several else 0
        if joined and context.session.parameters.get("ERROR_ON_NONDETERMINISTIC_UPDATE") == "true":
            raise SnowflakeError(100090, "42P18", "Duplicate row detected during DML action")
        return fill_from(context, cursor, compiler.world, sql), joined

    changed, joined = change(context, into.table, make)
    counts = [("number of rows updated", changed), ("number of multi-joined rows updated", joined)]
    return counted(counts, StatementType.UPDATE, changed)


def check_update(context: Context, tree: exp.Update) -> tuple[Target, World]:
    """Compile without running."""
    into = target(context, Compiler(world_of(context, dry=True)), tree.this, "UPDATE")
    return into, _updated(context, into, tree, into.table.storage)[0].world


def check_delete(context: Context, tree: exp.Delete) -> tuple[Target, World]:
    """Compile without running."""
    into = target(context, Compiler(world_of(context, dry=True)), tree.this, "DELETE")
    return into, _deleted(context, into, tree, into.table.storage)[0].world


def _updated(context: Context, into: Target, tree: exp.Update, number: int) -> tuple[Compiler, str, str]:
    """The compiler, the statement, and the query that counts rows joined more than once."""
    items = _sources(tree)
    compiler, from_sql = _scoped(context, into, tree, items, number)
    assigned = ", ".join(_assignment(compiler, into, item) for item in tree.expressions)
    where = _where(compiler, tree, into)
    alias = quote_identifier(into.alias)
    sql = f"UPDATE main.s{number} AS {alias} SET {assigned}{' FROM ' + from_sql if from_sql else ''}{where}"
    several = (
        f"SELECT count(*) FROM (SELECT {alias}.rowid FROM main.s{number} AS {alias}, {from_sql}{where} "
        f"GROUP BY ALL HAVING count(*) > 1)"
    )
    return compiler, sql, several if items else ""


def _sources(tree: Expr) -> list[Expr]:
    given = tree.args.get("from_")
    if given is None:
        return []
    if given.args.get("joins"):
        raise unsupported("UPDATE … FROM with joins of this form")
    return [given.this]


def _scoped(context: Context, into: Target, tree: Expr, items: list[Expr], number: int) -> tuple[Compiler, str]:
    """A compiler that knows the target and what stands beside it; first of that, the target as policies show it."""
    world, veil = world_of(context), into.veil(context)
    world.traced = isinstance(tree, exp.Update)
    changed = replace(into.relation(world, veil), row="")
    compiler = Compiler(world, Scope(relations=[changed], counting=inputs.counting(tree)))
    parts = [f"{into.veiled(compiler, number)} AS {quote_identifier(veil)}"] if veil else []
    for item in items:
        joins = item.args.get("joins") or []
        sql, relation = inputs.counted(compiler, *sources.source(compiler, item))
        compiler.scope.relations.append(relation)
        parts.append(" ".join([sql, *(join(compiler, each) for each in joins)]))
    return compiler, ", ".join(parts)


def _assignment(compiler: Compiler, into: Target, item: Expr) -> str:
    if not isinstance(item, exp.EQ) or not isinstance(item.this, exp.Column):
        raise unsupported("assignment of this form")
    column = into.column(name_of(item.this.this))
    if isinstance(item.expression, exp.Column) and name_of(item.expression.this) == "DEFAULT":
        value = compiler.full(parsing.expression(column.default or "NULL"))
    else:
        with compiler.world.watch.along() as seen:
            value = compiler.full(item.expression)
        into.fed(compiler.world.caller, {column.name: watch.sources(seen)})
    return f"{quote_identifier(column.stored)} = {stored(value, column, into.table)}"


def _where(compiler: Compiler, tree: Expr, into: Target) -> str:
    given, veil = tree.args.get("where"), into.veil(compiler.world.caller)
    parts = [f"{quote_identifier(into.alias)}.rowid = {quote_identifier(veil)}.rowid"] if veil else []
    parts += [filtering(compiler, given.this).sql] if given is not None else []
    return f" WHERE {' AND '.join(parts)}" if parts else ""


def delete(context: Context, text: str) -> Result:
    tree = parsing.parse(bound(context, text))
    if not isinstance(tree, exp.Delete):
        raise unsupported("DELETE of this form")
    into = target(context, Compiler(world_of(context)), tree.this, "DELETE")
    policies.refuse_change(into.table, "DELETE")
    into.changes(context, [])
    if not begun(context, into.table):
        _deleted(context, into, tree, into.table.storage)

    def make(cursor: Cursor, number: int) -> int:
        compiler, sql = _deleted(context, into, tree, number)
        return fill_from(context, cursor, compiler.world, sql)

    gone = change(context, into.table, make)
    return counted([("number of rows deleted", gone)], StatementType.DELETE, gone)


def _deleted(context: Context, into: Target, tree: exp.Delete, number: int) -> tuple[Compiler, str]:
    compiler, using = _scoped(context, into, tree, list(tree.args.get("using") or ()), number)
    alias = quote_identifier(into.alias)
    rest = f"{' USING ' + using if using else ''}{_where(compiler, tree, into)}"
    return compiler, f"DELETE FROM main.s{number} AS {alias}{rest}"


def _nothing(_: Cursor, __: int) -> None:
    """All that TRUNCATE asks for is a state without rows."""


def truncate(context: Context, text: str) -> Result:
    """TRUNCATE [TABLE] [IF EXISTS] name: a change of rows like any other, also inside a transaction."""
    reader = Reader(bound(context, text))
    reader.expect("TRUNCATE")
    reader.accept("TABLE")
    lenient = reader.accept("IF", "EXISTS")
    parts = reader.name()
    reader.end()
    table = resolve.find(context.catalog, context.session, Table, parts)
    if table is None and lenient:
        return status_result("Statement executed successfully.")
    if table is None:
        raise resolve.missing(context.catalog, context.session, "Table", parts)
    resolve.writable(context.catalog, context.session, Table, parts, "TRUNCATE")
    refuse_derived(table)
    access.require(context.catalog, context.session, "TRUNCATE", table)
    change(context, table, _nothing, empty=True)
    if table.loads:
        publish_with(context, lambda work: work.edit(table, loads=[]))
    return status_result("Statement executed successfully.")
