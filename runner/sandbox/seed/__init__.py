"""Estates for the sandbox: what somebody made by hand long ago, as SQL.

The same number of rows gives the same rows. Each estate is a folder with one file per account.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import resources
from typing import Protocol

SMALLEST = 10_000
LARGEST = 50_000_000
ACCOUNTS = ("imcust", "imsdlc")


def estates() -> tuple[str, ...]:
    """The estates there are."""
    return tuple(sorted(e.name for e in resources.files(__package__).iterdir() if (e / f"{ACCOUNTS[0]}.sql").is_file()))


def script(account: str, rows: int, estate: str = "investments") -> str:
    """The SQL that makes an estate in one account, with about `rows` rows in its largest table.

    Raises ValueError for an estate, account or number of rows that there is not.
    """
    if estate not in estates():
        raise ValueError(f"there is no estate '{estate}'; there are: {', '.join(estates())}")
    if account.lower() not in ACCOUNTS:
        raise ValueError(f"the estate '{estate}' has no account '{account}'; it has: {', '.join(ACCOUNTS)}")
    if not SMALLEST <= rows <= LARGEST:
        raise ValueError(f"rows must be from {SMALLEST:,} to {LARGEST:,}, not {rows:,}")
    text = (resources.files(__package__) / estate / f"{account.lower()}.sql").read_text("utf-8")
    return _filled(text, rows)


def _filled(text: str, rows: int) -> str:
    """`{rows}` and what follows from it: days of positions for 100 portfolios with 20 holdings each."""
    sizes = {
        "{rows}": rows,
        "{positions}": max(2_000, rows // 2 // 2_000 * 2_000),
        "{days}": max(1, rows // 2 // 2_000),
    }
    for name, value in sizes.items():
        text = text.replace(name, str(value))
    return text


def statements(account: str, rows: int, estate: str = "investments") -> Sequence[str]:
    """The estate's statements, one by one; the file parts them with a line of `---`."""
    return [piece.strip() for piece in script(account, rows, estate).split("\n---\n") if piece.strip()]


class Cursor(Protocol):
    """What a connection of any driver gives."""

    def execute(self, statement: str, /) -> object: ...


class Connection(Protocol):
    def cursor(self) -> Cursor: ...

    def close(self) -> object: ...


def seed(connect: Callable[[str], Connection], rows: int, estate: str = "investments") -> None:
    """Make the estate in every account, through connections of an administrator."""
    for account in ACCOUNTS:
        pieces = statements(account, rows, estate)
        connection = connect(account)
        try:
            for statement in pieces:
                connection.cursor().execute(statement)
        finally:
            connection.close()
