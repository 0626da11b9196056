"""`runner sandbox …`: the local Snowflake organisation, from the shell."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
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


_root = click.option(
    "--root",
    type=click.Path(path_type=Path, file_okay=False),
    callback=_of_the_project,
    envvar="RUNNER_SANDBOX_ROOT",
    show_default=".sandbox in the project's folder",
    help="Folder that keeps the organisation.",
)
_format = click.option(
    "--format", "form", type=click.Choice(["table", "json", "csv"]), default="table", show_default=True, help="Output."
)


class _NotInstalled(click.ClickException):
    exit_code = 3


class _Unreadable(click.ClickException):
    exit_code = 4


class _NotThere(click.ClickException):
    exit_code = 6


class _Failed(click.ClickException):
    exit_code = 20


@contextmanager
def _explained() -> Iterator[None]:
    """Turns what the sandbox's process says into an exit code: 3 something is not installed, 6 it does not answer."""
    from runner.sandbox.process import NotInstalled, SandboxError

    try:
        yield
    except NotInstalled as error:
        raise _NotInstalled(str(error)) from None
    except SandboxError as error:
        raise _NotThere(str(error)) from None


@click.group("sandbox")
def group() -> None:
    """A Snowflake organisation on this machine: accounts IMCUST and IMSDLC behind the connector's own protocol.

    \b
    runner sandbox up
    runner sandbox sql --account imcust -q "SELECT CURRENT_VERSION()"
    runner sandbox down
    """


@group.command()
@_root
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="0 takes a free one.", show_default=True)
@_format
def up(root: Path, port: int, form: str) -> None:
    """Start the organisation, or find it running.

    \b
    runner sandbox up
    runner sandbox up --root /tmp/try --format json
    """
    from runner.sandbox import process

    with _explained():
        running = process.up(root, port)
    _show_one(_facts(running), form)


def _facts(running: Running) -> dict[str, Any]:
    return {
        "root": str(running.root),
        "port": running.port,
        "pid": running.pid,
        "accounts": list(running.accounts),
        "tokens": {account: str(path) for account, path in running.pats.items()},
    }


@group.command()
@_root
def down(root: Path) -> None:
    """Stop the organisation; what it holds stays on disk.

    \b
    runner sandbox down
    """
    from runner.sandbox import process

    with _explained():
        stopped = process.down(root)
    click.echo(f"stopped: {root}" if stopped else f"nothing runs under {root}")


@group.command()
@_root
@_format
def status(root: Path, form: str) -> None:
    """Port, pid, accounts, and how many requests and statements passed since the start; exit 6 when nothing runs.

    \b
    runner sandbox status --format json
    """
    from runner.sandbox import process

    with _explained():
        found = process.status(root)
    if found is None:
        raise _NotThere(f"No sandbox runs under {root}. Start it: runner sandbox up --root {root}")
    _show_one(found, form)


@group.command()
@_root
@click.option("--yes", is_flag=True, help="Do not ask.")
@_format
def reset(root: Path, yes: bool, form: str) -> None:
    """Throw the organisation away and start a new, empty one.

    \b
    runner sandbox reset --yes
    """
    from runner.sandbox import process

    if not yes:
        click.confirm(f"Everything under {root} will be deleted. Go on?", abort=True)
    with _explained():
        running = process.reset(root)
    _show_one(_facts(running), form)


@group.command()
@_root
@click.option("--rows", type=int, default=10_000, show_default=True, help="Rows of the largest table.")
@click.option("--estate", default="investments", show_default=True, help="Which estate to make.")
def seed(root: Path, rows: int, estate: str) -> None:
    """Make what the brief says stands in production; the same rows for the same number.

    \b
    runner sandbox seed --rows 100000
    """
    from runner.sandbox import client
    from runner.sandbox.seed import seed as make

    try:
        with _explained(), client.failures():
            running = _running(root)
            make(lambda account: client.connect(running, account), rows, estate)
    except ValueError as wrong:
        raise click.UsageError(str(wrong)) from None
    except client.StatementFailed as failed:
        raise _Failed(f"{failed.errno:06d} ({failed.sqlstate}): {failed.message}") from None
    click.echo(f"seeded {estate} with {rows} rows under {root}")


@group.command()
@_root
@click.option("--account", required=True, help="imcust or imsdlc.")
@click.option("-f", "--file", "file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="SQL to run.")
@click.option("-q", "--query", help="SQL to run.")
@click.option("--role", help="Role to take; the administrator's own unless given.")
@click.option("--database", help="Database to be in.")
@_format
def sql(
    root: Path, account: str, file: Path | None, query: str | None, role: str | None, database: str | None, form: str
) -> None:
    """Run statements in an account as its administrator, and print what each gives; exit 20 at the first that fails.

    \b
    runner sandbox sql --account imcust -q "SHOW DATABASES"
    runner sandbox sql --account imsdlc -f check.sql --format csv
    echo "SELECT 1" | runner sandbox sql --account imcust
    """
    from runner.sandbox import client
    from runner.sql.errors import SqlTextError
    from runner.sql.splitting import split

    place, text = _source(file, query)
    try:
        pieces = split(text)
    except SqlTextError as wrong:
        raise _Unreadable(f"{place}, {wrong}.") from None
    with _explained(), _login():
        connection = client.connect(_running(root), account, role=role, database=database)
    try:
        for piece in pieces:
            _show(_answer(connection, piece.text, f"{place}:{piece.line}"), form)
    finally:
        connection.close()


def _source(file: Path | None, query: str | None) -> tuple[str, str]:
    if file is not None and query is not None:
        raise click.UsageError("give -f or -q, not both")
    if file is not None:
        return str(file), _decoded(str(file), file.read_bytes())
    return ("<query>", query) if query is not None else ("<stdin>", sys.stdin.read())


def _decoded(name: str, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _Unreadable(f"{name} is not UTF-8: byte {error.start}.") from None


@contextmanager
def _login() -> Iterator[None]:
    from runner.sandbox import client

    try:
        with client.failures():
            yield
    except client.StatementFailed as error:
        raise _NotThere(error.message) from None


def _running(root: Path) -> Running:
    from runner.sandbox import process

    found = process.find(root)
    if found is None:
        raise process.SandboxError(f"No sandbox runs under {root}. Start it: runner sandbox up --root {root}")
    return found


def _answer(connection: Any, statement: str, place: str) -> Answer:
    from runner.sandbox import client

    try:
        return client.run(connection, statement)
    except client.StatementFailed as failed:
        shown = statement if len(statement) < 500 else f"{statement[:500]} …"
        words = f"{place}: {failed.errno:06d} ({failed.sqlstate}): {failed.message}\n\n{shown}"
        if failed.query_id:
            words += f"\n\nquery id {failed.query_id}"
        raise _Failed(words) from None


def _show(answer: Answer, form: str) -> None:
    writers: dict[str, Callable[[Answer], str]] = {"table": _as_table, "json": _as_json, "csv": _as_csv}
    click.echo(writers[form](answer))


def _show_one(facts: dict[str, Any], form: str) -> None:
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


command = group
