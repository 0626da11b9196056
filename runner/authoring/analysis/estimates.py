"""How long it takes and what it costs, with what that is based on: never a figure without its basis."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil

from runner.authoring.analysis.subject import Subject
from runner.catalog.estate import Found
from runner.project.migration import Strategy

SIZES = ("X-Small", "Small", "Medium", "Large", "X-Large", "2X-Large", "3X-Large", "4X-Large", "5X-Large", "6X-Large")
"""Each takes twice the credits of the one before it, from 1 an hour on (docs: user-guide/warehouses-overview)."""

_COPIED, _READ = 30_000_000, 120_000_000
_ROWS = 400_000
_STATEMENT = 0.5
_SHORTEST = 60
"""A warehouse that was started is billed for so many seconds at least (docs: user-guide/warehouses-considerations)."""


@dataclass(frozen=True, slots=True)
class Rate:
    """Rows a second that one node copies, and where that is from."""

    rows: float
    basis: str
    measured: bool


ASSUMED = Rate(
    _ROWS,
    f"assumed, not measured: one X-Small copies {_COPIED // 1_000_000} MB or {_ROWS:,} rows of a table in a second, "
    f"whichever is slower, and reads {_READ // 1_000_000} MB to compare them; each size is twice as fast",
    False,
)


def measured(rows: int, milliseconds: int, statements: int, where: str) -> Rate:
    """What statements that copied rows took before."""
    words = "statement" if statements == 1 else "statements"
    basis = f"measured: {statements} {words} of {where} copied {rows:,} rows in {milliseconds / 1000:.1f} s"
    return Rate(rows * 1000 / max(1, milliseconds), basis, True)


@dataclass(frozen=True, slots=True)
class TableEstimate:
    table: str
    strategy: str
    rows: int | None
    bytes: int | None
    statements: int
    seconds: float | None


@dataclass(frozen=True, slots=True)
class Estimate:
    """For one warehouse size, one table after the other. What is not known is counted, not guessed."""

    rows: int
    bytes: int
    unknown: int
    seconds: float
    credits: float
    warehouse: str
    basis: tuple[str, ...]
    tables: tuple[TableEstimate, ...]


def estimate(subject: Subject, rate: Rate = ASSUMED, warehouse: str = "X-Small") -> Estimate:
    nodes = 2 ** SIZES.index(warehouse)
    tables = tuple(_table(subject, found, rate, nodes) for found in subject.travels)
    known = [table for table in tables if table.seconds is not None]
    structure = _STATEMENT * len(subject.objects)
    seconds = sum(table.seconds or 0.0 for table in known)
    billed = max(float(_SHORTEST), seconds) if tables else 0.0
    return Estimate(
        rows=sum(table.rows or 0 for table in known),
        bytes=sum(table.bytes or 0 for table in known),
        unknown=len(tables) - len(known),
        seconds=round(seconds + structure, 1),
        credits=round(billed / 3600 * nodes, 3),
        warehouse=warehouse,
        basis=tuple(_basis(rate, warehouse, len(tables) - len(known), subject)),
        tables=tables,
    )


def _table(subject: Subject, found: Found, rate: Rate, nodes: int) -> TableEstimate:
    data, statements = subject.data(found), batches(subject, found)
    seconds = None
    if found.rows is not None:
        seconds = round(copying(found, rate) / nodes + _STATEMENT * (statements + 2), 1)
    return TableEstimate(found.address.short, data.strategy.value, found.rows, found.bytes, statements, seconds)


def copying(found: Found, rate: Rate = ASSUMED) -> float:
    """Seconds on one node: written once, and read on both sides to be compared."""
    size = found.bytes or 0
    written = (found.rows or 0) / rate.rows
    return (written if rate.measured else max(written, size / _COPIED)) + 2 * size / _READ


def batches(subject: Subject, found: Found) -> int:
    """How many statements bring a table's rows."""
    data = subject.data(found)
    if data.strategy is not Strategy.BATCHES:
        return 1
    if found.address in subject.batches:
        return subject.batches[found.address]
    if data.parts:
        return data.parts + 1
    return max(1, ceil((found.rows or 0) / data.size)) + 1 if data.size else 1


def _basis(rate: Rate, warehouse: str, unknown: int, subject: Subject) -> Iterator[str]:
    yield "rows and bytes: as Snowflake told them when the plan was made"
    yield rate.basis
    cost = 2 ** SIZES.index(warehouse)
    yield f"credits: {warehouse} takes {cost} an hour, by the second, {_SHORTEST} at least; storage is not in it"
    yield f"{_STATEMENT} s for each statement that moves no rows; making an object takes no warehouse"
    if unknown:
        yield f"{_tables(unknown)} of unknown size {'is' if unknown == 1 else 'are'} not in it"
    cut = [found for found in subject.of(Strategy.BATCHES) if found.address not in subject.batches]
    spans = [found for found in cut if subject.data(found).every]
    if spans:
        yield f"how many batches a span of dates gives is not known before the run: {_tables(len(spans))}"
    if subject.of(Strategy.INCREMENTAL, Strategy.STREAM):
        yield "tables that are kept up to date: for their first load; later runs move what changed"


def _tables(number: int) -> str:
    return f"{number} table{'' if number == 1 else 's'}"


def fitting(seconds_on_one: float, within: float, sizes: Sequence[str] = SIZES) -> str:
    """The smallest warehouse that needs no longer than `within`; the largest when none does."""
    return next((size for step, size in enumerate(sizes) if seconds_on_one / 2**step <= within), sizes[-1])
