"""SELECT … FROM TABLE(procedure(…)): the procedure runs, and its rows are read.

Source: developer-guide/stored-procedure/stored-procedures-selecting-from.
"""

from __future__ import annotations

from sqlglot import exp

from runner.sandbox import resolve
from runner.sandbox.catalog.model import Routine
from runner.sandbox.ddl.create_routine import returned_columns
from runner.sandbox.errors import compilation, unsupported
from runner.sandbox.query.core import Col, E, Emitter, Expr, World
from runner.sandbox.query.functions.session import evaluated
from runner.sandbox.query.relations import registered
from runner.sandbox.query.routines import named
from runner.sandbox.query.types import cast
from runner.sandbox.result import Result, SnowType
from runner.sandbox.scripting.values import literal
from runner.sandbox.session import Session
from runner.sandbox.storage import physical
from runner.sandbox.tokens import Reader, quote_identifier

READING = ("SELECT", "WITH", "VALUES", "(", "SHOW", "DESCRIBE", "DESC", "CALL")
"""What a procedure may do while it is selected from."""


def is_procedure(world: World, names: tuple[str, ...]) -> bool:
    """Whether the name is that of a procedure, and of no function."""
    context = world.context
    functions = resolve.routines(context.catalog, context.session, names, "FUNCTION")
    return not functions and bool(resolve.routines(context.catalog, context.session, names, "PROCEDURE"))


def rows_of(emitter: Emitter, names: tuple[str, ...], arguments: list[Expr]) -> tuple[str, list[Col]]:
    """Engine SQL and columns of the rows that the procedure gives back."""
    world, given = emitter.world, named(names[-1], arguments)
    if world.path or _is_defined(world.context.session):
        raise unsupported("a stored procedure in the body of a view, function or policy")
    for _, node in given:
        if any(True for _ in node.find_all(exp.Column)):
            raise unsupported("arguments of a stored procedure that depend on the query around it")
    world.stable = False
    routine = _declared(world, names, len(given))
    columns = [Col(name, kind) for name, kind in returned_columns(routine.returns)]
    if world.dry:
        shown = ", ".join(
            f"CAST(NULL AS {physical(kind)}) AS {quote_identifier(name)}" for name, kind in _kinds(columns)
        )
        return f"SELECT {shown} WHERE FALSE", columns
    written = (f"{quote_identifier(name)} => " * bool(name) + literal(evaluated(emitter, node)) for name, node in given)
    called = ".".join(map(quote_identifier, names))
    return _typed(world, _called(world, f"CALL {called}({', '.join(written)})"), columns, routine), columns


def _is_defined(session: Session) -> bool:
    """Whether a definition is being compiled: with an owner's rights, but inside no procedure."""
    return bool(session.owner_rights) and session.procedure_depth == 0


def _declared(world: World, names: tuple[str, ...], count: int) -> Routine:
    """An overload for so many arguments, whose columns RETURNS TABLE says."""
    found = resolve.routines(world.context.catalog, world.context.session, names, "PROCEDURE")
    fitting = [r for r in found if sum(a.default is None for a in r.arguments) <= count <= len(r.arguments)]
    tables = [r for r in fitting or found if r.returns.startswith("TABLE") and returned_columns(r.returns)]
    if not tables:
        raise unsupported(f"SELECT from procedure {names[-1]}, which declares no columns that it returns")
    if any(r.returns != tables[0].returns for r in tables):
        raise unsupported(f"SELECT from procedure {names[-1]}, whose overloads return different columns")
    return tables[0]


def _called(world: World, call: str) -> Result:
    session = world.caller.session
    session.selecting += 1
    try:
        return world.caller.run(call)
    finally:
        session.selecting -= 1


def _typed(world: World, result: Result, columns: list[Col], routine: Routine) -> str:
    if len(result.columns) != len(columns):
        text = f"Procedure {routine.name} declares {len(columns)} columns, but gives {len(result.columns)}."
        raise compilation(2026, "42601", text)
    pairs = enumerate(zip(result.columns, _kinds(columns), strict=True))
    shown = ", ".join(
        f"{cast(E(f'c{at}', found.type), kind).sql} AS {quote_identifier(name)}" for at, (found, (name, kind)) in pairs
    )
    places = ", ".join(f"c{at}" for at in range(len(columns)))
    return f"SELECT {shown} FROM {registered(world, result)} AS r({places})"


def _kinds(columns: list[Col]) -> list[tuple[str, SnowType]]:
    return [(column.name, column.type) for column in columns if column.type is not None]


def refuse_changes(session: Session, sql: str) -> None:
    """A statement of a procedure that is selected from."""
    if session.selecting and (word := Reader(sql).peek().word) not in READING:
        raise unsupported(f"{word} in a stored procedure that is selected from")
