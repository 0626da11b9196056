"""The functions that expressions of a script use most, computed in Python where the answer is certain.

Source: sql-reference/functions-all (the page of each).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR

from runner.sandbox.classes import dataclass
from runner.sandbox.scripting.arithmetic import NotDirect, compare, concatenate, modulo, negate, round_to, truth, whole
from runner.sandbox.scripting.values import text_of

Values = Sequence[object]


@dataclass(frozen=True, slots=True)
class Function:
    """How many arguments it may have, and what it gives for them."""

    counts: range
    compute: Callable[[Values], object]


def _on_text(change: Callable[[str], object]) -> Callable[[Values], object]:
    def compute(values: Values) -> object:
        return None if values[0] is None else change(_text(values[0]))

    return compute


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise NotDirect
    return value


def _ascii(change: Callable[[str], str]) -> Callable[[str], str]:
    """Python and Snowflake may differ on the case of letters beyond ASCII."""

    def changed(text: str) -> str:
        if not text.isascii():
            raise NotDirect
        return change(text)

    return changed


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise NotDirect
    return max(0, value)


def _same_kind(values: Values) -> None:
    """Mixed types would be converted to one; only the session knows to which."""
    kinds = {type(value) for value in values if value is not None}
    if len(kinds) > 1:
        raise NotDirect


def _coalesce(values: Values) -> object:
    _same_kind(values)
    return next((value for value in values if value is not None), None)


def _iff(values: Values) -> object:
    _same_kind(values[1:])
    return values[1] if truth(values[0]) else values[2]


def _nullif(values: Values) -> object:
    _same_kind(values)
    return None if compare(values[0], values[1]) == 0 else values[0]


def _concat(values: Values) -> object:
    result: object = ""
    for value in values:
        result = concatenate(result, value)
    return result


def _abs(values: Values) -> object:
    order = compare(values[0], 0)
    return negate(values[0]) if order == -1 else values[0]


def _extreme(sign: int) -> Callable[[Values], object]:
    def compute(values: Values) -> object:
        _same_kind(values)
        best = values[0]
        for value in values:
            if value is None or best is None:
                return None
            best = value if compare(value, best) == sign else best
        return best

    return compute


def _to_varchar(values: Values) -> object:
    text = text_of(values[0])
    if text is None and values[0] is not None:
        raise NotDirect
    return text


def _left(values: Values) -> object:
    return None if None in values else _text(values[0])[: _count(values[1])]


def _right(values: Values) -> object:
    if None in values:
        return None
    text, count = _text(values[0]), _count(values[1])
    return text[max(0, len(text) - count) :]


def _replace(values: Values) -> object:
    if None in values:
        return None
    text, old, new = _text(values[0]), _text(values[1]), _text(values[2]) if len(values) > 2 else ""
    return text.replace(old, new) if old else text


def _round(values: Values) -> object:
    digits = values[1] if len(values) > 1 else 0
    if isinstance(digits, bool) or not isinstance(digits, int):
        raise NotDirect
    return round_to(values[0], digits)


def _on_one(compute: Callable[[object], object]) -> Callable[[Values], object]:
    return lambda values: compute(values[0])


_ONE, _TWO, _THREE, _MANY = range(1, 2), range(2, 3), range(3, 4), range(1, 100)

FUNCTIONS: dict[str, Function] = {
    "ABS": Function(_ONE, _abs),
    "CEIL": Function(_ONE, _on_one(whole(ROUND_CEILING))),
    "COALESCE": Function(_MANY, _coalesce),
    "CONCAT": Function(_MANY, _concat),
    "FLOOR": Function(_ONE, _on_one(whole(ROUND_FLOOR))),
    "GREATEST": Function(_MANY, _extreme(1)),
    "IFF": Function(_THREE, _iff),
    "IFNULL": Function(_TWO, _coalesce),
    "LEAST": Function(_MANY, _extreme(-1)),
    "LEFT": Function(_TWO, _left),
    "LEN": Function(_ONE, _on_text(len)),
    "LENGTH": Function(_ONE, _on_text(len)),
    "LOWER": Function(_ONE, _on_text(_ascii(str.lower))),
    "LTRIM": Function(_ONE, _on_text(lambda text: text.lstrip(" "))),
    "MOD": Function(_TWO, lambda values: modulo(values[0], values[1])),
    "NULLIF": Function(_TWO, _nullif),
    "NVL": Function(_TWO, _coalesce),
    "REPLACE": Function(range(2, 4), _replace),
    "RIGHT": Function(_TWO, _right),
    "ROUND": Function(range(1, 3), _round),
    "RTRIM": Function(_ONE, _on_text(lambda text: text.rstrip(" "))),
    "TO_CHAR": Function(_ONE, _to_varchar),
    "TO_VARCHAR": Function(_ONE, _to_varchar),
    "TRIM": Function(_ONE, _on_text(lambda text: text.strip(" "))),
    "UPPER": Function(_ONE, _on_text(_ascii(str.upper))),
}
