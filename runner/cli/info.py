"""`runner info`."""

from __future__ import annotations

from typing import Any

import click

from runner.cli import options
from runner.cli.output import as_json, table
from runner.core.errors import ChangesPending

_COLUMNS = (
    "Category", "Version", "Description", "Type", "Installed On", "State", "Undoable", "Installed By", "Time", "Owner",
)  # fmt: skip
_SPARE = ("Type", "Installed By", "Owner", "Category", "Time", "Installed On", "Undoable")


@click.command("info")
@options.environment
@click.option("--target", metavar="VERSION", help="Show versions above this one as above target.")
@click.option("--check", is_flag=True, help="Exit 10 when something is pending.")
@options.output_format
@options.door_options
@click.pass_context
def command(context: click.Context, /, **given: Any) -> None:
    """Show where every script stands, in one environment or in all side by side. Reads only.

    \b
    runner info --all
    runner info --env imsdlc --check           exit code 10 when something is pending
    """
    from runner.commands.info import info

    door = options.door(context, given)
    environment = options.chosen(given["env"], given["everywhere"])
    found = info(door, environment, options.version(given["target"]))
    _show_json(found) if given["output"] == "json" else _show(found)
    if given["check"] and (behind := next((i for i in found if i.pending), None)):
        raise ChangesPending(behind.environment, behind.pending)


def _show_json(found: Any) -> None:
    as_json([
        {
            "environment": i.environment, "account": i.account, "database": i.database,
            "schema_version": i.schema_version, "pending": i.pending, "deployed": i.deployed,
            "lease": {"token": i.holder.token, "owner": i.holder.facts, "until": i.holder.until} if i.holder else None,
            "scripts": i.rows, "events": i.events,
        }
        for i in found
    ])  # fmt: skip


def _show(found: Any) -> None:
    if len(found) > 1:
        _side_by_side(found)
    for one in found:
        title = f"{one.environment} ({one.account}, {one.database}): schema version {one.schema_version or 'none'}"
        table(_COLUMNS, [_cells(row) for row in one.rows], title, _SPARE)
        if one.holder:
            click.echo(f"  lease: {one.holder.who}, until {one.holder.until}, token {one.holder.token}")
        click.echo("")


def _cells(row: Any) -> tuple[object, ...]:
    time = f"{row.execution_time / 1000:.2f} s" if row.execution_time is not None else ""
    return (
        row.category, row.version, row.description, row.type, row.installed_on, row.state, row.undoable,
        row.installed_by, time, row.owner,
    )  # fmt: skip


def _side_by_side(found: Any) -> None:
    """One line a script, one column an environment."""
    scripts = dict.fromkeys(row.script for one in found for row in one.rows)
    states = [{row.script: row.state for row in one.rows} for one in found]
    rows = [(script, *(state.get(script, "") for state in states)) for script in scripts]
    table(("Script", *(one.environment for one in found)), rows)
    click.echo("")
