"""Numeric and conditional functions (sql-reference/functions-numeric, functions-conditional)."""

from __future__ import annotations

import re

from sqlglot import exp

from runner.sandbox.errors import unsupported
from runner.sandbox.query import types
from runner.sandbox.query.arithmetic import facets, numeric, quotient, remainder, unit_of
from runner.sandbox.query.comparing import comparable
from runner.sandbox.query.core import E
from runner.sandbox.query.expressions import as_common, condition, conditional
from runner.sandbox.query.functions.dates import date_truncated
from runner.sandbox.query.functions.spec import Call, F, Special, f, first, generated, whole, wrong_count
from runner.sandbox.query.types import BOOL, FLOAT, INT, cast, number
from runner.sandbox.result import SnowType
from runner.sandbox.storage import physical

_FLOATS = (
    "SQRT", "LN", "SIN", "COS", "TAN", "ASIN", "ACOS", "ATAN", "TANH", "COT", "DEGREES",
    "RADIANS", "CBRT",
)  # fmt: skip


_POWER = (
    "sf_in_domain(isfinite(pow({0}, {1})) OR NOT isfinite({0}) OR NOT isfinite({1}), pow({0}, {1}), "
    "'pow(' || {0} || ', ' || {1} || ')')"
)
_LOGARITHM = (
    "sf_in_domain({0} > 0 AND {0} <> 1 AND {1} > 0, ln(nullif(abs({1}), 0)) / ln(nullif(abs({0}), 0)), "
    "'log(' || {0} || ', ' || {1} || ')')"
)


def _rounded(arguments: list[E]) -> SnowType | None:
    kind = arguments[0].type
    if kind is None or kind.name != "NUMBER":
        return kind
    precision, scale = facets(kind)
    places = arguments[1].literal if len(arguments) > 1 else "0"
    constant = places is not None and re.fullmatch(r"-?[0-9]{1,9}", places) is not None
    kept = max(0, min(scale, int(places or 0))) if constant else scale
    return number(precision - scale + kept + 1, kept)


TABLE: dict[str, F] = {name: f("f", f"{name.lower()}({{0}})", FLOAT) for name in _FLOATS} | {
    "ABS": f("n", "abs({0})", first),
    "SIGN": f("n", "CAST(sign({0}) AS BIGINT)", number(1)),
    "POWER": f("ff", _POWER, FLOAT),
    "POW": f("ff", _POWER, FLOAT),
    "SQRT": f("f", "sf_in_domain({0} >= 0, sqrt(abs({0})), 'sqrt(' || {0} || ')')", FLOAT),
    "LN": f("f", "sf_in_domain({0} > 0, ln(nullif(abs({0}), 0)), 'ln(' || {0} || ')')", FLOAT),
    "ASIN": f("f", "sf_in_domain(abs({0}) <= 1, asin(greatest(-1, least(1, {0}))), 'asin(' || {0} || ')')", FLOAT),
    "ACOS": f("f", "sf_in_domain(abs({0}) <= 1, acos(greatest(-1, least(1, {0}))), 'acos(' || {0} || ')')", FLOAT),
    "CBRT": f("f", "CASE WHEN round(cbrt({0})) ** 3 = {0} THEN round(cbrt({0})) ELSE cbrt({0}) END", FLOAT),
    "SQUARE": f("f", "({0} * {0})", FLOAT),
    "ATAN2": f("ff", "atan2({0}, {1})", FLOAT),
    "LOG": f("ff", _LOGARITHM, FLOAT),
    "PI": f("", "pi()", FLOAT),
    "FACTORIAL": f("i", "CAST(factorial(CAST({0} AS INTEGER)) AS DECIMAL(38,0))", INT),
    "BITAND": f("ii", "({0} & {1})", INT),
    "BITOR": f("ii", "({0} | {1})", INT),
    "BITXOR": f("ii", "xor({0}, {1})", INT),
    "BITNOT": f("i", "(~{0})", INT),
    "BITSHIFTLEFT": f("ii", "({0} << {1})", INT),
    "BITSHIFTRIGHT": f("ii", "({0} >> {1})", INT),
    "BOOLAND": f("bb", "({0} AND {1})", BOOL),
    "BOOLOR": f("bb", "({0} OR {1})", BOOL),
    "BOOLNOT": f("b", "(NOT {0})", BOOL),
    "BOOLXOR": f("bb", "({0} <> {1})", BOOL),
    "HAVERSINE": f("ffff", "sf_haversine({0}, {1}, {2}, {3})", FLOAT),
    "WIDTH_BUCKET": f("fffi", "sf_width_bucket({0}, {1}, {2}, {3})", INT),
}


