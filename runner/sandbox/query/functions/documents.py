"""Functions of arrays and objects that Python does, and JSON read as Snowflake reads it (functions-semistructured)."""

from __future__ import annotations

from runner.sandbox.errors import unsupported
from runner.sandbox.query import types
from runner.sandbox.query.core import E
from runner.sandbox.query.functions.spec import Call, F, Special, f, wrong_count
from runner.sandbox.query.types import ARRAY, BOOL, OBJECT, TEXT, VARIANT, cast, number, quoted
from runner.sandbox.result import SnowType

_CALLS: dict[str, tuple[int, int, SnowType]] = {
    "ARRAY_SORT": (1, 3, ARRAY), "ARRAY_MAX": (1, 1, VARIANT), "ARRAY_MIN": (1, 1, VARIANT),
    "ARRAY_INTERSECTION": (2, 2, ARRAY), "ARRAY_EXCEPT": (2, 2, ARRAY), "ARRAY_REMOVE_AT": (2, 2, ARRAY),
    "ARRAYS_ZIP": (1, 100, ARRAY), "ARRAYS_TO_OBJECT": (2, 2, OBJECT), "OBJECT_INSERT": (3, 4, OBJECT),
    "OBJECT_DELETE": (2, 100, OBJECT), "OBJECT_PICK": (2, 100, OBJECT), "GET_IGNORE_CASE": (2, 2, VARIANT),
}  # fmt: skip
"""How many arguments each takes, and what it gives."""


def in_python(call: Call) -> E:
    """NULL where an argument is; only the value that OBJECT_INSERT puts in may be, and is then not put in."""
    least, most, kind = _CALLS[call.name]
    if not least <= len(call.arguments) <= most:
        raise wrong_count(call.name, len(call.arguments), str(least) if least == most else f"{least}-{most}")
    given = [call.emitter.expr(argument) for argument in call.arguments]
    if call.name == "OBJECT_INSERT":  # the key is a text, whether it may be there already a truth
        given = [e if kind is None else cast(e, kind) for e, kind in zip(given, (None, TEXT, None, BOOL), strict=False)]
    may_be_null = {2} if call.name == "OBJECT_INSERT" else set()
    parts = [_part(e, at in may_be_null) for at, e in enumerate(given)]
    absent = [f"{part} IS NULL" for at, part in enumerate(parts) if at not in may_be_null]
    done = f"sf_called({quoted(call.name)}, CAST(json_array({', '.join(parts)}) AS VARCHAR))"
    return E(f"CASE WHEN {' OR '.join(absent)} THEN NULL ELSE CAST({done} AS JSON) END", kind)


def _part(e: E, may_be_null: bool) -> str:
    sql = "NULL::JSON" if e.kind == "NULL" else types.as_variant(e)
    return f"coalesce({sql}, '\"\\u0001absent\"'::JSON)" if may_be_null else sql


def parse(call: Call) -> E:
    """PARSE_JSON(text [, 'd' | 's']): with 'd' a name may come twice, and the last counts."""
    if not 1 <= len(call.arguments) <= 2:
        raise wrong_count(call.name, len(call.arguments), "1-2")
    value = call.emitter.expr(call.arguments[0])
    mode = call.emitter.expr(call.arguments[1]).literal if len(call.arguments) > 1 else "s"
    if mode not in ("s", "d"):
        raise unsupported(f"{call.name} with this parameter")
    text = value if value.kind == "NULL" else cast(value, TEXT)
    sql = "CAST(NULL AS VARCHAR)" if text.kind == "NULL" else text.sql
    macro = "sf_parse" if call.name == "PARSE_JSON" else "sf_try_parse"
    return E(f"{macro}({sql}, '{mode}')", VARIANT)


_NUMERIC = "'BIGINT', 'UBIGINT', 'HUGEINT', 'DOUBLE'"
_DECIMAL = f"(json_type({{0}}) IN ({_NUMERIC}) AND NOT contains(lower(CAST({{0}} AS VARCHAR)), 'e'))"
_ANY_NUMBER = f"(json_type({{0}}) IN ({_NUMERIC}))"

TABLE: dict[str, F] = {
    "CHECK_JSON": f("t", "CASE WHEN trim({0}) = '' THEN NULL ELSE sf_checked({0}, 's') END", TEXT),
    "IS_CHAR": f("v", "(json_type({0}) = 'VARCHAR')", BOOL),
    "IS_DECIMAL": f("v", _DECIMAL, BOOL),
    "IS_DOUBLE": f("v", _ANY_NUMBER, BOOL),
    "IS_REAL": f("v", _ANY_NUMBER, BOOL),
    "AS_ARRAY": f("v", "CASE WHEN json_type({0}) = 'ARRAY' THEN {0} END", ARRAY),
    "AS_OBJECT": f("v", "CASE WHEN json_type({0}) = 'OBJECT' THEN {0} END", OBJECT),
    "ARRAY_UNIQUE_AGG": f(
        "x", "list(DISTINCT {0}) FILTER ({0} IS NOT NULL)", ARRAY, "coalesce(to_json({}), '[]'::JSON)"
    ),
}


def as_decimal(call: Call) -> E:
    """AS_DECIMAL(v [, precision [, scale]]): NULL of what is no number."""
    if not 1 <= len(call.arguments) <= 3:
        raise wrong_count(call.name, len(call.arguments), "1-3")
    value = call.emitter.expr(call.arguments[0])
    facts = [call.emitter.expr(argument).literal or "" for argument in call.arguments[1:]]
    if not all(fact.isdigit() for fact in facts):
        raise unsupported(f"{call.name} with a precision that is no constant")
    kind = number(*([int(fact) for fact in facts] or [38, 0]))
    return E(f"CASE WHEN json_type({value.sql}) IN ({_NUMERIC}) THEN {cast(value, kind).sql} END", kind)


SPECIAL: dict[str, Special] = {
    **dict.fromkeys(_CALLS, in_python),
    "PARSE_JSON": parse, "TRY_PARSE_JSON": parse, "AS_DECIMAL": as_decimal, "AS_NUMBER": as_decimal,
}  # fmt: skip
