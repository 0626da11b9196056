"""The QUERY_TAG: ours back from text, nobody else's ever taken for ours."""

import json

import pytest
from hypothesis import given, settings, strategies as st

from runner.core.script import Statement
from runner.execution.tags import Tag, read_tag


@settings(deadline=None)
@given(st.text(min_size=1), st.text(), st.text(), st.integers(1, 10**6))
def test_a_tag_comes_back(run, environment, script, ordinal):
    tag = Tag.of(run, environment, script, Statement(ordinal, "SELECT 1", 1))
    assert read_tag(tag.text) == tag


def test_it_is_small_and_readable_by_others():
    tag = Tag.of("20260101T000000-abcdef", "imsdlc", "V001__" + "x" * 200 + ".sql", Statement(123456, "SELECT 1", 1))
    assert len(tag.text) < 2000
    assert json.loads(tag.text)["app"] == "runner"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "dbt",
        "{",
        "[]",
        "{}",
        "null",
        "1",
        '"x"',
        '{"app":"dbt","run":"1"}',
        '{"run":"1","env":"e","script":"s","sha":"0"}',
        '{"run":"1","env":"e","script":"s","stmt":"x","sha":"0"}',
    ],
)
def test_other_peoples_tags_are_none_of_ours(text):
    assert read_tag(text) is None
