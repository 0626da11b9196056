"""Acknowledged is durable: the process is killed while it works, and what it had said stays true."""

import os
import random
import shutil
import signal
import subprocess
import sys

import pytest

from runner.sandbox import bootstrap
from runner.sandbox.engine import Engine

CHILD = """
import sys, threading
from pathlib import Path
from runner.sandbox import bootstrap
from runner.sandbox.engine import Engine

root = Path(sys.argv[1])
engine = Engine.open(root)
bootstrap.create_organization(engine.catalog, root)
session = engine.login("IMSDLC", "SANDBOX_ADMIN", "ACCOUNTADMIN")
for sql in ("CREATE DATABASE IF NOT EXISTS d", "USE SCHEMA d.public", "CREATE TABLE IF NOT EXISTS t (a INT, b INT)",
            "CREATE TABLE IF NOT EXISTS u (a INT)"):
    engine.execute(session, sql)
start = int(engine.execute(session, "SELECT COALESCE(MAX(a), 0) FROM t").scalar())
print("ready", start, flush=True)
for at in range(start + 1, start + 100000):
    engine.execute(session, "BEGIN")
    engine.execute(session, f"INSERT INTO t VALUES ({at}, 0)")
    engine.execute(session, f"UPDATE t SET b = a WHERE a = {at}")
    engine.execute(session, f"INSERT INTO u VALUES ({at})")
    engine.execute(session, "COMMIT")
    print(at, flush=True)
"""


