"""A verb that writes: watched, and stoppable. Ctrl-C once ends after the statement, twice cancels it."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeAlias

from runner.cli.progress import observer, waiting
from runner.core.errors import Interrupted, LeaseHeld

Handler: TypeAlias = Callable[..., None]


@contextmanager
def running(output: str) -> Iterator[tuple[Any, Any, Any]]:
    """Gives the observer, the stop, and what is called while waiting; signals are as before afterwards."""
    from runner.execution.stop import Stop

    stop = Stop()
    watch, end = observer(output)

    def asked(*_: object) -> None:
        _say("cancelling the statement …" if stop.requested.is_set() else "stopping after this statement …")
        stop.ask()

    def hung_up(*_: object) -> None:
        """The terminal was closed; it tells so more than once."""
        stop.requested.set()

    def wait(held: LeaseHeld) -> None:
        if stop.requested.is_set():
            raise Interrupted
        waiting(held)

    before = dict(_handled(asked, hung_up))
    try:
        yield watch, stop, wait
    finally:
        end()
        for number, handler in before.items():
            signal.signal(number, handler)


def _handled(asked: Handler, hung_up: Handler) -> Iterator[tuple[int, Any]]:
    """Puts the handlers in place, and gives what was there. Who started us with `nohup` wants no hang-up heard."""
    yield signal.SIGINT, signal.signal(signal.SIGINT, asked)
    yield signal.SIGTERM, signal.signal(signal.SIGTERM, asked)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        yield signal.SIGHUP, signal.signal(signal.SIGHUP, hung_up)


def _say(text: str) -> None:
    """From a signal handler: what is being written at the moment may not be entered again."""
    with suppress(OSError, ValueError):
        os.write(sys.stderr.fileno(), f"\n{text}\n".encode())
