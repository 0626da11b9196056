"""Calling a procedure: which overload is meant, and which argument goes where.

Sources: sql-reference/sql/call, developer-guide/udf-stored-procedure-naming-conventions (overloading),
developer-guide/stored-procedure/stored-procedures-calling (named and optional arguments).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field

from runner.sandbox.classes import dataclass
from runner.sandbox.ddl.types import read_type
from runner.sandbox.errors import SnowflakeError, compilation, unsupported
from runner.sandbox.result import SnowType
from runner.sandbox.scripting.arithmetic import NotDirect
from runner.sandbox.scripting.direct import Direct
from runner.sandbox.scripting.parameters import Parameter
from runner.sandbox.scripting.scope import Scope, Variable
from runner.sandbox.scripting.slices import read_expression
from runner.sandbox.scripting.source import Sql
from runner.sandbox.scripting.values import Evaluate, coerce, received_scalar, type_of
from runner.sandbox.tokens import Kind, Reader, Token


@dataclass(frozen=True, slots=True)
class ArgumentText:
    """One argument as the CALL has it; `name` is empty when it is given by position."""

    name: str
    sql: str
    direct: Direct | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A CALL statement: the procedure's name in one to three parts, and its arguments."""

    procedure: tuple[str, ...]
    arguments: tuple[ArgumentText, ...]

    @property
    def text(self) -> str:
        """The call as Snowflake quotes it in errors."""
        return f"{self.procedure[-1]}({', '.join(argument.sql for argument in self.arguments)})"


@dataclass(frozen=True, slots=True)
class Given:
    """An argument with its value. `type` is None for an untyped NULL."""

    name: str
    value: object
    type: SnowType | None


def parse_call(text: str) -> Call:
    """Reads `CALL name(argument, …)` or `CALL name(name => argument, …)`."""
    reader = Reader(text)
    reader.expect("CALL")
    procedure = reader.name()
    reader.expect("(")
    arguments: list[ArgumentText] = []
    while not reader.at(")"):
        if arguments:
            reader.expect(",")
        arguments.append(_read_argument(reader))
    reader.expect(")")
    reader.end()
    if len({bool(argument.name) for argument in arguments}) > 1:
        text = f"Arguments of procedure '{procedure[-1]}' must be given either all by name or all by position."
        raise compilation(1003, "42000", text)
    return Call(procedure, tuple(arguments))


def _read_argument(reader: Reader) -> ArgumentText:
    name = ""
    if reader.peek().kind in (Kind.WORD, Kind.QUOTED) and reader.peek(1).word == "=>":
        name = reader.identifier()
        reader.expect("=>")
    expression = read_expression(reader, ",")
    return ArgumentText(name, expression.sql.text, expression.direct)


def parse_parameters(text: str) -> tuple[Parameter, ...]:
    """Reads what stands between the parentheses of CREATE PROCEDURE; INOUT is refused by name."""
    reader = Reader(text)
    found: list[Parameter] = []
    while not reader.at_end():
        if found:
            reader.expect(",")
        found.append(_read_parameter(reader))
    optional = [parameter.default_sql is not None for parameter in found]
    if optional != sorted(optional):
        raise compilation(1003, "42000", "Required arguments must precede optional arguments.")
    return tuple(found)


def _read_parameter(reader: Reader) -> Parameter:
    name = reader.identifier()
    if reader.at("INOUT"):
        raise unsupported("INOUT argument")
    out = reader.accept_any("IN", "INPUT", "OUT", "OUTPUT") in ("OUT", "OUTPUT")
    kind = read_type(reader)
    default = read_expression(reader, ",").sql.text if reader.accept("DEFAULT") else None
    return Parameter(name, kind, default, out)


def evaluate_arguments(call: Call, evaluate: Evaluate) -> tuple[Given, ...]:
    """The arguments with the values they have in the session."""
    return tuple(_given(argument, evaluate) for argument in call.arguments)


