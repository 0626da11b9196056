"""Where everything stands: columns by need, order by crossings, heights by neighbours; groups packed into a page.

Deterministic: the same graph gives the same numbers, on any machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil, sqrt

from runner.authoring.graph import layers
from runner.authoring.graph.ordering import ordered
from runner.authoring.graph.placing import heights

HEIGHT = 42.0
GAP = 12.0
LANE = 9.0
"""The height of an edge that passes through a column."""
BETWEEN = 96.0
"""The room between two columns, for edges to bend."""
BESIDE = 20.0
"""The room between two nodes of one column that is folded, since it would be too tall."""
APART = 46.0
_SHORT = 30
"""A column of so many is never folded."""
_WIDE = 1.2
_BROAD = 2.2
"""How many times wider than tall the page is to be, roughly, when there is room between the pieces."""


@dataclass(frozen=True, slots=True)
class Point:
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Run:
    """An edge: from ``start`` through lanes (left end and right end of each) to ``end``. Turned: it runs backwards."""

    start: Point
    lanes: tuple[tuple[Point, Point], ...]
    end: Point
    turned: bool = False


@dataclass(frozen=True)
class Layout:
    """The left upper corner of every node, a run for every edge (needer, needed), and the whole size."""

    width: float
    height: float
    node_width: float
    corners: tuple[Point, ...]
    runs: dict[tuple[int, int], Run]


@dataclass(frozen=True)
class _Piece:
    """One group laid out by itself, from (0, 0)."""

    width: float
    height: float
    corners: dict[int, Point]
    runs: dict[tuple[int, int], Run]


def layout(needs: layers.Needs, node_width: float) -> Layout:
    straight, turned = layers.without_circles(needs)
    groups = layers.components(straight)
    pieces = [_piece(group, straight, node_width) for group in groups if len(group) > 1]
    single = [group[0] for group in groups if len(group) == 1]
    if single:
        pieces.append(_grid(single, node_width, max((piece.width for piece in pieces), default=0.0)))
    packed = _packed(pieces, len(needs), node_width)
    kept = {(a, b) for a, many in enumerate(needs) for b in many if a != b} - turned
    runs = {edge: packed.runs[edge] for edge in sorted(kept)}
    runs |= {edge: replace(packed.runs[edge[::-1]], turned=True) for edge in sorted(turned)}
    return replace(packed, runs=runs)


def _grid(nodes: Sequence[int], node_width: float, wide: float) -> _Piece:
    """What hangs together with nothing, row by row."""
    across = max(ceil(sqrt(len(nodes) / 3)), int((wide + BESIDE) // (node_width + BESIDE)), 1)
    across = min(across, len(nodes))
    corners = {
        node: Point(index % across * (node_width + BESIDE), index // across * (HEIGHT + GAP))
        for index, node in enumerate(nodes)
    }
    rows = ceil(len(nodes) / across)
    return _Piece(across * (node_width + BESIDE) - BESIDE, rows * (HEIGHT + GAP) - GAP, corners, {})


def _piece(group: Sequence[int], straight: layers.Needs, node_width: float) -> _Piece:
    """A group of nodes that hang together."""
    local = {node: index for index, node in enumerate(group)}
    needs = [[local[need] for need in straight[node]] for node in group]
    woven = _Woven.of(needs)
    folds = _folds(woven, len(group), node_width)
    sizes = [
        ((HEIGHT + GAP) if node < len(group) else LANE) / folds[column] for node, column in enumerate(woven.column)
    ]
    middle = heights(woven.columns, woven.left, woven.right, sizes)
    lefts = _lefts(folds, node_width)
    at = _places(woven, folds, lefts, node_width, middle, len(group))
    ends = [left + fold * (node_width + BESIDE) - BESIDE for left, fold in zip(lefts, folds, strict=True)]
    top = min(middle) - HEIGHT / 2
    corners = {node: Point(at[local[node]].x, at[local[node]].y - top) for node in group}
    runs = {}
    for (needer, needed), chain in woven.chains.items():
        lanes = tuple(
            (Point(lefts[woven.column[lane]], middle[lane] - top), Point(ends[woven.column[lane]], middle[lane] - top))
            for lane in chain
        )
        start, end = corners[group[needed]], corners[group[needer]]
        first, last = Point(start.x + node_width, start.y + HEIGHT / 2), Point(end.x, end.y + HEIGHT / 2)
        runs[group[needer], group[needed]] = Run(first, lanes, last)
    height = max(middle[: len(group)]) - min(middle) + HEIGHT
    return _Piece(ends[-1], max(height, max(middle) - top), corners, runs)


@dataclass(frozen=True)
class _Woven:
    """Columns in which every edge leads to the next one: long edges have a lane in each column between."""

    columns: list[list[int]]
    column: list[int]
    left: list[list[int]]
    right: list[list[int]]
    chains: dict[tuple[int, int], list[int]]

    @staticmethod
    def of(needs: layers.Needs) -> _Woven:
        column = layers.columns(needs)
        left: list[list[int]] = [[] for _ in needs]
        chains: dict[tuple[int, int], list[int]] = {}
        for needer, many in enumerate(needs):
            for needed in many:
                lanes = range(len(left), len(left) + column[needer] - column[needed] - 1)
                column += range(column[needed] + 1, column[needer])
                left += [[lane - 1] if lane > lanes.start else [needed] for lane in lanes]
                left[needer].append(lanes[-1] if lanes else needed)
                chains[needer, needed] = list(lanes)
        rows: list[list[int]] = [[] for _ in range(max(column) + 1)]
        for node, at in enumerate(column):
            rows[at].append(node)
        right = layers.inverse(left)
        return _Woven(ordered(rows, left, right), column, left, right, chains)


def _folds(woven: _Woven, real: int, node_width: float) -> list[int]:
    """How many nodes stand side by side in each column: more than one where the page would be taller than wide."""
    counts = [sum(node < real for node in column) for column in woven.columns]
    tall = max(counts)
    while tall > _SHORT and _lefts(_split(counts, tall), node_width)[-1] < _WIDE * tall * (HEIGHT + GAP):
        tall -= 1
    return _split(counts, tall)


def _split(counts: Sequence[int], tall: int) -> list[int]:
    return [max(1, ceil(count / tall)) for count in counts]


def _lefts(folds: Sequence[int], node_width: float) -> list[float]:
    lefts, x = [], 0.0
    for fold in folds:
        lefts.append(x)
        x += fold * (node_width + BESIDE) - BESIDE + BETWEEN
    return lefts


def _places(
    woven: _Woven, folds: Sequence[int], lefts: Sequence[float], node_width: float, middle: Sequence[float], real: int
) -> dict[int, Point]:
    """The left upper corner of each real node."""
    at: dict[int, Point] = {}
    for column, fold, left in zip(woven.columns, folds, lefts, strict=True):
        for index, node in enumerate(node for node in column if node < real):
            at[node] = Point(left + index % fold * (node_width + BESIDE), middle[node] - HEIGHT / 2)
    return at


def _packed(pieces: Sequence[_Piece], count: int, node_width: float) -> Layout:
    """The pieces in rows, from the largest on; beside a tall one the others stand below each other."""
    area = sum((piece.width + APART) * (piece.height + APART) for piece in pieces)
    shelf = _Shelf(max([sqrt(area * _BROAD), *(piece.width for piece in pieces)], default=0.0))
    corners = [Point(0.0, 0.0)] * count
    runs: dict[tuple[int, int], Run] = {}
    width = 0.0
    for piece in pieces:
        x, y = shelf.place(piece.width, piece.height)
        for node, corner in piece.corners.items():
            corners[node] = _moved(corner, x, y)
        runs |= {edge: _shifted(run, x, y) for edge, run in piece.runs.items()}
        width = max(width, x + piece.width)
    return Layout(width, shelf.top + shelf.row, node_width, tuple(corners), runs)


@dataclass
class _Shelf:
    """One row at a time: ``top`` and ``row`` are where it begins and how tall it is, ``left`` and ``column`` where its
    last column begins and how wide that is; it is filled down to ``filled``.
    """

    wide: float
    top: float = 0.0
    row: float = 0.0
    left: float = 0.0
    column: float = 0.0
    filled: float = 0.0

    def place(self, width: float, height: float) -> tuple[float, float]:
        """The left upper corner of the next piece."""
        if self.filled and self.filled + height <= self.row and self.left + width <= self.wide:
            spot = self.left, self.top + self.filled
            self.column = max(self.column, width)
        else:
            self._begin(width, height)
            spot = self.left, self.top
            self.filled, self.column = 0.0, width
        self.row = max(self.row, self.filled + height)
        self.filled += height + APART
        return spot

    def _begin(self, width: float, height: float) -> None:
        """A column beside the last one, or a row below when there is no room, or when it would be taller."""
        beside = self.left + self.column + APART if self.column else 0.0
        if self.column and (beside + width > self.wide or height > self.row):
            self.top += self.row + APART
            self.row = beside = 0.0
        self.left = beside


def _moved(point: Point, x: float, y: float) -> Point:
    return Point(round(point.x + x, 1), round(point.y + y, 1))


def _shifted(run: Run, x: float, y: float) -> Run:
    lanes = tuple((_moved(one, x, y), _moved(other, x, y)) for one, other in run.lanes)
    return Run(_moved(run.start, x, y), lanes, _moved(run.end, x, y))
