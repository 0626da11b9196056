"""What every journal keeps: read whole, appended to only, never written without the lease."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from runner.core.errors import HistoryDamaged, LeaseLost
from runner.core.history import EventType, History, StatementRow, StatementState
from runner.execution.ledger import Facts, Ledger
from runner.history.journal import Journal
from runner.history.lease import acquire, release

NASTY = "it's; $$ \\ \"q\" größe 日本 🦆\n-- no 'comment' {x} %s"


@pytest.fixture
def journal(layout):
    return Journal("env", layout)


@pytest.fixture
def written(open_session, journal):
    """A session with the lease, and a ledger that goes on from what is there."""
    control = open_session()
    journal.bootstrap(control)
    lease = acquire(control, "env", journal.layout.lock, control.session_id, {}, 600, lambda holder: False)
    facts = Facts("run", "env", "ACC", "ME", "R", "WH", "commit", "1", control.session_id, lease.fence)
    return control, lease, Ledger.after(History(), facts)


def row(ordinal):
    return StatementRow(
        run_id="run", script=NASTY, installed_rank=1, ordinal=ordinal, sha256="0" * 64, line=1, query_id="q",
        state=StatementState.SUCCESS, row_count=3, execution_time=4, error_message=NASTY,
    )  # fmt: skip


def test_where_nothing_was_ever_deployed_there_is_no_history(open_session, journal):
    assert journal.read(open_session()) is None


def test_a_bootstrap_may_be_repeated_and_raced(open_session, journal):
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(journal.bootstrap, [open_session() for _ in range(4)]))
    session = open_session()
    journal.bootstrap(session)
    assert journal.read(session) == History()
    assert session.execute(f"SELECT COUNT(*) FROM {journal.layout.lock.sql}").rows == [(1,)]


def test_it_stands_when_the_last_of_it_was_created(open_session, journal):
    session = open_session()
    assert not journal.stands(session)
    journal.bootstrap(session)
    assert journal.stands(session)
    session.execute(f"DROP TABLE {journal.layout.lock.sql}")
    assert not journal.stands(session)


def test_what_was_recorded_is_read_back(open_session, journal, written):
    control, lease, ledger = written
    events = [
        ledger.event(EventType.STARTED, 1, script=NASTY, description=NASTY, kind="V", version="1", context='{"a": 1}'),
        ledger.event(EventType.FAILED, 1, script=NASTY, description=NASTY, kind="V", version="1", error_message=NASTY),
    ]
    journal.record(control, lease, events, [row(1), row(2)])
    read = journal.read(open_session())
    assert [event.chain for event in read.events] == [event.chain for event in events]
    assert all(event.installed_on is not None for event in read.events)
    assert read.events[1].error_message == NASTY
    assert read.statements == (row(1), row(2))


def test_without_the_lease_nothing_is_written(open_session, journal, written):
    control, lease, ledger = written
    release(control, lease)
    with pytest.raises(LeaseLost):
        journal.record(control, lease, [ledger.event(EventType.STARTED, 1)], [row(1)])
    other = open_session()
    assert journal.read(other) == History()
    assert other.execute(f"SELECT COUNT(*) FROM {journal.layout.statement.sql}").rows == [(0,)]


def test_events_and_checkpoints_stand_together_or_not_at_all(open_session, journal, written):
    control, lease, ledger = written
    control.execute(f"ALTER TABLE {journal.layout.statement.sql} DROP COLUMN SCRIPT")
    with pytest.raises(Exception, match="SCRIPT"):
        journal.record(control, lease, [ledger.event(EventType.STARTED, 1)], [row(1)])
    assert journal.read(open_session()) == History()


@pytest.mark.parametrize(
    "sentence",
    [
        "UPDATE {} SET REASON = 'x' WHERE EVENT_NUMBER = 2",
        "DELETE FROM {} WHERE EVENT_NUMBER = 2",
        "UPDATE {} SET CHAIN = ''",
    ],
)
def test_a_row_that_was_touched_is_found(open_session, journal, written, sentence):
    control, lease, ledger = written
    journal.record(control, lease, [ledger.event(EventType.STARTED, n) for n in (1, 2, 3)])
    open_session().execute(sentence.format(journal.layout.history.sql))
    with pytest.raises(HistoryDamaged):
        journal.read(open_session())
