"""The options of COPY INTO, both ways (sql-reference/sql/copy-into-table, copy-into-location)."""

from __future__ import annotations

import re

from runner.sandbox.staging.options import Option, Value, boolean, invalid_value, one_of, text, whole

_ON_ERROR = re.compile(r"(CONTINUE|SKIP_FILE(_\d+%?)?|ABORT_STATEMENT)\Z")


def _on_error(name: str, value: Value) -> Value:
    if isinstance(value, str) and _ON_ERROR.match(value.upper()):
        return value.upper()
    raise invalid_value(name, value)


_FALSE = Option(boolean, "FALSE", "Boolean")
_TRUE = Option(boolean, "TRUE", "Boolean")
INTO_TABLE: dict[str, Option] = {
    "ON_ERROR": Option(_on_error, "ABORT_STATEMENT"),
    "SIZE_LIMIT": Option(whole, "", "Long"),
    "PURGE": _FALSE,
    "RETURN_FAILED_ONLY": _FALSE,
    "MATCH_BY_COLUMN_NAME": Option(one_of("CASE_SENSITIVE", "CASE_INSENSITIVE", "NONE"), "NONE"),
    "ENFORCE_LENGTH": _TRUE,
    "TRUNCATECOLUMNS": _FALSE,
    "FORCE": _FALSE,
    "LOAD_UNCERTAIN_FILES": _FALSE,
    "LOAD_MODE": Option(one_of("FULL_INGEST"), "FULL_INGEST"),
}
INTO_LOCATION: dict[str, Option] = {
    "OVERWRITE": _FALSE,
    "SINGLE": _FALSE,
    "MAX_FILE_SIZE": Option(whole, "16777216", "Long"),
    "INCLUDE_QUERY_ID": _FALSE,
    "DETAILED_OUTPUT": _FALSE,
    "HEADER": _FALSE,
}
VALIDATION = Option(text, "")
