"""From names to records: what a name means to a session, or that it means nothing.

A session looks from its current database and schema; an owner's-rights procedure and a view look from their own
schema (developer-guide/stored-procedure/stored-procedures-rights, sql-reference/name-resolution).
"""

from __future__ import annotations

from typing import TypeVar

from runner.sandbox import access, errors, shares
from runner.sandbox.catalog.model import Database, Routine, Schema, SchemaObject
from runner.sandbox.catalog.replication import read_only, secondary_of
from runner.sandbox.catalog.store import Catalog
from runner.sandbox.ddl.types import signature_type
from runner.sandbox.session import Session

R = TypeVar("R", bound=SchemaObject)
Parts = tuple[str, ...]


def kind_name(kind: type[SchemaObject]) -> str:
    """A kind as messages have it: `Table`, `View`, `Sequence` … and `Object` for any."""
    return kind.__name__ if kind.kind in ("TABLE", "VIEW", "SEQUENCE") else "Object"


def current_schema(catalog: Catalog, session: Session) -> Schema | None:
    """The schema in which unqualified names are looked for; None when there is none or it was dropped."""
    if session.owner_rights:
        found = catalog.records.get(session.owner_rights[-1][1])
        return found if isinstance(found, Schema) and found.dropped_at is None else None
    database = current_database(catalog, session)
    return _schema_in(catalog, session, database, session.schema) if database and session.schema else None


def current_database(catalog: Catalog, session: Session) -> Database | None:
    """The database in which half-qualified names are looked for."""
    if session.owner_rights:
        schema = current_schema(catalog, session)
        found = catalog.records.get(schema.database_id) if schema else None
        return found if isinstance(found, Database) else None
    return catalog.database(session.account, session.database) if session.database else None


def find_database(catalog: Catalog, session: Session, name: str) -> Database | None:
    """A database the session may see."""
    found = catalog.database(session.account, name)
    return found if found is not None and access.visible(catalog, session, found) else None


def database(catalog: Catalog, session: Session, parts: Parts, command: str = "operation") -> Database:
    """The database that the name means, the current one for no name; 090105 without, 002003 when it is not there."""
    if parts:
        found = find_database(catalog, session, parts[0])
    else:
        found = current_database(catalog, session)
        if found is None and not session.database:
            raise errors.no_current_database(command)
    if found is None:
        raise errors.does_not_exist("Database", ".".join(parts) or session.database or "")
    return found


def schema(catalog: Catalog, session: Session, parts: Parts, command: str = "operation") -> Schema:
    """The schema that the name means, the current one for no name."""
    if not parts:
        database(catalog, session, (), command)
        if (found := current_schema(catalog, session)) is not None:
            return found
        if not session.schema:
            raise errors.no_current_schema(command)
        raise errors.does_not_exist("Schema", f"{session.database}.{session.schema}")
    home = database(catalog, session, parts[:-1], command)
    found = _schema_in(catalog, session, home, parts[-1])
    if found is None:
        raise errors.does_not_exist("Schema", f"{home.name}.{parts[-1]}")
    return found


def _schema_in(catalog: Catalog, session: Session, home: Database, name: str) -> Schema | None:
    if shares.is_imported(home):
        usable = access.has(catalog, session, "USAGE", home)
        found = shares.schema(catalog, home, name) if usable else None
    else:
        found = catalog.schema(home, name)
    return found if found is not None and access.visible(catalog, session, found) else None


def _place(catalog: Catalog, session: Session, parts: Parts, command: str) -> tuple[Database, str]:
    """Database and schema name in which an object of this name is to be looked for."""
    if len(parts) > 3:
        raise errors.compilation(1003, "42000", f"invalid object name '{'.'.join(parts)}'")
    if len(parts) == 3:
        return database(catalog, session, parts[:1], command), parts[1]
    if len(parts) == 2:
        return database(catalog, session, (), command), parts[0]
    here = schema(catalog, session, (), command)
    home = catalog.record(here.database_id)
    imported = current_database(catalog, session)
    return (imported or home) if isinstance(home, Database) else home, here.name  # type: ignore[return-value]


def find(catalog: Catalog, session: Session, kind: type[R], parts: Parts, command: str = "SELECT") -> R | None:
    """The object that the name means; None when it is not there or the session may not see it.

    Raises only where the name cannot be looked for at all: no current database or schema.
    """
    try:
        home, schema_name = _place(catalog, session, parts, command)
    except errors.SnowflakeError as refusal:
        if refusal.errno == 2003:
            return None
        raise
    if shares.is_imported(home):
        usable = access.has(catalog, session, "USAGE", home)
        found = shares.lookup(catalog, home, schema_name, kind, parts[-1]) if usable else None
    else:
        place = catalog.schema(home, schema_name)
        found = _own(catalog, session, place, kind, parts[-1]) if place else None
    return found if found is not None and access.visible(catalog, session, found) else None


