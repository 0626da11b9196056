"""Starting, finding, stopping and losing the process."""

import http.client
import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest

from runner.sandbox import client, files, needs, process
from runner.sandbox.process import NotInstalled, SandboxError


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "box"
    yield folder
    process.down(folder)


def ask(running, text):
    connection = client.connect(running, "IMCUST")
    try:
        return client.run(connection, text).rows
    finally:
        connection.close()


def test_up_twice_is_up_once_and_down_twice_is_down_once(root):
    first, second = process.up(root), process.up(root)

    assert (first.pid, first.port) == (second.pid, second.port)
    assert process.status(root)["accounts"] == ["IMCUST", "IMSDLC"]
    assert process.down(root) is True
    assert process.down(root) is False
    assert process.status(root) is None


def test_up_from_several_places_at_once_starts_one(root):
    with ThreadPoolExecutor(3) as pool:
        found = list(pool.map(process.up, [root] * 3))

    assert len({(running.pid, running.port) for running in found}) == 1


def test_state_survives_down_and_kill(root):
    running = process.up(root)
    ask(running, "CREATE DATABASE D")
    ask(running, "CREATE TABLE D.PUBLIC.T (N INT)")
    ask(running, "INSERT INTO D.PUBLIC.T VALUES (1)")
    process.down(root)

    running = process.up(root)
    ask(running, "INSERT INTO D.PUBLIC.T VALUES (2)")
    os.kill(running.pid, signal.SIGKILL)

    again = process.up(root)
    assert again.pid != running.pid
    assert ask(again, "SELECT SUM(N) FROM D.PUBLIC.T") == [(3,)]


def test_a_second_process_on_the_same_root_is_refused(root):
    running = process.up(root)

    second = subprocess.run(
        [sys.executable, "-m", "runner.sandbox", "--root", str(root)], capture_output=True, text=True, check=False
    )

    assert second.returncode == 3
    assert "owns" in second.stderr
    assert process.find(root) == running


def test_reset_starts_empty_and_spares_other_folders(root, tmp_path):
    before = process.up(root)
    ask(before, "CREATE DATABASE D")

    after = process.reset(root)

    assert [row for row in ask(after, "SHOW DATABASES") if row[1] == "D"] == []
    other = tmp_path / "other"
    other.mkdir()
    (other / "precious").write_text("x")
    with pytest.raises(SandboxError, match="not a sandbox"):
        process.reset(other)
    assert (other / "precious").exists()


def test_a_stale_pid_file_harms_nobody(root):
    root.mkdir()
    (root / files.PID).write_text(str(os.getpid()))
    (root / files.PORT).write_text("1")

    assert process.find(root) is None
    assert process.down(root) is False
    assert process.up(root).pid != os.getpid()


def test_a_file_in_the_place_of_the_root_is_named(tmp_path):
    (tmp_path / "box").write_text("")

    with pytest.raises(SandboxError, match="is a file"):
        process.up(tmp_path / "box")


def test_a_process_that_cannot_start_says_why(root):
    root.mkdir()
    (root / "org.duckdb").write_text("this is no database")

    with pytest.raises(SandboxError, match=r"did not start(.|\n)*org\.duckdb"):
        process.up(root)


@pytest.mark.parametrize(("found", "words"), [(False, "duckdb, httptools, numpy, pyarrow"), (True, None)])
def test_what_is_not_installed_is_named_with_the_remedy(monkeypatch, found, words):
    monkeypatch.setattr(needs, "find_spec", lambda name: object() if found else None)

    why = needs.missing()

    assert why is None if words is None else words in why and "pip install" in why


def test_an_environment_without_the_engine_starts_nothing(root, monkeypatch):
    monkeypatch.setattr(process, "missing", lambda: "install it")

    with pytest.raises(NotInstalled, match="install it"):
        process.up(root)


def test_the_sandbox_may_live_in_another_interpreter(root, monkeypatch, tmp_path):
    monkeypatch.setenv(process.INTERPRETER, sys.executable)
    monkeypatch.chdir(tmp_path)

    assert ask(process.up(root), "SELECT 1") == [(1,)]


def test_an_interpreter_that_is_not_there_is_named(root, monkeypatch):
    monkeypatch.setenv(process.INTERPRETER, "/nowhere/python")

    with pytest.raises(SandboxError, match="/nowhere/python"):
        process.up(root)


def test_finding_a_sandbox_imports_nothing_of_the_engine():
    program = (
        "import sys; from pathlib import Path; from runner.sandbox import process; process.status(Path('nowhere'));"
        "heavy = ('duckdb', 'starlette', 'snowflake.connector', 'pyarrow', 'sqlglot');"
        "print([m for m in heavy if m in sys.modules])"
    )

    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert told.stdout.strip() == "[]"


def test_sessions_do_not_survive_a_restart_and_the_client_is_told(root):
    running = process.up(root)
    connection = client.connect(running, "IMCUST")
    header = f'Snowflake Token="{connection.rest.token}"'
    os.kill(running.pid, signal.SIGKILL)

    again = process.up(root)

    line = http.client.HTTPConnection("127.0.0.1", again.port, timeout=30)
    body = json.dumps({"sqlText": "SELECT 1"})
    line.request("POST", "/queries/v1/query-request?requestId=1", body, {"Authorization": header})
    answer = json.loads(line.getresponse().read())
    line.close()
    assert (answer["success"], answer["code"]) == (False, "390104")
