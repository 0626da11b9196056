"""CREATE, ALTER and DROP of ROLE and DATABASE ROLE (sql-reference/sql/create-role, create-database-role, drop-role)."""

from __future__ import annotations

from runner.sandbox import access, shared_roles
from runner.sandbox.bootstrap import SYSTEM_ROLES
from runner.sandbox.catalog.model import Database, Role
from runner.sandbox.catalog.store import Catalog, Work, utc_now
from runner.sandbox.context import Context
from runner.sandbox.errors import (
    SnowflakeError,
    already_exists,
    does_not_exist,
    insufficient_privileges,
    no_current_database,
)
from runner.sandbox.law import clauses, roles
from runner.sandbox.resolve import refuse_imported
from runner.sandbox.result import Result, status_result
from runner.sandbox.tokens import Reader

_SETTABLE = {"COMMENT": clauses.text}


def create(context: Context, text: str) -> Result:
    reader = Reader(text)
    head = clauses.create(reader, "ROLE")
    name = roles.check_name(reader.identifier())
    given = clauses.properties(reader, "ROLE", _SETTABLE)
    return _create(context, head, None, name, given)


def create_database_role(context: Context, text: str) -> Result:
    reader = Reader(text)
    head = clauses.create(reader, "DATABASE", "ROLE")
    database, name = _place(context, reader.name())
    given = clauses.properties(reader, "DATABASE ROLE", _SETTABLE)
    return _create(context, head, database, name, given)


def _create(
    context: Context, head: clauses.Create, database: Database | None, name: str, given: dict[str, object]
) -> Result:
    context.commit_for_ddl()
    with context.catalog.work() as work:
        existing = find(context.catalog, context.session.account, database, name)
        _require_create(context, database)
        if existing is not None and head.unless_exists:
            return status_result(f"{name} already exists, statement succeeded.")
        if existing is not None and not head.replace:
            raise already_exists(name)
        if existing is not None:
            _drop(context, work, existing)
        if database is not None:
            # A database of this name that was dropped may have had a role of this name: nothing of it comes back.
            roles.strip(work, database.account, f"{database.name}.{name}", None)
        work.add(
            Role(
                account=context.session.account,
                name=name,
                owner=access.owner_for_new(context.catalog, context.session),
                database_id=database.id if database else None,
                created_at=utc_now(),
                comment=clauses.comment(given),
            )
        )
    if database is None and existing is not None:
        context.engine.role_is_now(context.session.account, name, None)
    kind = "Database role" if database else "Role"
    return status_result(f"{kind} {name} successfully created.")


def _require_create(context: Context, database: Database | None) -> None:
    if database is None:
        access.require_account(context.catalog, context.session, "CREATE ROLE")
    else:
        refuse_imported(database, "CREATE")
        context.require("CREATE DATABASE ROLE", database)


def _place(context: Context, parts: tuple[str, ...]) -> tuple[Database, str]:
    """Database and name of a database role."""
    if len(parts) > 2:
        raise does_not_exist("Database role", ".".join(parts))
    if len(parts) == 1 and context.session.database is None:
        raise no_current_database("CREATE DATABASE ROLE")
    database = context.database(parts[:1] if len(parts) == 2 else (context.session.database or "",))
    return database, roles.check_name(parts[-1])


def find(catalog: Catalog, account: str, database: Database | None, name: str) -> Role | None:
    """The live account role, or the live role of the database."""
    number = database.id if database else None
    return next((r for r in catalog.all(Role, account) if r.name == name and r.database_id == number), None)


def drop(context: Context, text: str) -> Result:
    reader = Reader(text)
    forgiving = clauses.alter(reader, "DROP", "ROLE")
    name = reader.identifier()
    reader.end()
    return _drop_named(context, None, name, forgiving)


def drop_database_role(context: Context, text: str) -> Result:
    reader = Reader(text)
    forgiving = clauses.alter(reader, "DROP", "DATABASE", "ROLE")
    database, name = _place(context, reader.name())
    reader.end()
    return _drop_named(context, database, name, forgiving)


