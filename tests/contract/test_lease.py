"""What every lease keeps: one owner at a time, taken over when it ran out, fenced off for ever after."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from runner.core.errors import HistoryDamaged, LeaseHeld, LeaseLost
from runner.history.journal import Journal
from runner.history.lease import Heartbeat, acquire, look, release, take_away


@pytest.fixture
def lock(open_session, layout):
    Journal("env", layout).bootstrap(open_session())
    return layout.lock


@pytest.fixture
def take(open_session, lock):
    """`take()` acquires with a session of its own; gives the session and the lease."""

    def taken(ttl=600, is_dead=lambda holder: False):
        control = open_session()
        return control, acquire(control, "env", lock, control.session_id, {"user": "it's me"}, ttl, is_dead)

    return taken


def ours(control, lease):
    return control.execute(lease.guard()).rowcount == 1


def test_a_free_lease_is_taken_and_the_holder_is_known(take, lock):
    control, lease = take()
    holder = look(control, lock)
    assert (holder.token, holder.fence, holder.expired) == (lease.token, lease.fence, False)
    assert holder.who == "user it's me"
    assert ours(control, lease)


def test_a_lease_that_is_held_is_not_taken(take):
    take()
    with pytest.raises(LeaseHeld, match="user it's me"):
        take()


def test_given_back_it_can_be_taken_again_with_a_higher_fence(take):
    control, first = take()
    release(control, first)
    _, second = take()
    assert second.fence == first.fence + 1
    assert not ours(control, first)


def test_a_lease_that_ran_out_is_taken_over_and_the_late_owner_is_fenced_off(take, open_session):
    _, first = take(ttl=0)
    control, second = take()
    assert second.fence == first.fence + 1
    assert not ours(control, first)
    release(open_session(), first)
    assert ours(control, second)


def test_a_dead_owners_lease_is_taken_over_before_its_time_and_its_sessions_are_ended(take):
    dead, _ = take()
    take(is_dead=lambda holder: True)
    with pytest.raises(Exception, match=r".+"):
        dead.execute("SELECT 1")


def test_of_eight_at_once_exactly_one_takes_it(open_session, lock):
    controls = [open_session() for _ in range(8)]

    def attempt(control):
        try:
            return acquire(control, "env", lock, control.session_id, {}, 600, lambda holder: False)
        except LeaseHeld:
            return None

    with ThreadPoolExecutor(8) as pool:
        taken = [lease for lease in pool.map(attempt, controls) if lease is not None]
    assert len(taken) == 1


def test_a_person_takes_it_away_by_its_token(take, open_session, lock):
    _, lease = take()
    other = open_session()
    assert not take_away(other, lock, "0" * 32)
    assert take_away(other, lock, lease.token)
    assert look(other, lock).token is None


def test_a_heartbeat_finds_out_that_the_lease_went_to_another(take, open_session, lock):
    control, lease = take(ttl=1)
    heartbeat = Heartbeat(control, lease, on_lost=lambda: None)
    with heartbeat.beating():
        open_session().execute(f"UPDATE {lock.sql} SET FENCE = FENCE + 1")
        assert heartbeat.lost.wait(30)
        with pytest.raises(LeaseLost):
            heartbeat.check()


def test_a_heartbeat_keeps_the_lease_alive(take, open_session, lock):
    control, lease = take(ttl=5)
    other = open_session()
    before = look(other, lock).until
    heartbeat = Heartbeat(control, lease, on_lost=lambda: None)
    with heartbeat.beating():
        for _ in range(2000):
            if look(other, lock).until > before:
                return
    raise AssertionError("it never beat")


@pytest.mark.parametrize("sentence", ["DELETE FROM {}", "INSERT INTO {} SELECT * FROM {}"])
def test_without_its_one_row_nothing_is_taken(take, open_session, lock, sentence):
    open_session().execute(sentence.format(lock.sql, lock.sql))
    with pytest.raises(HistoryDamaged, match="missing or doubled"):
        take()
