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
_HASH = re.compile(r"\s*hash\s*\((.*)\)\s*\Z", re.IGNORECASE | re.DOTALL)
_NAME = re.compile(r'\s*("(?:[^"]|"")+"|[^",()]+?)\s*(?:,|\Z)')
_DATES = ("DATE", "TIMESTAMP")
_NUMBERS = ("NUMBER", "FLOAT")


@dataclass(frozen=True, slots=True)
class Extent:
    """The least and the greatest value of a column when it was looked at; None when it held none."""

    least: str | None
    greatest: str | None


def decided(data: Data, found: Found) -> Data:
    """Where the file does not say by what to cut: by a key of one number, else by a hash of the key or of the row.

    A hash that is said with a size is cut into as many parts as make batches of that many rows.
    """
    if data.by:
        return replace(data, parts=data.parts or _parts(data, found), size=0) if _HASH.match(data.by) else data
    primary = next((key.columns for key in found.keys if key.kind == "PRIMARY"), ())
    types = {column.name: column.type for column in found.columns}
    if len(primary) == 1 and data.size and types.get(primary[0], "").startswith(_NUMBERS):
        return replace(data, by=Identifier(primary[0]).sql)
    columns = ", ".join(Identifier(name).sql for name in primary or types)
    return replace(data, by=f"hash({columns})", parts=data.parts or _parts(data, found), size=0)


def _parts(data: Data, found: Found) -> int:
    parts = max(2, -(-(found.rows or 0) // (data.size or _ROWS)))
    _refuse_many(found, parts)
    return parts


def cut_column(data: Data, found: Found, path: str) -> str:
    """The column that cuts the table, as stored; empty when a hash does. InvalidFile for one that is not there."""
    names, known = _columns(data), {each.name: each for each in found.columns}
    for name in names or (data.by,):
        if name not in known:
            raise InvalidFile(path, f"{found.address.short} has no column {name} to cut it by.", data.line)
    if _HASH.match(data.by) or data.parts:
        return ""
    name, column = names[0], known[names[0]]
    wanted = _DATES if data.every else _NUMBERS
    if not column.type.startswith(wanted):
        kind = "dates" if data.every else "numbers"
        raise InvalidFile(path, f"{found.address.short}.{data.by} is {column.type}, which holds no {kind}.", data.line)
    return name


def _columns(data: Data) -> tuple[str, ...]:
    """The columns that cut it, as stored: those of the hash, or the one; none when that is no list of names."""
    hashed = _HASH.match(data.by)
    text, position, names = hashed[1] if hashed else data.by, 0, list[str]()
    while position < len(text) and (found := _NAME.match(text, position)):
        names.append(Identifier.parse(found[1]).stored)
        position = found.end()
    return tuple(names) if position == len(text) and (hashed or len(names) == 1) else ()


def conditions(data: Data, bounds: tuple[str, ...]) -> tuple[str, ...]:
    """The WHERE of each batch. ``bounds`` are literals in rising order; what lies outside of them has its batch too."""
    if _HASH.match(data.by) or data.parts:
        listed = ", ".join(Identifier(column).sql for column in _columns(data))
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
