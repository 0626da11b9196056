"""SHOW TABLES, VIEWS, OBJECTS, SEQUENCES, POLICIES (sql-reference/sql/show-tables, show-views, show-objects …)."""

from __future__ import annotations

from collections.abc import Iterator

from runner.sandbox import access
from runner.sandbox.catalog.model import Policy, SchemaObject, Sequence, Table, View
from runner.sandbox.catalog.store import utc_now
from runner.sandbox.context import Context
from runner.sandbox.retention import days
from runner.sandbox.show.dependencies import references
from runner.sandbox.show.inventory import Item
from runner.sandbox.show.listing import Listing, found
from runner.sandbox.show.request import Request
from runner.sandbox.show.shape import Row, on, true, yes
from runner.sandbox.show.sizes import bytes_in, rows_in

TERSE = "created_on time, name, kind, database_name, schema_name"
_TABLE_KINDS = {"PERMANENT": "TABLE", "TRANSIENT": "TRANSIENT", "TEMPORARY": "TEMPORARY"}


def role_type(owner: str) -> str:
    """OWNER_ROLE_TYPE: database roles carry their database's name."""
    return "DATABASE_ROLE" if "." in owner else "ROLE"


def clustering(table: Table) -> str | None:
    """The clustering key as the views have it: `LINEAR(A, B)`."""
    key = table.cluster_by
    return f"LINEAR({key})" if key and not key.startswith("LINEAR(") else key


def automatic(table: Table) -> bool:
    """Whether AUTO_CLUSTERING_ON: there is a key, and reclustering is not suspended."""
    return bool(table.cluster_by) and not table.recluster_suspended


def common(item: Item[SchemaObject]) -> dict[str, object]:
    """What every schema object shows."""
    database, schema, name = item.path
    record = item.record
    return {
        "created_on": record.created_at,
        "name": name,
        "database_name": database,
        "schema_name": schema,
        "owner": item.owner or "",
        "comment": record.comment or "",
        "owner_role_type": role_type(item.owner) if item.owner else "",
    }


def _size(context: Context, item: Item[Table]) -> dict[str, object]:
    table = item.record
    return {
        "kind": _TABLE_KINDS[table.table_type],
        "cluster_by": clustering(table) or "",
        # Nobody counts the rows of files (sql-reference/sql/show-tables).
        "rows": rows_in(context, table) if table.external is None else None,
        "bytes": bytes_in(context, table),
        "retention_time": str(days(context.catalog, table)),
    }


def _search(table: Table) -> dict[str, object]:
    """Search optimisation has nothing to build here: what is kept is complete at once."""
    if not table.search_optimization:
        return {"search_optimization": "OFF"}
    return {"search_optimization": "ON", "search_optimization_progress": "100", "search_optimization_bytes": 0}


def _tables(context: Context, request: Request) -> Iterator[Row]:
    for item in found(context, request, Table):
        flags = {"is_external": yes(item.record.external is not None), "is_hybrid": "N", "is_iceberg": "N"}
        own = {
            "automatic_clustering": on(automatic(item.record)),
            "change_tracking": on(item.record.change_tracking),
            **_search(item.record),
            "enable_schema_evolution": "N",
            "is_immutable": "N",
            "is_dynamic": yes(item.record.dynamic is not None),
            "is_event": yes(item.record.event),
            "dropped_on": item.record.dropped_at,
        }
        yield common(item) | _size(context, item) | flags | own


def _event_tables(context: Context, request: Request) -> Iterator[Row]:
    return (common(item) for item in found(context, request, Table) if item.record.event)


def view_text(context: Context, view: View) -> str:
    """The statement that made the view; a secure one's only to its owner (user-guide/views-secure)."""
    own = access.has(context.catalog, context.session, "OWNERSHIP", view)
    return view.text if own or not view.secure else ""


def _views(context: Context, request: Request) -> Iterator[Row]:
    for item in found(context, request, View):
        yield common(item) | {
            "kind": "VIEW",
            "reserved": "",
            "text": view_text(context, item.record),
            "is_secure": true(item.record.secure),
            "is_materialized": true(item.record.materialized),
            "change_tracking": on(item.record.change_tracking),
        }


def _materialized(context: Context, request: Request) -> Iterator[Row]:
    for item in found(context, request, View):
        if item.record.materialized:
            source = next((r.record for r in references(context.catalog, item.record)), None)
            database, schema, name = context.catalog.full_name(source) if source else (None, None, None)
            yield common(item) | {
                "reserved": "",
                "cluster_by": item.record.cluster_by or "",
                "source_database_name": database,
                "source_schema_name": schema,
                "source_table_name": name,
                "refreshed_on": utc_now(),
                "compacted_on": utc_now(),
                "invalid": true(item.record.suspended),
                "invalid_reason": "The materialized view is suspended." if item.record.suspended else None,
                "behind_by": "0s",
                "text": view_text(context, item.record),
                "is_secure": true(item.record.secure),
                "automatic_clustering": on(bool(item.record.cluster_by)),
            }


