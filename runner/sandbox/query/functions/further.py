"""Further functions of texts, numbers, digests and moments (sql-reference/functions-all)."""

from __future__ import annotations

from collections.abc import Callable

from sqlglot import exp

from runner.sandbox.query import fine, types
from runner.sandbox.query.arithmetic import facets, moment, numeric
from runner.sandbox.query.core import E
from runner.sandbox.query.functions.parts import stamp_from_parts
from runner.sandbox.query.functions.spec import Call, F, Special, applied, f, wrong_count
from runner.sandbox.query.types import BINARY, BOOL, COUNT, FLOAT, INT, NTZ, TEXT, cast, number, quoted
from runner.sandbox.storage import physical


def _domain(fit: str, engine: str, name: str) -> F:
    return f("f", f"sf_in_domain({fit}, {engine}, '{name}(' || {{0}} || ')')", FLOAT)


_REGRESSION = {name: f("ff", f"{name.lower()}({{0}}, {{1}})", FLOAT) for name in (
    "REGR_AVGX", "REGR_AVGY", "REGR_SXX", "REGR_SXY", "REGR_SYY",
)}  # fmt: skip
_EVENTS = "sum(CASE WHEN {0} THEN 1 ELSE 0 END)"

TABLE: dict[str, F] = _REGRESSION | {
    "EXP": _domain("{0} < 709.78", "exp(least({0}, 709.78))", "exp"),
    "SINH": _domain("abs({0}) < 710.47", "sinh(greatest(least({0}, 710.4), -710.4))", "sinh"),
    "COSH": _domain("abs({0}) < 710.47", "cosh(greatest(least({0}, 710.4), -710.4))", "cosh"),
    "ASINH": f("f", "asinh({0})", FLOAT),
    "ACOSH": _domain("{0} >= 1", "acosh(greatest({0}, 1))", "acosh"),
    "ATANH": _domain("abs({0}) < 1", "atanh(CASE WHEN abs({0}) < 1 THEN {0} END)", "atanh"),
    "RTRIMMED_LENGTH": f("t", "length(rtrim({0}, ' '))", COUNT),
    "GETBIT": f("ii", "(({0} >> {1}) & 1)", INT),
    "BOOLXOR_AGG": f("b", "(count(CASE WHEN {0} THEN 1 END) = 1)", BOOL),
    "REGR_VALX": f("ff", "CASE WHEN {0} IS NOT NULL THEN {1} END", FLOAT),
    "REGR_VALY": f("ff", "CASE WHEN {1} IS NOT NULL THEN {0} END", FLOAT),
    "REGR_COUNT": f("ff", "regr_count({0}, {1})", COUNT),
    "MD5_BINARY": f("y", "unhex(md5({0}))", BINARY),
    "SHA1_BINARY": f("y", "unhex(sha1({0}))", BINARY),
    "BASE64_DECODE_BINARY": f("t", "from_base64({0})", BINARY),
    "HEX_DECODE_BINARY": f("t", "unhex({0})", BINARY),
    "TRY_BASE64_DECODE_BINARY": f("t", "TRY(from_base64({0}))", BINARY),
    "TRY_HEX_DECODE_BINARY": f("t", "TRY(unhex({0}))", BINARY),
    "EDITDISTANCE": f("tti?", ("levenshtein({0}, {1})", "least(levenshtein({0}, {1}), {2})"), INT),
    "CONDITIONAL_TRUE_EVENT": f("b", _EVENTS, INT),
}


def computed(name: str, parts: list[E], kind: str) -> str:
    """The call of a function that Python computes, as the engine's type; NULL where an argument is."""
    texts = [types.as_variant(part) for part in parts]
    done = f"sf_called({quoted(name)}, CAST(json_array({', '.join(texts)}) AS VARCHAR))"
    shown = f"CAST({done} AS JSON)"
    result = shown if kind == "JSON" else f"CAST({shown} ->> '$' AS {kind})"
    return f"CASE WHEN {' OR '.join(f'{part.sql} IS NULL' for part in parts)} THEN NULL ELSE {result} END"


def _given(call: Call, least: int, most: int) -> list[E]:
    if not least <= len(call.arguments) <= most:
        raise wrong_count(call.name, len(call.arguments), str(least) if least == most else f"{least}-{most}")
    given = [call.emitter.full(argument) for argument in call.arguments]
    return [cast(e, TEXT) if fine.is_fine(e.type) else e for e in given]


def _bytes(e: E) -> E:
    """The bytes of a text or a BINARY, as hexadecimal digits."""
    return E(f"hex({e.sql})" if e.kind == "BINARY" else f"hex(encode({cast(e, TEXT).sql}))", TEXT)


def sha2(call: Call) -> E:
    given = _given(call, 1, 2)
    size = given[1] if len(given) > 1 else E("256", INT, literal="256")
    digits = computed("SHA2", [_bytes(given[0]), numeric(size)], "VARCHAR")
    if call.name == "SHA2_BINARY":
        return E(f"unhex({digits})", BINARY)
    return E(digits, types.text(128))


def md5_number(call: Call) -> E:
    part = E(quoted(call.name.removeprefix("MD5_NUMBER_")), TEXT)
    return E(computed("MD5_NUMBER", [_bytes(_given(call, 1, 1)[0]), part], "DECIMAL(38,0)"), number(38))


