"""How a plan could be quicker or safer: each change with what was, what should be, and why."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil

from runner.authoring.analysis.estimates import SIZES, Estimate, copying, estimate, fitting
from runner.authoring.analysis.subject import Subject
from runner.catalog.estate import Address, Column, Found
from runner.core.names import Identifier, ObjectName
from runner.project.migration import PARALLEL, Strategy

WORKERS = 4
WAREHOUSE_WORD = "load_warehouse"
"""The word of a target's ``vars`` under which a warehouse for the rows is looked for."""
_LARGE = 10 * 1024**3
_SMALL = 256 * 1024**2
_BATCH = 512 * 1024**2
_WITHIN = 1800.0
_MOST_BATCHES = 500
_WORTH = 60.0
"""Less than so many seconds are not worth a second session."""


@dataclass(frozen=True, slots=True)
class Change:
    """``settings`` is what to say in the migration's file; empty where it cannot say it. ``table`` is the pattern of
    the table that they are about, under ``data.tables``; without one they stand under ``data``.
    """

    about: str
    what: str
    before: str
    after: str
    why: str
    settings: Mapping[str, object] = field(default_factory=dict)
    table: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Tables whose rows may come at the same time, each worker's in order."""

    workers: tuple[tuple[str, ...], ...]
    seconds: float


@dataclass(frozen=True, slots=True)
class Optimization:
    plan: str
    changes: tuple[Change, ...]
    order: tuple[str, ...]
    groups: tuple[Group, ...]
    warehouse: str
    before: Estimate
    after: Estimate


def optimize(subject: Subject, workers: int = WORKERS, warehouse_word: str = "") -> Optimization:
    """What should be otherwise. The order is that of need, the largest table first among equals.

    ``warehouse_word`` is the word of the target's ``vars`` that names a warehouse for the rows, if one is named.
    """
    groups = _groups(subject, workers)
    seconds = sum(copying(found) for found in subject.travels)
    warehouse = fitting(seconds, _WITHIN)
    changes = [change for found in subject.travels for change in _of_table(subject, found)]
    if not subject.asked.loading.warehouse:
        changes += _of_warehouse(seconds, warehouse, warehouse_word)
    if seconds > _WORTH:
        changes += _of_workers(subject, _alone(subject, changes), workers)
    order = tuple(name for group in groups for names in group.workers for name in names)
    before = estimate(subject)
    return Optimization(
        subject.plan, tuple(changes), order, groups, warehouse, before, estimate(subject, warehouse=warehouse)
    )


def _of_table(subject: Subject, found: Found) -> Iterator[Change]:
    data, size, name = subject.data(found), found.bytes or 0, found.address.short
    if data.strategy is Strategy.SNAPSHOT and size > _LARGE:
        settings = cut(found)
        why = (
            f"{_bytes(size)} in one statement: what is cut short at the end begins again; "
            f"batches of about {_bytes(_BATCH)} go on where they stopped"
        )
        yield Change(name, "how its rows come", "snapshot", _told(settings), why, settings, _pattern(found))
    if data.strategy is Strategy.BATCHES and found.bytes is not None and size < _SMALL:
        why = f"{_bytes(size)} are one quick statement, in one transaction with the other tables"
        yield Change(
            name, "how its rows come", "batches", "snapshot", why, {"strategy": "snapshot"}, _pattern(found)
        )  # fmt: skip
    if data.strategy is Strategy.BATCHES and data.size and size >= _SMALL:
        yield from _of_batches(found, data.size, data.by)


def _of_batches(found: Found, size: int, by: str) -> Iterator[Change]:
    rows = found.rows or 0
    count, wanted = ceil(rows / size), _parts(found)
    if count and not wanted / 4 <= count <= wanted * 4:
        better = _round(rows / wanted)
        why = f"{count:,} batches of {_bytes((found.bytes or 0) // count)}; about {_bytes(_BATCH)} each is quickest"
        settings = {"strategy": "batches", "by": by, "size": better}
        before, after = f"{size:,}", f"{better:,}"
        yield Change(found.address.short, "keys to a batch", before, after, why, settings, _pattern(found))


def _pattern(found: Found) -> str:
    """What means this table and no other, as the migration's file writes names."""
    return ObjectName.of(*found.address.place[1:]).sql


def cut(found: Found) -> dict[str, object]:
    """How a table is best cut: by the date it is clustered by, by a number key, else by a hash of its key."""
    keys = next((key.columns for key in found.keys if key.kind == "PRIMARY"), ())
    dated = next((column for column in _clustered(found) if _is_date(column)), None)
    if dated is not None:
        return {"strategy": "batches", "by": Identifier(dated.name).sql, "every": "month"}
    columns = {column.name: column for column in found.columns}
    if len(keys) == 1 and keys[0] in columns and _is_whole(columns[keys[0]]):
        size = _round((found.rows or 0) / _parts(found))
        return {"strategy": "batches", "by": Identifier(keys[0]).sql, "size": size}
    names = keys or tuple(column.name for column in found.columns[:1])
    by = f"hash({', '.join(Identifier(name).sql for name in names)})"
    return {"strategy": "batches", "by": by, "parts": max(2, _parts(found))}


