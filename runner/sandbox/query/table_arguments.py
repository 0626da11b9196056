"""Arguments of table functions, by name or by place."""

from __future__ import annotations

from sqlglot import exp

from runner.sandbox.errors import compilation
from runner.sandbox.query.core import Expr


def arguments_of(call: list[Expr], names: tuple[str, ...]) -> dict[str, Expr]:
    """Arguments by name, those without one in the order of the names."""
    given: dict[str, Expr] = {}
    for at, argument in enumerate(call):
        if isinstance(argument, exp.Kwarg):
            given[argument.this.name.upper()] = argument.expression
        elif at < len(names):
            given[names[at]] = argument
        else:
            raise compilation(939, "22023", "too many arguments")
    unknown = [name for name in given if name not in names]
    if unknown:
        raise compilation(1007, "22023", f"invalid argument name '{unknown[0]}'")
    return given
