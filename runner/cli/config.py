"""`runner config`."""

from __future__ import annotations

from typing import Any

import click

from runner.cli import options
from runner.cli.output import as_json, table


@click.group("config")
def command() -> None:
    """Show settings and where they come from. Needs no account and no secret.

    \b
    runner config show --env imsdlc
    runner config schema > environment.schema.json
    """


@command.command("show")
@options.environment
@options.output_format
@options.door_options
@click.pass_context
def show(context: click.Context, /, **given: Any) -> None:
    """Print every value with its origin; secrets as ***.

    The strongest origin wins: command line, environment, .env, YAML, connections.toml, default.

    \b
    runner config show --env imsdlc --role deployer
    """
    from runner.commands import config

    door = options.door(context, given)
    found = config.show(door, options.chosen(given["env"], given["everywhere"]))
    if given["output"] == "json":
        as_json(found)
        return
    for one in found:
        table(("Key", "Value", "Origin"), [(s.key, s.value, s.origin) for s in one.settings], one.environment)
        if one.login:
            click.echo(f"\n  no login yet: {one.login}")
        click.echo("")


@command.command("schema")
def schema() -> None:
    """Print the JSON Schema of config/<environment>.yaml, for editors.

    \b
    runner config schema
    """
    from runner.commands import config

    as_json(config.schema())
