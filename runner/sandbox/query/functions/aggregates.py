"""Aggregates and window functions (sql-reference/functions-aggregation, functions-analytic)."""

from __future__ import annotations

from sqlglot import exp

from runner.sandbox.errors import compilation, unsupported
from runner.sandbox.query import fine, types
from runner.sandbox.query.arithmetic import facets, numeric
from runner.sandbox.query.core import E, Emitter, Expr
from runner.sandbox.query.expressions import as_common, condition
from runner.sandbox.query.functions.semi import star_columns
from runner.sandbox.query.functions.spec import Call, F, Special, applied, f, first, generated, wrong_count
from runner.sandbox.query.stars import is_star
from runner.sandbox.query.types import ARRAY, BOOL, COUNT, FLOAT, INT, OBJECT, TEXT, cast, number
from runner.sandbox.query.windows import order_by, sorting_key
from runner.sandbox.storage import physical

_SIGNED = "sf_fold({})"
_NO_FRACTION = "CAST(0 AS DECIMAL(38,37))"
TABLE: dict[str, F] = {
    "ANY_VALUE": f("m", "any_value({0})", first),
    "MAX_BY": f("mm", "max_by({0}, {1})", first),
    "MIN_BY": f("mm", "min_by({0}, {1})", first),
    "MODE": f("m", "mode({0})", first),
    "STDDEV": f("f", "stddev_samp({0})", FLOAT),
    "STDDEV_POP": f("f", "stddev_pop({0})", FLOAT),
    "SKEW": f("f", "skewness({0})", FLOAT),
    "CORR": f("ff", "corr({0}, {1})", FLOAT),
    "COVAR_POP": f("ff", "covar_pop({0}, {1})", FLOAT),
    "COVAR_SAMP": f("ff", "covar_samp({0}, {1})", FLOAT),
    "REGR_SLOPE": f("ff", "regr_slope({0}, {1})", FLOAT),
    "REGR_INTERCEPT": f("ff", "regr_intercept({0}, {1})", FLOAT),
    "REGR_R2": f("ff", "regr_r2({0}, {1})", FLOAT),
    "BITAND_AGG": f("i", "bit_and({0})", INT),
    "BITOR_AGG": f("i", "bit_or({0})", INT),
    "BITXOR_AGG": f("i", "bit_xor({0})", INT),
    "BOOLAND_AGG": f("b", "bool_and({0})", BOOL),
    "BOOLOR_AGG": f("b", "bool_or({0})", BOOL),
    "ROW_NUMBER": f("", "row_number()", COUNT),
    "RANK": f("", "rank()", COUNT),
    "DENSE_RANK": f("", "dense_rank()", COUNT),
    "PERCENT_RANK": f("", "percent_rank()", FLOAT),
    "CUME_DIST": f("", "cume_dist()", FLOAT),
    "NTILE": f("i", "ntile({0})", COUNT),
    "FIRST_VALUE": f("m", "first_value({0})", first),
    "LAST_VALUE": f("m", "last_value({0})", first),
    "NTH_VALUE": f("mi", "nth_value({0}, {1})", first),
}
for _alias, _name in {
    "STDDEV_SAMP": "STDDEV",
    "BIT_AND_AGG": "BITAND_AGG", "BIT_OR_AGG": "BITOR_AGG",
}.items():  # fmt: skip
    TABLE[_alias] = TABLE[_name]


def least_or_most(call: Call) -> E:
    """MIN and MAX; a VARIANT by its value, not by its text."""
    _, given = _split(call.arguments)
    if len(given) != 1:
        raise wrong_count(call.name, len(given), "1")
    value = call.emitter.full(given[0])
    if value.kind in types.SEMI or types.is_keyed(value.type):
        return E(f"{call.name.lower()}_by({value.sql}, {sorting_key(value)})", value.type)
    return E(f"{call.name.lower()}({value.sql})", value.type)


def _split(arguments: list[Expr]) -> tuple[str, list[Expr]]:
    """DISTINCT, and the arguments behind it."""
    if len(arguments) == 1 and isinstance(arguments[0], exp.Distinct):
        return "DISTINCT ", list(arguments[0].expressions)
    return "", arguments


def count(call: Call) -> E:
    distinct, given = _split(call.arguments)
    if len(given) == 1 and isinstance(given[0], exp.Star) and not distinct:
        return E("count(*)", COUNT)
    if not given:
        raise wrong_count(call.name, 0, "1")
    values = [types.instant(e).sql for node in given for e in _expanded(call.emitter, node)]
    if len(values) == 1:
        return E(f"count({distinct}{values[0]})", COUNT)
    present = " AND ".join(f"{value} IS NOT NULL" for value in values)
    return E(f"count({distinct}CASE WHEN {present} THEN ({', '.join(values)}) END)", COUNT)


