"""`runner migrate`."""

from __future__ import annotations

from typing import Any

import click

from runner.cli import options
from runner.cli.output import as_json, counted, table
from runner.cli.running import running
from runner.core.errors import UsageError


@click.command("migrate")
@options.environment
@click.option("--target", metavar="VERSION", help="Apply versions up to this one only.")
@click.option("--dry-run", is_flag=True, help="Print the plan and every statement; touch nothing.")
@click.option("--out-of-order", is_flag=True, help="Apply pending versions below the highest applied one too.")
@click.option("--parallel", default=1, show_default=True, metavar="N", help="Connections for parallel groups.")
@click.option("--wait", metavar="10m", help="Wait this long for another runner's lease.")
@click.option("--yes", is_flag=True, help="Consent to scripts that are marked irreversible.")
@options.output_format
@options.door_options
@click.pass_context
def command(context: click.Context, /, **given: Any) -> None:
    """Apply what is pending: V scripts in version order, then R scripts that changed.

    \b
    runner migrate --env imsdlc --dry-run      the plan and its SQL, nothing touched
    runner migrate --all                       both accounts, the source first
    """
    from runner.commands import migrate

    door = options.door(context, given)
    request = _request(given)
    if given["dry_run"]:
        _show_previews(migrate.preview(door, request), given["output"])
        return
    with running(given["output"]) as (observe, stop, wait):
        results = migrate.migrate(door, _watched(request, observe, stop, wait))
    show_results(results, given["output"])


def _request(given: dict[str, Any]) -> Any:
    from runner.commands.migrate import Request

    if not 1 <= given["parallel"] <= 64:
        raise UsageError("--parallel takes a number from 1 to 64.")
    return Request(
        environment=options.chosen(given["env"], given["everywhere"]),
        target=options.version(given["target"]),
        out_of_order=given["out_of_order"],
        parallel=given["parallel"],
        yes=given["yes"],
        wait=options.seconds(given["wait"]),
    )


def _watched(request: Any, observe: Any, stop: Any, wait: Any) -> Any:
    from dataclasses import replace

    return replace(request, observe=observe, stop=stop, on_wait=wait)


def show_results(results: Any, output: str) -> None:
    """What was done, environment by environment."""
    if output == "json":
        as_json(results)
        return
    for result in results:
        for warning in result.warnings:
            click.echo(f"warning: {result.environment}: {warning}", err=True)
        if not result.scripts:
            click.echo(f"{result.environment}: nothing to do.")
            continue
        rows = [
            (s.script, s.why, s.outcome, len(s.statements), f"{s.milliseconds / 1000:.2f} s") for s in result.scripts
        ]
        title = f"{result.environment} ({result.account}), run {result.run_id}"
        table(("script", "why", "outcome", "statements", "time"), rows, title)


def _show_previews(previews: Any, output: str) -> None:
    if output == "json":
        as_json([_preview(preview) for preview in previews])
        return
    for preview in previews:
        _show_preview(preview)


def _preview(preview: Any) -> dict[str, Any]:
    return {
        "environment": preview.environment,
        "account": preview.account,
        "steps": [
            {
                "script": rendered.script.name, "why": step.why, "already_done": done,
                "statements": [{"ordinal": s.ordinal, "line": s.line, "text": s.text} for s in rendered.statements],
            }
            for step, rendered, done in zip(preview.plan.steps, preview.scripts, preview.already_done, strict=True)
        ],
    }  # fmt: skip


def _show_preview(preview: Any) -> None:
    if preview.plan.empty:
        click.echo(f"-- {preview.environment} ({preview.account}): nothing to do.")
    for step, rendered, done in zip(preview.plan.steps, preview.scripts, preview.already_done, strict=True):
        count = len(rendered.statements)
        note = f", {done} done already" if done else ""
        shown = f"{counted(count, 'statement')}{note}" if count else "not for this environment"
        click.echo(f"-- {preview.environment} ({preview.account}): {rendered.script.name} ({step.why}): {shown}")
        for statement in rendered.statements:
            click.echo(f"{statement.text};\n")
