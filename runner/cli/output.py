"""Results as text for a terminal, or as JSON for a program. JSON goes to standard output whole, or not at all."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import click

from runner.reports.values import plain

if TYPE_CHECKING:
    from rich.table import Table


def counted(number: int, what: str) -> str:
    """`1 row`, `2 rows`."""
    return f"{number:,} {what}{'' if number == 1 else 's'}"


def as_json(value: object) -> None:
    click.echo(json.dumps(plain(value), indent=2, ensure_ascii=False))


def table(columns: Sequence[str], rows: Sequence[Sequence[object]], title: str = "", spare: Sequence[str] = ()) -> None:
    """A table as wide as it needs to be; colours only where a terminal shows them.

    A narrow terminal gets it without the `spare` columns, the first of them first.
    """
    from rich.console import Console
    from rich.measure import Measurement

    console = Console(highlight=False, soft_wrap=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=max(200, console.width))
    left = list(columns)
    drawn = _drawn(columns, rows, title, left)
    wide = console.options.update(width=10_000)
    for name in spare if console.is_terminal else ():
        if Measurement.get(console, wide, drawn).maximum <= console.width:
            break
        left.remove(name)
        drawn = _drawn(columns, rows, title, left)
    console.print(drawn)


def _drawn(columns: Sequence[str], rows: Sequence[Sequence[object]], title: str, left: Sequence[str]) -> Table:
    from rich.table import Table
    from rich.text import Text

    drawn = Table(title=title or None, title_justify="left", header_style="bold", box=None, pad_edge=False)
    for column in left:
        drawn.add_column(column, overflow="fold")
    for row in rows:
        kept = (value for column, value in zip(columns, row, strict=True) if column in left)
        drawn.add_row(*(Text(_cell(value), style=_STYLES.get(_cell(value), "")) for value in kept))
    return drawn


_STYLES = {
    "Success": "green",
    "applied": "green",
    "ok": "green",
    "equal": "green",
    "Pending": "yellow",
    "Outdated": "yellow",
    "warning": "yellow",
    "Ignored": "yellow",
    "Failed": "red bold",
    "failed": "red bold",
    "Unfinished": "red bold",
    "Changed": "red bold",
    "Missing": "red",
    "differs": "red bold",
}


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case datetime():
            return value.strftime("%Y-%m-%d %H:%M:%S")
        case bool():
            return "yes" if value else "no"
        case _:
            return str(value)
