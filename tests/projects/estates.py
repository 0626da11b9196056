"""Estates made for planning: accounts as teams make them by hand, and what must be found in them.

A folder holds the SQL of each account (``imcust/*.sql``, ``imsdlc/*.sql``, in the order of their names), the settings
of a project over it (``config/``), and what a reader of that SQL knows: ``objects.txt``, every object of the source
database, and ``edges.txt``, who needs whom: ``needer -> needed``, with ``?`` where only text suggests it and ``!``
where only a past call shows it; ``~`` may be found or not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runner.sandbox.splitting import statements

HERE = Path(__file__).parent
ACCOUNTS = ("imcust", "imsdlc")
MARKS = {"": "certain", "?": "asked", "!": "observed", "~": "possible"}


@dataclass(frozen=True)
class Made:
    """One estate: its folder, and the databases of its source and its target."""

    name: str
    source: str
    target: str
    empty: frozenset[str] = frozenset()
    """Tables without rows, and views that cannot be read: they are meant to be so."""

    @property
    def folder(self) -> Path:
        return HERE / self.name

    def statements(self, account: str) -> Iterator[tuple[str, str]]:
        """File and statement, in order."""
        for file in sorted((self.folder / account).glob("*.sql")):
            for statement in statements(file.read_text("utf-8")):
                yield file.name, statement

    def build(self, connect: Callable[[str], Any]) -> None:
        """Make it in both accounts, by an administrator."""
        for account in ACCOUNTS:
            cursor = connect(account).cursor()
            for file, statement in self.statements(account):
                try:
                    cursor.execute(statement)
                except Exception as error:
                    raise AssertionError(f"{account}/{file}: {error}\n{statement[:300]}") from error

    def objects(self) -> frozenset[str]:
        return frozenset(_lines(self.folder / "objects.txt"))

    def edges(self) -> dict[tuple[str, str], str]:
        """Needer and needed → how it is known."""
        return dict(_edge(line) for line in _lines(self.folder / "edges.txt"))


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")]


def _edge(line: str) -> tuple[tuple[str, str], str]:
    needer, _, rest = line.partition(" -> ")
    needed, mark = (rest[:-2], rest[-1]) if rest.endswith((" ?", " !", " ~")) else (rest, "")
    return (needer, needed), MARKS[mark]


LARGE = Made("large", "PROD_ENERGY", "DEV_ENERGY")
TRAPS = Made(
    "traps",
    "PROD_DB",
    "PROD_DB_DEV",
    frozenset(
        {
            "PROD_DB.MART.NOTHING_IN_IT",
            "PROD_DB.BROKEN.V_OF_NOTHING",
            "PROD_DB.BROKEN.V_ON_IT",
            "PROD_DB.BROKEN.V_HIDDEN",
            "PROD_DB.BROKEN.V_STAR_OF_LESS",
            "PROD_DB.BROKEN.V_MISSING_DATABASE",
        }
    ),
)
ESTATES = (LARGE, TRAPS)
