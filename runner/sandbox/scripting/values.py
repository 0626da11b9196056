"""Values of a script: their types, how they are written as SQL, and how an assignment converts them.

A value is a Python value (int and Decimal for NUMBER, str, bool, float, date, time, datetime, bytes, None) or `Json`.
Sources: developer-guide/snowflake-scripting/variables (inferred types, conversion on assignment),
sql-reference/data-type-conversion.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

from runner.sandbox.classes import dataclass
from runner.sandbox.ddl.types import type_text
from runner.sandbox.errors import SnowflakeError
from runner.sandbox.result import BOOLEAN, NUMBER, TEXT, Result, SnowType
from runner.sandbox.tokens import quote_string
from runner.sandbox.zones import Offset

Evaluate = Callable[[str], Result]
"""Evaluates one SQL expression in the session: one row, one column."""

WIDE = Context(prec=90, rounding=ROUND_HALF_UP)
SEMI_STRUCTURED = ("VARIANT", "OBJECT", "ARRAY")
_NUMERIC_TEXT = re.compile(r"\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*", re.ASCII)
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TRUE = frozenset({"true", "t", "yes", "y", "on", "1"})
_FALSE = frozenset({"false", "f", "no", "n", "off", "0"})


@dataclass(frozen=True, slots=True)
class Json:
    """A semi-structured value as its JSON text; `kind` is VARIANT, OBJECT or ARRAY."""

    text: str
    kind: str = "VARIANT"


def type_of(value: object) -> SnowType:
    """The type that Snowflake infers for a variable from its first value."""
    match value:
        case bool():
            return BOOLEAN
        case int():
            return NUMBER
        case Decimal():
            return SnowType("NUMBER", precision=38, scale=scale_of(value))
        case float():
            return SnowType("FLOAT")
        case Json():
            return SnowType(value.kind)
        case datetime():
            return SnowType(_stamp_name(value), scale=9)
        case date():
            return SnowType("DATE")
        case time():
            return SnowType("TIME", scale=9)
        case bytes():
            return SnowType("BINARY", length=8388608)
        case _:
            return TEXT


def _stamp_name(value: datetime) -> str:
    if isinstance(value.tzinfo, Offset):
        return "TIMESTAMP_TZ"
    return "TIMESTAMP_LTZ" if value.tzinfo else "TIMESTAMP_NTZ"


def scale_of(value: Decimal) -> int:
    """The digits after the point that this value carries."""
    return max(0, -int(value.as_tuple().exponent))


def received(value: object, kind: SnowType) -> object:
    """A value of a statement's result as a value of the script."""
    if value is None:
        return None
    if kind.name in SEMI_STRUCTURED:
        return Json(str(value), kind.name)
    if isinstance(value, Decimal):
        return int(value) if not kind.scale else value
    return value


def received_scalar(result: Result) -> tuple[object, SnowType]:
    """The one value of a result, with its type."""
    kind = result.columns[0].type
    return received(result.scalar(), kind), kind


def plain(value: object) -> object:
    """The value as a result carries it: JSON as text."""
    return value.text if isinstance(value, Json) else value


def literal(value: object, kind: SnowType | None = None) -> str:
    """SQL that evaluates to this value, safe at any place where an expression may stand."""
    match value:
        case None:
            return "NULL"
        case bool():
            return "TRUE" if value else "FALSE"
        case int():
            return str(value) if value >= 0 else f"({value})"
        case Decimal():
            return f"{value:f}" if value >= 0 else f"({value:f})"
        case float():
            return f"{quote_string(repr(value))}::FLOAT"
        case str():
            return quote_string(value)
        case bytes():
            return f"X'{value.hex().upper()}'"
        case Json():
            parsed = f"PARSE_JSON({quote_string(value.text)})"
            return parsed if value.kind == "VARIANT" else f"{parsed}::{value.kind}"
        case date() | time():
            return f"{quote_string(value.isoformat(*_separator(value)))}::{(kind or type_of(value)).name}"
        case _:
            raise TypeError(f"no SQL literal for {type(value).__name__}")


def _separator(value: date | time) -> tuple[str, ...]:
    return (" ",) if isinstance(value, datetime) else ()


def text_of(value: object) -> str | None:
    """The value as VARCHAR where the conversion needs no session parameter; None where it does."""
    match value:
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case Decimal():
            return f"{value:f}"
        case _:
            return None


