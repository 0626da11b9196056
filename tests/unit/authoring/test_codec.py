"""Values as JSON and back: what was written reads as it was, and what does not fit is named with its place."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import pytest
from hypothesis import given, strategies as some

from runner.authoring.codec import plain, value_of


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


@dataclass(frozen=True)
class Leaf:
    name: str
    size: int = 0
    colour: Colour = Colour.RED


@dataclass(frozen=True)
class Tree:
    leaves: tuple[Leaf, ...]
    pair: tuple[int, str] = (0, "")
    words: frozenset[str] = frozenset()
    by_name: Mapping[str, Leaf] = field(default_factory=dict)
    best: Leaf | None = None
    green: bool = False


LEAVES = some.builds(Leaf, some.text(), some.integers(), some.sampled_from(Colour))
TREES = some.builds(
    Tree, some.lists(LEAVES).map(tuple), some.tuples(some.integers(), some.text()), some.frozensets(some.text()),
    some.dictionaries(some.text(), LEAVES), some.none() | LEAVES, some.booleans(),
)  # fmt: skip


@given(TREES)
def test_what_was_written_reads_as_it_was(tree):
    assert value_of(Tree, json.loads(json.dumps(plain(tree)))) == tree


def test_what_has_its_default_is_left_out():
    assert plain(Tree((Leaf("a"), Leaf("b", 1)))) == {"leaves": [{"name": "a"}, {"name": "b", "size": 1}]}


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ([], "it must be a mapping"),
        ({}, "it lacks leaves"),
        ({"leaves": {}}, "leaves must be a list"),
        ({"leaves": [{"name": "a"}, 3]}, "leaves[1] must be a mapping"),
        ({"leaves": [{"name": 3}]}, "leaves[0].name must be str"),
        ({"leaves": [{"name": "a", "size": True}]}, "leaves[0].size must be int"),
        ({"leaves": [{"name": "a", "colour": "green"}]}, "leaves[0].colour must be one of red, blue"),
        ({"leaves": [{"name": "a", "colour": []}]}, "leaves[0].colour must be one of red, blue"),
        ({"leaves": [], "pair": [1]}, "pair must be a list of 2"),
        ({"leaves": [], "by_name": {"x": {}}}, "by_name.x lacks name"),
        ({"leaves": [], "green": 1}, "green must be bool"),
        ({"leaves": [], "twigs": 1, "bark": 2}, "it must be without bark, twigs"),
    ],
)
def test_what_does_not_fit_is_named_with_its_place(data, sentence):
    with pytest.raises(ValueError, match=r"must|lacks") as caught:
        value_of(Tree, data)
    assert str(caught.value) == sentence
