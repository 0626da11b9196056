"""Further complaints of the engine in Snowflake's words: values of the wrong type, and functions in the wrong place."""

from __future__ import annotations

import re
from collections.abc import Callable

from runner.sandbox.errors import SnowflakeError, compilation

Made = Callable[[re.Match[str]], SnowflakeError]
_TYPES = {
    "TIMESTAMP WITH TIME ZONE": "TIMESTAMP_LTZ",
    "TIMESTAMP": "TIMESTAMP_NTZ",
    "TIMESTAMP_NS": "TIMESTAMP_NTZ",
    "BLOB": "BINARY",
    "DOUBLE": "FLOAT",
    "JSON": "VARIANT",
    "STRUCT": "VARIANT",
    "UTINYINT": "NUMBER",
    "INTEGER": "NUMBER",
    "BIGINT": "NUMBER",
    "HUGEINT": "NUMBER",
    "UBIGINT": "NUMBER",
}


def shown_type(engine: str) -> str:
    """The engine's type by the name that Snowflake's users know."""
    name = engine.strip()
    if name.startswith("DECIMAL"):
        return "NUMBER" + name.removeprefix("DECIMAL")
    return _TYPES.get(name, name.split("(")[0])


def _conversion(match: re.Match[str]) -> SnowflakeError:
    given, wanted = shown_type(match.group(1)), shown_type(match.group(2))
    return compilation(1007, "22023", f"invalid type [{given}] where {wanted} is expected")


def _mixed(match: re.Match[str]) -> SnowflakeError:
    first, second = shown_type(match.group(1)), shown_type(match.group(2))
    return compilation(1065, "22023", f"Can not convert a value of type [{second}] into expected type [{first}]")


def _words(errno: int, sqlstate: str, text: str) -> Made:
    return lambda _: compilation(errno, sqlstate, text)


def _runtime(errno: int, sqlstate: str, text: str) -> Made:
    return lambda match: SnowflakeError(errno, sqlstate, text.format(*match.groups()))


_NO_WINDOW = "OVER: the function before it is neither an aggregate nor a window function."
_NO_GROUPS = "GROUPING and GROUPING_ID take expressions of the GROUP BY clause."
COMPLAINTS: tuple[tuple[str, Made], ...] = (
    (r"([Ff]rame (?:starting|start|ending|end) [^\n]*)", lambda m: compilation(
        2304, "42601", f"invalid window frame: {m.group(1)}")),
    (r"Unimplemented type for cast \((.*) -> (.*?)\)(?: when casting|\s|$)", _conversion),
    (r"Expected (ARRAY|OBJECT), but got (\w+)", lambda m: compilation(
        1044, "42P13", f"error line 0 at position -1\nInvalid argument types: {m.group(2)} for {m.group(1)}")),
    (r"Cannot (?:combine types|mix values) of (?:type )?(.+?) and (.+?)(?: in [\w ]+)? - an explicit cast", _mixed),
    (r"Could not choose a best candidate function for the function call \"(.*?)\"", lambda m: compilation(
        1044, "42P13", f"error line 0 at position -1\nInvalid argument types for function {m.group(1)}")),
    (r"can't be cast to the destination type TUPLE", _words(
        1044, "42P13", "error line 0 at position -1\nInvalid argument types: a value and a list of values")),
    (r"TRY can not be used in combination with a volatile function", _words(
        2, "0A000", "Unsupported feature 'TRY_ of a value that becomes text by the session's formats'.")),
    (r"is not an aggregate function|Window function macro bodies", _words(2303, "42601", _NO_WINDOW)),
    (r"is a (?:Scalar|Macro) Function\. \"DISTINCT\"", _words(
        1003, "42000", "DISTINCT stands in a function that is no aggregate.")),
    (r"[Ww]indow function calls cannot be nested", _words(2303, "42601", "Window functions cannot be nested.")),
    (r"Window functions are not supported here|window functions are not allowed", _words(
        2303, "42601", "A window function is not allowed here, or lacks its OVER clause.")),
    (r"GROUPING (?:statement cannot be used without groups|child .*? must be|function is not supported)", _words(
        2035, "42601", _NO_GROUPS)),
    (r"(?:LATERAL join|Table function) cannot contain (?:aggregates|window)", _words(
        2035, "42601", "Invalid aggregate function in a table function")),
    (r"[Ss]ubqueries in lambda expressions|Cannot copy BoundSubquery|subquery in .*? not supported|"
     r"cannot contain subqueries", _words(
        2031, "42601", "Unsupported subquery type cannot be evaluated")),
    (r"Invalid input for hex digit|length must be (?:even|a multiple of 2)", _runtime(
        100115, "22023", "The following string is not a legal hex-encoded value")),
    (r"Could not decode string \"(.*?)\" as base64|base64", _runtime(
        100116, "22023", "The following string is not a legal base64-encoded value")),
    (r"could not convert blob to UTF8|Invalid UTF8 Codepoint|invalid UTF-?8|Invalid unicode", _runtime(
        100144, "22000", "Invalid UTF8 detected in a string")),
    (r"syntax error at or near \"DISTINCT\"", _words(
        1003, "42000", "DISTINCT stands in a function that is no aggregate.")),
    (r"maximum supported string size", _runtime(
        100078, "22000", "A string is too long and would be truncated")),
    (r"syntax error at or near \"OVER\"", _words(2303, "42601", _NO_WINDOW)),
    (r"(?:CUBE|ROLLUP) or (?:CUBE|ROLLUP) column list cannot be empty", _words(
        1003, "42000", "syntax error unexpected ')'.")),
    (r"argument in function .*? must be a constant expression", _words(
        1015, "22023", "an argument of the function needs to be constant")),
    (r"Subquery returns \d+ columns - expected (\d+)", lambda m: compilation(
        1789, "42601", f"a subquery has other columns than what it is compared with: {m.group(1)} are expected")),
    (r"Invalid escape string", _words(1015, "22023", "an escape is empty or one character")),
    (r"Failed to parse format specifier", _runtime(100096, "22007", "The format given cannot be read")),
    (r"ORDER BY non-integer literal has no effect", _words(
        1789, "42601", "a set operation is ordered by columns or their positions")),
    (r"Failed to cast decimal value|Could not cast value \S+ to (?:U?INT|BIGINT)", _runtime(
        100046, "22003", "Number out of representable range")),
    (r"Invalid Input Error: ((?:missing [\])]|unexpected \)|trailing \\|no argument for repetition|bad repetition|"
     r"invalid (?:repetition size|escape sequence|character class|perl operator|named capture))[^\n]*)", _runtime(
        100048, "2201B", "Invalid regular expression: {0}")),
    (r"Substring (?:length|offset) outside|Out of Range Error: \w+ is out of range", _runtime(
        100046, "22003", "Number out of representable range")),
    (r"TRY can not be used in combination with a scalar subquery", _words(
        2031, "42601", "Unsupported subquery type cannot be evaluated")),
    (r"can only take parameters in the range", _words(
        1015, "22023", "a percentile needs to be a constant from 0 to 1")),
    (r"zero-length delimited identifier", _words(1003, "42000", "a name has no characters")),
    (r"JSON path error near", _words(1003, "42000", "syntax error in a path of semi-structured data")),
    (r"Unable to cast '(.*?)' to (\w+)", lambda m: SnowflakeError(
        100071, "22000", f"Failed to cast variant value {m.group(1)} to {shown_type(m.group(2))}")),
)  # fmt: skip
"""What the engine says, and what Snowflake says of the same; the first that fits."""
