"""CREATE, ALTER and DROP STREAM (sql-reference/sql/create-stream, alter-stream, drop-stream)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from runner.sandbox.catalog.dynamic import Dynamic
from runner.sandbox.catalog.model import Table, View
from runner.sandbox.catalog.store import Work, utc_now
from runner.sandbox.catalog.streams import Stream
from runner.sandbox.classes import dataclass
from runner.sandbox.context import Context
from runner.sandbox.ddl.header import Header, read_header
from runner.sandbox.ddl.moment import Moment, read_moment
from runner.sandbox.errors import compilation, does_not_exist, unsupported
from runner.sandbox.query.binding import bound
from runner.sandbox.query.streamed import refuse_untracked
from runner.sandbox.result import Result, status_result
from runner.sandbox.statements import clone, objects
from runner.sandbox.statements.dropping import dropping
from runner.sandbox.statements.moments import instant
from runner.sandbox.statements.tracking import not_tracked, track, under
from runner.sandbox.tokens import Reader

_OTHER_SOURCES = ("EXTERNAL", "EVENT", "ICEBERG", "STAGE", "DIRECTORY")


@dataclass(kw_only=True)
class _Text:
    """The statement as it is written."""

    header: Header
    name: tuple[str, ...]
    source: tuple[str, ...] = ()
    cloned: bool = False
    on: str = "TABLE"
    """TABLE, VIEW or DYNAMIC."""
    copy_grants: bool = False
    moment: Moment | None = None
    append_only: bool = False
    initial: bool = False
    comment: str | None = None


def create(context: Context, text: str) -> Result:
    statement = _read(Reader(bound(context, text)))
    context.commit_for_ddl()
    if statement.cloned:
        source = context.get(Stream, statement.source, "CLONE")
        clone.refuse_foreign(context, source)
        context.require("SELECT", source)
        return _install(context, statement, lambda _: _Followed.of(source), source)
    found = _source(context, statement)
    tables = [found] if isinstance(found, Table) else under(context, found)
    at = instant(context, statement.moment) if statement.moment else None

    def follow(work: Work) -> _Followed:
        for table in tables:
            track(context, work, table)
            if at is not None:
                refuse_untracked(table, at)
        if isinstance(found, View) and not found.change_tracking and found.account == context.session.account:
            work.edit(found, change_tracking=True)
        return _Followed(
            id=found.id,
            name=list(_given_name(context, statement, found)),
            base_ids=[] if isinstance(found, Table) else [table.id for table in tables],
            offset=at or max(utc_now(), *map(_latest, tables)),
        )

    return _install(context, statement, follow)


@dataclass(frozen=True, kw_only=True)
class _Followed:
    """What a new stream follows, and from when on."""

    id: int
    name: list[str]
    base_ids: list[int]
    offset: datetime

    @staticmethod
    def of(other: Stream) -> _Followed:
        return _Followed(id=other.source_id, name=other.source_name, base_ids=other.base_ids, offset=other.offset)


def _latest(table: Table) -> datetime:
    return max(table.changed_at or table.created_at, table.tracked_since or table.created_at)


def _read(reader: Reader) -> _Text:
    header = read_header(reader, "STREAM")
    text = _Text(header=header, name=reader.name())
    text.copy_grants = reader.accept("COPY", "GRANTS")
    if reader.accept("CLONE"):
        text.cloned, text.source = True, reader.name()
        text.copy_grants = reader.accept("COPY", "GRANTS") or text.copy_grants
        reader.end()
        return text
    reader.expect("ON")
    if word := reader.accept_any(*_OTHER_SOURCES):
        raise unsupported(f"a stream on {word}")
    text.on = reader.accept_any("VIEW", "DYNAMIC") or "TABLE"
    if text.on != "VIEW":
        reader.expect("TABLE")
    text.source = reader.name()
    text.moment = read_moment(reader)
    while not (reader.at_end() or reader.at(";")):
        _option(reader, text)
    reader.end()
    if text.initial and text.moment is not None:
        raise compilation(2237, "42601", "SHOW_INITIAL_ROWS and AT | BEFORE are incompatible.")
    if text.on != "TABLE" and text.append_only:
        raise unsupported(f"APPEND_ONLY of a stream on a {text.on.lower()}{' table' * (text.on == 'DYNAMIC')}")
    return text


def _option(reader: Reader, text: _Text) -> None:
    word = reader.next().word
    if word == "INSERT_ONLY":
        raise unsupported("INSERT_ONLY, which is for external tables")
    if word not in ("APPEND_ONLY", "SHOW_INITIAL_ROWS", "COMMENT"):
        raise reader.unexpected(-1)
    reader.expect("=")
    match word:
        case "APPEND_ONLY":
            text.append_only = reader.boolean()
        case "SHOW_INITIAL_ROWS":
            text.initial = reader.boolean()
        case _:
            text.comment = reader.string()
    reader.accept(",")


def _source(context: Context, statement: _Text) -> Table | View:
    found: Table | View | None = context.find(Table, statement.source) or context.find(View, statement.source)
    if found is None:
        raise does_not_exist("Object", ".".join(statement.source))
    if statement.on != _kind(found):
        raise objects.wrong_kind(found, "DYNAMIC TABLE" if statement.on == "DYNAMIC" else statement.on)
    context.require("SELECT", found)
    if isinstance(found, View) and found.account != context.session.account and not found.change_tracking:
        raise not_tracked(found)
    if isinstance(found, Table) and found.table_type == "TEMPORARY":
        raise unsupported("a stream on a temporary table")
    if isinstance(found, Table) and found.dynamic is not None and _whole(found.dynamic):
        raise unsupported("a stream on a dynamic table with FULL refresh")
    return found


def _kind(found: Table | View) -> str:
    if isinstance(found, View):
        return "VIEW"
    if found.external is not None:
        raise unsupported("a stream on an external table")
    return "TABLE" if found.dynamic is None else "DYNAMIC"


def _whole(dynamic: Dynamic) -> bool:
    return dynamic.refresh_mode == "FULL" or dynamic.mode_reason is not None


def _given_name(context: Context, statement: _Text, table: Table | View) -> tuple[str, ...]:
    if table.account == context.session.account:
        return context.catalog.full_name(table)
    return (*_home(context, statement.source), *statement.source)


def _home(context: Context, parts: tuple[str, ...]) -> tuple[str, ...]:
    here = (context.session.database or "", context.session.schema or "")
    return here[: 3 - len(parts)] if len(parts) < 3 else ()


def _install(
    context: Context, statement: _Text, follow: Callable[[Work], _Followed], like: Stream | None = None
) -> Result:
    with context.catalog.work() as work:
        schema, name = context.target(statement.name)
        may = partial(context.require, "CREATE STREAM", schema)
        there = context.catalog.object(schema, Stream, name) or objects.relation(context, schema, name)
        old = objects.standing(context, statement.header, there, Stream, statement.name, may)
        if old is not None and statement.header.if_not_exists:
            return objects.left_alone(name)
        if old is not None:
            context.require("OWNERSHIP", old)
        followed = follow(work)
        record = Stream(
            account=schema.account,
            name=name,
            owner=objects.owner(context),
            comment=statement.comment if like is None else like.comment,
            created_at=utc_now(),
            schema_id=schema.id,
            source_id=followed.id,
            source_name=followed.name,
            base_ids=followed.base_ids,
            append_only=statement.append_only if like is None else like.append_only,
            offset=followed.offset,
            initial=statement.initial if like is None else like.initial,
        )
        objects.install(context, work, record, old, copy_grants=statement.copy_grants)
        if old is not None:
            objects.remove(work, old)
    return objects.created("Stream", name)


def alter(context: Context, text: str) -> Result:
    """SET and UNSET COMMENT: all that can be changed of a stream, apart from its tags."""
    reader = Reader(bound(context, text))
    reader.expect("ALTER", "STREAM")
    if_exists = reader.accept("IF", "EXISTS")
    parts = reader.name()
    sets = reader.accept("SET")
    if not sets:
        reader.expect("UNSET")
    reader.expect("COMMENT")
    comment = None
    if sets:
        reader.expect("=")
        comment = reader.string()
    reader.end()
    context.commit_for_ddl()
    with context.catalog.work() as work:
        if if_exists and context.find(Stream, parts) is None:
            return status_result(objects.DONE)
        stream = context.writable(Stream, parts)
        context.require("OWNERSHIP", stream)
        work.edit(stream, comment=comment, altered_at=utc_now())
    return status_result(objects.DONE)


drop = dropping("STREAM", Stream)
