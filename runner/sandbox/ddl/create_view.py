"""CREATE VIEW as a value (sql-reference/sql/create-view)."""

from __future__ import annotations

from dataclasses import replace

from runner.sandbox.classes import dataclass
from runner.sandbox.ddl.create_table import duplicate_column, read_cluster
from runner.sandbox.ddl.governance import ColumnPolicy, WholePolicy, read_column_policy, read_whole_policy
from runner.sandbox.ddl.header import Header
from runner.sandbox.ddl.names import new_name
from runner.sandbox.errors import unsupported
from runner.sandbox.tokens import Reader


@dataclass(frozen=True, slots=True)
class ViewColumn:
    name: str
    comment: str | None = None
    policies: tuple[ColumnPolicy, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateView:
    """`columns` as the statement lists them; empty when it lists none."""

    header: Header
    name: tuple[str, ...]
    columns: tuple[ViewColumn, ...] = ()
    policies: tuple[WholePolicy, ...] = ()
    comment: str | None = None
    copy_grants: bool = False
    change_tracking: bool = False
    cluster_by: str | None = None
    """Of a materialized view."""
    query: str = ""


def read_create_view(reader: Reader, header: Header) -> CreateView:
    """What follows the word VIEW and IF NOT EXISTS."""
    statement = CreateView(header=header, name=new_name(reader))
    if reader.at("("):
        statement = replace(statement, columns=read_view_columns(reader))
    while (more := _option(reader, statement)) is not None:
        statement = more
    reader.expect("AS")
    query = reader.rest()
    if not query:
        raise reader.unexpected()
    return replace(statement, query=query)


def read_view_columns(reader: Reader) -> tuple[ViewColumn, ...]:
    """`(c [[WITH] <policy>] [COMMENT '…'], …)`."""
    reader.expect("(")
    found: dict[str, ViewColumn] = {}
    while True:
        name = reader.identifier()
        if name in found:
            raise duplicate_column(name)
        found[name] = _column(reader, ViewColumn(name))
        if not reader.accept(","):
            break
    reader.expect(")")
    return tuple(found.values())


def _column(reader: Reader, column: ViewColumn) -> ViewColumn:
    while True:
        if reader.accept("COMMENT"):
            reader.accept("=")
            column = replace(column, comment=reader.string())
        elif (policy := read_column_policy(reader)) is not None:
            column = replace(column, policies=(*column.policies, policy))
        else:
            return column


def _option(reader: Reader, statement: CreateView) -> CreateView | None:
    if reader.accept("COPY", "GRANTS"):
        return replace(statement, copy_grants=True)
    if reader.accept("COMMENT"):
        reader.accept("=")
        return replace(statement, comment=reader.string())
    if "MATERIALIZED" in statement.header.words and reader.accept("CLUSTER", "BY"):
        return replace(statement, cluster_by=read_cluster(reader))
    if reader.accept("CHANGE_TRACKING", "="):
        return replace(statement, change_tracking=reader.boolean())
    if (policy := read_whole_policy(reader)) is not None:
        return replace(statement, policies=(*statement.policies, policy))
    if reader.at("CONTACT") or reader.at("WITH", "CONTACT"):
        raise unsupported("CONTACT on a view")
    return None
