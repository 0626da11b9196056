"""CREATE, ALTER and DROP VIEW (sql-reference/sql/create-view, alter-view). The columns are frozen when it is made."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from runner.sandbox.catalog.model import ColumnModel, Schema, Table, View
from runner.sandbox.catalog.store import Work, utc_now
from runner.sandbox.context import Context
from runner.sandbox.ddl.alter_table import at_governance, read_governance
from runner.sandbox.ddl.changes import RowAccess, SetColumnPolicy, SetPolicy
from runner.sandbox.ddl.container import read_drop
from runner.sandbox.ddl.create_view import CreateView, read_create_view
from runner.sandbox.ddl.header import read_header
from runner.sandbox.errors import already_exists, compilation, invalid_identifier, unsupported
from runner.sandbox.result import Result, status_result
from runner.sandbox.statements import governing, objects, pieces
from runner.sandbox.statements.circle import draft, refuse_circle
from runner.sandbox.statements.derive import refuse_nameless, view_columns
from runner.sandbox.statements.tracking import track_under
from runner.sandbox.storage import told_apart
from runner.sandbox.tokens import Kind, Reader, quote_identifier

_WORDS = ("SECURE", "RECURSIVE", "SCOPED", "TEMPORARY", "TEMP", "VOLATILE", "LOCAL", "GLOBAL")


def create(context: Context, text: str) -> Result:
    reader = Reader(text)
    header = read_header(reader, "VIEW", allowed=_WORDS, or_alter=True)
    statement = read_create_view(reader, header)
    if "RECURSIVE" in header.words:
        statement = _recursive(statement)
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
            _refuse_materialized(old)
        refuse_circle(context.catalog, draft(schema, name, objects.owner(context), statement.query))
        columns = named_columns(statement, view_columns(context, statement.query, schema, objects.owner(context)))
        if header.or_alter and view_policies(statement):
            raise unsupported("policies in CREATE OR ALTER VIEW")
        if old is not None and header.or_alter:
            _alter(work, old, statement, columns)
        else:
            record = model(context, statement, schema, columns, text)
            governing.attach(context, record, view_policies(statement))
            objects.install(context, work, record, old, copy_grants=statement.copy_grants)
        if statement.change_tracking and (made := context.catalog.object(schema, View, name)) is not None:
            track_under(context, work, made)
    return objects.created("View", name)


def _refuse_materialized(found: View) -> None:
    if found.materialized:
        raise objects.wrong_kind(found, "VIEW")


def _recursive(statement: CreateView) -> CreateView:
    """A recursive view is a query WITH itself (sql-reference/sql/create-view)."""
    if not statement.columns:
        raise compilation(2026, "42601", "A recursive view needs a list of its columns")
    name = quote_identifier(statement.name[-1])
    names = ", ".join(quote_identifier(column) for column in [each.name for each in statement.columns])
    query = f"WITH RECURSIVE {name} ({names}) AS ({statement.query}) SELECT {names} FROM {name}"
    return replace(statement, query=query)


def named_columns(statement: CreateView, found: list[ColumnModel]) -> list[ColumnModel]:
    """Names and comments of the statement, types of the query."""
    if not statement.columns:
        refuse_nameless(statement.query)
        return pieces.distinct(found)
    if len(statement.columns) != len(found):
        raise compilation(2026, "42601", "Invalid column definition list")
    pairs = zip(statement.columns, found, strict=True)
    return [replace(column, name=each.name, comment=each.comment) for each, column in pairs]


def view_policies(statement: CreateView) -> list[governing.Wanted]:
    """The policies that the statement puts on the view and its columns."""
    of_columns = [(each.name, policy) for each in statement.columns for policy in each.policies]
    return [*of_columns, *(("", policy) for policy in statement.policies)]


def model(context: Context, statement: CreateView, schema: Schema, columns: list[ColumnModel], text: str) -> View:
    return View(
        account=schema.account,
        name=statement.name[-1],
        owner=objects.owner(context),
        comment=statement.comment,
        created_at=utc_now(),
        schema_id=schema.id,
        text=text,
        query=statement.query,
        columns=told_apart(columns),
        column_list=bool(statement.columns),
        secure=statement.header.secure,
        change_tracking=statement.change_tracking,
        session_id=context.session.id if statement.header.temporary else None,
    )


def _alter(work: Work, view: View, statement: CreateView, columns: list[ColumnModel]) -> None:
    """The definition stays: CREATE OR ALTER changes comments, SECURE and change tracking only."""
    same_names = [c.name for c in columns] == [c.name for c in view.columns]
    if not same_names or _words(statement.query) != _words(view.query):
        raise compilation(2, "0A000", "Unsupported feature 'CREATE OR ALTER VIEW with a changed definition'.")
    comments = {c.name: c.comment for c in columns}
    work.edit(
        view,
        columns=[replace(c, comment=comments[c.name]) for c in view.columns],
        secure=statement.header.secure,
        change_tracking=statement.change_tracking,
        comment=statement.comment,
        altered_at=utc_now(),
    )


def _words(query: str) -> list[str]:
    """A query's tokens, so that two texts that differ by space alone are one definition."""
    return [token.identifier if token.kind is Kind.WORD else token.text for token in Reader(query).tokens]


