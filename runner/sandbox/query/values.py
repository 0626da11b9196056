"""VALUES as rows of a query (sql-reference/constructs/values)."""

from __future__ import annotations

from sqlglot import exp

from runner.sandbox.errors import compilation
from runner.sandbox.query import types
from runner.sandbox.query.core import Col, E, Emitter, Expr
from runner.sandbox.result import SnowType
from runner.sandbox.tokens import quote_identifier


def values(emitter: Emitter, node: exp.Values) -> tuple[str, list[Col]]:
    """VALUES as a query; its columns are COLUMN1, COLUMN2 …"""
    for item in (item for row in node.expressions for item in row.expressions):
        _refuse_in_values(item)
    rows = [[emitter.full(item) for item in row.expressions] for row in node.expressions]
    width = len(rows[0])
    if any(len(row) != width for row in rows):
        raise compilation(1789, "42601", "rows of VALUES differ in length")
    kinds = [types.in_common([row[at] for row in rows]) for at in range(width)]
    lines = [", ".join(_as(item, kind) for item, kind in zip(row, kinds, strict=True)) for row in rows]
    names = ", ".join(quote_identifier(f"COLUMN{at + 1}") for at in range(width))
    listed = ", ".join(f"({line})" for line in lines)
    columns = [Col(f"COLUMN{at + 1}", kind) for at, kind in enumerate(kinds)]
    return f"SELECT * FROM (VALUES {listed}) AS v({names})", columns


_NOT_IN_VALUES = frozenset(
    {"ARRAY_CONSTRUCT", "OBJECT_CONSTRUCT", "OBJECT_CONSTRUCT_KEEP_NULL", "PARSE_JSON", "TRY_PARSE_JSON"}
)


def _refuse_in_values(item: Expr) -> None:
    """Semi-structured values and subqueries come from a SELECT (sql-reference/data-types-semistructured)."""
    if isinstance(item, (exp.Literal, exp.Null, exp.Boolean, exp.Neg)):
        return
    for part in item.walk():
        named = isinstance(part, exp.Anonymous) and part.name.upper() in _NOT_IN_VALUES
        if named or isinstance(part, (exp.Select, exp.Array, exp.Struct)):
            raise compilation(2014, "22000", f"Invalid expression [{part.sql('snowflake')}] in VALUES clause")


def _as(e: E, kind: SnowType | None) -> str:
    if kind is None or e.type is None or e.kind == "NULL":
        return e.sql
    if e.kind == "VARCHAR" and kind.name == "VARCHAR":
        return e.sql
    return types.cast(e, kind).sql if e.type != kind else e.sql
