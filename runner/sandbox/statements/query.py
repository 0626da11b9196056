"""SELECT and EXPLAIN."""

from __future__ import annotations

import sqlglot

from runner.sandbox.context import Context
from runner.sandbox.errors import unsupported
from runner.sandbox.result import TEXT, Column, Result, rows_result


def select(context: Context, text: str) -> Result:
    sql = sqlglot.transpile(text, read="snowflake", write="duckdb")[0]
    if " FROM " in sql.upper():
        raise unsupported("FROM")
    with context.storage.cursor() as cursor:
        rows = cursor.execute(sql).fetchall()
        names = [d[0] for d in cursor.description]
    return rows_result([Column(n, TEXT) for n in names], [tuple(map(str, r)) for r in rows])


def explain(context: Context, text: str) -> Result:
    raise unsupported("EXPLAIN")
