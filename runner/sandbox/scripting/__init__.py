"""Snowflake Scripting: blocks, procedures' bodies and calls, executed against one session.

`is_block` tells a block from a statement, `check` finds its syntax errors, `execute` runs it. `parse_call`, `choose`
and `bind_arguments` make a CALL out of text. Nothing here knows the catalogue or the engine: all that a script needs
is a `Host`.
"""

from __future__ import annotations

from collections.abc import Mapping

from runner.sandbox.result import Result, SnowType
from runner.sandbox.scripting.calls import (
    ArgumentText,
    Call,
    Given,
    bind_arguments,
    choose,
    evaluate_arguments,
    invalid_types,
    outputs_of,
    parse_call,
    parse_parameters,
    unknown_procedure,
)
from runner.sandbox.scripting.declarations import read_execute_immediate
from runner.sandbox.scripting.interpreter import Interpreter
from runner.sandbox.scripting.machine import Checkpoint, Host, Machine, dynamic_statement
from runner.sandbox.scripting.outcome import Outcome, outcome_result
from runner.sandbox.scripting.parameters import Parameter
from runner.sandbox.scripting.parser import is_block, parse
from runner.sandbox.scripting.scope import Scope, Variable
from runner.sandbox.tokens import Reader

ANONYMOUS_BLOCK = "anonymous block"

__all__ = [
    "ANONYMOUS_BLOCK",
    "ArgumentText",
    "Call",
    "Given",
    "Host",
    "Outcome",
    "Parameter",
    "Variable",
    "bind_arguments",
    "check",
    "choose",
    "evaluate_arguments",
    "execute",
    "execute_immediate",
    "invalid_types",
    "is_block",
    "outcome_result",
    "outputs_of",
    "parse_call",
    "parse_parameters",
    "unknown_procedure",
]


def check(body: str) -> None:
    """Raises the first syntax error of a block; nothing is executed."""
    parse(body)


def execute(
    body: str,
    host: Host,
    *,
    arguments: Mapping[str, Variable] | None = None,
    returns: SnowType | None = None,
    checkpoint: Checkpoint = lambda: None,
) -> Outcome:
    """Runs a block; the arguments' variables keep the values that they had at its end.

    `returns` is the type to which RETURN converts; None keeps the type of the expression.

    `checkpoint` is called before each statement and at each turn of a loop: it raises to stop the script.
    """
    machine = Machine(host, checkpoint)
    scope = Scope(machine.globals)
    for name, variable in (arguments or {}).items():
        scope.declare(name, variable)
    return Interpreter(machine, returns).run(parse(body), scope)


def execute_immediate(text: str, host: Host) -> Result:
    """Runs `EXECUTE IMMEDIATE …` as a statement of its own, outside of any block."""
    reader = Reader(text)
    statement = read_execute_immediate(reader)
    reader.end()
    machine, scope = Machine(host, lambda: None), Scope()
    dynamic, _ = machine.evaluate_plainly(statement.text, scope)
    using = [machine.evaluate_plainly(value, scope)[0] for value in statement.using]
    return host.run(dynamic_statement(dynamic, using))
