"""CREATE TABLE in all its variants, and DROP TABLE (sql-reference/sql/create-table, drop-table)."""

from __future__ import annotations

from dataclasses import replace

from runner.sandbox.catalog.model import ColumnModel, Table, View
from runner.sandbox.catalog.store import Work, utc_now
from runner.sandbox.context import Context
from runner.sandbox.ddl.container import read_drop
from runner.sandbox.ddl.create_table import CreateTable, read_create_table
from runner.sandbox.ddl.difference import difference
from runner.sandbox.ddl.header import read_header
from runner.sandbox.errors import compilation, unsupported
from runner.sandbox.query import types
from runner.sandbox.query.binding import bound
from runner.sandbox.query.core import E
from runner.sandbox.result import Result, status_result
from runner.sandbox.statements import alter_table, clone, objects, pieces
from runner.sandbox.statements.derive import Derived, derive, refuse_nameless
from runner.sandbox.statements.template import template_columns
from runner.sandbox.streams.reading import moved_on
from runner.sandbox.tokens import Reader

_WORDS = ("SCOPED", "TRANSIENT", "TEMPORARY", "TEMP", "VOLATILE", "LOCAL", "GLOBAL")


def create(context: Context, text: str) -> Result:
    reader = Reader(bound(context, text))
    header = read_header(reader, "TABLE", allowed=_WORDS, or_alter=True)
    statement = read_create_table(reader, header, context.session.parameters["TIMESTAMP_TYPE_MAPPING"])
    context.commit_for_ddl()
    if statement.clone:
        return clone.clone_table(context, statement)
    if statement.query:
        return _create_as(context, statement)
    with context.catalog.work() as work:
        old = pieces.standing(context, statement)
        if old is not None and header.if_not_exists:
            return objects.left_alone(old.name)
        if header.or_alter and pieces.wanted_policies(statement):
            raise unsupported("policies in CREATE OR ALTER TABLE")
        if old is not None and header.or_alter:
            return _alter(context, work, old, statement)
        table = pieces.model(context, statement, _columns(context, statement))
        table = _liken(context, table, statement) if statement.like else pieces.settled(context, table)
        table.storage = context.storage.create(work, table.columns)
        pieces.install(context, work, table, statement, old)
    pieces.discard(context, old)
    return objects.created("Table", table.name)


def _columns(context: Context, statement: CreateTable) -> list[ColumnModel]:
    if statement.like:
        source = context.get(Table, statement.like)
        context.require("SELECT", source)
        return [replace(column) for column in source.columns]
    if statement.template:
        return template_columns(context, statement.template)
    return [clause.model() for clause in statement.columns]


def _liken(context: Context, table: Table, statement: CreateTable) -> Table:
    """LIKE takes columns, keys, clustering and comment, and no rows."""
    source = context.get(Table, statement.like or ())
    if source.external is not None:
        raise unsupported("LIKE of an external table")
    table.constraints = [replace(constraint) for constraint in source.constraints]
    table.cluster_by = table.cluster_by or source.cluster_by
    table.comment = source.comment if table.comment is None else table.comment
    return table


def _alter(context: Context, work: Work, table: Table, statement: CreateTable) -> Result:
    model = pieces.settled(context, pieces.model(context, statement, _columns(context, statement)))
    model.id = table.id
    pieces.constrain(context, model, statement)
    resolved = {column.name: column for column in model.columns}
    clauses = tuple(
        replace(c, default=resolved[c.name].default, nullable=resolved[c.name].nullable) for c in statement.columns
    )
    wanted = replace(statement, columns=clauses)
    for change in difference(table, wanted, model.constraints):
        alter_table.apply(context, work, table, change)
    return objects.created("Table", table.name)


def _create_as(context: Context, statement: CreateTable) -> Result:
    """CREATE TABLE … AS SELECT: the rows are written first, table and rows become visible together."""
    with context.catalog.mutex:
        old = pieces.standing(context, statement)
    if old is not None and statement.header.if_not_exists:
        return objects.left_alone(old.name)
    derived = derive(context, statement.query or "")
    table = pieces.settled(context, pieces.model(context, statement, _typed(statement, derived)))
    with context.storage.statement(), derived.stored(table.columns) as (cursor, number):
        table.storage = number
        with context.catalog.work(cursor) as work:
            old = pieces.standing(context, statement)
            if old is not None and statement.header.if_not_exists:
                return objects.left_alone(old.name)
            pieces.install(context, work, table, statement, old)
            moved_on(context.consumed, work)
    pieces.discard(context, old)
    if (entry := context.engine.history.by_id(context.query_id)) is not None:
        names = [c.name for c in table.columns]
        entry.accesses.changed(table.id, context.catalog.full_name(table), names)
        entry.accesses.fed(table.id, dict(zip(names, derived.compiled.sources, strict=False)))
    return objects.created("Table", table.name)


def _typed(statement: CreateTable, derived: Derived) -> list[ColumnModel]:
    """The columns: types from the query where the statement does not give them."""
    if not statement.columns:
        refuse_nameless(statement.query or "")
        return pieces.distinct(derived.columns)
    if len(statement.columns) != len(derived.columns):
        raise compilation(2026, "42601", "Invalid column definition list")
    pairs = zip(statement.columns, derived.columns, strict=True)
    return [_as_kept(clause.model(found.type), found) for clause, found in pairs]


def _as_kept(column: ColumnModel, found: ColumnModel) -> ColumnModel:
    """A column that the statement gives a type, with nanoseconds where the query's values may have any."""
    return replace(column, type=types.wanted(E("", found.type), column.type))


def drop(context: Context, text: str) -> Result:
    forgiving, parts, restricted = read_drop(Reader(text), "TABLE")
    context.commit_for_ddl()
    with context.catalog.work() as work:
        if context.find(Table, parts) is None:
            view = context.find(View, parts)
            if view is not None:
                raise objects.wrong_kind(view, "TABLE")
            if forgiving:
                return objects.already_dropped(parts[-1])
        table = context.writable(Table, parts, "DROP")
        if table.dynamic is not None or table.external is not None:
            raise objects.wrong_kind(table, "TABLE")
        context.require("OWNERSHIP", table)
        if restricted:
            objects.refuse_referred(work, table)
        objects.drop(work, table, utc_now())
    pieces.discard(context, table)
    return status_result(f"{table.name} successfully dropped.")
