"""UNDROP TABLE, SCHEMA, DATABASE, TAG (sql-reference/sql/undrop-table): the latest dropped of the name comes back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from runner.sandbox import access
from runner.sandbox.catalog.derived import Tag
from runner.sandbox.catalog.model import Database, Record, Schema, Table
from runner.sandbox.catalog.store import Catalog, utc_now
from runner.sandbox.context import Context
from runner.sandbox.errors import SnowflakeError, already_exists, compilation, unsupported
from runner.sandbox.result import Result, status_result
from runner.sandbox.retention import can_return
from runner.sandbox.statements import objects
from runner.sandbox.tokens import Kind, Reader

R = TypeVar("R", bound=Record)


def undrop(context: Context, text: str) -> Result:
    reader = Reader(text)
    reader.expect("UNDROP")
    dynamic = reader.accept("DYNAMIC")
    kind = reader.accept_any("TABLE", "SCHEMA", "DATABASE", "TAG")
    if not kind or (dynamic and kind != "TABLE"):
        raise unsupported(f"UNDROP {reader.peek().word}")
    number = _identifier(reader)
    parts = () if number is not None else reader.name()
    reader.end()
    context.commit_for_ddl()
    with context.catalog.work() as work:
        record = _by_id(context, kind, number) if number is not None else _dropped(context, kind, parts)
        if dynamic and not (isinstance(record, Table) and record.dynamic is not None):
            raise _purged("Dynamic table", parts)
        context.require("OWNERSHIP", record)
        objects.undrop(work, record)
    return status_result(f"{kind.capitalize()} {record.name} successfully restored.")


def _dropped(context: Context, kind: str, parts: tuple[str, ...]) -> Record:
    match kind:
        case "TABLE":
            return _table(context, parts)
        case "SCHEMA":
            return _schema(context, parts)
        case "TAG":
            return _tag(context, parts)
        case _:
            return _database(context, parts)


def _identifier(reader: Reader) -> int | None:
    """`IDENTIFIER(<id>)`, the id as ACCOUNT_USAGE.TABLES, SCHEMATA and DATABASES have it."""
    if not (reader.at("IDENTIFIER", "(") and reader.peek(2).kind is Kind.NUMBER):
        return None
    reader.expect("IDENTIFIER", "(")
    number = reader.number()
    reader.expect(")")
    return number


def _table(context: Context, parts: tuple[str, ...]) -> Table:
    schema, name = context.target(parts, "UNDROP")
    context.require("CREATE TABLE", schema)
    _refuse_taken(context.catalog.object(schema, Table, name) or objects.relation(context, schema, name), parts)
    tables = (r for r in context.catalog.records.values() if isinstance(r, Table) and r.schema_id == schema.id)
    return _latest(context.catalog, (t for t in tables if t.name == name), "Table", parts)


def _tag(context: Context, parts: tuple[str, ...]) -> Tag:
    """It comes back with all that it was set on (sql-reference/sql/undrop-tag)."""
    schema, name = context.target(parts, "UNDROP")
    context.require("CREATE TAG", schema)
    _refuse_taken(context.catalog.object(schema, Tag, name), parts)
    tags = (r for r in context.catalog.records.values() if isinstance(r, Tag) and r.schema_id == schema.id)
    return _latest(context.catalog, (t for t in tags if t.name == name), "Tag", parts)


def _by_id(context: Context, kind: str, number: int) -> Record:
    """The dropped thing of that id, if its name is free (sql-reference/sql/undrop-schema, undrop-database)."""
    if kind == "TABLE":
        return _table_by_id(context, number)
    record = context.catalog.records.get(number)
    mine = record is not None and record.account == context.session.account
    if kind == "TAG" or not mine or not isinstance(record, Schema if kind == "SCHEMA" else Database):
        raise _purged(kind.capitalize(), (str(number),))
    if isinstance(record, Schema):
        home = context.catalog.record(record.database_id)
        if not isinstance(home, Database) or home.dropped_at is not None:
            raise _purged("Schema", (str(number),))
        context.require("CREATE SCHEMA", home)
        _refuse_taken(context.catalog.schema(home, record.name), (record.name,))
    else:
        access.require_account(context.catalog, context.session, "CREATE DATABASE")
        _refuse_taken(context.catalog.database(record.account, record.name), (record.name,))
    return _latest(context.catalog, [record], kind.capitalize(), (str(number),))


def _table_by_id(context: Context, number: int) -> Table:
    record = context.catalog.records.get(number)
    if not isinstance(record, Table) or record.account != context.session.account:
        raise _purged("Table", (str(number),))
    schema = context.catalog.record(record.schema_id)
    if not isinstance(schema, Schema) or schema.dropped_at is not None:
        raise _purged("Table", (str(number),))
    _refuse_taken(objects.relation(context, schema, record.name), (record.name,))
    return _latest(context.catalog, [record], "Table", (str(number),))


def _schema(context: Context, parts: tuple[str, ...]) -> Schema:
    home = context.database(parts[:-1], "UNDROP")
    context.require("CREATE SCHEMA", home)
    _refuse_taken(context.catalog.schema(home, parts[-1]), parts)
    schemas = (r for r in context.catalog.records.values() if isinstance(r, Schema) and r.database_id == home.id)
    return _latest(context.catalog, (s for s in schemas if s.name == parts[-1]), "Schema", parts)


def _database(context: Context, parts: tuple[str, ...]) -> Database:
    account = context.session.account
    access.require_account(context.catalog, context.session, "CREATE DATABASE")
    _refuse_taken(context.catalog.database(account, parts[-1]), parts)
    records = (r for r in context.catalog.records.values() if isinstance(r, Database) and r.account == account)
    return _latest(
        context.catalog, (d for d in records if d.name == parts[-1] and d.origin_share is None), "Database", parts
    )


def _refuse_taken(found: Record | None, parts: tuple[str, ...]) -> None:
    if found is not None:
        raise already_exists(objects.dotted_as_given(parts))


def _latest(catalog: Catalog, records: Iterable[R], kind: str, parts: tuple[str, ...]) -> R:
    """The last one dropped; 002003 when its retention time is over or there is none."""
    now = utc_now()
    dropped = [record for record in records if can_return(catalog, record, now)]
    if not dropped:
        raise _purged(kind, parts)
    return max(dropped, key=lambda record: (record.dropped_at, record.id))


def _purged(kind: str, parts: tuple[str, ...]) -> SnowflakeError:
    return compilation(2003, "02000", f"{kind} '{'.'.join(parts)}' did not exist or was purged.")
