"""SYS_CONNECT_BY_PATH (sql-reference/constructs/connect-by)."""

from __future__ import annotations

from runner.sandbox.errors import compilation
from runner.sandbox.query import types
from runner.sandbox.query.core import E
from runner.sandbox.query.functions.spec import Call, Special


def sys_connect_by_path(call: Call) -> E:
    key = ", ".join(argument.sql("snowflake") for argument in call.arguments)
    found = call.emitter.scope.paths.get(key)
    if found is None:
        raise compilation(2301, "42601", "SYS_CONNECT_BY_PATH stands in the query of a CONNECT BY only")
    return E(found, types.TEXT)


SPECIAL: dict[str, Special] = {"SYS_CONNECT_BY_PATH": sys_connect_by_path}
