"""The sandbox's side of a child process: started for one function, asked, and gone when its statement ends."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import tempfile
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from runner.sandbox.catalog.model import Routine
from runner.sandbox.control import Control
from runner.sandbox.ddl.create_routine import return_type, returned_columns
from runner.sandbox.errors import SnowflakeError, unsupported
from runner.sandbox.python.child import PROGRAM
from runner.sandbox.python.packages import needs_sites
from runner.sandbox.python.pipe import Message, receive, send
from runner.sandbox.result import SnowType

ROOT = str(Path(__file__).resolve().parents[3])
INTERPRETER_ERROR = 100357
Answers = Callable[[Message], Message]


def interpreter_error(routine: Routine, traceback: str) -> SnowflakeError:
    """What the code raised, as Snowflake tells it."""
    where = f"in {routine.routine.lower()} {routine.name} with handler {routine.handler}"
    return SnowflakeError(INTERPRETER_ERROR, "P0000", f"Python Interpreter Error:\n{traceback}\n {where}")


def returned(routine: Routine) -> list[SnowType]:
    """The type of the value that comes back, or those of the columns."""
    kind, _ = return_type(routine.returns)
    return [kind] if kind is not None else [kind for _, kind in returned_columns(routine.returns)]


def _ended(process: subprocess.Popen[bytes]) -> int:
    """How a process ended that has closed its pipe."""
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=5)
    process.kill()
    return process.wait()


class Child:
    """One process with the code of one routine. It is started by the first question, and one question runs at a time.

    Cancelling the statement kills it; `close` leaves neither the process nor its folder.
    """

    def __init__(self, routine: Routine, control: Control) -> None:
        self.routine, self._control = routine, control
        self._process: subprocess.Popen[bytes] | None = None
        self._scratch = ""
        self._mutex = threading.Lock()

    def ask(self, order: Message, answers: Answers | None = None) -> Message:
        """The answer to an order; what the child asks meanwhile is answered by `answers`."""
        with self._mutex:
            try:
                process = self._process or self._start()
                message = self._exchange(process, order, answers)
            except (OSError, ValueError) as error:
                raise self._gone() from error
            if message is None:
                raise self._gone()
        if "refused" in message:
            raise unsupported(str(message["refused"]))
        if "error" in message:
            raise interpreter_error(self.routine, str(message["error"]))
        return message

    def _exchange(self, process: subprocess.Popen[bytes], order: Message, answers: Answers | None) -> Message | None:
        assert process.stdin is not None
        assert process.stdout is not None
        send(process.stdin, order)
        message = receive(process.stdout)
        while message is not None and "sql" in message and answers is not None:
            send(process.stdin, answers(message))
            message = receive(process.stdout)
        return message

    def _gone(self) -> SnowflakeError:
        self._control.check()
        code = _ended(self._process) if self._process is not None else None
        return interpreter_error(
            self.routine, f"The Python process ended (code {code}): it may have had no memory left."
        )

    def _start(self) -> subprocess.Popen[bytes]:
        self._control.check()
        self._scratch = tempfile.mkdtemp(prefix="sandbox-python-")
        process = self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", PROGRAM.format(root=ROOT)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            cwd=self._scratch, env={"LC_ALL": "C.UTF-8", "HOME": self._scratch}, start_new_session=True,
        )  # fmt: skip
        self._control.attach(process.kill)
        assert process.stdin is not None
        send(process.stdin, self._first())
        return process

    def _first(self) -> Message:
        paths = sysconfig.get_paths()
        sites = sorted({paths["purelib"], paths["platlib"]}) if needs_sites(self.routine.packages) else []
        return {
            "root": ROOT,
            "sites": sites,
            "readable": [paths["stdlib"], paths["platstdlib"], sysconfig.get_config_var("DESTSHARED") or "", *sites],
            "code": self.routine.body,
            "handler": self.routine.handler,
            "arguments": [each.type.name for each in self.routine.arguments],
            "returns": [kind.name for kind in returned(self.routine)],
            "table": self.routine.returns.startswith("TABLE"),
        }

    def close(self) -> None:
        """End the process and throw its folder away."""
        process, self._process = self._process, None
        if process is None:
            return
        self._control.detach(process.kill)
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with suppress(OSError):  # What could not be written to a dead process is not missed.
                    stream.close()
        shutil.rmtree(self._scratch, ignore_errors=True)
