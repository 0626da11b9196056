"""What stands before the name of a thing that is made: OR REPLACE, OR ALTER, TRANSIENT, IF NOT EXISTS …"""

from __future__ import annotations

from runner.sandbox.classes import dataclass
from runner.sandbox.errors import compilation
from runner.sandbox.tokens import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    or_replace: bool = False
    or_alter: bool = False
    if_not_exists: bool = False
    words: frozenset[str] = frozenset()

    @property
    def temporary(self) -> bool:
        return bool(self.words & {"TEMPORARY", "TEMP", "VOLATILE"})

    @property
    def transient(self) -> bool:
        return "TRANSIENT" in self.words

    @property
    def secure(self) -> bool:
        return "SECURE" in self.words


def read_header(reader: Reader, kind: str, *, allowed: tuple[str, ...] = (), or_alter: bool = False) -> Header:
    """CREATE … up to the kind word and IF NOT EXISTS; a word that is not `allowed` before the kind is unexpected."""
    reader.expect("CREATE")
    replaces = reader.accept("OR", "REPLACE")
    alters = not replaces and or_alter and reader.accept("OR", "ALTER")
    words: set[str] = set()
    while word := reader.accept_any(*allowed):
        words.add(word)
    reader.expect(*kind.split())
    unless = reader.accept("IF", "NOT", "EXISTS")
    if replaces and unless:
        raise compilation(1003, "42601", "options IF NOT EXISTS and OR REPLACE are incompatible.")
    return Header(or_replace=replaces, or_alter=alters, if_not_exists=unless, words=frozenset(words))