def _drop_named(context: Context, database: Database | None, name: str, forgiving: bool) -> Result:
    context.commit_for_ddl()
    with context.catalog.work() as work:
        role = find(context.catalog, context.session.account, database, name)
        if role is None and forgiving:
            return status_result("Drop statement executed successfully (" + name + " already dropped).")
        _drop(context, work, _known(role, database, name))
    if database is None:
        context.engine.role_is_now(context.session.account, name, None)
    return status_result(f"{name} successfully dropped.")


def _known(role: Role | None, database: Database | None, name: str) -> Role:
    if role is None:
        raise does_not_exist("Database role" if database else "Role", f"{database.name}.{name}" if database else name)
    return role


def _drop(context: Context, work: Work, role: Role) -> None:
    refuse_system(role)
    context.require("OWNERSHIP", role)
    heir = access.owner_for_new(context.catalog, context.session)
    name = access.role_name(context.catalog, role)
    for share in shared_roles.shares_with(context.catalog, role.account, name):
        shared_roles.withdraw(work, role.account, share, name)
    roles.strip(work, role.account, name, heir)
    work.forget(role)


def refuse_system(role: Role) -> None:
    """The built-in roles stand as they are."""
    if role.database_id is None and role.name in SYSTEM_ROLES:
        raise insufficient_privileges("role", role.name)


def alter(context: Context, text: str) -> Result:
    reader = Reader(text)
    forgiving = clauses.alter(reader, "ALTER", "ROLE")
    name = reader.identifier()
    return _alter(context, reader, None, name, forgiving)


def alter_database_role(context: Context, text: str) -> Result:
    reader = Reader(text)
    forgiving = clauses.alter(reader, "ALTER", "DATABASE", "ROLE")
    database, name = _place(context, reader.name())
    return _alter(context, reader, database, name, forgiving)


def _alter(context: Context, reader: Reader, database: Database | None, name: str, forgiving: bool) -> Result:
    new_name, changes = _changes(reader, database)
    context.commit_for_ddl()
    with context.catalog.work() as work:
        found = find(context.catalog, context.session.account, database, name)
        if found is None and forgiving:
            return status_result("Statement executed successfully.")
        role = _known(found, database, name)
        refuse_system(role)
        context.require("OWNERSHIP", role)
        if new_name is not None:
            _rename(context, work, role, database, new_name)
        work.edit(role, altered_at=utc_now(), **changes)
    if database is None and new_name is not None:
        context.engine.role_is_now(context.session.account, name, new_name)
    return status_result("Statement executed successfully.")


def _changes(reader: Reader, database: Database | None) -> tuple[str | None, dict[str, object]]:
    kind = "DATABASE ROLE" if database else "ROLE"
    if reader.accept("RENAME", "TO"):
        parts = reader.name()
        reader.end()
        if len(parts) > 1 and (database is None or parts[:-1] != (database.name,)):
            raise does_not_exist("Database", ".".join(parts[:-1]))
        return roles.check_name(parts[-1]), {}
    if reader.accept("UNSET"):
        clauses.names(reader, kind, _SETTABLE)
        return None, {"comment": None}
    reader.expect("SET")
    given = clauses.settings(reader, kind, _SETTABLE)
    return None, {"comment": given["COMMENT"]} if given else {}


def _rename(context: Context, work: Work, role: Role, database: Database | None, new_name: str) -> None:
    if find(context.catalog, role.account, database, new_name) is not None:
        raise already_exists(new_name)
    old = access.role_name(context.catalog, role)
    work.edit(role, name=new_name)
    new = access.role_name(context.catalog, role)
    roles.rename(work, role.account, old, new)
    shared_roles.rename(work, role.account, old, new)


def named(context: Context, name: str) -> Role:
    """The account role of this name, or 002003."""
    role = find(context.catalog, context.session.account, None, name)
    if role is None:
        raise role_missing(name)
    return role


def role_missing(name: str) -> SnowflakeError:
    return does_not_exist("Role", name)
