"""`runner new`."""

from __future__ import annotations

from typing import Any

import click

from runner.cli import options


@click.command("new")
@click.argument("kind", type=click.Choice(["V", "R"], case_sensitive=False), metavar="{V|R}")
@click.argument("description")
@click.option("--owner", default="product", show_default=True, help="The team that answers for it.")
@options.door_options
@click.pass_context
def command(context: click.Context, /, **given: Any) -> None:
    """Write the next script. A versioned one takes the next number, and gets its undo beside it.

    \b
    runner new V "add column isin"
    """
    from runner.commands.writing import new
    from runner.core.script import Kind

    door = options.door(context, given)
    for path in new(door, Kind(given["kind"].upper()), given["description"], given["owner"]):
        click.echo(path.relative_to(door.root.resolve()))
