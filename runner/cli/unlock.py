"""`runner unlock`."""

from __future__ import annotations

from typing import Any

import click

from runner.cli import options
from runner.cli.repair import show


@click.command("unlock")
@options.one_environment
@click.option("--token", required=True, metavar="TOKEN", help="The lease's token, as `runner info` prints it.")
@click.option("--reason", required=True, metavar="TEXT", help="Why; it is written into the history.")
@options.output_format
@options.door_options
@click.pass_context
def command(context: click.Context, /, **given: Any) -> None:
    """End the lease of a runner that is gone, and its sessions. A living one finds out and stops.

    \b
    runner unlock --env imsdlc --token 4f0c… --reason "the CI machine was lost"
    """
    from runner.commands.correcting import unlock

    door = options.door(context, given)
    show(unlock(door, given["env"], given["token"], given["reason"]), given["output"])
