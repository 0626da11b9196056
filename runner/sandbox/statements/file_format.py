"""CREATE, ALTER and DROP FILE FORMAT (sql-reference/sql/create-file-format, alter-file-format, drop-file-format)."""

from __future__ import annotations

from functools import partial

from runner.sandbox.catalog.files import FileFormat
from runner.sandbox.catalog.store import utc_now
from runner.sandbox.context import Context
from runner.sandbox.ddl.header import Header
from runner.sandbox.errors import already_exists, compilation
from runner.sandbox.query.binding import bound
from runner.sandbox.result import Result, status_result
from runner.sandbox.staging.formats import TYPES, read_type_and_options
from runner.sandbox.staging.options import read_option
from runner.sandbox.statements import objects
from runner.sandbox.statements.dropping import dropping
from runner.sandbox.tokens import Reader

_WORDS = ("TEMPORARY", "TEMP", "VOLATILE", "SCOPED")


def _header(reader: Reader) -> Header:
    reader.expect("CREATE")
    replaces = reader.accept("OR", "REPLACE")
    alters = not replaces and reader.accept("OR", "ALTER")
    words: set[str] = set()
    while word := reader.accept_any(*_WORDS):
        words.add(word)
    reader.expect("FILE", "FORMAT")
    unless = reader.accept("IF", "NOT", "EXISTS")
    if replaces and unless:
        raise compilation(1003, "42601", "options IF NOT EXISTS and OR REPLACE are incompatible.")
    return Header(or_replace=replaces, or_alter=alters, if_not_exists=unless, words=frozenset(words))


def create(context: Context, text: str) -> Result:
    reader = Reader(bound(context, text))
    header = _header(reader)
    parts = reader.name()
    kind, options, comment = read_type_and_options(reader)
    context.commit_for_ddl()
    with context.catalog.work() as work:
        schema, name = context.target(parts)
        mine = context.session.id if header.words else None
        named = (r for r in context.catalog.named(schema, name) if isinstance(r, FileFormat) and r.session_id == mine)
        may = partial(context.require, "CREATE FILE FORMAT", schema)
        old = objects.standing(context, header, next(named, None), FileFormat, parts, may)
        if old is not None and header.if_not_exists:
            return objects.left_alone(name)
        if old is not None:
            context.require("OWNERSHIP", old)
        if old is not None and header.or_alter:
            work.edit(old, type=kind, options=options, comment=comment, altered_at=utc_now())
        else:
            record = FileFormat(
                account=schema.account,
                name=name,
                owner=objects.owner(context),
                comment=comment,
                created_at=utc_now(),
                schema_id=schema.id,
                session_id=mine,
                type=kind,
                options=options,
            )
            objects.install(context, work, record, old)
    return objects.created("File format", name)


def alter(context: Context, text: str) -> Result:
    reader = Reader(bound(context, text))
    reader.expect("ALTER", "FILE", "FORMAT")
    if_exists = reader.accept("IF", "EXISTS")
    parts = reader.name()
    context.commit_for_ddl()
    with context.catalog.work() as work:
        if if_exists and context.find(FileFormat, parts) is None:
            return status_result(objects.DONE)
        record = context.writable(FileFormat, parts)
        context.require("OWNERSHIP", record)
        if reader.accept("RENAME", "TO"):
            to = reader.name()
            reader.end()
            schema, name = context.target(to)
            if schema.id != record.schema_id:
                context.require("CREATE FILE FORMAT", schema)
            if context.catalog.object(schema, FileFormat, name) is not None:
                raise already_exists(objects.dotted_as_given(to))
            work.edit(record, name=name, schema_id=schema.id, altered_at=utc_now())
        else:
            work.edit(record, altered_at=utc_now(), **_changes(reader, record))
    return status_result(objects.DONE)


def _changes(reader: Reader, record: FileFormat) -> dict[str, object]:
    """What SET gives, over what is there; the type stays."""
    if reader.accept("UNSET"):
        reader.expect("COMMENT")
        reader.end()
        return {"comment": None}
    reader.expect("SET")
    found: dict[str, str | list[str]] = {}
    changes: dict[str, object] = {}
    while not reader.at_end() and not reader.at(";"):
        if reader.accept("COMMENT", "="):
            changes["comment"] = reader.string()
        elif reader.at("TYPE"):
            raise compilation(1420, "0A000", "The type of a file format cannot be changed.")
        else:
            read_option(reader, TYPES[record.type], f"file format type {record.type}", found)
        reader.accept(",")
    reader.end()
    return {**changes, "options": {**record.options, **found}}


drop = dropping("FILE FORMAT", FileFormat)
