"""What statements about roles, users, warehouses, policies and shares share: heads and `KEY = value` tails."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from runner.sandbox.classes import dataclass
from runner.sandbox.errors import SnowflakeError, compilation, unsupported
from runner.sandbox.tokens import Kind, Reader

Value = Callable[[Reader], object]
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Create:
    replace: bool
    unless_exists: bool


def create(reader: Reader, *kind: str) -> Create:
    """`CREATE [OR REPLACE] <kind> [IF NOT EXISTS]`; both options at once are refused, as Snowflake does."""
    reader.expect("CREATE")
    replace = reader.accept("OR", "REPLACE")
    reader.expect(*kind)
    unless = reader.accept("IF", "NOT", "EXISTS")
    if replace and unless:
        raise compilation(1003, "42601", "options IF NOT EXISTS and OR REPLACE are incompatible.")
    return Create(replace, unless)


def alter(reader: Reader, verb: str, *kind: str) -> bool:
    """`ALTER|DROP <kind> [IF EXISTS]`; whether IF EXISTS stands there."""
    reader.expect(verb, *kind)
    return reader.accept("IF", "EXISTS")


def properties(
    reader: Reader, kind: str, known: Mapping[str, Value], fixed: Mapping[str, tuple[str, ...]] | None = None
) -> dict[str, object]:
    """`KEY = value …` to the end, each key once. `fixed` keys are taken only with a value that the sandbox has."""
    found: dict[str, object] = {}
    while not reader.at_end() and not reader.at(";"):
        key = reader.peek().word
        refuse_policy(reader)
        if key in found or reader.peek(1).word != "=":
            raise reader.unexpected()
        if key in (fixed or {}):
            reader.expect(key, "=")
            found[key] = _fixed(reader, kind, key, (fixed or {})[key])
        elif key in known:
            reader.expect(key, "=")
            found[key] = known[key](reader)
        else:
            raise invalid_property(key, kind)
        reader.accept(",")
    reader.end()
    return found


def refuse_policy(reader: Reader) -> None:
    """Policies of logins and sessions on accounts and users are known by name only."""
    if reader.peek(1).word == "POLICY" and reader.peek().word in _POLICIES:
        raise unsupported(f"{reader.peek().word} POLICY")


_POLICIES = ("AUTHENTICATION", "FEATURE", "PACKAGES", "PASSWORD", "SESSION")


def settings(
    reader: Reader, kind: str, known: Mapping[str, Value], fixed: Mapping[str, tuple[str, ...]] | None = None
) -> dict[str, object]:
    """What follows SET: at least one property."""
    if reader.at_end() or reader.at(";"):
        raise reader.unexpected()
    return properties(reader, kind, known, fixed)


def _fixed(reader: Reader, kind: str, key: str, allowed: tuple[str, ...]) -> str:
    token = reader.next()
    if token.text.upper() not in allowed:
        raise unsupported(f"{key} = {token.text} of {kind}")
    return token.text.upper()


def names(reader: Reader, kind: str, known: Mapping[str, object]) -> tuple[str, ...]:
    """The keys after UNSET, to the end."""
    found = []
    while True:
        refuse_policy(reader)
        key = reader.peek().word
        if key not in known:
            raise invalid_property(key or reader.peek().text, kind)
        reader.expect(key)
        found.append(key)
        if not reader.accept(","):
            break
    reader.end()
    return tuple(found)


def invalid_property(name: str, kind: str) -> SnowflakeError:
    return compilation(1420, "22023", f"invalid property '{name}' for '{kind}'")


def invalid_value(value: object, name: str) -> SnowflakeError:
    return compilation(1008, "22023", f"invalid value '[{value}]' for property '{name}'")


def text(reader: Reader) -> str | None:
    """A string literal; NULL is none."""
    return None if reader.accept("NULL") else reader.string()


def name(reader: Reader) -> str | None:
    """An identifier, bare or quoted, or a string literal that holds one; NULL or an empty string is none."""
    if reader.accept("NULL"):
        return None
    if reader.peek().kind is not Kind.STRING:
        return reader.identifier()
    written = reader.string()
    return name_in(written) if written else None


def name_in(written: str) -> str:
    """The identifier in a string, as Snowflake stores it."""
    inner = Reader(written)
    found = inner.identifier()
    inner.end()
    return found


def dotted(reader: Reader) -> str | None:
    """A name of several parts, as it stands in a string or bare."""
    if reader.accept("NULL"):
        return None
    written = Reader(reader.string()) if reader.peek().kind is Kind.STRING else reader
    return ".".join(written.name())


def flag(reader: Reader) -> bool:
    """TRUE or FALSE, bare or in quotes."""
    if reader.peek().kind is Kind.STRING and reader.peek().text.upper() in ("TRUE", "FALSE"):
        return reader.string().upper() == "TRUE"
    return reader.boolean()


def number(reader: Reader) -> int | None:
    return None if reader.accept("NULL") else reader.number()


def strings(reader: Reader) -> list[str]:
    """`('a', 'b')`, or empty parentheses."""
    reader.expect("(")
    found: list[str] = []
    while not reader.at(")"):
        found.append(reader.string())
        if not reader.accept(","):
            break
    reader.expect(")")
    return found


def comment(given: Mapping[str, object]) -> str | None:
    """COMMENT of the properties that were read."""
    value = given.get("COMMENT")
    return value if isinstance(value, str) else None


def listed(reader: Reader, item: Callable[[Reader], T]) -> tuple[T, ...]:
    """One or more items with commas between."""
    found = [item(reader)]
    while reader.accept(","):
        found.append(item(reader))
    return tuple(found)
