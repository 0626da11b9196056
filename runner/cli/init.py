"""`runner init`."""

from __future__ import annotations

from pathlib import Path

import click


@click.command("init")
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.pass_context
def command(context: click.Context, /, folder: Path | None) -> None:
    """Write a project into an empty folder that works at once against the sandbox.

    \b
    runner init && runner sandbox up && runner migrate --all --sandbox
    """
    from runner.commands.writing import init

    for path in init(folder or context.find_root().obj):
        click.echo(path)
