"""CREATE, ALTER and DROP EXTERNAL TABLE (sql-reference/sql/create-external-table, alter-external-table).

An external table is stored: its files lie in cloud storage, which the sandbox does not reach. It has columns, grants,
tags and policies as a table has; who selects from it is refused by name.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial

from runner.sandbox import resolve
from runner.sandbox.catalog.external import External
from runner.sandbox.catalog.files import Stage
from runner.sandbox.catalog.model import Schema, Table
from runner.sandbox.catalog.store import utc_now
from runner.sandbox.context import Context
from runner.sandbox.ddl.container import read_drop
from runner.sandbox.ddl.create_external import VALUE, CreateExternal, read_create_external
from runner.sandbox.ddl.names import dotted
from runner.sandbox.ddl.types import type_text
from runner.sandbox.errors import compilation, unsupported
from runner.sandbox.query.binding import bound
from runner.sandbox.result import Result, status_result
from runner.sandbox.staging.formats import named_format
from runner.sandbox.staging.locations import named_stage
from runner.sandbox.statements import objects
from runner.sandbox.statements.derive import view_columns
from runner.sandbox.storage import told_apart
from runner.sandbox.tokens import Reader, quote_identifier, tokenize

_FILES = (
    '(SELECT NULL::VARIANT AS VALUE, NULL::VARCHAR AS "METADATA$FILENAME", NULL::NUMBER AS "METADATA$FILE_ROW_NUMBER", '
    'NULL::VARCHAR AS "METADATA$EXTERNAL_TABLE_PARTITION", NULL::TIMESTAMP_NTZ AS "METADATA$FILE_LAST_MODIFIED")'
)
"""What a column's expression may look at."""


def create(context: Context, text: str) -> Result:
    statement = read_create_external(Reader(bound(context, text)))
    context.commit_for_ddl()
    with context.catalog.work() as work:
        schema, name = context.target(statement.name)
        old = _standing(context, statement, schema, name)
        if old is not None and statement.header.if_not_exists:
            return objects.left_alone(name)
        made = Table(
            account=schema.account,
            name=name,
            owner=objects.owner(context),
            comment=statement.comment,
            created_at=utc_now(),
            schema_id=schema.id,
            columns=told_apart([replace(VALUE), *statement.columns]),
            external=_external(context, statement),
        )
        _check_columns(context, statement, schema)
        made.storage = context.storage.create(work, made.columns)
        objects.install(context, work, made, old, copy_grants=statement.copy_grants)
        if old is not None:
            objects.remove(work, old)
    return objects.created("Table", name)


def _standing(context: Context, statement: CreateExternal, schema: Schema, name: str) -> Table | None:
    may = partial(context.require, "CREATE EXTERNAL TABLE", schema)
    found = objects.relation(context, schema, name)
    old = objects.standing(context, statement.header, found, Table, statement.name, may)
    if old is not None and not statement.header.if_not_exists:
        context.require("OWNERSHIP", old)
        if old.external is None:
            raise compilation(1998, "42710", f"Object '{'.'.join(statement.name)}' already exists as TABLE")
    return old


def _external(context: Context, statement: CreateExternal) -> External:
    stage, path = _stage(context, statement.location)
    assert statement.format is not None, "an external table without FILE_FORMAT is refused before"
    format_name, options = statement.format
    if format_name:
        named_format(context, format_name)
    if statement.pattern is not None:
        _check_pattern(statement.pattern)
    return External(
        stage_id=stage.id,
        location=f"@{dotted(context.catalog.full_name(stage))}/{path}",
        path=path,
        format_name=format_name,
        format=options,
        pattern=statement.pattern,
        auto_refresh=statement.auto_refresh,
        refresh_on_create=statement.refresh_on_create,
        notification=statement.notification,
        integration=statement.integration,
        partition_by=statement.partition_by,
        user_specified=statement.user_specified,
        expressions=statement.expressions,
    )


