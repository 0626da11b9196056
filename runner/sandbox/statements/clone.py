"""CREATE … CLONE of tables, schemas and databases, now or at a moment of the past (sql-reference/sql/create-clone).

What lies inside a cloned schema or database keeps its owner and its grants; what is named in the statement does not.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

import duckdb

from runner.sandbox.catalog.alerts import Alert
from runner.sandbox.catalog.derived import Tag
from runner.sandbox.catalog.dynamic import cloned
from runner.sandbox.catalog.files import FileFormat, Stage
from runner.sandbox.catalog.login_policies import LoginPolicy
from runner.sandbox.catalog.model import (
    Database,
    Grant,
    Policy,
    Record,
    Routine,
    Schema,
    SchemaObject,
    Sequence,
    Table,
    View,
)
from runner.sandbox.catalog.networks import NetworkRule
from runner.sandbox.catalog.store import Catalog, Work, utc_now
from runner.sandbox.catalog.streams import Stream
from runner.sandbox.catalog.tasks import Task
from runner.sandbox.classes import dataclass
from runner.sandbox.context import Context
from runner.sandbox.ddl.container import CreateContainer
from runner.sandbox.ddl.create_table import CreateTable, check_retention
from runner.sandbox.errors import SnowflakeError, compilation
from runner.sandbox.law import policies
from runner.sandbox.result import Result
from runner.sandbox.statements import containers, objects, pieces
from runner.sandbox.statements.moments import instant
from runner.sandbox.statements.tagging import retag
from runner.sandbox.streams import log
from runner.sandbox.versions import not_available, state_at


@dataclass(frozen=True, slots=True)
class _Copies:
    """An open DuckDB transaction in which rows are copied before the catalogue learns of them."""

    context: Context
    cursor: duckdb.DuckDBPyConnection
    at: datetime | None

    def copy(self, table: Table) -> int:
        """A storage with the table's rows, as they are or as they were."""
        name = ".".join(self.context.catalog.full_name(table))
        storage, rows = (table.storage, None) if self.at is None else _state(self.context.catalog, table, self.at, name)
        number = self.context.catalog.next_id()
        limit = "" if rows is None else f" LIMIT {rows}"
        names = log.names_of(table.columns)
        self.cursor.execute(f"CREATE TABLE s{number} AS SELECT {names} FROM s{storage}{limit}").fetchall()
        return number


def _state(catalog: Catalog, table: Table, at: datetime, name: str) -> tuple[int, int | None]:
    if at < table.created_at:
        raise not_available(name)
    return state_at(catalog, table, at, name)


@contextmanager
def copying(context: Context, at: datetime | None) -> Iterator[_Copies]:
    with context.storage.statement(), context.storage.cursor() as cursor:
        cursor.execute("BEGIN").fetchall()
        interrupt = cursor.interrupt
        context.control.attach(interrupt)
        try:
            yield _Copies(context, cursor, at)
        finally:
            context.control.detach(interrupt)


def clone_table(context: Context, statement: CreateTable) -> Result:
    with context.catalog.mutex:
        old = pieces.standing(context, statement)
        source = _source(context, statement)
    if old is not None and statement.header.if_not_exists:
        return objects.left_alone(old.name)
    at = instant(context, statement.moment) if statement.moment else None
    with copying(context, at) as copies:
        number = copies.copy(source)
        with context.catalog.work(copies.cursor) as work:
            old = pieces.standing(context, statement)
            if old is not None and statement.header.if_not_exists:
                return objects.left_alone(old.name)
            table = _cloned_table(source, pieces.model(context, statement, source.columns), number)
            check_retention(table.retention_days, short_lived=table.table_type != "PERMANENT")
            objects.install(context, work, table, old, copy_grants=statement.options.copy_grants, source=source)
            if table.change_tracking:
                log.start(work, table)
    pieces.discard(context, old)
    return objects.created("Table", table.name)


def _source(context: Context, statement: CreateTable) -> Table:
    source = context.get(Table, statement.clone or ())
    refuse_foreign(context, source)
    context.require("SELECT", source)
    if source.external is not None:
        raise compilation(2119, "0A000", f"External table '{source.name}' cannot be cloned.")
    if source.table_type == "TEMPORARY" and not statement.header.temporary:
        raise _not_durable("Temporary", "permanent or transient")
    if source.table_type == "TRANSIENT" and not (statement.header.temporary or statement.header.transient):
        raise _not_durable("Transient", "permanent")
    return source


def _not_durable(kind: str, into: str) -> SnowflakeError:
    return compilation(2119, "0A000", f"{kind} object cannot be cloned to a {into} object.")


