"""What takes long: many clients at once, results larger than memory should be, more objects than SHOW tells."""

import os
import re
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from runner.sandbox import client, process

pytestmark = pytest.mark.drill
CLIENTS = 16
ACCOUNTS = 8
SECONDS = float(os.environ.get("SANDBOX_DRILL_SECONDS", "10"))
MEMORY = 256 * 1024**2


@pytest.fixture
def box(tmp_path):
    running = process.up(tmp_path / "box")
    yield running
    process.down(running.root)


def most_memory(running):
    """The most the process ever held, in bytes."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path(f"/proc/{running.pid}/status").read_text())
    return int(found[1]) * 1024


def transferring(running, number, ends):
    """Moves amounts between two rows in a transaction, again and again; how often."""
    connection = client.connect(running, "IMCUST", database="D", schema="PUBLIC")
    cursor, done = connection.cursor(), 0
    while time.monotonic() < ends:
        giver, taker = number % ACCOUNTS, (number + done + 1) % ACCOUNTS
        cursor.execute("BEGIN")
        cursor.execute("UPDATE BALANCES SET N = N - 1 WHERE ID = %s", (giver,))
        cursor.execute("UPDATE BALANCES SET N = N + 1 WHERE ID = %s", (taker,))
        cursor.execute("INSERT INTO MOVED VALUES (%s, %s)", (number, done))
        cursor.execute("COMMIT")
        done += 1
    connection.close()
    return done


def test_sixteen_clients_lose_nothing_and_none_starves(box):
    setup = client.connect(box, "IMCUST")
    for text in (
        "CREATE DATABASE D",
        "CREATE TABLE BALANCES (ID INT, N INT)",
        "CREATE TABLE MOVED (WHO INT, N INT)",
        f"INSERT INTO BALANCES SELECT SEQ4(), 1000 FROM TABLE(GENERATOR(ROWCOUNT => {ACCOUNTS}))",
    ):
        client.run(setup, text)
    ends = time.monotonic() + SECONDS
    with ThreadPoolExecutor(CLIENTS) as pool:
        counts = list(pool.map(lambda number: transferring(box, number, ends), range(CLIENTS)))

    assert min(counts) > 0
    assert client.run(setup, "SELECT SUM(N) FROM BALANCES").rows == [(1000 * ACCOUNTS,)]
    assert client.run(setup, "SELECT COUNT(*), COUNT(DISTINCT WHO, N) FROM MOVED").rows == [(sum(counts), sum(counts))]


def test_a_result_of_five_million_rows_is_bounded_in_memory(box):
    connection = client.connect(box, "IMCUST")
    before = most_memory(box)
    cursor = connection.cursor().execute(
        "SELECT SEQ8() AS N, MD5(N::VARCHAR) AS H FROM TABLE(GENERATOR(ROWCOUNT => 5000000))"
    )
    read = sum(1 for _ in cursor)

    assert read == 5_000_000
    assert most_memory(box) - before < MEMORY


def test_show_tells_ten_thousand_objects_and_information_schema_all(box):
    connection = client.connect(box, "IMCUST")
    cursor = connection.cursor()
    cursor.execute("CREATE DATABASE MANY")
    for first in range(0, 10_050, 2_010):
        made = "EXECUTE IMMEDIATE 'CREATE TABLE T' || i || ' (N INT)';"
        cursor.execute(f"BEGIN FOR i IN {first} TO {first + 2_009} DO {made} END FOR; END")
    shown = len(cursor.execute("SHOW TABLES IN DATABASE MANY").fetchall())

    assert shown == 10_000
    counted = cursor.execute("SELECT COUNT(*) FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = 'PUBLIC'").fetchone()
    assert counted == (10_050,)
    assert len(cursor.execute("SHOW TABLES IN DATABASE MANY LIMIT 100 FROM 'T9990'").fetchall()) < 100
