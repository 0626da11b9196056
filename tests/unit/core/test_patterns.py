"""Names with wildcards mean what Snowflake's names mean: unquoted is upper-case, quoted is verbatim."""

import pytest
from hypothesis import given, strategies as st

from runner.core.names import Identifier
from runner.core.patterns import Pattern, signature

DIM = ("PROD_DB", "MART", "DIM_STOCKS")


@pytest.mark.parametrize(
    "text",
    ["dim_stocks", "DIM_STOCKS", "mart.dim_stocks", "prod_db.mart.dim_stocks", "mart.dim_*", "*", "m?rt.*",
     '"DIM_STOCKS"', 'mart . "DIM_STOCKS"'],
)  # fmt: skip
def test_it_is_meant(text):
    assert Pattern.parse(text).matches(DIM)


@pytest.mark.parametrize(
    "text",
    ['"dim_stocks"', "src.dim_stocks", "dim", "dim_stock", "other.mart.dim_stocks", '"dim_*"', '"*"', "dim_stocks()"],
)
def test_it_is_not_meant(text):
    assert not Pattern.parse(text).matches(DIM)


def test_brackets_in_a_pattern_are_no_class_of_characters():
    assert Pattern.parse('"a[b]"').matches(("DB", "S", "a[b]"))


@pytest.mark.parametrize("text", ["sp(date,number)", "sp( DATE ,  Number )", "sp", "s*"])
def test_arguments_count_where_they_are_given(text):
    assert Pattern.parse(text).matches(("DB", "S", "SP"), "(DATE, NUMBER)")


@pytest.mark.parametrize("text", ["sp()", "sp(date)", "sp(number, date)"])
def test_other_arguments_are_another_routine(text):
    assert not Pattern.parse(text).matches(("DB", "S", "SP"), "(DATE, NUMBER)")


def test_types_with_parentheses_of_their_own():
    assert Pattern.parse("sp(number(38, 0))").arguments == "(NUMBER(38, 0))"


@pytest.mark.parametrize(
    ("text", "reason"),
    [("", "is not a name"), ("a..b", "is not a name"), ("1a", "is not a name"), ('"open', "is not a name"),
     ("a b", "must be quoted"), ("a-b", "must be quoted"), ("a.b.c.d", "more than three parts"),
     ("a.", "is not a name")],
)  # fmt: skip
def test_what_is_no_name_is_said_to_be_none(text, reason):
    with pytest.raises(ValueError, match=reason):
        Pattern.parse(text)


@pytest.mark.parametrize(
    ("text", "named"), [("a.b", True), ("a.*", False), ("a?", False), ('"a*"', True), ("*.b", False)]
)
def test_a_name_can_mean_one_thing_only(text, named):
    assert Pattern.parse(text).is_name is named


@given(st.text(min_size=1, max_size=20).filter(lambda text: "\0" not in text))
def test_any_name_can_be_asked_for_in_quotes(name):
    written = '"' + name.replace('"', '""') + '"'
    assert Pattern.parse(f"s.{written}").matches(("DB", "S", name))
    assert Pattern.parse(Identifier(name).sql).matches(("DB", "S", name))


def test_signature_has_one_form():
    assert signature("(date ,number)") == signature("( DATE, NUMBER )") == "(DATE, NUMBER)"
    assert signature("()") == "()"
    assert signature("") == ""