def _own(catalog: Catalog, session: Session, place: Schema, kind: type[R], name: str) -> R | None:
    """A temporary table is there for its session only, and hides a permanent one of its name."""
    named = [r for r in catalog.named(place, name) if type(r) is kind]
    mine = [r for r in named if r.session_id == session.id]
    others = [r for r in named if r.session_id is None]
    return next(iter(mine + others), None)


def get(catalog: Catalog, session: Session, kind: type[R], parts: Parts, command: str = "SELECT") -> R:
    """The object that the name means, or 002003."""
    found = find(catalog, session, kind, parts, command)
    if found is None:
        raise missing(catalog, session, kind_name(kind), parts)
    return found


def missing(catalog: Catalog, session: Session, kind: str, parts: Parts) -> errors.SnowflakeError:
    """That there is no such object: the first part of its name that the session does not see is named."""
    try:
        if len(parts) > 1 and "INFORMATION_SCHEMA" not in parts:
            schema(catalog, session, parts[:-1])
    except errors.SnowflakeError as refusal:
        return refusal
    return errors.does_not_exist(kind, display(catalog, session, parts))


def display(catalog: Catalog, session: Session, parts: Parts) -> str:
    """The name as messages give it: as full as the session's place makes it."""
    here = current_schema(catalog, session)
    home = current_database(catalog, session)
    if len(parts) == 1 and here and home:
        return ".".join((home.name, here.name, *parts))
    return ".".join((home.name, *parts) if len(parts) == 2 and home else parts)


def target(catalog: Catalog, session: Session, parts: Parts, command: str = "CREATE") -> tuple[Schema, str]:
    """Where an object that is to be made goes: a schema of the session's own account, and its name there."""
    home, _ = _place(catalog, session, parts, command)
    refuse_imported(home, command)
    return schema(catalog, session, parts[:-1], command), parts[-1]


def refuse_imported(home: Database, command: str = "CREATE") -> None:
    """A database from a share can only be read (user-guide/data-share-consumers)."""
    if shares.is_imported(home):
        text = f"SQL execution error: {command.capitalize()} on shared database '{home.name}' is not allowed."
        raise errors.SnowflakeError(3540, "42501", text)
    if home.replica_of is not None:
        raise read_only(home, command)


def refuse_foreign(catalog: Catalog, session: Session, found: SchemaObject, parts: Parts, command: str) -> None:
    """What belongs to another account came through a share; a secondary database is only read."""
    if found.account != session.account or secondary_of(catalog.records, found) is not None:
        refuse_imported(_place(catalog, session, parts, command)[0], command)


def writable(catalog: Catalog, session: Session, kind: type[R], parts: Parts, command: str) -> R:
    """The object that the name means, for a statement that changes it: nothing of another account's."""
    found = get(catalog, session, kind, parts, command)
    refuse_imported(_place(catalog, session, parts, command)[0], command)
    return found


def _mine(session: Session, found: list[Routine]) -> list[Routine]:
    """The session's temporary routines, and what they do not hide."""
    own = [r for r in found if r.session_id == session.id]
    hidden = {_kinds(r) for r in own}
    return own + [r for r in found if r.session_id is None and _kinds(r) not in hidden]


def _kinds(routine: Routine) -> tuple[str, ...]:
    return tuple(signature_type(argument.type) for argument in routine.arguments)


def routines(catalog: Catalog, session: Session, parts: Parts, routine: str) -> list[Routine]:
    """Every overload of a procedure or function that the session sees under the name."""
    try:
        home, schema_name = _place(catalog, session, parts, "CALL" if routine == "PROCEDURE" else "SELECT")
    except errors.SnowflakeError as refusal:
        if refusal.errno in (2003, 90105, 90106):
            return []
        raise
    if shares.is_imported(home):
        usable = access.has(catalog, session, "USAGE", home)
        found = shares.lookup_routines(catalog, home, schema_name, parts[-1]) if usable else []
        named = [r for r in found if r.routine == routine]
    else:
        place = catalog.schema(home, schema_name)
        named = _mine(session, catalog.routines(place, parts[-1], routine) if place else [])
    return [r for r in named if access.visible(catalog, session, r)]
