"""CREATE SEQUENCE as a value (sql-reference/sql/create-sequence)."""

from __future__ import annotations

from runner.sandbox.classes import dataclass
from runner.sandbox.ddl.header import Header
from runner.sandbox.errors import compilation
from runner.sandbox.tokens import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateSequence:
    header: Header
    name: tuple[str, ...]
    start: int = 1
    increment: int = 1
    order: bool = False
    comment: str | None = None


def read_create_sequence(reader: Reader, header: Header) -> CreateSequence:
    """What follows the word SEQUENCE and IF NOT EXISTS."""
    name = reader.name()
    reader.accept("WITH")
    start, increment, order, comment = 1, 1, False, None
    while word := reader.accept_any("START", "INCREMENT", "ORDER", "NOORDER", "COMMENT"):
        match word:
            case "START":
                start = read_setting(reader, "WITH")
            case "INCREMENT":
                increment = read_increment(reader)
            case "COMMENT":
                reader.accept("=")
                comment = reader.string()
            case _:
                order = word == "ORDER"
    reader.end()
    return CreateSequence(header=header, name=name, start=start, increment=increment, order=order, comment=comment)


def read_increment(reader: Reader) -> int:
    """The number after INCREMENT [BY] [=]."""
    step = read_setting(reader, "BY")
    if step == 0:
        raise compilation(1422, "22023", "Sequence increment must be non-zero.")
    return step


def read_setting(reader: Reader, word: str) -> int:
    reader.accept(word)
    reader.accept("=")
    return reader.number()