def _to_places(call: Call, engine: str) -> E:
    emitter, name, arguments = call.emitter, call.name, call.arguments
    if not 1 <= len(arguments) <= (3 if name == "ROUND" else 2):
        raise wrong_count(name, len(arguments), "1-2")
    value = numeric(emitter.expr(arguments[0]))
    if any(emitter.expr(argument).kind == "NULL" for argument in arguments[1:2]):
        return E("NULL", value.type)
    places = [whole(emitter.expr(argument)) for argument in arguments[1:2]]
    kind = _rounded([value, *places])
    sql = engine.format(value.sql, places[0].sql if places else "0")
    if kind is not None and kind.name == "NUMBER":
        return E(f"CAST({sql} AS {physical(number(38, facets(kind)[1]))})", kind)
    return E(sql, kind)


def round_(call: Call) -> E:
    if len(call.arguments) > 2:
        mode = call.emitter.expr(call.arguments[2]).literal
        if mode is None or mode.upper() not in ("HALF_AWAY_FROM_ZERO", "HALF_TO_EVEN"):
            raise unsupported("this rounding mode")
        if mode.upper() == "HALF_TO_EVEN":
            return _to_places(call, "round_even({0}, CAST({1} AS INTEGER))")
    return _to_places(call, "round({0}, CAST({1} AS INTEGER))")


def ceil(call: Call) -> E:
    return _to_places(call, _scaled("ceil", len(call.arguments)))


def floor(call: Call) -> E:
    return _to_places(call, _scaled("floor", len(call.arguments)))


def _scaled(engine: str, count: int) -> str:
    return f"{engine}({{0}})" if count == 1 else f"({engine}({{0}} * 10 ** {{1}}) / 10 ** {{1}})"


def truncate(call: Call) -> E:
    """Of a number to places, of a date to a part (sql-reference/functions/trunc2)."""
    if len(call.arguments) == 2 and isinstance(call.arguments[1], exp.Literal) and call.arguments[1].is_string:
        unit, value = unit_of(call.arguments[1].name), call.emitter.full(call.arguments[0])
        return date_truncated(call.emitter, unit, value)
    return _to_places(call, "trunc({0}, CAST({1} AS INTEGER))" if len(call.arguments) > 1 else "trunc({0})")


def mod(call: Call) -> E:
    if len(call.arguments) != 2:
        raise wrong_count(call.name, len(call.arguments), "2")
    return remainder(*(numeric(call.emitter.expr(argument)) for argument in call.arguments))


def div0(call: Call) -> E:
    """0 instead of an error; DIV0NULL also for a NULL divisor."""
    a, b = (numeric(call.emitter.expr(argument)) for argument in call.arguments)
    divided = quotient(a, b)
    test = f"{b.sql} = 0" if call.name == "DIV0" else f"coalesce({b.sql}, 0) = 0"
    return E(f"CASE WHEN {a.sql} IS NOT NULL AND {test} THEN 0 ELSE {divided.sql} END", divided.type)


def extreme(call: Call) -> E:
    """GREATEST and LEAST are NULL when one argument is."""
    given = [call.emitter.full(argument) for argument in call.arguments]
    kind = types.in_common(given)
    parts = [as_common(e, kind).sql for e in given]
    absent = " OR ".join(f"{part} IS NULL" for part in parts)
    chosen = f"{call.name.removesuffix('_IGNORE_NULLS').lower()}({', '.join(parts)})"
    if call.name.endswith("_IGNORE_NULLS"):
        return E(chosen, kind)
    return E(f"CASE WHEN {absent} THEN NULL ELSE {chosen} END", kind)


def coalesce(call: Call) -> E:
    if len(call.arguments) < 2 or (call.name != "COALESCE" and len(call.arguments) != 2):
        raise wrong_count(call.name, len(call.arguments), "2")
    given = [call.emitter.full(argument) for argument in call.arguments]
    kind = types.in_common(given)
    return E(f"coalesce({', '.join(as_common(e, kind).sql for e in given)})", kind)


def iff(call: Call) -> E:
    if len(call.arguments) != 3:
        raise wrong_count(call.name, len(call.arguments), "3")
    test, chosen, other = call.arguments
    return conditional([(condition(call.emitter, test).sql, call.emitter.full(chosen))], call.emitter.full(other))


def nvl2(call: Call) -> E:
    if len(call.arguments) != 3:
        raise wrong_count(call.name, len(call.arguments), "3")
    subject, given, absent = (call.emitter.full(argument) for argument in call.arguments)
    return conditional([(f"{subject.sql} IS NOT NULL", given)], absent)


def nullif(call: Call) -> E:
    if len(call.arguments) != 2:
        raise wrong_count(call.name, len(call.arguments), "2")
    value, other = (call.emitter.full(argument) for argument in call.arguments)
    a, b = comparable(value, other)
    return E(f"CASE WHEN {a.sql} = {b.sql} THEN NULL ELSE {value.sql} END", value.type)


def zero_if_null(call: Call) -> E:
    value = numeric(call.emitter.expr(call.arguments[0]))
    return E(f"coalesce({value.sql}, 0)", value.type)


