"""Columns for a graph: each object right of all that it needs, as far as circles allow.

Nodes are numbers here; ``needs[n]`` holds what node ``n`` needs. Nothing depends on the order of a set or of hashing.
"""

from __future__ import annotations

from collections.abc import Sequence

Needs = Sequence[Sequence[int]]


def without_circles(needs: Needs) -> tuple[list[list[int]], set[tuple[int, int]]]:
    """The graph with as many edges turned as its circles ask for, and the turned ones as (needer, needed)."""
    turned = {edge for edge in _backward(needs) if edge[0] != edge[1]}
    straight: list[list[int]] = [[] for _ in needs]
    for needer, needed in ((a, b) for a, many in enumerate(needs) for b in many if a != b):
        at, to = (needed, needer) if (needer, needed) in turned else (needer, needed)
        if to not in straight[at]:
            straight[at].append(to)
    return straight, turned


def _backward(needs: Needs) -> list[tuple[int, int]]:
    """Edges that lead to a node whose own needs are still being followed."""
    fresh, open_, done = 0, 1, 2
    state, found = [fresh] * len(needs), []
    for root in range(len(needs)):
        path = [(root, iter(needs[root]))] if state[root] == fresh else []
        state[root] = max(state[root], open_)
        while path:
            node, rest = path[-1]
            step = next(rest, None)
            if step is None:
                state[node] = done
                path.pop()
            elif state[step] == open_:
                found.append((node, step))
            elif state[step] == fresh:
                state[step] = open_
                path.append((step, iter(needs[step])))
    return found


def columns(needs: Needs) -> list[int]:
    """Each node's column: one right of the farthest that it needs; what needs nothing stands close to its first reader.

    `needs` must be without circles.
    """
    order = _needed_first(needs)
    column = [0] * len(needs)
    for node in order:
        column[node] = max((column[need] + 1 for need in needs[node]), default=0)
    readers = inverse(needs)
    for node in reversed(order):
        if readers[node]:
            column[node] = min(column[reader] for reader in readers[node]) - 1
    return column


def inverse(needs: Needs) -> list[list[int]]:
    readers: list[list[int]] = [[] for _ in needs]
    for needer, many in enumerate(needs):
        for needed in many:
            readers[needed].append(needer)
    return readers


def _needed_first(needs: Needs) -> list[int]:
    """Every node after all that it needs (Kahn)."""
    readers, waiting = inverse(needs), [len(many) for many in needs]
    order = [node for node, count in enumerate(waiting) if not count]
    for node in order:
        for reader in readers[node]:
            waiting[reader] -= 1
            if not waiting[reader]:
                order.append(reader)
    return order


def components(needs: Needs) -> list[list[int]]:
    """Nodes that hang together, the largest group first; ties by the first node."""
    readers, seen, groups = inverse(needs), [False] * len(needs), []
    for start in range(len(needs)):
        if seen[start]:
            continue
        seen[start], group = True, [start]
        for node in group:
            for other in (*needs[node], *readers[node]):
                if not seen[other]:
                    seen[other] = True
                    group.append(other)
        groups.append(sorted(group))
    return sorted(groups, key=lambda group: (-len(group), group[0]))
