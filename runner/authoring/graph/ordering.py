"""The order of nodes within each column, so that few edges cross: medians, swept to and fro."""

from __future__ import annotations

from collections.abc import Sequence

Column = list[int]
Neighbours = Sequence[Sequence[int]]

_SWEEPS = 12


def ordered(columns: Sequence[Sequence[int]], left: Neighbours, right: Neighbours) -> list[Column]:
    """The columns in the best order that the sweeps met. ``left[n]`` are n's neighbours one column to the left."""
    best = current = [list(column) for column in columns]
    fewest = crossings(best, left)
    for sweep in range(_SWEEPS):
        if not fewest:
            break
        current = _swept(current, left) if sweep % 2 == 0 else _swept(current[::-1], right)[::-1]
        count = crossings(current, left)
        if count < fewest:
            best, fewest = [list(column) for column in current], count
    return best


def _swept(columns: Sequence[Column], near: Neighbours) -> list[Column]:
    """Each column sorted by the medians of its nodes' neighbours in the column that was sorted before it."""
    done: list[Column] = []
    for column in columns:
        place = {node: index for index, node in enumerate(done[-1])} if done else {}
        done.append(sorted(column, key=_keys(column, near, place).__getitem__) if done else list(column))
    return done


def _keys(column: Column, near: Neighbours, place: dict[int, int]) -> dict[int, tuple[float, int]]:
    """A node without neighbours there stays where it was, in proportion to the other column's length."""
    scale = len(place) / len(column) if column else 1.0
    keys = {}
    for index, node in enumerate(column):
        at = sorted(place[other] for other in near[node] if other in place)
        keys[node] = (median(at) if at else index * scale, index)
    return keys


def median(values: Sequence[float]) -> float:
    """The middle of sorted values."""
    half = len(values) // 2
    return values[half] if len(values) % 2 else (values[half - 1] + values[half]) / 2


def crossings(columns: Sequence[Column], left: Neighbours) -> int:
    """How many pairs of edges cross between neighbouring columns."""
    return sum(_between(columns[i], columns[i + 1], left) for i in range(len(columns) - 1))


def _between(one: Column, other: Column, left: Neighbours) -> int:
    """Pairs out of order, counted with a Fenwick tree."""
    place = {node: index for index, node in enumerate(one)}
    tree, total, seen = [0] * (len(one) + 1), 0, 0
    for node in other:
        ends = sorted(place[need] for need in left[node] if need in place)
        for end in ends:
            total += seen - _upto(tree, end + 1)
        for end in ends:
            _add(tree, end + 1)
            seen += 1
    return total


def _upto(tree: list[int], index: int) -> int:
    total = 0
    while index:
        total += tree[index]
        index &= index - 1
    return total


def _add(tree: list[int], index: int) -> None:
    while index < len(tree):
        tree[index] += 1
        index += index & -index
