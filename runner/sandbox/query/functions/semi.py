"""Semi-structured data (sql-reference/functions-semistructured)."""

from __future__ import annotations

from runner.sandbox.query import types
from runner.sandbox.query.core import E, Emitter, Expr
from runner.sandbox.query.functions.spec import Call, F, Special, f, wrong_count
from runner.sandbox.query.stars import is_star, starred
from runner.sandbox.query.types import ARRAY, BOOL, INT, OBJECT, TEXT, VARIANT, quoted

_ONCE = "list_filter(CAST({0} AS JSON[]), lambda x, i: list_position(CAST({0} AS JSON[]), x) = i)"
_JOINED = (
    "CASE WHEN {1} IS NOT NULL THEN array_to_string(flatten(list_transform(CAST({0} AS JSON[]), "
    "lambda x: [{1}, coalesce(x ->> '$', '')]))[2:], '') END"
)
"""The engine's own function takes a constant between the elements only."""
TABLE: dict[str, F] = {
    "TO_JSON": f("v", "CAST({0} AS VARCHAR)", TEXT),
    "TO_VARIANT": f("v", "{0}", VARIANT),
    "TO_OBJECT": f("v", "{0}", OBJECT),
    "TO_ARRAY": f("v", "sf_to_array({0})", ARRAY),
    "ARRAY_SIZE": f("v", "CASE WHEN json_type({0}) = 'ARRAY' THEN json_array_length({0}) END", INT),
    "ARRAY_CONTAINS": f("vv", "list_contains(CAST({1} AS JSON[]), {0})", BOOL),
    "ARRAY_CAT": f(
        "vv",
        "CASE WHEN {0} IS NOT NULL AND {1} IS NOT NULL "
        "THEN to_json(list_concat(CAST({0} AS JSON[]), CAST({1} AS JSON[]))) END",
        ARRAY,
    ),
    "ARRAY_APPEND": f("vv", "to_json(list_append(CAST({0} AS JSON[]), {1}))", ARRAY),
    "ARRAY_PREPEND": f("vv", "to_json(list_prepend({1}, CAST({0} AS JSON[])))", ARRAY),
    "ARRAY_DISTINCT": f("v", f"to_json({_ONCE})", ARRAY),
    "ARRAY_POSITION": f("vv", "(nullif(list_position(CAST({1} AS JSON[]), {0}), 0) - 1)", INT),
    "ARRAY_SLICE": f("vii", "sf_slice(CAST({0} AS JSON[]), {1}, {2})", ARRAY),
    "ARRAY_TO_STRING": f("vt", _JOINED, TEXT),
    "ARRAY_INSERT": f("viv", "sf_insert(CAST({0} AS JSON[]), {1}, {2})", ARRAY),
    "ARRAY_REMOVE": f("vv", "to_json(list_filter(CAST({0} AS JSON[]), lambda x: x IS DISTINCT FROM {1}))", ARRAY),
    "ARRAY_COMPACT": f("v", "to_json(list_filter(CAST({0} AS JSON[]), lambda x: json_type(x) <> 'NULL'))", ARRAY),
    "ARRAY_REVERSE": f("v", "to_json(list_reverse(CAST({0} AS JSON[])))", ARRAY),
    "ARRAY_FLATTEN": f("v", "to_json(flatten(CAST({0} AS JSON[][])))", ARRAY),
    "ARRAY_GENERATE_RANGE": f("iii?", ("to_json(range({0}, {1}))", "to_json(range({0}, {1}, {2}))"), ARRAY),
    "ARRAYS_OVERLAP": f("vv", "list_has_any(sf_elements({0}), sf_elements({1}))", BOOL),
    "OBJECT_KEYS": f("v", "to_json(list_sort(json_keys({0})))", ARRAY),
    "TYPEOF": f("v", "sf_typeof({0})", TEXT),
    "IS_NULL_VALUE": f("v", "(json_type({0}) = 'NULL')", BOOL),
    "IS_ARRAY": f("v", "(json_type({0}) = 'ARRAY')", BOOL),
    "IS_OBJECT": f("v", "(json_type({0}) = 'OBJECT')", BOOL),
    "IS_VARCHAR": f("v", "(json_type({0}) = 'VARCHAR')", BOOL),
    "IS_BOOLEAN": f("v", "(json_type({0}) = 'BOOLEAN')", BOOL),
    "IS_INTEGER": f("v", "(json_type({0}) IN ('BIGINT', 'UBIGINT', 'HUGEINT'))", BOOL),
    "STRIP_NULL_VALUE": f("v", "CASE WHEN json_type({0}) = 'NULL' THEN NULL ELSE {0} END", VARIANT),
    "JSON_EXTRACT_PATH_TEXT": f("tt", "(sf_parse({0}, 's') ->> ('$.' || {1}))", TEXT),
}


