"""What is so of each object, under the column names that INFORMATION_SCHEMA and ACCOUNT_USAGE share.

Each view picks the columns it has (sql-reference/info-schema, sql-reference/account-usage).
"""

from __future__ import annotations

from collections.abc import Iterator

from runner.sandbox.catalog.model import (
    ColumnModel,
    Constraint,
    Database,
    Record,
    Routine,
    Schema,
    SchemaObject,
    Sequence,
    Table,
    View,
)
from runner.sandbox.context import Context
from runner.sandbox.ddl.types import DEFAULT_BINARY, DEFAULT_TEXT, type_text
from runner.sandbox.result import SnowType
from runner.sandbox.retention import days
from runner.sandbox.show.columns import constraint_name, octets
from runner.sandbox.show.description import hidden, packages, signature
from runner.sandbox.show.inventory import Item
from runner.sandbox.show.places import database_kind
from runner.sandbox.show.shape import yes_no
from runner.sandbox.show.sizes import bytes_in, rows_in
from runner.sandbox.show.tables import automatic, clustering, role_type, view_text

Facts = dict[str, object]
_TABLE_TYPES = {"PERMANENT": "BASE TABLE", "TRANSIENT": "BASE TABLE", "TEMPORARY": "TEMPORARY TABLE"}
_LEAST, _MOST = -(2**63), 2**63 - 1


def _life(record: Record) -> Facts:
    changed = (record.changed_at if isinstance(record, Table) else None) or record.created_at
    return {
        "CREATED": record.created_at,
        "LAST_ALTERED": max(record.altered_at or record.created_at, changed),
        "LAST_DDL": record.altered_at or record.created_at,
        "DELETED": record.dropped_at,
        "COMMENT": record.comment,
        "OWNER_ROLE_TYPE": role_type(record.owner),
    }


def database(context: Context, record: Database) -> Facts:
    return _life(record) | {
        "DATABASE_ID": record.id,
        "DATABASE_NAME": record.name,
        "DATABASE_OWNER": record.owner,
        "IS_TRANSIENT": yes_no(record.transient),
        "RETENTION_TIME": days(context.catalog, record),
        "TYPE": database_kind(record),
    }


def schema(context: Context, home: Database, record: Schema) -> Facts:
    return _life(record) | {
        "SCHEMA_ID": record.id,
        "SCHEMA_NAME": record.name,
        "CATALOG_ID": home.id,
        "CATALOG_NAME": home.name,
        "SCHEMA_OWNER": record.owner,
        "IS_TRANSIENT": yes_no(record.transient),
        "IS_MANAGED_ACCESS": yes_no(record.managed_access),
        "RETENTION_TIME": days(context.catalog, record),
        "SCHEMA_TYPE": "STANDARD",
    }


def _placed(item: Item[SchemaObject], prefix: str) -> Facts:
    home, place, name = item.path
    gone = (item.record.dropped_at, item.schema.dropped_at, item.database.dropped_at)
    return _life(item.record) | {
        "DELETED": next((at for at in gone if at), None),
        f"{prefix}_ID": item.record.id,
        f"{prefix}_NAME": name,
        f"{prefix}_SCHEMA_ID": item.schema.id,
        f"{prefix}_SCHEMA": place,
        f"{prefix}_CATALOG_ID": item.database.id,
        f"{prefix}_CATALOG": home,
        f"{prefix}_OWNER": item.owner,
        "OWNER_ROLE_TYPE": role_type(item.owner) if item.owner else None,
    }


def table(context: Context, item: Item[Table]) -> Facts:
    record = item.record
    return _placed(item, "TABLE") | {
        "TABLE_TYPE": "EXTERNAL TABLE" if record.external is not None else _TABLE_TYPES[record.table_type],
        "IS_TRANSIENT": yes_no(record.table_type == "TRANSIENT"),
        "CLUSTERING_KEY": clustering(record),
        "ROW_COUNT": rows_in(context, record),
        "BYTES": bytes_in(context, record),
        "RETENTION_TIME": days(context.catalog, record),
        "IS_INSERTABLE_INTO": yes_no(record.dynamic is None and record.external is None),
        "IS_TYPED": "YES",
        "AUTO_CLUSTERING_ON": yes_no(automatic(record)),
        "IS_TEMPORARY": yes_no(record.table_type == "TEMPORARY"),
        "IS_ICEBERG": "NO",
        "IS_DYNAMIC": yes_no(record.dynamic is not None),
        "IS_IMMUTABLE": "NO",
        "IS_HYBRID": "NO",
    }


def view(context: Context, item: Item[View]) -> Facts:
    return _placed(item, "TABLE") | {
        "TABLE_TYPE": "MATERIALIZED VIEW" if item.record.materialized else "VIEW",
        "IS_TRANSIENT": "NO",
        "IS_INSERTABLE_INTO": "NO",
        "IS_TYPED": "NO",
        "IS_TEMPORARY": "NO",
        "IS_ICEBERG": "NO",
        "IS_DYNAMIC": "NO",
        "IS_IMMUTABLE": "NO",
        "IS_HYBRID": "NO",
        "VIEW_DEFINITION": view_text(context, item.record) or None,
        "CHECK_OPTION": "NONE",
        "IS_UPDATABLE": "NO",
        "INSERTABLE_INTO": "NO",
        "IS_SECURE": yes_no(item.record.secure),
    }


