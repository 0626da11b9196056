"""The engine's complaints in Snowflake's words. What is not known here is an incident, never a crash."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

import duckdb

from runner.sandbox.complaints import COMPLAINTS, Made
from runner.sandbox.errors import SnowflakeError, compilation, invalid_identifier, unsupported

MARK = "SF:"
"""Errors that compiled statements raise by themselves begin with it: `SF:<errno>:<sqlstate>:<message>`."""

_RAISED = re.compile(rf"{MARK}(\d{{1,6}}):(\w{{5}}):(.*)", re.DOTALL)


def raising(errno: int, sqlstate: str, message: str) -> str:
    """The text that `error(…)` in a compiled statement is given."""
    return f"{MARK}{errno}:{sqlstate}:{message}"


def quoted(value: str) -> str:
    """A string literal of the engine's language."""
    return "'" + value.replace("'", "''") + "'"


def failing(errno: int, sqlstate: str, message: str) -> str:
    """An expression of any type that fails when it is evaluated."""
    return f"error({quoted(raising(errno, sqlstate, message))})"


def translated(error: duckdb.Error) -> SnowflakeError:
    """The same refusal as Snowflake gives it."""
    text = str(error)
    if raised := _RAISED.search(text):
        return SnowflakeError(int(raised[1]), raised[2], raised[3].split("\n\nLINE", 1)[0].strip())
    for pattern, make in _compiled():
        if match := pattern.search(text):
            return make(match)
    return incident(text)


@cache
def _compiled() -> tuple[tuple[re.Pattern[str], Made], ...]:
    """At the first complaint: most starts see none."""
    return tuple((re.compile(pattern, re.DOTALL), make) for pattern, make in (*_KNOWN, *COMPLAINTS))


ALTERED = 90231
REPLACED = 90230
"""What a change of rows could not be published for: its table has other columns, or is another, by now."""
MISSING = 2003
"""A name that was not there: for a moment, when its object was just being replaced."""


def overtaken(error: Exception, *, doubted: bool) -> bool:
    """Whether a statement that stood alone failed because a definition changed after it was compiled.

    A conflict proves it; that a name was not there does so only where no doubt is: something did change meanwhile.
    """
    cause = error.__cause__ if isinstance(error, SnowflakeError) else error
    if isinstance(error, SnowflakeError) and error.errno in (ALTERED, REPLACED):
        return True
    if isinstance(cause, duckdb.TransactionException):
        return _UNWRITTEN.search(str(cause)) is None
    missing = isinstance(error, SnowflakeError) and error.errno == MISSING
    turned = isinstance(cause, duckdb.ConversionException) and "Unimplemented type for cast" in str(cause)
    return not doubted and (missing or turned or isinstance(cause, duckdb.BinderException | duckdb.CatalogException))


def incident(text: str) -> SnowflakeError:
    first = text.strip().splitlines()[0] if text.strip() else "no message"
    return SnowflakeError(603, "XX000", f"SQL execution internal error:\nProcessing aborted by error 300002:{first}")


_UNWRITTEN = re.compile(
    r"^(?:TransactionContext Error: Failed to commit: (?=Could not|No space|File too)|IO Error: |FATAL Error: )([^\n]*)"
)
"""What the engine says when the disk is full: nothing was committed."""


def _numeric(match: re.Match[str]) -> SnowflakeError:
    return SnowflakeError(100038, "22018", f"Numeric value '{match.group(1)}' is not recognized")


def _unreadable(match: re.Match[str]) -> SnowflakeError:
    return SnowflakeError(100069, "22P02", f"Error parsing JSON: {match.group(1)}")


def _out_of_range(match: re.Match[str]) -> SnowflakeError:
    return SnowflakeError(100039, "22003", f"Numeric value '{match.group(1)}' is out of range")


def _of_type(errno: int, kind: str) -> Callable[[re.Match[str]], SnowflakeError]:
    return lambda match: SnowflakeError(errno, "22007", f"{kind} '{match.group(1)}' is not recognized")


def _said(errno: int, sqlstate: str, message: str) -> Callable[[re.Match[str]], SnowflakeError]:
    return lambda _: SnowflakeError(errno, sqlstate, message)