def _given(argument: ArgumentText, evaluate: Evaluate) -> Given:
    if argument.sql.upper() == "NULL":
        return Given(argument.name, None, None)
    if (known := _constant(argument)) is not None:
        return Given(argument.name, known, type_of(known))
    value, kind = received_scalar(evaluate(argument.sql))
    return Given(argument.name, value, kind)


def _constant(argument: ArgumentText) -> object:
    """The value of an argument that is made of literals only; None when the session must evaluate it."""
    try:
        return None if argument.direct is None else argument.direct(Scope())
    except NotDirect:
        return None


def choose(call: Call, given: Sequence[Given], overloads: Sequence[Sequence[Parameter]]) -> int:
    """Which of the overloads the call means: by the number of arguments, then by the nearest types."""
    if not overloads:
        raise unknown_procedure(call.procedure)
    counted = [index for index, overload in enumerate(overloads) if _placed(overload, given) is not None]
    if not counted:
        raise _wrong_count(call, given, overloads)
    ranked = [(rank, index) for index in counted if (rank := _rank(overloads[index], given)) is not None]
    if not ranked:
        raise invalid_types(call.procedure[-1], given)
    return min(ranked)[1]


def bind_arguments(parameters: Sequence[Parameter], given: Sequence[Given], evaluate: Evaluate) -> dict[str, Variable]:
    """The variables with which the body starts: what was given, converted, and the defaults of the rest."""
    placed = _placed(parameters, given)
    if placed is None:
        raise invalid_types("", given)
    bound: dict[str, Variable] = {}
    for parameter in parameters:
        given_here = parameter.name in placed and not parameter.out
        value = placed[parameter.name].value if given_here else _default(parameter, evaluate)
        bound[parameter.name] = Variable(coerce(value, parameter.type, evaluate), parameter.type)
    return bound


def outputs_of(call: Call, parameters: Sequence[Parameter], variables: frozenset[int]) -> tuple[tuple[int, str], ...]:
    """The place in the CALL of each output argument, and its name; only a script's variable can stand there."""
    names = [argument.name or parameters[index].name for index, argument in enumerate(call.arguments)]
    wanted = {parameter.name for parameter in parameters if parameter.out}
    found = tuple((index, name) for index, name in enumerate(names) if name in wanted)
    if constant := next((name for index, name in found if index not in variables), None):
        text = f"Output argument '{constant}' of procedure '{call.procedure[-1]}' needs a Snowflake Scripting variable."
        raise compilation(1003, "42000", text)
    return found


def variables_of(sql: Sql, scope: Scope) -> dict[int, str]:
    """The variables of a script that are arguments of its CALL, by their place there."""
    if sql.tokens[0].word != "CALL" or sql.tokens[-1].word != ")":
        return {}
    found: dict[int, str] = {}
    for index, argument in enumerate(_split(sql.tokens)):
        last = argument[-1:] if len(argument) == 1 or (len(argument) == 3 and argument[1].word == "=>") else ()
        for token in last:
            if token.kind is Kind.BIND and isinstance(scope.find(token.text), Variable):
                found[index] = token.text
    return found


def _split(tokens: Sequence[Token]) -> list[list[Token]]:
    """The arguments between the last closing parenthesis and the one that it closes."""
    depth, parts = 0, [list[Token]()]
    for token in reversed(tokens):
        depth += (token.word in (")", "]", "}")) - (token.word in ("(", "[", "{"))
        if depth == 0:
            break
        if depth == 1 and token.word == ",":
            parts.append([])
        elif depth > 1 or token.word != ")":
            parts[-1].append(token)
    return [part[::-1] for part in reversed(parts)]


def _default(parameter: Parameter, evaluate: Evaluate) -> object:
    return None if parameter.default_sql is None else received_scalar(evaluate(parameter.default_sql))[0]


def _placed(parameters: Sequence[Parameter], given: Sequence[Given]) -> dict[str, Given] | None:
    """Each argument under the name of its parameter; None when the two do not fit."""
    if len(given) > len(parameters):
        return None
    names = [argument.name or parameters[index].name for index, argument in enumerate(given)]
    placed = dict(zip(names, given, strict=True))
    known = {parameter.name for parameter in parameters}
    missing = [each for each in parameters if each.default_sql is None and each.name not in placed]
    return None if missing or len(placed) < len(given) or not placed.keys() <= known else placed


