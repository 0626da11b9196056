"""A secret goes to the one who logs in, and nowhere else."""

import copy
import json
import logging
import pickle

import pytest

from runner.core.secret import Secret

CANARY = "canary-4711"


@pytest.mark.parametrize(
    "show", [str, repr, "{}".format, "{:>20}".format, lambda s: f"{s!r:}", lambda s: f"{[s]} {s}", "%s".__mod__]
)
def test_it_shows_itself_to_nobody(show):
    assert CANARY not in show(Secret(CANARY))


@pytest.mark.parametrize("keep", [pickle.dumps, copy.copy, copy.deepcopy, json.dumps])
def test_it_is_not_written_down(keep):
    with pytest.raises(TypeError) as caught:
        keep(Secret(CANARY))
    assert CANARY not in str(caught.value)


def test_it_is_not_logged(caplog):
    logging.getLogger("x").warning("token %s %r", Secret(CANARY), Secret(CANARY))
    assert CANARY not in caplog.text


def test_it_has_no_dictionary_to_look_into():
    with pytest.raises(TypeError):
        vars(Secret(CANARY))


def test_it_comes_out_on_demand_only():
    assert Secret(CANARY).reveal() == CANARY


def test_it_takes_itself_out_of_text():
    assert Secret(CANARY).redact(f"a {CANARY} and {CANARY}.") == "a *** and ***."


def test_one_too_short_to_be_a_secret_does_not_tear_holes_into_text():
    assert Secret("").redact("abc") == "abc"
    assert Secret("a").redact("abc") == "abc"


def test_equality_is_by_value_and_emptiness_is_seen():
    assert Secret(CANARY) == Secret(CANARY) != Secret("other")
    assert hash(Secret(CANARY)) == hash(Secret(CANARY))
    assert Secret(CANARY)
    assert not Secret("")
