"""Where databases and schemas come to stand, however they are made, and where the session then works."""

from __future__ import annotations

from functools import partial

from runner.sandbox import access
from runner.sandbox.catalog.model import Database, Schema
from runner.sandbox.catalog.store import Work, utc_now
from runner.sandbox.context import Context
from runner.sandbox.ddl.container import CreateContainer, check_name
from runner.sandbox.errors import does_not_exist
from runner.sandbox.resolve import refuse_imported
from runner.sandbox.statements import dangling, objects


def standing_database(context: Context, statement: CreateContainer) -> Database | None:
    """What stands under the name, after the right to make or replace it was found."""
    if len(statement.name) != 1:
        raise does_not_exist("Database", ".".join(statement.name[:-1]))
    found = context.catalog.database(context.session.account, statement.name[0])
    may = partial(access.require_account, context.catalog, context.session, "CREATE DATABASE")
    old = objects.standing(context, statement.header, found, Database, statement.name, may)
    if old is not None and not statement.header.if_not_exists:
        context.require("OWNERSHIP", old)
    return old


def install_database(context: Context, work: Work, statement: CreateContainer, old: Database | None) -> Database:
    if old is not None:
        dangling.refuse(work, old)
    record = Database(
        account=context.session.account,
        name=statement.name[0],
        owner=objects.owner(context),
        comment=statement.comment,
        created_at=utc_now(),
        transient=statement.header.transient,
        retention_days=statement.retention_days,
        parameters=dict(statement.parameters),
    )
    return objects.install(context, work, record, old)


def enter_database(context: Context, database: Database) -> None:
    """Who makes a database works in it from then on."""
    context.session.database = database.name
    context.session.schema = "PUBLIC"


def standing_schema(context: Context, statement: CreateContainer) -> tuple[Database, Schema | None]:
    """The database, and what stands under the name, after the right to make or replace it was found."""
    home = context.database(statement.name[:-1], "CREATE SCHEMA")
    refuse_imported(home)
    name = check_name(statement.name[-1], "SCHEMA")
    may = partial(context.require, "CREATE SCHEMA", home)
    old = objects.standing(context, statement.header, context.catalog.schema(home, name), Schema, statement.name, may)
    if old is not None and not statement.header.if_not_exists:
        context.require("OWNERSHIP", old)
    return home, old


def install_schema(
    context: Context, work: Work, statement: CreateContainer, home: Database, old: Schema | None
) -> Schema:
    if old is not None:
        dangling.refuse(work, old)
    record = Schema(
        account=home.account,
        name=statement.name[-1],
        owner=objects.owner(context),
        comment=statement.comment,
        created_at=utc_now(),
        database_id=home.id,
        transient=statement.header.transient or home.transient,
        managed_access=statement.managed_access,
        retention_days=statement.retention_days,
        parameters=dict(statement.parameters),
    )
    return objects.install(context, work, record, old)


def enter_schema(context: Context, home: Database, name: str) -> None:
    """Who makes a schema works in it from then on."""
    context.session.database = home.name
    context.session.schema = name
