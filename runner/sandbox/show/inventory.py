"""What of the catalogue a session sees, with the database's name as the session knows it.

A database made from a share shows the producer's granted objects under the consumer's database name; it is empty
once the share is gone or the account was removed (user-guide/data-share-consumers).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Generic, TypeVar

from runner.sandbox import access, shares
from runner.sandbox.catalog.model import Database, Routine, Schema, SchemaObject
from runner.sandbox.catalog.store import Catalog
from runner.sandbox.classes import dataclass
from runner.sandbox.session import Session

K = TypeVar("K", bound=SchemaObject)
O_co = TypeVar("O_co", bound=SchemaObject, covariant=True)


@dataclass(frozen=True, slots=True)
class Item(Generic[O_co]):
    """A schema object where the session finds it; `schema` and `record` may be a producer's."""

    database: Database
    schema: Schema
    record: O_co

    @property
    def owner(self) -> str | None:
        """The owning role; a shared object's owner is its producer's affair."""
        return self.record.owner if self.record.account == self.database.account else None

    @property
    def path(self) -> tuple[str, str, str]:
        return (self.database.name, self.schema.name, self.record.name)


def source_of(catalog: Catalog, database: Database) -> Database | None:
    """The database whose schemas are behind this one: itself, or the producer's while the share still reaches us."""
    if not shares.is_imported(database):
        return database
    share = shares.share_of(catalog, database)
    return shares.shared_database(catalog, share) if share is not None else None


class Inventory:
    """The live objects a session sees; with `dropped`, also those that UNDROP could bring back."""

    def __init__(self, catalog: Catalog, session: Session, *, dropped: bool = False) -> None:
        self.catalog = catalog
        self.session = session
        self._dropped = dropped
        self._by_schema: defaultdict[int, list[SchemaObject]] = defaultdict(list)
        for record in list(catalog.records.values()):
            if isinstance(record, SchemaObject) and self._alive(record):
                self._by_schema[record.schema_id].append(record)

    def _alive(self, record: SchemaObject | Schema | Database) -> bool:
        return record.dropped_at is None or self._dropped

    def sees(self, record: Database | Schema | SchemaObject) -> bool:
        if isinstance(record, SchemaObject) and record.session_id not in (None, self.session.id):
            return False
        return access.visible(self.catalog, self.session, record)

    def databases(self) -> list[Database]:
        found = [
            record
            for record in list(self.catalog.records.values())
            if isinstance(record, Database) and record.account == self.session.account and self._alive(record)
        ]
        return sorted((database for database in found if self.sees(database)), key=lambda database: database.name)

    def schemas(self, database: Database) -> list[Schema]:
        source = source_of(self.catalog, database)
        found = [
            record
            for record in list(self.catalog.records.values())
            if isinstance(record, Schema) and source and record.database_id == source.id and self._alive(record)
        ]
        return sorted((schema for schema in found if self.sees(schema)), key=lambda schema: schema.name)

    def monitored(self, kind: type[K]) -> Iterator[Item[K]]:
        """The objects of one kind, in all databases, of which the session may MONITOR what they did."""
        for database in self.databases():
            for item in self.all(kind, database):
                if access.has(self.catalog, self.session, "MONITOR", item.record):
                    yield item

    def within(self, database: Database, schema: Schema, kind: type[K]) -> Iterator[Item[K]]:
        """The objects of one kind in a schema, by name."""
        found = [record for record in self._by_schema[schema.id] if isinstance(record, kind) and self.sees(record)]
        for record in sorted(found, key=lambda one: one.name):
            yield Item(database, schema, record)

    def all(self, kind: type[K], database: Database) -> Iterator[Item[K]]:
        """The objects of one kind in a database, by schema and name."""
        for schema in self.schemas(database):
            yield from self.within(database, schema, kind)


def signature(routine: Routine) -> str:
    """`NAME(NUMBER, VARCHAR)`: what tells overloads apart."""
    return f"{routine.name}({', '.join(argument.type.name for argument in routine.arguments)})"
