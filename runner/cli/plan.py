"""`runner plan`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from runner.cli import options, planned
from runner.cli.output import as_json
from runner.core.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from runner.commands.planning.create import Created
    from runner.commands.workspace import Door

F = TypeVar("F", bound="Callable[..., Any]")


@click.group("plan")
def command() -> None:
    """From an account made by hand to scripts in git: looks at the source, and writes files. Changes no account.

    \b
    runner plan init --source imcust --target imsdlc
    runner plan create bolt
    """


_WORDS = {
    "source": "The environment that has the objects.",
    "target": "The environment that is to have them.",
    "source-database": "The source, by its database.",
    "target-database": "The target, by its database.",
    "source-schema": "The schema of --tables, --views and --procedures.",
    "target-schema": "What it is called in the target.",
    "tables": "Tables, with commas between.",
    "views": "Views.",
    "procedures": "Procedures.",
    "strategy": "How rows come: snapshot (bulk, parallel), batch, incremental, stream, replay, none.",
    "watermark": "The column that says when a row last changed.",
    "key": "The columns that name a row.",
}


def _in_words(function: F) -> F:
    """What is asked for in words, instead of in a file."""
    for word, meaning in reversed(_WORDS.items()):
        function = click.option(f"--{word}", default="", metavar="NAME", help=meaning)(function)
    size = click.option("--batch-size", type=click.IntRange(1), metavar="N", help="Rows or keys to a batch.")
    return size(function)


@command.command("init")
@click.option("--source", required=True, metavar="NAME", help="The environment that has the objects.")
@click.option("--target", required=True, metavar="NAME", help="The environment that is to have them.")
@click.option("--schema", "schemas", multiple=True, metavar="NAME", help="Only this one; all configured ones without.")
@click.option("--to", default="config/migration.yaml", show_default=True, metavar="FILE", help="Where to.")
@click.option("--force", is_flag=True, help="Write over a file that is there.")
@options.door_options
@click.pass_context
def init(context: click.Context, /, **given: Any) -> None:
    """Ask the source what it has, and write a first file that says what is to travel: everything, with comments.

    \b
    runner plan init --source imcust --target imsdlc
    """
    from runner.commands.planning import starting

    door = options.door(context, given)
    start = starting.Start(given["source"], given["target"], given["schemas"], given["force"])
    click.echo(starting.init(door, start, given["to"]))


@command.command("schema")
def schema() -> None:
    """Print the JSON Schema of config/migration.yaml.

    \b
    runner plan schema
    """
    from runner.project.migration_schema import migration_schema

    as_json(migration_schema())


@command.command("create")
@click.argument("name")
@click.option("--from", "path", type=click.Path(dir_okay=False, path_type=Path), help="What is asked for.",
              show_default="config/migration.yaml")  # fmt: skip
@_in_words
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
    runner plan create bolt --from plans/bolt.yaml
    runner plan create users --source-database legacy_db --target-database new_db --source-schema app \\
        --tables users,profiles --strategy batch --batch-size 10000
    runner plan create bolt --template schema-only --set source=prod --set target=dev --set 'objects=mart.*'
    """
    from runner.commands.planning.create import Request, create

    door = options.door(context, given)
    path = _path(door, given)
    request = Request(given["name"], path, force=given["force"], anew=given["anew"], observed=not given["no_history"])
    made = create(door, request)
    if given["output"] == "json":
        as_json(
            {
                "plan": made.record.plan, "step": made.step, "files": made.files, "changed": made.changed,
                "gaps": made.record.gaps,
            }
        )  # fmt: skip
    else:
        _show_created(made)


def _show_created(made: Created) -> None:
    """What was written, what is missing, and what comes next."""
    if not made.changed:
        click.echo(f"Nothing has changed in the source since step {made.step} of plan '{made.record.plan}'.")
    for file in made.files:
        click.echo(file if made.changed else f"{file} was missing, and is made again")
    if made.record.gaps:
        missing = ", ".join(sorted({gap.evidence for gap in made.record.gaps}))
        click.echo(f"\nSome evidence could not be had ({missing}): `runner plan show {made.record.plan}` says why.")
    if made.files and made.changed:
        name = made.record.plan
        click.echo(
            f"\nNext: `runner plan show {name}`, `runner plan validate {name}`, `runner migrate --all --dry-run`."
        )
    if made.asked:
        click.echo(f"{made.record.asked.path} says something else since: {', '.join(made.asked)}.")
        click.echo(f"`runner plan create {made.record.plan} --anew` makes the plan's own scripts follow.")


def _path(door: Door, given: dict[str, Any]) -> Path | None:
    """The file that says what is asked for: as named, filled from a template, or built from the words."""
    from runner.commands.planning.starting import Words, file_of

    words = Words(**{name: given[name] for name in Words.__dataclass_fields__ if given[name]})
    if given["words"] and not given["template"]:
        raise UsageError("--set is for --template.")
    if words and (given["template"] or given["path"]):
        raise UsageError("--tables and the like build a file; they do not go with --from or --template.")
    if words:
        return file_of(door, given["name"], words, force=given["force"])
    path: Path | None = given["path"]
    return _from_template(door, given) if given["template"] else path


def _from_template(door: Door, given: dict[str, Any]) -> Path:
    from runner.commands.planning import templates

    one = templates.filled(door, given["template"], given["words"])
    return templates.placed(door, one, given["path"], force=given["force"])


for verb in planned.VERBS:
    command.add_command(verb)
