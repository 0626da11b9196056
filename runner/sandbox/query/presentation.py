"""How dates, times and binaries become text in a session, and text dates and times (sql-reference/parameters,
DATE_OUTPUT_FORMAT, DATE_INPUT_FORMAT and their kin).

Compiled statements call the engine's functions `sf_…_shown` and `sf_…_text`. A session with formats of its own
works on a cursor that has its own functions of these names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from runner.sandbox.errors import unsupported
from runner.sandbox.query.formats import reading_format, stamp_text, time_format
from runner.sandbox.query.types import quoted
from runner.sandbox.storage import Setting

DATE, TIME, BINARY = "DATE_OUTPUT_FORMAT", "TIME_OUTPUT_FORMAT", "BINARY_OUTPUT_FORMAT"
NTZ, LTZ, TZ = (f"TIMESTAMP_{kind}_OUTPUT_FORMAT" for kind in ("NTZ", "LTZ", "TZ"))
STAMP = "TIMESTAMP_OUTPUT_FORMAT"
DEFAULTS = {
    BINARY: "HEX",
    DATE: "YYYY-MM-DD",
    LTZ: "",
    NTZ: "YYYY-MM-DD HH24:MI:SS.FF3",
    STAMP: "YYYY-MM-DD HH24:MI:SS.FF3 TZHTZM",
    TIME: "HH24:MI:SS",
    TZ: "",
}
INPUT_DATE, INPUT_TIME, INPUT_STAMP = INPUTS = ("DATE_INPUT_FORMAT", "TIME_INPUT_FORMAT", "TIMESTAMP_INPUT_FORMAT")
AUTO = "AUTO"
_BINARY = {"HEX": "hex(x)", "BASE64": "base64(x)"}
_SHOWN = {
    DATE: ("sf_date_shown", "CAST(x AS TIMESTAMP)", ""),
    TIME: ("sf_time_shown", "(DATE '2000-01-01' + x)", ""),
    NTZ: ("sf_ntz_shown", "x", ""),
    LTZ: ("sf_ltz_shown", "x", ""),
    TZ: ("sf_tz_shown", "sf_tz_wall(x)", "sf_tz_offset(x)"),
}


def setting_of(parameters: Mapping[str, str]) -> Setting:
    """The clock and the formats of a session, as its cursors have them."""
    formats = tuple((name, value) for name, default in DEFAULTS.items() if (value := parameters.get(name, default)))
    inputs = tuple((name, value) for name in INPUTS if (value := parameters.get(name, AUTO)) != AUTO)
    return Setting(parameters["TIMEZONE"], _macros(formats) + _reading(inputs))


def reads_by_itself(parameters: Mapping[str, str]) -> bool:
    """Whether text becomes dates and times as AUTO has it."""
    return all(parameters.get(name, AUTO) == AUTO for name in INPUTS)


def checked_input(name: str, value: str) -> str:
    """The format as it is kept; one by which the sandbox cannot read is refused by name."""
    if value.upper() == AUTO:
        return AUTO
    if not value or re.search("TZ", value, re.IGNORECASE) or not re.search("[A-Za-z]", value):
        raise unsupported(f"parameter {name} = {value or repr(value)}")
    if re.search("FF", value, re.IGNORECASE) and not re.search(":SS[.]FF", value, re.IGNORECASE):
        raise unsupported(f"parameter {name} = {value}")  # The fraction is looked for behind `:SS.`.
    time_format(value)
    return value


def checked_format(name: str, value: str) -> str:
    """The format as it is kept; one that the sandbox cannot show is refused by name."""
    if value.upper() == "AUTO":
        return DEFAULTS[name] or DEFAULTS[STAMP]
    if name == BINARY:
        if value.upper() not in _BINARY:
            raise unsupported(f"parameter {name} = {value}")
        return value.upper()
    if name in (DATE, TIME, NTZ) and (not value or re.search("TZ", value, re.IGNORECASE)):
        raise unsupported(f"parameter {name} = {value or repr(value)}")
    stamp_text("x", value, "zone")
    return value


def _read(text: str, form: str, strptime: str) -> str:
    """Engine SQL of the text as ISO has it; the fraction stays as it was written, that nothing is cut off unseen."""
    moment = f"{strptime}(sf_cut({text}), {quoted(reading_format(form))})"
    fraction = f"coalesce('.' || nullif(regexp_extract({text}, ':\\d\\d\\.(\\d+)', 1), ''), '')"
    return f"(strftime({moment}, '%Y-%m-%d %H:%M:%S') || {fraction})"


@lru_cache(maxsize=256)
def _reading(inputs: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """Statements that make the functions which read text by a format."""
    made: list[str] = []
    for name, form in inputs:
        for prefix, strptime in (("sf_", "strptime"), ("sf_try_", "try_strptime")):
            iso = _read("x", form, strptime)
            if name == INPUT_DATE:
                made.append(f"{prefix}date_text(x) AS left({iso}, 10)")
            elif name == INPUT_TIME:
                made.append(f"{prefix}time_text(x) AS substring({iso}, 12)")
            else:
                made.append(f"{prefix}stamp_text(x) AS {iso}")
                made.append(f"{prefix}stamp_literal(x, stamp) AS {iso}")
    return tuple(f"CREATE TEMP MACRO {each}" for each in made)


@lru_cache(maxsize=256)
def _macros(formats: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """Statements that make the functions; none where all formats are the defaults."""
    chosen = dict(formats)
    if chosen == {name: value for name, value in DEFAULTS.items() if value}:
        return ()
    shown = {name: chosen.get(name) or chosen.get(STAMP) or DEFAULTS[STAMP] for name in _SHOWN}
    made = [f"{call}(x) AS {stamp_text(value, shown[name], zone)}" for name, (call, value, zone) in _SHOWN.items()]
    for name, (call, value, zone) in _SHOWN.items():
        if name != DATE:
            made.append(f"{call}_fine(x, k) AS {stamp_text(value, shown[name], zone, 'k')}")
    made.append(f"sf_binary_shown(x) AS {_BINARY[chosen.get(BINARY, DEFAULTS[BINARY])]}")
    return tuple(f"CREATE TEMP MACRO {each}" for each in made)