def refuse_foreign(context: Context, record: Record) -> None:
    """Nothing that comes from a share can be cloned (user-guide/data-share-consumers)."""
    imported = isinstance(record, Database) and record.origin_share is not None
    if imported or record.account != context.session.account:
        raise compilation(2119, "0A000", f"Cannot clone '{record.name}': it was imported from a share.")


def _cloned_table(source: Table, model: Table, storage: int) -> Table:
    """All that belongs to the table itself; place, owner and kind are the new one's."""
    return replace(
        model,
        columns=[replace(column) for column in source.columns],
        constraints=[replace(constraint) for constraint in source.constraints],
        cluster_by=model.cluster_by or source.cluster_by,
        retention_days=source.retention_days if model.retention_days is None else model.retention_days,
        change_tracking=model.change_tracking or source.change_tracking,
        comment=source.comment if model.comment is None else model.comment,
        identity_next=dict(source.identity_next),
        policies=list(source.policies),
        tags=dict(source.tags),
        storage=storage,
    )


def copy_links(work: Work, old: Record, new: Record) -> None:
    """The grants on one record, but OWNERSHIP and those to shares, also on another."""
    for grant in work.catalog.grants(old.account):
        if grant.on_id == old.id and grant.to_kind != "SHARE":
            work.link(Grant(**(grant.__dict__ | {"on_id": new.id, "created_at": utc_now()})))


def clone_schema(context: Context, statement: CreateContainer) -> Result:
    source = context.schema(statement.clone or ())
    _refuse_container(context, source, statement)
    at = _moment(context, statement, source)
    with copying(context, at) as copies:
        storages = _copy_all(copies, [source])
        with context.catalog.work(copies.cursor) as work:
            home, old = containers.standing_schema(context, statement)
            if old is not None and statement.header.if_not_exists:
                return objects.left_alone(statement.name[-1])
            made = containers.install_schema(context, work, statement, home, old)
            moved = _fill(work, source, made, storages)
            _point_inward(work, made, moved)
    containers.enter_schema(context, home, made.name)
    return objects.created("Schema", made.name)


def clone_database(context: Context, statement: CreateContainer) -> Result:
    source = context.database(statement.clone or ())
    _refuse_container(context, source, statement)
    at = _moment(context, statement, source)
    with copying(context, at) as copies:
        schemas = [one for one in _inside(context, source, at) if isinstance(one, Schema)]
        storages = _copy_all(copies, schemas)
        with context.catalog.work(copies.cursor) as work:
            old = containers.standing_database(context, statement)
            if old is not None and statement.header.if_not_exists:
                return objects.left_alone(statement.name[-1])
            made = containers.install_database(context, work, statement, old)
            work.edit(made, **_inherited(made, source))
            _fill_database(work, schemas, made, storages)
    containers.enter_database(context, made)
    return objects.created("Database", made.name)


def _moment(context: Context, statement: CreateContainer, source: Database | Schema) -> datetime | None:
    at = instant(context, statement.moment) if statement.moment else None
    if at is not None and at < source.created_at:
        raise not_available(source.name)
    return at


def _refuse_container(context: Context, source: Database | Schema, statement: CreateContainer) -> None:
    refuse_foreign(context, source)
    context.require("USAGE", source)
    if source.transient and not statement.header.transient:
        raise _not_durable("Transient", "permanent")


def _copy_all(copies: _Copies, schemas: list[Schema]) -> dict[int, SchemaObject]:
    """A draft of every object in the schemas, by the id of its original; rows are copied."""
    found: dict[int, SchemaObject] = {}
    for one in schemas:
        for record in _inside(copies.context, one, copies.at):
            if isinstance(record, Table) and record.external is not None:
                continue  # External tables are not cloned with their schema.
            if isinstance(record, Routine) and record.session_id is not None:
                continue
            if isinstance(record, Table) and record.session_id is None:
                number = copies.copy(record)
                dynamic = cloned(record.dynamic, utc_now()) if record.dynamic is not None else None
                found[record.id] = replace(
                    record, storage=number, versions=[], changed_at=None, change_log=0, dynamic=dynamic
                )
            elif isinstance(record, Stream):
                found[record.id] = replace(record)
            elif isinstance(record, Alert):
                found[record.id] = replace(record, started=False, next_at=None, runs=[])
            elif isinstance(record, Task):
                found[record.id] = replace(record, started=False, next_at=None)
            elif isinstance(record, FileFormat | Stage) and record.session_id is None:
                if isinstance(record, FileFormat) or record.url:  # Files are not cloned, nor the stages that keep them.
                    found[record.id] = replace(record)
            elif isinstance(record, Sequence | Routine | Tag | Policy | LoginPolicy | NetworkRule) or (
                isinstance(record, View) and record.session_id is None
            ):
                found[record.id] = replace(record)
    return found