def null_if_zero(call: Call) -> E:
    value = numeric(call.emitter.expr(call.arguments[0]))
    return E(f"nullif({value.sql}, 0)", value.type)


def decode(call: Call) -> E:
    """Compares as IS NOT DISTINCT FROM: NULL is equal to NULL here."""
    if len(call.arguments) < 3:
        raise wrong_count(call.name, len(call.arguments), "3")
    subject, *rest = (call.emitter.full(argument) for argument in call.arguments)
    whens = []
    for at in range(0, len(rest) - 1, 2):
        a, b = comparable(subject, rest[at])
        whens.append((f"{a.sql} IS NOT DISTINCT FROM {b.sql}", rest[at + 1]))
    return conditional(whens, rest[-1] if len(rest) % 2 else E("NULL", SnowType("NULL")))


def equal_null(call: Call) -> E:
    a, b = comparable(*(call.emitter.full(argument) for argument in call.arguments))
    return E(f"({a.sql} IS NOT DISTINCT FROM {b.sql})", BOOL)


def random(call: Call) -> E:
    """With a seed the same numbers again, row by row (sql-reference/functions/random)."""
    call.emitter.world.stable = False
    if call.arguments:
        row = generated(call.emitter)
        if row is None and call.emitter.scope.relations:
            row = "(row_number() OVER () - 1)"
        seed = call.emitter.expr(call.arguments[0]).sql
        return E(f"CAST(sf_signed(CAST(hash({seed}, {row or 0}) AS HUGEINT)) AS DECIMAL(38,0))", number(19))
    return E("CAST((random() - 0.5) * 18446744073709551615 AS DECIMAL(38,0))", number(19))


def uniform(call: Call) -> E:
    call.emitter.world.stable = False
    if len(call.arguments) != 3:
        raise wrong_count(call.name, len(call.arguments), "3")
    low, high, source = (numeric(call.emitter.expr(argument)) for argument in call.arguments)
    share = f"(CAST(hash({source.sql}, 'uniform') AS DOUBLE) / 18446744073709551616)"
    if "FLOAT" in (low.kind, high.kind):
        return E(f"({low.sql} + {share} * ({high.sql} - {low.sql}))", FLOAT)
    return E(f"CAST({low.sql} + floor({share} * ({high.sql} - {low.sql} + 1)) AS DECIMAL(38,0))", INT)


def to_number(call: Call) -> E:
    """TO_NUMBER(x [, format] [, precision [, scale]]); TRY_TO_… gives NULL where it cannot."""
    value = call.emitter.expr(call.arguments[0])
    facts = [call.emitter.expr(argument).literal or "" for argument in call.arguments[1:]]
    digits = [int(fact) for fact in facts if fact.isdigit()]
    if facts and not facts[0].isdigit() and not set(facts[0].upper().removeprefix("FM")) <= set("$09,.DGS"):
        raise unsupported(f"number format {facts[0]}")
    if facts and not facts[0].isdigit():
        value = E(f"replace(replace({value.sql}, ',', ''), '$', '')", types.TEXT)
    kind = number(*(digits or [38, 0]))
    done = cast(value, kind)
    return types.attempted(done) if call.name.startswith("TRY_") else done


def to_double(call: Call) -> E:
    done = cast(call.emitter.expr(call.arguments[0]), FLOAT)
    return types.attempted(done) if call.name.startswith("TRY_") else done


def to_boolean(call: Call) -> E:
    done = cast(call.emitter.expr(call.arguments[0]), BOOL)
    return types.attempted(done) if call.name.startswith("TRY_") else done


SPECIAL: dict[str, Special] = {
    "ROUND": round_, "CEIL": ceil, "FLOOR": floor, "TRUNCATE": truncate, "TRUNC": truncate, "MOD": mod,
    "DIV0": div0, "DIV0NULL": div0, "GREATEST": extreme, "LEAST": extreme,
    "GREATEST_IGNORE_NULLS": extreme, "LEAST_IGNORE_NULLS": extreme,
    "COALESCE": coalesce, "NVL": coalesce, "IFNULL": coalesce, "IFF": iff, "NVL2": nvl2, "NULLIF": nullif,
    "ZEROIFNULL": zero_if_null, "NULLIFZERO": null_if_zero, "DECODE": decode, "EQUAL_NULL": equal_null,
    "RANDOM": random, "UNIFORM": uniform, "TO_NUMBER": to_number, "TO_DECIMAL": to_number,
    "TO_NUMERIC": to_number, "TRY_TO_NUMBER": to_number, "TRY_TO_DECIMAL": to_number,
    "TRY_TO_NUMERIC": to_number, "TO_DOUBLE": to_double, "TRY_TO_DOUBLE": to_double,
    "TO_BOOLEAN": to_boolean, "TRY_TO_BOOLEAN": to_boolean,
}  # fmt: skip
