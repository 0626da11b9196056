"""Heights: each node as near to its neighbours as its place in the column allows."""

from __future__ import annotations

from collections.abc import Sequence

from runner.authoring.graph.ordering import Neighbours, median

_PASSES = 6


def heights(
    columns: Sequence[Sequence[int]], left: Neighbours, right: Neighbours, sizes: Sequence[float]
) -> list[float]:
    """The middle of each node. Within a column the order stays, and no two are nearer than half of both sizes."""
    at = [0.0] * len(sizes)
    for column in columns:
        _place(column, [0.0] * len(column), sizes, at)
    for turn in range(_PASSES):
        forth = turn % 2 == 0
        near = left if forth else right
        for column in columns if forth else reversed(columns):
            _place(column, [_wanted(node, near, at) for node in column], sizes, at)
    return at


def _wanted(node: int, near: Neighbours, at: Sequence[float]) -> float:
    return median(sorted(at[other] for other in near[node])) if near[node] else at[node]


def _place(column: Sequence[int], wanted: Sequence[float], sizes: Sequence[float], at: list[float]) -> None:
    """As near to the wanted heights as the distances allow, by least squares: pools of neighbours that meet."""
    offsets, offset = [], 0.0
    for index, node in enumerate(column):
        offset += (sizes[column[index - 1]] + sizes[node]) / 2 if index else 0.0
        offsets.append(offset)
    pools: list[tuple[float, int]] = []
    for aim, offset in zip(wanted, offsets, strict=True):
        mean, count = aim - offset, 1
        while pools and pools[-1][0] >= mean:
            before, many = pools.pop()
            mean, count = (before * many + mean * count) / (many + count), many + count
        pools.append((mean, count))
    found = [mean for mean, count in pools for _ in range(count)]
    for node, mean, offset in zip(column, found, offsets, strict=True):
        at[node] = mean + offset
