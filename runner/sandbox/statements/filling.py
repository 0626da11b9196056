"""What an INSERT puts into its table: the source's rows in the table's order of columns, defaults filled in."""

from __future__ import annotations

from sqlglot import exp

from runner.sandbox.catalog.model import ColumnModel, Table
from runner.sandbox.changes import Filling
from runner.sandbox.errors import compilation, invalid_identifier, unsupported
from runner.sandbox.query import parsing, watch
from runner.sandbox.query.columns import name_of, note
from runner.sandbox.query.compiler import Compiler
from runner.sandbox.query.core import Col, E, Expr, Scope, World
from runner.sandbox.statements.rows import Target, default, feed, named, stored


def given_columns(into: Target, schema: Expr) -> list[ColumnModel]:
    """The columns that an INSERT lists; all where it lists none."""
    if not isinstance(schema, exp.Schema):
        return list(into.table.columns)
    names = [name_of(item.this if isinstance(item, exp.Column) else item) for item in schema.expressions]
    for name in names:
        if names.count(name) > 1:
            raise compilation(2025, "42S21", f"duplicate column name '{name}'")
    known = {column.name: column for column in into.table.columns}
    for name in names:
        if name not in known:
            raise invalid_identifier(name)
    return [known[name] for name in names]


def filling(
    world: World, table: Table, columns: list[ColumnModel], source: Expr, scope: Scope | None = None, prefix: str = ""
) -> Filling:
    """The statement that puts the source's rows into a storage of the table, in the table's order of columns.

    The source may name relations of the scope, which the engine knows by the prefix.
    """
    source = source.copy()
    world.traced = True
    defaults = _default_columns(source, columns)
    compiler = Compiler(world, scope)
    _resolve_defaults(source, columns, defaults)
    sql, given = compiler.top(source)
    for column in given:
        note(column)
    if len(given) != len(columns):
        text = f"Insert value list does not match column list expecting {len(columns)} but got {len(given)}"
        raise compilation(2020, "21S01", text)
    feed(world.caller, table, {c.name: watch.of_column(one.guards) for c, one in zip(columns, given, strict=True)})
    places = {column.name: at for at, column in enumerate(columns) if at not in defaults}
    identities = tuple(c.name for c in table.columns if c.identity is not None and c.name not in places)
    listed = ", ".join(_projected(world, table, column, places, given) for column in table.columns)
    names = ", ".join(f"c{at}" for at in range(len(given)))
    into = named(table.columns)

    def statement(number: int) -> str:
        return f"INSERT INTO main.s{number} ({into}) SELECT {listed} FROM ({prefix}{sql}) AS q({names})"

    return Filling(world, statement, identities)


def _projected(world: World, table: Table, column: ColumnModel, places: dict[str, int], given: list[Col]) -> str:
    if column.name not in places:
        return stored(default(world, table, column), column, table)
    at = places[column.name]
    return stored(E(f"c{at}", given[at].type), column, table)


def _is_default(item: Expr) -> bool:
    return (isinstance(item, exp.Var) and item.name.upper() == "DEFAULT") or (
        isinstance(item, exp.Column) and item.name.upper() == "DEFAULT" and not item.this.args.get("quoted")
    )


def _default_columns(source: Expr, columns: list[ColumnModel]) -> set[int]:
    """Places that are DEFAULT in every row of VALUES."""
    if not isinstance(source, exp.Values):
        return set()
    rows = [row.expressions for row in source.expressions]
    return {at for at in range(len(columns)) if all(at < len(row) and _is_default(row[at]) for row in rows)}


def _resolve_defaults(source: Expr, columns: list[ColumnModel], everywhere: set[int]) -> None:
    """DEFAULT inside VALUES becomes the column's default, or NULL where the whole column is left to it."""
    if not isinstance(source, exp.Values):
        return
    for row in source.expressions:
        for at, item in enumerate(row.expressions):
            if not _is_default(item):
                continue
            column = columns[at] if at < len(columns) else None
            if at in everywhere or column is None or column.default is None:
                if column is not None and column.identity is not None and at not in everywhere:
                    raise unsupported("DEFAULT of an identity column in some rows of VALUES only")
                item.replace(exp.Null())
            else:
                item.replace(parsing.expression(column.default))