def columns(item: Item[Table | View]) -> Iterator[Facts]:
    """Every column of a table or view, in order."""
    placed = _placed(item, "TABLE")
    for position, column in enumerate(item.record.columns, 1):
        yield {**placed, **data_type(column.type), **_column(column, position)}


def _column(own: ColumnModel, position: int) -> Facts:
    start, step = own.identity or (None, None)
    return {
        "COLUMN_NAME": own.name,
        "ORDINAL_POSITION": position,
        "COLUMN_DEFAULT": own.default,
        "IS_NULLABLE": yes_no(own.nullable),
        "COLLATION_NAME": own.collation,
        "DTD_IDENTIFIER": str(position),
        "IS_SELF_REFERENCING": "NO",
        "IS_IDENTITY": yes_no(own.identity),
        "IDENTITY_GENERATION": "BY DEFAULT" if own.identity else None,
        "IDENTITY_START": None if start is None else str(start),
        "IDENTITY_INCREMENT": None if step is None else str(step),
        "IDENTITY_CYCLE": "NO" if own.identity else None,
        "IDENTITY_ORDERED": yes_no(own.identity_order) if own.identity else None,
        "COMMENT": own.comment,
    }


def data_type(kind: SnowType) -> Facts:
    """DATA_TYPE and its facets; VARCHAR is called TEXT there."""
    facts: Facts = {"DATA_TYPE": "TEXT" if kind.name == "VARCHAR" else kind.name, "DATA_TYPE_ALIAS": type_text(kind)}
    match kind.name:
        case "VARCHAR":
            length = kind.length or DEFAULT_TEXT
            facts |= {"CHARACTER_MAXIMUM_LENGTH": length, "CHARACTER_OCTET_LENGTH": octets(length)}
        case "BINARY":
            length = kind.length or DEFAULT_BINARY
            facts |= {"CHARACTER_MAXIMUM_LENGTH": length, "CHARACTER_OCTET_LENGTH": length}
        case "NUMBER":
            facts |= {"NUMERIC_PRECISION": kind.precision or 38, "NUMERIC_SCALE": kind.scale or 0}
            facts |= {"NUMERIC_PRECISION_RADIX": 10}
        case "TIME" | "TIMESTAMP_NTZ" | "TIMESTAMP_LTZ" | "TIMESTAMP_TZ":
            facts |= {"DATETIME_PRECISION": 9 if kind.scale is None else kind.scale}
        case _:
            pass
    return facts


def sequence(item: Item[Sequence]) -> Facts:
    own = item.record
    return _placed(item, "SEQUENCE") | {
        "DATA_TYPE": "NUMBER",
        "NUMERIC_PRECISION": 38,
        "NUMERIC_PRECISION_RADIX": 10,
        "NUMERIC_SCALE": 0,
        "START_VALUE": str(own.start),
        "MINIMUM_VALUE": str(_LEAST),
        "MAXIMUM_VALUE": str(_MOST),
        "NEXT_VALUE": str(own.next_value),
        "INCREMENT": str(own.increment),
        "CYCLE_OPTION": "NO",
        "ORDERED": yes_no(own.order),
    }


def routine(context: Context, item: Item[Routine]) -> Facts:
    """A PROCEDURE or FUNCTION, its columns named after which it is."""
    own = item.record
    kind = own.routine
    body = None if hidden(context, own) else own.body
    return _placed(item, kind) | {
        "ARGUMENT_SIGNATURE": signature(own),
        "DATA_TYPE": own.returns,
        f"{kind}_LANGUAGE": own.language,
        f"{kind}_DEFINITION": body,
        "VOLATILITY": own.volatility,
        "IS_NULL_CALL": yes_no(not own.strict),
        "IS_SECURE": yes_no(own.secure),
        "IS_EXTERNAL": "NO",
        "IS_MEMOIZABLE": "YES" if own.memoizable else "NO",
        "IS_AGGREGATE": yes_no(own.aggregate),
        "EXTERNAL_ACCESS_INTEGRATIONS": ", ".join(own.external_access) or None,
        "EXECUTE_AS": own.execute_as,
        "RUNTIME_VERSION": own.runtime_version,
        "PACKAGES": packages(own) if own.handler else None,
    }


def foreign_key(item: Item[Table], own: Constraint, target: tuple[Item[Table], Constraint | None] | None) -> Facts:
    """`target`: the table it points to and the key of it that is meant."""
    home, place, _ = own.references or ("", "", "")
    return constraint(item, own) | {
        "UNIQUE_CONSTRAINT_CATALOG": home,
        "UNIQUE_CONSTRAINT_SCHEMA": place,
        "UNIQUE_CONSTRAINT_NAME": constraint_name(target[0], target[1]) if target and target[1] else None,
        "MATCH_OPTION": "FULL",
        "UPDATE_RULE": "NO ACTION",
        "DELETE_RULE": "NO ACTION",
    }


def constraint(item: Item[Table], own: Constraint) -> Facts:
    home, place, _ = item.path
    return _placed(item, "TABLE") | {
        "CONSTRAINT_CATALOG": home,
        "CONSTRAINT_SCHEMA": place,
        "CONSTRAINT_NAME": constraint_name(item, own),
        "CONSTRAINT_TYPE": own.type,
        "IS_DEFERRABLE": "NO",
        "INITIALLY_DEFERRED": "YES",
        "ENFORCED": "NO",
        "RELY": yes_no(own.rely),
        "COMMENT": None,
    }
