"""The sentences that count, hash and show rows, for any columns. Pure text; the same text runs in both accounts."""

from __future__ import annotations

from collections.abc import Sequence

from runner.core.names import Identifier, ObjectName
from runner.reconcile.shape import Column

_SPATIAL = frozenset({"GEOGRAPHY", "GEOMETRY"})
_NESTED = frozenset({"VARIANT", "OBJECT", "ARRAY", "MAP"})
_UNORDERED = _SPATIAL | _NESTED | {"VECTOR", "FILE"}
_WIDEST = 200
_FORMATS = {
    "DATE": "YYYY-MM-DD",
    "TIME": "HH24:MI:SS.FF9",
    "TIMESTAMP_NTZ": "YYYY-MM-DD HH24:MI:SS.FF9",
    "TIMESTAMP_LTZ": "YYYY-MM-DD HH24:MI:SS.FF9 TZHTZM",
    "TIMESTAMP_TZ": "YYYY-MM-DD HH24:MI:SS.FF9 TZHTZM",
    "BINARY": "HEX",
}


def totals(table: ObjectName, columns: Sequence[Column]) -> str:
    """Rows, and a hash that knows no order of rows (docs: sql-reference/functions/hash_agg)."""
    return f"SELECT COUNT(*), TO_VARCHAR(HASH_AGG({_hashed(columns)})) FROM {table.sql}"


def buckets(table: ObjectName, columns: Sequence[Column], key: Sequence[Column], count: int) -> str:
    """Totals by bucket of the key."""
    return (
        f"SELECT {_bucket(key, count)}, COUNT(*), TO_VARCHAR(HASH_AGG({_hashed(columns)})) FROM {table.sql} GROUP BY 1"
    )


def fingerprints(
    table: ObjectName, columns: Sequence[Column], key: Sequence[Column], count: int, chosen: Sequence[int]
) -> str:
    """Per row of the chosen buckets: the hash of its key, the hash of it all, and how many copies there are."""
    inside = ", ".join(str(int(bucket)) for bucket in chosen)
    return (
        f"SELECT TO_VARCHAR(HASH({_hashed(key)})), TO_VARCHAR(HASH({_hashed(columns)})), COUNT(*) FROM {table.sql} "
        f"WHERE {_bucket(key, count)} IN ({inside}) GROUP BY 1, 2"
    )


def rows(table: ObjectName, columns: Sequence[Column], key: Sequence[Column], wanted: Sequence[str]) -> str:
    """Whole rows by the hash of their key: that hash, then each column's text, then each column's hash."""
    inside = ", ".join(str(int(number)) for number in wanted)
    texts = ", ".join(_text(column) for column in columns)
    hashes = ", ".join(f"TO_VARCHAR(HASH({_hashed([column])}))" for column in columns)
    found = f"HASH({_hashed(key)})"
    return f"SELECT TO_VARCHAR({found}), {texts}, {hashes} FROM {table.sql} WHERE {found} IN ({inside})"


def profile(table: ObjectName, columns: Sequence[Column]) -> str:
    """Five values a column: rows with a value, distinct ones, least, greatest, hash. One scan for all."""
    return f"SELECT COUNT(*), {', '.join(_profiled(column) for column in columns)} FROM {table.sql}"


def _profiled(column: Column) -> str:
    name = _sql(column)
    distinct = f"APPROX_COUNT_DISTINCT({_comparable(column)})"
    least, greatest = ("NULL", "NULL") if column.family in _UNORDERED else (_edge("MIN", column), _edge("MAX", column))
    return f"COUNT({name}), {distinct}, {least}, {greatest}, TO_VARCHAR(HASH_AGG({_hashed([column])}))"


def _edge(function: str, column: Column) -> str:
    name = _sql(column)
    if column.family == "VARCHAR":
        # Of texts that a collation holds for equal, any may be the least: the characters decide.
        plain = f"{name} COLLATE 'utf8'" if column.collation else name
        return f"LEFT({function}({plain}), {_WIDEST})"
    if column.family == "BOOLEAN":
        return f"{function}(TO_VARCHAR({name}))"
    return _shown(f"{function}({name})", column.family)


def _text(column: Column) -> str:
    """A value as people read it, in the same words whatever the session's formats are."""
    name = _sql(column)
    if column.family == "VARCHAR":
        return f"LEFT({name}, {_WIDEST})"
    return f"LEFT({_shown(_comparable(column), column.family)}, {_WIDEST})"


def _shown(expression: str, family: str) -> str:
    if family in _UNORDERED:
        return expression
    form = f", '{_FORMATS[family]}'" if family in _FORMATS else ""
    return f"TO_VARCHAR({expression}{form})"


def _comparable(column: Column) -> str:
    """What distinct values are counted of."""
    name = _sql(column)
    if column.family in _SPATIAL:
        return f"ST_ASWKT({name})"
    if column.family in _NESTED or column.family == "VECTOR":
        return f"TO_JSON({name}{'::ARRAY' if column.family == 'VECTOR' else ''})"
    return name


def _bucket(key: Sequence[Column], count: int) -> str:
    return f"MOD(ABS(HASH({_hashed(key)})), {int(count)})"


def _hashed(columns: Sequence[Column]) -> str:
    """HASH and HASH_AGG take no shapes on a map."""
    return ", ".join(f"ST_ASWKB({_sql(c)})" if c.family in _SPATIAL else _sql(c) for c in columns)


def _sql(column: Column) -> str:
    """The name in quotes, always: a plain one could be a word of the language."""
    return '"' + Identifier(column.name).stored.replace('"', '""') + '"'
