"""Numeric and conditional functions (sql-reference/functions-numeric, functions-conditional)."""

from __future__ import annotations

from runner.sandbox.query import types
from runner.sandbox.query.arithmetic import facets, numeric, quotient, remainder
from runner.sandbox.query.core import E, Emitter, Expr
from runner.sandbox.query.expressions import as_common, comparable, condition, conditional
from runner.sandbox.query.functions.spec import F, Special, f, first, whole, wrong_count
from runner.sandbox.query.types import BOOL, FLOAT, INT, cast, common, number
from runner.sandbox.result import SnowType
from runner.sandbox.storage import physical

_FLOATS = "SQRT EXP LN SIN COS TAN ASIN ACOS ATAN SINH COSH TANH COT DEGREES RADIANS CBRT".split()


def _rounded(arguments: list[E]) -> SnowType | None:
    kind = arguments[0].type
    if kind is None or kind.name != "NUMBER":
        return kind
    precision, scale = facets(kind)
    places = arguments[1].literal if len(arguments) > 1 else "0"
    kept = scale if places is None else max(0, min(scale, int(places)))
    return number(precision - scale + kept + 1, kept)


TABLE: dict[str, F] = {name: f("f", f"{name.lower()}({{0}})", FLOAT) for name in _FLOATS} | {
    "ABS": f("n", "abs({0})", first),
    "SIGN": f("n", "CAST(sign({0}) AS BIGINT)", number(1)),
    "POWER": f("ff", "pow({0}, {1})", FLOAT),
    "POW": f("ff", "pow({0}, {1})", FLOAT),
    "SQUARE": f("f", "({0} * {0})", FLOAT),
    "ATAN2": f("ff", "atan2({0}, {1})", FLOAT),
    "LOG": f("ff", "(ln({1}) / ln({0}))", FLOAT),
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


def _to_places(emitter: Emitter, name: str, arguments: list[Expr], engine: str) -> E:
    if not 1 <= len(arguments) <= 3:
        raise wrong_count(name, len(arguments), "1-2")
    value = numeric(emitter.expr(arguments[0]))
    places = [whole(emitter.expr(argument)) for argument in arguments[1:2]]
    kind = _rounded([value, *places])
    sql = engine.replace("{0}", value.sql).replace("{1}", places[0].sql if places else "0")
    if kind is not None and kind.name == "NUMBER":
        return E(f"CAST({sql} AS {physical(number(38, facets(kind)[1]))})", kind)
    return E(sql, kind)


def round_(emitter: Emitter, name: str, arguments: list[Expr]) -> E:
    return _to_places(emitter, name, arguments, "round({0}, CAST({1} AS INTEGER))")


def ceil(emitter: Emitter, name: str, arguments: list[Expr]) -> E:
    return _to_places(emitter, name, arguments, _scaled("ceil", len(arguments)))


def floor(emitter: Emitter, name: str, arguments: list[Expr]) -> E:
    return _to_places(emitter, name, arguments, _scaled("floor", len(arguments)))


def _scaled(engine: str, count: int) -> str:
    return f"{engine}({{0}})" if count == 1 else f"({engine}({{0}} * 10 ** {{1}}) / 10 ** {{1}})"


def truncate(emitter: Emitter, name: str, arguments: list[Expr]) -> E:
    return _to_places(emitter, name, arguments, "trunc({0}, CAST({1} AS INTEGER))" if len(arguments) > 1 else "trunc({0})")


def mod(emitter: Emitter, name: str, arguments: list[Expr]) -> E:
    if len(arguments) != 2:
        raise wrong_count(name, len(arguments), "2")
    return remainder(*(numeric(emitter.expr(argument)) for argument in arguments))


def div0(emitter: Emitter, name: str, arguments: list[Expr]) -> E:
    """0 instead of an error; DIV0NULL also for a NULL divisor."""
    a, b = (numeric(emitter.expr(argument)) for argument in arguments)
    divided = quotient(a, b)
    test = f"{b.sql} = 0" if name == "DIV0" else f"coalesce({b.sql}, 0) = 0"
    return E(f"CASE WHEN {a.sql} IS NOT NULL AND {test} THEN 0 ELSE {divided.sql} END", divided.type)


def extreme(emitter: Emitter, name: str, arguments: list[Expr]) -> E:
    """GREATEST and LEAST are NULL when one argument is."""
    given = [emitter.expr(argument) for argument in arguments]
    kind = common([e.type for e in given])
    parts = [as_common(e, kind).sql for e in given]
    absent = " OR ".join(f"{part} IS NULL" for part in parts)
    chosen = f"{name.removesuffix('_IGNORE_NULLS').lower()}({', '.join(parts)})"
    if name.endswith("_IGNORE_NULLS"):
        return E(chosen, kind)
    return E(f"CASE WHEN {absent} THEN NULL ELSE {chosen} END", kind)


def coalesce(emitter: Emitter, name: str, arguments: list[Expr]) -> E:
    if len(arguments) < 2 or (name != "COALESCE" and len(arguments) != 2):
        raise wrong_count(name, len(arguments), "2")
    given = [emitter.expr(argument) for argument in arguments]
    kind = common([e.type for e in given])
    return E(f"coalesce({', '.join(as_common(e, kind).sql for e in given)})", kind)


def iff(emitter: Emitter, name: str, arguments: list[Expr]) -> E:
    if len(arguments) != 3:
        raise wrong_count(name, len(arguments), "3")
    return conditional([(condition(emitter, arguments[0]).sql, emitter.expr(arguments[1]))], emitter.expr(arguments[2]))


def nvl2(emitter: Emitter, name: str, arguments: list[Expr]) -> E:
    if len(arguments) != 3:
        raise wrong_count(name, len(arguments), "3")
    subject, given, absent = (emitter.expr(argument) for argument in arguments)
    return conditional([(f"{subject.sql} IS NOT NULL", given)], absent)


def nullif(emitter: Emitter, name: str, arguments: list[Expr]) -> E:
    if len(arguments) != 2:
        raise wrong_count(name, len(arguments), "2")
    value, other = (emitter.expr(argument) for argument in arguments)
    a, b = comparable(value, other)
    return E(f"CASE WHEN {a.sql} = {b.sql} THEN NULL ELSE {value.sql} END", value.type)


def zero_if_null(emitter: Emitter, name: str, arguments: list[Expr]) -> E:
    value = numeric(emitter.expr(arguments[0]))
    return E(f"coalesce({value.sql}, 0)", value.type)


def null_if_zero(emitter: Emitter, name: str, arguments: list[Expr]) -> E:
    value = numeric(emitter.expr(arguments[0]))
    return E(f"nullif({value.sql}, 0)", value.type)


def decode(emitter: Emitter, name: str, arguments: list[Expr]) -> E:
    """Compares as IS NOT DISTINCT FROM: NULL is equal to NULL here."""
    if len(arguments) < 3:
        raise wrong_count(name, len(arguments), "3")
    subject, *rest = (emitter.expr(argument) for argument in arguments)
    whens = []
    for at in range(0, len(rest) - 1, 2):
        a, b = comparable(subject, rest[at])
        whens.append((f"{a.sql} IS NOT DISTINCT FROM {b.sql}", rest[at + 1]))
    return conditional(whens, rest[-1] if len(rest) % 2 else E("NULL", SnowType("NULL")))


def equal_null(emitter: Emitter, name: str, arguments: list[Expr]) -> E:
    a, b = comparable(*(emitter.expr(argument) for argument in arguments))
    return E(f"({a.sql} IS NOT DISTINCT FROM {b.sql})", BOOL)


def random(emitter: Emitter, name: str, arguments: list[Expr]) -> E:
    emitter.world.stable = False
    return E("CAST((random() - 0.5) * 18446744073709551615 AS DECIMAL(38,0))", number(19))


def uniform(emitter: Emitter, name: str, arguments: list[Expr]) -> E:
    emitter.world.stable = False
    low, high = (numeric(emitter.expr(argument)) for argument in arguments[:2])
    if "FLOAT" in (low.kind, high.kind):
        return E(f"({low.sql} + random() * ({high.sql} - {low.sql}))", FLOAT)
    return E(f"CAST({low.sql} + floor(random() * ({high.sql} - {low.sql} + 1)) AS DECIMAL(38,0))", INT)


def to_number(emitter: Emitter, name: str, arguments: list[Expr]) -> E:
    """TO_NUMBER(x [, format] [, precision [, scale]]); TRY_TO_… gives NULL where it cannot."""
    value = emitter.expr(arguments[0])
    facts = [emitter.expr(argument).literal or "" for argument in arguments[1:]]
    digits = [int(fact) for fact in facts if fact.isdigit()]
    if facts and not facts[0].isdigit():
        value = E(f"replace(replace({value.sql}, ',', ''), '$', '')", types.TEXT)
    kind = number(*(digits or [38, 0]))
    done = cast(value, kind)
    return types.attempted(done) if name.startswith("TRY_") else done


def to_double(emitter: Emitter, name: str, arguments: list[Expr]) -> E:
    done = cast(emitter.expr(arguments[0]), FLOAT)
    return types.attempted(done) if name.startswith("TRY_") else done


def to_boolean(emitter: Emitter, name: str, arguments: list[Expr]) -> E:
    done = cast(emitter.expr(arguments[0]), BOOL)
    return types.attempted(done) if name.startswith("TRY_") else done


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
