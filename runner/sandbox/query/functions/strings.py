"""String functions (sql-reference/functions-string)."""

from __future__ import annotations

import re

from sqlglot import exp

from runner.sandbox.errors import compilation, unsupported
from runner.sandbox.query import collation, types
from runner.sandbox.query.core import E
from runner.sandbox.query.expressions import joined_texts, with_collation
from runner.sandbox.query.functions.spec import Call, F, Special, applied, f, first, wrong_count
from runner.sandbox.query.types import ARRAY, BINARY, BOOL, COUNT, INT, TEXT, number

TABLE: dict[str, F] = {
    "UPPER": f("t", "upper({0})", first),
    "LOWER": f("t", "lower({0})", first),
    "CHAR_LENGTH": f("t", "length({0})", COUNT),
    "TRIM": f("tt?", ("trim({0}, ' ')", "trim({0}, {1})"), first),
    "LTRIM": f("tt?", ("ltrim({0}, ' ')", "ltrim({0}, {1})"), first),
    "RTRIM": f("tt?", ("rtrim({0}, ' ')", "rtrim({0}, {1})"), first),
    "LEFT": f("ti", "left({0}, CAST(greatest({1}, 0) AS BIGINT))", first),
    "RIGHT": f("ti", "right({0}, CAST(greatest({1}, 0) AS BIGINT))", first),
    "SUBSTR": f(
        "tii?",
        ("substring({0}, sf_start({1}))", "substring({0}, sf_start({1}), CASE WHEN {2} < 0 THEN 0 ELSE {2} END)"),
        first,
    ),
    "REPLACE": f("ttt?", ("replace({0}, {1}, '')", "replace({0}, {1}, {2})"), TEXT),
    "REVERSE": f("t", "reverse({0})", first),
    "REPEAT": f("ti", "repeat({0}, CAST(greatest({1}, 0) AS BIGINT))", TEXT),
    "SPACE": f("i", "repeat(' ', {0})", TEXT),
    "LPAD": f("tit?", ("sf_lpad({0}, {1}, ' ')", "sf_lpad({0}, {1}, {2})"), TEXT),
    "RPAD": f("tit?", ("sf_rpad({0}, {1}, ' ')", "sf_rpad({0}, {1}, {2})"), TEXT),
    "SPLIT_PART": f("tti", "sf_split_part({0}, {1}, {2})", TEXT),
    "SPLIT": f("tt", "to_json(string_split({0}, {1}))", ARRAY),
    "STARTSWITH": f("tt", "starts_with({0}, {1})", BOOL),
    "ENDSWITH": f("tt", "ends_with({0}, {1})", BOOL),
    "CONTAINS": f("tt", "contains({0}, {1})", BOOL),
    "CHARINDEX": f("tti?", ("instr({1}, {0})", "sf_position({0}, {1}, {2})"), COUNT),
    "TRANSLATE": f("ttt", "translate({0}, {1}, {2})", TEXT),
    "ASCII": f("t", "CASE WHEN {0} = '' THEN 0 ELSE ascii({0}) END", number(3)),
    "UNICODE": f("t", "CASE WHEN {0} = '' THEN 0 ELSE unicode({0}) END", INT),
    "CHR": f("i", "chr(CAST({0} AS INTEGER))", TEXT),
    "MD5": f("y", "md5({0})", types.text(32)),
    "SHA1": f("y", "sha1({0})", types.text(40)),
    "HEX_ENCODE": f("y", "hex({0})", TEXT),
    "HEX_DECODE_STRING": f("t", "decode(unhex({0}))", TEXT),
    "BASE64_DECODE_STRING": f("t", "decode(from_base64({0}))", TEXT),
    "JAROWINKLER_SIMILARITY": f(
        "tt", "CAST(floor(jaro_winkler_similarity(upper({0}), upper({1})) * 100) AS BIGINT)", INT
    ),
    "STRTOK_TO_ARRAY": f("tt?", ("sf_tokens({0}, ' ')", "sf_tokens({0}, {1})"), ARRAY),
    "INSERT": f("tiit", "(left({0}, {1} - 1) || {3} || substring({0}, {1} + {2}))", TEXT),
    "TRY_BASE64_DECODE_STRING": f("t", "TRY(decode(from_base64({0})))", TEXT),
    "TRY_HEX_DECODE_STRING": f("t", "TRY(decode(unhex({0})))", TEXT),
    "LIKE": f("ttt?", ("({0} LIKE {1})", "({0} LIKE {1} ESCAPE {2})"), BOOL),
    "ILIKE": f("ttt?", ("({0} ILIKE {1})", "({0} ILIKE {1} ESCAPE {2})"), BOOL),
    "STRTOK": f("tt?i?", ("sf_strtok({0}, ' ', 1)", "sf_strtok({0}, {1}, 1)", "sf_strtok({0}, {1}, {2})"), TEXT),
}
for _alias, _name in {
    "CHARACTER_LENGTH": "CHAR_LENGTH", "SUBSTRING": "SUBSTR", "POSITION": "CHARINDEX", "CHAR": "CHR",
    "SHA1_HEX": "SHA1", "MD5_HEX": "MD5", "HEX_DECODE_VARCHAR": "HEX_DECODE_STRING",
}.items():  # fmt: skip
    TABLE[_alias] = TABLE[_name]


