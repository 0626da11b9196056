"""CREATE, ALTER and DROP PIPE (sql-reference/sql/create-pipe, alter-pipe, drop-pipe).

Nothing notifies a pipe here: it loads what its stage holds when it is told to REFRESH.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from runner.sandbox.catalog.files import Pipe
from runner.sandbox.catalog.model import Schema
from runner.sandbox.catalog.store import Work, utc_now
from runner.sandbox.context import Context
from runner.sandbox.ddl.header import read_header
from runner.sandbox.errors import SnowflakeError, compilation, unsupported
from runner.sandbox.query.binding import bound
from runner.sandbox.result import TEXT, Column, Result, StatementType, rows_result, status_result
from runner.sandbox.session import Session
from runner.sandbox.staging import loading
from runner.sandbox.staging.copy_text import CopyIntoTable, into_location, read_into_table
from runner.sandbox.statements import objects
from runner.sandbox.statements.copy_table import chosen, copy_into_table, load_of
from runner.sandbox.statements.dropping import dropping
from runner.sandbox.tokens import Reader


def create(context: Context, text: str) -> Result:
    reader = Reader(bound(context, text))
    header = read_header(reader, "PIPE")
    parts = reader.name()
    given = _settings(reader, before_as=True)
    reader.expect("AS")
    definition = reader.rest()
    context.require("SELECT", load_of(context, _copy(definition)).table)
    context.commit_for_ddl()
    with context.catalog.work() as work:
        schema, name = context.target(parts)
        may = partial(context.require, "CREATE PIPE", schema)
        old = objects.standing(context, header, context.catalog.object(schema, Pipe, name), Pipe, parts, may)
        if old is not None and header.if_not_exists:
            return objects.left_alone(name)
        if old is not None:
            context.require("OWNERSHIP", old)
            objects.remove(work, old)
        record = Pipe(
            account=schema.account,
            name=name,
            owner=objects.owner(context),
            created_at=utc_now(),
            schema_id=schema.id,
            definition=definition,
            **given,  # type: ignore[arg-type]
        )
        objects.install(context, work, record, None)
    return objects.created("Pipe", name)


def _settings(reader: Reader, *, before_as: bool = False) -> dict[str, object]:
    found: dict[str, object] = {}
    while not (reader.at_end() or reader.at(";") or (before_as and reader.at("AS"))):
        word = reader.next().word
        reader.expect("=")
        match word:
            case "COMMENT":
                found["comment"] = reader.string()
            case "ERROR_INTEGRATION":
                found["error_integration"] = reader.identifier()
            case "PIPE_EXECUTION_PAUSED" if not before_as:
                found["paused"] = reader.boolean()
            case "AUTO_INGEST" if before_as:
                if reader.boolean():
                    raise unsupported("AUTO_INGEST = TRUE: nothing notifies the sandbox of new files")
            case "AWS_SNS_TOPIC" | "INTEGRATION" if before_as:
                raise unsupported(f"{word} of a pipe")
            case _:
                raise reader.unexpected(-2)
        reader.accept(",")
    return found


def _copy(definition: str) -> CopyIntoTable:
    """The COPY of a pipe: a file with an error is left out, unless told otherwise."""
    reader = Reader(definition)
    reader.expect("COPY", "INTO")
    if into_location(reader):
        raise compilation(2043, "42601", "A pipe loads a table: COPY INTO <table>.")
    statement = read_into_table(reader)
    for option in ("PURGE", "FORCE", "SIZE_LIMIT", "RETURN_FAILED_ONLY"):
        if option in statement.options:
            raise compilation(2043, "0A000", f"{option} is not supported in the COPY statement of a pipe.")
    if statement.files is not None or statement.validation:
        raise compilation(2043, "0A000", "FILES and VALIDATION_MODE are not supported in the COPY statement of a pipe.")
    statement.options.setdefault("ON_ERROR", "SKIP_FILE")
    return statement


def alter(context: Context, text: str) -> Result:
    reader = Reader(bound(context, text))
    reader.expect("ALTER", "PIPE")
    if_exists = reader.accept("IF", "EXISTS")
    parts = reader.name()
    if if_exists and context.find(Pipe, parts) is None:
        return status_result(objects.DONE)
    pipe = context.writable(Pipe, parts)
    if reader.accept("REFRESH"):
        context.require("OPERATE", pipe)
        return _refresh(context, reader, pipe)
    context.commit_for_ddl()
    with context.catalog.work() as work:
        _change(context, work, reader, pipe)
    return status_result(objects.DONE)


def _change(context: Context, work: Work, reader: Reader, pipe: Pipe) -> None:
    if reader.accept("UNSET"):
        found: dict[str, object] = {}
        while word := reader.accept_any("COMMENT", "PIPE_EXECUTION_PAUSED", "ERROR_INTEGRATION"):
            found |= _UNSET[word]
            reader.accept(",")
        if not found:
            raise reader.unexpected()
    else:
        reader.expect("SET")
        found = _settings(reader)
    reader.end()
    context.require("OPERATE" if set(found) == {"paused"} else "OWNERSHIP", pipe)
    work.edit(pipe, altered_at=utc_now(), **found)


_UNSET: dict[str, dict[str, object]] = {
    "COMMENT": {"comment": None},
    "PIPE_EXECUTION_PAUSED": {"paused": False},
    "ERROR_INTEGRATION": {"error_integration": None},
}


def _refresh(context: Context, reader: Reader, pipe: Pipe) -> Result:
    """The files that were not loaded yet are loaded, with the rights of the pipe's owner."""
    prefix, after = "", None
    while word := reader.accept_any("PREFIX", "MODIFIED_AFTER"):
        reader.expect("=")
        value = reader.string()
        prefix, after = (value, after) if word == "PREFIX" else (prefix, _instant(value))
    reader.end()
    if pipe.paused:
        raise SnowflakeError(90057, "0A000", f"Pipe {pipe.name} is paused: it cannot be refreshed.")
    owner = _as_owner(context, pipe)
    statement = _copy(pipe.definition)
    statement.location = f"{statement.location.rstrip('/')}/{prefix}" if prefix else statement.location
    load = load_of(owner, statement, pipe.name)
    now = utc_now()
    files = [file for file in chosen(load) if after is None or file.modified_at >= after]
    fresh = [f for f in files if not loading.known(load.table.loads, load.location.shown(f.name), f, now)]
    if fresh:
        base = load.location.path
        statement.files = [file.name.removeprefix(base) for file in fresh]
        copy_into_table(owner, statement, pipe.name)
    columns = [Column("File", TEXT), Column("Status", TEXT)]
    return rows_result(columns, [(file.name, "SENT") for file in fresh], StatementType.DDL)


def _instant(value: str) -> datetime:
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        raise compilation(1008, "22023", f"invalid value [{value[:50]}] for parameter 'MODIFIED_AFTER'") from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _as_owner(context: Context, pipe: Pipe) -> Context:
    asker = context.session
    schema = context.catalog.record(pipe.schema_id)
    assert isinstance(schema, Schema)
    session = Session(
        id=asker.id,
        account=pipe.account,
        user=asker.user,
        role=pipe.owner,
        database=context.catalog.record(schema.database_id).name,
        schema=schema.name,
        parameters=asker.parameters,
        created_at=asker.created_at,
    )
    session.owner_rights.append((pipe.owner, schema.id))
    return replace(context, session=session)


drop = dropping("PIPE", Pipe)
