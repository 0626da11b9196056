"""COLLATE and COLLATION (sql-reference/collation): values are compared by their code points only."""

from __future__ import annotations

from runner.sandbox.errors import unsupported
from runner.sandbox.query import types
from runner.sandbox.query.core import E
from runner.sandbox.query.functions.spec import Call, Special, wrong_count


def collate(call: Call) -> E:
    raise unsupported(f"COLLATE ({call.name})")


def collation(call: Call) -> E:
    """No value has a collation here, so its name is NULL."""
    if len(call.arguments) != 1:
        raise wrong_count(call.name, len(call.arguments), "1")
    call.emitter.expr(call.arguments[0])
    return E("CAST(NULL AS VARCHAR)", types.TEXT)


SPECIAL: dict[str, Special] = {"COLLATE": collate, "COLLATION": collation}
