"""What INSERT, UPDATE, DELETE and MERGE have in common: the table, its columns, values as they may be stored."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlglot import exp

from runner.sandbox import access, resolve
from runner.sandbox.accesses import Source
from runner.sandbox.catalog.model import ColumnModel, Table, View
from runner.sandbox.classes import dataclass
from runner.sandbox.context import Context
from runner.sandbox.errors import SnowflakeError, compilation, invalid_identifier, unsupported
from runner.sandbox.law import policies
from runner.sandbox.query import parsing, relations, sources, types
from runner.sandbox.query.collation import collated
from runner.sandbox.query.compiler import Compiler
from runner.sandbox.query.core import Col, E, Emitter, Expr, Relation, World
from runner.sandbox.query.fine import TooFine
from runner.sandbox.query.governed import governed
from runner.sandbox.query.types import as_variant, converted, fitted
from runner.sandbox.query.watch import of_entity
from runner.sandbox.result import Result, SnowType, StatementType, count_result
from runner.sandbox.storage import physical
from runner.sandbox.tokens import quote_identifier


@dataclass(frozen=True, slots=True)
class Target:
    """The table that a statement changes, and the name under which the statement speaks of it."""

    table: Table
    alias: str
    path: tuple[str, ...]

    def relation(self, world: World, veil: str = "") -> Relation:
        """The table's columns; through a veil they are those of the relation of that name."""
        guarded = of_entity(world.watch, self.table)
        columns = [
            Col(
                c.name,
                collated(c.type, c.collation),
                sql=f"{quote_identifier(veil or self.alias)}.{quote_identifier(c.stored)}"
                if veil or c.kept_as
                else None,
                nullable=c.nullable,
                guards=guarded.get(c.name),
            )
            for c in self.table.columns
        ]
        return Relation(self.alias, columns, self.path)

    def veil(self, context: Context) -> str:
        """What the table is called where the statement sees it through masks and filters; empty where it has none."""
        return f"{self.alias}$seen" if policies.veiled(context.catalog, self.table) else ""

    def veiled(self, emitter: Emitter, number: int) -> str:
        """The rows of that storage as the asker may see them, each with its rowid: it updates and deletes no others."""
        return governed(emitter, self.table, f"main.s{number}", sources.owned, ("rowid",))

    def changes(self, context: Context, columns: list[str]) -> None:
        """Notes for ACCESS_HISTORY that the statement changes these columns."""
        entry = context.engine.history.by_id(context.query_id)
        if entry is not None:
            entry.accesses.changed(self.table.id, context.catalog.full_name(self.table), columns)

    def fed(self, context: Context, columns: Mapping[str, Iterable[Source]]) -> None:
        """Notes for ACCESS_HISTORY where the values of these columns come from."""
        feed(context, self.table, columns)

    def column(self, name: str) -> ColumnModel:
        found = next((column for column in self.table.columns if column.name == name), None)
        if found is None:
            raise invalid_identifier(name)
        return found


def feed(context: Context, table: Table, columns: Mapping[str, Iterable[Source]]) -> None:
    """Notes for ACCESS_HISTORY where the values of the columns of a changed table come from."""
    entry = context.engine.history.by_id(context.query_id)
    if entry is not None:
        entry.accesses.fed(table.id, columns)


def target(context: Context, emitter: Emitter, node: Expr, *privileges: str) -> Target:
    """The table named, with the right to change it; what comes from a share or is a view cannot be changed."""
    if not isinstance(node, exp.Table):
        raise unsupported("a target that is no table")
    parts = sources.table_parts(emitter, node)
    catalog, session = context.catalog, context.session
    table = resolve.find(catalog, session, Table, parts)
    if table is None:
        raise _no_table(context, parts)
    resolve.refuse_foreign(catalog, session, table, parts, "DML")
    refuse_derived(table)
    if table.event and not set(privileges) <= {"DELETE"}:
        raise compilation(2714, "0A000", f"Rows of event table '{table.name}' can only be deleted.")
    for privilege in privileges:
        access.require(catalog, session, privilege, table)
    alias, _ = relations.alias_of(node)
    return Target(table, alias or parts[-1], catalog.full_name(table))


def refuse_derived(table: Table) -> None:
    """The rows of a dynamic table are its query's: no statement changes them (user-guide/dynamic-tables-about)."""
    if table.dynamic is not None:
        text = f"Invalid operation on dynamic table '{table.name}': DML is not allowed, its query fills it."
        raise compilation(2714, "0A000", text)
    if table.external is not None:
        raise compilation(2714, "0A000", f"External table '{table.name}' is read-only.")


def _no_table(context: Context, parts: tuple[str, ...]) -> SnowflakeError:
    view = resolve.find(context.catalog, context.session, View, parts)
    if view is not None:
        return compilation(2141, "42601", f"Object '{view.name}' is a view and cannot be changed")
    return resolve.missing(context.catalog, context.session, "Table", parts)


def stored(value: E, column: ColumnModel, table: Table | None = None) -> str:
    """Engine SQL for a value as the column keeps it: cast, no longer than allowed, there where it must be.

    A value with nanoseconds for a column of that table that is kept without is `TooFine`.
    """
    sql = _kept(value, column, table)
    if column.nullable or (value.literal is not None):
        return sql
    return f"sf_present({sql})"


def _kept(value: E, column: ColumnModel, table: Table | None) -> str:
    if value.kind == "NULL":
        return f"CAST(NULL AS {physical(column.type)})"
    if value.kind == column.type.name == "VARCHAR":
        return fitted(value.sql, column.type, value)
    if column.type.name in types.SEMI:
        return as_variant(value, column.type)
    if value.type == column.type:
        return value.sql
    if types.wanted(value, column.type).fine and not column.type.fine:
        raise TooFine(table.id if table is not None else 0, column.name)
    return converted(value, column.type, implicit=True).sql


def default(world: World, table: Table, column: ColumnModel) -> E:
    """The value of a column that a statement does not give."""
    if column.identity is not None:
        start, step = column.identity
        first = table.identity_next.get(column.name, start)
        return E(f"CAST({first} + (row_number() OVER () - 1) * {step} AS DECIMAL(38,0))", types.INT)
    if column.default is None:
        return E("NULL", SnowType("NULL"))
    inner = Compiler(sources.owned(world, table))
    value = inner.full(parsing.expression(column.default))
    world.stable = False
    return value


def counted(counts: list[tuple[str, int]], statement: StatementType, affected: int) -> Result:
    """One row of counts; the row count is what was inserted, updated or deleted."""
    result = count_result(counts, statement)
    return Result(result.columns, result.table, statement, rowcount=affected)


def named(columns: list[ColumnModel]) -> str:
    return ", ".join(quote_identifier(column.stored) for column in columns)
