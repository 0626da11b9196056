"""`runner plan`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from runner.cli import options, planned
from runner.cli.output import as_json
from runner.core.errors import UsageError

if TYPE_CHECKING:
    from runner.commands.workspace import Door


@click.group("plan")
def command() -> None:
    """From an account made by hand to scripts in git: looks at the source, and writes files. Changes no account.

    \b
    runner plan init --source imcust --target imsdlc
    runner plan create bolt
    """


@command.command("create")
@click.argument("name")
@click.option("--from", "path", type=click.Path(dir_okay=False, path_type=Path), help="What is asked for.",
              show_default="config/migration.yaml")  # fmt: skip
@click.option("--template", metavar="NAME", help="Fill that file from a template first: `runner templates list`.")
@click.option("--set", "words", multiple=True, metavar="NAME=VALUE", help="A parameter of the template.")
@click.option("--force", is_flag=True, help="Write over files that are not this plan's.")
@click.option("--anew", is_flag=True, help="Make the plan's own files again, instead of the next scripts.")
@click.option("--no-history", is_flag=True, help="Do not ask ACCESS_HISTORY what procedures touched.")
@options.output_format
@options.door_options
@click.pass_context
def create(context: click.Context, /, **given: Any) -> None:
    """Look at the source, close the selection over what it needs, and write the scripts for a pull request.

    Run again, it writes what has changed in the source since, as the next scripts. Exit code 12 when the plan cannot
    be made as asked, or when questions are open.

    \b
    runner plan create bolt
    runner plan create bolt --from config/bolt.yaml
    runner plan create bolt --template schema-only --set source=prod --set target=dev --set 'objects=mart.*'
    """
    from runner.commands.planning.create import Request, create

    door = options.door(context, given)
    path = _from_template(door, given) if given["template"] else given["path"]
    if given["words"] and not given["template"]:
        raise UsageError("--set is for --template.")
    request = Request(given["name"], path, force=given["force"], anew=given["anew"], observed=not given["no_history"])
    made = create(door, request)
    if given["output"] == "json":
        as_json({"plan": made.record.plan, "step": made.step, "files": made.files})
        return
    if not made.files:
        click.echo(f"Nothing has changed in the source since step {made.step} of plan '{made.record.plan}'.")
    for path in made.files:
        click.echo(path)


def _from_template(door: Door, given: dict[str, Any]) -> Path:
    from runner.commands.planning import templates

    one = templates.filled(door, given["template"], given["words"])
    return templates.placed(door, one, given["path"], force=given["force"])


for verb in planned.VERBS:
    command.add_command(verb)
