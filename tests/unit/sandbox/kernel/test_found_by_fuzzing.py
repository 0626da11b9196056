"""What the fuzzer found stays mended: a plain answer or a plain refusal, never an incident."""

import random
from pathlib import Path

import pytest

from runner.sandbox.errors import SnowflakeError
from tests.fuzz import fuzz
from tests.fuzz.grammar import FUNCTIONS, Grammar

FOUND = Path(fuzz.__file__).with_name("found.sql").read_text(encoding="utf-8").split("\n", 1)[1].split(";\n")[:-1]


@pytest.fixture
def bent(client):
    client.run(*fuzz.SETUP[1:4])
    return client


def answered(client, text):
    """The error's number, 0 for an answer."""
    try:
        client.execute(text)
    except SnowflakeError as error:
        return error.errno
    return 0


def test_no_statement_that_was_found_is_an_incident(bent):
    assert [text for text in FOUND if answered(bent, text) == 603] == []


def test_the_same_seed_draws_the_same_statements():
    places = {"root": "/r", "secret": "/s", "id": "i", "others": "o"}

    def drawn():
        return [Grammar(random.Random(7), places).statement() for _ in range(50)]

    assert drawn() == drawn()
    assert len(FUNCTIONS) > 300


def test_a_pair_without_a_key_is_left_out(bent):
    rows = bent.rows("SELECT OBJECT_CONSTRUCT(S, 1, 'k', N)::VARCHAR FROM T ORDER BY N NULLS LAST")

    assert rows == [('{"a":1,"k":1}',), ('{"k":2}',), ('{"c":1}',)]


@pytest.mark.parametrize("text", [text for text in FOUND if "'fuzz_probe()'" in text or "{1}" in text])
def test_the_words_of_a_string_are_never_executed(bent, text):
    number = answered(bent, text)

    assert number not in (603, 2140), text


def test_an_alias_that_looks_like_a_placeholder_is_an_alias(bent):
    flattened = """TABLE(FLATTEN(INPUT => PARSE_JSON('["x"]')))"""

    assert bent.rows(f'SELECT "{{this}}".VALUE::VARCHAR FROM {flattened} AS "{{this}}"') == [("x",)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("TRY_TO_TIMESTAMP('2024-01-02) || (', 'YYYY-MM-DD')", None),
        ("TRY_TO_TIMESTAMP('sf_fraction(strptime(')::VARCHAR", None),
        ("TRY_CAST('strptime(' AS VARCHAR)", "strptime("),
        ("COALESCE(TRY_TO_DATE(')('), TRY_TO_DATE('2024-01-02')) || ')('", "2024-01-02)("),
        ("('(' || 'a') || (')' || '(')", "(a)("),
        ("TRY_TO_TIMESTAMP_TZ('2024-01-02 03:04:05 +0100'::VARIANT)::DATE::VARCHAR", "2024-01-02"),
    ],
)
def test_parentheses_in_strings_are_characters(bent, text, value):
    assert bent.one(f"SELECT {text}") == value


def test_nanoseconds_are_not_lost_in_what_is_tried_twice(bent):
    tried = "TRY_TO_TIMESTAMP_TZ('2024-01-02 03:04:05.123456789 +0100'::VARIANT)"
    assert bent.one(f"SELECT TO_CHAR({tried}, 'SS.FF9 TZH:TZM')") == "05.123456789 +01:00"


@pytest.mark.parametrize("text", ["1" + " + 1" * 20_000, "(" * 5_000 + "1" + ")" * 5_000, "NOT " * 9_000 + "TRUE"])
def test_what_is_nested_too_deeply_is_told_so(bent, text):
    assert "nested too deeply" in bent.said(f"SELECT {text}")
    assert bent.one("SELECT 1") == 1
