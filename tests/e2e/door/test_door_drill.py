"""Acknowledged means durable: the process is killed again and again while clients write."""

import os
import random
import signal
import threading
from collections import deque
from concurrent.futures import ThreadPoolExecutor

import pytest
from snowflake.connector.errors import Error

from runner.sandbox import client, process

KILLS = int(os.environ.get("SANDBOX_KILLS", "6"))
WRITERS = 3
ENOUGH = 60
"""Rows of one round, at most, before the kill."""
MOVED = 1_000_000_000
"""By how much an UPDATE raises a number: more than the numbers of all rounds together."""


def write_until_it_dies(running, writer, start, told):
    """Insert numbers one by one, each with a release of `told`; what was acknowledged, and what it is not known of."""
    acknowledged, doubtful = [], []
    try:
        connection = client.connect(running, "IMCUST", network_timeout=4, login_timeout=5)
        cursor = connection.cursor()
        for number in range(start, start + 10_000):
            doubtful = [number]
            cursor.execute(f"INSERT INTO D.PUBLIC.T VALUES ({writer}, {number})")
            acknowledged.append(number)
            told.release()
            if number % 5 == 0:
                cursor.execute("BEGIN")
                doubtful = [number + MOVED]
                cursor.execute(f"UPDATE D.PUBLIC.T SET N = N + {MOVED} WHERE W = {writer} AND N = {number}")
                cursor.execute("COMMIT")
                acknowledged[-1] = number + MOVED
    except Error as error:
        told.release(ENOUGH)  # Nobody need wait for this writer.
        return acknowledged, doubtful, str(error)
    raise AssertionError("it never died")


def rows_of_the_writers(running):
    """What is there after a kill, before anybody writes again."""
    reader = client.connect(running, "IMCUST")
    rows = [client.run(reader, f"SELECT N FROM D.PUBLIC.T WHERE W = {writer}").rows for writer in range(WRITERS)]
    reader.close()
    return [[row[0] for row in each] for each in rows]


def check(known, round_, writers, rows):
    """All that was acknowledged in this round and before it is there, and each once."""
    for writer, (outcome, found) in enumerate(zip(writers, rows, strict=True)):
        acknowledged, doubtful, _ = outcome.result()
        known[writer] |= set(acknowledged)
        maybe = {n for d in doubtful for n in (d, d - MOVED)} & set(found)
        assert len(found) == len(set(found))
        lost = known[writer] - set(found) - {d - MOVED for d in doubtful}
        assert not lost, f"round {round_}: acknowledged and lost"
        known[writer] = set(found) if maybe else known[writer]


# The connector's own timers try to cancel at a process that is gone, in threads of their own; they are waited for,
# so that no later test hears of them.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.drill
def test_what_was_acknowledged_is_there_after_every_kill(tmp_path):
    before_us = set(threading.enumerate())
    root = tmp_path / "box"
    chance = random.Random(7)
    running = process.up(root)
    setup = client.connect(running, "IMCUST")
    for text in ("CREATE DATABASE D", "CREATE TABLE D.PUBLIC.T (W INT, N INT)"):
        client.run(setup, text)
    known = {writer: set() for writer in range(WRITERS)}
    rounds = deque()
    try:
        # A client needs up to ten seconds to see that nobody answers any more: meanwhile the next processes start, are
        # written to and are killed. What it was told is held against the rows that were there after its own kill.
        with ThreadPoolExecutor(8 * WRITERS) as pool:
            for round_ in range(KILLS):
                told = threading.Semaphore(0)
                writers = [pool.submit(write_until_it_dies, running, w, round_ * 10_000, told) for w in range(WRITERS)]
                for _ in range(chance.randrange(5, ENOUGH)):
                    told.acquire()
                assert not all(writer.done() for writer in writers), [writer.result() for writer in writers]
                os.kill(running.pid, signal.SIGKILL)
                running = process.up(root)
                rounds.append((round_, writers, rows_of_the_writers(running)))
                while all(writer.done() for writer in rounds[0][1]) and len(rounds) > 1:
                    check(known, *rounds.popleft())
            for each in rounds:
                check(known, *each)
    finally:
        process.down(root)
        for timer in set(threading.enumerate()) - before_us:
            timer.join(60)
