"""Composing: no value can break out of its place, and every value means what was given."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st

from runner.core.names import Identifier, ObjectName
from runner.sql.composing import compose, identifier, like_prefix
from runner.sql.errors import ComposeError
from runner.sql.lexing import Kind, string_value, tokens
from runner.sql.splitting import split

NASTY = [
    "it's",
    "a\\",
    "\\'",
    "'; DROP TABLE t; --",
    "line\nbreak",
    "größe ☃ 𝄞",
    "100%",
    "a;b",
    "$$",
    "{x}",
    "/* */",
    "",
]

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40) | st.sampled_from(NASTY)
names = texts.filter(bool)


def test_a_statement_with_every_kind_of_value() -> None:
    composed = compose(
        "CREATE TABLE IF NOT EXISTS {name:i} ({columns:il}) COMMENT = {comment:s} -- {{{n:d}}} {on:b} {r:r}\n"
        "SHOW TABLES LIKE {prefix:ls} IN ({all:sl})",
        name=("DEV_DB", "mart bolt", 'a"b'),
        columns=["ID", "Name"],
        comment="it's",
        n=-42,
        on=True,
        r="SELECT",
        prefix="FACT_",
        all=("a", "b'"),
    )
    assert composed == (
        'CREATE TABLE IF NOT EXISTS DEV_DB."mart bolt"."a""b" (ID, "Name") COMMENT = \'it\'\'s\' -- {-42} TRUE SELECT\n'
        "SHOW TABLES LIKE 'FACT\\\\_%' IN ('a', 'b''')"
    )


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("DEV_DB", "DEV_DB"),
        ("dev_db", '"dev_db"'),
        ("A$1", "A$1"),
        ("1A", '"1A"'),
        ("A;B", '"A;B"'),
        ("ÄB", '"ÄB"'),
        (("A", "b c"), 'A."b c"'),
        (Identifier("x"), '"x"'),
        (ObjectName.of("A", "b"), 'A."b"'),
        ((Identifier("A"), "B"), "A.B"),
    ],
)
def test_names_are_quoted_unless_plain(name: str, written: str) -> None:
    assert identifier(name) == written


@settings(deadline=None)
@given(texts)
def test_any_text_stays_one_string_and_comes_back(text: str) -> None:
    composed = compose("SELECT {x:s}", x=text)
    (statement,) = split(composed)
    assert statement.text == composed.strip()
    *_, literal = tokens(composed)
    assert (literal.kind, string_value(literal.text)) == (Kind.STRING, text)


@settings(deadline=None)
@given(st.lists(names.filter(lambda n: len(n) < 200), min_size=1, max_size=3))
def test_any_name_stays_one_name_and_comes_back(parts: list[str]) -> None:
    written = compose("{x:i}", x=tuple(parts))
    assert split(f"SELECT 1 AS {written}")[0].text == f"SELECT 1 AS {written}"
    assert [part.stored for part in ObjectName.parse(written).parts] == parts


@settings(deadline=None)
@given(texts)
def test_a_prefix_matches_itself_and_nothing_is_a_wildcard_in_it(prefix: str) -> None:
    pattern = string_value(like_prefix(prefix))
    assert pattern.endswith("%")
    plain, escaped = [], iter(pattern[:-1])
    for character in escaped:
        assert character not in "%_"
        plain.append(next(escaped) if character == "\\" else character)
    assert "".join(plain) == prefix


@pytest.mark.parametrize(
    ("template", "values", "part"),
    [
        ("{x}", {"x": "a"}, "no code"),
        ("{x:q}", {"x": "a"}, "code 'q', which is not known"),
        ("{x!r:s}", {"x": "a"}, "conversion"),
        ("{x:s}", {}, "asks for 'x'"),
        ("SELECT 1", {"x": "a"}, "no place for x"),
        ("{x:d}", {"x": "1"}, "str, which 'd' cannot write"),
        ("{x:d}", {"x": True}, "bool, which 'd' cannot write"),
        ("{x:d}", {"x": 10**38}, "more than 38 digits"),
        ("{x:b}", {"x": 1}, "int, which 'b' cannot write"),
        ("{x:s}", {"x": 1}, "int, which 's' cannot write"),
        ("{x:s}", {"x": None}, "NoneType, which 's' cannot write"),
        ("{x:s}", {"x": "a\0b"}, "no text in Snowflake can hold"),
        ("{x:s}", {"x": "\ud800"}, "no text in Snowflake can hold"),
        ("{x:i}", {"x": ""}, "is not a name"),
        ("{x:i}", {"x": "a" * 256}, "is not a name"),
        ("{x:i}", {"x": ()}, "without parts"),
        ("{x:i}", {"x": ("a", 1)}, "int given where a name is needed"),
        ("{x:i}", {"x": 1}, "int, which 'i' cannot write"),
        ("{x:il}", {"x": []}, "a list with something in it"),
        ("{x:sl}", {"x": "ab"}, "a list with something in it"),
        ("{x:s", {"x": "a"}, "cannot be read"),
        ("{x.y:s}", {"x": "a"}, "asks for 'x.y'"),
        ("{:s}", {"x": "a"}, "asks for ''"),
    ],
)
def test_what_does_not_fit_is_refused(template: str, values: dict[str, object], part: str) -> None:
    with pytest.raises(ComposeError) as caught:
        compose(template, **values)  # type: ignore[arg-type]
    assert part in str(caught.value)
