"""Which rows differ, found out from hashes. Pure: the questions are asked elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest
from typing import Any

from runner.reconcile.result import Cell, ColumnProfile, Profile, RowDifference, RowKind
from runner.reconcile.shape import Column

_IN_A_BUCKET = 4096
_FEWEST, _MOST = 64, 65536
_ROWS_AT_MOST = 100_000


@dataclass(frozen=True, slots=True)
class Suspect:
    """A row that is not the same on both sides, known by the hash of its key."""

    kind: RowKind
    key: str
    source: int
    target: int


def bucket_count(rows: int) -> int:
    """So many that a bucket holds a few thousand rows."""
    return min(_MOST, max(_FEWEST, rows // _IN_A_BUCKET))


def differing_buckets(source: Iterable[Sequence[Any]], target: Iterable[Sequence[Any]]) -> dict[int, int]:
    """Buckets whose count or hash is not the same, each with the rows it holds at most."""
    theirs, ours = ({int(b): (int(n), str(h)) for b, n, h in side} for side in (source, target))
    nothing = (0, "")
    return {
        bucket: max(theirs.get(bucket, nothing)[0], ours.get(bucket, nothing)[0])
        for bucket in sorted(theirs.keys() | ours.keys())
        if theirs.get(bucket) != ours.get(bucket)
    }


def examined(differing: Mapping[int, int]) -> tuple[int, ...]:
    """The first buckets, as many as can be looked at row by row; at least one."""
    chosen: list[int] = []
    total = 0
    for bucket, rows in differing.items():
        total += rows
        if chosen and total > _ROWS_AT_MOST:
            break
        chosen.append(bucket)
    return tuple(chosen)


def suspects(source: Iterable[Sequence[Any]], target: Iterable[Sequence[Any]]) -> tuple[Suspect, ...]:
    """The keys whose rows are not the same; kinds take turns, so that the first few show one of each."""
    theirs, ours = _copies(source), _copies(target)
    found = [_judged(key, theirs.get(key), ours.get(key)) for key in sorted(theirs.keys() | ours.keys())]
    kinds = [[one for one in found if one and one.kind is kind] for kind in RowKind]
    return tuple(one for one in chain.from_iterable(zip_longest(*kinds)) if one)


def _copies(rows: Iterable[Sequence[Any]]) -> dict[str, Counter[str]]:
    found: dict[str, Counter[str]] = {}
    for key, whole, copies in rows:
        found.setdefault(str(key), Counter())[str(whole)] += int(copies)
    return found


def _judged(key: str, source: Counter[str] | None, target: Counter[str] | None) -> Suspect | None:
    if source == target:
        return None
    theirs, ours = (source or Counter()).total(), (target or Counter()).total()
    if not ours:
        return Suspect(RowKind.MISSING, key, theirs, ours)
    if not theirs:
        return Suspect(RowKind.EXTRA, key, theirs, ours)
    return Suspect(RowKind.CHANGED if theirs == ours else RowKind.REPEATED, key, theirs, ours)


def shown(
    wanted: Sequence[Suspect], columns: Sequence[Column], key: Sequence[Column],
    source: Iterable[Sequence[Any]], target: Iterable[Sequence[Any]],
) -> tuple[RowDifference, ...]:  # fmt: skip
    """Each suspect with its values on both sides; of several copies one is shown."""
    theirs, ours = _by_key(source), _by_key(target)
    names = [column.name for column in columns]
    keys = {column.name for column in key}
    differences = []
    for one in wanted:
        cells = _cells(names, theirs.get(one.key), ours.get(one.key))
        known = tuple(cell for cell in cells if cell.column in keys)
        rest = cells if len(known) == len(cells) else tuple(cell for cell in cells if cell.column not in keys)
        differences.append(RowDifference(one.kind, known, rest, one.source, one.target))
    return tuple(differences)


def _by_key(rows: Iterable[Sequence[Any]]) -> dict[str, Sequence[Any]]:
    found: dict[str, Sequence[Any]] = {}
    for row in sorted(rows, key=lambda row: [str(value) for value in row]):
        found.setdefault(str(row[0]), row[1:])
    return found


def _cells(names: Sequence[str], source: Sequence[Any] | None, target: Sequence[Any] | None) -> tuple[Cell, ...]:
    """A row is its columns' texts, then their hashes: two values may look the same and not be."""
    count = len(names)
    theirs, ours = source or [None] * count * 2, target or [None] * count * 2
    both = source is not None and target is not None
    return tuple(
        Cell(name, _text(theirs[i]), _text(ours[i]), both and theirs[count + i] != ours[count + i])
        for i, name in enumerate(names)
    )


def profiles(columns: Sequence[Column], source: Sequence[Any], target: Sequence[Any]) -> tuple[ColumnProfile, ...]:
    """One row a side, as `wording.profile` asks for it."""
    found = []
    for i, column in enumerate(columns):
        theirs, ours = source[1 + i * 5 : 6 + i * 5], target[1 + i * 5 : 6 + i * 5]
        differs = str(theirs[4]) != str(ours[4])
        found.append(ColumnProfile(column.name, differs, _profile(source[0], theirs), _profile(target[0], ours)))
    return tuple(found)


def _profile(total: Any, values: Sequence[Any]) -> Profile:
    filled, distinct, least, greatest, _ = values
    return Profile(int(total) - int(filled), int(distinct), _text(least), _text(greatest))


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
