"""What SHOW says of a database, in the words of the estates' files: an independent count of what was made."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from runner.core.names import ObjectName

KINDS = {
    "ALERT": "ALERTS", "DYNAMIC TABLE": "DYNAMIC TABLES", "FILE FORMAT": "FILE FORMATS", "FUNCTION": "USER FUNCTIONS",
    "MASKING POLICY": "MASKING POLICIES", "MATERIALIZED VIEW": "MATERIALIZED VIEWS", "PIPE": "PIPES",
    "PROCEDURE": "USER PROCEDURES", "ROW ACCESS POLICY": "ROW ACCESS POLICIES", "SEQUENCE": "SEQUENCES",
    "STAGE": "STAGES", "STREAM": "STREAMS", "TABLE": "TABLES", "TAG": "TAGS", "TASK": "TASKS", "VIEW": "VIEWS",
}  # fmt: skip


def inventory(cursor: Any, database: str) -> set[str]:
    """Every object of the kinds that runner moves."""
    return {line for kind, shown in KINDS.items() for line in _of_kind(cursor, database, kind, shown)}


def _of_kind(cursor: Any, database: str, kind: str, shown: str) -> Iterator[str]:
    place = ObjectName.of(database).sql
    rows = cursor.execute(f"SHOW {shown} IN DATABASE {place}").fetchall()
    names = [column[0].lower() for column in cursor.description]
    for row in (dict(zip(names, row, strict=True)) for row in rows):
        schema = row.get("schema_name")
        if schema == "INFORMATION_SCHEMA" or _is_other(kind, row):
            continue
        signature = _signature(row["arguments"]) if "arguments" in row else ""
        yield f"{kind} {ObjectName.of(database, schema, row['name']).sql}{signature}"


def _is_other(kind: str, row: dict[str, Any]) -> bool:
    """SHOW TABLES and SHOW VIEWS list more than their name says."""
    return any(
        row.get(word) in ("Y", "true") for word in ("is_dynamic", "is_materialized", "is_external")
    ) and kind in (
        "TABLE",
        "VIEW",
    )


def _signature(arguments: str) -> str:
    """`SP(NUMBER, DEFAULT VARCHAR) RETURN …` → `(NUMBER, VARCHAR)`."""
    inner = arguments[arguments.index("(") : arguments.index(") RETURN ") + 1]
    return re.sub(r"\bDEFAULT ", "", inner.replace("[", "").replace("]", ""))
