"""How a running statement is stopped from outside: cancelled, timed out, its session or transaction aborted."""

from __future__ import annotations

import threading
from collections.abc import Callable

from runner.sandbox.errors import SnowflakeError


def canceled() -> SnowflakeError:
    return SnowflakeError(604, "57014", "SQL execution canceled")


def timed_out(seconds: int) -> SnowflakeError:
    return SnowflakeError(
        630, "57014", f"Statement reached its statement or warehouse timeout of {seconds} second(s) and was canceled."
    )


class Control:
    """One statement and all it runs nested. Once stopped it stays stopped; `check` raises the reason in its thread."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._interrupts: list[Callable[[], None]] = []
        self.reason: SnowflakeError | None = None

    def stop(self, reason: SnowflakeError) -> None:
        """Stop it now: whatever it waits for or computes is interrupted. The first reason stays."""
        with self._mutex:
            self.reason = self.reason or reason
            interrupts = list(self._interrupts)
        for interrupt in interrupts:
            interrupt()

    def check(self) -> None:
        if self.reason is not None:
            raise self.reason

    def wait(self, seconds: float) -> None:
        """Pause, unless it is stopped; raises then."""
        woken = threading.Event()
        self.attach(woken.set)
        try:
            woken.wait(seconds)
        finally:
            self.detach(woken.set)
        self.check()

    def attach(self, interrupt: Callable[[], None]) -> None:
        """From now on `stop` also calls this; raises at once when already stopped."""
        with self._mutex:
            self._interrupts.append(interrupt)
        self.check()

    def detach(self, interrupt: Callable[[], None]) -> None:
        with self._mutex:
            self._interrupts.remove(interrupt)
