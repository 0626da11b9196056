"""Acknowledged means durable: the process is killed again and again while clients write."""

import os
import random
import signal
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from snowflake.connector.errors import Error

from runner.sandbox import client, process

KILLS = int(os.environ.get("SANDBOX_KILLS", "6"))
WRITERS = 3
MOVED = 1_000_000_000
"""By how much an UPDATE raises a number: more than the numbers of all rounds together."""


def write_until_it_dies(running, writer, start):
    """Insert numbers one by one; those that were acknowledged, and those of which it is not known."""
    acknowledged, doubtful = [], []
    try:
        connection = client.connect(running, "IMCUST", network_timeout=4, login_timeout=5)
        cursor = connection.cursor()
        for number in range(start, start + 10_000):
            doubtful = [number]
            cursor.execute(f"INSERT INTO D.PUBLIC.T VALUES ({writer}, {number})")
            acknowledged.append(number)
            if number % 5 == 0:
                cursor.execute("BEGIN")
                doubtful = [number + MOVED]
                cursor.execute(f"UPDATE D.PUBLIC.T SET N = N + {MOVED} WHERE W = {writer} AND N = {number}")
                cursor.execute("COMMIT")
                acknowledged[-1] = number + MOVED
    except Error as error:
        return acknowledged, doubtful, str(error)
    raise AssertionError("it never died")


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
    try:
        for round_ in range(KILLS):
            with ThreadPoolExecutor(WRITERS + 1) as pool:
                writers = [pool.submit(write_until_it_dies, running, w, round_ * 10_000) for w in range(WRITERS)]
                watched = client.connect(running, "IMCUST")
                enough = chance.randrange(5, 60)
                before = client.run(watched, "SELECT COUNT(*) FROM D.PUBLIC.T").rows[0][0]
                while client.run(watched, "SELECT COUNT(*) FROM D.PUBLIC.T").rows[0][0] < before + enough:
                    assert not all(writer.done() for writer in writers), [writer.result() for writer in writers]
                os.kill(running.pid, signal.SIGKILL)
                outcomes = [writer.result() for writer in writers]
            running = process.up(root)
            reader = client.connect(running, "IMCUST")
            for writer, (acknowledged, doubtful, _) in enumerate(outcomes):
                found = [row[0] for row in client.run(reader, f"SELECT N FROM D.PUBLIC.T WHERE W = {writer}").rows]
                known[writer] |= set(acknowledged)
                maybe = {n for d in doubtful for n in (d, d - MOVED)} & set(found)
                assert len(found) == len(set(found))
                lost = known[writer] - set(found) - {d - MOVED for d in doubtful}
                assert not lost, f"round {round_}: acknowledged and lost"
                known[writer] = set(found) if maybe else known[writer]
            reader.close()
    finally:
        process.down(root)
        for timer in set(threading.enumerate()) - before_us:
            timer.join(60)
