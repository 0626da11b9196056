"""A SELECT of constants alone, and of what is computed from them exactly: the engine need not be asked for its row.

Only what has one possible value is computed here: numbers and their sums, differences and products, texts and their
concatenation, truth values. Everything else, and every number that could need rounding, is the engine's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Context, Decimal
from typing import TypeAlias

from sqlglot import exp

from runner.sandbox.query.core import Expr
from runner.sandbox.result import SnowType

Value: TypeAlias = bool | str | Decimal
_NUMBER = re.compile(r"\d{1,38}(\.\d{1,38})?", re.ASCII)
_EXACT = Context(prec=80)
_MOST = 12
"""Digits behind the point up to which a product has those of both factors (sql-reference/operators-arithmetic)."""
_DIGITS = 38
_LONGEST = 100_000


def row(tree: Expr) -> tuple[Value, ...] | None:
    """The values of the SELECT list; None where one is more than a constant, or where there is more than the list."""
    if not isinstance(tree, exp.Select) or any(part and name != "expressions" for name, part in tree.args.items()):
        return None
    values = []
    for item in tree.expressions:
        if (value := _value(item)) is None:
            return None
        values.append(value)
    return tuple(values)


def fit(values: Sequence[Value], kinds: Sequence[SnowType | None]) -> bool:
    """Whether each value is surely one of its type, as it is."""
    pairs = zip(values, kinds, strict=False)
    return len(values) == len(kinds) and all(kind is not None and _fits(value, kind) for value, kind in pairs)


def _fits(value: Value, kind: SnowType) -> bool:
    if isinstance(value, bool):
        return kind.name == "BOOLEAN"
    if isinstance(value, str):
        return kind.name == "VARCHAR" and len(value) <= min(kind.length or _LONGEST, _LONGEST)
    scale = kind.scale or 0
    return kind.name == "NUMBER" and _scale(value) <= scale and abs(value) < 10 ** ((kind.precision or _DIGITS) - scale)


def _value(node: Expr) -> Value | None:
    match node:
        case exp.Alias() | exp.Paren():
            return _value(node.this)
        case exp.Literal(is_string=True):
            return str(node.this)
        case exp.Literal():
            return Decimal(node.this) if _NUMBER.fullmatch(node.this) else None
        case exp.Boolean():
            return bool(node.this)
        case exp.Neg():
            value = _value(node.this)
            return _EXACT.minus(value) if isinstance(value, Decimal) else None
        case exp.DPipe():
            left, right = _value(node.this), _value(node.expression)
            return left + right if isinstance(left, str) and isinstance(right, str) else None
        case exp.Add() | exp.Sub() | exp.Mul():
            return _computed(_OPERATORS[type(node)], _value(node.this), _value(node.expression))
        case _:
            return None


_OPERATORS: dict[type[Expr], Callable[[Decimal, Decimal], Decimal]] = {
    exp.Add: _EXACT.add,
    exp.Sub: _EXACT.subtract,
    exp.Mul: _EXACT.multiply,
}


def _computed(
    operator: Callable[[Decimal, Decimal], Decimal], left: Value | None, right: Value | None
) -> Decimal | None:
    if not isinstance(left, Decimal) or not isinstance(right, Decimal) or _scale(left) + _scale(right) > _MOST:
        return None
    found = operator(left, right)
    return found if len(found.as_tuple().digits) <= _DIGITS else None


def _scale(value: Decimal) -> int:
    return -int(value.as_tuple().exponent)
