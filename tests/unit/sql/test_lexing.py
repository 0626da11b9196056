"""Tokens: joined they give the text back, and a string constant means what Snowflake says it means."""

from __future__ import annotations

import contextlib
import time

import pytest
from hypothesis import given, settings, strategies as st

from runner.sql.errors import UnclosedError
from runner.sql.lexing import Kind, is_unquoted, normal, string_literal, string_value, tokens
from runner.sql.literals import inside
from runner.sql.splitting import comments

from .test_splitting import HARD, scripts


@settings(deadline=None)
@given(scripts)
def test_joined_tokens_give_the_text_back(script: str) -> None:
    with contextlib.suppress(UnclosedError):
        found = list(tokens(script))
        assert "".join(token.text for token in found) == script
        assert all(script[token.start : token.end] == token.text for token in found)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("a$1 $1 $x", ["word", "space", "variable", "space", "variable"]),
        ("1.5e3.x", ["number", "sign", "word"]),
        ("a::b", ["word", "sign", "word"]),
        ("$$ ' $$'$$'", ["dollar", "string"]),
        ('"a""b"', ["quoted"]),
        ("PUT file://x/*/y @s", ["word", "space", "word", "path", "space", "sign", "word"]),
        ("AS$$x$$", ["word", "dollar"]),
        ("größe", ["word"]),
        ("a--b", ["word", "comment"]),
    ],
)
def test_tokens_have_kinds(text: str, kinds: list[str]) -> None:
    assert [token.kind.value for token in tokens(text)] == kinds


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("'it''s'", "it's"),
        (r"'it\'s'", "it's"),
        (r"'a\\b'", "a\\b"),
        (r"'a\nb\t\r\b\f\0'", "a\nb\t\r\b\f\0"),
        (r"'\x41\u0042\103\q'", "ABCq"),
        ("$$it's\\n$$", "it's\\n"),
        ("''", ""),
    ],
)
def test_strings_mean_what_snowflake_says(written: str, value: str) -> None:
    assert string_value(written) == value


@settings(deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_a_literal_means_its_value_and_every_character_has_its_place(value: str) -> None:
    written = string_literal(value)
    (token,) = tokens(written)
    within = inside(token)
    assert (token.kind, within.value) == (Kind.STRING, value)
    assert len(within.places) == len(value) + 1
    assert written[within.places[-1]] == "'"
    assert all(written[place] in (character, "\\") for character, place in zip(value, within.places, strict=False))


def test_names_are_kept_as_snowflake_keeps_them() -> None:
    assert (normal("a$b"), normal('"a""b"'), normal('"A"')) == ("A$B", 'a"b', "A")
    assert [is_unquoted(text) for text in ("a1", "1a", "a b", "_", "")] == [True, False, False, True, False]


@pytest.mark.parametrize("kind", ["quotes", "backslashes", "dollars", "comment openings", "parentheses"])
def test_no_text_of_a_megabyte_is_slow(kind: str) -> None:
    started = time.process_time()
    with contextlib.suppress(UnclosedError):
        for _ in tokens(HARD[kind]):
            pass
    assert time.process_time() - started < 20


def test_comments_are_found_where_they_are_comments() -> None:
    text = "SELECT '--a', \"--b\", $$--c$$ -- d\n/* e */ // f\n; PUT file:///g/* @s"
    assert [comment for _, comment in comments(text)] == ["-- d", "/* e */", "// f"]
    assert all(text[place:].startswith(comment) for place, comment in comments(text))
