"""Processes of the `runner` command without the second that Python takes to load it: forked from one that has."""

from __future__ import annotations

import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from multiprocessing.connection import Connection
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_warm = multiprocessing.get_context("forkserver")
_warm.set_forkserver_preload(["tests.e2e.warm"])


class Forked:
    """`subprocess.Popen`, as far as tests need it: a process of its own, with streams, signals and an exit code."""

    def __init__(self, words: tuple[str, ...], variables: Mapping[str, str]) -> None:
        descriptor, path = tempfile.mkstemp(prefix="runner-out-")
        os.close(descriptor)
        self._out = Path(path)
        self._said: tuple[str, str] | None = None
        reading, writing = _warm.Pipe(duplex=False)
        self._process = _warm.Process(target=_command, args=(words, dict(variables), path, writing))
        self._process.start()
        writing.close()
        self.stderr = os.fdopen(os.dup(reading.fileno()))
        reading.close()
        self.pid = self._process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def wait(self) -> None:
        self._process.join()

    def kill(self) -> None:
        self._process.kill()

    def send_signal(self, number: int) -> None:
        if self.pid is not None and self.poll() is None:
            os.kill(self.pid, number)

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """What it said, when it has ended; of the errors, what was not read yet."""
        self._process.join(timeout)
        if self.poll() is None:
            raise subprocess.TimeoutExpired("runner", timeout or 0)
        if self._said is None:
            with self.stderr:
                self._said = self._out.read_text(), self.stderr.read()
            self._out.unlink()
        return self._said


def _command(words: tuple[str, ...], variables: Mapping[str, str], out: str, errors: Connection) -> None:
    """In the new process: the streams that it was given, and what `python -m runner` does."""
    from runner.__main__ import command

    sys.stdout.flush()
    with open(out, "w") as file:
        os.dup2(file.fileno(), 1)
    os.dup2(errors.fileno(), 2)
    errors.close()
    os.environ.clear()
    os.environ.update(variables)
    os.chdir(ROOT)
    sys.argv = ["runner", *words]
    command()
