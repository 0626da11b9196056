"""External tables: SHOW EXTERNAL TABLES, INFORMATION_SCHEMA.EXTERNAL_TABLES, and the statement that makes one.

Sources: sql-reference/sql/show-external-tables, sql-reference/info-schema/external_tables.
"""

from __future__ import annotations

from collections.abc import Iterator

from runner.sandbox.catalog.external import External
from runner.sandbox.catalog.files import FileFormat, Stage
from runner.sandbox.catalog.model import Database, Table
from runner.sandbox.context import Context
from runner.sandbox.resolve import find
from runner.sandbox.show.inventory import Inventory, Item
from runner.sandbox.show.listing import Listing, found
from runner.sandbox.show.request import Request
from runner.sandbox.show.shape import Row, true
from runner.sandbox.show.tables import TERSE, common
from runner.sandbox.tokens import whole_name

INFO = (
    "TABLE_CATALOG, TABLE_SCHEMA, TABLE_NAME, TABLE_OWNER, CREATED time, LAST_ALTERED time, COMMENT, LOCATION, "
    "FILE_FORMAT_NAME, FILE_FORMAT_TYPE"
)
_CLOUDS = {"s3": "AWS", "gcs": "GCP", "azure": "AZURE"}


def _tables(context: Context, request: Request) -> Iterator[Row]:
    for item in found(context, request, Table):
        own = item.record.external
        if own is not None:
            yield common(item) | _state(context, own)


def _state(context: Context, own: External) -> dict[str, object]:
    stage = stage_of(context, own)
    name, kind = format_of(context, own)
    return {
        "kind": "EXTERNAL TABLE",
        "invalid": true(stage is None),
        "invalid_reason": None if stage is not None else "The stage was dropped.",
        "stage": own.location.partition("/")[0].removeprefix("@"),
        "location": own.location,
        "file_format_name": name or "",
        "file_format_type": kind,
        "cloud": next((cloud for word, cloud in _CLOUDS.items() if stage and (stage.url or "").startswith(word)), None),
        "notification_channel": own.notification,
    }


def stage_of(context: Context, own: External) -> Stage | None:
    """The stage that it was made on; one that was made anew under its name is another."""
    stage = context.catalog.records.get(own.stage_id)
    return stage if isinstance(stage, Stage) and stage.dropped_at is None else None


def format_of(context: Context, own: External) -> tuple[str | None, str | None]:
    """Name and type of the file format; no type where the named one is gone or not seen."""
    if own.format_name is None:
        return None, str(own.format.get("TYPE", "CSV"))
    named = find(context.catalog, context.session, FileFormat, whole_name(own.format_name))
    return own.format_name, named.type if named is not None else None


def info(context: Context, database: Database) -> Iterator[Row]:
    """The rows of INFORMATION_SCHEMA.EXTERNAL_TABLES."""
    for item in Inventory(context.catalog, context.session).all(Table, database):
        if item.record.external is not None:
            yield _info(context, item, item.record.external)


def _info(context: Context, item: Item[Table], own: External) -> Row:
    name, kind = format_of(context, own)
    return {
        "TABLE_CATALOG": item.database.name,
        "TABLE_SCHEMA": item.schema.name,
        "TABLE_NAME": item.record.name,
        "TABLE_OWNER": item.owner,
        "CREATED": item.record.created_at,
        "LAST_ALTERED": item.record.altered_at or item.record.created_at,
        "COMMENT": item.record.comment,
        "LOCATION": own.location,
        "FILE_FORMAT_NAME": name,
        "FILE_FORMAT_TYPE": kind,
    }


LISTINGS: dict[tuple[str, ...], Listing] = {
    ("EXTERNAL", "TABLES"): Listing(
        "created_on time, name, database_name, schema_name, invalid, invalid_reason, owner, comment, stage, location, "
        "file_format_name, file_format_type, cloud, region, notification_channel, last_refreshed_on time, "
        "table_format, last_refresh_details, owner_role_type",
        _tables,
        terse=TERSE,
        differs="never refreshed: no file is looked at",
    )
}
