"""Results as text for a terminal, or as JSON for a program. JSON goes to standard output whole, or not at all."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import Enum
from typing import Any

import click


def as_json(value: object) -> None:
    click.echo(json.dumps(plain(value), indent=2, ensure_ascii=False))


def plain(value: object) -> Any:
    """A tree of frozen values as JSON's own types; properties are not part of it."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        shown = (f for f in dataclasses.fields(value) if f.repr)
        return {f.name: plain(getattr(value, f.name)) for f in shown}
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, str | int | float | bool) or value is None:
        return value
    return [plain(item) for item in value] if isinstance(value, Iterable) else str(value)


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
