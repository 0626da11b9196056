"""Results as text for a terminal, or as JSON for a program. JSON goes to standard output whole, or not at all."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

import click

from runner.reports.values import plain


def as_json(value: object) -> None:
    click.echo(json.dumps(plain(value), indent=2, ensure_ascii=False))


def table(columns: Sequence[str], rows: Sequence[Sequence[object]], title: str = "") -> None:
    """A table as wide as it needs to be; colours only where a terminal shows them."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    drawn = Table(title=title or None, title_justify="left", header_style="bold", box=None, pad_edge=False)
    for column in columns:
        drawn.add_column(column, overflow="fold")
    for row in rows:
        drawn.add_row(*(Text(_cell(value), style=_STYLES.get(_cell(value), "")) for value in row))
    console = Console(highlight=False, soft_wrap=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=max(200, console.width))
    console.print(drawn)


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
