"""`runner ping`."""

from __future__ import annotations

from typing import Any

import click

from runner.cli import options
from runner.cli.output import as_json, table
from runner.core.errors import ConnectionFailed


@click.command("ping")
@options.environment
@options.output_format
@options.door_options
@click.pass_context
def command(context: click.Context, /, **given: Any) -> None:
    """Look whether everything needed can be reached and used, and say what to do where it cannot. Reads only.

    Exit code 6 when something failed; a warning is no failure.

    \b
    runner ping --all
    runner ping --env imsdlc --format json
    """
    from runner.commands.ping import ping

    door = options.door(context, given)
    found = ping(door, options.chosen(given["env"], given["everywhere"]))
    if given["output"] == "json":
        as_json(
            [{"environment": p.environment, "account": p.account, "failed": p.failed, "lines": p.lines} for p in found]
        )
    else:
        _show(found)
    if failed := [one.environment for one in found if one.failed]:
        raise ConnectionFailed(f"Something failed in {' and '.join(failed)}.")


def _show(found: Any) -> None:
    for one in found:
        rows = [(line.outcome.value, line.what, line.detail, line.advice) for line in one.lines]
        advised = any(line.advice for line in one.lines)
        width = 4 if advised else 3
        columns = ("State", "What", "Found", "What to do")[:width]
        table(columns, [row[:width] for row in rows], f"{one.environment} ({one.account})")
        click.echo("")
