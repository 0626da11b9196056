"""A run as it goes: a bar with the time that is left on a terminal, one line a statement elsewhere."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import assert_never

import click

from runner.cli.output import counted
from runner.core.errors import LeaseHeld
from runner.core.history import StatementState
from runner.core.results import (
    Observer,
    Progress,
    RunEnded,
    RunStarted,
    ScriptEnded,
    ScriptStarted,
    StatementEnded,
    StatementStarted,
)
from runner.sql.kinds import statement_kind


def observer(output: str) -> tuple[Observer, Callable[[], None]]:
    """What watches a run, and how to end it. With JSON the lines go to standard error."""
    if sys.stderr.isatty() and output == "text":
        bar = _Bar()
        return bar.watch, bar.end
    return _line, lambda: None


def waiting(held: LeaseHeld) -> None:
    click.echo(f"waiting: {held.sentence}", err=True)


def _line(event: Progress) -> None:
    text = _text(event)
    if text:
        click.echo(text, err=True)


def _text(event: Progress) -> str:
    match event:
        case RunStarted():
            work = f"{counted(event.scripts, 'script')}, {counted(event.statements, 'statement')}"
            return f"[{event.environment}] run {event.run_id}: {work}"
        case ScriptStarted():
            going_on = f", going on after {event.already_done} done" if event.already_done else ""
            work = f"{counted(event.statements, 'statement')}{going_on}"
            return f"[{event.environment}] {event.script} ({event.why}): {work}"
        case StatementStarted():
            return ""
        case StatementEnded():
            return _statement(event)
        case ScriptEnded():
            return f"[{event.environment}] {event.script} {event.outcome} in {event.milliseconds / 1000:.2f} s"
        case RunEnded():
            return f"[{event.environment}] done: {counted(event.scripts, 'script')}"
        case _:
            assert_never(event)


def _statement(event: StatementEnded) -> str:
    row = event.row
    state = "ok" if row.state is StatementState.SUCCESS else "FAILED"
    rows = f", {counted(row.row_count, 'row')}" if row.row_count is not None else ""
    return (
        f"[{event.environment}]   {row.ordinal}/{event.total} line {row.line}: {state}{rows}, "
        f"{(row.execution_time or 0) / 1000:.2f} s, query {row.query_id}"
    )


class _Bar:
    """Progress on a terminal: what runs now, how far, how long still."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

        self._progress = Progress(
            TextColumn("{task.fields[environment]}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(),
            TextColumn("{task.description}"), console=Console(stderr=True),
        )  # fmt: skip
        self._task = self._progress.add_task("", total=None, environment="")

    def watch(self, event: Progress) -> None:
        match event:
            case RunStarted():
                self._progress.start()
                self._progress.reset(self._task, total=event.statements, environment=event.environment)
            case ScriptStarted():
                self._progress.advance(self._task, event.already_done)
            case StatementStarted():
                kind = statement_kind(event.statement.text)
                self._progress.update(self._task, description=f"{event.script}:{event.statement.line} {kind}")
            case StatementEnded():
                self._progress.advance(self._task)
            case ScriptEnded():
                self._progress.console.print(_text(event), highlight=False)
            case RunEnded():
                self._progress.update(self._task, description="done")
            case _:
                assert_never(event)

    def end(self) -> None:
        self._progress.stop()
