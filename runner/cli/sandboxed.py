"""What the verbs of `runner sandbox` share: where the organisation lies, how errors end, how answers are printed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from runner.sandbox.client import Answer
    from runner.sandbox.process import Running


def _of_the_project(context: click.Context, _: click.Parameter, root: Path | None) -> Path:
    """Where `--sandbox` of the other verbs looks."""
    return root or (context.find_root().obj or Path()) / ".sandbox"


root_option = click.option(
    "--root",
    type=click.Path(path_type=Path, file_okay=False),
    callback=_of_the_project,
    envvar="RUNNER_SANDBOX_ROOT",
    show_default=".sandbox in the project's folder",
    help="Folder that keeps the organisation.",
)
form_option = click.option(
    "--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True, help="Output."
)


class NotInstalled(click.ClickException):
    exit_code = 3


class Unreadable(click.ClickException):
    exit_code = 4


class NotThere(click.ClickException):
    exit_code = 6


class Failed(click.ClickException):
    exit_code = 20


@contextmanager
def explained() -> Iterator[None]:
    """Turns what the sandbox's process says into an exit code: 3 something is not installed, 6 it does not answer."""
    from runner.sandbox import process
    from runner.sandbox.organization import OrganizationError

    try:
        yield
    except process.NotInstalled as error:
        raise NotInstalled(str(error)) from None
    except OrganizationError as error:
        raise Unreadable(str(error)) from None
    except process.SandboxError as error:
        raise NotThere(str(error)) from None


def running_sandbox(root: Path) -> Running:
    from runner.sandbox import process

    found = process.find(root)
    if found is None:
        raise process.SandboxError(f"No sandbox runs under {root}. Start it: runner sandbox up --root {root}")
    return found


def show(answer: Answer, form: str) -> None:
    writers: dict[str, Callable[[Answer], str]] = {"table": _as_table, "json": _as_json, "csv": _as_csv}
    click.echo(writers[form](answer))


def show_rows(rows: Sequence[dict[str, Any]], form: str) -> None:
    """Rows that all have the same keys."""
    from runner.sandbox.client import Answer

    if not rows and form == "table":
        click.echo("none")
        return
    names = tuple(rows[0]) if rows else ()
    show(Answer(names, [tuple(row.values()) for row in rows], ""), form)


def show_one(facts: dict[str, Any], form: str) -> None:
    from runner.sandbox.client import Answer

    if form == "table":
        width = max(len(name) for name in facts)
        for name, value in facts.items():
            click.echo(f"{name:<{width}}  {_listed(value)}")
    elif form == "json":
        click.echo(_json(facts))
    else:
        click.echo(_as_csv(Answer(tuple(facts), [tuple(_listed(value) for value in facts.values())], "")))


def _listed(value: object) -> object:
    if isinstance(value, dict):
        return ", ".join(f"{name} {item}" for name, item in value.items())
    return ", ".join(map(str, value)) if isinstance(value, list) else value


def _as_table(answer: Answer) -> str:
    rows = [["NULL" if value is None else str(value) for value in row] for row in answer.rows]
    lines = [list(answer.names), *rows]
    widths = [max(len(line) for row in lines for line in row[at].split("\n")) for at in range(len(answer.names))]
    rule = "+" + "+".join("-" * (width + 2) for width in widths) + "+"
    body = [_line(row, widths) for row in lines]
    count = f"{len(rows)} row{'' if len(rows) == 1 else 's'}"
    return "\n".join([rule, body[0], rule, *body[1:], *([rule] if rows else []), count, ""])


def _line(cells: list[str], widths: list[int]) -> str:
    """One row, as many lines high as its highest cell."""
    parts = [cell.split("\n") for cell in cells]
    height = max((len(part) for part in parts), default=1)
    lines = ([part[at] if at < len(part) else "" for part in parts] for at in range(height))
    return "\n".join("| " + " | ".join(f"{c:<{w}}" for c, w in zip(line, widths, strict=True)) + " |" for line in lines)


def _as_json(answer: Answer) -> str:
    return _json([dict(zip(answer.names, row, strict=True)) for row in answer.rows])


def _json(value: object) -> str:
    import json

    return json.dumps(value, indent=2, ensure_ascii=False, default=_plain)


def _plain(value: object) -> object:
    from decimal import Decimal

    if isinstance(value, Decimal):
        return float(value) if value != value.to_integral_value() else int(value)
    return value.hex().upper() if isinstance(value, bytes | bytearray) else str(value)


def _as_csv(answer: Answer) -> str:
    import csv
    import io

    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(answer.names)
    writer.writerows(["" if value is None else value for value in row] for row in answer.rows)
    return out.getvalue().rstrip("\n")