def _work_until_killed(root, commits, program=CHILD):
    """Let a child commit that often and kill it; the last number that it acknowledged."""
    child = subprocess.Popen([sys.executable, "-c", program, str(root)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    said = int(child.stdout.readline().split()[1])
    for _ in range(commits):
        said = int(child.stdout.readline())
    os.kill(child.pid, signal.SIGKILL)
    rest = child.stdout.read().split()
    child.stdout.close()
    child.wait()
    return int(rest[-1]) if rest and rest[-1].isdigit() else said


@pytest.mark.parametrize("commits", [1, 7])
def test_what_was_acknowledged_is_there_after_a_kill(tmp_path, commits):
    for _ in range(2):
        said = _work_until_killed(tmp_path, commits)
        engine = Engine.open(tmp_path)
        session = engine.login("IMSDLC", "SANDBOX_ADMIN", "ACCOUNTADMIN", None, "D", "PUBLIC")
        rows = engine.execute(session, "SELECT a, b FROM t ORDER BY a").rows()
        others = engine.execute(session, "SELECT a FROM u ORDER BY a").rows()
        engine.close()
        # One commit more may have become durable before its acknowledgement was written.
        assert len(rows) in (said, said + 1)
        assert rows == [(at, at) for at in range(1, len(rows) + 1)]
        assert others == [(at,) for at in range(1, len(rows) + 1)]


LOOPS = (
    CHILD.split("for at in range")[0]
    + """
for at in range(start + 1, start + 100000):
    engine.execute(session, f"BEGIN FOR i IN 1 TO 20 DO INSERT INTO t VALUES ({at}, :i); END FOR; END")
    print(at, flush=True)
"""
)


def test_what_a_loop_inserted_is_there_when_its_statement_was_acknowledged(tmp_path):
    for _ in range(2):
        said = _work_until_killed(tmp_path, 5, LOOPS)
        engine = Engine.open(tmp_path)
        session = engine.login("IMSDLC", "SANDBOX_ADMIN", "ACCOUNTADMIN", None, "D", "PUBLIC")
        rows = engine.execute(session, "SELECT a, b FROM t ORDER BY a, b").rows()
        engine.close()
        assert rows[: 20 * said] == [(a, b) for a in range(1, said + 1) for b in range(1, 21)]
        # Of the statement that the kill cut short, the first rows may be there, and no other.
        assert [b for _, b in rows[20 * said :]] == list(range(1, len(rows) - 20 * said + 1))


def test_nothing_is_left_over_from_what_was_not_committed(tmp_path):
    _work_until_killed(tmp_path, 3)
    engine = Engine.open(tmp_path)
    found = engine.storage.connection.execute(
        "SELECT count(*) FROM duckdb_tables() WHERE table_name ~ '^s[0-9]+$'"
    ).fetchall()
    needed = {n for r in engine.catalog.records.values() for n in [getattr(r, "storage", None)] if n}
    versions = {v.storage for r in engine.catalog.records.values() for v in getattr(r, "versions", [])}
    engine.close()
    assert found == [(len(needed | versions),)]


def test_everything_is_there_after_a_restart(tmp_path):
    engine = Engine.open(tmp_path)
    from runner.sandbox import bootstrap

    bootstrap.create_organization(engine.catalog, tmp_path)
    session = engine.login("IMSDLC", "SANDBOX_ADMIN", "ACCOUNTADMIN")
    for sql in (
        "CREATE DATABASE d", "CREATE TABLE d.public.t (id INT IDENTITY, v VARCHAR(3) DEFAULT 'x')",
        "CREATE SEQUENCE d.public.s", "INSERT INTO d.public.t (v) VALUES ('a')", "SELECT d.public.s.NEXTVAL",
        "CREATE VIEW d.public.w AS SELECT v FROM t",
    ):  # fmt: skip
        engine.execute(session, sql)
    first = session.id
    engine.close()
    engine = Engine.open(tmp_path)
    session = engine.login("IMSDLC", "SANDBOX_ADMIN", "ACCOUNTADMIN", None, "D", "PUBLIC")
    engine.execute(session, "INSERT INTO t (v) VALUES (DEFAULT)")
    assert engine.execute(session, "SELECT id, v, (SELECT COUNT(*) FROM w) FROM t ORDER BY id").rows() == [
        (1, "a", 2),
        (2, "x", 2),
    ]
    assert engine.execute(session, "SELECT s.NEXTVAL").scalar() == 2
    assert session.id > first
    engine.close()


FULL = """
import resource, signal, sys
from pathlib import Path
from runner.sandbox import bootstrap
from runner.sandbox.engine import Engine
from runner.sandbox.errors import SnowflakeError

root = Path(sys.argv[1])
engine = Engine.open(root)
bootstrap.create_organization(engine.catalog, root)
session = engine.login("IMSDLC", "SANDBOX_ADMIN", "ACCOUNTADMIN")
for sql in ("CREATE DATABASE d", "CREATE TABLE t (a INT, b VARCHAR)", "CREATE TABLE u (a INT)"):
    engine.execute(session, sql)
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000))
rows = "SELECT {0}, REPEAT(SHA2(TO_VARCHAR({0} * 1000 + SEQ4())), 8) FROM TABLE(GENERATOR(ROWCOUNT => 200))"
for at in range(30):
    texts = [f"INSERT INTO t {rows.format(at)}"]
    if at % 2:
        texts = ["BEGIN", *texts, f"INSERT INTO u VALUES ({at})", "COMMIT"]
    try:
        for text in texts:
            engine.execute(session, text)
        print("done", at, flush=True)
    except SnowflakeError as error:
        print("failed", at, error.errno, text.split()[0], error.message.split(":")[2], flush=True)
        if session.transaction is not None:
            engine.rollback(session.transaction)
            session.transaction = None
"""


def test_what_a_full_disk_does_not_take_is_an_error_and_nothing_of_it_is_there(tmp_path):
    child = subprocess.run(
        [sys.executable, "-c", FULL, str(tmp_path)], stdout=subprocess.PIPE, text=True, timeout=120, check=False
    )
    lines = [line.split(maxsplit=4) for line in child.stdout.splitlines()]
    done = [int(words[1]) for words in lines if words[0] == "done"]
    failed = [words for words in lines if words[0] == "failed"]
    engine = Engine.open(tmp_path)
    session = engine.login("IMSDLC", "SANDBOX_ADMIN", "ACCOUNTADMIN", None, "D", "PUBLIC")
    rows = engine.execute(session, "SELECT a, COUNT(*) FROM t GROUP BY a ORDER BY a").rows()
    others = engine.execute(session, "SELECT a FROM u ORDER BY a").rows()
    engine.close()
    assert done
    assert {words[2] for words in failed} == {"603"}
    assert all("cannot write" in words[4] for words in failed)
    assert rows == [(at, 200) for at in done]
    assert others == [(at,) for at in done if at % 2]


RANDOM = """
import random, sys, threading
from pathlib import Path
from runner.sandbox import bootstrap
from runner.sandbox.engine import Engine

root, seed = Path(sys.argv[1]), int(sys.argv[2])
engine = Engine.open(root)
bootstrap.create_organization(engine.catalog, root)
said = threading.Lock()
ready = threading.Barrier(3)

def say(*words):
    with said:
        print(*words, flush=True)

def work(writer):
    chance = random.Random(seed * 10 + writer)
    session = engine.login("IMSDLC", "SANDBOX_ADMIN", "ACCOUNTADMIN")
    run = lambda *texts: [engine.execute(session, text) for text in texts][-1]
    run("CREATE DATABASE IF NOT EXISTS d", "USE SCHEMA d.public", "CREATE TABLE IF NOT EXISTS t (w INT, n INT, v INT)",
        "CREATE TABLE IF NOT EXISTS u (w INT, n INT)", "CREATE SEQUENCE IF NOT EXISTS q",
        f"CREATE TABLE IF NOT EXISTS o{writer} (n INT)")
    ready.wait()
    for at in range(seed * 1000, seed * 1000 + 1000):
        kind = chance.choice(["plain", "several", "table", "overwrite", "number"])
        say("try", writer, kind, at)
        number = ""
        if kind == "plain":
            run(f"INSERT INTO t VALUES ({writer}, {at}, 0)")
        elif kind == "several":
            run("BEGIN", f"INSERT INTO t VALUES ({writer}, {at}, 1)", f"INSERT INTO u VALUES ({writer}, {at})",
                f"UPDATE t SET v = 2 WHERE w = {writer} AND n = {at}", "COMMIT")
        elif kind == "table":
            run(f"CREATE TABLE d{writer}_{at} AS SELECT {at} AS n")
        elif kind == "overwrite":
            run(f"INSERT OVERWRITE INTO o{writer} SELECT {at} FROM TABLE(GENERATOR(ROWCOUNT => 3))")
        else:
            number = run("SELECT q.NEXTVAL").scalar()
        say("did", writer, kind, at, number)

writers = [threading.Thread(target=work, args=(writer,)) for writer in range(3)]
for thread in writers:
    thread.start()
for thread in writers:
    thread.join()
"""


def _random_work(root, seed, lines):
    """What each of the writers was told was done, and what it was doing, till the process was killed."""
    child = subprocess.Popen([sys.executable, "-c", RANDOM, str(root), str(seed)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    said = [child.stdout.readline() for _ in range(lines)]
    os.kill(child.pid, signal.SIGKILL)
    said += child.stdout.read().splitlines()
    child.stdout.close()
    child.wait()
    return [words for line in said if len(words := line.split()) >= 4]


@pytest.mark.drill
def test_fifty_kills_lose_nothing_that_was_acknowledged(tmp_path):
    chance = random.Random(11)
    done = {"plain": set(), "several": set(), "table": set()}
    numbers = []
    last = {}
    for seed in range(1, 51):
        said = _random_work(tmp_path, seed, chance.randrange(12, 120))
        acknowledged = {tuple(words[1:4]) for words in said if words[0] == "did"}
        doubtful = {tuple(words[1:4]) for words in said if words[0] == "try"} - acknowledged
        numbers += [words[4] for words in said if words[0] == "did" and words[2] == "number" and len(words) > 4]
        assert len(doubtful) <= 3
        engine = Engine.open(tmp_path)
        session = engine.login("IMSDLC", "SANDBOX_ADMIN", "ACCOUNTADMIN", None, "D", "PUBLIC")
        plain = engine.execute(session, "SELECT w, n, v FROM t").rows()
        others = engine.execute(session, "SELECT w, n FROM u").rows()
        tables = engine.execute(session, "SHOW TERSE TABLES LIKE 'D%'").rows()
        overwritten = [sorted(engine.execute(session, f"SELECT n FROM o{w}").rows()) for w in range(3)]
        engine.close()
        found = {
            "plain": {(str(w), str(n)) for w, n, v in plain if v == 0},
            "several": {(str(w), str(n)) for w, n, v in plain if v == 2},
            "table": {tuple(row[1][1:].split("_")) for row in tables},
        }
        assert len(plain) == len(found["plain"]) + len(found["several"]), "half a transaction"
        assert {(str(w), str(n)) for w, n in others} == found["several"], "half a transaction"
        for kind, there in found.items():
            done[kind] |= {(w, n) for w, each, n in acknowledged if each == kind}
            maybe = {(w, n) for w, each, n in doubtful if each == kind}
            assert done[kind] <= there, f"kill {seed}: acknowledged and lost"
            assert there <= done[kind] | maybe, f"kill {seed}: there though nobody was told"
            done[kind] = there
        for writer, rows in enumerate(overwritten):
            mine = [words for words in said if words[1] == str(writer) and words[2] == "overwrite"]
            told = [int(words[3]) for words in mine if words[0] == "did"]
            last[writer] = {told[-1]} if told else last.get(writer, set())
            allowed = last[writer] | {int(n) for w, kind, n in doubtful if (w, kind) == (str(writer), "overwrite")}
            values = {int(n) for (n,) in rows}
            assert len(rows) == 3 * len(values), f"kill {seed}: half an overwrite"
            assert values <= allowed
            assert values or not last[writer]
            last[writer] = values
    assert len(numbers) == len(set(numbers)), "a number of the sequence was given twice"


def test_the_log_can_be_replayed_after_columns_were_turned_and_added(tmp_path):
    """As after a kill: the files are copied while the engine has them open. Its log is replayed with few functions."""
    root, left = tmp_path / "org", tmp_path / "left"
    engine = Engine.open(root)
    bootstrap.create_organization(engine.catalog, root)
    session = engine.login("IMSDLC", "SANDBOX_ADMIN", "ACCOUNTADMIN")
    for sql in (
        "CREATE DATABASE d", "USE SCHEMA d.public",
        "CREATE TABLE t (a TIMESTAMP_NTZ, l TIMESTAMP_LTZ, z TIMESTAMP_TZ, c TIME)",
        "INSERT INTO t VALUES ('2024-01-01', '2024-01-01', '2024-01-01 00:00:00 +0100', '01:00:00')",
        "INSERT INTO t SELECT x, x, x, x::TIME FROM (SELECT '2024-01-01 00:00:00.000000009'::TIMESTAMP_NTZ x)",
        "ALTER TABLE t ADD COLUMN v VARIANT DEFAULT 'x'",
        "ALTER TABLE t ADD COLUMN w TIMESTAMP_TZ DEFAULT '2024-01-01 00:00:00.000000009 +0100'",
        "ALTER TABLE t ADD COLUMN y BOOLEAN DEFAULT 'on'", "ALTER TABLE t ALTER COLUMN y SET NOT NULL",
    ):  # fmt: skip
        engine.execute(session, sql)
    shutil.copytree(root, left)
    engine.close()
    again = Engine.open(left)
    try:
        session = again.login("IMSDLC", "SANDBOX_ADMIN", "ACCOUNTADMIN", None, "D", "PUBLIC")
        asked = "SELECT SUM(DATE_PART(ns, a)), MAX(TO_CHAR(z, 'FF9')), MAX(TO_CHAR(c, 'FF9')) FROM t"
        assert again.execute(session, asked).rows() == [(9, "000000009", "000000009")]
        asked = "SELECT DISTINCT v::VARCHAR, TO_CHAR(w, 'FF9 TZH'), y FROM t"
        assert again.execute(session, asked).rows() == [("x", "000000009 +01", True)]
    finally:
        again.close()
