"""INSERT, UPDATE, DELETE, MERGE, TRUNCATE."""

from __future__ import annotations

from runner.sandbox.context import Context
from runner.sandbox.errors import unsupported
from runner.sandbox.result import Result


def insert(context: Context, text: str) -> Result:
    raise unsupported("INSERT")


update = delete = merge = truncate = insert
