"""INFORMATION_SCHEMA and ACCOUNT_USAGE of stages, file formats, pipes and loads.

Sources: sql-reference/info-schema/stages, file_formats, pipes, load_history, sql-reference/functions/copy_history,
sql-reference/account-usage/stages, file_formats, pipes, load_history, copy_history.
"""

from __future__ import annotations

from collections.abc import Iterator

from runner.sandbox.catalog.files import FileFormat, Pipe, Stage
from runner.sandbox.catalog.model import LoadedFile, Record, SchemaObject, Table
from runner.sandbox.show.inventory import Item
from runner.sandbox.show.shape import Row, yes_no
from runner.sandbox.show.tables import role_type
from runner.sandbox.staging.formats import TYPES
from runner.sandbox.staging.options import as_list, as_text, filled

_LIFE = "CREATED time, LAST_ALTERED time"
STAGES = (
    "STAGE_CATALOG, STAGE_SCHEMA, STAGE_NAME, STAGE_URL, STAGE_REGION, STAGE_TYPE, STAGE_OWNER, COMMENT, "
    f"{_LIFE}, ENDPOINT, OWNER_ROLE_TYPE, DIRECTORY_ENABLED, STORAGE_INTEGRATION"
)
_FORMAT_OPTIONS = (
    "RECORD_DELIMITER, FIELD_DELIMITER, SKIP_HEADER number, DATE_FORMAT, TIME_FORMAT, TIMESTAMP_FORMAT, "
    "BINARY_FORMAT, ESCAPE, ESCAPE_UNENCLOSED_FIELD, TRIM_SPACE, FIELD_OPTIONALLY_ENCLOSED_BY, NULL_IF, COMPRESSION, "
    "ERROR_ON_COLUMN_COUNT_MISMATCH"
)
FILE_FORMATS = (
    "FILE_FORMAT_CATALOG, FILE_FORMAT_SCHEMA, FILE_FORMAT_NAME, FILE_FORMAT_OWNER, FILE_FORMAT_TYPE, "
    f"{_FORMAT_OPTIONS}, {_LIFE}, COMMENT, OWNER_ROLE_TYPE"
)
PIPES = (
    "PIPE_CATALOG, PIPE_SCHEMA, PIPE_NAME, PIPE_OWNER, DEFINITION, IS_AUTOINGEST_ENABLED, NOTIFICATION_CHANNEL_NAME, "
    f"{_LIFE}, COMMENT, PATTERN, OWNER_ROLE_TYPE"
)
LOAD_HISTORY = (
    "SCHEMA_NAME, FILE_NAME, TABLE_NAME, LAST_LOAD_TIME time, STATUS, ROW_COUNT number, ROW_PARSED number, "
    "FIRST_ERROR_MESSAGE, FIRST_ERROR_LINE_NUMBER number, FIRST_ERROR_CHARACTER_POSITION number, "
    "FIRST_ERROR_COL_NAME, ERROR_COUNT number, ERROR_LIMIT number"
)
COPY_HISTORY = (
    "FILE_NAME, STAGE_LOCATION, LAST_LOAD_TIME time, ROW_COUNT number, ROW_PARSED number, FILE_SIZE number, "
    "FIRST_ERROR_MESSAGE, FIRST_ERROR_LINE_NUMBER number, FIRST_ERROR_CHARACTER_POS number, FIRST_ERROR_COLUMN_NAME, "
    "ERROR_COUNT number, ERROR_LIMIT number, STATUS, TABLE_CATALOG_NAME, TABLE_SCHEMA_NAME, TABLE_NAME, "
    "PIPE_CATALOG_NAME, PIPE_SCHEMA_NAME, PIPE_NAME, PIPE_RECEIVED_TIME time, FIRST_COMMIT_TIME time"
)
USAGE_STAGES = (
    "STAGE_ID number, STAGE_NAME, STAGE_SCHEMA_ID number, STAGE_SCHEMA, STAGE_CATALOG_ID number, STAGE_CATALOG, "
    f"STAGE_URL, STAGE_REGION, STAGE_TYPE, STAGE_OWNER, COMMENT, {_LIFE}, DELETED time, ENDPOINT, OWNER_ROLE_TYPE"
)
USAGE_FILE_FORMATS = (
    "FILE_FORMAT_ID number, FILE_FORMAT_NAME, FILE_FORMAT_SCHEMA_ID number, FILE_FORMAT_SCHEMA, "
    "FILE_FORMAT_CATALOG_ID number, FILE_FORMAT_CATALOG, FILE_FORMAT_OWNER, FILE_FORMAT_TYPE, "
    f"{_FORMAT_OPTIONS}, COMMENT, {_LIFE}, DELETED time, OWNER_ROLE_TYPE"
)
USAGE_PIPES = (
    "PIPE_ID number, PIPE_NAME, PIPE_SCHEMA_ID number, PIPE_SCHEMA, PIPE_CATALOG_ID number, PIPE_CATALOG, "
    "IS_AUTOINGEST_ENABLED, NOTIFICATION_CHANNEL_NAME, PIPE_OWNER, DEFINITION, "
    f"{_LIFE}, COMMENT, PATTERN, DELETED time, OWNER_ROLE_TYPE"
)


