"""The child process of a routine in JavaScript: the engine holds the code, and answers until its input ends.

The code meets nothing of Python but one function, which asks the sandbox for a statement.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import IO, Any

from runner.sandbox.python import guard
from runner.sandbox.python.child import pipes, watch
from runner.sandbox.python.pipe import Message, receive, send

MEMORY = 512 << 20
"""Bytes that the code may hold."""
ANSWER = 128 << 20
"""Characters of what one batch of calls gives back."""
_OWN_LINES = 1_000_000
"""The prelude begins that far down, so that its lines are told from those of the code."""


def main() -> None:
    """Runs until the sandbox closes the pipe, or is gone."""
    orders, answers = pipes()
    first = receive(orders)
    if first is None:
        return
    prelude = Path(__file__).with_name("prelude.js").read_text(encoding="utf-8")
    os.environ["TZ"] = first["zone"]
    time.tzset()
    engine = _engine(first["sites"])
    guard.confine(first["readable"], os.getcwd())
    threading.Thread(target=watch, args=(os.getppid(),), daemon=True).start()
    routine = _Routine(first, engine.Context(), prelude, (orders, answers))
    while (order := receive(orders)) is not None:
        send(answers, routine.answer(order))


def _engine(sites: list[str]) -> Any:
    """The engine alone: the module around it starts a thread, and with two the kernel gives no namespace."""
    before = list(sys.path)
    sys.path += sites
    engine = importlib.import_module("_quickjs")
    sys.path[:] = before
    return engine


class _Routine:
    """The engine with the code, which is compiled by the first order."""

    def __init__(self, first: Message, context: Any, prelude: str, pipe: tuple[IO[bytes], IO[bytes]]) -> None:
        self._orders, self._answers = pipe
        self._refused = _wrong_clock(first)
        self._facts = json.dumps(first["facts"])
        context.set_memory_limit(MEMORY)
        if first["asks"]:
            context.add_callable("$ask", self._ask)
        self._perform = context.eval("\n" * _OWN_LINES + prelude)

    def answer(self, order: Message) -> Message:
        if self._refused:
            return {"refused": self._refused}
        try:
            told = self._perform(self._facts, json.dumps(order))
            if len(told) > ANSWER:
                raise ValueError(f"a result of {len(told)} characters; {ANSWER} are allowed")
            answer: Message = json.loads(told)
        except Exception as error:  # noqa: BLE001 - an engine without memory cannot even tell its error
            return {"error": {"uncaught": str(error).partition("\n")[0], "at": None}}
        return answer if isinstance(answer, dict) else {"error": {"uncaught": "no answer", "at": None}}

    def _ask(self, question: str) -> str:
        send(self._answers, json.loads(question))
        answer = receive(self._orders)
        if answer is None:
            os._exit(1)
        return json.dumps(answer)


def _wrong_clock(first: Message) -> str | None:
    """Why the engine's local time would be wrong: the system may know no time zones."""
    if all(time.localtime(second).tm_gmtoff == offset for second, offset in first["offsets"]):
        return None
    return f"LANGUAGE JAVASCRIPT in the time zone {first['zone']}, which this machine's system does not know"
