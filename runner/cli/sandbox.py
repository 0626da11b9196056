"""`runner sandbox …`: the local Snowflake organisation, from the shell."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from shutil import get_terminal_size
from textwrap import fill
from typing import TYPE_CHECKING, Any

import click

from runner.cli.sandbox_orders import clock, fault, faults, latency, snapshot
from runner.cli.sandboxed import (
    Failed,
    NotThere,
    Unreadable,
    explained,
    form_option,
    root_option,
    running_sandbox,
    show,
    show_one,
    show_rows,
)

if TYPE_CHECKING:
    from runner.sandbox.client import Answer
    from runner.sandbox.explaining import Verdict
    from runner.sandbox.organization import Organization
    from runner.sandbox.process import Running

_accounts = click.option(
    "--accounts",
    "described",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="YAML file with the accounts to make: name, region, edition of each.",
)


@click.group("sandbox")
def group() -> None:
    """A Snowflake organisation on this machine: accounts IMCUST and IMSDLC behind the connector's own protocol.

    \b
    runner sandbox up
    runner sandbox sql --account imcust -q "SELECT CURRENT_VERSION()"
    runner sandbox down
    """


@group.command()
@root_option
@click.option("--port", type=click.IntRange(0, 65535), default=0, help="0 takes a free one.", show_default=True)
@click.option("--tls", is_flag=True, help="Speak TLS as well, on a port of its own, with a certificate of its own.")
@click.option("--tls-port", type=click.IntRange(0, 65535), default=0, help="0 takes a free one.", show_default=True)
@_accounts
@form_option
def up(root: Path, port: int, tls: bool, tls_port: int, described: Path | None, form: str) -> None:
    """Start the organisation, or find it running.

    \b
    runner sandbox up
    runner sandbox up --tls                 # for clients that cannot choose http; says how to trust it
    runner sandbox up --root /tmp/try --format json
    runner sandbox up --accounts org.yaml
    """
    from runner.sandbox import process

    with explained():
        running = process.up(root, port, _organization(described), tls or tls_port > 0, tls_port)
    show_one(_facts(running), form)


def _organization(described: Path | None) -> Organization | None:
    if described is None:
        return None
    from runner.sandbox.organization import read

    return read(described)


def _facts(running: Running) -> dict[str, Any]:
    return {
        "root": str(running.root),
        "port": running.port,
        "pid": running.pid,
        "accounts": list(running.accounts),
        "tokens": {account: str(path) for account, path in running.pats.items()},
        **(_trusting(running) if running.tls_port else {}),
    }


def _trusting(running: Running) -> dict[str, Any]:
    """Where TLS is spoken, and how each kind of client is told to trust its certificate."""
    from runner.sandbox import files

    authority, port = running.authority, running.tls_port
    store = authority.with_name(files.TRUSTSTORE)
    java = f"-Djavax.net.ssl.trustStore={store} -Djavax.net.ssl.trustStorePassword={files.TRUSTSTORE_PASSWORD}"
    return {
        "tls_port": port,
        "trust": str(authority),
        "python": f"REQUESTS_CA_BUNDLE={authority} SSL_CERT_FILE={authority}",
        "jdbc": f"java {java} with jdbc:snowflake://localhost:{port}/?account=…&disableOCSPChecks=true",
        "curl": f"curl --cacert {authority} https://localhost:{port}/sandbox/status",
    }


@group.command()
@root_option
def down(root: Path) -> None:
    """Stop the organisation; what it holds stays on disk.

    \b
    runner sandbox down
    """
    from runner.sandbox import process

    with explained():
        stopped = process.down(root)
    click.echo(f"stopped: {root}" if stopped else f"nothing runs under {root}")


@group.command()
@root_option
@form_option
def status(root: Path, form: str) -> None:
    """Port, pid, accounts, and how many requests and statements passed since the start; exit 6 when nothing runs.

    \b
    runner sandbox status --format json
    """
    from runner.sandbox import process

    with explained():
        found = process.status(root)
    if found is None:
        raise NotThere(f"No sandbox runs under {root}. Start it: runner sandbox up --root {root}")
    show_one(found, form)


@group.command()
@root_option
@click.option("--yes", is_flag=True, help="Do not ask.")
@_accounts
@form_option
def reset(root: Path, yes: bool, described: Path | None, form: str) -> None:
    """Throw the organisation away and start a new, empty one.

    \b
    runner sandbox reset --yes
    """
    from runner.sandbox import process

    if not yes:
        click.confirm(f"Everything under {root} will be deleted. Go on?", abort=True)
    with explained():
        running = process.reset(root, _organization(described))
    show_one(_facts(running), form)


@group.command()
@root_option
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
        with explained(), client.failures():
            running = running_sandbox(root)
            make(lambda account: client.connect(running, account), rows, estate)
    except ValueError as wrong:
        raise click.UsageError(str(wrong)) from None
    except client.StatementFailed as failed:
        raise Failed(f"{failed.errno:06d} ({failed.sqlstate}): {failed.message}") from None
    click.echo(f"seeded {estate} with {rows} rows under {root}")


@group.command()
@root_option
@click.option("--account", required=True, help="imcust or imsdlc.")
@click.option("-f", "--file", "file", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="SQL to run.")
@click.option("-q", "--query", help="SQL to run.")
@click.option("--role", help="Role to take; the administrator's own unless given.")
@click.option("--database", help="Database to be in.")
@form_option
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
        raise Unreadable(f"{place}, {wrong}.") from None
    with explained(), _login():
        connection = client.connect(running_sandbox(root), account, role=role, database=database)
    try:
        for piece in pieces:
            show(_answer(connection, piece.text, f"{place}:{piece.line}"), form)
    finally:
        connection.close()


@group.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@form_option
def explain(file: Path, form: str) -> None:
    """Say statement by statement what the sandbox makes of a file, without running it; exit 20 when some are refused.

    \b
    runner sandbox explain versions/V002__ddl.sql
    """
    from runner.sandbox import process
    from runner.sandbox.needs import missing
    from runner.sql.errors import SqlTextError
    from runner.sql.splitting import split

    with explained():
        if why := missing():
            raise process.NotInstalled(why)
    from runner.sandbox.explaining import REFUSED, verdicts

    try:
        pieces = split(_decoded(str(file), file.read_bytes()))
    except SqlTextError as wrong:
        raise Unreadable(f"{file}, {wrong}.") from None
    found = verdicts([(piece.text, piece.line) for piece in pieces])
    notes = _notes(found) if form == "table" else {}
    told = [asdict(v) | ({"why": f"differences [{notes[v.why]}]"} if v.why in notes else {}) for v in found]
    show_rows(told, form)
    for why, number in notes.items():
        click.echo(fill(why, get_terminal_size().columns, initial_indent=f"[{number}] ", subsequent_indent="    "))
    if refused := [v for v in found if v.state == REFUSED]:
        raise Failed(
            f"{len(refused)} of {len(found)} statements would be refused; the first is at line {refused[0].line}."
        )


def _notes(found: Sequence[Verdict]) -> dict[str, int]:
    """Differences that stand below the table, each once, numbered as they come."""
    from runner.sandbox.explaining import REFUSED

    whys = dict.fromkeys(v.why for v in found if v.why and v.state != REFUSED)
    return {why: number for number, why in enumerate(whys, start=1)}


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
        raise Unreadable(f"{name} is not UTF-8: byte {error.start}.") from None


@contextmanager
def _login() -> Iterator[None]:
    from runner.sandbox import client

    try:
        with client.failures():
            yield
    except client.StatementFailed as error:
        raise NotThere(error.message) from None


def _answer(connection: Any, statement: str, place: str) -> Answer:
    from runner.sandbox import client

    try:
        return client.run(connection, statement)
    except client.StatementFailed as failed:
        shown = statement if len(statement) < 500 else f"{statement[:500]} …"
        words = f"{place}: {failed.errno:06d} ({failed.sqlstate}): {failed.message}\n\n{shown}"
        if failed.query_id:
            words += f"\n\nquery id {failed.query_id}"
        raise Failed(words) from None


for orders in (clock, fault, faults, latency, snapshot):
    group.add_command(orders)

command = group
