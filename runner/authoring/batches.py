"""Batches of a table: conditions that take every row exactly once, NULLs and the tail included. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise

from runner.catalog.estate import Found
from runner.core.errors import InvalidFile, NotMovable
from runner.core.names import Identifier
from runner.project.migration import Data

MOST = 10_000
_ROWS = 1_000_000
_HASH = re.compile(r"hash\s*\((.*)\)\s*\Z", re.IGNORECASE | re.DOTALL)
_DATES = ("DATE", "TIMESTAMP")
_NUMBERS = ("NUMBER", "FLOAT")


@dataclass(frozen=True, slots=True)
class Extent:
    """The least and the greatest value of a column when it was looked at; None when it held none."""

    least: str | None
    greatest: str | None


def decided(data: Data, found: Found) -> Data:
    """Where the file does not say by what to cut: by a key of one number, else by a hash of the key or of the row."""
    primary = next((key.columns for key in found.keys if key.kind == "PRIMARY"), ())
    types = {column.name: column.type for column in found.columns}
    if len(primary) == 1 and data.size and types.get(primary[0], "").startswith(_NUMBERS):
        return replace(data, by=Identifier(primary[0]).sql)
    columns = ", ".join(Identifier(name).sql for name in primary or types)
    parts = data.parts or max(2, -(-(found.rows or 0) // (data.size or _ROWS)))
    return replace(data, by=f"hash({columns})", parts=parts, size=0)


def cut_column(data: Data, found: Found, path: str) -> str:
    """The column that cuts the table, as stored; empty when a hash does. InvalidFile for one that is not there."""
    if _HASH.match(data.by) or data.parts:
        return ""
    name = Identifier.parse(data.by).stored
    column = next((each for each in found.columns if each.name == name), None)
    if column is None:
        raise InvalidFile(path, f"{found.address.short} has no column {data.by} to cut it by.", data.line)
    wanted = _DATES if data.every else _NUMBERS
    if not column.type.startswith(wanted):
        kind = "dates" if data.every else "numbers"
        raise InvalidFile(path, f"{found.address.short}.{data.by} is {column.type}, which holds no {kind}.", data.line)
    return name


def conditions(data: Data, bounds: tuple[str, ...]) -> tuple[str, ...]:
    """The WHERE of each batch. ``bounds`` are literals in rising order; what lies outside of them has its batch too."""
    hashed = _HASH.match(data.by)
    if hashed or data.parts:
        columns = hashed[1].split(",") if hashed else [data.by]
        listed = ", ".join(Identifier.parse(column.strip()).sql for column in columns)
        return tuple(f"MOD(ABS(HASH({listed})), {data.parts}) = {number}" for number in range(data.parts))
    name = Identifier.parse(data.by).sql
    return (*_ranges(name, bounds), f"{name} IS NULL")


def _ranges(name: str, bounds: tuple[str, ...]) -> Iterator[str]:
    if not bounds:
        yield f"{name} IS NOT NULL"
        return
    yield f"{name} < {bounds[0]}"
    for low, high in pairwise(bounds):
        yield f"{name} >= {low} AND {name} < {high}"
    yield f"{name} >= {bounds[-1]}"


def bounds_of(data: Data, found: Found, extent: Extent) -> tuple[str, ...]:
    """Where the batches begin, as literals; none for an empty table. Raises NotMovable for more than can be kept."""
    if extent.least is None or extent.greatest is None:
        return ()
    if data.every:
        least, greatest = date.fromisoformat(extent.least[:10]), date.fromisoformat(extent.greatest[:10])
        found_bounds = [f"'{each.isoformat()}'::{_type(data, found)}" for each in _days(least, greatest, data.every)]
    else:
        least_n, greatest_n = int(float(extent.least) // 1), int(float(extent.greatest) // 1)
        count = (greatest_n - least_n) // data.size + 1
        _refuse_many(found, count)
        found_bounds = [str(least_n + data.size * number) for number in range(count)]
    _refuse_many(found, len(found_bounds))
    return tuple(found_bounds)


def _refuse_many(found: Found, count: int) -> None:
    if count > MOST:
        raise NotMovable((f"{found.address}: it would be cut into {count:,} batches, {MOST:,} are the most",))


def _type(data: Data, found: Found) -> str:
    name = Identifier.parse(data.by).stored
    column = next(each for each in found.columns if each.name == name)
    return column.type.split("(")[0]


def _days(least: date, greatest: date, every: str) -> Iterator[date]:
    day = _start(least, every)
    while day <= greatest:
        yield day
        day = _next(day, every)


def _start(day: date, every: str) -> date:
    match every:
        case "day":
            return day
        case "week":
            return day - timedelta(days=day.weekday())
        case "month":
            return day.replace(day=1)
        case "quarter":
            return day.replace(month=(day.month - 1) // 3 * 3 + 1, day=1)
        case _:
            return day.replace(month=1, day=1)


def _next(day: date, every: str) -> date:
    match every:
        case "day":
            return day + timedelta(days=1)
        case "week":
            return day + timedelta(days=7)
        case "month" | "quarter":
            later = day.month - 1 + (1 if every == "month" else 3)
            return day.replace(year=day.year + later // 12, month=later % 12 + 1)
        case _:
            return day.replace(year=day.year + 1)
