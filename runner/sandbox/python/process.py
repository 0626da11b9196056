"""The sandbox's side of a child process: started for one function, asked, and gone when its statement ends."""

from __future__ import annotations

import shutil
import subprocess
import sys
import sysconfig
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import pyarrow as pa

from runner.sandbox.catalog.model import Routine
from runner.sandbox.classes import dataclass
from runner.sandbox.control import Control
from runner.sandbox.ddl.create_routine import return_type, returned_columns
from runner.sandbox.errors import SnowflakeError, unsupported
from runner.sandbox.javascript import start as javascript
from runner.sandbox.python.child import PROGRAM
from runner.sandbox.python.imports import is_archive
from runner.sandbox.python.packages import needs_sites
from runner.sandbox.python.pipe import Message, receive, send
from runner.sandbox.result import SnowType

ROOT = str(Path(__file__).resolve().parents[3])
INTERPRETER_ERROR = 100357
Answers = Callable[[Message], Message]


def interpreter_error(routine: Routine, traceback: object) -> SnowflakeError:
    """What the code raised, as Snowflake tells it."""
    where = f"in {routine.routine.lower()} {routine.name} with handler {routine.handler}"
    return SnowflakeError(INTERPRETER_ERROR, "P0000", f"Python Interpreter Error:\n{traceback}\n {where}")


def returned(routine: Routine) -> list[SnowType]:
    """The type of the value that comes back, or those of the columns."""
    kind, _ = return_type(routine.returns)
    return [kind] if kind is not None else [kind for _, kind in returned_columns(routine.returns)]


_ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
"""Packages that compute with threads of their own take a stack for each of the machine's."""


def _library() -> list[str]:
    """Folders of the interpreter's own modules."""
    paths = sysconfig.get_paths()
    return [paths["stdlib"], paths["platstdlib"], sysconfig.get_config_var("DESTSHARED") or ""]


def _python(routine: Routine, _: str) -> Message:
    """What a child process for Python is told first."""
    paths = sysconfig.get_paths()
    sites = sorted({paths["purelib"], paths["platlib"]}) if needs_sites(routine.packages) else []
    return {
        "sites": sites,
        "readable": [*_library(), *sites],
        "code": routine.body,
        "handler": routine.handler,
        "arguments": [each.type.name for each in routine.arguments],
        "names": [each.name for each in routine.arguments],
        "returns": [kind.name for kind in returned(routine)],
        "table": routine.returns.startswith("TABLE"),
    }


def _javascript(routine: Routine, zone: str) -> Message:
    return javascript.first(routine, returned(routine), zone, _library())


@dataclass(frozen=True, slots=True)
class _Language:
    """What the child of a language runs, is told first, and how its failures are told."""

    name: str
    program: str
    first: Callable[[Routine, str], Message]
    failure: Callable[[Routine, object], SnowflakeError]


LANGUAGES = {
    "PYTHON": _Language("Python", PROGRAM, _python, interpreter_error),
    "JAVASCRIPT": _Language("JavaScript", javascript.PROGRAM, _javascript, javascript.failure),
}


@contextmanager
def understood(routine: Routine) -> Iterator[None]:
    """What comes back from code that meddles with its messages is an error of the code's."""
    try:
        yield
    except (ValueError, TypeError, KeyError, AttributeError, ArithmeticError, pa.ArrowException) as error:
        text = f"what came back is no value of the declared type ({type(error).__name__})"
        raise LANGUAGES[routine.language].failure(routine, text) from error


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

    def __init__(self, routine: Routine, control: Control, zone: str = "UTC", imports: Sequence[Path] = ()) -> None:
        self.routine, self._control, self._imports = routine, control, imports
        self._zone, self._language = zone, LANGUAGES[routine.language]
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
            raise self._language.failure(self.routine, message["error"])
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
        text = f"The {self._language.name} process ended (code {code}): it may have had no memory left."
        return self._language.failure(self.routine, text)

    def _start(self) -> subprocess.Popen[bytes]:
        self._control.check()
        self._scratch = tempfile.mkdtemp(prefix="sandbox-python-")
        process = self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", self._language.program.format(root=ROOT)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            cwd=self._scratch, env={"LC_ALL": "C.UTF-8", "HOME": self._scratch, **_ONE_THREAD}, start_new_session=True,
        )  # fmt: skip
        self._control.attach(process.kill)
        assert process.stdin is not None
        send(process.stdin, {"root": ROOT, "imports": self._brought()} | self._language.first(self.routine, self._zone))
        return process

    def _brought(self) -> list[str]:
        """The files of IMPORTS in a folder of the child's own: where modules are looked for, the folder first."""
        folder = Path(self._scratch, "imports")
        if not self._imports:
            return []
        folder.mkdir()
        for path in self._imports:
            shutil.copyfile(path, folder / path.name)
        return [str(folder), *(str(folder / path.name) for path in self._imports if is_archive(path))]

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
