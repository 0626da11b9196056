"""CREATE, ALTER and DROP SEQUENCE (sql-reference/sql/create-sequence, alter-sequence, drop-sequence)."""

from __future__ import annotations

from functools import partial

from runner.sandbox import access
from runner.sandbox.catalog.model import Sequence
from runner.sandbox.catalog.store import utc_now
from runner.sandbox.context import Context
from runner.sandbox.ddl.create_sequence import read_create_sequence, read_increment
from runner.sandbox.ddl.header import read_header
from runner.sandbox.errors import already_exists, unsupported
from runner.sandbox.result import Result, status_result
from runner.sandbox.statements import objects
from runner.sandbox.tokens import Reader


def create(context: Context, text: str) -> Result:
    reader = Reader(text)
    statement = read_create_sequence(reader, read_header(reader, "SEQUENCE"))
    context.commit_for_ddl()
    with context.catalog.work() as work:
        schema, name = context.target(statement.name)
        may = partial(context.require, "CREATE SEQUENCE", schema)
        found = objects.sequence(context, schema, name)
        old = objects.standing(context, statement.header, found, Sequence, statement.name, may)
        if old is not None and statement.header.if_not_exists:
            return objects.left_alone(name)
        if old is not None:
            context.require("OWNERSHIP", old)
        record = Sequence(
            account=schema.account,
            name=name,
            owner=objects.owner(context),
            comment=statement.comment,
            created_at=utc_now(),
            schema_id=schema.id,
            start=statement.start,
            increment=statement.increment,
            order=statement.order,
            next_value=statement.start,
        )
        objects.install(context, work, record, old)
    return objects.created("Sequence", name)


def alter(context: Context, text: str) -> Result:
    reader = Reader(text)
    reader.expect("ALTER", "SEQUENCE")
    if_exists = reader.accept("IF", "EXISTS")
    parts = reader.name()
    renamed = reader.name() if reader.accept("RENAME", "TO") else None
    changes = {} if renamed else _changes(reader)
    reader.end()
    context.commit_for_ddl()
    with context.catalog.work() as work:
        if if_exists and context.find(Sequence, parts) is None:
            return status_result(objects.DONE)
        record = context.writable(Sequence, parts)
        context.require("OWNERSHIP", record)
        if renamed:
            schema, name = context.target(renamed)
            if schema.id != record.schema_id:
                context.require("CREATE SEQUENCE", schema)
            if objects.sequence(context, schema, name) is not None:
                raise already_exists(objects.dotted_as_given(renamed))
            objects.rename(work, [(record, {"schema_id": schema.id, "name": name})])
        work.edit(record, altered_at=utc_now(), **changes)
    return status_result(objects.DONE)


def _changes(reader: Reader) -> dict[str, object]:
    """What SET or UNSET says; `ALTER SEQUENCE s INCREMENT BY n` stands without SET."""
    if reader.accept("UNSET"):
        reader.expect("COMMENT")
        return {"comment": None}
    reader.accept("SET")
    found: dict[str, object] = {}
    while word := reader.accept_any("INCREMENT", "COMMENT", "ORDER", "NOORDER"):
        match word:
            case "INCREMENT":
                found["increment"] = read_increment(reader)
            case "COMMENT":
                reader.expect("=")
                found["comment"] = reader.string()
            case "NOORDER":
                found["order"] = False
            case _:
                raise unsupported("ALTER SEQUENCE ... SET ORDER")
        reader.accept(",")
    if not found:
        raise reader.unexpected()
    return found


def drop(context: Context, text: str) -> Result:
    reader = Reader(text)
    reader.expect("DROP", "SEQUENCE")
    if_exists = reader.accept("IF", "EXISTS")
    parts = reader.name()
    reader.accept_any("CASCADE", "RESTRICT")
    reader.end()
    context.commit_for_ddl()
    with context.catalog.work() as work:
        if if_exists and context.find(Sequence, parts) is None:
            return objects.already_dropped(parts[-1])
        record = context.writable(Sequence, parts, "DROP")
        access.require(context.catalog, context.session, "OWNERSHIP", record)
        objects.drop(work, record, utc_now())
    return status_result(f"{record.name} successfully dropped.")
