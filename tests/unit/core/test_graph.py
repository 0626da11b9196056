"""Order by dependency."""

import pytest
from hypothesis import given, settings, strategies as st

from runner.core.errors import DependencyCircle
from runner.core.graph import nearest, ordered


@pytest.mark.parametrize(
    ("nodes", "needs", "wanted"),
    [
        ("", {}, ""),
        ("cba", {}, "cba"),
        ("abc", {"a": "c"}, "cab"),
        ("abc", {"a": "b", "b": "c"}, "cba"),
        ("abc", {"a": "z"}, "abc"),
        ("abcd", {"a": "bc", "b": "d", "c": "d"}, "dbca"),
    ],
)
def test_every_node_stands_after_what_it_needs(nodes, needs, wanted):
    assert "".join(ordered(nodes, needs)) == wanted


@pytest.mark.parametrize(("needs", "circle"), [({"a": "a"}, "a → a"), ({"a": "b", "b": "c", "c": "b"}, "b → c → b")])
def test_a_circle_is_named(needs, circle):
    with pytest.raises(DependencyCircle, match=f"The scripts depend on each other in a circle: {circle}"):
        ordered("abc", needs, "scripts")


@settings(deadline=None)
@given(
    st.permutations(list("abcdefgh")), st.dictionaries(st.sampled_from("bcdefgh"), st.sets(st.sampled_from("abcdefgh")))
)
def test_any_graph_without_a_circle_comes_out_whole_and_in_order(nodes, needs):
    forward = {name: {need for need in wanted if need < name} for name, wanted in needs.items()}
    found = ordered(nodes, forward)
    assert sorted(found) == sorted(nodes)
    assert all(found.index(need) < found.index(name) for name, wanted in forward.items() for need in wanted)


def test_a_long_chain_is_no_harm():
    names = [f"n{at}" for at in range(500)]
    assert ordered(names, dict(zip(names, ([later] for later in names[1:]), strict=False)))[0] == "n499"


@pytest.mark.parametrize(
    ("word", "wanted"), [("migrat", "migrate"), ("MIGRATE", "migrate"), ("inf", "info"), ("xyz", None), ("", None)]
)
def test_the_word_that_was_probably_meant(word, wanted):
    assert nearest(word, ["migrate", "info", "undo"]) == wanted
