"""Keys put into files of people: what they wrote stays byte for byte."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import assume, given, settings, strategies as some

from runner.core.errors import InvalidFile
from runner.project.yaml_editing import scalar, with_entries

FILE = """\
# what travels
source: prod   # made by hand
target: dev

select:
  tables: [a.*,
           b.*]    # all
  views:
    - v1
    # the last of them
    - v2   # two

# rows
data:
  default: snapshot   # frozen
"""


def edited(text, path, entries, **more):
    new = with_entries(text, path, entries, "f.yaml", **more)
    assert [line for line in text.splitlines() if line not in new.splitlines()] == []
    return new


def test_a_mapping_that_is_not_there_comes_at_the_end():
    assert edited(FILE, ("answers",), {"needs-x": "include"}) == FILE + "answers:\n  needs-x: include\n"


def test_one_that_is_there_gets_more_at_its_end():
    text = FILE + "answers:\n    one: keep\n\n# the end\n"
    assert edited(text, ("answers",), {"two": "drop"}) == FILE + "answers:\n    one: keep\n    two: drop\n\n# the end\n"


def test_within_another_that_ends_with_a_comment():
    new = edited(FILE, ("data", "tables"), {"MART.T": {"strategy": "batches", "by": "hash(ID)", "parts": 4}})
    line = '    "MART.T": {strategy: batches, by: "hash(ID)", parts: 4}\n'
    assert new == FILE + "  tables:\n" + line


def test_in_the_middle_of_the_file():
    new = edited(FILE, ("select",), {"exclude": ["x.y"]})
    assert new == FILE.replace("- v2   # two\n", '- v2   # two\n  exclude: ["x.y"]\n')


def test_before_all_others_where_the_first_that_fits_counts():
    text = "data:\n  tables:\n    a.*: none\n"
    assert edited(text, ("data", "tables"), {"A.B": "snapshot"}, first=True) == (
        'data:\n  tables:\n    "A.B": snapshot\n    a.*: none\n'
    )


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a: 1\nanswers:\n", "a: 1\nanswers:\n  x: keep\n"),
        ("answers: {}\nb: 1\n", "answers:\n  x: keep\nb: 1\n"),
        ("answers: {}  # none yet\nb: 1\n", "answers:  # none yet\n  x: keep\nb: 1\n"),
        ("answers: {y: drop}\n", "answers: {y: drop, x: keep}\n"),
        ("answers:\n  x: drop  # no\n  y: z\n", "answers:\n  x: keep  # no\n  y: z\n"),
        ("answers:\n  x:\n    - a\n    - b\n  y: z\n", "answers:\n  x: keep\n  y: z\n"),
        ("a: 1", "a: 1\nanswers:\n  x: keep\n"),
    ],
)
def test_empty_flow_and_standing_values(text, wanted):
    assert with_entries(text, ("answers",), {"x": "keep"}, "f.yaml") == wanted


@pytest.mark.parametrize("text", ["answers: later\n", "answers: [a]\n", "- a\n", "a: [\n", ""])
def test_what_cannot_be_edited_says_what_to_write(text):
    with pytest.raises(InvalidFile) as caught:
        with_entries(text, ("answers",), {"x": "keep"}, "f.yaml")
    assert caught.value.hint == "Write there: x: keep"


TEXTS = some.text(some.characters(exclude_categories=("Cs",)), max_size=12)


@given(some.dictionaries(TEXTS, TEXTS, max_size=3), TEXTS, TEXTS)
@settings(max_examples=100, deadline=None)
def test_whatever_stands_there_and_whatever_comes_it_reads_as_both(old, key, value):
    text = yaml.safe_dump({"a": 1, "answers": old, "z": [1]}, sort_keys=False, allow_unicode=True)
    assume(yaml.safe_load(text)["answers"] == old)
    new = with_entries(text, ("answers",), {key: value}, "f.yaml")
    assert yaml.safe_load(new) == {"a": 1, "answers": old | {key: value}, "z": [1]}


@pytest.mark.parametrize(
    "value", ["yes", "No", "null", "1", "a: b", "- a", "", " a", "a #b", "größe", "\u2028", "\x85"]
)
def test_a_text_stays_a_text(value):
    assert yaml.safe_load(f"k: {scalar(value)}") == {"k": value}


def test_what_is_no_value_is_refused():
    with pytest.raises(TypeError):
        scalar(object())