def _sized(context: Context, item: Item[Table]) -> dict[str, object]:
    """As SHOW OBJECTS has it: a transient table is a TABLE there."""
    size = _size(context, item)
    return size | {"kind": "TABLE"} if item.record.table_type == "TRANSIENT" else size


def _objects(context: Context, request: Request) -> Iterator[Row]:
    flags = {"is_hybrid": "N", "is_iceberg": "N", "is_dynamic": "N"}
    tables = found(context, request, Table)
    rows: list[dict[str, object]] = [
        common(item) | _sized(context, item) | flags | {"is_dynamic": yes(item.record.dynamic is not None)}
        for item in tables
    ]
    views = found(context, request, View)
    rows += [
        common(item) | {"kind": "VIEW", "cluster_by": item.record.cluster_by or "", "retention_time": "1"} | flags
        for item in views
    ]
    yield from sorted(rows, key=lambda row: (row["database_name"], row["schema_name"], row["name"]))


def sequence(item: Item[Sequence]) -> Row:
    """One sequence as SHOW and DESCRIBE have it."""
    own = item.record
    return common(item) | {"next_value": own.next_value, "interval": own.increment, "ordered": yes(own.order)}


def _sequences(context: Context, request: Request) -> Iterator[Row]:
    return (sequence(item) for item in found(context, request, Sequence))


def _policies(kind: str) -> Listing:
    def rows(context: Context, request: Request) -> Iterator[Row]:
        for item in found(context, request, Policy):
            if item.record.policy == kind:
                options = '{"EXEMPT_OTHER_POLICIES": true}' if item.record.exempt else ""
                yield common(item) | {"kind": kind.replace(" ", "_"), "options": options}

    return Listing(
        "created_on time, name, database_name, schema_name, kind, owner, comment, owner_role_type, options", rows
    )


SEQUENCE = (
    "name, database_name, schema_name, next_value number, interval number, created_on time, owner, comment, "
    "owner_role_type, ordered"
)
LISTINGS: dict[tuple[str, ...], Listing] = {
    ("EVENT", "TABLES"): Listing(
        "created_on time, name, database_name, schema_name, owner, comment, owner_role_type", _event_tables
    ),
    ("MATERIALIZED", "VIEWS"): Listing(
        "created_on time, name, reserved, database_name, schema_name, cluster_by, rows number, bytes number, "
        "source_database_name, source_schema_name, source_table_name, refreshed_on time, compacted_on time, owner, "
        "invalid, invalid_reason, behind_by, comment, text, is_secure, automatic_clustering, owner_role_type",
        _materialized,
        differs="it is computed when it is read: `rows` and `bytes` are NULL, `behind_by` is 0s",
    ),
    ("TABLES",): Listing(
        "created_on time, name, database_name, schema_name, kind, comment, cluster_by, rows number, bytes number, "
        "owner, retention_time, dropped_on time, automatic_clustering, change_tracking, search_optimization, "
        "search_optimization_progress, search_optimization_bytes number, is_external, enable_schema_evolution, "
        "owner_role_type, is_event, budget, is_hybrid, is_iceberg, is_dynamic, is_immutable",
        _tables,
        history=True,
        terse=TERSE,
        differs="rows are exact, bytes an estimate (rows × usual width of the column types)",
    ),
    ("VIEWS",): Listing(
        "created_on time, name, reserved, database_name, schema_name, owner, comment, text, is_secure, "
        "is_materialized, owner_role_type, change_tracking",
        _views,
        terse=TERSE,
    ),
    ("OBJECTS",): Listing(
        "created_on time, name, database_name, schema_name, kind, comment, cluster_by, rows number, bytes number, "
        "owner, retention_time, owner_role_type, is_hybrid, is_dynamic, is_iceberg",
        _objects,
        terse=TERSE,
        differs="tables and views only, as in Snowflake",
    ),
    ("SEQUENCES",): Listing(SEQUENCE, _sequences),
    ("MASKING", "POLICIES"): _policies("MASKING POLICY"),
    ("ROW", "ACCESS", "POLICIES"): _policies("ROW ACCESS POLICY"),
    ("PROJECTION", "POLICIES"): _policies("PROJECTION POLICY"),
    ("AGGREGATION", "POLICIES"): _policies("AGGREGATION POLICY"),
    ("JOIN", "POLICIES"): _policies("JOIN POLICY"),
}
