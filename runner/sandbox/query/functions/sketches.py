"""Sketches for counting what is distinct, and for what is most frequent: exact here.

Sources: user-guide/querying-bitmaps-for-distinct-counts, user-guide/querying-arrays-for-distinct-counts,
user-guide/querying-approximate-cardinality, sql-reference/functions/approx_top_k.
A state is of the sandbox's own making: a bitmap of 4 KB, the hashes of what was counted.
"""

from __future__ import annotations

from runner.sandbox.errors import compilation
from runner.sandbox.query import types
from runner.sandbox.query.core import E
from runner.sandbox.query.functions.spec import Call, F, Special, applied, f, wrong_count
from runner.sandbox.query.types import ARRAY, BINARY, INT

_BITS = 32768
_HASHES = "regexp_extract_all(hex({0}), '.{16}')"
TABLE: dict[str, F] = {
    "BITMAP_BUCKET_NUMBER": f(
        "i", f"CASE WHEN {{0}} > 0 THEN ({{0}} - 1) // {_BITS} + 1 ELSE - (abs({{0}}) // {_BITS}) END", INT
    ),
    "BITMAP_BIT_POSITION": f("i", f"CASE WHEN {{0}} > 0 THEN ({{0}} - 1) % {_BITS} ELSE abs({{0}}) % {_BITS} END", INT),
    "BITMAP_CONSTRUCT_AGG": f(
        "i", f"bitstring_agg(CAST({{0}} AS INTEGER), 0, {_BITS - 1})", BINARY, "CAST({} AS BLOB)"
    ),
    "BITMAP_OR_AGG": f("y", "bit_or(CAST({0} AS BIT))", BINARY, "CAST({} AS BLOB)"),
    "BITMAP_COUNT": f("y", "CAST(bit_count(CAST({0} AS BIT)) AS BIGINT)", INT),
    "HLL_COMBINE": f(
        "y", f"list_distinct(flatten(list({_HASHES})))", BINARY, "unhex(coalesce(array_to_string({}, ''), ''))"
    ),
    "HLL_ESTIMATE": f("y", "octet_length({0}) // 8", INT),
    "ARRAY_UNION_AGG": f(
        "v", "list_distinct(flatten(list(CAST(sf_array({0}) AS JSON[]))))", ARRAY, "coalesce(to_json({}), '[]'::JSON)"
    ),
}


_OF_STATES = ("BITMAP_OR_AGG", "BITMAP_COUNT", "HLL_COMBINE", "HLL_ESTIMATE")


def of_state(call: Call) -> E:
    """Of a bitmap or a state, which are BINARY and nothing else."""
    given = [call.emitter.expr(argument) for argument in call.arguments]
    if any(e.kind not in ("BINARY", "NULL") for e in given):
        kinds = ", ".join(e.kind or "UNKNOWN" for e in given)
        text = f"error line 0 at position -1\nInvalid argument types for function '{call.name}': ({kinds})"
        raise compilation(1044, "42P13", text)
    given = [E("CAST(NULL AS BLOB)", BINARY) if e.kind == "NULL" else e for e in given]
    return applied(TABLE[call.name], call.name, given)


def hll_accumulate(call: Call) -> E:
    if len(call.arguments) != 1:
        raise wrong_count(call.name, len(call.arguments), "1")
    value = types.instant(call.emitter.expr(call.arguments[0])).sql
    hashes = f"string_agg(DISTINCT lpad(to_hex(hash({value})), 16, '0'), '') FILTER (WHERE {value} IS NOT NULL)"
    return E(hashes, BINARY, wrap="unhex(coalesce({}, ''))")


def approx_top_k(call: Call) -> E:
    """Pairs of a value and how often it is there, the most frequent first."""
    if not 1 <= len(call.arguments) <= 3:
        raise wrong_count(call.name, len(call.arguments), "1-3")
    value, *limits = (call.emitter.expr(argument) for argument in call.arguments)
    counts = [limit.literal or "" for limit in limits] or ["1"]
    if not all(count.isdigit() and 1 <= int(count) <= 100000 for count in counts):
        raise compilation(1015, "22023", f"arguments 2 and 3 of {call.name} need to be constants from 1 to 100000")
    shown = types.as_variant(E("e.v", value.type))
    pairs = "list_transform(map_entries({}), lambda e: {'c': e.value, 'v': e.key})"
    listed = f"list_transform(list_reverse_sort({pairs})[:{counts[0]}], lambda e: json_array({shown}, e.c))"
    return E(f"histogram({types.instant(value).sql})", ARRAY, wrap=f"coalesce(to_json({listed}), '[]'::JSON)")


SPECIAL: dict[str, Special] = {
    "HLL_ACCUMULATE": hll_accumulate,
    "APPROX_TOP_K": approx_top_k,
    **dict.fromkeys(_OF_STATES, of_state),
}
