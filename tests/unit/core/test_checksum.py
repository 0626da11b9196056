"""What carries no weight, what does, and whose algorithm it is."""

import hashlib

import pytest
from hypothesis import given, settings, strategies as st

from runner.core.checksum import Checksum

PLAIN = "SELECT 1;\nSELECT 2;\n"


@pytest.mark.parametrize(
    "same",
    [
        "SELECT 1;\r\nSELECT 2;\r\n",
        "SELECT 1;\rSELECT 2;\r",
        "\ufeffSELECT 1;\nSELECT 2;\n",
        "SELECT 1;   \nSELECT 2;\t\n",
        "SELECT 1;\nSELECT 2;",
        "\n\nSELECT 1;\nSELECT 2;\n\n\n",
    ],
)
def test_line_ends_marks_and_trailing_blanks_carry_no_weight(same):
    assert Checksum.of(same) == Checksum.of(PLAIN)
    assert Checksum.of(PLAIN).matches(same)


@pytest.mark.parametrize(
    "other",
    ["SELECT 1;\nSELECT 3;\n", "SELECT 1;\n\nSELECT 2;\n", " SELECT 1;\nSELECT 2;\n", "select 1;\nSELECT 2;", ""],
)
def test_everything_else_does(other):
    assert Checksum.of(other) != Checksum.of(PLAIN)


def test_it_names_its_algorithm():
    assert str(Checksum.of("SELECT 1;")) == "sha256:" + hashlib.sha256(b"SELECT 1;").hexdigest()


def test_one_without_an_algorithm_is_refused():
    with pytest.raises(ValueError, match="does not name its algorithm"):
        Checksum.parse("0123abcd")


def test_an_algorithm_of_another_runner_is_never_taken_for_an_edit():
    with pytest.raises(ValueError, match="does not know the checksum algorithm 'blake9'"):
        Checksum.parse("blake9:00").matches("SELECT 1;")


@settings(deadline=None)
@given(st.text())
def test_it_comes_back_from_text(text):
    checksum = Checksum.of(text)
    assert Checksum.parse(str(checksum)) == checksum
    assert checksum.matches(text)