_KNOWN: tuple[tuple[str, Made], ...] = (
    (r"^INTERRUPT Error", _said(604, "57014", "SQL execution canceled")),
    (_UNWRITTEN.pattern, lambda m: incident(f"The sandbox cannot write its files: {m.group(1)}")),
    (r"TransactionContext Error|write-write conflict|Conflict on ", _said(
        625, "57014", "Your statement was aborted because the table was changed by another one at the same time.")),
    (r"Division by zero", _said(100051, "22012", "Division by zero")),
    (r"Could not convert string \"(.*?)\" to DECIMAL", _numeric),
    (r"Could not convert string '(.*?)' to (?:U?INT\d+|DOUBLE|FLOAT|BIGINT|HUGEINT)", _numeric),
    (r"Could not cast value (\S+) to DECIMAL", _out_of_range),
    (r"Casting value \"(\S+)\" to type DECIMAL\S* failed: value is out of range", _out_of_range),
    (r"Left-shift value", _said(100046, "22003", "Number out of representable range: the shift is too wide.")),
    (r"Failed to cast value to numerical: (.*?)(?:\n|$)", lambda m: SnowflakeError(
        100071, "22000", f"Failed to cast variant value {m.group(1)[:100]} to FIXED")),
    (r"Invalid byte encountered in STRING -> BLOB conversion", _said(
        100115, "22000", "The following string is not a legal hex-encoded value")),
    (r"Cannot OR bit strings of different sizes", _said(
        100046, "22003", "Bitmaps of different sizes: they are not of BITMAP_CONSTRUCT_AGG's making.")),
    (r"Value (\S+) is outside of provided min and max range", lambda m: SnowflakeError(
        100046, "22003", f"Number out of representable range: bit position {m.group(1)}")),
    (r"Overflow in SUM", _said(100046, "22003", "Number out of representable range: the sum has too many digits.")),
    (r"aggregate function calls cannot (?:contain window function calls|be nested)", lambda _: compilation(
        2034, "42601", "Aggregate functions cannot be nested")),
    (r"at least one window function must appear", lambda _: compilation(
        2303, "42601", "QUALIFY needs at least one window function in the SELECT list or in its condition")),
    (r"WHERE clause cannot contain window functions", lambda _: compilation(
        2303, "42601", "Window functions are not allowed in the WHERE clause")),
    (r"WHERE clause cannot contain aggregates", lambda _: compilation(
        2035, "42601", "Invalid aggregate function in where clause")),
    (r"Multiple assignments to same column \"(.*?)\"", lambda m: compilation(
        2025, "42S21", f"duplicate column name '{m.group(1)}'")),
    (r"LIMIT/OFFSET cannot be negative", lambda _: compilation(
        1015, "22023", "argument to LIMIT or OFFSET must not be negative")),
    (r"Overflow in .* of (?:DECIMAL|INT\d+)\S* \((.*?)\)", _out_of_range),
    (r"Type \w+ with value (\S+) can't be cast .* out of range", _out_of_range),
    (r"Could not convert string '(.*?)' to BOOL", lambda m: SnowflakeError(
        100037, "22018", f"Boolean value '{m.group(1)}' is not recognized")),
    (r"Could not convert string '(.*?)' to INTERVAL", lambda m: compilation(
        1003, "42000", f"invalid interval '{m.group(1)}'")),
    (r"Could not convert string '(.*?)' to UUID", lambda m: SnowflakeError(
        1007, "22023", f"invalid value [{m.group(1)[:100]}] for the namespace of UUID_STRING: it is no UUID")),
    (r"invalid timestamp field format: \"(.*?)\"", _of_type(100035, "Timestamp")),
    (r"invalid date field format: \"(.*?)\"", _of_type(100040, "Date")),
    (r"date field value out of range: \"(.*?)\"", _of_type(100040, "Date")),
    (r"timestamp field value out of range: \"(.*?)\"", _of_type(100035, "Timestamp")),
    (r"time field value out of range: \"(.*?)\"", _of_type(100108, "Time")),
    (r"Could not parse string \"(.*?)\" according to format specifier", lambda m: SnowflakeError(
        100096, "22007", f"Can't parse '{m.group(1)}' with the format given")),
    (r"Date out of range: (\S+)", _of_type(100040, "Date")),
    (r"ValueError: ((?:unknown keyword|unexpected) .*, pos \d+)", _unreadable),
    (r"Malformed JSON", _said(100069, "22P02", "Error parsing JSON: malformed document")),
    (r"More than one row returned by a subquery", _said(
        90150, "22000", "Single-row subquery returns more than one row.")),
    (r"Set operations can only apply to expressions with the same number of result columns", lambda _: compilation(
        1789, "42601", "invalid number of result columns for set operator input branches")),
    (r"column \"(.*?)\" must appear in the GROUP BY clause", lambda m: compilation(
        979, "42601", f"[{m.group(1)}] is not a valid group by expression")),
    (r"GROUP BY clause cannot contain aggregates", lambda _: compilation(
        979, "42601", "an aggregate is not a valid group by expression")),
    (r"Referenced column \"(.*?)\" not found", lambda m: invalid_identifier(m.group(1))),
    (r"Ambiguous reference to column name \"(.*?)\"", lambda m: compilation(
        1008, "42702", f"ambiguous column name '{m.group(1)}'")),
    (r"No function matches the given name and argument types '(.*?)'", lambda m: compilation(
        1044, "42P13", f"error line 0 at position -1\nInvalid argument types for function {m.group(1)}")),
    (r"Scalar Function with name (\S+) does not exist", lambda m: compilation(
        2140, "42601", f"Unknown function {m.group(1).upper()}")),
    (r"Cannot compare values of type (\S+) and (?:type )?(\S+)", lambda m: compilation(
        1003, "42000", f"Can not compare values of type {m.group(1)} and {m.group(2)}")),
    (r"Unknown TimeZone '(.*?)'", lambda m: SnowflakeError(
        100293, "22023", f"Unknown timezone: '{m.group(1)}'")),
    (r"^Not implemented Error: (.*)", lambda m: unsupported(m.group(1).splitlines()[0])),
)  # fmt: skip