def _clustered(found: Found) -> list[Column]:
    words = found.properties.get("cluster_by", "") or found.properties.get("clustering_key", "")
    inside = words.removeprefix("LINEAR").strip().removeprefix("(").removesuffix(")")
    names = [part.strip().strip('"').upper() for part in inside.split(",") if part.strip()]
    columns = {column.name.upper(): column for column in found.columns}
    return [columns[name] for name in names if name in columns]


def _is_date(column: Column) -> bool:
    return column.type.upper().startswith(("DATE", "TIMESTAMP"))


def _is_whole(column: Column) -> bool:
    return column.type.upper().startswith("NUMBER") and column.type.replace(" ", "").endswith((",0)", "NUMBER"))


def _parts(found: Found) -> int:
    return min(_MOST_BATCHES, max(1, ceil((found.bytes or 0) / _BATCH)))


def _round(number: float) -> int:
    """Two figures that people can say: 1,200,000, not 1,187,342."""
    whole = max(1, ceil(number))
    step = int("1".ljust(len(str(whole)) - 1, "0"))
    return ceil(whole / step) * step


def _of_warehouse(seconds: float, warehouse: str, word: str) -> Iterator[Change]:
    if warehouse == SIZES[0]:
        return
    quick = _time(seconds / 2.0 ** SIZES.index(warehouse))
    why = (
        f"the rows take about {_time(seconds)} on an X-Small, and {quick} on it for the same credits, "
        "since it is billed by the second; "
    )
    why += (
        f"the scripts with the rows use the warehouse vars.{word}: let it be of that size"
        if word
        else f"name a warehouse of that size under vars.{WAREHOUSE_WORD} of the target's settings, and the scripts "
        "with the rows can use it"
    )
    settings: Mapping[str, object] = {"warehouse": word} if word else {}
    yield Change("the target's warehouse", "size", "X-Small", warehouse, why, settings)


def _alone(subject: Subject, changes: Sequence[Change]) -> list[Found]:
    """The tables that need not come in one transaction, when the changes are made."""
    becomes = {change.table: Strategy(str(change.settings["strategy"])) for change in changes if change.table}
    return [
        found for found in subject.travels if becomes.get(_pattern(found), subject.data(found).strategy) in PARALLEL
    ]


def _of_workers(subject: Subject, tables: Sequence[Found], workers: int) -> Iterator[Change]:
    """What several connections are good for: tables of a snapshot come in one transaction, one after the other."""
    if len(tables) < 2:
        return
    loading = subject.asked.loading
    if not loading.parallel:
        why = (
            "tables in batches and by watermark do not wait for each other: "
            f"`runner migrate --parallel {min(len(tables), workers)}`"
        )
        most = str(min(len(tables), workers))
        yield Change("the tables", "at the same time", "1", most, why, {"parallel": True})
    largest = sorted(tables, key=lambda found: (-copying(found), found.address))
    if [found.address for found in largest] != [found.address for found in tables]:
        names = [_pattern(found) for found in largest]
        why = "the largest first, so that no connection is left alone with it at the end"
        before = ", ".join(found.address.short for found in tables)
        after = ", ".join(found.address.short for found in largest)
        yield Change("the tables", "order", before, after, why, {"order": names})


def _groups(subject: Subject, workers: int) -> tuple[Group, ...]:
    """Tables after those they need; within a level shared out to the workers, the largest first."""
    left = {found.address: found for found in subject.travels}
    needs: dict[Address, set[Address]] = {address: set() for address in left}
    for need in subject.needs:
        if need.needer in left and need.needed in left:
            needs[need.needer].add(need.needed)
    groups = []
    while left:
        level = [a for a in left if not needs[a] & left.keys()] or list(left)
        groups.append(_shared([left.pop(address) for address in level], workers))
    return tuple(groups)


def _shared(tables: Sequence[Found], workers: int) -> Group:
    """Each to the worker that has least to do (longest processing time first)."""
    loads: list[tuple[float, int, list[str]]] = [(0.0, number, []) for number in range(min(workers, len(tables)))]
    for found in sorted(tables, key=lambda each: (-copying(each), each.address)):
        load, number, names = min(loads, key=lambda each: (each[0], each[1]))
        loads[number] = (load + copying(found), number, [*names, found.address.short])
    return Group(tuple(tuple(names) for _, _, names in loads), round(max(load for load, _, _ in loads), 1))


def _told(settings: Mapping[str, object]) -> str:
    more = ", ".join(f"{key}: {value}" for key, value in settings.items() if key != "strategy")
    return f"{settings['strategy']}{f' ({more})' if more else ''}"


def _bytes(number: int) -> str:
    return f"{number / 1024**3:.1f} GB" if number >= 1024**3 else f"{number / 1024**2:.0f} MB"


def _time(seconds: float) -> str:
    return f"{seconds / 3600:.1f} hours" if seconds >= 5400 else f"{seconds / 60:.0f} minutes"