def _stage(context: Context, location: str) -> tuple[Stage, str]:
    """The external stage, and the path in it."""
    found = re.fullmatch(r'@((?:"(?:[^"]|"")*"|[^/"])*)(?:/(.*))?', location, re.DOTALL)
    if found is None or not found[1] or found[1][0] in "~%":
        raise _not_external(location)
    reader = Reader(found[1])
    parts = reader.name()
    reader.end()
    stage = named_stage(context, parts)
    context.require("USAGE", stage)
    if stage.url is None:
        raise _not_external(location)
    path = "/".join(part for part in (found[2] or "").split("/") if part)
    return stage, f"{path}/" if path else ""


def _not_external(location: str) -> Exception:
    words = f"invalid value [{location[:100]}] for parameter 'LOCATION': an external table reads an external stage"
    return compilation(1008, "22023", words)


def _check_pattern(pattern: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise compilation(100048, "2201B", f"Invalid regular expression: '{pattern[:100]}', {error}") from None


def _check_columns(context: Context, statement: CreateExternal, schema: Schema) -> None:
    """Each expression must compile over the row of a file and its metadata, to something that can be cast."""
    for column in statement.columns:
        if any(token.word == "SELECT" for token in tokenize(statement.expressions[column.name])):
            raise compilation(2079, "42601", f"Unsupported subquery in the expression of column '{column.name}'")
        inner = f"CAST(({statement.expressions[column.name]}) AS {type_text(column.type)})"
        query = f"SELECT {inner} AS {quote_identifier(column.name)} FROM {_FILES}"
        view_columns(context, query, schema, objects.owner(context))


def alter(context: Context, text: str) -> Result:
    """SET AUTO_REFRESH; what would look at files is refused."""
    reader = Reader(bound(context, text))
    reader.expect("ALTER", "EXTERNAL", "TABLE")
    forgiving = reader.accept("IF", "EXISTS")
    parts = reader.name()
    forgiving = reader.accept("IF", "EXISTS") or forgiving
    if not reader.at("SET"):
        words = " ".join(reader.words(1 if reader.at("REFRESH") else 2))
        raise unsupported(f"ALTER EXTERNAL TABLE ... {words}") if _known(reader) else reader.unexpected()
    reader.expect("SET", "AUTO_REFRESH", "=")
    auto = reader.boolean()
    reader.end()
    context.commit_for_ddl()
    with context.catalog.work() as work:
        if forgiving and context.find(Table, parts) is None:
            return status_result(objects.DONE)
        table = _get(context, parts, "ALTER")
        context.require("OWNERSHIP", table)
        assert table.external is not None, "an external table was found"
        work.edit(table, external=replace(table.external, auto_refresh=auto), altered_at=utc_now())
    return status_result(objects.DONE)


def _known(reader: Reader) -> bool:
    """Whether the words are an action that Snowflake has."""
    actions = (("REFRESH",), ("ADD", "FILES"), ("REMOVE", "FILES"), ("ADD", "PARTITION"), ("DROP", "PARTITION"))
    return any(reader.at(*words) for words in actions)


def _get(context: Context, parts: tuple[str, ...], command: str) -> Table:
    found = context.find(Table, parts)
    if found is None:
        raise resolve.missing(context.catalog, context.session, "External table", parts)
    if found.external is None:
        raise objects.wrong_kind(found, "EXTERNAL_TABLE")
    return context.writable(Table, parts, command)


def drop(context: Context, text: str) -> Result:
    """For good: UNDROP does not bring an external table back."""
    forgiving, parts, _ = read_drop(Reader(bound(context, text)), "EXTERNAL TABLE")
    context.commit_for_ddl()
    with context.catalog.work() as work:
        if forgiving and context.find(Table, parts) is None:
            return objects.already_dropped(parts[-1])
        table = _get(context, parts, "DROP")
        context.require("OWNERSHIP", table)
        objects.remove(work, table)
    return status_result(f"{table.name} successfully dropped.")