_NOWHERE = "SQL compilation error: error line 0 at position -1"
_INTERNAL_NAMES = {"NUMBER": "FIXED", "FLOAT": "REAL", "VARCHAR": "TEXT"}
_TIMES = ("TIMESTAMP_NTZ", "TIMESTAMP_LTZ", "TIMESTAMP_TZ")
_ACCEPTED: dict[str, tuple[str, ...]] = {
    "NUMBER": ("FLOAT", "BOOLEAN", "VARIANT"),
    "FLOAT": ("VARCHAR", "BOOLEAN", "VARIANT"),
    "VARCHAR": ("FLOAT", "BOOLEAN", "DATE", "TIME", *_TIMES, "VARIANT"),
    "BOOLEAN": ("VARCHAR", "VARIANT"),
    "DATE": ("VARCHAR", *_TIMES, "VARIANT"),
    "TIME": ("VARCHAR", "VARIANT"),
    **dict.fromkeys(_TIMES, ("VARCHAR", "DATE", "TIME", *_TIMES, "VARIANT")),
    "BINARY": ("VARIANT",),
    "ARRAY": ("VARIANT",),
    "OBJECT": ("VARIANT",),
}
_LAST_RESORT = {("NUMBER", "VARCHAR"), ("FLOAT", "NUMBER"), ("VARCHAR", "NUMBER")}


def _rank(parameters: Sequence[Parameter], given: Sequence[Given]) -> tuple[tuple[int, str], ...] | None:
    """How far each argument is from its parameter, nearer first; ties go by the internal name of the type."""
    placed = _placed(parameters, given) or {}
    ranks: list[tuple[int, str]] = []
    for parameter in parameters:
        argument = placed.get(parameter.name)
        distance = 0 if argument is None else _distance(argument.type, parameter.type)
        if distance is None:
            return None
        ranks.append((distance, _INTERNAL_NAMES.get(parameter.type.name, parameter.type.name)))
    return tuple(ranks)


def _distance(given: SnowType | None, wanted: SnowType) -> int | None:
    if given is None or given.name == "VARIANT":
        return 0 if given is not None and wanted.name == "VARIANT" else 1
    if given.name == wanted.name:
        return 0
    if (given.name, wanted.name) in _LAST_RESORT:
        return 2
    return 1 if wanted.name in _ACCEPTED.get(given.name, ()) else None


def unknown_procedure(name: Sequence[str]) -> SnowflakeError:
    """There is no procedure of this name that the caller may see."""
    kind = "function" if len(name) == 1 else "user-defined function"
    return compilation(2140 if len(name) == 1 else 2141, "42601", f"Unknown {kind} {'.'.join(name)}.")


def invalid_types(name: str, given: Sequence[Given]) -> SnowflakeError:
    """No overload takes arguments of these types."""
    types = ", ".join("NULL" if each.type is None else each.type.name for each in given)
    text = f"Invalid argument types for function '{name}': ({types})"
    return SnowflakeError(1044, "42P13", f"{_NOWHERE}\n{text}")


def _wrong_count(call: Call, given: Sequence[Given], overloads: Sequence[Sequence[Parameter]]) -> SnowflakeError:
    most = max(len(overload) for overload in overloads)
    least = min(sum(each.default_sql is None for each in overload) for overload in overloads)
    if len(given) > most:
        text = f"too many arguments for function [{call.text}] expected {most}, got {len(given)}"
        return SnowflakeError(939, "22023", f"{_NOWHERE}\n{text}")
    if len(given) < least:
        text = f"not enough arguments for function [{call.text}], expected {least}, got {len(given)}"
        return SnowflakeError(938, "22023", f"{_NOWHERE}\n{text}")
    return invalid_types(call.procedure[-1], given)
