"""`runner repair`."""

from __future__ import annotations

from typing import Any

import click

from runner.cli import options
from runner.cli.output import as_json
from runner.core.errors import UsageError
from runner.core.history import EventType

_ACTIONS = {"retry": EventType.RETRY, "mark_applied": EventType.MARK_APPLIED, "mark_undone": EventType.MARK_UNDONE}


@click.command("repair")
@options.one_environment
@click.option("--retry", metavar="SCRIPT", help="It may be run again, from the failed statement on.")
@click.option("--mark-applied", metavar="SCRIPT", help="It is applied: somebody finished it by hand.")
@click.option("--mark-undone", metavar="SCRIPT", help="It is not applied: somebody took it back by hand.")
@click.option("--reason", required=True, metavar="TEXT", help="Why; it is written into the history.")
@options.output_format
@options.door_options
@click.pass_context
def command(context: click.Context, /, **given: Any) -> None:
    """Say what is true of a script that failed or was cut short. Nothing of the script is run.

    \b
    runner repair --env imsdlc --retry V003 --reason "warehouse was suspended, OPS-12"
    """
    from runner.commands.correcting import repair

    door = options.door(context, given)
    chosen = [(event, given[name]) for name, event in _ACTIONS.items() if given[name]]
    if len(chosen) != 1:
        raise UsageError("Say one of --retry SCRIPT, --mark-applied SCRIPT, --mark-undone SCRIPT.")
    show(repair(door, given["env"], *chosen[0], given["reason"]), given["output"])


def show(correction: Any, output: str) -> None:
    """The event that was written."""
    if output == "json":
        as_json(correction.event)
        return
    event = correction.event
    what = f"{event.event} {event.script or event.version or ''}".strip()
    click.echo(f"{correction.environment}: {what} recorded as event {event.number} by {event.installed_by}.")