def approx_count_distinct(call: Call) -> E:
    """What is equal counts once: instants of TIMESTAMP_TZ, collated texts by their keys."""
    _, given = _split(call.arguments)
    if len(given) != 1:
        raise wrong_count(call.name, len(given), "1")
    return E(f"approx_count_distinct({types.instant(call.emitter.full(given[0])).sql})", COUNT)


def _expanded(emitter: Emitter, node: Expr) -> list[E]:
    if is_star(node):
        return [value for _, value in star_columns(emitter, node)]
    return [emitter.full(node)]


def count_if(call: Call) -> E:
    return E(f"count(CASE WHEN {condition(call.emitter, call.arguments[0]).sql} THEN 1 END)", COUNT)


def sum_(call: Call) -> E:
    distinct, given = _split(call.arguments)
    value = numeric(call.emitter.expr(given[0]))
    if value.kind != "NUMBER" or value.type is None:
        return E(f"sum({distinct}{value.sql})", value.type and FLOAT)
    kind = number(38, facets(value.type)[1])
    return E(f"sum({distinct}{value.sql})", kind, wrap=f"CAST({{}} AS {physical(kind)})")


def avg(call: Call) -> E:
    distinct, given = _split(call.arguments)
    value = numeric(call.emitter.expr(given[0]))
    if value.kind != "NUMBER" or value.type is None:
        return E(f"avg({distinct}{value.sql})", FLOAT)
    scale = facets(value.type)[1]
    kind = number(38, max(scale, min(scale + 6, 12)))
    return E(f"avg({distinct}{value.sql})", kind, wrap=f"CAST({{}} AS {physical(kind)})")


def hashed(values: list[E]) -> str:
    """A 64-bit hash of a row: equal for equal numbers of any precision; NULLs and the order of columns count.

    Only a text's characters count, not its collation (sql-reference/functions/hash).
    """
    return f"hash({', '.join(part for value in values for part in _canonical(value))})"


def _canonical(e: E) -> list[str]:
    e = e if e.kind == "VARCHAR" else types.instant(e)
    if e.kind == "TIME":
        return [fine.once(_hashed_time, e).sql]
    if fine.is_fine(e.type):
        return [fine.once(_hashed_finely, e).sql]
    # A number is its whole part and its fraction; both are always there, so that a NULL hashes alike in every type.
    if e.kind == "NUMBER" and e.type is not None and not facets(e.type)[1]:
        return [f"CAST({e.sql} AS HUGEINT)", _NO_FRACTION]
    if e.kind == "NUMBER":
        fraction = f"CAST({e.sql} - trunc({e.sql}) AS DECIMAL(38,37))"
        return [f"CAST(trunc({e.sql}) AS HUGEINT)", f"coalesce({fraction}, {_NO_FRACTION})"]
    if e.kind == "FLOAT":
        whole = f"isfinite({e.sql}) AND {e.sql} = trunc({e.sql}) AND abs({e.sql}) < 1e37"
        return [
            f"CASE WHEN {whole} THEN CAST({e.sql} AS HUGEINT) "
            f"WHEN {e.sql} IS NOT NULL THEN CAST(hash({e.sql}) AS HUGEINT) END",
            f"CASE WHEN {e.sql} IS NULL OR ({whole}) THEN {_NO_FRACTION} END",
        ]
    return [f"CAST({e.sql} AS VARCHAR)" if e.kind in types.SEMI else e.sql]


def _hashed_time(e: E) -> E:
    micros, nanos = fine.micros(e).sql, fine.nanos(e)
    same = f"CASE WHEN {micros} IS NOT NULL THEN hash({micros}) END"
    return E(f"CASE WHEN coalesce({nanos}, 0) = 0 THEN {same} ELSE hash({micros}, {nanos}) END")


def _hashed_finely(e: E) -> E:
    """A moment that says the same as the value where that has no nanoseconds, and another for each number of them."""
    micros, nanos = fine.micros(e).sql, fine.nanos(e)
    other = f"make_timestamp(CAST(hash({micros}, {nanos}) >> 2 AS BIGINT))"
    other = f"timezone('UTC', {other})" if e.kind == "TIMESTAMP_LTZ" else other
    return E(f"CASE WHEN coalesce({nanos}, 0) = 0 THEN {micros} ELSE {other} END")


