"""SHOW COLUMNS and the four kinds of keys (sql-reference/sql/show-columns, show-primary-keys, show-imported-keys …)."""

from __future__ import annotations

import json
from collections.abc import Iterator

from runner.sandbox.catalog.model import ColumnModel, Constraint, SchemaObject, Table, View
from runner.sandbox.context import Context
from runner.sandbox.ddl.types import DEFAULT_BINARY, DEFAULT_TEXT
from runner.sandbox.errors import syntax_error
from runner.sandbox.result import SnowType
from runner.sandbox.show.inventory import Inventory, Item
from runner.sandbox.show.listing import Listing, found, schema_place
from runner.sandbox.show.request import Request
from runner.sandbox.show.shape import Row, true

_SCALED = ("TIME", "TIMESTAMP_NTZ", "TIMESTAMP_LTZ", "TIMESTAMP_TZ")


def json_type(kind: SnowType, nullable: bool) -> str:
    """The `data_type` of SHOW COLUMNS, a JSON text."""
    match kind.name:
        case "NUMBER":
            body: dict[str, object] = {"type": "FIXED", "precision": kind.precision or 38, "scale": kind.scale or 0}
        case "FLOAT":
            body = {"type": "REAL"}
        case "VARCHAR":
            length = kind.length or DEFAULT_TEXT
            return _json(
                {"type": "TEXT", "length": length, "byteLength": octets(length), "nullable": nullable, "fixed": False}
            )
        case "BINARY":
            length = kind.length or DEFAULT_BINARY
            return _json(
                {"type": "BINARY", "length": length, "byteLength": length, "nullable": nullable, "fixed": True}
            )
        case name if name in _SCALED:
            body = {"type": name, "precision": 0, "scale": 9 if kind.scale is None else kind.scale}
        case name:
            body = {"type": name}
    return _json(body | {"nullable": nullable})


def octets(length: int) -> int:
    """The bytes a VARCHAR of that many characters may take."""
    return min(length * 4, max(length, DEFAULT_TEXT))


def _json(body: dict[str, object]) -> str:
    return json.dumps(body, separators=(",", ":"))


def identity_text(column: ColumnModel) -> str:
    """`IDENTITY START 1 INCREMENT 1 NOORDER`, or empty."""
    if column.identity is None:
        return ""
    start, step = column.identity
    return f"IDENTITY START {start} INCREMENT {step} {'ORDER' if column.identity_order else 'NOORDER'}"


def columns_of(record: SchemaObject) -> list[ColumnModel]:
    return record.columns if isinstance(record, Table | View) else []


def _one(context: Context, request: Request) -> Iterator[Item[SchemaObject]]:
    """The one table or view that `IN TABLE x` names."""
    parts = request.name
    if not parts:
        raise syntax_error(1, 0, "<EOF>")
    database, schemas = schema_place(context, parts[:-1])
    kind = View if request.scope == "VIEW" else Table
    record: SchemaObject | None = context.find(kind, parts)
    if record is None:
        other = View if kind is Table else Table
        record = context.find(other, parts) or context.get(kind, parts)
    yield Item(database, schemas[0], record)


def _items(context: Context, request: Request) -> Iterator[Item[SchemaObject]]:
    if request.scope in ("TABLE", "VIEW") or (request.scope == "NAME" and _is_object(context, request)):
        yield from _one(context, request)
        return
    both: list[Item[SchemaObject]] = [*found(context, request, Table), *found(context, request, View)]
    yield from sorted(both, key=lambda item: item.path)


def _is_object(context: Context, request: Request) -> bool:
    """`SHOW COLUMNS IN x` means the table or view x first."""
    return len(request.name) == 3 or any(context.find(kind, request.name) for kind in (Table, View))


def _columns(context: Context, request: Request) -> Iterator[Row]:
    for item in _items(context, request):
        database, schema, table = item.path
        for column in columns_of(item.record):
            yield {
                "table_name": table,
                "schema_name": schema,
                "column_name": column.name,
                "data_type": json_type(column.type, column.nullable),
                "null?": "true" if column.nullable else "NOT_NULL",
                "default": column.default or "",
                "kind": "COLUMN",
                "expression": "",
                "comment": column.comment or "",
                "database_name": database,
                "autoincrement": identity_text(column),
            }


def _constraints(context: Context, request: Request, kind: str) -> Iterator[tuple[Item[SchemaObject], Constraint]]:
    for item in _items(context, request):
        if isinstance(item.record, Table):
            for constraint in item.record.constraints:
                if constraint.type == kind:
                    yield item, constraint