def object_construct(call: Call) -> E:
    """Pairs whose value is NULL are left out, unless KEEP_NULL; OBJECT_CONSTRUCT(*) takes all columns."""
    keep = call.name.endswith("KEEP_NULL")
    if len(call.arguments) == 1 and is_star(call.arguments[0]):
        pairs = [(quoted(key), value) for key, value in star_columns(call.emitter, call.arguments[0])]
    elif len(call.arguments) % 2:
        raise wrong_count(call.name, len(call.arguments), str(len(call.arguments) + 1))
    else:
        given = [call.emitter.full(argument) for argument in call.arguments]
        pairs = [
            (types.cast(given[at], TEXT).sql, given[at + 1])
            for at in range(0, len(given), 2)
            if given[at].kind != "NULL"
        ]
    return object_of(pairs, keep=keep)


def object_of(pairs: list[tuple[str, E]], *, keep: bool = False) -> E:
    """An object of pairs; without `keep` those that are NULL are left out. No key comes twice."""
    shown = ", ".join(_pair(key, value, keep) for key, value in sorted(pairs, key=lambda pair: pair[0]))
    built = f"json_object({shown})"
    constant = all(key.startswith("'") for key, _ in pairs)
    present = built if keep and constant else f"sf_without_absent({built})"
    return E(present if constant and len({key for key, _ in pairs}) == len(pairs) else f"sf_once({present})", OBJECT)


_ABSENT = "'\"\\u0001absent\"'::JSON"


def _pair(key: str, value: E, keep: bool) -> str:
    """A pair whose key is NULL is left out (sql-reference/functions/object_construct_keep_null)."""
    shown = _value(value, keep)
    return f"{key}, {shown}" if key.startswith("'") else f"coalesce({key}, ''), if({key} IS NULL, {_ABSENT}, {shown})"


def _value(e: E, keep: bool) -> str:
    """JSON null inside a VARIANT stays; SQL NULL is marked, to be left out."""
    sql = types.as_variant(e) if e.kind != "NULL" else "NULL::JSON"
    return f"coalesce({sql}, 'null'::JSON)" if keep else f"coalesce({sql}, {_ABSENT})"


def star_columns(emitter: Emitter, node: Expr) -> list[tuple[str, E]]:
    """Every column that `*` or `t.*` means here."""
    return [(one.name, one.value) for one in starred(emitter, node) or ()]


def array_construct(call: Call) -> E:
    items = [call.emitter.full(argument) for argument in call.arguments]
    parts = ["'null'::JSON" if e.kind == "NULL" else f"coalesce({types.as_variant(e)}, 'null'::JSON)" for e in items]
    if call.name == "ARRAY_CONSTRUCT_COMPACT":
        listed = ", ".join("NULL::JSON" if e.kind == "NULL" else types.as_variant(e) for e in items)
        return E(f"to_json(list_filter([{listed}], lambda x: x IS NOT NULL))", ARRAY)
    return E(f"json_array({', '.join(parts)})", ARRAY)


def get(call: Call) -> E:
    if len(call.arguments) != 2:
        raise wrong_count(call.name, len(call.arguments), "2")
    base, key = (call.emitter.expr(argument) for argument in call.arguments)
    if call.name == "GET_PATH":
        return E(f"({base.sql} -> ('$.' || replace({key.sql}, ':', '.')))", VARIANT)
    if key.kind == "NUMBER":
        return E(f"({base.sql} -> CAST({key.sql} AS BIGINT))", VARIANT)
    return E(f"({base.sql} -> ('$.\"' || {key.sql} || '\"'))", VARIANT)


def converted(call: Call) -> E:
    """AS_INTEGER, AS_VARCHAR and their like: the value when it is of that type, else NULL."""
    value = call.emitter.expr(call.arguments[0])
    kind, stored = _AS.get(call.name, (types.FLOAT, "'DOUBLE', 'BIGINT', 'UBIGINT', 'HUGEINT'"))
    return E(f"CASE WHEN json_type({value.sql}) IN ({stored}) THEN {types.cast(value, kind).sql} END", kind)


_AS = {
    "AS_VARCHAR": (TEXT, "'VARCHAR'"), "AS_CHAR": (TEXT, "'VARCHAR'"), "AS_BOOLEAN": (BOOL, "'BOOLEAN'"),
    "AS_INTEGER": (INT, "'BIGINT', 'UBIGINT', 'HUGEINT'"),
}  # fmt: skip


SPECIAL: dict[str, Special] = {
    "OBJECT_CONSTRUCT": object_construct, "OBJECT_CONSTRUCT_KEEP_NULL": object_construct,
    "ARRAY_CONSTRUCT": array_construct, "ARRAY_CONSTRUCT_COMPACT": array_construct, "GET": get, "GET_PATH": get,
    "AS_VARCHAR": converted, "AS_CHAR": converted, "AS_INTEGER": converted, "AS_BOOLEAN": converted,
    "AS_DOUBLE": converted, "AS_REAL": converted,
}  # fmt: skip
