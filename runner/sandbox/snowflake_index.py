"""What Snowflake's reference lists, commands and functions by family, so that what is lacking can be told by name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

_HERE = Path(__file__).parent / "index"
Families = dict[str, tuple[str, ...]]


def _lines(name: str) -> Iterator[tuple[str, str]]:
    """Every line of names with the family it belongs to."""
    family = ""
    for line in (_HERE / name).read_text(encoding="utf-8").splitlines():
        if line.startswith("="):
            family = line[1:].strip()
        elif line and not line.startswith("#"):
            yield family, line


def _gathered(pairs: Iterator[tuple[str, str]]) -> Families:
    found: dict[str, list[str]] = {}
    for family, name in pairs:
        found.setdefault(family, []).append(name)
    return {family: tuple(sorted(set(names))) for family, names in found.items()}


def _commands() -> Iterator[tuple[str, str]]:
    for family, line in _lines("commands.txt"):
        verb, _, kinds = line.partition(":")
        for kind in kinds.split(","):
            yield family, f"{verb} {kind.strip()}".strip()


COMMANDS: Families = _gathered(_commands())
"""Commands, without what follows their leading words (sql-reference/sql-all)."""
FUNCTIONS: Families = _gathered((family, name) for family, line in _lines("functions.txt") for name in line.split())
"""Functions; a family's name is followed by its page (sql-reference/functions-all)."""