def alter(context: Context, text: str) -> Result:
    reader = Reader(text)
    reader.expect("ALTER", "VIEW")
    forgiving = reader.accept("IF", "EXISTS")
    parts = reader.name()
    if at_governance(reader):
        return _govern(context, parts, read_governance(reader), forgiving=forgiving)
    renamed = reader.name() if reader.accept("RENAME", "TO") else None
    comments = {} if renamed else _column_comments(reader)
    changes = {} if renamed or comments else _changes(reader)
    reader.end()
    context.commit_for_ddl()
    with context.catalog.work() as work:
        if forgiving and context.find(View, parts) is None:
            return status_result(objects.DONE)
        view = context.writable(View, parts)
        _refuse_materialized(view)
        context.require("OWNERSHIP", view)
        if renamed:
            changes = new_place(context, view, renamed)
        if comments:
            changes = {"columns": _commented(view, comments)}
        work.edit(view, altered_at=utc_now(), **changes)
        if changes.get("change_tracking"):
            track_under(context, work, view)
    return status_result(objects.DONE)


def _govern(
    context: Context, parts: tuple[str, ...], changes: list[SetColumnPolicy | SetPolicy | RowAccess], *, forgiving: bool
) -> Result:
    context.commit_for_ddl()
    with context.catalog.work() as work:
        if forgiving and context.find(View, parts) is None:
            return status_result(objects.DONE)
        view = context.writable(View, parts)
        for change in changes:
            governing.change(context, work, view, change)
    return status_result(objects.DONE)


_REFUSED = ("CONTACT",)


def _column_comments(reader: Reader) -> dict[str, str | None]:
    """ALTER | MODIFY [COLUMN] c COMMENT '…' | UNSET COMMENT, of one column or several."""
    found: dict[str, str | None] = {}
    if not reader.accept_any("ALTER", "MODIFY"):
        return found
    enclosed = reader.accept("(")
    while not found or reader.accept(","):
        reader.accept("COLUMN")
        name = reader.identifier()
        if reader.accept("UNSET", "COMMENT"):
            found[name] = None
            continue
        if not reader.accept("COMMENT"):
            raise unsupported(f"ALTER VIEW ... ALTER COLUMN ... {' '.join(reader.words(2))}")
        reader.accept("=")
        found[name] = reader.string()
    if enclosed:
        reader.expect(")")
    return found


def _commented(view: View, comments: dict[str, str | None]) -> list[ColumnModel]:
    unknown = next((name for name in comments if name not in [c.name for c in view.columns]), None)
    if unknown is not None:
        raise invalid_identifier(unknown)
    return [replace(c, comment=comments.get(c.name, c.comment)) for c in view.columns]


def _changes(reader: Reader) -> dict[str, object]:
    word = reader.accept_any("SET", "UNSET")
    if not word and reader.peek().word in ("ADD", "DROP"):
        raise unsupported(f"ALTER VIEW ... {reader.peek().word}")
    if reader.peek().word in _REFUSED:
        raise unsupported(f"ALTER VIEW ... {word} {reader.peek().word}")
    if not word:
        raise reader.unexpected()
    if reader.accept("SECURE"):
        return {"secure": word == "SET"}
    if word == "SET" and reader.accept("CHANGE_TRACKING", "="):
        return {"change_tracking": reader.boolean()}
    reader.expect("COMMENT")
    if word == "UNSET":
        return {"comment": None}
    reader.expect("=")
    return {"comment": reader.string()}


def new_place(context: Context, view: View, parts: tuple[str, ...], kind: str = "VIEW") -> dict[str, object]:
    """Where RENAME TO leads: another schema takes the right to create there, and the name must be free."""
    schema, name = context.target(parts, "ALTER")
    if schema.id != view.schema_id:
        context.require(f"CREATE {kind}", schema)
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
        _refuse_materialized(view)
        objects.drop(work, view, utc_now())
    return status_result(f"{view.name} successfully dropped.")
