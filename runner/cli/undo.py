"""`runner undo`."""

from __future__ import annotations

from typing import Any

import click

from runner.cli import options
from runner.cli.migrate import show_results
from runner.cli.running import running


@click.command("undo")
@options.environment
@click.option("--target", metavar="VERSION", help="Undo every version above this one (0: all). Without: the newest.")
@click.option("--wait", metavar="10m", help="Wait this long for another runner's lease.")
@options.output_format
@options.door_options
@click.pass_context
def command(context: click.Context, /, **given: Any) -> None:
    """Take versions back with their U scripts, newest first. The history keeps what was done and undone.

    \b
    runner undo --env imsdlc                   the newest version
    runner undo --env imsdlc --target 001      everything above V001
    """
    from runner.commands.migrate import Request
    from runner.commands.undo import undo

    door = options.door(context, given)
    environment = options.chosen(given["env"], given["everywhere"])
    target, wait = options.version(given["target"]), options.seconds(given["wait"])
    with running(given["output"]) as (observe, stop, waiting):
        request = Request(environment, target, wait=wait, observe=observe, stop=stop, on_wait=waiting)
        results = undo(door, request)
    show_results(results, given["output"])
