"""CREATE, ALTER and DROP STAGE (sql-reference/sql/create-stage, alter-stage, drop-stage)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from functools import partial

from runner.sandbox.catalog.files import Options, Stage
from runner.sandbox.catalog.store import Work, utc_now
from runner.sandbox.classes import dataclass
from runner.sandbox.context import Context
from runner.sandbox.ddl.header import read_header
from runner.sandbox.errors import already_exists, compilation, does_not_exist, unsupported
from runner.sandbox.query.binding import bound
from runner.sandbox.result import TEXT, Column, Result, StatementType, rows_result, status_result
from runner.sandbox.staging.copy_options import INTO_TABLE
from runner.sandbox.staging.folders import listed
from runner.sandbox.staging.formats import read_format
from runner.sandbox.staging.locations import named_stage
from runner.sandbox.staging.options import read_options, read_value
from runner.sandbox.statements import integration, objects
from runner.sandbox.statements.dropping import dropping
from runner.sandbox.tokens import Reader

_WORDS = ("TEMPORARY", "TEMP", "SCOPED")


@dataclass
class _Given:
    """The properties that a statement gives; what it does not name is not in `named`."""

    values: dict[str, object] = field(default_factory=dict)


def create(context: Context, text: str) -> Result:
    reader = Reader(bound(context, text))
    header = read_header(reader, "STAGE", allowed=_WORDS, or_alter=True)
    parts = reader.name()
    given = _properties(reader)
    _refuse_external_without_url(given)
    context.commit_for_ddl()
    with context.catalog.work() as work:
        schema, name = context.target(parts)
        mine = context.session.id if header.words else None
        named = (r for r in context.catalog.named(schema, name) if isinstance(r, Stage) and r.session_id == mine)
        may = partial(context.require, "CREATE STAGE", schema)
        _check_integration(context, given.values)
        old = objects.standing(context, header, next(named, None), Stage, parts, may)
        if old is not None and header.if_not_exists:
            return objects.left_alone(name)
        if old is not None:
            context.require("OWNERSHIP", old)
        if old is not None and header.or_alter:
            work.edit(old, altered_at=utc_now(), **(_BLANK | given.values))
        else:
            record = Stage(
                account=schema.account,
                name=name,
                owner=objects.owner(context),
                created_at=utc_now(),
                schema_id=schema.id,
                session_id=mine,
                **given.values,  # type: ignore[arg-type]
            )
            objects.install(context, work, record, old)
    if old is not None and not header.or_alter:
        context.engine.folders.drop("stage", old.id)
    return status_result(f"Stage area {name} successfully created.")


_BLANK: dict[str, object] = {
    "url": None, "integration": None, "endpoint": None, "encryption": None, "directory": False, "format_name": None,
    "format": {}, "copy_options": {}, "comment": None,
}  # fmt: skip


def _refuse_external_without_url(given: _Given) -> None:
    if given.values.get("integration") and not given.values.get("url"):
        raise compilation(2043, "22023", "STORAGE_INTEGRATION needs a URL: it is for external stages.")


def _check_integration(context: Context, values: dict[str, object]) -> None:
    """It is there, may be used, and allows the place (sql-reference/sql/create-storage-integration)."""
    name, url = values.get("integration"), values.get("url")
    if not name or not url:
        return
    found = integration.find(context, str(name))
    if found.category != "STORAGE":
        raise does_not_exist("Integration", str(name))
    context.require("USAGE", found)
    if not integration.allows(found, str(url)):
        text = (
            f"Location '{url}' is not allowed by integration {name}. Please use DESC INTEGRATION to check out allowed "
            "and blocked locations."
        )
        raise compilation(3139, "22023", text)


def _properties(reader: Reader) -> _Given:
    """What follows the name of a stage, or SET, to the end."""
    given = _Given()
    while not reader.at_end() and not reader.at(";"):
        word = reader.peek().word
        read = _PROPERTIES.get(word)
        if read is None:
            raise reader.unexpected()
        reader.expect(word, "=")
        found = read(reader)
        if given.values.keys() & found.keys():
            raise compilation(1007, "22023", f"duplicate property '{word}'")
        given.values |= found
        reader.accept(",")
    reader.end()
    return given


def _file_format(reader: Reader) -> dict[str, object]:
    if reader.peek().word != "(":
        return {"format_name": read_value(reader), "format": {}}
    name, kind, options = read_format(reader)
    return {"format_name": name, "format": {} if name else {"TYPE": kind, **options}}


def _credentials(_: Reader) -> dict[str, object]:
    raise unsupported("CREDENTIALS in CREATE STAGE: the sandbox keeps no keys of cloud storage")


def _encryption(reader: Reader) -> dict[str, object]:
    reader.expect("(", "TYPE", "=")
    kind = reader.string().upper()
    if kind not in ("SNOWFLAKE_FULL", "SNOWFLAKE_SSE", "AWS_SSE_S3", "AWS_SSE_KMS", "GCS_SSE_KMS", "NONE"):
        raise unsupported(f"ENCRYPTION of type {kind}")
    while not reader.accept(")"):
        if reader.at_end():
            raise reader.unexpected()
        reader.next()
    return {"encryption": kind}


def _directory(reader: Reader) -> dict[str, object]:
    reader.expect("(")
    found: dict[str, object] = {}
    while not reader.accept(")"):
        if reader.accept("ENABLE", "="):
            found["directory"] = reader.boolean()
        elif reader.accept("REFRESH_ON_CREATE", "="):
            reader.boolean()
        elif reader.at("AUTO_REFRESH"):
            raise unsupported("DIRECTORY = (AUTO_REFRESH = …)")
        else:
            raise reader.unexpected()
        reader.accept(",")
    return found


def _url(reader: Reader) -> dict[str, object]:
    url = reader.string()
    if not url.startswith(("s3://", "s3gov://", "s3china://", "s3compat://", "gcs://", "azure://")):
        raise compilation(2043, "22023", f"invalid URL prefix found in: '{url[:100]}'")
    return {"url": url}


def _integration(reader: Reader) -> dict[str, object]:
    return {"integration": reader.identifier()}


def _copy_options(reader: Reader) -> dict[str, object]:
    options: Options = read_options(reader, INTO_TABLE, "COPY_OPTIONS")
    return {"copy_options": options}


_PROPERTIES: dict[str, Callable[[Reader], dict[str, object]]] = {
    "URL": _url,
    "STORAGE_INTEGRATION": _integration,
    "ENDPOINT": lambda reader: {"endpoint": reader.string()},
    "CREDENTIALS": _credentials,
    "ENCRYPTION": _encryption,
    "DIRECTORY": _directory,
    "FILE_FORMAT": _file_format,
    "COPY_OPTIONS": _copy_options,
    "COMMENT": lambda reader: {"comment": reader.string()},
}


def alter(context: Context, text: str) -> Result:
    reader = Reader(bound(context, text))
    reader.expect("ALTER", "STAGE")
    if_exists = reader.accept("IF", "EXISTS")
    parts = reader.name()
    if if_exists and context.find(Stage, parts) is None:
        return status_result(objects.DONE)
    stage = named_stage(context, parts)
    context.require("OWNERSHIP", context.writable(Stage, parts))
    if reader.accept("REFRESH"):
        return _refresh(context, reader, stage)
    context.commit_for_ddl()
    with context.catalog.work() as work:
        if reader.accept("RENAME", "TO"):
            _rename(context, work, stage, reader)
        elif reader.accept("UNSET"):
            _unset(work, stage, reader)
        else:
            reader.expect("SET")
            given = _properties(reader).values
            _check_integration(context, {"url": stage.url, "integration": stage.integration, **given})
            work.edit(stage, altered_at=utc_now(), **given)
    return status_result(objects.DONE)


def _rename(context: Context, work: Work, stage: Stage, reader: Reader) -> None:
    to = reader.name()
    reader.end()
    schema, name = context.target(to)
    if schema.id != stage.schema_id:
        context.require("CREATE STAGE", schema)
    if context.catalog.object(schema, Stage, name) is not None:
        raise already_exists(objects.dotted_as_given(to))
    work.edit(stage, name=name, schema_id=schema.id, altered_at=utc_now())


def _unset(work: Work, stage: Stage, reader: Reader) -> None:
    reader.expect("COMMENT")
    reader.end()
    work.edit(stage, comment=None, altered_at=utc_now())


def _refresh(context: Context, reader: Reader, stage: Stage) -> Result:
    """ALTER STAGE … REFRESH [SUBPATH = '…']: the directory table takes what the stage holds now."""
    prefix = reader.string() if reader.accept("SUBPATH", "=") else ""
    reader.end()
    if not stage.directory:
        raise compilation(2043, "0A000", f"Stage '{stage.name}' has no directory table.")
    if stage.url:
        raise unsupported("REFRESH of an external stage")
    folder = context.engine.folders.of("stage", stage.id)
    now = {f.name: [f.name, str(f.size), f.md5, f.modified_at.isoformat()] for f in listed(folder, prefix)}
    before = {row[0]: row for row in stage.refreshed if row[0].startswith(prefix)}
    others = [row for row in stage.refreshed if not row[0].startswith(prefix)]
    with context.catalog.work() as work:
        work.edit(stage, refreshed=others + list(now.values()))
    changes = [(name, "REGISTERED_NEW" if name not in before else "REGISTERED_UPDATE") for name in now]
    changes = [(name, how) for name, how in changes if before.get(name) != now[name]]
    changes += [(name, "UNREGISTERED") for name in before if name not in now]
    columns = [Column("file", TEXT), Column("status", TEXT), Column("description", TEXT)]
    told = {"REGISTERED_NEW": "File registered successfully.", "REGISTERED_UPDATE": "File updated successfully."}
    rows = [(name, how, told.get(how, "File unregistered successfully.")) for name, how in sorted(changes)]
    return rows_result(columns, rows, StatementType.DDL)


drop = dropping("STAGE", Stage)
