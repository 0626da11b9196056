"""Versions compare part by part as numbers."""

import pytest
from hypothesis import given, settings, strategies as st

from runner.core.version import Version


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("1", "001"),
        ("1", "1.0"),
        ("1.0.0", "1"),
        ("1_2", "1.2"),
        ("01.02", "1.2"),
        ("0", "0.0"),
        ("20260101", "20260101.0"),
    ],
)
def test_the_same_version_written_otherwise(one, other):
    assert Version(one) == Version(other)
    assert hash(Version(one)) == hash(Version(other))


@pytest.mark.parametrize(
    ("low", "high"), [("1", "2"), ("1.2", "1.10"), ("9", "10"), ("1", "1.0.1"), ("1.9", "2"), ("0", "0.1")]
)
def test_order(low, high):
    assert Version(low) < Version(high)
    assert Version(high) > Version(low)
    assert Version(low) != Version(high)


@pytest.mark.parametrize("text", ["", "a", "1a", "1.", ".1", "1..2", "-1", "1-2", " 1", "1 ", "v1", "1\n", "１a"])
def test_what_is_no_version_is_refused_by_name(text):
    with pytest.raises(ValueError, match="is not a version"):
        Version(text)


def test_it_is_shown_as_it_was_written():
    assert str(Version("001")) == "001"


def test_it_equals_nothing_else():
    assert Version("1") != "1"


PARTS = st.lists(st.integers(0, 10**9), min_size=1, max_size=5)


@settings(deadline=None)
@given(PARTS, PARTS)
def test_the_order_is_that_of_the_numbers(one, other):
    width = max(len(one), len(other))
    padded = [parts + [0] * (width - len(parts)) for parts in (one, other)]
    versions = [Version(".".join(map(str, parts))) for parts in (one, other)]
    assert (versions[0] < versions[1]) == (padded[0] < padded[1])
    assert (versions[0] == versions[1]) == (padded[0] == padded[1])