def _place(prefix: str, item: Item[SchemaObject]) -> Row:
    database, schema, name = item.path
    return {
        f"{prefix}_CATALOG": database,
        f"{prefix}_SCHEMA": schema,
        f"{prefix}_NAME": name,
        f"{prefix}_ID": item.record.id,
        f"{prefix}_SCHEMA_ID": item.schema.id,
        f"{prefix}_CATALOG_ID": item.database.id,
        f"{prefix}_OWNER": item.owner,
        **_life(item.record),
    }


def _life(record: Record) -> Row:
    return {
        "CREATED": record.created_at,
        "LAST_ALTERED": record.altered_at or record.created_at,
        "DELETED": record.dropped_at,
        "COMMENT": record.comment,
        "OWNER_ROLE_TYPE": role_type(record.owner),
    }


def stage(item: Item[Stage]) -> Row:
    """One stage."""
    record = item.record
    return {
        **_place("STAGE", item),
        "STAGE_URL": record.url,
        "STAGE_TYPE": "External Named" if record.url else "Internal Named",
        "ENDPOINT": record.endpoint,
        "DIRECTORY_ENABLED": yes_no(record.directory),
        "STORAGE_INTEGRATION": record.integration,
    }


def file_format(item: Item[FileFormat]) -> Row:
    """One file format with all its options."""
    record = item.record
    options = filled(TYPES[record.type], record.options)
    shown = {name: as_text(options, name) for name in options if name != "NULL_IF"}
    return {
        **_place("FILE_FORMAT", item),
        **shown,
        "FILE_FORMAT_TYPE": record.type,
        "SKIP_HEADER": _header(shown),
        "NULL_IF": ", ".join(as_list(options, "NULL_IF")),
    }


def _header(shown: dict[str, str]) -> int:
    return int(shown.get("SKIP_HEADER") or 0)


def pipe(item: Item[Pipe]) -> Row:
    """One pipe."""
    return {**_place("PIPE", item), "DEFINITION": item.record.definition, "IS_AUTOINGEST_ENABLED": "NO"}


_STATUS = {"LOADED": "Loaded", "PARTIALLY_LOADED": "Partially loaded", "LOAD_FAILED": "Load failed"}


def loads(item: Item[Table]) -> Iterator[Row]:
    """What COPY has loaded into a table, the latest of each file."""
    database, schema, name = item.path
    for entry in item.record.loads:
        yield {
            **_first_error(entry),
            "SCHEMA_NAME": schema,
            "FILE_NAME": entry.location,
            "STAGE_LOCATION": entry.location.rpartition("/")[0],
            "TABLE_NAME": name,
            "TABLE_SCHEMA_NAME": schema,
            "TABLE_CATALOG_NAME": database,
            "LAST_LOAD_TIME": entry.loaded_at,
            "FIRST_COMMIT_TIME": entry.loaded_at,
            "STATUS": entry.status,
            "ROW_COUNT": entry.loaded,
            "ROW_PARSED": entry.parsed,
            "FILE_SIZE": entry.size,
            "ERROR_COUNT": entry.errors,
            "ERROR_LIMIT": entry.error_limit,
            "PIPE_NAME": entry.pipe,
            "PIPE_SCHEMA_NAME": schema if entry.pipe else None,
            "PIPE_CATALOG_NAME": database if entry.pipe else None,
            "PIPE_RECEIVED_TIME": entry.loaded_at if entry.pipe else None,
        }


def history(item: Item[Table]) -> Iterator[Row]:
    """The same, as COPY_HISTORY words it."""
    return ({**row, "STATUS": _STATUS[str(row["STATUS"])]} for row in loads(item))


def _first_error(entry: LoadedFile) -> Row:
    return {
        "FIRST_ERROR_MESSAGE": entry.first_error,
        "FIRST_ERROR_LINE_NUMBER": entry.first_error_line,
        "FIRST_ERROR_CHARACTER_POSITION": entry.first_error_character,
        "FIRST_ERROR_CHARACTER_POS": entry.first_error_character,
        "FIRST_ERROR_COL_NAME": entry.first_error_column,
        "FIRST_ERROR_COLUMN_NAME": entry.first_error_column,
    }
