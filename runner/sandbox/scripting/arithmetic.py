"""Operators of SQL on Python values, for those operands where Python's answer is exactly Snowflake's.

Anything else raises `NotDirect`, and the expression goes to the session instead.
Sources: sql-reference/operators-arithmetic (scale and precision of results), sql-reference/ternary-logic.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any, TypeGuard, cast

from runner.sandbox.errors import SnowflakeError
from runner.sandbox.scripting.values import WIDE, scale_of, text_of


class NotDirect(Exception):
    """This cannot be computed here with certainty; the session has to."""


_LIMIT = 10**38


def add(left: object, right: object) -> object:
    match left, right:
        case (None, _) | (_, None):
            return None
        case (date(), int()) if _plain_date(left) and not isinstance(right, bool):
            return left + timedelta(days=right)
        case _:
            one, two = _numbers(left, right)
            return _sum(one, two)


def subtract(left: object, right: object) -> object:
    match left, right:
        case (None, _) | (_, None):
            return None
        case (date(), date()) if _plain_date(left) and _plain_date(right):
            return (left - right).days
        case (date(), int()) if _plain_date(left) and not isinstance(right, bool):
            return left - timedelta(days=right)
        case _:
            one, two = _numbers(left, right)
            return _sum(one, _minus(two))


def _sum(left: int | Decimal, right: int | Decimal) -> int | Decimal:
    if isinstance(left, int) and isinstance(right, int):
        return _bounded(left + right)
    with localcontext(WIDE):
        return _bounded(Decimal(left) + Decimal(right))


def multiply(left: object, right: object) -> object:
    if left is None or right is None:
        return None
    one, two = _numbers(left, right)
    if isinstance(one, int) and isinstance(two, int):
        return _bounded(one * two)
    scales = _scale(one), _scale(two)
    return _scaled_product(one, two, min(sum(scales), max(*scales, 12)))


def _scaled_product(left: int | Decimal, right: int | Decimal, scale: int) -> int | Decimal:
    with localcontext(WIDE):
        return _bounded((Decimal(left) * Decimal(right)).quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP))


def divide(left: object, right: object) -> object:
    """Decimal division: the scale is that of the dividend and six more, up to twelve."""
    if left is None or right is None:
        return None
    one, two = _numbers(left, right)
    _refuse_zero(two)
    scale = max(_scale(one), min(_scale(one) + 6, 12))
    with localcontext(WIDE):
        return _bounded((Decimal(one) / Decimal(two)).quantize(Decimal(1).scaleb(-scale), ROUND_HALF_UP))


def modulo(left: object, right: object) -> object:
    """The remainder has the sign of the dividend."""
    if left is None or right is None:
        return None
    one, two = _numbers(left, right)
    _refuse_zero(two)
    with localcontext(WIDE):
        remainder = Decimal(one) % Decimal(two)
    return int(remainder) if isinstance(one, int) and isinstance(two, int) else remainder


def _refuse_zero(divisor: int | Decimal) -> None:
    if divisor == 0:
        raise SnowflakeError(100051, "22012", "Division by zero")


def negate(value: object) -> object:
    if value is None:
        return None
    return _minus(_numbers(value, 0)[0])


def round_to(value: object, digits: int) -> object:
    """Half away from zero; without digits behind the point the result is a whole number."""
    if value is None:
        return None
    number = _numbers(value, 0)[0]
    if digits < 0:
        raise NotDirect
    if isinstance(number, int) or scale_of(number) <= digits:
        return number
    return _rounded(number, digits, ROUND_HALF_UP)


def whole(rounding: str) -> Callable[[object], object]:
    """FLOOR or CEIL."""

    def compute(value: object) -> object:
        number = None if value is None else _numbers(value, 0)[0]
        return _rounded(number, 0, rounding) if isinstance(number, Decimal) else number

    return compute


def _rounded(number: Decimal, digits: int, rounding: str) -> int | Decimal:
    with localcontext(WIDE):
        rounded = number.quantize(Decimal(1).scaleb(-digits), rounding)
    return rounded if digits else int(rounded)


def _minus(value: int | Decimal) -> int | Decimal:
    return -value if isinstance(value, int) else value.copy_negate()


def concatenate(left: object, right: object) -> object:
    if left is None or right is None:
        return None
    one, two = text_of(left), text_of(right)
    if one is None or two is None:
        raise NotDirect
    return one + two


def compare(left: object, right: object) -> int | None:
    """-1, 0 or 1; None when one of the two is NULL."""
    if left is None or right is None:
        return None
    if not (_number(left) and _number(right)):
        _comparable(left, right)
    one, two = cast(Any, left), cast(Any, right)
    return int(one > two) - int(one < two)


def _comparable(left: object, right: object) -> None:
    if type(left) is not type(right) or not isinstance(left, str | bool | date):
        raise NotDirect
    if isinstance(left, datetime) and isinstance(right, datetime) and (left.tzinfo is None) != (right.tzinfo is None):
        raise NotDirect


def truth(value: object) -> bool | None:
    """The value as a condition; only a BOOLEAN or NULL is one for certain."""
    if value is None or isinstance(value, bool):
        return value
    raise NotDirect


def _plain_date(value: object) -> TypeGuard[date]:
    return isinstance(value, date) and not isinstance(value, datetime)


def _number(value: object) -> TypeGuard[int | Decimal]:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _numbers(left: object, right: object) -> tuple[int | Decimal, int | Decimal]:
    if not _number(left) or not _number(right):
        raise NotDirect
    return left, right


def _scale(value: int | Decimal) -> int:
    return scale_of(value) if isinstance(value, Decimal) else 0


def _bounded(value: int | Decimal) -> int | Decimal:
    if not -_LIMIT < value < _LIMIT:
        raise NotDirect
    return value
