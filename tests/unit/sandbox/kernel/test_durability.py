"""Acknowledged is durable: the process is killed while it works, and what it had said stays true."""

import os
import signal
import subprocess
import sys

import pytest

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


def _work_until_killed(root, commits):
    """Let a child commit that often and kill it; the last number that it acknowledged."""
    child = subprocess.Popen([sys.executable, "-c", CHILD, str(root)], stdout=subprocess.PIPE, text=True)
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
