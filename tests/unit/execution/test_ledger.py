"""The next rows of the journal follow from what was read; a row that was edited, removed or inserted is found."""

from dataclasses import replace

import pytest

from runner.core.errors import HistoryDamaged
from runner.core.history import EventType, History
from runner.core.names import ObjectName
from runner.core.script import Head, Kind, Rendered, Script, Statement
from runner.core.version import Version
from runner.execution.ledger import Facts, Ledger, checksum_fields, script_fields
from runner.history.journal import Journal
from runner.history.layout import Layout

FACTS = Facts("run", "dev", "ACC", "ME", "R", "WH", "commit", "1", 77, 3)


def script(kind="V", source="SELECT 1;"):
    return Script(Kind(kind), None if kind == "R" else Version("1"), "a", f"versions/{kind}1__a.sql", source, Head())


def written(count=4):
    """The events that a run writes."""
    ledger = Ledger.after(History(), FACTS)
    rank = ledger.next_rank()
    return tuple(ledger.event(EventType.STARTED, rank, **script_fields(script())) for _ in range(count))


def test_numbers_and_ranks_go_on_after_what_was_read():
    before = History(written(3))
    ledger = Ledger.after(before, FACTS)
    event = ledger.event(EventType.STARTED, ledger.next_rank())
    assert (event.number, event.installed_rank) == (4, 2)
    assert event.chain == event.sealed_after(before.seal)


def test_every_row_says_who_and_where():
    (event,) = written(1)
    assert (event.run_id, event.environment, event.account, event.installed_by) == ("run", "dev", "ACC", "ME")
    assert (event.role, event.warehouse, event.git_commit, event.session_id, event.fence) == (
        "R",
        "WH",
        "commit",
        77,
        3,
    )
    assert (event.kind, event.version, event.description, event.script) == (Kind.VERSIONED, "1", "a", "V1__a.sql")


@pytest.mark.parametrize("history", [History(), History(written(2))])
def test_an_event_whose_transaction_was_rolled_back_is_forgotten(history):
    ledger = Ledger.after(history, FACTS)
    started = ledger.event(EventType.STARTED, 1)
    end = ledger.event(EventType.SUCCESS, 1)
    ledger.back_to(end)
    again = ledger.event(EventType.FAILED, 1)
    assert again.number == end.number
    assert again.chain == again.sealed_after(started.chain)


def sealed(events):
    return Journal("dev", Layout(ObjectName.of("DB", "C"), False))._sealed(list(events))


def test_what_the_runner_wrote_is_accepted():
    assert sealed(written()) == written()


def renumbered(events):
    return [replace(event, number=number) for number, event in enumerate(events, 1)]


@pytest.mark.parametrize("at", range(4))
def test_an_edited_row_is_found(at):
    events = list(written())
    events[at] = replace(events[at], event=EventType.SUCCESS)
    with pytest.raises(HistoryDamaged, match=rf"event {at + 1} \(V1__a.sql\) was changed after it was written"):
        sealed(events)


@pytest.mark.parametrize("at", range(3))
def test_a_removed_row_is_found(at):
    events = list(written())
    del events[at]
    with pytest.raises(HistoryDamaged, match=f"event {at + 1} is missing"):
        sealed(events)
    with pytest.raises(HistoryDamaged, match="was changed"):
        sealed(renumbered(events))


def test_an_inserted_row_is_found():
    events = list(written())
    events.insert(2, replace(events[1], event=EventType.SUCCESS))
    with pytest.raises(HistoryDamaged, match="event 3 is missing or doubled"):
        sealed(events)
    with pytest.raises(HistoryDamaged, match="event 3"):
        sealed(renumbered(events))


def test_two_rows_that_changed_places_are_found():
    events = list(written())
    events[1], events[2] = events[2], events[1]
    with pytest.raises(HistoryDamaged):
        sealed(renumbered(events))


@pytest.mark.parametrize(
    ("kind", "statements", "checksum"),
    [("V", 1, True), ("V", 0, True), ("U", 1, True), ("R", 1, True), ("R", 0, False)],
)
def test_which_checksum_is_recorded(kind, statements, checksum):
    rendered = Rendered(
        script(kind), "dev", "SELECT 1", tuple(Statement(n + 1, "SELECT 1", 1) for n in range(statements))
    )
    fields = checksum_fields(rendered)
    assert bool(fields["checksum"]) is checksum
    assert bool(fields["rendered_checksum"]) is bool(statements)
    assert fields["statements"] == statements
