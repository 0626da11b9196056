"""What the parser knows of other dialects and Snowflake does not: a syntax error, never left out in silence."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlglot import exp
from sqlglot.dialects.snowflake import Snowflake

from runner.sandbox.errors import compilation, syntax_error, unsupported
from runner.sandbox.query.columns import name_of
from runner.sandbox.query.core import Expr

_PARTS: dict[Any, dict[str, str]] = {
    exp.Update: {"returning": "RETURNING", "order": "ORDER", "limit": "LIMIT"},
    exp.Delete: {"returning": "RETURNING", "order": "ORDER", "limit": "LIMIT", "tables": "FROM", "cluster": "CLUSTER"},
    exp.Merge: {"returning": "RETURNING"},
    exp.CTE: {"materialized": "MATERIALIZED", "key_expressions": "KEY"},
    exp.Table: {
        "hints": "WITH", "partition": "PARTITION", "ordinality": "ORDINALITY", "only": "ONLY", "indexed": "INDEXED",
    },
    exp.Lateral: {"cross_apply": "APPLY", "view": "VIEW", "ordinality": "ORDINALITY"},
    exp.Select: {
        "sample": "SAMPLE", "kind": "AS", "into": "INTO", "sort": "SORT", "cluster": "CLUSTER",
        "distribute": "DISTRIBUTE", "prewhere": "PREWHERE", "settings": "SETTINGS", "format": "FORMAT",
    },
    exp.Limit: {"expressions": "BY", "offset": ","},
    exp.Ordered: {"with_fill": "FILL"},
    exp.Between: {"symmetric": "SYMMETRIC"},
    exp.Cast: {"format": "FORMAT"},
    exp.TryCast: {"format": "FORMAT"},
}  # fmt: skip
"""By the kind of a node, the parts it must not have, and the word that is unexpected."""


def refuse(tree: Expr) -> None:
    """001003 for what another dialect has and Snowflake has not."""
    for node in tree.walk():
        parts = _PARTS.get(type(node))
        if parts is not None:
            for part, word in parts.items():
                if node.args.get(part):
                    raise syntax_error(1, 0, word)
        if (check := _CHECKS.get(type(node))) is not None and (word := check(node)):
            raise syntax_error(1, 0, word)


def _join(node: Any) -> str:
    """CROSS JOIN has no condition (sql-reference/constructs/join)."""
    if node.kind not in ("", "INNER", "OUTER", "CROSS", "SEMI", "ANTI", "ASOF"):
        return str(node.kind)
    return "ON" if node.kind == "CROSS" and node.args.get("on") else ""


def _target(node: Any) -> str:
    """One table is changed: `UPDATE a, b`, `DELETE FROM a JOIN b` are others' forms."""
    joins = node.this.args.get("joins") if isinstance(node.this, exp.Table) else None
    return "," if joins else ""


def _select(node: Any) -> str:
    """Rows of values and intervals are no columns (sql-reference/data-types-datetime, interval constants)."""
    for item in node.expressions:
        value = item.unalias()
        if isinstance(value, exp.Tuple):
            return ","
        if isinstance(value, exp.Interval):
            return "INTERVAL"
    return ""


def _set(node: Any) -> str:
    """INTERSECT and EXCEPT are of distinct rows (sql-reference/operators-query)."""
    return "" if node.args.get("distinct") else "ALL"


def _grouped(node: Any) -> str:
    return "" if node.expressions else "WITH"


def _when(node: Any) -> str:
    then = node.args.get("then")
    star = isinstance(then, (exp.Insert, exp.Update)) and (
        isinstance(then.this, exp.Star) or isinstance(then.args.get("expressions"), exp.Star)
    )
    return "*" if star else ""


def _with(node: Any) -> str:
    """A recursive part comes after UNION ALL (sql-reference/constructs/with)."""
    seen: set[str] = set()
    for cte in node.expressions:
        body, name = cte.this, name_of(cte.args["alias"].this)
        if name in seen:
            raise compilation(2027, "42601", f"Duplicate alias '{name}'")
        if name.casefold() in map(str.casefold, seen):
            raise unsupported(f"common table expressions whose names differ by case alone: {name}")
        seen.add(name)
        if type(body) is exp.Union and body.args.get("distinct") and _reads(body.expression, cte.alias):
            return "UNION"
    return ""


def _reads(query: Expr, name: str) -> bool:
    return any(table.name.upper() == name.upper() and not table.db for table in query.find_all(exp.Table))


_CHECKS: dict[Any, Callable[[Any], str]] = {
    exp.Join: _join, exp.Update: _target, exp.Delete: _target, exp.Intersect: _set, exp.Except: _set,
    exp.Select: _select, exp.Rollup: _grouped, exp.Cube: _grouped, exp.When: _when, exp.With: _with,
}  # fmt: skip

_TYPES = frozenset({
    "ARRAY", "BIGINT", "BINARY", "BOOLEAN", "BYTEINT", "CHAR", "CHAR VARYING", "CHARACTER", "CHARACTER VARYING", "DATE",
    "DATETIME", "DEC", "DECFLOAT", "DECIMAL", "DOUBLE", "DOUBLE PRECISION", "FILE", "FLOAT", "FLOAT4", "FLOAT8",
    "GEOGRAPHY", "GEOMETRY", "INT", "INTEGER", "INTERVAL", "MAP", "NCHAR", "NCHAR VARYING", "NULL", "NUMBER", "NUMERIC",
    "NVARCHAR", "NVARCHAR2", "OBJECT", "REAL", "SMALLINT", "STRING", "TEXT", "TIME", "TIMESTAMP", "TIMESTAMPLTZ",
    "TIMESTAMPNTZ", "TIMESTAMPTZ", "TIMESTAMP_LTZ", "TIMESTAMP_NTZ", "TIMESTAMP_TZ", "TINYINT", "UUID", "VARBINARY",
    "VARCHAR", "VARIANT", "VECTOR", "RANGE", "UNION", "LIST", "STRUCT", "UNKNOWN",
})  # fmt: skip
"""Snowflake's names of types (sql-reference/intro-summary-data-types), and words that mean something else besides."""
_OPERATORS = frozenset({"<=>", "ISNULL", "NOTNULL"})


def keywords() -> dict[str, Any]:
    """The tokenizer's words without names of types and operators that Snowflake does not have."""
    known = Snowflake.Tokenizer.KEYWORDS
    types = Snowflake.Parser.TYPE_TOKENS
    return {
        word: token
        for word, token in known.items()
        if word not in _OPERATORS and (token not in types or word in _TYPES)
    }
