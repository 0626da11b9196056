"""What tags mean: which values an object has, its own or those of what holds it, and which columns they mask.

Sources: user-guide/object-tagging/inheritance, user-guide/tag-based-masking-policies.
"""

from __future__ import annotations

from collections.abc import Iterator

from runner.sandbox.catalog.derived import Tag
from runner.sandbox.catalog.model import (
    Account,
    ColumnModel,
    Database,
    Policy,
    Record,
    Role,
    Schema,
    SchemaObject,
    Table,
    View,
)
from runner.sandbox.catalog.store import Catalog
from runner.sandbox.classes import dataclass
from runner.sandbox.ddl.names import dotted
from runner.sandbox.ddl.types import read_type
from runner.sandbox.tokens import Reader, quote_string

UNKNOWN = "#UNKNOWN_TAG='#UNKNOWN_VALUE'"


@dataclass(frozen=True, slots=True)
class Reference:
    """A tag's value as it holds for an object; `level` is the kind of thing on which it was set."""

    tag: Tag
    value: str
    level: str
    inherited: bool


def domain(record: Record | Account) -> str:
    """The kind as TAG_REFERENCES names it: everything with columns is a TABLE."""
    match record:
        case Account():
            return "ACCOUNT"
        case Table() | View():
            return "TABLE"
        case Role(database_id=int()):
            return "DATABASE ROLE"
        case _:
            return getattr(record, "routine", None) or getattr(record, "policy", None) or record.kind.replace("_", " ")


def holders(catalog: Catalog, record: Record) -> Iterator[Record | Account]:
    """The object and all that holds it, nearest first."""
    yield record
    match record:
        case SchemaObject():
            yield from holders(catalog, catalog.record(record.schema_id))
        case Schema():
            yield from holders(catalog, catalog.record(record.database_id))
        case Role(database_id=int(number)):
            yield from holders(catalog, catalog.record(number))
        case _:
            account = catalog.account(record.account)
            yield from [account] if account else []


def references(catalog: Catalog, record: Record | Account, column: ColumnModel | None = None) -> list[Reference]:
    """The tags that hold for an object or one of its columns: the nearest value of each."""
    levels: list[tuple[str, dict[str, str]]] = [] if column is None else [("COLUMN", column.tags)]
    around = [record] if isinstance(record, Account) else holders(catalog, record)
    levels += [(domain(holder), holder.tags) for holder in around]
    found: dict[int, Reference] = {}
    for at, (level, tags) in enumerate(levels):
        for tag, value in _living(catalog, tags):
            found.setdefault(tag.id, Reference(tag, value, level, inherited=at > 0))
    return list(found.values())


def _living(catalog: Catalog, tags: dict[str, str]) -> Iterator[tuple[Tag, str]]:
    """Tags that were dropped hold for nothing, until they come back."""
    for number, value in tags.items():
        tag = catalog.records.get(int(number))
        if isinstance(tag, Tag) and tag.dropped_at is None:
            yield tag, value


def direct(catalog: Catalog, tags: dict[str, str]) -> list[tuple[Tag, str]]:
    """The tags that are set on one thing itself."""
    return list(_living(catalog, tags))


def value_of(catalog: Catalog, tag: Tag, record: Record | Account, column: ColumnModel | None = None) -> str | None:
    """The tag's value for the object, None when it has none."""
    found = (r.value for r in references(catalog, record, column) if r.tag is tag)
    return next(found, None)


def masking_policies(catalog: Catalog, tag: Tag) -> list[Policy]:
    """The masking policies of a tag; one whose schema was dropped goes on masking."""
    found = (catalog.records.get(number) for number in tag.policies)
    return [policy for policy in found if isinstance(policy, Policy)]


def masking_policy(catalog: Catalog, found: Table | View, column: ColumnModel) -> Policy | None:
    """The policy that a tag of the column brings: the one for the column's data type."""
    for reference in references(catalog, found, column):
        for policy in masking_policies(catalog, reference.tag):
            if type_name(policy) == column.type.name:
                return policy
    return None


def type_name(policy: Policy) -> str:
    """The data type that a masking policy is for."""
    return read_type(Reader(policy.returns)).name


def masked_columns(catalog: Catalog, found: Table | View) -> dict[str, Policy]:
    """The columns that tags mask, each with its policy."""
    if not _may_be_tagged(catalog, found):
        return {}
    pairs = ((column.name, masking_policy(catalog, found, column)) for column in found.columns)
    return {name: policy for name, policy in pairs if policy is not None}


def _may_be_tagged(catalog: Catalog, found: Table | View) -> bool:
    return any(column.tags for column in found.columns) or any(one.tags for one in holders(catalog, found))


def carried(catalog: Catalog, tag: Tag) -> Iterator[tuple[Record | Account, ColumnModel | None]]:
    """What the tag is set on, the columns of tables and views too."""
    number = str(tag.id)
    account = catalog.account(tag.account)
    if account is not None and number in account.tags:
        yield account, None
    for record in list(catalog.records.values()):
        if record.dropped_at is None:
            if number in record.tags:
                yield record, None
            for column in getattr(record, "columns", ()):
                if number in column.tags:
                    yield record, column


def clause(catalog: Catalog, tags: dict[str, str], hidden: frozenset[str]) -> str:
    """` WITH TAG (…)` as GET_DDL writes it, nothing where no tag is set; a tag one may not apply is not named."""
    pairs = [(dotted(catalog.full_name(tag)), value) for tag, value in _living(catalog, tags)]
    shown = [UNKNOWN if name in hidden else f"{name}={quote_string(value)}" for name, value in pairs]
    return f" WITH TAG ({', '.join(shown)})" if shown else ""


def home(catalog: Catalog, record: Record | Account) -> tuple[Database | None, Schema | None]:
    """The database and the schema in which the thing is."""
    if isinstance(record, SchemaObject):
        schema = catalog.record(record.schema_id)
        assert isinstance(schema, Schema)
        return home(catalog, schema)[0], schema
    number = getattr(record, "database_id", None)
    database = catalog.records.get(number) if number is not None and isinstance(record, Schema | Role) else None
    return (database if isinstance(database, Database) else None), None
