"""`runner report`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from runner.cli import options
from runner.core.errors import UsageError


@click.command("report")
@options.environment
@click.option(
    "--run", default="last", show_default=True, metavar="ID", help="A run's id, or last: of each environment."
)
@click.option("--html", type=click.Path(path_type=Path), metavar="FILE", help="The page for people.")
@click.option("--json", "json_file", type=click.Path(path_type=Path), metavar="FILE", help="The report for programs.")
@click.option("--no-reconcile", is_flag=True, help="Do not compare with the source.")
@click.option("--no-rows", is_flag=True, help="Show no row that differs: a report travels.")
@options.door_options
@click.pass_context
def command(context: click.Context, /, **given: Any) -> None:
    """Write what a run did: who, where, from which commit, every statement, and how the target compares. Reads only.

    The page is one file that needs nothing from elsewhere. JSON is described by runner/reports/report.schema.json.

    \b
    runner report --run last --all --html report.html
    runner report --env imsdlc --run 20260105T060000-a1b2c3 --json report.json
    """
    from runner.commands.report import Request, report

    door = options.door(context, given)
    if not given["html"] and not given["json_file"]:
        raise UsageError("Say where to write it: --html FILE, --json FILE, or both.")
    if given["html"] == given["json_file"]:
        raise UsageError(f"--html and --json are one file, {given['html']}: name two.")
    report(
        door,
        Request(
            environment=options.chosen(given["env"], given["everywhere"]),
            run=given["run"],
            html=given["html"],
            json=given["json_file"],
            reconcile=not given["no_reconcile"],
            rows=0 if given["no_rows"] else 20,
        ),
    )
    for file in filter(None, (given["html"], given["json_file"])):
        click.echo(f"written: {file}")