def coerce(value: object, kind: SnowType, evaluate: Evaluate) -> object:
    """The value converted to the type as an assignment does it; what cannot be converted is Snowflake's error."""
    if value is None:
        return None
    match kind.name:
        case "NUMBER" if isinstance(value, int | Decimal | float | str):
            return to_number(value, kind)
        case "VARCHAR":
            return _to_text(value, kind, evaluate)
        case "BOOLEAN" if isinstance(value, bool | int | Decimal | str):
            return to_boolean(value)
        case "FLOAT" if isinstance(value, int | Decimal | float | str):
            return _to_float(value)
        case "DATE" if isinstance(value, date | str):
            return _to_date(value, evaluate)
        case "VARIANT":
            return _to_variant(value, evaluate)
        case _:
            return value if type_of(value).name == kind.name else _cast(value, kind, evaluate)


def _cast(value: object, kind: SnowType, evaluate: Evaluate) -> object:
    aware = isinstance(value, datetime) and value.tzinfo is not None
    if aware and isinstance(value, datetime) and kind.name == "TIMESTAMP_LTZ":
        return value.astimezone(UTC)
    return received(evaluate(f"CAST({literal(value)} AS {type_text(kind)})").scalar(), kind)


def to_number(value: int | Decimal | float | str, kind: SnowType) -> int | Decimal:
    """The value as NUMBER(p,s), half rounded away from zero."""
    if isinstance(value, str) and not _NUMERIC_TEXT.fullmatch(value):
        raise SnowflakeError(100038, "22018", f"Numeric value '{value}' is not recognized")
    scale, precision = kind.scale or 0, kind.precision or 38
    with localcontext(WIDE):
        number = Decimal(_digits(value))
        if not number.is_finite() or abs(number) >= Decimal(10) ** (precision - scale):
            raise _out_of_range(value)
        rounded = number.quantize(Decimal(1).scaleb(-scale), rounding=ROUND_HALF_UP)
        if abs(rounded) >= Decimal(10) ** (precision - scale):
            raise _out_of_range(value)
    return rounded if scale else int(rounded)


def _digits(value: int | Decimal | float | str) -> str:
    return str(int(value)) if isinstance(value, bool) else str(value)


def _out_of_range(value: object) -> SnowflakeError:
    return SnowflakeError(100039, "22003", f"Numeric value '{value}' is out of range")


def _to_float(value: int | Decimal | float | str) -> float:
    try:
        return float(value)
    except ValueError:
        raise SnowflakeError(100038, "22018", f"Numeric value '{value}' is not recognized") from None


def _to_text(value: object, kind: SnowType, evaluate: Evaluate) -> str:
    text = text_of(value)
    if text is None:
        text = str(evaluate(f"CAST({literal(value)} AS VARCHAR)").scalar())
    if kind.length is not None and len(text) > kind.length:
        raise SnowflakeError(100078, "22000", f"String '{text[:1000]}' is too long and would be truncated")
    return text


def to_boolean(value: bool | int | Decimal | str) -> bool:
    """The value as BOOLEAN: zero is FALSE, another number TRUE, and the words Snowflake knows."""
    if not isinstance(value, str):
        return bool(value)
    word = value.strip().lower()
    if word not in _TRUE | _FALSE:
        raise SnowflakeError(100037, "22018", f"Boolean value '{value}' is not recognized")
    return word in _TRUE


def _to_date(value: date | str, evaluate: Evaluate) -> object:
    if isinstance(value, datetime):
        return value.date() if value.tzinfo is None else _cast(value, SnowType("DATE"), evaluate)
    if isinstance(value, date):
        return value
    try:
        if _ISO_DATE.fullmatch(value):
            date.fromisoformat(value)
    except ValueError:
        raise SnowflakeError(100040, "22007", f"Date '{value}' is not recognized") from None
    return _cast(value, SnowType("DATE"), evaluate)  # How text is read is for the session to say.


def _to_variant(value: object, evaluate: Evaluate) -> Json:
    match value:
        case Json():
            return Json(value.text)
        case bool() | int() | str():
            return Json(json.dumps(value, ensure_ascii=False))
        case Decimal():
            return Json(f"{value:f}")
        case _:
            return Json(str(evaluate(f"TO_VARIANT({literal(value)})").scalar()))
