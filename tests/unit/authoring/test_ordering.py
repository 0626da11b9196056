"""Everything is made after what it needs; circles are broken where Snowflake allows it, and shown where not."""

import random
from itertools import pairwise

import pytest

from runner.authoring.closing import united
from runner.authoring.ordering import ordered
from runner.catalog.estate import Evidence, Kind
from runner.core.errors import NotMovable
from tests.unit.authoring.sample import address, edge, large, table, view

A, B, C = table("A"), table("B"), table("C")
V, W = view("V"), view("W")
LOAD, CLEAN = address(Kind.PROCEDURE, "LOAD"), address(Kind.PROCEDURE, "CLEAN")
KEY = Evidence.KEYS


def order(members, *edges):
    return ordered(members, united(edges))


def test_what_is_needed_comes_first():
    found = order([W, V, A], edge(W, V), edge(V, A)).objects
    assert found == (A, V, W)


def test_ties_are_by_kind_then_by_name():
    sequence = address(Kind.SEQUENCE, "Z")
    assert order([LOAD, V, B, A, sequence]).objects == (sequence, A, B, V, LOAD)


def test_procedures_may_call_each_other():
    found = order([LOAD, CLEAN], edge(LOAD, CLEAN), edge(CLEAN, LOAD)).objects
    assert set(found) == {LOAD, CLEAN}


def test_a_circle_of_foreign_keys_is_closed_when_all_tables_stand():
    found = order([A, B], edge(A, B, KEY), edge(B, A, KEY))
    assert set(found.objects) == {A, B}
    ((needer, needed),) = found.late_keys
    assert {needer, needed} == {A, B}
    assert found.objects.index(needer) < found.objects.index(needed)


def test_a_circle_of_views_is_shown():
    with pytest.raises(NotMovable, match="they need each other in a circle"):
        order([V, W], edge(V, W), edge(W, V))


def test_needs_outside_carry_no_weight():
    assert order([V], edge(V, A), edge(A, V)).objects == (V,)


def test_a_tower_of_a_thousand_views_is_no_matter_of_depth():
    tower = [view(f"V{number:04}") for number in range(3000)]
    edges = [edge(upper, lower) for lower, upper in pairwise(tower)]
    assert order(reversed(tower), *edges).objects == tuple(tower)


@pytest.mark.parametrize("seed", range(5))
def test_any_estate_whatever_the_order_in_which_it_was_read(seed):
    estate = large(200, seed)
    needs = united(estate.edges)
    members = [found.address for found in estate.objects]
    wanted = ordered(members, needs)
    place = {member: number for number, member in enumerate(wanted.objects)}
    assert all(place[need.needed] < place[need.needer] for need in needs)
    random.Random(seed).shuffle(members)
    assert ordered(members, needs[::-1]) == wanted
