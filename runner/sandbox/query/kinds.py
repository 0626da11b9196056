"""Snowflake's types in a query, and how they are read from the parser (sql-reference/intro-summary-data-types)."""

from __future__ import annotations

from sqlglot import exp

from runner.sandbox.ddl.types import MAX_BINARY, MAX_TEXT
from runner.sandbox.errors import compilation, syntax_error, unsupported
from runner.sandbox.result import SnowType

TEXT = SnowType("VARCHAR", length=16777216)
INT = SnowType("NUMBER", precision=38, scale=0)
COUNT = SnowType("NUMBER", precision=18, scale=0)
FLOAT = SnowType("FLOAT")
BOOL = SnowType("BOOLEAN")
DATE = SnowType("DATE")
TIME = SnowType("TIME", scale=9)
NTZ = SnowType("TIMESTAMP_NTZ", scale=9)
LTZ = SnowType("TIMESTAMP_LTZ", scale=9)
TZ = SnowType("TIMESTAMP_TZ", scale=9)
VARIANT = SnowType("VARIANT")
OBJECT = SnowType("OBJECT")
ARRAY = SnowType("ARRAY")
BINARY = SnowType("BINARY", length=8388608)

SEMI = frozenset({"VARIANT", "OBJECT", "ARRAY"})
STAMPS = frozenset({"TIMESTAMP_NTZ", "TIMESTAMP_LTZ", "TIMESTAMP_TZ"})
TEMPORAL = STAMPS | {"DATE"}
NUMERIC = frozenset({"NUMBER", "FLOAT"})
_T = exp.DType
_PLAIN: dict[exp.DType, SnowType] = {
    _T.BIGINT: INT, _T.INT: INT, _T.SMALLINT: INT, _T.TINYINT: INT, _T.INT128: INT, _T.UTINYINT: INT,
    _T.DOUBLE: FLOAT, _T.FLOAT: FLOAT, _T.BOOLEAN: BOOL, _T.DATE: DATE,
    _T.VARIANT: VARIANT, _T.OBJECT: OBJECT, _T.STRUCT: OBJECT, _T.ARRAY: ARRAY, _T.JSON: VARIANT,
}  # fmt: skip
_STAMPS = {
    _T.TIMESTAMPNTZ: "TIMESTAMP_NTZ",
    _T.DATETIME: "TIMESTAMP_NTZ",
    _T.TIMESTAMPLTZ: "TIMESTAMP_LTZ",
    _T.TIMESTAMPTZ: "TIMESTAMP_TZ",
}
_TEXTS = frozenset({_T.TEXT, _T.VARCHAR, _T.CHAR, _T.NCHAR, _T.NVARCHAR, _T.NAME})


def number(precision: int, scale: int = 0) -> SnowType:
    return SnowType("NUMBER", precision=max(1, min(38, precision)), scale=max(0, min(37, scale)))


def text(length: int) -> SnowType:
    return SnowType("VARCHAR", length=length)


def read(node: exp.DataType, mapping: str) -> SnowType:
    """The type that the parser read; bare TIMESTAMP is what the session maps it to."""
    facets = [
        int(param.name) for param in node.expressions if isinstance(param, exp.DataTypeParam) and param.name.isdigit()
    ]
    kind = node.this
    refuse_facets(kind, facets)
    if kind in (_T.DECIMAL, _T.BIGDECIMAL):
        return _decimal(facets)
    if kind in _TEXTS:
        return text(facets[0] if facets else 1 if kind in (_T.CHAR, _T.NCHAR) else 16777216)
    if kind in (_T.BINARY, _T.VARBINARY):
        return SnowType("BINARY", length=facets[0] if facets else 8388608)
    if kind == _T.TIMESTAMP or kind in _STAMPS:
        return SnowType(_STAMPS.get(kind, mapping), scale=facets[0] if facets else 9)
    if kind == _T.TIME:
        return SnowType("TIME", scale=facets[0] if facets else 9)
    if kind in _PLAIN and not (node.args.get("nested") and node.expressions):
        return _PLAIN[kind]
    raise unsupported(f"data type {node.sql('snowflake')}")


def refuse_facets(kind: exp.DType, facets: list[int]) -> None:
    """2263 for a length or scale that no such type has (sql-reference/data-types-text, data-types-datetime)."""
    if not facets:
        return
    if kind in _TEXTS or kind in (_T.BINARY, _T.VARBINARY):
        facet, low, high = "length", 1, MAX_TEXT if kind in _TEXTS else MAX_BINARY
    elif kind in (_T.TIME, _T.TIMESTAMP) or kind in _STAMPS:
        facet, low, high = "scale", 0, 9
    elif kind in _PLAIN:
        raise syntax_error(1, 0, "(")
    else:
        return
    if len(facets) > 1:
        raise syntax_error(1, 0, ",")
    if not low <= facets[0] <= high:
        raise compilation(2263, "42601", f"invalid {facet}: {facets[0]}. Must be between {low} and {high}.")


def _decimal(facets: list[int]) -> SnowType:
    precision, scale = (*facets, 0)[:2] if facets else (38, 0)
    if not 1 <= precision <= 38 or not 0 <= scale <= min(37, precision):
        raise compilation(2263, "42601", f"invalid precision or scale: NUMBER({precision},{scale}).")
    return number(precision, scale)
