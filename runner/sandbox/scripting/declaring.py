"""Brings declarations to life: the names of DECLARE and LET with what they mean at the start."""

from __future__ import annotations

from typing import assert_never

from runner.sandbox.result import TEXT
from runner.sandbox.scripting.failures import STATEMENT, failing_as
from runner.sandbox.scripting.machine import Machine
from runner.sandbox.scripting.scope import Cursor, Named, ResultSet, Scope, UserException, Variable
from runner.sandbox.scripting.syntax import (
    CursorDeclaration,
    DataDeclaration,
    ExceptionDeclaration,
    ResultSetDeclaration,
    VariableDeclaration,
)


def declare(machine: Machine, declaration: DataDeclaration, scope: Scope) -> None:
    """Makes the name known in the scope; a default is evaluated and a RESULTSET's query runs now."""
    scope.declare(declaration.name, _declared(machine, declaration, scope))


def _declared(machine: Machine, declaration: DataDeclaration, scope: Scope) -> Named:
    match declaration:
        case VariableDeclaration():
            return _variable(machine, declaration, scope)
        case CursorDeclaration(_, query):
            return Cursor(query)
        case ResultSetDeclaration():
            return _result_set(machine, declaration, scope)
        case ExceptionDeclaration(name, code, message):
            return UserException(name, code, message)
        case _:
            assert_never(declaration)


def _variable(machine: Machine, declaration: VariableDeclaration, scope: Scope) -> Variable:
    if declaration.default is None:
        return Variable(None, declaration.type or TEXT)
    if declaration.type is None:
        return Variable(*machine.evaluate(declaration.default, scope))
    return Variable(machine.evaluate_as(declaration.default, declaration.type, scope), declaration.type)


def _result_set(machine: Machine, declaration: ResultSetDeclaration, scope: Scope) -> ResultSet:
    empty = ResultSet()
    if declaration.query is not None:
        with failing_as(STATEMENT, declaration.place):
            machine.fill(empty, declaration.query, scope)
    return empty
