"""CREATE, ALTER and DROP VIEW (sql-reference/sql/create-view, alter-view). The columns are frozen when it is made."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from runner.sandbox.catalog.model import ColumnModel, Schema, Table, View
from runner.sandbox.catalog.store import Work, utc_now
from runner.sandbox.context import Context
from runner.sandbox.ddl.container import read_drop
from runner.sandbox.ddl.create_view import CreateView, read_create_view
from runner.sandbox.ddl.header import read_header
from runner.sandbox.errors import already_exists, compilation, unsupported
from runner.sandbox.result import Result, status_result
from runner.sandbox.statements import objects, pieces
from runner.sandbox.statements.derive import refuse_nameless, view_columns
from runner.sandbox.tokens import Reader

_WORDS = ("SECURE", "RECURSIVE", "SCOPED", "TEMPORARY", "TEMP", "VOLATILE", "LOCAL", "GLOBAL")


def create(context: Context, text: str) -> Result:
    reader = Reader(text)
    header = read_header(reader, "VIEW", allowed=_WORDS, or_alter=True)
    if "RECURSIVE" in header.words:
        raise unsupported("CREATE RECURSIVE VIEW")
    statement = read_create_view(reader, header)
    context.commit_for_ddl()
    with context.catalog.work() as work:
        schema, name = context.target(statement.name)
        found = objects.relation(context, schema, name, temporary=header.temporary)
        may = partial(context.require, "CREATE VIEW", schema)
        old = objects.standing(context, header, found, View, statement.name, may)
        if old is not None and header.if_not_exists:
            return objects.left_alone(name)
        if old is not None:
            context.require("OWNERSHIP", old)
        columns = _columns(statement, view_columns(context, statement.query, schema, objects.owner(context)))
        if old is not None and header.or_alter:
            _alter(work, old, statement, columns, text)
        else:
            record = _model(context, statement, schema, columns, text)
            objects.install(context, work, record, old, copy_grants=statement.copy_grants)
    return objects.created("View", name)


def _columns(statement: CreateView, found: list[ColumnModel]) -> list[ColumnModel]:
    """Names and comments of the statement, types of the query."""
    if not statement.columns:
        refuse_nameless(statement.query)
        return pieces.distinct(found)
    if len(statement.columns) != len(found):
        raise compilation(2026, "42601", "Invalid column definition list")
    pairs = zip(statement.columns, found, strict=True)
    return [replace(column, name=name, comment=comment) for (name, comment), column in pairs]


def _model(context: Context, statement: CreateView, schema: Schema, columns: list[ColumnModel], text: str) -> View:
    return View(
        account=schema.account,
        name=statement.name[-1],
        owner=objects.owner(context),
        comment=statement.comment,
        created_at=utc_now(),
        schema_id=schema.id,
        text=text,
        query=statement.query,
        columns=columns,
        column_list=bool(statement.columns),
        secure=statement.header.secure,
        session_id=context.session.id if statement.header.temporary else None,
    )


def _alter(work: Work, view: View, statement: CreateView, columns: list[ColumnModel], text: str) -> None:
    work.edit(
        view,
        text=text,
        query=statement.query,
        columns=columns,
        column_list=bool(statement.columns),
        secure=statement.header.secure,
        comment=statement.comment,
        altered_at=utc_now(),
    )


def alter(context: Context, text: str) -> Result:
    reader = Reader(text)
    reader.expect("ALTER", "VIEW")
    forgiving = reader.accept("IF", "EXISTS")
    parts = reader.name()
    renamed = reader.name() if reader.accept("RENAME", "TO") else None
    changes = {} if renamed else _changes(reader)
    reader.end()
    context.commit_for_ddl()
    with context.catalog.work() as work:
        if forgiving and context.find(View, parts) is None:
            return status_result(objects.DONE)
        view = context.writable(View, parts)
        context.require("OWNERSHIP", view)
        if renamed:
            changes = _new_place(context, view, renamed)
        work.edit(view, altered_at=utc_now(), **changes)
    return status_result(objects.DONE)


_REFUSED = ("TAG", "ROW", "AGGREGATION", "JOIN", "CHANGE_TRACKING", "CONTACT")


def _changes(reader: Reader) -> dict[str, object]:
    word = reader.accept_any("SET", "UNSET")
    if not word and reader.peek().word in ("ALTER", "MODIFY", "ADD", "DROP"):
        raise unsupported(f"ALTER VIEW ... {reader.peek().word}")
    if reader.peek().word in _REFUSED:
        raise unsupported(f"ALTER VIEW ... {word} {reader.peek().word}")
    if not word:
        raise reader.unexpected()
    if reader.accept("SECURE"):
        return {"secure": word == "SET"}
    reader.expect("COMMENT")
    if word == "UNSET":
        return {"comment": None}
    reader.expect("=")
    return {"comment": reader.string()}


def _new_place(context: Context, view: View, parts: tuple[str, ...]) -> dict[str, object]:
    schema, name = context.target(parts, "ALTER")
    if schema.id != view.schema_id:
        context.require("CREATE VIEW", schema)
    if objects.relation(context, schema, name) is not None:
        raise already_exists(objects.dotted_as_given(parts))
    return {"schema_id": schema.id, "name": name}


def drop(context: Context, text: str) -> Result:
    forgiving, parts, _ = read_drop(Reader(text), "VIEW")
    context.commit_for_ddl()
    with context.catalog.work() as work:
        if context.find(View, parts) is None:
            table = context.find(Table, parts)
            if table is not None:
                raise objects.wrong_kind(table, "VIEW")
            if forgiving:
                return objects.already_dropped(parts[-1])
        view = context.writable(View, parts, "DROP")
        context.require("OWNERSHIP", view)
        objects.drop(work, view, utc_now())
    return status_result(f"{view.name} successfully dropped.")
