"""What the rows of a table get in a column that is added to it (sql-reference/sql/alter-table)."""

from __future__ import annotations

from runner.sandbox.catalog.model import ColumnModel, Table
from runner.sandbox.catalog.store import Work
from runner.sandbox.context import Context
from runner.sandbox.ddl.columns import is_literal
from runner.sandbox.errors import compilation
from runner.sandbox.query import fine
from runner.sandbox.result import SnowType
from runner.sandbox.statements.derive import constant, constant_moment


def filling_of_rows(context: Context, work: Work, table: Table, column: ColumnModel) -> tuple[str, SnowType]:
    """Engine SQL of what rows that are there already get in a new column, and the type in which they keep it.

    Empty where they get NULL. A row cannot get what is not constant.
    """
    if column.default is None and column.identity is None and column.nullable:
        return "", column.type
    if _is_empty(work, table):
        return "", column.type
    if column.identity or (column.default is not None and not is_literal(column.default) and not _null(column)):
        text = f"Cannot add column '{column.name}' with non-constant default to non-empty table '{table.name}'."
        raise compilation(2028, "42601", text)
    if not column.nullable and (column.default is None or _null(column)):
        text = (
            f"Non-nullable column '{column.name}' cannot be added to non-empty table '{table.name}' "
            "unless it has a non-null default value."
        )
        raise compilation(2029, "42601", text)
    if column.default is None or _null(column):
        return "", column.type
    if column.type.name in fine.KINDS:
        return constant_moment(context, column.default, column.type)
    return constant(context, column.default, column.type, table), column.type


def _null(column: ColumnModel) -> bool:
    return (column.default or "").upper() == "NULL"


def _is_empty(work: Work, table: Table) -> bool:
    return not work.sql(f"SELECT 1 FROM s{table.storage} LIMIT 1")