def length(call: Call) -> E:
    """Characters of a text, bytes of a BINARY; OCTET_LENGTH counts bytes of both, BIT_LENGTH their bits."""
    if len(call.arguments) != 1:
        raise wrong_count(call.name, len(call.arguments), "1")
    value = call.emitter.full(call.arguments[0])
    engine = "octet_length" if value.kind == "BINARY" else "length" if call.name in ("LENGTH", "LEN") else "strlen"
    counted = value.sql if value.kind == "BINARY" else types.cast(value, TEXT).sql
    bits = " * 8" if call.name == "BIT_LENGTH" else ""
    return E(f"({engine}({counted}){bits})", COUNT)


def base64_encode(call: Call) -> E:
    """Of a text's bytes, or of a BINARY."""
    if len(call.arguments) != 1:
        raise unsupported("BASE64_ENCODE with a line length or an alphabet")
    value = call.emitter.expr(call.arguments[0])
    bytes_ = value.sql if value.kind == "BINARY" else f"encode({types.cast(value, TEXT).sql})"
    return E(f"base64({bytes_})", TEXT)


_BYTES = {"HEX": "unhex({})", "BASE64": "from_base64({})", "UTF-8": "encode({})", "UTF8": "encode({})"}


def to_binary(call: Call) -> E:
    """Of hexadecimal digits where no format is given (sql-reference/functions/to_binary)."""
    given = [call.emitter.expr(argument) for argument in call.arguments]
    if not 1 <= len(given) <= 2:
        raise wrong_count(call.name, len(given), "1-2")
    form = (given[1].literal or "").upper() if len(given) > 1 else "HEX"
    if form not in _BYTES:
        raise unsupported(f"{call.name} with this format")
    if given[0].kind == "BINARY":
        return given[0]
    done = E(_BYTES[form].format(types.cast(given[0], TEXT).sql), BINARY)
    return types.attempted(done) if call.name.startswith("TRY_") else done


def concat(call: Call) -> E:
    """NULL when one argument is."""
    given = [call.emitter.full(argument) for argument in call.arguments]
    if call.name == "CONCAT":
        return joined_texts(given)
    parts = [types.cast(e, TEXT).sql for e in given]
    return E("(" + f" || {parts[0]} || ".join(parts[1:]) + ")", TEXT)


def position(call: Call) -> E:
    """POSITION(a, b [, start]), or POSITION(a IN b)."""
    arguments = call.arguments
    if len(arguments) == 1 and isinstance(arguments[0], exp.In):
        arguments = [arguments[0].this, arguments[0].args["field"]]
    return applied(TABLE["CHARINDEX"], call.name, [call.emitter.expr(argument) for argument in arguments])


def _parameters(arguments: list[E], at: int) -> str:
    """Snowflake's parameters i, m and s, as far as they are given; c is the rule (sql-reference/functions-regexp)."""
    if len(arguments) <= at:
        return ""
    given = arguments[at].literal
    if given is None:
        raise unsupported("regular expression parameters that are no constant")
    return "".join(flag for flag in given if flag in "ims")


def _options(arguments: list[E], at: int) -> str:
    """The engine's flags: `m` means something else to it, and stands in the pattern."""
    return types.quoted(_parameters(arguments, at).replace("m", ""))


def _pattern(arguments: list[E], at: int) -> str:
    """The pattern; with `m`, `^` and `$` are the ends of any line."""
    return f"('(?m)' || {arguments[1].sql})" if "m" in _parameters(arguments, at) else arguments[1].sql


def _searched(call: Call) -> list[E]:
    """The arguments; what is searched is a text, whatever it was."""
    first, *further = call.arguments
    subject = call.emitter.full(first)
    plain = subject.kind in ("VARCHAR", "NULL", "")
    return [subject if plain else types.cast(subject, TEXT), *map(call.emitter.expr, further)]


def regexp_like(call: Call) -> E:
    given = _searched(call)
    return E(f"regexp_full_match({given[0].sql}, {_pattern(given, 2)}, {_options(given, 2)})", BOOL)


def regexp_replace(call: Call) -> E:
    """subject, pattern [, replacement [, position [, occurrence [, parameters]]]]"""
    given = _searched(call)
    position, occurrence = _constant(given, 3, "1"), _constant(given, 4, "0")
    if position != "1" or occurrence not in ("0", "1"):
        parts = [types.cast(e, TEXT).sql for e in (*given[:2], given[2] if len(given) > 2 else E("''", TEXT))]
        arguments = f"{', '.join(parts)}, {position}, {occurrence}, {types.quoted(_parameters(given, 5))}"
        done = f"sf_called('REGEXP_REPLACE', CAST(json_array({arguments}) AS VARCHAR))"
        absent = " OR ".join(f"{part} IS NULL" for part in parts)
        return E(f"CASE WHEN {absent} THEN NULL ELSE CAST({done} AS JSON) ->> '$' END", TEXT)
    flags = _options(given, 5).strip("'") + ("g" if occurrence == "0" else "")
    replacement = given[2].sql if len(given) > 2 else "''"
    return E(f"regexp_replace({given[0].sql}, {_pattern(given, 5)}, {replacement}, '{flags}')", TEXT)