def _inside(context: Context, holder: Database | Schema, at: datetime | None) -> list[Record]:
    """What is in a schema or a database, or what was in it at the moment."""
    records = [r for r in list(context.catalog.records.values()) if _holds(holder, r)]
    if at is None:
        return [r for r in records if r.dropped_at is None]
    return [r for r in records if r.created_at <= at and (r.dropped_at is None or r.dropped_at > at)]


def _holds(holder: Database | Schema, record: Record) -> bool:
    if isinstance(holder, Database):
        return isinstance(record, Schema) and record.database_id == holder.id
    return isinstance(record, SchemaObject) and record.schema_id == holder.id


def _inherited(made: Database | Schema, source: Database | Schema) -> dict[str, object]:
    return {
        "comment": source.comment if made.comment is None else made.comment,
        "retention_days": source.retention_days if made.retention_days is None else made.retention_days,
        "parameters": source.parameters | made.parameters,
        "tags": dict(source.tags),
    }


def _fill_database(work: Work, schemas: list[Schema], made: Database, drafts: dict[int, SchemaObject]) -> None:
    moved: objects.Moved = {}
    for one in schemas:
        draft = replace(one, database_id=made.id, created_at=utc_now(), altered_at=None, dropped_at=None)
        draft.transient = one.transient or made.transient
        inner = work.add(draft)
        copy_links(work, one, inner)
        moved |= _fill(work, one, inner, drafts)
    for inner in work.catalog.schemas(made):
        _point_inward(work, inner, moved)
    retag(work, [made], moved)


def _fill(work: Work, source: Schema, made: Schema, drafts: dict[int, SchemaObject]) -> objects.Moved:
    """Puts the drafts of one schema into another; returns where its tables and sequences have gone."""
    work.edit(made, **_inherited(made, source), managed_access=made.managed_access or source.managed_access)
    moved: objects.Moved = {}
    for number, draft in drafts.items():
        if draft.schema_id != source.id:
            continue
        original = work.catalog.record(number)
        new = replace(draft, schema_id=made.id, created_at=utc_now(), altered_at=None, dropped_at=None)
        if isinstance(new, Table) and made.transient:
            new.table_type = "TRANSIENT"
        work.add(new)
        if isinstance(new, Table) and new.change_tracking:
            log.start(work, new)
        copy_links(work, original, new)
        moved[work.catalog.full_name(original)] = work.catalog.full_name(new)
    return moved


def _follow_inward(work: Work, stream: Stream, moved: objects.Moved) -> None:
    """A cloned stream follows what was cloned with it, from now on (user-guide/streams-intro, cloning)."""
    source = _clone_of(work, stream.source_id, moved)
    if source is None:
        return
    base_ids = [(_clone_of(work, number, moved) or work.catalog.record(number)).id for number in stream.base_ids]
    tables = [work.catalog.record(number) for number in base_ids or [source.id]]
    since = max([utc_now(), *(one.tracked_since for one in tables if isinstance(one, Table) and one.tracked_since)])
    name = list(work.catalog.full_name(source))
    work.edit(stream, source_id=source.id, source_name=name, base_ids=base_ids, offset=since)


def _clone_of(work: Work, number: int, moved: objects.Moved) -> Table | View | None:
    """What a table or view inside the clone was made into."""
    record = work.catalog.records.get(number)
    to = moved.get(work.catalog.full_name(record)) if isinstance(record, Table | View) else None
    home = work.catalog.database(record.account, to[0]) if record is not None and to else None
    schema = work.catalog.schema(home, to[1]) if home and to else None
    if record is None or schema is None or to is None:
        return None
    if isinstance(record, View):
        return work.catalog.object(schema, View, to[2])
    return work.catalog.object(schema, Table, to[2])


def _point_inward(work: Work, made: Schema, moved: objects.Moved) -> None:
    """Keys and sequence defaults inside the clone mean what was cloned with them."""
    for table in work.catalog.objects(made, Table):
        objects.point_anew(work, table, moved)
    for view in work.catalog.objects(made, View):
        work.edit(view, policies=[policies.moved(text, moved) for text in view.policies])
    retag(work, [made, *work.catalog.objects(made)], moved)
    for stream in work.catalog.objects(made, Stream):
        _follow_inward(work, stream, moved)
