"""Calls of the user's own functions: which one is meant, its arguments, and those that are not in SQL.

Sources: developer-guide/udf-stored-procedure-naming-conventions (overloading), developer-guide/udf/udf-calling-sql
(arguments by name or by place).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlglot import exp

from runner.sandbox import access, resolve
from runner.sandbox.catalog.model import Routine
from runner.sandbox.ddl.create_routine import return_type, returned_columns
from runner.sandbox.errors import SnowflakeError, compilation
from runner.sandbox.python.calls import ForeignCall, new_name
from runner.sandbox.python.imports import files
from runner.sandbox.query import fine, types
from runner.sandbox.query.columns import name_of
from runner.sandbox.query.core import Col, E, Expr, World
from runner.sandbox.query.functions import absent
from runner.sandbox.result import SnowType
from runner.sandbox.storage import physical
from runner.sandbox.tokens import quote_identifier

Given = Sequence[tuple[str, E]]
"""Arguments with their names, which are empty where they are given by place."""


def named(function: str, arguments: Iterable[Expr]) -> list[tuple[str, Expr]]:
    """The arguments of a call, each with its name: all of them have one, or none."""
    given = [(name_of(a.this), a.expression) if isinstance(a, exp.Kwarg) else ("", a) for a in arguments]
    names = [name for name, _ in given]
    if any(names) and not all(names):
        text = f"Arguments of function '{function}' must be given either all by name or all by position."
        raise compilation(1003, "42000", text)
    if twice := next((name for name in names if name and names.count(name) > 1), None):
        raise compilation(1003, "42000", f"Argument '{twice}' of function '{function}' is given twice.")
    return given


def overload(world: World, names: tuple[str, ...], given: Given) -> Routine:
    """The function that takes these arguments, the nearest by type."""
    context = world.context
    found = resolve.routines(context.catalog, context.session, names, "FUNCTION")
    if not found:
        raise absent.unknown(names)
    fitting = [routine for routine in found if _takes(routine, given)]
    if not fitting:
        raise _unfitting(names[-1], given)
    best = max(fitting, key=lambda routine: _likeness(routine, given))
    access.require(context.catalog, context.session, "USAGE", best)
    return best


def _takes(routine: Routine, given: Given) -> bool:
    if len(given) > len(routine.arguments):
        return False
    placed_ = placed(routine, given)
    there = {argument.name for argument in routine.arguments}
    return placed_.keys() <= there and all(a.name in placed_ or a.default is not None for a in routine.arguments)


def placed(routine: Routine, given: Given) -> dict[str, E]:
    """The values by the names of the arguments."""
    places = (argument.name for argument in routine.arguments)
    return {name or place: e for (name, e), place in zip(given, places, strict=False)}


def _likeness(routine: Routine, given: Given) -> int:
    kinds = {argument.name: argument.type.name for argument in routine.arguments}
    return sum(kinds[name] == e.kind for name, e in placed(routine, given).items())


def _unfitting(name: str, given: Given) -> SnowflakeError:
    kinds = ", ".join(f"{each} => {e.kind}" if each else e.kind for each, e in given)
    text = f"error line 0 at position -1\nInvalid argument types for function '{name}': ({kinds})"
    return compilation(1044, "42P13", text)


def is_query(body: str) -> bool:
    """Whether a function's body is a query and no expression."""
    start = body.lstrip(" \t\r\n(")[:6].upper()
    return start in ("SELECT", "WITH ", "WITH\n") or body.lstrip()[:4].upper() == "WITH"


def returned_type(routine: Routine) -> SnowType:
    kind, _ = return_type(routine.returns)
    if kind is None:
        raise compilation(2141, "42601", f"Unknown user-defined function {routine.name}: it returns a table")
    return kind


def table_columns(routine: Routine) -> list[Col]:
    """The columns of RETURNS TABLE (a NUMBER, b VARCHAR)."""
    if not routine.returns.startswith("TABLE"):
        raise compilation(2141, "42601", f"{routine.name} is no table function")
    return [Col(name, kind) for name, kind in _given(routine)]


def _given(routine: Routine) -> tuple[tuple[str, SnowType], ...]:
    """What a function in another language gives: moments may have nanoseconds where the statement reads them."""
    table = routine.returns.startswith("TABLE")
    columns = returned_columns(routine.returns) if table else [("", returned_type(routine))]
    if routine.language == "SQL":
        return tuple(columns)
    return tuple((name, types.wanted(E("", types.TEXT), kind)) for name, kind in columns)


def scalar(world: World, routine: Routine, values: Sequence[E]) -> E:
    """A call of a function in another language: one value for each row."""
    [(_, kind)] = _given(routine)
    name, given = registered_call(world, routine, values)
    rows = f"list({given})" if routine.aggregate else given
    return E(f"CAST({name}({rows}) AS {physical(kind)})", kind)


def table(world: World, routine: Routine, values: Sequence[E]) -> tuple[str, list[Col]]:
    """The rows of a table function in another language, for each row beside which it stands."""
    columns = table_columns(routine)
    shown = ", ".join(f"{taken(column)} AS {quote_identifier(column.name)}" for column in columns)
    name, given = registered_call(world, routine, values)
    return f"SELECT {shown} FROM (SELECT unnest({name}([{given}])) AS u)", columns


def taken(column: Col) -> str:
    """Engine SQL of a column of the row `u` that a table function gave."""
    assert column.type is not None
    return f"CAST(u.o.{quote_identifier(column.name)} AS {physical(column.type)})"


def registered_call(world: World, routine: Routine, values: Sequence[E]) -> tuple[str, str]:
    """The name under which the engine knows the call while the statement runs, and engine SQL of what it is given."""
    zone = world.context.session.parameters["TIMEZONE"]
    pairs = zip(values, routine.arguments, strict=True)
    taken_ = tuple(value.type if fine.is_fine(value.type) and value.type else each.type for value, each in pairs)
    imports = () if world.dry else files(world.context, routine)
    call, name = ForeignCall(routine, zone, taken_, _given(routine), imports), new_name()
    world.calls[name] = call
    world.stable = False
    return name, call.structure(value.sql for value in values)