_DRAWN = {"RANDSTR": (2, TEXT, "VARCHAR"), "NORMAL": (3, FLOAT, "DOUBLE"), "ZIPF": (3, INT, "DECIMAL(38,0)")}


def drawn(call: Call) -> E:
    """By a source of numbers: a constant gives always the same, RANDOM() in each row another."""
    count, kind, engine = _DRAWN[call.name]
    call.emitter.world.stable = False
    given = [numeric(e) for e in _given(call, count, count)]
    return E(computed(call.name, given, engine), kind)


def in_python(call: Call) -> E:
    least, most, kind, engine = _TEXTS[call.name]
    given = _given(call, least, most)
    first = cast(given[0], TEXT)
    return E(computed(call.name, [first, *given[1:]], engine), kind)


_TEXTS = {
    "SOUNDEX": (1, 1, types.text(4), "VARCHAR"), "PARSE_URL": (1, 2, types.OBJECT, "JSON"),
    "PARSE_IP": (2, 3, types.OBJECT, "JSON"),
}  # fmt: skip


def initcap(call: Call) -> E:
    given = _given(call, 1, 2)
    if len(given) == 1:
        return applied(f("t", "sf_initcap({0})", TEXT), call.name, given)
    return E(computed("INITCAP", [cast(e, TEXT) for e in given], "VARCHAR"), TEXT)


_SPREAD: dict[str, tuple[str, Callable[[int], int]]] = {
    "MEDIAN": ("median", lambda scale: min(37, scale + 3)),
    "VARIANCE": ("var_samp", lambda scale: max(scale, min(scale + 6, 12))),
    "VAR_POP": ("var_pop", lambda scale: max(scale, min(scale + 6, 12))),
    "KURTOSIS": ("kurtosis", lambda scale: max(scale, 12)),
}
_ALIASES = {"VAR_SAMP": "VARIANCE", "VARIANCE_SAMP": "VARIANCE", "VARIANCE_POP": "VAR_POP"}


def spread(call: Call) -> E:
    """Of a NUMBER a NUMBER with more decimal places, of a FLOAT a FLOAT (sql-reference/functions/variance)."""
    engine, places = _SPREAD[_ALIASES.get(call.name, call.name)]
    distinct = bool(call.arguments) and isinstance(call.arguments[0], exp.Distinct)
    given = list(call.arguments[0].expressions) if distinct else call.arguments
    value = numeric(_given(Call(call.emitter, call.name, given), 1, 1)[0])
    sql = f"{engine}({'DISTINCT ' if distinct else ''}{value.sql})"
    if value.kind != "NUMBER" or value.type is None:
        return E(sql, FLOAT)
    kind = number(38, places(facets(value.type)[1]))
    return E(sql, kind, wrap=f"CAST({{}} AS {physical(kind)})")


def stamp_of_parts(call: Call) -> E:
    """TIMESTAMP_LTZ_FROM_PARTS and TIMESTAMP_TZ_FROM_PARTS, the latter in a zone if one is named."""
    kind = types.LTZ if "LTZ" in call.name else types.TZ
    zone = call.emitter.expr(call.arguments[7]) if len(call.arguments) == 8 and kind == types.TZ else None
    wall = stamp_from_parts(Call(call.emitter, call.name, call.arguments[: 7 if zone else 8]))

    def zoned(wall: E) -> E:
        whole = fine.micros(wall)
        if zone is None:
            return fine.kept(wall, cast(E(whole.sql, NTZ), kind))
        return fine.kept(wall, E(f"sf_tz_in(timezone({zone.sql}, {whole.sql}), {zone.sql})", kind))

    return fine.once(zoned, wall) if fine.is_fine(wall.type) else zoned(wall)


_MONTHS = f("dd", "sf_months_between(CAST({0} AS TIMESTAMP), CAST({1} AS TIMESTAMP), 0)", FLOAT)


def months_between(call: Call) -> E:
    """A whole number where both are the same or the last day of a month, whatever their times of day are."""
    given = [call.emitter.full(argument) for argument in call.arguments]
    if len(given) != 2 or not any(fine.is_fine(e.type) for e in given):
        return applied(_MONTHS, call.name, given)

    def between(a: E, b: E) -> E:
        one, two = (f"CAST({moment(fine.micros(e)).sql} AS TIMESTAMP)" for e in (a, b))
        return E(f"sf_months_between({one}, {two}, {fine.nanos(a)} - {fine.nanos(b)})", FLOAT)

    return fine.once(between, *given)


SPECIAL: dict[str, Special] = {
    "MONTHS_BETWEEN": months_between,
    "SHA2": sha2, "SHA2_HEX": sha2, "SHA2_BINARY": sha2, "MD5_NUMBER_LOWER64": md5_number,
    "MD5_NUMBER_UPPER64": md5_number, **dict.fromkeys(_DRAWN, drawn), **dict.fromkeys(_TEXTS, in_python),
    "INITCAP": initcap, **dict.fromkeys((*_SPREAD, *_ALIASES), spread),
    "TIMESTAMP_LTZ_FROM_PARTS": stamp_of_parts,
    "TIMESTAMPLTZFROMPARTS": stamp_of_parts, "TIMESTAMP_TZ_FROM_PARTS": stamp_of_parts,
    "TIMESTAMPTZFROMPARTS": stamp_of_parts,
}  # fmt: skip
