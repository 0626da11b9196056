"""`runner templates`."""

from __future__ import annotations

from textwrap import indent
from typing import Any

import click

from runner.cli import options
from runner.cli.output import as_json, table

CATEGORIES = ("standard", "performance", "compliance", "custom")


@click.group("templates")
def command() -> None:
    """Templates from which config/migration.yaml is filled: folders with typed parameters.

    \b
    runner templates list
    runner templates apply cross-account-share --set source=prod --set target=dev --set 'objects=mart.*'
    """


@command.command("list")
@click.option("--category", type=click.Choice(CATEGORIES), help="Only those of this category.")
@options.output_format
@options.door_options
@click.pass_context
def list_(context: click.Context, /, **given: Any) -> None:
    """Name all templates: runner's own, and the project's under templates/plans/.

    \b
    runner templates list --category performance
    """
    from runner.commands.planning import templates

    found = templates.templates(options.door(context, given), given["category"])
    if given["output"] == "json":
        as_json([_brief(each) for each in found])
        return
    rows = [(each.name, each.category.value, each.origin or "runner", _sentence(each.description)) for each in found]
    table(("Template", "Category", "From", "What for"), rows)


def _brief(found: Any) -> dict[str, Any]:
    return {
        "name": found.name,
        "category": found.category,
        "origin": found.origin,
        "description": found.description,
        "parameters": found.parameters,
    }


def _sentence(text: str) -> str:
    """Its beginning, to the first full stop or colon."""
    return " ".join(text.split()).partition(". ")[0].partition(": ")[0].rstrip(".:")


@command.command("show")
@click.argument("name")
@options.output_format
@options.door_options
@click.pass_context
def show(context: click.Context, /, **given: Any) -> None:
    """Say what a template is for, what it wants to know, and what it gives.

    \b
    runner templates show incremental-sync
    """
    from runner.commands.planning import templates

    found = templates.template(options.door(context, given), given["name"])
    if given["output"] == "json":
        as_json(_brief(found) | {"body": found.body})
        return
    click.echo(f"{found.name} ({found.category.value})\n\n{indent(found.description, '  ')}\n")
    rows = [(p.name, p.type.value, _default(p), p.description, _limits(p)) for p in found.parameters]
    table(("Parameter", "Type", "Default", "Meaning", "Allowed"), rows, spare=("Allowed",))
    click.echo(f"\n{indent(found.body.rstrip(), '  ')}")


def _default(parameter: Any) -> str:
    if parameter.required:
        return "required"
    value = parameter.default
    return (
        ", ".join(value) if isinstance(value, tuple) else str(value).lower() if value in (True, False) else str(value)
    )


def _limits(parameter: Any) -> str:
    parts = [
        " | ".join(parameter.choices),
        parameter.pattern,
        f"at least {parameter.minimum}" if parameter.minimum is not None else "",
        f"at most {parameter.maximum}" if parameter.maximum is not None else "",
    ]
    return ", ".join(part for part in parts if part)


@command.command("create")
@click.argument("name")
@click.option(
    "--like", default="cross-account-share", show_default=True, metavar="TEMPLATE", help="What to begin with."
)
@click.option("--category", type=click.Choice(CATEGORIES), default="custom", show_default=True, help="Its category.")
@click.option("--description", default="", help="What it is for.")
@options.output_format
@options.door_options
@click.pass_context
def create(context: click.Context, /, **given: Any) -> None:
    """Write a template of your own under templates/plans/, with the parameters and the text of another, to be changed.

    \b
    runner templates create nightly --like incremental-sync
    """
    from runner.commands.planning import templates
    from runner.project.plan_templates.template import Category

    door = options.door(context, given)
    path = templates.create(door, given["name"], given["like"], Category(given["category"]), given["description"])
    as_json({"name": given["name"], "path": path}) if given["output"] == "json" else click.echo(path)


@command.command("apply")
@click.argument("name")
@click.option("--set", "words", multiple=True, metavar="NAME=VALUE", help="A parameter; a list takes commas.")
@click.option("--to", default="config/migration.yaml", show_default=True, metavar="FILE", help="Where to; - prints it.")
@click.option("--force", is_flag=True, help="Overwrite a file that exists.")
@options.output_format
@options.door_options
@click.pass_context
def apply(context: click.Context, /, **given: Any) -> None:
    """Fill a template: writes config/migration.yaml, which `runner plan create` reads.

    \b
    runner templates apply schema-only --set source=prod --set target=dev --set 'objects=mart.*, src.dim_*'
    runner templates apply schema-only --set source=prod --set target=dev --set 'objects=mart.*' --to -
    """
    from runner.commands.planning import templates

    door = options.door(context, given)
    one = templates.filled(door, given["name"], given["words"])
    if given["to"] != "-":
        one = templates.apply(door, one, given["to"], force=given["force"])
    if given["output"] == "json":
        as_json(one)
    else:
        click.echo(one.text if given["to"] == "-" else one.path, nl=given["to"] != "-")
