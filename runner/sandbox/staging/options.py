"""`KEY = value` options of stages, file formats and COPY: read, checked by kind, with Snowflake's defaults."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from runner.sandbox.catalog.files import Options
from runner.sandbox.classes import dataclass
from runner.sandbox.errors import SnowflakeError, compilation
from runner.sandbox.tokens import Kind, Reader

Value = str | list[str]
Check = Callable[[str, Value], Value]


@dataclass(frozen=True, slots=True)
class Option:
    """What an option takes, and the value that it has where none is given. `type` is what DESCRIBE calls it."""

    check: Check
    default: Value
    type: str = "String"


def invalid_value(name: str, value: Value) -> SnowflakeError:
    shown = ", ".join(value) if isinstance(value, list) else value
    return compilation(1008, "22023", f"invalid value [{shown[:100]}] for parameter '{name}'")


def boolean(name: str, value: Value) -> Value:
    if isinstance(value, str) and value.upper() in ("TRUE", "FALSE"):
        return value.upper()
    raise invalid_value(name, value)


def whole(name: str, value: Value) -> Value:
    if isinstance(value, str) and value.isdigit():
        return value
    raise invalid_value(name, value)


def text(name: str, value: Value) -> Value:
    if isinstance(value, str):
        return value
    raise invalid_value(name, value)


def texts(_: str, value: Value) -> Value:
    """A list; a single text stands for a list of one."""
    return [value] if isinstance(value, str) else value


def one_of(*words: str) -> Check:
    def check(name: str, value: Value) -> Value:
        if isinstance(value, str) and value.upper() in words:
            return value.upper()
        raise invalid_value(name, value)

    return check


def character(name: str, value: Value) -> Value:
    """One character, or NONE."""
    if isinstance(value, str) and (len(value) <= 1 or value.upper() == "NONE"):
        return "NONE" if value == "" else value
    raise invalid_value(name, value)


def read_value(reader: Reader) -> Value:
    """One value: a word, a text, a number, or a list of them in parentheses."""
    if not reader.accept("("):
        return _scalar(reader)
    found: list[str] = []
    while not reader.accept(")"):
        found.append(_scalar(reader))
        reader.accept(",")
    return found


def _scalar(reader: Reader) -> str:
    sign = "-" if reader.accept("-") else ""
    token = reader.peek()
    if token.kind is Kind.WORD and not sign:
        return _dotted(reader)
    if token.kind in (Kind.STRING, Kind.NUMBER):
        return sign + reader.next().text
    if token.kind is Kind.QUOTED:
        return _dotted(reader)
    raise reader.unexpected()


def _dotted(reader: Reader) -> str:
    """A word, or a name of several parts as it was written."""
    start = reader.next()
    while reader.accept("."):
        reader.identifier()
    return reader.source[start.start : reader.tokens[reader.index - 1].end]


def read_options(reader: Reader, known: Mapping[str, Option], what: str) -> Options:
    """Options in parentheses."""
    reader.expect("(")
    found: Options = {}
    while not reader.accept(")"):
        read_option(reader, known, what, found)
        reader.accept(",")
    return found


def read_option(reader: Reader, known: Mapping[str, Option], what: str, found: Options) -> None:
    """The one option here, put among those found; one that is not known or comes twice is refused."""
    name = reader.peek().word
    if not name.replace("_", "").isalnum():
        raise reader.unexpected()
    if name not in known:
        raise compilation(1006, "22023", f"invalid parameter '{name}' for {what}")
    if name in found:
        raise compilation(1007, "22023", f"duplicate parameter '{name}'")
    reader.expect(name, "=")
    found[name] = known[name].check(name, read_value(reader))


def filled(known: Mapping[str, Option], given: Options) -> Options:
    """The options with the defaults of those that were not given."""
    return {name: given.get(name, option.default) for name, option in known.items()}


def is_true(options: Options, name: str) -> bool:
    return options.get(name) == "TRUE"


def as_text(options: Options, name: str) -> str:
    """The value of an option that is one text."""
    value = options.get(name, "")
    return value if isinstance(value, str) else value[0] if value else ""


def as_list(options: Options, name: str) -> list[str]:
    value = options.get(name, [])
    return [value] if isinstance(value, str) else value
