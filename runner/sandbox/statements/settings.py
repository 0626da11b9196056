"""Values of parameters, as ALTER ACCOUNT, ALTER USER and CREATE USER set them."""

from __future__ import annotations

from runner.sandbox import parameters
from runner.sandbox.errors import unsupported
from runner.sandbox.law import clauses
from runner.sandbox.statements.session import checked_parameter
from runner.sandbox.tokens import Reader


def reading(name: str) -> clauses.Value:
    """How to read and check a value of the parameter."""

    def read(reader: Reader) -> str:
        sign = "-" if reader.accept("-") else ""
        if reader.at_end():
            raise reader.unexpected()
        return checked(name, sign + reader.next().text)

    return read


def checked(name: str, value: str) -> str:
    """The value as it is kept: what a session can hold is judged as ALTER SESSION judges it."""
    if name == "MULTI_STATEMENT_COUNT" and value != "1":
        raise unsupported(f"parameter {name} = {value} other than in a session")
    if name in parameters.SESSION and name not in parameters.OBJECT:
        return checked_parameter(name, value)
    return parameters.checked(name, value)
