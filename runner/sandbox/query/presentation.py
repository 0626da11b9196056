"""How dates, times and binaries become text in a session (sql-reference/parameters, DATE_OUTPUT_FORMAT and its kin).

Compiled statements call the engine's functions `sf_…_shown`. A session with formats of its own works on a cursor that
has its own functions of these names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from runner.sandbox.errors import unsupported
from runner.sandbox.query.formats import stamp_text
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
    return Setting(parameters["TIMEZONE"], _macros(formats))


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


@lru_cache(maxsize=256)
def _macros(formats: tuple[tuple[str, str], ...]) -> tuple[str, ...]:
    """Statements that make the functions; none where all formats are the defaults."""
    chosen = dict(formats)
    if chosen == {name: value for name, value in DEFAULTS.items() if value}:
        return ()
    shown = {name: chosen.get(name) or chosen.get(STAMP) or DEFAULTS[STAMP] for name in _SHOWN}
    made = [f"{call}(x) AS {stamp_text(value, shown[name], zone)}" for name, (call, value, zone) in _SHOWN.items()]
    made.append(f"sf_binary_shown(x) AS {_BINARY[chosen.get(BINARY, DEFAULTS[BINARY])]}")
    return tuple(f"CREATE TEMP MACRO {each}" for each in made)
