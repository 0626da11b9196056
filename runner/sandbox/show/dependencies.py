"""What a view or a SQL function refers to, by name, resolved in its own schema (user-guide/object-dependencies)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import sqlglot
from sqlglot import exp

from runner.sandbox.catalog.model import Database, Routine, Schema, SchemaObject, Table, View
from runner.sandbox.catalog.store import Catalog
from runner.sandbox.classes import dataclass
from runner.sandbox.query.columns import called, is_public


@dataclass(frozen=True, slots=True)
class Reference:
    """One name that an object refers to; `record` is None where nothing of that name is there now."""

    parts: tuple[str, ...]
    function: bool
    record: SchemaObject | None


def references(catalog: Catalog, record: View | Routine | Table) -> Iterator[Reference]:
    """Tables, views and user functions named by a view's query or a SQL function's body, each once, in order.

    Procedures refer to nothing: Snowflake does not look into their bodies.
    """
    if isinstance(record, Routine) and (record.routine == "PROCEDURE" or record.language != "SQL"):
        return
    tables, functions = _named(_text(record))
    for parts in tables:
        yield Reference(parts, False, _relation(catalog, record, parts))
    known: set[int] = set()
    for parts, arguments in functions:
        found = _function(catalog, record, parts, arguments)
        if found is not None and found.id not in known:
            known.add(found.id)
            yield Reference(parts, True, found)


def _text(record: View | Routine | Table) -> str:
    """The query or the body; a plain table has neither and refers to nothing."""
    if isinstance(record, Table):
        return record.dynamic.query if record.dynamic is not None else ""
    return record.query if isinstance(record, View) else record.body


@lru_cache(maxsize=20_000)
def _named(text: str) -> tuple[tuple[tuple[str, ...], ...], tuple[tuple[tuple[str, ...], int], ...]]:
    """The tables that a text names, and the functions with the number of their arguments; each once, in order."""
    try:
        tree = sqlglot.parse_one(text, dialect="snowflake") if text else None
    except sqlglot.errors.SqlglotError:
        tree = None
    if tree is None:
        return (), ()
    return tuple(dict.fromkeys(_tables(tree))), tuple(dict.fromkeys(_functions(tree)))


def _name(identifier: exp.Expr | str | None) -> str:
    if isinstance(identifier, exp.Identifier):
        return identifier.name if identifier.quoted else identifier.name.upper()
    return ""


def _tables(tree: exp.Expr) -> Iterator[tuple[str, ...]]:
    common = {cte.alias.upper() for cte in tree.find_all(exp.CTE)}
    for table in tree.find_all(exp.Table):
        parts = tuple(_name(part) for part in table.parts)
        if is_public(table):
            parts = (parts[0], "PUBLIC", parts[1])
        if all(parts) and not (len(parts) == 1 and parts[0].upper() in common):
            yield parts


def _functions(tree: exp.Expr) -> Iterator[tuple[tuple[str, ...], int]]:
    """Names that are called, each with the number of its arguments."""
    for call in tree.find_all(exp.Anonymous):
        parts = [called(call)]
        dot = call.parent
        if isinstance(dot, exp.Dot) and dot.expression is call:
            head = dot.this
            names = head.find_all(exp.Identifier) if isinstance(head, exp.Expr) else ()
            parts = [*[_name(each) for each in names], *parts]
        yield tuple(parts), len(call.expressions)


def _schema(catalog: Catalog, record: SchemaObject, parts: tuple[str, ...]) -> Schema | None:
    """The schema in which the name is to be found, seen from the record's own."""
    own = catalog.record(record.schema_id)
    assert isinstance(own, Schema)
    if len(parts) == 1:
        return own
    home = catalog.record(own.database_id)
    if len(parts) == 3:
        found = catalog.database(record.account, parts[0])
        return catalog.schema(found, parts[1]) if found else None
    return catalog.schema(home, parts[0]) if isinstance(home, Database) else None


def _relation(catalog: Catalog, record: SchemaObject, parts: tuple[str, ...]) -> Table | View | None:
    schema = _schema(catalog, record, parts)
    if schema is None:
        return None
    return catalog.object(schema, Table, parts[-1]) or catalog.object(schema, View, parts[-1])


def _function(catalog: Catalog, record: SchemaObject, parts: tuple[str, ...], arguments: int) -> Routine | None:
    """Of overloads, the first that takes so many arguments."""
    schema = _schema(catalog, record, parts)
    found = catalog.routines(schema, parts[-1], "FUNCTION") if schema else ()
    return next((routine for routine in found if _takes(routine, arguments)), None)


def _takes(routine: Routine, arguments: int) -> bool:
    needed = sum(argument.default is None for argument in routine.arguments)
    return needed <= arguments <= len(routine.arguments)
