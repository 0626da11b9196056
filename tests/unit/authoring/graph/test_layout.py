"""Where things stand: nothing covers anything, needs stand left of their readers, and order of finding is no matter."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given, settings, strategies as some

from runner.authoring.graph import layers
from runner.authoring.graph.layout import HEIGHT, layout
from runner.authoring.graph.ordering import crossings, ordered
from runner.authoring.graph.placing import heights

WIDTH = 100.0


@some.composite
def graphs(draw):
    """Any graph of up to 25 nodes: circles, loops, groups, lonely ones."""
    count = draw(some.integers(1, 25))
    node = some.integers(0, count - 1)
    needs = [[] for _ in range(count)]
    for needer, needed in draw(some.sets(st_pair(node), max_size=50)):
        needs[needer].append(needed)
    return [sorted(many) for many in needs]


def st_pair(node):
    return some.tuples(node, node)


@given(graphs())
@settings(max_examples=60, deadline=None)
def test_no_node_covers_another_and_all_are_on_the_page(needs):
    plan = layout(needs, WIDTH)
    for one, other in combinations(plan.corners, 2):
        assert abs(one.x - other.x) >= WIDTH or abs(one.y - other.y) >= HEIGHT, (one, other)
    for corner in plan.corners:
        assert 0 <= corner.x <= plan.width - WIDTH + 0.2
        assert 0 <= corner.y <= plan.height - HEIGHT + 0.2


@given(graphs())
@settings(max_examples=60, deadline=None)
def test_every_edge_has_a_way_from_left_to_right(needs):
    plan = layout(needs, WIDTH)
    assert set(plan.runs) == {(a, b) for a, many in enumerate(needs) for b in many if a != b}
    for (needer, needed), run in plan.runs.items():
        first, last = (needer, needed) if run.turned else (needed, needer)
        assert run.start.x == pytest.approx(plan.corners[first].x + WIDTH, abs=0.2)
        assert run.end.x == pytest.approx(plan.corners[last].x, abs=0.2)
        points = [run.start, *(point for lane in run.lanes for point in lane), run.end]
        assert [point.x for point in points] == sorted(point.x for point in points)


@given(graphs())
@settings(max_examples=60, deadline=None)
def test_only_circles_have_turned_edges(needs):
    straight, turned = layers.without_circles(needs)
    column = layers.columns(straight)
    assert all(column[needed] < column[needer] for needer, many in enumerate(straight) for needed in many)
    for needer, needed in turned:
        assert needer in reached(needs, needed)


def reached(needs, start):
    seen, todo = set(), [start]
    while todo:
        node = todo.pop()
        if node not in seen:
            seen.add(node)
            todo += needs[node]
    return seen


def test_what_needs_nothing_stands_beside_its_first_reader():
    assert layers.columns([[], [0], [1], [], [2, 3]]) == [0, 1, 2, 2, 3]


def test_two_that_need_each_other_are_joined_by_two_arrows_of_which_one_is_turned():
    runs = layout([[1], [0]], WIDTH).runs
    assert sorted(run.turned for run in runs.values()) == [False, True]


def test_a_crossing_that_need_not_be_is_taken_out():
    left = [[], [], [1], [0]]
    assert crossings([[0, 1], [2, 3]], left) == 1
    assert crossings(ordered([[0, 1], [2, 3]], left, layers.inverse(left)), left) == 0


def test_a_node_stands_at_the_height_of_its_neighbours():
    columns, left = [[0, 1, 2], [3]], [[], [], [], [1]]
    at = heights(columns, left, layers.inverse(left), [10.0] * 4)
    assert at[3] == pytest.approx(at[1])
    assert at[1] - at[0] >= 10 - 1e-9


def test_a_column_that_would_be_too_tall_is_folded():
    needs = [[] for _ in range(200)] + [list(range(200))]
    plan = layout(needs, WIDTH)
    assert plan.height < 200 * HEIGHT / 4


def test_nothing_has_no_size():
    assert (layout([], WIDTH).width, layout([], WIDTH).height) == (0, 0)


def test_five_thousand_are_laid_out():
    needs = [[n // 2, n // 3] if n > 500 else [] for n in range(5000)]
    assert len(layout(needs, WIDTH).corners) == 5000
