"""Calls of functions that are not in SQL: the engine asks a process for their values."""

from __future__ import annotations

from collections.abc import Sequence

from runner.sandbox.catalog.model import Routine
from runner.sandbox.ddl.create_routine import returned_columns
from runner.sandbox.errors import compilation
from runner.sandbox.python.calls import PythonCall, new_name
from runner.sandbox.python.process import returned
from runner.sandbox.query.core import Col, E, World
from runner.sandbox.storage import physical
from runner.sandbox.tokens import quote_identifier


def scalar(world: World, routine: Routine, values: Sequence[E]) -> E:
    """One value for each row."""
    call = _call(world, routine)
    if call.is_table:
        raise compilation(2141, "42601", f"Unknown user-defined function {routine.name}: it returns a table")
    kind = returned(routine)[0]
    return E(f"CAST({_named(world, call, values)} AS {physical(kind)})", kind)


def table(world: World, routine: Routine, values: Sequence[E]) -> tuple[str, list[Col]]:
    """The rows of a table function, for each row beside which it stands."""
    call = _call(world, routine)
    if not call.is_table:
        raise compilation(2141, "42601", f"{routine.name} is no table function")
    columns = [Col(name, kind) for name, kind in returned_columns(routine.returns)]
    names = [(quote_identifier(name), physical(kind)) for name, kind in returned_columns(routine.returns)]
    shown = ", ".join(f"CAST(u.{name} AS {kind}) AS {name}" for name, kind in names)
    return f"SELECT {shown} FROM (SELECT unnest({_named(world, call, values)}) AS u)", columns


def _call(world: World, routine: Routine) -> PythonCall:
    return PythonCall(routine, world.context.session.parameters["TIMEZONE"])


def _named(world: World, call: PythonCall, values: Sequence[E]) -> str:
    name = new_name()
    world.calls[name] = call
    world.stable = False
    return f"{name}({call.structure(value.sql for value in values)})"
