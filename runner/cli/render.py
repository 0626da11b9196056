"""`runner render`."""

from __future__ import annotations

from typing import Any

import click

from runner.cli import options
from runner.cli.output import as_json


@click.command("render")
@click.argument("script")
@options.one_environment
@click.option("--pretty", is_flag=True, help="Format the SQL for reading.")
@options.output_format
@options.door_options
@click.pass_context
def command(context: click.Context, /, **given: Any) -> None:
    """Print a script as it would be sent to an environment; connect to nothing. Secrets are shown as ***.

    \b
    runner render V001 --env imcust
    """
    from runner.commands.writing import render

    door = options.door(context, given)
    found = render(door, given["env"], given["script"], formatted=given["pretty"])
    if given["output"] == "json":
        as_json({"script": found.rendered.script.name, "text": found.text, "statements": found.rendered.statements})
    else:
        click.echo(found.text)