def _constant(given: list[E], at: int, default: str) -> str:
    if len(given) <= at:
        return default
    if given[at].literal is None:
        raise unsupported("a computed position or occurrence in a regular expression function")
    if not re.fullmatch(r"[0-9]{1,9}", str(given[at].literal)):
        raise compilation(1015, "22023", f"argument {at + 1} needs to be a whole number that is not negative")
    return str(given[at].literal)


def regexp_substr(call: Call) -> E:
    """subject, pattern [, position [, occurrence [, parameters [, group]]]]"""
    given = _searched(call)
    flags = _options(given, 4).strip("'")
    group = _constant(given, 5, "1" if "e" in str(given[4].literal if len(given) > 4 else "") else "0")
    subject = f"substring({given[0].sql}, {given[2].sql})" if len(given) > 2 else given[0].sql
    occurrence = given[3].sql if len(given) > 3 else "1"
    return E(f"regexp_extract_all({subject}, {_pattern(given, 4)}, {group}, '{flags}')[{occurrence}]", TEXT)


def regexp_count(call: Call) -> E:
    given = _searched(call)
    subject = f"substring({given[0].sql}, {given[2].sql})" if len(given) > 2 else given[0].sql
    return E(f"len(regexp_extract_all({subject}, {_pattern(given, 3)}, 0, {_options(given, 3)}))", COUNT)


def regexp_instr(call: Call) -> E:
    """subject, pattern [, position [, occurrence [, option [, parameters]]]]: where a match begins, 0 without one."""
    given = _searched(call)
    occurrence, option = _constant(given, 3, "1"), _constant(given, 4, "0")
    if "e" in str(given[5].literal if len(given) > 5 else "") or len(given) > 6:
        raise unsupported(f"{call.name} of a group")
    start = given[2].sql if len(given) > 2 else "1"
    tail = f"substring({given[0].sql}, {start})"
    # The pieces between the matches, so that the place of each match is known.
    flags = "g" + _options(given, 5).strip("'")
    marked = f"regexp_replace({tail}, '(' || {_pattern(given, 5)} || ')', chr(1) || '\\1' || chr(2), '{flags}')"
    cut = f"string_split({marked}, chr(1))"
    before = f"length(replace(array_to_string({cut}[1 : {occurrence}], ''), chr(2), ''))"
    matched = f"length(string_split({cut}[{occurrence} + 1], chr(2))[1])"
    place = f"{start} + {before}" + (f" + {matched}" if option == "1" else "")
    return E(f"CASE WHEN len({cut}) > {occurrence} THEN {place} WHEN {given[0].sql} IS NOT NULL THEN 0 END", COUNT)


def regexp_substr_all(call: Call) -> E:
    """Every match, as an array (sql-reference/functions/regexp_substr_all)."""
    found, _, occurrence = regexp_substr(call).sql.rpartition("[")
    return E(f"to_json(({found})[{occurrence.removesuffix(']')} :])", ARRAY)


def collate(call: Call) -> E:
    value, name = (call.emitter.expr(argument) for argument in call.arguments)
    return with_collation(value, name)


def collation_(call: Call) -> E:
    """The collation of a text, NULL where it has none (sql-reference/functions/collation)."""
    name = collation.collation_of(call.emitter.expr(call.arguments[0]).type)
    return E(types.quoted(name) if name else "CAST(NULL AS VARCHAR)", TEXT)


def uuid_string(call: Call) -> E:
    """A UUID of version 4, or of version 5 for a namespace and a name (sql-reference/functions/uuid_string)."""
    if not call.arguments:
        return E("CAST(uuid() AS VARCHAR)", types.text(36))
    if len(call.arguments) != 2:
        raise wrong_count(call.name, len(call.arguments), "2")
    return applied(_NAMED_UUID, call.name, [call.emitter.expr(argument) for argument in call.arguments])


_NAMED_UUID = f("tt", "sf_uuid5({0}, {1})", types.text(36))
SPECIAL: dict[str, Special] = {
    "COLLATE": collate, "COLLATION": collation_,
    "BASE64_ENCODE": base64_encode, "TO_BINARY": to_binary, "TRY_TO_BINARY": to_binary,
    "LENGTH": length, "LEN": length, "OCTET_LENGTH": length, "BIT_LENGTH": length,
    "POSITION": position, "CONCAT": concat,
    "CONCAT_WS": concat,
    "REGEXP_LIKE": regexp_like, "RLIKE": regexp_like, "REGEXP_REPLACE": regexp_replace,
    "REGEXP_SUBSTR": regexp_substr, "REGEXP_COUNT": regexp_count, "REGEXP_INSTR": regexp_instr,
    "REGEXP_SUBSTR_ALL": regexp_substr_all, "REGEXP_EXTRACT_ALL": regexp_substr_all, "UUID_STRING": uuid_string,
}  # fmt: skip
