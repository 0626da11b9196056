"""The report's JSON: what the journal says of a run, by its schema, without secrets."""

from __future__ import annotations

import json
from importlib.resources import files

import jsonschema
import pytest

from runner.core.history import EventType, StatementState
from runner.core.secret import Secret
from runner.reports.report import FORMAT, Report, document, history_events
from runner.reports.run import last_run, run_of, run_report
from tests.unit.reports.sample import SQL, environment, event, rendered, report, row


@pytest.fixture(scope="module")
def schema() -> object:
    return json.loads((files("runner.reports") / "report.schema.json").read_text("utf-8"))


def test_the_report_keeps_to_its_schema(schema: object) -> None:
    nothing = environment(run=None, lease=None, reconciliation=None, scripts=(), events=())
    jsonschema.validate(json.loads(json.dumps(report(environment(), nothing))), schema)


def test_the_schema_refuses_what_it_does_not_know(schema: object) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(report() | {"more": 1}, schema)


def test_the_last_run_is_the_last_that_walked_scripts() -> None:
    events = [
        event(1, EventType.STARTED, 1, "run-1"),
        event(2, EventType.SUCCESS, 1, "run-1"),
        event(3, EventType.UNLOCKED, 1, "run-2", kind=None),
        event(4, EventType.MARK_APPLIED, 1, "run-3"),
    ]
    assert last_run(events) == "run-1"
    assert [e.number for e in run_of(events, "run-1")] == [1, 2]
    assert last_run([]) == ""


OUTCOMES = [
    ([EventType.STARTED, EventType.SUCCESS], "applied"),
    ([EventType.STARTED, EventType.FAILED], "failed"),
    ([EventType.STARTED], "unfinished"),
    ([EventType.STARTED, EventType.UNDONE], "undone"),
    ([EventType.SKIPPED], "not for it"),
]


@pytest.mark.parametrize(("kinds", "outcome"), OUTCOMES)
def test_a_script_ended_as_its_last_event_says(kinds: list[EventType], outcome: str) -> None:
    found = run_report([event(i, kind, 1) for i, kind in enumerate(kinds, 1)], [], {})
    assert (found.outcome, found.scripts[0].outcome) == (outcome, outcome)


def test_a_run_says_who_where_and_from_which_commit() -> None:
    found = run_report([event(1, EventType.SUCCESS, 1)], [], {})
    assert (found.by, found.role, found.warehouse, found.account) == ("SVC", "ACCOUNTADMIN", "ADMIN_WH", "IMSDLC")
    assert (found.commit[:7], found.dirty) == ("0f3c9a1", True)


def test_a_statement_is_told_with_its_words_while_they_are_the_ones_that_were_sent() -> None:
    events = [event(1, EventType.STARTED, 1), event(2, EventType.SUCCESS, 1)]
    (script,) = run_report(events, [row(1), row(2, text="SELECT 2")], {1: rendered(SQL, "SELECT 3")}).scripts
    assert [s.text for s in script.statements] == [SQL, ""]
    assert script.rows == 10_000


def test_only_statements_that_change_rows_count_them() -> None:
    texts = ("CREATE TABLE T (A INT)", "SELECT 1", "DELETE FROM T")
    rows = [row(i, text=text, row_count=7) for i, text in enumerate(texts, 1)]
    (script,) = run_report([event(9, EventType.SUCCESS, 1)], rows, {1: rendered(*texts)}).scripts
    assert ([s.rows for s in script.statements], script.rows) == ([None, 7, 7], 7)


def test_what_an_earlier_run_did_is_told_as_its_own() -> None:
    rows = [row(1, run="run-1"), row(2, run="run-1", state=StatementState.FAILED), row(2)]
    (script,) = run_report([event(9, EventType.SUCCESS, 1)], rows, {}).scripts
    assert [(s.ordinal, s.state, s.earlier_run) for s in script.statements] == [
        (1, "success", "run-1"),
        (2, "success", ""),
    ]


def test_a_failure_of_an_earlier_run_is_not_told_again() -> None:
    rows = [row(1, run="run-1", state=StatementState.FAILED)]
    (script,) = run_report([event(9, EventType.STARTED, 1)], rows, {}).scripts
    assert script.statements == ()


def test_the_newest_event_comes_first() -> None:
    events = (event(1, EventType.STARTED, 1), event(2, EventType.SUCCESS, 1))
    assert [e.number for e in history_events(events)] == [2, 1]


def test_no_secret_is_in_any_text_of_it() -> None:
    canary = Secret("canary-0123456789")
    told = environment(reconciliation_error="refused canary-0123456789")
    found = document(Report(FORMAT, "", "canary-0123456789", "", False, (told,)), canary.redact)
    assert "canary" not in json.dumps(found)
