"""Events in, the present state of each script out; and the seals that tell what was touched."""

from dataclasses import replace

import pytest

from runner.core.history import LONGEST_MESSAGE, History, Standing
from tests.unit.core.history_of import history


def standing(story, key="V1"):
    return history(story).records()[key].standing


@pytest.mark.parametrize(
    ("story", "wanted"),
    [
        ("V1 STARTED", Standing.DIRTY),
        ("V1 STARTED, V1 SUCCESS", Standing.APPLIED),
        ("V1 STARTED, V1 FAILED", Standing.FAILED),
        ("V1 STARTED, V1 FAILED, V1 RETRY", Standing.RETRY),
        ("V1 STARTED, V1 FAILED, V1 RETRY, V1 STARTED", Standing.DIRTY),
        ("V1 STARTED, V1 FAILED, V1 RETRY, V1 STARTED, V1 SUCCESS", Standing.APPLIED),
        ("V1 STARTED, V1 FAILED, V1 MARK_APPLIED", Standing.APPLIED),
        ("V1 STARTED, V1 FAILED, V1 MARK_UNDONE", Standing.UNDONE),
        ("V1 SKIPPED", Standing.SKIPPED),
        ("V1 STARTED, V1 SUCCESS, U1 SKIPPED", Standing.UNDONE),
        ("V1 STARTED, V1 SUCCESS, U1 SKIPPED, V1 STARTED, V1 SUCCESS", Standing.APPLIED),
        ("V1 STARTED, V1 SUCCESS, U1 STARTED", Standing.DIRTY),
        ("V1 STARTED, V1 SUCCESS, U1 STARTED, U1 FAILED", Standing.UNDO_FAILED),
        ("V1 STARTED, V1 SUCCESS, U1 STARTED, U1 UNDONE", Standing.UNDONE),
        ("V1 STARTED, V1 SUCCESS, U1 STARTED, U1 UNDONE, V1 STARTED, V1 SUCCESS", Standing.APPLIED),
    ],
)
def test_standing(story, wanted):
    assert standing(story) == wanted


@pytest.mark.parametrize(
    ("story", "number"),
    [
        ("V1 STARTED", 1),
        ("V1 STARTED, V1 FAILED", 1),
        ("V1 STARTED, V1 FAILED, V1 RETRY", 1),
        ("V1 STARTED, V1 FAILED, V1 RETRY, V1 STARTED", 4),
        ("V1 STARTED, V1 SUCCESS", None),
        ("V1 STARTED, V1 SUCCESS, U1 STARTED", 3),
        ("V1 STARTED, V1 SUCCESS, U1 STARTED, U1 FAILED, U1 RETRY", 3),
        ("V1 STARTED, V1 FAILED, V1 MARK_APPLIED", None),
    ],
)
def test_the_attempt_to_go_on_from(story, number):
    attempt = history(story).records()["V1"].attempt
    assert (attempt.number if attempt else None) == number


def test_an_empty_history_starts_at_one():
    empty = History()
    assert (empty.next_number, empty.next_rank, empty.seal, empty.baseline, empty.records()) == (1, 1, "", None, {})


def test_the_next_row_follows_from_the_last():
    found = history("V1 STARTED, V1 SUCCESS")
    assert (found.next_number, found.next_rank, found.seal) == (3, 3, found.events[-1].chain)


def test_a_baseline_is_of_no_script():
    found = history("B2 BASELINE")
    assert found.records() == {}
    assert found.baseline.version == "2"


def test_an_undo_speaks_of_the_version_it_undoes():
    assert list(history("V1 STARTED, V1 SUCCESS, U001 STARTED, U001 UNDONE").records()) == ["V1"]


@pytest.mark.parametrize("end", ["", ", U1 FAILED transactional"])
def test_an_undo_in_one_transaction_that_did_not_end_left_the_version_as_it_was(end):
    assert standing(f"V1 STARTED, V1 SUCCESS, U1 STARTED transactional{end}") == Standing.APPLIED


def test_a_long_message_is_sealed_as_it_is_kept():
    event = history(SEALED).events[1]
    long, kept = (replace(event, error_message="x" * length) for length in (LONGEST_MESSAGE + 1, LONGEST_MESSAGE))
    assert long.sealed_after("") == kept.sealed_after("")


SEALED = "V1 STARTED, V1 SUCCESS, R__a STARTED, R__a SUCCESS"


@pytest.mark.parametrize(
    "edit",
    [
        {"event": "FAILED"},
        {"run_id": "other"},
        {"installed_rank": 9},
        {"version": "2"},
        {"description": "x"},
        {"script": "V1__other.sql"},
        {"checksum": "sha256:0"},
        {"rendered_checksum": "sha256:0"},
        {"environment": "x"},
        {"account": "X"},
        {"installed_by": "X"},
        {"role": "X"},
        {"git_commit": "x"},
        {"runner_version": "9"},
        {"execution_time": 1},
        {"error_code": 1},
        {"reason": "x"},
        {"context": "{}"},
        {"session_id": 1},
        {"fence": 9},
        {"transactional": True},
        {"error_message": "never happened"},
        {"statements": 99},
        {"warehouse": "X"},
    ],
    ids=lambda edit: next(iter(edit)),
)
def test_every_fact_of_a_row_is_under_its_seal(edit):
    event = history(SEALED).events[1]
    assert replace(event, **edit).sealed_after("before") != event.sealed_after("before")


def test_a_seal_hangs_on_the_row_before():
    event = history(SEALED).events[1]
    assert event.sealed_after("one") != event.sealed_after("other")


def test_facts_cannot_flow_into_their_neighbours():
    event = history(SEALED).events[0]
    one, other = replace(event, description="ab", script="c"), replace(event, description="a", script="bc")
    assert one.sealed_after("") != other.sealed_after("")
