"""CREATE OR ALTER TABLE: what leads from the table that stands to the one asked for (sql-reference/sql/create-table).

Columns go and come, new ones at the end; type, nullability, default, comment, keys and properties change in place.
What the statement does not say is set back to its default. Order, identity and collation of a column stay as they are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from runner.sandbox.catalog.model import ColumnModel, Constraint, Table
from runner.sandbox.ddl import changes as to
from runner.sandbox.ddl.columns import ColumnClause
from runner.sandbox.ddl.constraints import ConstraintClause
from runner.sandbox.ddl.create_table import CreateTable, TableOptions
from runner.sandbox.errors import SnowflakeError, compilation


def difference(table: Table, wanted: CreateTable, constraints: Iterable[Constraint]) -> list[to.Change]:
    """The changes in the order in which they must be made; `constraints` are the wanted ones, resolved."""
    _check(table, wanted)
    kept = list(constraints)
    found = [*_constraints_gone(table, kept), *_columns(table, wanted.columns)]
    found += [to.AddConstraint(_clause(one)) for one in kept if one not in table.constraints]
    return [*found, *_properties(table, wanted.options)]


def _check(table: Table, wanted: CreateTable) -> None:
    asked = "TEMPORARY" if wanted.header.temporary else "TRANSIENT" if wanted.header.transient else "PERMANENT"
    if asked != table.table_type:
        raise _refused(f"table '{table.name}' is {table.table_type} and cannot become {asked}")
    have = [c.name for c in table.columns]
    names = [c.name for c in wanted.columns]
    stay = [name for name in names if name in have]
    if stay != [name for name in have if name in names]:
        raise _refused("columns cannot be reordered")
    if names[: len(stay)] != stay:
        raise _refused(f"column '{next(n for n in names if n not in have)}' can only be added at the end of the table")


def _refused(text: str) -> SnowflakeError:
    return compilation(2, "0A000", f"Unsupported feature 'CREATE OR ALTER TABLE': {text}.")


def _columns(table: Table, wanted: tuple[ColumnClause, ...]) -> Iterator[to.Change]:
    by_name = {column.name: column for column in table.columns}
    asked = {clause.name for clause in wanted}
    yield from (to.DropColumn(name) for name in by_name if name not in asked)
    for clause in wanted:
        if clause.name in by_name:
            yield from _column(by_name[clause.name], clause)
        else:
            yield to.AddColumn(clause)


def _column(have: ColumnModel, clause: ColumnClause) -> Iterator[to.Change]:
    wanted = clause.model()
    if wanted.identity != have.identity:
        raise _refused(f"the identity of column '{have.name}' cannot be changed")
    if wanted.collation != have.collation:
        raise _refused(f"the collation of column '{have.name}' cannot be changed")
    if wanted.type != have.type:
        yield to.SetType(have.name, wanted.type)
    if wanted.default != have.default:
        yield to.SetDefault(have.name, wanted.default)
    if wanted.nullable != have.nullable:
        yield to.SetNullable(have.name, wanted.nullable)
    if wanted.comment != have.comment:
        yield to.SetColumnComment(have.name, wanted.comment)


def _constraints_gone(table: Table, wanted: list[Constraint]) -> Iterator[to.Change]:
    for one in table.constraints:
        if one not in wanted:
            yield to.DropConstraint(name=one.name, type=one.type, columns=tuple(one.columns))


def _clause(one: Constraint) -> ConstraintClause:
    return ConstraintClause(
        type=one.type,
        columns=one.columns,
        name=one.name,
        references=one.references,
        referenced_columns=one.referenced_columns,
        rely=one.rely,
    )


def _properties(table: Table, options: TableOptions) -> Iterator[to.Change]:
    wanted = {
        "cluster_by": options.cluster_by,
        "retention_days": options.retention_days,
        "max_extension_days": options.max_extension_days,
        "change_tracking": table.change_tracking if options.change_tracking is None else options.change_tracking,
        "comment": options.comment,
    }
    for field, value in wanted.items():
        if getattr(table, field) != value:
            yield to.SetProperty(field, value)
