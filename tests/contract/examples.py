"""Reads the files of documented examples and compares values with what they say (`documented/README.md`)."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from pathlib import Path

FILES = Path(__file__).parent / "documented"
_MARKS = {"--#": "columns", "-->": "rows", "--~": "rows", "--!": "error", "--?": "refused", "--d": "differs"}
Row = tuple[str, ...]


@dataclass
class Example:
    """One statement and what is said of it."""

    text: str
    line: int
    columns: Row | None = None
    rows: list[Row] | None = None
    ordered: bool = True
    error: int | None = None
    refused: tuple[int, str] | None = None
    differs: list[Row] | None = None


@dataclass
class Page:
    """The examples of one page; they share a schema and run in their order."""

    url: str
    file: str
    examples: list[Example] = field(default_factory=list)

    @property
    def name(self) -> str:
        return f"{self.file}:{self.url.rsplit('/', 1)[-1]}"


def pages() -> list[Page]:
    return [page for path in sorted(FILES.glob("*.sql")) for page in _pages(path)]


def _pages(path: Path) -> list[Page]:
    found: list[Page] = []
    text: list[str] = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if line.startswith("-- page: "):
            found.append(Page(line[9:].strip(), path.stem))
        elif line[:3] in _MARKS and not text:
            _say(found[-1].examples[-1], line[:3], line[3:].strip())
        elif line.strip() or text:
            text.append(line)
            if line.rstrip().endswith(";") and "\n".join(text).count("$$") % 2 == 0:
                found[-1].examples.append(Example("\n".join(text).strip().removesuffix(";"), number))
                text = []
    assert not text, f"{path.name}: a statement without its end: {text[0]}"
    return found


def _say(example: Example, mark: str, said: str) -> None:
    if mark == "--#":
        example.columns = tuple(_unquoted(cell) for cell in cells(said))
    elif mark == "--!":
        example.error = int(said.split()[0])
    elif mark == "--?":
        number, _, words = said.partition(" ")
        example.refused = (int(number), words)
    else:
        example.ordered = example.ordered and mark != "--~"
        rows = (example.differs if mark == "--d" else example.rows) or []
        rows += [] if said == "-" else [cells(said)]
        setattr(example, "differs" if mark == "--d" else "rows", rows)


def cells(said: str) -> Row:
    """The values of a line, between bars."""
    return tuple(cell.strip() for cell in re.findall(r"(\s*'(?:[^']|'')*'\s*|[^|]+)(?:\||$)", said))


def same_rows(wanted: list[Row], given: Sequence[Sequence[object]], *, ordered: bool) -> bool:
    if len(wanted) != len(given):
        return False
    if ordered:
        return all(_same_row(row, values) for row, values in zip(wanted, given, strict=True))
    left = list(given)
    for row in wanted:
        match = next((at for at, values in enumerate(left) if _same_row(row, values)), None)
        if match is None:
            return False
        left.pop(match)
    return True


def _same_row(row: Row, values: Sequence[object]) -> bool:
    return len(row) == len(values) and all(same(said, value) for said, value in zip(row, values, strict=True))


def same(said: str, value: object) -> bool:
    """Whether a value is what the file says."""
    if value is None or said == "NULL":
        return value is None and said == "NULL"
    if isinstance(value, bool):
        return said.upper() == str(value).upper()
    if isinstance(value, int | float | Decimal):
        return _same_number(said, value)
    said = _unquoted(said)
    shown = shown_value(value)
    return said == shown or (said[:1] in "[{" and _json(said) is not None and _json(said) == _json(shown))


def _unquoted(said: str) -> str:
    return said[1:-1].replace("''", "'") if len(said) > 1 and said[0] == said[-1] == "'" else said


def _same_number(said: str, value: int | float | Decimal) -> bool:
    try:
        wanted = Decimal(said)
    except InvalidOperation:
        return said == str(value)
    if isinstance(value, float):
        return math.isclose(float(wanted), value, rel_tol=1e-8, abs_tol=1e-12) or str(value) == said.lower()
    return wanted == Decimal(value)


def shown_value(value: object) -> str:
    """A value as the file writes it."""
    if isinstance(value, datetime):
        text = value.strftime("%Y-%m-%d %H:%M:%S.%f")[:-3]
        return f"{text} {value.strftime('%z')}" if value.tzinfo else text
    if isinstance(value, time):
        return value.strftime("%H:%M:%S.%f" if value.microsecond else "%H:%M:%S")
    if isinstance(value, bytes | bytearray):
        return bytes(value).hex().upper()
    return value.isoformat() if isinstance(value, date) else str(value).strip("\n")


def _json(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return None
