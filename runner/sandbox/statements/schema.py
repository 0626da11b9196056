"""CREATE, ALTER and DROP SCHEMA (sql-reference/sql/create-schema, alter-schema, drop-schema)."""

from __future__ import annotations

from runner.sandbox import access
from runner.sandbox.catalog.model import Database, Schema
from runner.sandbox.catalog.store import Work, utc_now
from runner.sandbox.context import Context
from runner.sandbox.ddl.container import (
    AlterContainer,
    check_name,
    read_alter_container,
    read_create_container,
    read_drop,
    with_parameters,
)
from runner.sandbox.ddl.create_table import check_retention
from runner.sandbox.ddl.header import read_header
from runner.sandbox.errors import already_exists, does_not_exist
from runner.sandbox.resolve import find_database, refuse_imported
from runner.sandbox.result import Result, status_result
from runner.sandbox.statements import clone, containers, dangling, objects
from runner.sandbox.tokens import Reader


def create(context: Context, text: str) -> Result:
    reader = Reader(text)
    header = read_header(reader, "SCHEMA", allowed=("TRANSIENT",), or_alter=True)
    statement = read_create_container(reader, header, "SCHEMA")
    context.commit_for_ddl()
    if statement.clone:
        return clone.clone_schema(context, statement)
    with context.catalog.work() as work:
        home, old = containers.standing_schema(context, statement)
        name = statement.name[-1]
        if old is not None and header.if_not_exists:
            return objects.left_alone(name)
        if old is not None and header.or_alter:
            fields = {"retention_days": statement.retention_days, "parameters": statement.parameters}
            work.edit(old, comment=statement.comment, managed_access=statement.managed_access, **fields)
            work.edit(old, altered_at=utc_now())
        else:
            containers.install_schema(context, work, statement, home, old)
    containers.enter_schema(context, home, name)
    return objects.created("Schema", name)


def alter(context: Context, text: str) -> Result:
    reader = Reader(text)
    reader.expect("ALTER", "SCHEMA")
    forgiving = reader.accept("IF", "EXISTS")
    parts = reader.name()
    change = read_alter_container(reader, "SCHEMA")
    context.commit_for_ddl()
    with context.catalog.work() as work:
        found = _find(context, parts, "ALTER")
        if found is None and forgiving:
            return status_result(objects.DONE)
        schema = _known(found, context, parts)
        context.require(_needed(change), schema)
        _apply(context, work, schema, change)
    return status_result(objects.DONE)


def _needed(change: AlterContainer) -> str:
    """Settings take MODIFY; names and managed access the owner (security-access-control-privileges)."""
    settings = not change.rename and not change.swap and "managed_access" not in dict(change.fields)
    return "MODIFY" if settings else "OWNERSHIP"


def _find(context: Context, parts: tuple[str, ...], command: str) -> Schema | None:
    home = context.database(parts[:-1], command)
    refuse_imported(home, command)
    check_name(parts[-1], "SCHEMA")
    found = context.catalog.schema(home, parts[-1])
    return found if found is not None and access.visible(context.catalog, context.session, found) else None


def _taken(context: Context, home: Database, name: str) -> bool:
    refuse_imported(home, "ALTER")
    return context.catalog.schema(home, check_name(name, "SCHEMA")) is not None


def _known(found: Schema | None, context: Context, parts: tuple[str, ...]) -> Schema:
    if found is None:
        raise does_not_exist("Schema", ".".join((context.database(parts[:-1]).name, parts[-1])))
    return found


def _apply(context: Context, work: Work, schema: Schema, change: AlterContainer) -> None:
    if change.rename:
        _rename(context, work, schema, change.rename)
    elif change.swap:
        other = _known(_find(context, change.swap, "ALTER"), context, change.swap)
        context.require("OWNERSHIP", other)
        mine: dict[str, object] = {"name": schema.name, "database_id": schema.database_id}
        theirs: dict[str, object] = {"name": other.name, "database_id": other.database_id}
        objects.rename(work, [(schema, theirs), (other, mine)])
    else:
        fields = with_parameters(schema.parameters, dict(change.fields))
        check_retention(fields.get("retention_days"), short_lived=schema.transient)
        work.edit(schema, altered_at=utc_now(), **fields)


def _rename(context: Context, work: Work, schema: Schema, parts: tuple[str, ...]) -> None:
    home = context.database(parts[:-1], "ALTER") if len(parts) > 1 else work.catalog.record(schema.database_id)
    context.require("CREATE SCHEMA", home)
    if not isinstance(home, Database) or _taken(context, home, parts[-1]):
        raise already_exists(objects.dotted_as_given(parts))
    here = (context.session.database, context.session.schema) == work.catalog.full_name(schema)
    objects.rename(work, [(schema, {"name": parts[-1], "database_id": home.id})])
    if here:
        containers.enter_schema(context, home, schema.name)


def drop(context: Context, text: str) -> Result:
    forgiving, parts, restricted = read_drop(Reader(text), "SCHEMA")
    context.commit_for_ddl()
    with context.catalog.work() as work:
        found = _absent(context, parts) if forgiving else _find(context, parts, "DROP")
        if found is None and forgiving:
            return objects.already_dropped(parts[-1])
        schema = _known(found, context, parts)
        context.require("OWNERSHIP", schema)
        if restricted:
            objects.refuse_referred(work, schema)
        dangling.refuse(work, schema)
        here = (context.session.database, context.session.schema) == work.catalog.full_name(schema)
        objects.drop(work, schema, utc_now())
    if here:
        context.session.schema = None
    return status_result(f"{schema.name} successfully dropped.")


def _absent(context: Context, parts: tuple[str, ...]) -> Schema | None:
    """The schema if it and its database are there."""
    if len(parts) > 1 and find_database(context.catalog, context.session, parts[0]) is None:
        return None
    return _find(context, parts, "DROP")
