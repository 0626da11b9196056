"""One SHOW command: its columns and where its rows come from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from runner.sandbox import resolve
from runner.sandbox.catalog.model import Database, Schema, SchemaObject
from runner.sandbox.classes import dataclass
from runner.sandbox.context import Context
from runner.sandbox.errors import SnowflakeError, no_such_place
from runner.sandbox.show.inventory import Inventory, Item
from runner.sandbox.show.request import Request
from runner.sandbox.show.shape import Row

K = TypeVar("K", bound=SchemaObject)


@dataclass(frozen=True, slots=True)
class Listing:
    """`naming` is the column that LIKE, STARTS WITH and LIMIT … FROM look at; `terse` the columns of SHOW TERSE."""

    shape: str
    rows: Callable[[Context, Request], Iterable[Row]]
    scoped: bool = True
    history: bool = False
    terse: str | None = None
    naming: str = "name"
    differs: str = ""


def places(context: Context, request: Request, inventory: Inventory) -> Iterator[tuple[Database, list[Schema]]]:
    """Where a command looks: the schemas of its scope, by default of the session's schema, database or account."""
    here = resolve.current_database(context.catalog, context.session)
    scope = request.scope or ("SCHEMA" if context.session.schema else "DATABASE")
    match scope:
        case "DATABASE" if request.name or here:
            database = scope_database(context, request.name)
            yield database, inventory.schemas(database)
        case "ACCOUNT" | "DATABASE":
            for database in inventory.databases():
                yield database, inventory.schemas(database)
        case "SCHEMA":
            yield schema_place(context, request.name)
        case _:
            yield named_place(context, request.name, inventory)


def scope_database(context: Context, name: tuple[str, ...]) -> Database:
    """The database that a SHOW command looks into; 002043 where the session sees none of that name."""
    try:
        return context.database(name, "SHOW")
    except SnowflakeError as refusal:
        raise (no_such_place() if refusal.errno == 2003 else refusal) from None


def schema_place(context: Context, name: tuple[str, ...]) -> tuple[Database, list[Schema]]:
    """The schema of that name, or the session's."""
    database = scope_database(context, name[:-1])
    try:
        return database, [context.schema(name, "SHOW")]
    except SnowflakeError as refusal:
        raise (no_such_place() if refusal.errno == 2003 else refusal) from None


def named_place(context: Context, name: tuple[str, ...], inventory: Inventory) -> tuple[Database, list[Schema]]:
    """`IN x`: a schema of the current database if there is one of that name, else the database x."""
    here = resolve.current_database(context.catalog, context.session)
    schemas = inventory.schemas(here) if here else []
    if len(name) == 1 and not any(schema.name == name[0] for schema in schemas):
        database = scope_database(context, name)
        return database, inventory.schemas(database)
    return schema_place(context, name)


def found(context: Context, request: Request, kind: type[K]) -> Iterator[Item[K]]:
    """The objects of a kind in the command's scope."""
    inventory = Inventory(context.catalog, context.session, dropped=request.history)
    for database, schemas in places(context, request, inventory):
        for schema in schemas:
            yield from inventory.within(database, schema, kind)
