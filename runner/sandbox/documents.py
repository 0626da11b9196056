"""VARIANT, OBJECT and ARRAY values in Python: JSON read as Snowflake reads it, and functions the engine has not.

Source: sql-reference/functions-semistructured. Members of an object are kept in the order of their names, so that two
objects are equal whatever the order they were written in; a number keeps its digits.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable
from decimal import Decimal
from functools import cmp_to_key
from typing import Any

import duckdb
import pyarrow as pa

from runner.sandbox import computed
from runner.sandbox.failures import raising

Value = Any
_WORD = re.compile(r"[A-Za-z_]\w*")
_DIGITS = 38


class Malformed(ValueError):
    """Text that is no JSON: what Snowflake says of it."""


def parsed(text: str, *, duplicates: bool = False) -> Value:
    """The value of a JSON text; a name that comes twice is an error unless duplicates are allowed (the last counts)."""

    def members(pairs: list[tuple[str, Value]]) -> Value:
        found = dict(pairs)
        if len(found) < len(pairs) and not duplicates:
            names = [name for name, _ in pairs]
            twice = next(name for at, name in enumerate(names) if name in names[:at])
            raise Malformed(f'duplicate object attribute "{twice}", pos {_second(text, twice)}')
        return found

    try:
        return json.loads(text, parse_float=fraction, parse_constant=_constant, object_pairs_hook=members)
    except json.JSONDecodeError as error:
        raise Malformed(_complaint(text, error.pos)) from None
    except RecursionError:
        raise Malformed("too many nested values") from None


def _second(text: str, name: str) -> int:
    shown = json.dumps(name, ensure_ascii=False)
    return text.find(shown, text.find(shown) + 1) + 1


def _complaint(text: str, at: int) -> str:
    if word := _WORD.match(text, at):
        return f'unknown keyword "{word.group()}", pos {word.end() + 1}'
    return f"unexpected end of document, pos {at + 1}" if at >= len(text) else f"unexpected character, pos {at + 1}"


def _constant(name: str) -> Value:
    raise Malformed(f'unknown keyword "{name}", pos 1')


def fraction(digits: str) -> Value:
    """A number with a point or an exponent: with an exponent a double, else its digits as they are, as long as a NUMBER
    can hold them.
    """
    number = Decimal(digits)
    if "e" in digits.lower() or len(number.as_tuple().digits) > _DIGITS:
        return float(digits)
    return number


def written(value: Value) -> str:
    """The value as JSON text, without blanks, members by name."""
    match value:
        case Decimal():
            return format(value, "f").rstrip("0").rstrip(".") if "." in format(value, "f") else format(value, "f")
        case float() if math.isfinite(value):
            return repr(value)
        case list():
            return f"[{','.join(map(written, value))}]"
        case dict():
            return "{" + ",".join(f"{_text(name)}:{written(value[name])}" for name in sorted(value)) + "}"
        case str():
            return _text(value)
        case _:
            return json.dumps(value)


def _text(value: str) -> str:
    """Half of a pair of surrogates, which JSON can say, is no character: a `?`."""
    shown = json.dumps(value, ensure_ascii=False)
    return shown if shown.isascii() else shown.encode("utf-8", "replace").decode()


def kind(value: Value) -> str:
    """What TYPEOF says."""
    match value:
        case None:
            return "NULL_VALUE"
        case bool():
            return "BOOLEAN"
        case int():
            return "INTEGER"
        case Decimal():
            return "DECIMAL"
        case float():
            return "DOUBLE"
        case str():
            return "VARCHAR"
        case list():
            return "ARRAY"
    return "OBJECT"


_ORDER = ("OBJECT", "ARRAY", "NUMBER", "VARCHAR", "BOOLEAN", "NULL_VALUE")


def _rank(value: Value) -> int:
    name = kind(value)
    return _ORDER.index("NUMBER" if name in ("INTEGER", "DECIMAL", "DOUBLE") else name)


def compared(a: Value, b: Value) -> int:
    """Which of two comes first in an array that is sorted: numbers by size, texts by their characters."""
    if _rank(a) != _rank(b):
        return -1 if _rank(a) < _rank(b) else 1
    if isinstance(a, list | dict):
        a, b = written(a), written(b)
    if a is None or a == b:
        return 0
    return -1 if a < b else 1


def _key(value: Value) -> str:
    """What makes two values the same: 1 and 1.0 are."""
    if isinstance(value, float | Decimal) and value == int(value):
        return str(int(value))
    return written(value)


def _sort(values: list[Value], ascending: Value = True, nulls_first: Value = None) -> Value:
    """JSON nulls come first descending and last ascending unless told (sql-reference/functions/array_sort)."""
    first = (not ascending) if nulls_first is None else bool(nulls_first)
    present = sorted((v for v in values if v is not None), key=cmp_to_key(compared), reverse=not ascending)
    absent = [v for v in values if v is None]
    return absent + present if first else present + absent


def _most(values: list[Value], sign: int) -> Value:
    present = [value for value in values if value is not None]
    found = present[:1]
    for value in present[1:]:
        if compared(value, found[0]) * sign > 0:
            found = [value]
    return found[0] if found else None


def _intersection(a: list[Value], b: list[Value]) -> Value:
    """A value comes as often as in the side that has it less."""
    left = [_key(value) for value in b]
    found = []
    for value in a:
        if _key(value) in left:
            left.remove(_key(value))
            found.append(value)
    return found


def _except(a: list[Value], b: list[Value]) -> Value:
    gone = [_key(value) for value in b]
    found = []
    for value in a:
        if _key(value) in gone:
            gone.remove(_key(value))
        else:
            found.append(value)
    return found


def _remove_at(values: list[Value], place: int) -> Value:
    at = place + len(values) if place < 0 else place
    return [value for index, value in enumerate(values) if index != at]


def _zip(*arrays: list[Value]) -> Value:
    """Objects with `$1`, `$2` …, as many as the longest array has values."""
    longest = max((len(each) for each in arrays), default=0)
    return [
        {f"${n}": (each[at] if at < len(each) else None) for n, each in enumerate(arrays, 1)} for at in range(longest)
    ]


def _insert(members: dict[str, Value], name: str, value: Value, update: Value = False) -> Value:
    if name in members and not update:
        raise Refused(100103, f"Duplicate field key '{name}'")
    kept = {key: each for key, each in members.items() if key != name}
    return kept if value == ABSENT else {**kept, name: value}


def _pick(members: dict[str, Value], *names: Value) -> Value:
    wanted = names[0] if len(names) == 1 and isinstance(names[0], list) else names
    return {name: members[name] for name in wanted if name in members}


def _delete(members: dict[str, Value], *names: Value) -> Value:
    return {name: value for name, value in members.items() if name not in names}


def _ignoring_case(members: Value, name: str) -> Value:
    if not isinstance(members, dict):
        return None
    return members.get(name, next((v for k, v in sorted(members.items()) if k.lower() == name.lower()), None))


def _to_object(names: list[Value], values: list[Value]) -> Value:
    if len(names) != len(values):
        raise Refused(100203, "The key array and value array had different lengths in ARRAYS_TO_OBJECT")
    return {str(name): value for name, value in zip(names, values, strict=True) if name is not None}


ABSENT = "\x01absent"
"""A value that is SQL's NULL, not JSON's."""


class Refused(ValueError):
    """A function that cannot do what it was asked."""

    def __init__(self, errno: int, message: str) -> None:
        super().__init__(raising(errno, "22000", message))


FUNCTIONS: dict[str, Callable[..., Value]] = {
    "ARRAY_SORT": _sort,
    "ARRAY_MAX": lambda values: _most(values, 1),
    "ARRAY_MIN": lambda values: _most(values, -1),
    "ARRAY_INTERSECTION": _intersection,
    "ARRAY_EXCEPT": _except,
    "ARRAY_REMOVE_AT": _remove_at,
    "ARRAYS_ZIP": _zip,
    "ARRAYS_TO_OBJECT": _to_object,
    "OBJECT_INSERT": _insert,
    "OBJECT_DELETE": _delete,
    "OBJECT_PICK": _pick,
    "GET_IGNORE_CASE": _ignoring_case,
}
_SHAPES: dict[str, tuple[type, ...]] = {
    "ARRAY_SORT": (list,), "ARRAY_MAX": (list,), "ARRAY_MIN": (list,), "ARRAY_INTERSECTION": (list, list),
    "ARRAY_EXCEPT": (list, list), "ARRAY_REMOVE_AT": (list,), "OBJECT_INSERT": (dict,), "OBJECT_DELETE": (dict,),
    "OBJECT_PICK": (dict,), "ARRAYS_ZIP": (list,) * 100, "ARRAYS_TO_OBJECT": (list, list),
}  # fmt: skip


def called(name: str, arguments: str) -> str | None:
    """A function's result as JSON, of its arguments as a JSON array; None for SQL's NULL."""
    given = parsed(arguments, duplicates=True)
    shapes = _SHAPES.get(name, ())
    if any(not isinstance(v, s) for v, s in zip(given, shapes, strict=False)):
        return None
    try:
        found = (FUNCTIONS.get(name) or computed.FUNCTIONS[name])(*given)
    except TypeError:
        raise Refused(1044, f"Invalid argument types for function '{name}'") from None
    return None if found is None else written(found)


def _document(text: str, duplicates: str) -> str:
    try:
        return written(parsed(text, duplicates=duplicates == "d"))
    except Malformed as error:
        raise ValueError(raising(100069, "22P02", f"Error parsing JSON: {error}")) from None


def _attempt(text: str, duplicates: str) -> str | None:
    try:
        return written(parsed(text, duplicates=duplicates == "d"))
    except Malformed:
        return None


def _checked(text: str, duplicates: str) -> str | None:
    try:
        parsed(text, duplicates=duplicates == "d")
    except Malformed as error:
        return str(error)
    return None


_REGISTERED: dict[str, Callable[[str, str], str | None]] = {
    "sf_called": called, "sf_document": _document, "sf_try_document": _attempt, "sf_checked": _checked,
}  # fmt: skip


def install(connection: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    """Make the functions known to the engine, for all its connections as long as this one is open."""
    text = duckdb.sqltype("VARCHAR")
    for name, function in _REGISTERED.items():
        connection.create_function(name, _columns(function), [text, text], text, type="arrow", null_handling="special")
    return connection


def _columns(function: Callable[[str, str], str | None]) -> Callable[[pa.ChunkedArray, pa.ChunkedArray], pa.Array]:
    def many(first: pa.ChunkedArray, second: pa.ChunkedArray) -> pa.Array:
        pairs = zip(first.to_pylist(), second.to_pylist(), strict=True)
        try:
            return pa.array([None if a is None or b is None else function(a, b) for a, b in pairs], pa.string())
        except ValueError as error:
            # The engine puts words of its own behind a message: this line ends ours (see `failures.translated`).
            raise ValueError(f"{error}\n\nLINE") from None

    return many
