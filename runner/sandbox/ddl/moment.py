"""AT | BEFORE (TIMESTAMP | OFFSET | STATEMENT | STREAM => …): a past moment (sql-reference/constructs/at-before)."""

from __future__ import annotations

from runner.sandbox.classes import dataclass
from runner.sandbox.ddl.expressions import read_expression
from runner.sandbox.tokens import Reader


@dataclass(frozen=True, slots=True)
class Moment:
    """`kind` is TIMESTAMP, OFFSET, STATEMENT or STREAM; `expression` the source of its value."""

    before: bool
    kind: str
    expression: str


def read_moment(reader: Reader) -> Moment | None:
    """The clause if it is here."""
    word = reader.accept_any("AT", "BEFORE")
    if not word:
        return None
    reader.expect("(")
    kind = reader.accept_any("TIMESTAMP", "OFFSET", "STATEMENT", "STREAM")
    if not kind:
        raise reader.unexpected()
    reader.expect("=>")
    expression = read_expression(reader, ())
    reader.expect(")")
    return Moment(word == "BEFORE", kind, expression)
