"""Estates made for planning: accounts as teams make them by hand, and what must be found in them.

A folder holds the SQL of each account (``imcust/*.sql``, ``imsdlc/*.sql``, in the order of their names), the settings
of a project over it (``config/``), the routines to be called (``calls.txt``), and what a reader of that SQL knows:
``objects.txt``, every object of the source database, and ``edges.txt``, who needs whom: ``needer -> needed``, with
``?`` where only text suggests it and ``!`` where only a past call shows it; ``~`` may be found or not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from runner.sandbox.seed import statements as seeded
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
    other: frozenset[str] = frozenset()
    """Views that must give other rows in another account."""
    seed: str = ""
    """The estate of the sandbox that it is, if its SQL is not here."""

    @property
    def folder(self) -> Path:
        return HERE / self.name

    def statements(self, account: str) -> Iterator[tuple[str, str]]:
        """File and statement, in order."""
        if self.seed:
            yield from ((self.seed, statement) for statement in seeded(account, 10_000, self.seed))
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

    def closure(self) -> frozenset[str]:
        """What a plan must take: everything that is not meant to be broken, unless a file says it."""
        file = self.folder / "closure.txt"
        return (
            frozenset(_lines(file)) if file.is_file() else frozenset(n for n in self.objects() if ".BROKEN." not in n)
        )

    def calls(self) -> list[str]:
        return _lines(self.folder / "calls.txt")

    def edges(self) -> dict[tuple[str, str], str]:
        """Needer and needed → how it is known."""
        return dict(_edge(line) for line in _lines(self.folder / "edges.txt"))


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")]


def _edge(line: str) -> tuple[tuple[str, str], str]:
    needer, _, rest = line.partition(" -> ")
    needed, mark = (rest[:-2], rest[-1]) if rest.endswith((" ?", " !", " ~")) else (rest, "")
    return (needer, needed), MARKS[mark]


SEEDED = Made(
    "seeded",
    "PROD_DB",
    "DEV_DB",
    frozenset(
        {
            'PROD_DB.MART_INVESTMENTS_BOLT."dim_stocks"',
            "PROD_DB.MART_INVESTMENTS_BOLT.DIM_STOCKS_BACKUP_20240101",
            "PROD_DB.SRC_INVESTMENTS_BOLT.BROKER_FEES_RAW",
        }
    ),
    seed="investments",
)
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
    frozenset({"PROD_DB.MART.V_WHO", "PROD_DB.MART.V_TEXTS"}),
)
ESTATES = (SEEDED, LARGE, TRAPS)
