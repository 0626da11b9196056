"""`runner sandbox fault | faults | latency | snapshot`: orders to a running organisation, from the shell."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from runner.cli.sandboxed import explained, form_option, root_option, running_sandbox, show_one, show_rows

if TYPE_CHECKING:
    from runner.sandbox.orders import Orders


def _orders(root: Path) -> Orders:
    from runner.sandbox.orders import Orders

    return Orders(running_sandbox(root))


_SPAN = re.compile(r"\+?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")

_LONGEST = timedelta(days=365_000)


def _span(_: click.Context, __: click.Parameter, value: str | None) -> timedelta | None:
    """`+10m`, `1d12h`, `90s`."""
    if value is None:
        return None
    found = _SPAN.fullmatch(value)
    if found is None or not any(found.groups()):
        raise click.BadParameter(f"'{value}' is no span of time; write +10m, +1d12h or +90s.")
    days, hours, minutes, seconds = (int(part or 0) for part in found.groups())
    try:
        span = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    except OverflowError:
        span = timedelta.max
    if span > _LONGEST:
        raise click.BadParameter(f"'{value}' is too long: the clock goes {_LONGEST.days} days forward at most at once.")
    return span


@click.command()
@root_option
@click.argument("by", required=False, callback=_span)
@click.option(
    "--to", type=click.DateTime(["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%d"]), help="An instant, in UTC."
)
@form_option
def clock(root: Path, by: timedelta | None, to: datetime | None, form: str) -> None:
    """What time it is in the sandbox; with a span or an instant, time passes at once.

    Tokens and sessions expire, retention ends, tasks that fall due on the way run. The clock goes forward only; a
    snapshot that was saved before brings its time back.

    \b
    runner sandbox clock
    runner sandbox clock +10m
    runner sandbox clock --to 2030-01-01
    """
    if by is not None and to is not None:
        raise click.UsageError("Give a span or --to, not both.")
    with explained():
        orders = _orders(root)
        if by is not None:
            told = orders.move_clock(by)
        elif to is not None:
            told = orders.move_clock_to(to.replace(tzinfo=UTC))
        else:
            told = orders.clock()
    show_one(told, form)


@click.group()
def fault() -> None:
    """Accidents on order, for anybody's tests: what clients do when Snowflake does not answer as it should.

    \b
    runner sandbox fault add cut --match "INSERT INTO" --when after
    runner sandbox fault add error --match MERGE --code 90100 --message "Timed out" --nth 3
    runner sandbox faults list
    """


@fault.command()
@root_option
@click.argument("action", type=click.Choice(["cut", "error", "delay", "slow", "kill-session", "expire-token"]))
@click.option("--match", default="", help="Regular expression that finds the statements it is meant for.")
@click.option(
    "--at",
    type=click.Choice(["statement", "login", "renewal", "result", "chunk", "heartbeat", "logout", "any"]),
    default="statement",
    show_default=True,
    help="The kind of request it is meant for.",
)
@click.option("--when", type=click.Choice(["before", "after"]), default="before", show_default=True, help="Executing.")
@click.option("--nth", type=click.IntRange(1), default=1, show_default=True, help="The first of them that it falls on.")
@click.option("--every", type=click.IntRange(1), default=1, show_default=True, help="From there on, each so many-th.")
@click.option("--times", type=click.IntRange(0), default=1, show_default=True, help="How often; 0 for always.")
@click.option("--seconds", type=click.FloatRange(0, 3600), default=0.0, help="How long a delay or a slow answer takes.")
@click.option("--code", type=click.IntRange(1, 999_999), help="An error's number.")
@click.option("--sqlstate", help="An error's SQLSTATE.")
@click.option("--message", help="An error's words.")
@form_option
def add(root: Path, action: str, form: str, **order: Any) -> None:
    """Let something go wrong: the connection cut, an error, a delay, a slow answer, the session or its token ended.

    \b
    runner sandbox fault add delay --seconds 5 --match "SELECT COUNT"
    runner sandbox fault add kill-session --nth 10 --every 10 --times 0
    """
    if action in ("delay", "slow") and not order["seconds"]:
        raise click.UsageError(f"A {action} needs its length: --seconds 5.")
    with explained():
        waiting = _orders(root).fault(action, **{name: value for name, value in order.items() if value is not None})
    show_rows(waiting, form)


@click.group()
def faults() -> None:
    """The accidents that were ordered and did not all happen yet.

    \b
    runner sandbox faults list
    runner sandbox faults clear
    """


@faults.command("list")
@root_option
@form_option
def listing(root: Path, form: str) -> None:
    """The accidents that did not all happen yet, and how often each was met.

    \b
    runner sandbox faults list --format json
    """
    with explained():
        show_rows(_orders(root).faults(), form)


@faults.command()
@root_option
def clear(root: Path) -> None:
    """None of them happens any more, and delays that go on end.

    \b
    runner sandbox faults clear
    """
    with explained():
        _orders(root).clear_faults()
    click.echo("no accident waits")


@click.command()
@root_option
@click.option("--request", "request_ms", type=click.FloatRange(0, 600_000), help="Milliseconds added to a request.")
@click.option("--statement", "statement_ms", type=click.FloatRange(0, 600_000), help="… to a statement's execution.")
@form_option
def latency(root: Path, request_ms: float | None, statement_ms: float | None, form: str) -> None:
    """Make the organisation as far away as a real one is; without options, say how far it is.

    \b
    runner sandbox latency --request 50 --statement 20
    runner sandbox latency --request 0 --statement 0
    """
    wanted = {"latency_ms": request_ms, "statement_ms": statement_ms}
    with explained():
        now = _orders(root).set(**{name: value for name, value in wanted.items() if value is not None})
    show_one({"request": now["latency_ms"], "statement": now["statement_ms"]}, form)


@click.group()
def snapshot() -> None:
    """Whole states of the organisation under names: saved while it runs, restored in seconds.

    \b
    runner sandbox snapshot save seeded
    runner sandbox snapshot restore seeded
    """


@snapshot.command()
@root_option
@click.argument("name")
def save(root: Path, name: str) -> None:
    """Keep the present state; who changes something waits meanwhile.

    \b
    runner sandbox snapshot save seeded
    """
    from runner.sandbox import snapshots

    with explained():
        kept = snapshots.save(root, name)
    click.echo(f"saved {kept.name}: {kept.bytes / 1e6:.1f} MB")


@snapshot.command()
@root_option
@click.argument("name")
def restore(root: Path, name: str) -> None:
    """Be what was saved; what the organisation holds now is gone. Clients log in anew, at the same port.

    \b
    runner sandbox snapshot restore seeded
    """
    from runner.sandbox import snapshots

    with explained():
        running = snapshots.restore(root, name)
    click.echo(f"restored {name}: port {running.port}")


@snapshot.command("list")
@root_option
@form_option
def snapshot_list(root: Path, form: str) -> None:
    """Every snapshot, the oldest first.

    \b
    runner sandbox snapshot list
    """
    from runner.sandbox import snapshots

    rows = [
        {"name": s.name, "saved": f"{s.saved_at:%Y-%m-%d %H:%M:%S}", "bytes": s.bytes} for s in snapshots.listed(root)
    ]
    show_rows(rows, form)


@snapshot.command("drop")
@root_option
@click.argument("name")
def snapshot_drop(root: Path, name: str) -> None:
    """Forget a snapshot.

    \b
    runner sandbox snapshot drop seeded
    """
    from runner.sandbox import snapshots

    with explained():
        snapshots.drop(root, name)
    click.echo(f"dropped {name}")
