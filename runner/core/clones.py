"""What the frozen clone of a table is called in the shared schema, where tables of many schemas stand side by side."""

from __future__ import annotations

import hashlib

from runner.core.names import ObjectName

_LONGEST = 255


def clone_name(table: ObjectName) -> str:
    """``MART__DIM_STOCKS``. It may be too long, and a schema A__B with a table C gives what A with B__C gives."""
    _, schema, name = table.parts
    return f"{schema.stored}__{name.stored}"


def fits(name: str) -> bool:
    return len(name) <= _LONGEST


def distinct_name(table: ObjectName) -> str:
    """A name that is never too long and no other table's."""
    digest = hashlib.sha256(table.sql.encode()).hexdigest()[:8]
    return f"{clone_name(table)[: _LONGEST - 10]}__{digest}"
