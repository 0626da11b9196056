"""`runner validate`."""

from __future__ import annotations

from typing import Any

import click

from runner.cli import options
from runner.cli.output import as_json
from runner.core.errors import HistoryDisagrees, ScriptsInvalid


@click.command("validate")
@options.environment
@click.option("--offline", is_flag=True, help="Look at the files only; connect to nothing.")
@click.option("--out-of-order", is_flag=True, help="Pending versions below the highest applied one are no fault.")
@options.output_format
@options.door_options
@click.pass_context
def command(context: click.Context, /, **given: Any) -> None:
    """Find what is wrong: names, twins, templates, rules; scripts edited, missing, failed or out of order.

    \b
    runner validate --all --offline            in a pull request, without any account
    runner validate --env imsdlc
    """
    from runner.commands.validate import validate

    door = options.door(context, given)
    environment = None if given["offline"] and not given["env"] else options.chosen(given["env"], given["everywhere"])
    found = validate(door, environment, offline=given["offline"], out_of_order=given["out_of_order"])
    if given["output"] == "json":
        as_json({"valid": not found.findings, "findings": found.findings})
    else:
        _show(found)
    if found.scripts:
        raise ScriptsInvalid(len(found.scripts))
    if broken := next(((name, findings) for name, findings in found.environments if findings), None):
        raise HistoryDisagrees(*broken)


def _show(found: Any) -> None:
    for finding in found.scripts:
        click.echo(f"{finding.script}: {finding.reason}")
        if finding.advice:
            click.echo(f"  what to do: {finding.advice}")
    if not found.findings:
        names = ", ".join(name for name, _ in found.environments) or "files only"
        click.echo(f"{found.scripts_read} scripts are valid ({names}).")
