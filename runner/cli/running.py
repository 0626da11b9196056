"""A verb that writes: watched, and stoppable. Ctrl-C once ends after the statement, twice cancels it."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from runner.cli.progress import observer, waiting


@contextmanager
def running(output: str) -> Iterator[tuple[Any, Any, Any]]:
    """Gives the observer, the stop, and what is called while waiting; signals are as before afterwards."""
    from runner.execution.stop import Stop

    stop = Stop()
    watch, end = observer(output)

    def asked(*_: object) -> None:
        text = "cancelling the statement …" if stop.requested.is_set() else "stopping after this statement …"
        click.echo(f"\n{text}", err=True)
        stop.ask()

    before = {number: signal.signal(number, asked) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield watch, stop, waiting
    finally:
        end()
        for number, handler in before.items():
            signal.signal(number, handler)
