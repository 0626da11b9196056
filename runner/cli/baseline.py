"""`runner baseline`."""

from __future__ import annotations

from typing import Any

import click

from runner.cli import options
from runner.cli.repair import show
from runner.core.errors import UsageError


@click.command("baseline")
@options.one_environment
@click.option("--version", "at", required=True, metavar="VERSION", help="Scripts up to this version will not be run.")
@click.option("--description", default="baseline", show_default=True)
@click.option("--reason", default="", metavar="TEXT", help="Why; it is written into the history.")
@options.output_format
@options.door_options
@click.pass_context
def command(context: click.Context, /, **given: Any) -> None:
    """Take an account that was made by hand as being at a version.

    \b
    runner baseline --env imcust --version 001 --reason "made by hand before there were scripts"
    """
    from runner.commands.correcting import baseline

    door = options.door(context, given)
    version = options.version(given["at"], "--version")
    if version is None:
        raise UsageError("--version is empty.")
    show(baseline(door, given["env"], version, given["description"], given["reason"]), given["output"])