def hash_(call: Call) -> E:
    values = [value for node in call.arguments for value in _expanded(call.emitter, node)]
    return E(f"sf_signed(CAST({hashed(values)} AS HUGEINT))", number(19))


def hash_agg(call: Call) -> E:
    """Order-insensitive over rows; empty is 0 (sql-reference/functions/hash_agg). The formula is the sandbox's own."""
    distinct, given = _split(call.arguments)
    values = [value for node in given for value in _expanded(call.emitter, node)]
    return E(f"sum({distinct}CAST({hashed(values)} AS HUGEINT))", number(19), wrap=_SIGNED)


_DIGITS = {"SEQ1": 3, "SEQ2": 5, "SEQ4": 10, "SEQ8": 19}


def sequence(call: Call) -> E:
    """The number of the row, from 0: of GENERATOR's row where FROM is that alone."""
    if len(call.arguments) > 1:
        raise wrong_count(call.name, len(call.arguments), "0-1")
    kind = number(_DIGITS[call.name])
    row = generated(call.emitter)
    return E(row or "(row_number() OVER () - 1)", kind)


def array_agg(call: Call) -> E:
    distinct, given = _split(call.arguments)
    if len(given) != 1:
        raise wrong_count(call.name, len(given), "1")
    raw = call.emitter.full(given[0])
    # A DISTINCT list can be sorted by its own values only; they become JSON afterwards.
    value = raw.sql if types.as_variant(raw) == f"to_json({raw.sql})" else types.as_variant(raw)
    inner = f"list({distinct}{value}{' ' + call.order if call.order else ''}) FILTER ({value} IS NOT NULL)"
    return E(inner, ARRAY, wrap="coalesce(to_json({}), '[]'::JSON)")


_MOST_BY = 1000
"""Rows that MAX_BY and MIN_BY give at most."""


def by_another(call: Call) -> E:
    """MAX_BY and MIN_BY: of one row, or with a number an array of that many (sql-reference/functions/max_by)."""
    given = [call.emitter.full(argument) for argument in call.arguments]
    if len(given) != 3:
        return applied(TABLE[call.name], call.name, given)
    value, by, most = types.as_variant(given[0]), given[1].sql, given[2].literal or given[2].sql
    if not (most.isdigit() and 1 <= int(most) <= _MOST_BY):
        raise compilation(1015, "22023", f"argument 3 to function {call.name} needs to be a constant from 1 to 1000")
    return E(f"{call.name.lower()}({value}, {by}, {most})", ARRAY, wrap="coalesce(to_json({}), '[]'::JSON)")


def listagg(call: Call) -> E:
    distinct, given = _split(call.arguments)
    if not 1 <= len(given) <= 2:
        raise wrong_count(call.name, len(given), "1-2")
    value = cast(call.emitter.full(given[0]), TEXT).sql
    separator = call.emitter.expr(given[1]).sql if len(given) > 1 else "''"
    if distinct and call.order:
        # A DISTINCT list can be sorted by its own values only; they become text afterwards.
        raw = call.emitter.expr(given[0])
        shown = cast(E("w", raw.type), TEXT).sql
        joined = f"array_to_string(list_transform({{}}, lambda w: {shown}), {separator})"
        listed = f"list(DISTINCT {raw.sql} {call.order}) FILTER ({raw.sql} IS NOT NULL)"
        return E(listed, TEXT, wrap=f"coalesce({joined}, '')")
    order = f" {call.order}" if call.order else ""
    return E(f"string_agg({distinct}{value}, {separator}{order})", TEXT, wrap="coalesce({}, '')")


def percentile(call: Call) -> E:
    if not call.order:
        raise unsupported(f"{call.name} without WITHIN GROUP")
    if len(call.arguments) != 1:
        raise wrong_count(call.name, len(call.arguments), "1")
    kind = "quantile_cont" if call.name == "PERCENTILE_CONT" else "quantile_disc"
    value, _, direction = call.order.removeprefix("ORDER BY ").rpartition(" NULLS ")[0].rpartition(" ")
    share = call.emitter.expr(call.arguments[0]).sql
    if direction == "ASC":
        return E(f"{kind}({value}, {share})", FLOAT)
    return E(f"{kind}(- {value}, {share})", FLOAT, wrap="(- {})")


def approx_percentile(call: Call) -> E:
    value, share = (call.emitter.expr(argument).sql for argument in call.arguments)
    return E(f"quantile_cont({value}, {share})", FLOAT)


