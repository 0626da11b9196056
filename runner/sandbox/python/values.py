"""Values of SQL as the code of a function sees them, and what it gives back. Runs in the child.

Source: developer-guide/udf-stored-procedure-data-type-mapping (SQL-Python data type mappings). On the way between the
processes a value is plain JSON: numbers with a fraction, dates and times are text, binaries are hexadecimal, a
semi-structured value is its JSON text.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal

SEMI = ("VARIANT", "OBJECT", "ARRAY")
Wire = object


def received(kind: str, value: Wire) -> object:
    """What the handler is given for an argument of the type."""
    if value is None:
        return None
    make = _RECEIVED.get(kind)
    return value if make is None else make(str(value))


def _number(text: str) -> object:
    return Decimal(text) if "." in text else int(text)


_RECEIVED: dict[str, Callable[[str], object]] = {
    "NUMBER": _number,
    "BINARY": bytes.fromhex,
    "DATE": date.fromisoformat,
    "TIME": time.fromisoformat,
    **dict.fromkeys(("TIMESTAMP_NTZ", "TIMESTAMP_LTZ", "TIMESTAMP_TZ"), datetime.fromisoformat),
    **dict.fromkeys(SEMI, json.loads),
}


def given(kind: str, value: object, *, loosely: bool = False) -> Wire:
    """What goes back for a result of the type; a value of another Python type is a TypeError.

    A procedure may give any value for VARCHAR: `loosely`.
    """
    if value is None:
        return None
    if kind == "VARCHAR" and loosely and not isinstance(value, str):
        return str(value)
    accepted, make = _GIVEN[kind]
    if not isinstance(value, accepted) or (isinstance(value, bool) and kind not in ("BOOLEAN", *SEMI)):
        raise TypeError(f"Expected {accepted[0].__name__} for {kind}, got {type(value).__name__}: {value!r}")
    return make(value)


def _of_float(value: object) -> Wire:
    return str(Decimal(repr(value)) if isinstance(value, float) else value)


def _json(value: object) -> Wire:
    return json.dumps(value, default=_plain, allow_nan=False)


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, (bytes, bytearray)):
        return value.hex().upper()
    if isinstance(value, (set, frozenset, tuple)):
        return list(value)
    raise TypeError(f"a {type(value).__name__} has no place in a semi-structured value")


_GIVEN: dict[str, tuple[tuple[type, ...], Callable[..., Wire]]] = {
    "NUMBER": ((int, float, Decimal), _of_float),
    "FLOAT": ((float, int, Decimal), float),
    "VARCHAR": ((str,), str),
    "BOOLEAN": ((bool,), bool),
    "BINARY": ((bytes, bytearray), lambda value: bytes(value).hex()),
    "DATE": ((date,), lambda value: value.strftime("%Y-%m-%d").zfill(10)),
    "TIME": ((time,), lambda value: value.isoformat()),
    **dict.fromkeys(("TIMESTAMP_NTZ", "TIMESTAMP_LTZ", "TIMESTAMP_TZ"), ((datetime,), lambda v: v.isoformat())),
    **dict.fromkeys(("VARIANT",), ((object,), _json)),
    "OBJECT": ((dict,), _json),
    "ARRAY": ((list, tuple), _json),
}
