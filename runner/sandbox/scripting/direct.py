"""Turns simple expressions into Python functions, so that a loop need not ask the session at every turn.

`compile_direct` gives None for what it does not know: the session evaluates that. A compiled function raises
`NotDirect` when the values it meets make Python's answer uncertain. Neither is an error, only a slower road.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TypeAlias

from runner.sandbox.ddl.types import read_type
from runner.sandbox.errors import SnowflakeError
from runner.sandbox.scripting.arithmetic import (
    NotDirect,
    add,
    compare,
    concatenate,
    divide,
    modulo,
    multiply,
    negate,
    subtract,
    truth,
)
from runner.sandbox.scripting.dates import UNITS, date_add, date_diff
from runner.sandbox.scripting.functions import FUNCTIONS
from runner.sandbox.scripting.scope import Row, Scope, Variable
from runner.sandbox.scripting.values import SEMI_STRUCTURED, Json, text_of, to_number
from runner.sandbox.tokens import Kind, Reader, Token

Direct: TypeAlias = Callable[[Scope], object]
Operator: TypeAlias = Callable[[object, object], object]

_ADDITIVE: dict[str, Operator] = {"+": add, "-": subtract, "||": concatenate}
_MULTIPLICATIVE: dict[str, Operator] = {"*": multiply, "/": divide, "%": modulo}
_COMPARISONS: dict[str, Callable[[int], bool]] = {
    "=": lambda order: order == 0,
    "<>": lambda order: order != 0,
    "!=": lambda order: order != 0,
    "<": lambda order: order < 0,
    "<=": lambda order: order <= 0,
    ">": lambda order: order > 0,
    ">=": lambda order: order >= 0,
}
_DATE_FUNCTIONS = {"DATEADD": date_add, "TIMESTAMPADD": date_add, "DATEDIFF": date_diff, "TIMESTAMPDIFF": date_diff}
_CONSTANTS = {"TRUE": True, "FALSE": False, "NULL": None}
_MAX_DEPTH = 60


class _Unknown(Exception):
    """The expression holds something that is not computed here."""


def compile_direct(source: str, tokens: tuple[Token, ...]) -> Direct | None:
    """The expression as a function of the scope; None when the session must evaluate it."""
    end = Token(Kind.END, "<EOF>", tokens[-1].end, tokens[-1].end, tokens[-1].line, tokens[-1].position)
    compiler = _Compiler(Reader(source, (*tokens, end)))
    try:
        compiled = compiler.disjunction()
    except _Unknown:
        return None
    return compiled if compiler.reader.at_end() else None


class _Compiler:
    """Recursive descent over the tokens, one method for each level of precedence."""

    def __init__(self, reader: Reader) -> None:
        self.reader = reader
        self.depth = 0

    def disjunction(self) -> Direct:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise _Unknown
        left = self.conjunction()
        while self.reader.accept("OR"):
            left = _either(left, self.conjunction())
        self.depth -= 1
        return left

    def conjunction(self) -> Direct:
        left = self.negation()
        while self.reader.accept("AND"):
            left = _both(left, self.negation())
        return left

    def negation(self) -> Direct:
        denials = 0
        while self.reader.accept("NOT"):
            denials += 1
        operand = self.predicate()
        for _ in range(denials):
            operand = _negated(operand)
        return operand

    def predicate(self) -> Direct:
        left = self.additive()
        word = self.reader.accept_any(*_COMPARISONS)
        if word:
            return _comparison(left, self.additive(), _COMPARISONS[word])
        if self.reader.accept("IS"):
            return self.null_test(left)
        denied = self.reader.accept("NOT")
        test = self.membership(left) if self.reader.accept("IN", "(") else self.range(left, denied)
        return _negated(test) if denied else test

    def null_test(self, left: Direct) -> Direct:
        denied = self.reader.accept("NOT")
        if not self.reader.accept("NULL"):
            raise _Unknown
        return lambda scope: (left(scope) is None) is not denied

    def membership(self, left: Direct) -> Direct:
        options = self.arguments()
        return lambda scope: _is_member(left(scope), [option(scope) for option in options])

    def range(self, left: Direct, denied: bool) -> Direct:
        if not self.reader.accept("BETWEEN"):
            if denied:
                raise _Unknown
            return left
        low = self.additive()
        self.require("AND")
        high = self.additive()
        return _both(
            _comparison(left, low, lambda order: order >= 0), _comparison(left, high, lambda order: order <= 0)
        )

    def additive(self) -> Direct:
        left = self.multiplicative()
        while word := self.reader.accept_any(*_ADDITIVE):
            left = _applied(_ADDITIVE[word], left, self.multiplicative())
        return left

    def multiplicative(self) -> Direct:
        left = self.unary()
        while word := self.reader.accept_any(*_MULTIPLICATIVE):
            left = _applied(_MULTIPLICATIVE[word], left, self.unary())
        return left

    def unary(self) -> Direct:
        if self.reader.accept("-"):
            operand = self.cast()
            return lambda scope: negate(operand(scope))
        self.reader.accept("+")
        return self.cast()

    def cast(self) -> Direct:
        operand = self.primary()
        while self.reader.accept("::"):
            operand = self.cast_to(operand)
        return operand

    def cast_to(self, operand: Direct) -> Direct:
        try:
            kind = read_type(self.reader)
        except SnowflakeError:
            raise _Unknown from None
        if kind.name == "NUMBER":
            return lambda scope: _as_number(operand(scope), lambda value: to_number(value, kind))
        if kind.name != "VARCHAR" or kind.length != 16777216:
            raise _Unknown
        return lambda scope: _as_text(operand(scope))

    def primary(self) -> Direct:
        token = self.reader.peek()
        match token.kind:
            case Kind.NUMBER:
                return _constant(_number(self.reader.next().text))
            case Kind.STRING:
                return _constant(self.reader.next().text)
            case Kind.BIND:
                self.reader.next()
                return self.name(token.text)
            case Kind.QUOTED:
                self.reader.next()
                return self.name(token.identifier)
            case Kind.WORD:
                return self.word(token)
            case _:
                return self.parenthesised()

    def parenthesised(self) -> Direct:
        self.require("(")
        if self.reader.peek().word in ("SELECT", "WITH", "SHOW", "CALL"):
            raise _Unknown
        inner = self.disjunction()
        self.require(")")
        return inner

    def word(self, token: Token) -> Direct:
        if token.word in _CONSTANTS:
            self.reader.next()
            return _constant(_CONSTANTS[token.word])
        if token.word == "CASE":
            return self.case()
        self.reader.next()
        return self.function(token.word) if self.reader.accept("(") else self.name(token.word)

    def name(self, name: str) -> Direct:
        if not self.reader.accept("."):
            return lambda scope: _variable(scope, name)
        if self.reader.peek().kind not in (Kind.WORD, Kind.QUOTED):
            raise _Unknown
        column = self.reader.identifier()
        if self.reader.peek().word in ("(", "."):
            raise _Unknown
        return lambda scope: _field(scope, name, column)

    def function(self, name: str) -> Direct:
        if name in _DATE_FUNCTIONS:
            return self.date_function(_DATE_FUNCTIONS[name])
        function = FUNCTIONS.get(name)
        if function is None:
            raise _Unknown
        arguments = self.arguments()
        if len(arguments) not in function.counts:
            raise _Unknown
        return lambda scope: function.compute([argument(scope) for argument in arguments])

    def date_function(self, compute: Callable[[str, object, object], object]) -> Direct:
        unit = UNITS.get(self.reader.next().text.upper(), "")
        self.require(",")
        arguments = self.arguments()
        if not unit or len(arguments) != 2:
            raise _Unknown
        first, second = arguments
        return lambda scope: compute(unit, first(scope), second(scope))

    def arguments(self) -> list[Direct]:
        """What stands in parentheses of which the first is read; the closing one is read too."""
        if self.reader.accept(")"):
            return []
        if self.reader.peek().word in ("SELECT", "WITH"):
            raise _Unknown
        found = [self.disjunction()]
        while self.reader.accept(","):
            found.append(self.disjunction())
        self.require(")")
        return found

    def case(self) -> Direct:
        self.require("CASE")
        subject = None if self.reader.at("WHEN") else self.disjunction()
        branches: list[tuple[Direct, Direct]] = []
        while self.reader.accept("WHEN"):
            condition = self.disjunction()
            self.require("THEN")
            test = condition if subject is None else _comparison(subject, condition, lambda order: order == 0)
            branches.append((test, self.disjunction()))
        otherwise = self.disjunction() if self.reader.accept("ELSE") else _constant(None)
        self.require("END")
        return _case(branches, otherwise)

    def require(self, word: str) -> None:
        if not self.reader.accept(word):
            raise _Unknown


def _constant(value: object) -> Direct:
    return lambda _: value


def _number(text: str) -> int | Decimal:
    if "e" in text.lower():
        raise _Unknown
    return Decimal(text) if "." in text and not text.endswith(".") else int(text.rstrip("."))


def _variable(scope: Scope, name: str) -> object:
    named = scope.find(name)
    if not isinstance(named, Variable) or isinstance(named.value, Json | bytes):
        raise NotDirect
    return named.value


def _field(scope: Scope, name: str, column: str) -> object:
    row = scope.find(name)
    if not isinstance(row, Row) or column not in row.fields or row.fields[column].type.name in SEMI_STRUCTURED:
        raise NotDirect
    return row.fields[column].value


def _applied(operator: Operator, left: Direct, right: Direct) -> Direct:
    return lambda scope: operator(left(scope), right(scope))


def _comparison(left: Direct, right: Direct, test: Callable[[int], bool]) -> Direct:
    def compared(scope: Scope) -> bool | None:
        order = compare(left(scope), right(scope))
        return None if order is None else test(order)

    return compared


def _case(branches: list[tuple[Direct, Direct]], otherwise: Direct) -> Direct:
    def chosen(scope: Scope) -> object:
        for test, then in branches:
            if truth(test(scope)):
                return then(scope)
        return otherwise(scope)

    return chosen


def _both(left: Direct, right: Direct) -> Direct:
    def both(scope: Scope) -> bool | None:
        one = truth(left(scope))
        if one is False:
            return False
        two = truth(right(scope))
        return False if two is False else None if one is None or two is None else True

    return both


def _either(left: Direct, right: Direct) -> Direct:
    def either(scope: Scope) -> bool | None:
        one = truth(left(scope))
        if one:
            return True
        two = truth(right(scope))
        return True if two else None if one is None or two is None else False

    return either


def _negated(operand: Direct) -> Direct:
    def negated(scope: Scope) -> bool | None:
        value = truth(operand(scope))
        return None if value is None else not value

    return negated


def _is_member(value: object, options: list[object]) -> bool | None:
    orders = [compare(value, option) for option in options]
    return True if 0 in orders else None if None in orders else False


def _as_text(value: object) -> str | None:
    text = text_of(value)
    if text is None and value is not None:
        raise NotDirect
    return text


def _as_number(value: object, convert: Callable[[int | Decimal | str], int | Decimal]) -> int | Decimal | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        raise NotDirect
    return convert(value)