def object_agg(call: Call) -> E:
    key, value = (call.emitter.full(argument) for argument in call.arguments)
    name, given = cast(key, TEXT).sql, types.as_variant(value)
    member = f"CAST(to_json({name}) AS VARCHAR) || ':' || CAST({given} AS VARCHAR)"
    present = f"FILTER ({name} IS NOT NULL AND {value.sql} IS NOT NULL)"
    built = f"string_agg({member}, ',' ORDER BY {name} || '') {present}"
    return E(built, OBJECT, wrap="sf_once(json(chr(123) || coalesce({}, '') || chr(125)))")


def shift(call: Call) -> E:
    """LAG and LEAD."""
    if not 1 <= len(call.arguments) <= 3:
        raise wrong_count(call.name, len(call.arguments), "1-3")
    given = [call.emitter.full(argument) for argument in call.arguments]
    if any(fine.is_fine(e.type) for e in given):
        kind = types.common([given[0].type, *(e.type for e in given[2:])])
        given = [as_common(given[0], kind), *given[1:2], *(as_common(e, kind) for e in given[2:])]
    parts = [given[0].sql, *(f"CAST({e.sql} AS BIGINT)" for e in given[1:2]), *(e.sql for e in given[2:])]
    return E(f"{call.name.lower()}({', '.join(parts)})", given[0].type)


WITHIN = {"ARRAY_AGG": array_agg, "LISTAGG": listagg, "PERCENTILE_CONT": percentile, "PERCENTILE_DISC": percentile}
"""Aggregates that take WITHIN GROUP (ORDER BY …)."""


def ratio_to_report(call: Call) -> E:
    """A value's share of the sum over the window."""
    value = f"CAST({numeric(call.emitter.expr(call.arguments[0])).sql} AS DOUBLE)"
    if "{}" in value:  # It would be taken for the place of the sum.
        raise unsupported("RATIO_TO_REPORT of an expression with {} in it")
    return E(f"sum({value})", FLOAT, wrap=f"sf_fdiv({value}, {{}})")


def grouping(call: Call) -> E:
    return E(f"grouping({', '.join(call.emitter.full(argument).sql for argument in call.arguments)})", INT)


def within_group(emitter: Emitter, node: Expr) -> E:
    call = node.this
    name = call.name.upper() if isinstance(call, exp.Anonymous) else ""
    if name not in WITHIN:
        raise compilation(1003, "42000", f"WITHIN GROUP is not allowed for {name or 'this expression'}")
    return WITHIN[name](Call(emitter, name, list(call.expressions), order_by(emitter, node.expression)))


SPECIAL: dict[str, Special] = {
    "MIN": least_or_most, "MAX": least_or_most, "SEQ1": sequence, "SEQ2": sequence, "SEQ4": sequence, "SEQ8": sequence,
    "COUNT": count, "COUNT_IF": count_if, "SUM": sum_, "AVG": avg, "HASH": hash_, "HASH_AGG": hash_agg,
    "APPROX_COUNT_DISTINCT": approx_count_distinct, "HLL": approx_count_distinct,
    "MAX_BY": by_another, "MIN_BY": by_another,
    "ARRAY_AGG": array_agg, "LISTAGG": listagg, "OBJECT_AGG": object_agg, "LAG": shift, "LEAD": shift,
    "RATIO_TO_REPORT": ratio_to_report, "GROUPING": grouping, "GROUPING_ID": grouping,
    "APPROX_PERCENTILE": approx_percentile, "PERCENTILE_CONT": percentile, "PERCENTILE_DISC": percentile,
}  # fmt: skip
AGGREGATES = frozenset(
    {
        *TABLE,
        *SPECIAL,
        "APPROX_TOP_K",
        "ARRAY_UNION_AGG",
        "BITMAP_CONSTRUCT_AGG",
        "BITMAP_OR_AGG",
        "HLL_ACCUMULATE",
        "HLL_COMBINE",
        "MEDIAN",
        "VARIANCE",
        "VAR_POP",
        "VAR_SAMP",
        "VARIANCE_SAMP",
        "VARIANCE_POP",
        "KURTOSIS",
        "BOOLXOR_AGG",
        "REGR_COUNT",
        "REGR_AVGX",
        "REGR_AVGY",
        "REGR_SXX",
        "REGR_SXY",
        "REGR_SYY",
        "ARRAY_UNIQUE_AGG",
    }
) - {"HASH", "SEQ1", "SEQ2", "SEQ4", "SEQ8"}
"""Names of everything that looks at more than one row."""
