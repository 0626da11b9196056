"""Format models: how Snowflake's date and number formats are said to the engine (sql-reference/sql-format-models)."""

from __future__ import annotations

import re

from runner.sandbox.errors import unsupported
from runner.sandbox.query.types import quoted

_TIME = (
    ("YYYY", "%Y"), ("YY", "%y"), ("MMMM", "%B"), ("MON", "%b"), ("MM", "%m"), ("DD", "%d"), ("DY", "%a"),
    ("HH24", "%H"), ("HH12", "%I"), ("HH", "%H"), ("MI", "%M"), ("SS", "%S"), ("FF3", "%g"), ("FF6", "%f"),
    ("FF9", "%n"), ("FF0", ""), ("FF", "%n"), ("AM", "%p"), ("PM", "%p"), ("TZH:TZM", "%z"),
    ("TZHTZM", "%z"), ("TZH", "%z"),
)  # fmt: skip
_ELEMENT = re.compile("|".join(name for name, _ in _TIME) + r'|"[^"]*"|[A-Za-z]+|%|.', re.IGNORECASE | re.DOTALL)
_DIRECTIVES = dict(_TIME)


def time_format(model: str) -> str:
    """A strftime format for a date or time format model; an element that is not known is refused."""
    if odd := re.search(r"(?i)FF[124578]", re.sub(r'"[^"]*"', "", model)):
        raise unsupported(f"format element {odd.group()}")
    return "".join(_directive(element) for element in _ELEMENT.findall(model))


def reading_format(model: str) -> str:
    """The same for reading, of a text whose digits beyond the microsecond are cut off: somebody else reads them."""
    if re.search(r"(?i)(?<!\.)FF(?:9|(?!\d))", model):
        raise unsupported(f"format {model}: FF without a point before it")
    return time_format(model).replace("%n", "%f")


def _directive(element: str) -> str:
    if element.upper() in _DIRECTIVES:
        return _DIRECTIVES[element.upper()]
    if element.startswith('"'):
        return element.strip('"').replace("%", "%%")
    if element in ("T", "Z", "UTC", "GMT") or not element.isalpha():
        return "%%" if element == "%" else element
    raise unsupported(f"format element {element}")


def stamp_text(sql: str, given: str, offset: str = "", nanos: str = "") -> str:
    """strftime has no name for the offset as Snowflake writes it, and does not know of the nanoseconds."""
    pieces = re.split(r"(?i)(TZH:?TZM|TZH|TZM|FF[124578]" + (r"|FF9|FF(?!\d))" if nanos else ")"), given)
    further = f"lpad(CAST({nanos} AS VARCHAR), 3, '0')" if nanos else "'000'"
    shown = []
    for piece in pieces:
        if re.fullmatch(r"(?i)FF\d?", piece):
            shown.append(f"left(strftime({sql}, '%f') || {further}, {piece[2:] or 9})")
        elif re.fullmatch(r"(?i)TZH:?TZM", piece):
            zone = offset or f"sf_zone({sql})"
            shown.append(f"(left({zone}, 3) || ':' || right({zone}, 2))" if ":" in piece else zone)
        elif piece.upper() in ("TZH", "TZM"):
            zone = offset or f"sf_zone({sql})"
            shown.append(f"left({zone}, 3)" if piece.upper() == "TZH" else f"right({zone}, 2)")
        elif piece:
            # The engine's own %n of a moment with a zone brings stray bytes along when text follows it.
            shown.append(f"strftime({sql}, {quoted(time_format(piece).replace('%n', '%f000'))})")
    return "(" + " || ".join(shown) + ")" if shown else "''"


def number_format(sql: str, model: str) -> str:
    """Engine SQL for TO_CHAR(number, model): digits, grouping, decimal point, fill mode, currency."""
    upper = model.upper()
    if upper in ("TM", "TM9"):
        return f"CAST({sql} AS VARCHAR)"
    if set(upper.removeprefix("FM").lstrip("$")) == {"X"}:
        digits = f"to_hex(CAST({sql} AS BIGINT))"
        shown = f"lower({digits})" if "x" in model else digits
        return f"lpad({shown}, {len(upper.removeprefix('FM').lstrip('$'))}, ' ')"
    matched = re.fullmatch(r"(FM)?(\$)?([09,]*)(?:\.([09]*))?", upper)
    if matched is None or not (matched.group(3) or matched.group(4)):
        if set(upper) <= set("FM$09,.GDSBMIE ") or upper == "TME":
            value = f"CAST({sql} AS VARCHAR)"
            done = f"sf_called('NUMBER_TEXT', CAST(json_array({value}, {quoted(model)}) AS VARCHAR))"
            return f"CASE WHEN {sql} IS NOT NULL THEN CAST({done} AS JSON) ->> '$' END"
        raise unsupported(f"number format {model}")
    fill, dollar, whole, fraction = matched.groups()
    places = len(fraction or "")
    least = len(whole.replace(",", "")) - (whole.replace(",", "").find("0")) if "0" in whole else 0
    args = f"CAST({sql} AS DECIMAL(38,{places})), {places}, {least}, {'TRUE' if ',' in whole else 'FALSE'}"
    shown = f"sf_number({args}, {quoted(dollar or '')})"
    width = len(whole) + places + (1 if "." in upper else 0) + 1 + (1 if dollar else 0)
    fitting = f"trim({shown})" if fill else f"lpad({shown}, {width}, ' ')"
    room = len(whole.replace(",", ""))
    return (
        f"CASE WHEN abs(CAST({sql} AS DECIMAL(38,{places}))) >= 1e{room} THEN repeat('#', {width}) ELSE {fitting} END"
    )
