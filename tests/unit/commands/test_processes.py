"""Whether another process still lives, also where there is no `ps`, no /proc, and no name for the user."""

import os
import subprocess
import sys

import pytest

from runner.commands import processes


@pytest.fixture(params=["/proc", "/nowhere"])
def system(request, monkeypatch, tmp_path):
    """With /proc, and as on a machine without."""
    monkeypatch.setattr(processes, "_PROC", processes.Path(request.param))


def test_this_process_lives_and_was_born_once(system):
    assert processes.born(os.getpid())
    assert processes.born(os.getpid()) == processes.born(os.getpid())


def test_a_process_that_ended_is_dead_also_while_its_parent_did_not_look(system):
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        assert processes.born(process.pid)
        process.kill()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
        assert processes.born(process.pid) is None
    assert processes.born(process.pid) is None


def test_without_proc_and_ps_nothing_is_known(monkeypatch):
    monkeypatch.setattr(processes, "_PROC", processes.Path("/nowhere"))
    monkeypatch.setenv("PATH", "/nowhere")
    assert processes.born(os.getpid()) == processes.UNKNOWN
    assert processes.machine()


def test_a_user_without_a_name(monkeypatch):
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os, "getuid", lambda: 1_234_567)
    assert processes.user() == "uid 1234567"
