"""Nested stored procedures: procedures that a block declares for itself.

Source: developer-guide/snowflake-scripting/nested-stored-procedures.
"""

from __future__ import annotations

from collections.abc import Sequence

from runner.sandbox.ddl.types import read_type
from runner.sandbox.errors import unsupported
from runner.sandbox.result import SnowType
from runner.sandbox.scripting.calls import bind_arguments, choose, evaluate_arguments, parse_call
from runner.sandbox.scripting.parameters import Parameter
from runner.sandbox.scripting.scope import Procedure, Scope, Variable
from runner.sandbox.scripting.source import Sql
from runner.sandbox.scripting.values import Evaluate
from runner.sandbox.tokens import Kind, Reader


def read_nested_signature(reader: Reader) -> tuple[tuple[Parameter, ...], SnowType | None]:
    """`PROCEDURE (arguments) RETURNS type AS`; the type is None where a table comes back."""
    reader.expect("PROCEDURE", "(")
    parameters: list[Parameter] = []
    while not reader.at(")"):
        if parameters:
            reader.expect(",")
        parameters.append(_parameter(reader))
    reader.expect(")")
    reader.expect("RETURNS")
    returns = _returns(reader)
    reader.expect("AS")
    return tuple(parameters), returns


def _parameter(reader: Reader) -> Parameter:
    name = reader.identifier()
    if reader.at("OUT") or reader.at("OUTPUT"):
        raise unsupported("OUT arguments of a nested stored procedure")
    kind = read_type(reader)
    if reader.at("DEFAULT"):
        raise unsupported("optional arguments of a nested stored procedure")
    return Parameter(name, kind)


def _returns(reader: Reader) -> SnowType | None:
    if not reader.accept("TABLE"):
        return read_type(reader)
    reader.expect("(")
    while not reader.accept(")"):
        reader.identifier()
        read_type(reader)
        reader.accept(",")
    return None


def called(sql: Sql, scope: Scope) -> Procedure | None:
    """The nested procedure that this CALL names; None when it is another statement, or a stored procedure."""
    tokens = sql.tokens
    if len(tokens) < 3 or tokens[0].word != "CALL" or tokens[2].word != "(":
        return None
    if tokens[1].kind not in (Kind.WORD, Kind.QUOTED):
        return None
    named = scope.find(tokens[1].identifier)
    return named if isinstance(named, Procedure) else None


def arguments_of(text: str, parameters: Sequence[Parameter], evaluate: Evaluate) -> dict[str, Variable]:
    """The variables with which the body of the called procedure starts."""
    call = parse_call(text)
    given = evaluate_arguments(call, evaluate)
    choose(call, given, [parameters])
    return bind_arguments(parameters, given, evaluate)
