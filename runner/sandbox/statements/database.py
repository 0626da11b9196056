"""CREATE, ALTER and DROP DATABASE (sql-reference/sql/create-database, alter-database, drop-database)."""

from __future__ import annotations

from runner.sandbox import shared_roles
from runner.sandbox.access import require_account
from runner.sandbox.catalog.model import Database, Role, Schema
from runner.sandbox.catalog.store import Work, utc_now
from runner.sandbox.context import Context
from runner.sandbox.ddl.container import (
    AlterContainer,
    CreateContainer,
    read_alter_container,
    read_create_container,
    read_drop,
    with_parameters,
)
from runner.sandbox.ddl.create_table import check_retention
from runner.sandbox.ddl.header import read_header
from runner.sandbox.errors import already_exists, unsupported
from runner.sandbox.law import roles
from runner.sandbox.resolve import find_database, refuse_imported
from runner.sandbox.result import Result, status_result
from runner.sandbox.statements import clone, containers, dangling, objects, share
from runner.sandbox.tokens import Reader


def create(context: Context, text: str) -> Result:
    reader = Reader(text)
    header = read_header(reader, "DATABASE", allowed=("TRANSIENT",), or_alter=True)
    if reader.peek(1).word == "FROM" and reader.peek(2).word == "SHARE":
        return share.create_database(context, text)
    statement = read_create_container(reader, header, "DATABASE")
    context.commit_for_ddl()
    if statement.clone:
        return clone.clone_database(context, statement)
    with context.catalog.work() as work:
        old = containers.standing_database(context, statement)
        name = statement.name[-1]
        if old is not None and header.if_not_exists:
            return objects.left_alone(name)
        if old is not None and header.or_alter:
            return _reset(work, old, statement)
        database = containers.install_database(context, work, statement, old)
        schema = Schema(
            account=database.account,
            name="PUBLIC",
            owner=database.owner,
            created_at=utc_now(),
            database_id=database.id,
            transient=database.transient,
        )
        objects.install(context, work, schema, None)
    containers.enter_database(context, database)
    return objects.created("Database", name)


def _reset(work: Work, database: Database, statement: CreateContainer) -> Result:
    refuse_imported(database, "ALTER")
    fields = {"retention_days": statement.retention_days, "parameters": statement.parameters}
    work.edit(database, comment=statement.comment, altered_at=utc_now(), **fields)
    return objects.created("Database", database.name)


def alter(context: Context, text: str) -> Result:
    reader = Reader(text)
    reader.expect("ALTER", "DATABASE")
    forgiving = reader.accept("IF", "EXISTS")
    parts = reader.name()
    change = read_alter_container(reader, "DATABASE")
    context.commit_for_ddl()
    with context.catalog.work() as work:
        if forgiving and find_database(context.catalog, context.session, parts[-1]) is None:
            return status_result(objects.DONE)
        database = context.database(parts, "ALTER")
        context.require("OWNERSHIP" if change.rename or change.swap else "MODIFY", database)
        if change.fields:
            refuse_imported(database, "ALTER")
        _apply(context, work, database, change)
    return status_result(objects.DONE)


def _apply(context: Context, work: Work, database: Database, change: AlterContainer) -> None:
    if change.rename:
        require_account(context.catalog, context.session, "CREATE DATABASE")
        if context.catalog.database(database.account, change.rename[-1]) is not None:
            raise already_exists(change.rename[-1])
        _rename(context, work, [(database, change.rename[-1])])
    elif change.swap:
        other = context.database(change.swap, "ALTER")
        context.require("OWNERSHIP", other)
        _rename(context, work, [(database, other.name), (other, database.name)])
    else:
        fields = with_parameters(database.parameters, dict(change.fields))
        check_retention(fields.get("retention_days"), short_lived=database.transient)
        work.edit(database, altered_at=utc_now(), **fields)


def _rename(context: Context, work: Work, names: list[tuple[Database, str]]) -> None:
    """Database roles carry the database's name; the session stays where it is, under the new name."""
    here = next((new for database, new in names if database.name == context.session.database), None)
    old = [(database, database.name, new) for database, new in names]
    objects.rename(work, [(database, {"name": new}) for database, new in names])
    if len(names) == 1:
        roles.rename_database(work, names[0][0].account, old[0][1], old[0][2])
    elif any(role.database_id in [d.id for d, _ in names] for role in work.catalog.all(Role, names[0][0].account)):
        raise unsupported("SWAP of databases that have database roles")
    context.session.database = here or context.session.database


def drop(context: Context, text: str) -> Result:
    forgiving, parts, restricted = read_drop(Reader(text), "DATABASE")
    context.commit_for_ddl()
    with context.catalog.work() as work:
        if forgiving and find_database(context.catalog, context.session, parts[-1]) is None:
            return objects.already_dropped(parts[-1])
        database = context.database(parts, "DROP")
        context.require("OWNERSHIP", database)
        if restricted:
            objects.refuse_referred(work, database)
        dangling.refuse(work, database)
        objects.drop(work, database, utc_now())
        if database.origin_share is not None:
            shared_roles.forget(work, database)
    if context.session.database == database.name:
        context.session.database = context.session.schema = None
    return status_result(f"{database.name} successfully dropped.")
