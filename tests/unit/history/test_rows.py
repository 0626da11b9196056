"""Events and checkpoints as rows: what goes in comes out, whatever characters it holds."""

import ast
import dataclasses

import pytest
from hypothesis import given, settings, strategies as st
from sqlglot import parse_one

from runner.core.history import LONGEST_MESSAGE, Event, EventType, StatementRow, StatementState
from runner.core.names import ObjectName
from runner.core.script import Kind
from runner.history.layout import HISTORY_COLUMNS, STATEMENT_COLUMNS
from runner.history.rows import HISTORY_NAMES, STATEMENT_NAMES, event_of, insert_events, insert_statements, statement_of

TABLE = ObjectName.of("DB", "CONTROL", "MIGRATION_HISTORY")
NASTY = [
    "it's",
    'a "quoted" word',
    "$$ dollars $$",
    "semi;colon",
    "100%",
    "a\\b",
    "a\nb\r\nc",
    "größe 日本 🦆",
    "-- no comment",
    "/* no */",
    "{braces} {{ two }}",
    "%(name)s",
    "?",
    ":1",
    "'); DROP TABLE X; --",
    "\t",
    "\\'",
    "''",
    "",
]


def event(**facts):
    plain = {
        "number": 1,
        "event": EventType.SUCCESS,
        "run_id": "run",
        "installed_rank": 1,
        "kind": Kind.VERSIONED,
        "version": "1",
        "environment": "dev",
        "account": "ACC",
        "installed_by": "ME",
        "role": "R",
        "runner_version": "1",
        "chain": "c",
    }
    return Event(**(plain | facts))


def row(**facts):
    plain = {
        "run_id": "run",
        "script": "V1__it.sql",
        "installed_rank": 1,
        "ordinal": 1,
        "sha256": "0" * 64,
        "line": 3,
        "query_id": "q",
        "state": StatementState.SUCCESS,
    }
    return StatementRow(**(plain | facts))


def values(sentence):
    """What Snowflake would read: the rows of an INSERT … SELECT … UNION ALL SELECT …, as Python values."""
    tree = parse_one(sentence, read="snowflake")
    return [[value(item) for item in select.expressions] for select in selects(tree.expression)]


def selects(tree):
    return [*selects(tree.this), *selects(tree.expression)] if tree.key == "union" else [tree]


def value(item):
    match item.key:
        case "null":
            return None
        case "boolean":
            return item.this
        case "literal":
            return item.this if item.is_string else ast.literal_eval(item.this)
        case "neg":
            return -value(item.this)
        case _:
            return item.sql()


@pytest.mark.parametrize("text", NASTY)
def test_every_text_of_an_event_comes_back_as_it_was(text):
    given = event(description=text, script=text, error_message=text, reason=text, context=text, role=text or "R")
    (back,) = values(insert_events(TABLE, [given]))
    assert event_of(back) == given


@pytest.mark.parametrize("text", NASTY)
def test_every_text_of_a_checkpoint_comes_back_as_it_was(text):
    given = row(script=text or "x", error_message=text, query_id=text)
    (back,) = values(insert_statements(TABLE, [given]))
    assert statement_of(back) == given


TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)


@settings(deadline=None)
@given(TEXT)
def test_any_text_comes_back(text):
    assert event_of(values(insert_events(TABLE, [event(reason=text)]))[0]).reason == text


@pytest.mark.parametrize("number", [None, 0, 1, -20001, 10**18])
def test_numbers_come_back(number):
    given = event(error_code=number, execution_time=number, statements=number, session_id=number)
    assert event_of(values(insert_events(TABLE, [given]))[0]) == given


@pytest.mark.parametrize("kind", [*Kind, None])
@pytest.mark.parametrize("transactional", [True, False])
def test_words_come_back_as_what_they_are(kind, transactional):
    given = event(kind=kind, version=None, transactional=transactional, event=EventType.UNLOCKED)
    assert event_of(values(insert_events(TABLE, [given]))[0]) == given


def test_many_rows_are_one_sentence_in_their_order():
    given = [event(number=n, reason=f"r{n}") for n in range(1, 6)]
    sentence = insert_events(TABLE, given)
    assert [event_of(back) for back in values(sentence)] == given
    assert sentence.startswith("INSERT INTO DB.CONTROL.MIGRATION_HISTORY (EVENT_NUMBER, EVENT, ")


def test_the_clock_is_that_of_the_account():
    assert "CURRENT_TIMESTAMP()" in insert_events(TABLE, [event()])
    assert "CURRENT_TIMESTAMP()" in insert_statements(TABLE, [row()])


def test_a_long_message_is_cut():
    (back,) = values(insert_events(TABLE, [event(error_message="x" * (LONGEST_MESSAGE + 1))]))
    assert len(event_of(back).error_message) == LONGEST_MESSAGE


def test_a_seal_still_holds_after_the_way_through_the_table():
    given = event(error_message="it's\n" * 2000, reason="", context='{"id": "a"}', version=None, kind=None)
    sealed = dataclasses.replace(given, chain=given.sealed_after("before"))
    back = event_of(values(insert_events(TABLE, [sealed]))[0])
    assert back.sealed_after("before") == back.chain


@pytest.mark.parametrize("at", ["EVENT", "TYPE"])
def test_a_word_that_no_runner_writes_is_refused(at):
    (back,) = values(insert_events(TABLE, [event()]))
    back[HISTORY_NAMES.index(at)] = "HAND-MADE"
    with pytest.raises(ValueError, match="HAND-MADE"):
        event_of(back)


def test_tables_and_rows_speak_of_the_same_columns():
    assert tuple(name for name, _ in HISTORY_COLUMNS) == HISTORY_NAMES
    assert tuple(name for name, _ in STATEMENT_COLUMNS) == STATEMENT_NAMES
    assert len(values(insert_events(TABLE, [event()]))[0]) == len(HISTORY_NAMES)
    assert len(values(insert_statements(TABLE, [row()]))[0]) == len(STATEMENT_NAMES)