def constraint_name(item: Item[SchemaObject], constraint: Constraint) -> str:
    """The constraint's name; Snowflake makes one up where the statement gave none, here it is always the same one."""
    table = item.record
    position = table.constraints.index(constraint) + 1 if isinstance(table, Table) else 0
    return constraint.name or f"SYS_CONSTRAINT_{table.id:08d}-{position:04d}"


def _keys(kind: str) -> Listing:
    def rows(context: Context, request: Request) -> Iterator[Row]:
        for item, constraint in _constraints(context, request, kind):
            database, schema, table = item.path
            for position, column in enumerate(constraint.columns, 1):
                yield {
                    "created_on": item.record.created_at,
                    "database_name": database,
                    "schema_name": schema,
                    "table_name": table,
                    "column_name": column,
                    "key_sequence": position,
                    "constraint_name": constraint_name(item, constraint),
                    "rely": true(constraint.rely),
                }

    return Listing(
        "created_on time, database_name, schema_name, table_name, column_name, key_sequence number, constraint_name, "
        "rely, comment",
        rows,
        naming="table_name",
    )


def referenced(context: Context, constraint: Constraint) -> tuple[Item[Table], Constraint | None] | None:
    """The table a foreign key points to, and the key of it that is meant; None when the session does not see it."""
    inventory = Inventory(context.catalog, context.session)
    database_name, schema_name, name = constraint.references or ("", "", "")
    for database in (each for each in inventory.databases() if each.name == database_name):
        for item in inventory.all(Table, database):
            if item.path[1:] == (schema_name, name):
                return item, target_key(item.record, constraint)
    return None


def target_key(table: Table, constraint: Constraint) -> Constraint | None:
    keys = [each for each in table.constraints if each.type in ("PRIMARY KEY", "UNIQUE")]
    wanted = constraint.referenced_columns
    return next((key for key in keys if key.columns == wanted or (not wanted and key.type == "PRIMARY KEY")), None)


def _foreign(context: Context, item: Item[SchemaObject], constraint: Constraint) -> Iterator[Row]:
    database, schema, table = item.path
    pk_database, pk_schema, pk_table = constraint.references or ("", "", "")
    target = referenced(context, constraint)
    key = target[1] if target else None
    key_columns = constraint.referenced_columns or (key.columns if key else [])
    for position, column in enumerate(constraint.columns):
        yield {
            "created_on": item.record.created_at,
            "pk_database_name": pk_database,
            "pk_schema_name": pk_schema,
            "pk_table_name": pk_table,
            "pk_column_name": key_columns[position] if position < len(key_columns) else None,
            "fk_database_name": database,
            "fk_schema_name": schema,
            "fk_table_name": table,
            "fk_column_name": column,
            "key_sequence": position + 1,
            "update_rule": "NO ACTION",
            "delete_rule": "NO ACTION",
            "fk_name": constraint_name(item, constraint),
            "pk_name": constraint_name(target[0], key) if target and key else None,
            "deferrability": "NOT DEFERRABLE",
            "rely": true(constraint.rely),
        }


def _imported(context: Context, request: Request) -> Iterator[Row]:
    for item, constraint in _constraints(context, request, "FOREIGN KEY"):
        yield from _foreign(context, item, constraint)


def _exported(context: Context, request: Request) -> Iterator[Row]:
    """Foreign keys, wherever in the account, that point to a table in the command's scope."""
    wanted = {item.path for item in _items(context, request)}
    for item, constraint in _constraints(context, Request(scope="ACCOUNT"), "FOREIGN KEY"):
        if constraint.references in wanted:
            yield from _foreign(context, item, constraint)


_FOREIGN = (
    "created_on time, pk_database_name, pk_schema_name, pk_table_name, pk_column_name, fk_database_name, "
    "fk_schema_name, fk_table_name, fk_column_name, key_sequence number, update_rule, delete_rule, fk_name, pk_name, "
    "deferrability, rely, comment"
)
LISTINGS: dict[tuple[str, ...], Listing] = {
    ("COLUMNS",): Listing(
        "table_name, schema_name, column_name, data_type, null?, default, kind, expression, comment, database_name, "
        "autoincrement, schema_evolution_record",
        _columns,
        naming="column_name",
    ),
    ("PRIMARY", "KEYS"): _keys("PRIMARY KEY"),
    ("UNIQUE", "KEYS"): _keys("UNIQUE"),
    ("IMPORTED", "KEYS"): Listing(_FOREIGN, _imported, naming="fk_table_name"),
    ("EXPORTED", "KEYS"): Listing(_FOREIGN, _exported, naming="pk_table_name"),
}
