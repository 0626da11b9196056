"""Kinds of objects that cannot be made here: their SHOW commands answer truly with no rows, in Snowflake's columns."""

from __future__ import annotations

from collections.abc import Iterator

from runner.sandbox.context import Context
from runner.sandbox.show.inventory import Inventory
from runner.sandbox.show.listing import Listing, places
from runner.sandbox.show.request import Request
from runner.sandbox.show.shape import Row

_HEAD = "created_on time, name, database_name, schema_name"
_SHAPES: dict[tuple[str, ...], str] = {
    ("EXTERNAL", "FUNCTIONS"): "created_on time, name, schema_name, is_builtin, is_aggregate, is_ansi, "
    "min_num_arguments number, max_num_arguments number, arguments, description, catalog_name, is_table_function, "
    "valid_for_clustering, is_secure, is_external_function, language, is_memoizable, is_data_metric",
    ("HYBRID", "TABLES"): f"{_HEAD}, owner, rows number, bytes number, comment, owner_role_type",
    ("ICEBERG", "TABLES"): f"{_HEAD}, owner, external_volume_name, catalog_name, iceberg_table_type, "
    "catalog_table_name, catalog_namespace, base_location, can_write_metadata, comment, owner_role_type, "
    "catalog_sync_name, auto_refresh_status",
    ("SECRETS",): "created_on time, name, schema_name, database_name, owner, comment, secret_type, oauth_scopes, "
    "owner_role_type",
    ("SEMANTIC", "VIEWS"): f"{_HEAD}, comment, owner, owner_role_type, extension",
    ("BACKUP", "SETS"): f"{_HEAD}, object_kind, object_name, object_database_name, object_schema_name, "
    "backup_policy_name, backup_policy_database_name, backup_policy_schema_name, backup_policy_state, owner_role, "
    "comment, owner_role_type",
    ("BACKUP", "POLICIES"): f"{_HEAD}, owner, comment, schedule, expire_after_days number, has_retention_lock, "
    "owner_role_type",
}


def _nothing(context: Context, request: Request) -> Iterator[Row]:
    """No rows; a scope that does not exist is an error all the same."""
    for _ in places(context, request, Inventory(context.catalog, context.session)):
        pass
    return iter(())


LISTINGS: dict[tuple[str, ...], Listing] = {words: Listing(shape, _nothing) for words, shape in _SHAPES.items()}
