"""ADD and DROP SEARCH OPTIMIZATION … ON (user-guide/search-optimization/enabling): expressions kept as text."""

from __future__ import annotations

from runner.sandbox.ddl.expressions import read_expression
from runner.sandbox.ddl.names import written
from runner.sandbox.errors import compilation
from runner.sandbox.tokens import Reader

METHODS = ("EQUALITY", "SUBSTRING", "GEO", "FULL_TEXT")


def read_search(reader: Reader) -> tuple[str, ...]:
    """`METHOD(target)` for each target after ON, a bare column where a DROP names one; nothing without ON."""
    if not reader.accept("ON"):
        return ()
    found = [*_method(reader)]
    while reader.accept(","):
        found += _method(reader)
    return tuple(found)


def _method(reader: Reader) -> list[str]:
    method = reader.accept_any(*METHODS)
    if not method:
        return [written(reader.identifier())]
    reader.expect("(")
    found: list[str] = []
    while True:
        if method == "FULL_TEXT" and reader.accept("ANALYZER", "=>"):
            found = [f"{each}, ANALYZER => '{reader.string()}'" for each in found]
            break
        found.append(f"{method}({_target(reader)}")
        if not reader.accept(","):
            break
    reader.expect(")")
    return [f"{each})" for each in found]


def _target(reader: Reader) -> str:
    if reader.accept("*"):
        return "*"
    alone = reader.peek(1).word in (",", ")")
    return written(reader.identifier()) if alone else read_expression(reader, ())


def column_of(expression: str) -> str | None:
    """The column that a kept expression looks at; None for `*`."""
    reader = Reader(expression.partition("(")[2] or expression)
    return None if reader.at("*") else reader.identifier()


def method_of(expression: str) -> str:
    return expression.partition("(")[0]


def target_of(expression: str) -> str:
    """What stands between the parentheses, without an analyzer."""
    inner = expression.partition("(")[2].removesuffix(")")
    return inner.partition(", ANALYZER =>")[0]


def refuse_unknown(expression: str) -> None:
    raise compilation(2, "22023", f"Search optimization has no expression {expression} on this table.")
