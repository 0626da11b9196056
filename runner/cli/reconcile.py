"""`runner reconcile`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from textwrap import indent
from typing import Any

import click

from runner.cli import options
from runner.cli.output import as_json, table
from runner.core.errors import RowsDiffer, UsageError

_COLUMNS = ("Kind", "Object", "Structure", "Source rows", "Target rows", "Rows", "Verdict")
_PROFILE = ("column", "", "nulls", "distinct ≈", "least", "greatest")


@click.command("reconcile")
@options.environment
@click.option("--objects", multiple=True, metavar="PATTERN", help="Only these: SCHEMA.NAME or NAME, with * and ?.")
@click.option("--rows", default=20, show_default=True, metavar="N", help="Show at most N differing rows a table.")
@click.option("--no-rows", is_flag=True, help="Show no row: counts, hashes and profiles only.")
@click.option("--snapshot", is_flag=True, help="Only against frozen rows; without any it is an error.")
@click.option("--live", is_flag=True, help="Against the source as it is now, not as it was frozen.")
@options.output_format
@options.door_options
@click.pass_context
def command(context: click.Context, /, **given: Any) -> None:
    """Compare an environment with its source: structure, counts, hashes, and on a difference the rows. Reads only.

    Rows are held against those that were frozen for the migration, since the source moves on; --live compares with
    the source as it is now. What a plan on record calls otherwise in the target is found by its name in the source.
    Policies and tags that are on one side only are told and do not count; grants are not compared. Exit code 22 when
    anything differs.

    \b
    runner reconcile --env imsdlc
    runner reconcile --env imsdlc --objects 'fact_*' --rows 5
    """
    from runner.commands import reconcile

    door = options.door(context, given)
    found = reconcile.reconcile(door, _request(given))
    as_json(found) if given["output"] == "json" else _show(found)
    for one in found:
        if one.differing:
            raise RowsDiffer(one.target.environment, one.differing)


def _request(given: dict[str, Any]) -> Any:
    from runner.commands.reconcile import Request
    from runner.reconcile.reconciling import Against

    if given["snapshot"] and given["live"]:
        raise UsageError("--snapshot and --live exclude each other.")
    if not 0 <= given["rows"] <= 1000:
        raise UsageError("--rows takes a number from 0 to 1000.")
    against = Against.SNAPSHOT if given["snapshot"] else Against.LIVE if given["live"] else Against.BEST
    return Request(
        environment=options.chosen(given["env"], given["everywhere"]),
        objects=given["objects"],
        rows=0 if given["no_rows"] else given["rows"],
        against=against,
        observe=_progress if given["output"] == "text" and sys.stderr.isatty() else lambda _: None,
    )


def _progress(what: str) -> None:
    click.echo(f"\r\x1b[K  {what} …\r", nl=False, err=True)


def _show(found: Any) -> None:
    for one in found:
        if sys.stderr.isatty():
            click.echo("\r\x1b[K", nl=False, err=True)
        frozen = f", rows frozen at {one.frozen_at}" if one.frozen_at else ""
        title = (
            f"{one.target.environment} ({one.target.account}, {one.target.database}) against "
            f"{one.source.environment} ({one.source.account}, {one.source.database}){frozen}"
        )
        table(_COLUMNS, [_line(item) for item in one.objects], title)
        for item in one.objects:
            _show_details(item)
        if one.not_selected:
            click.echo(f"\nnot selected, only in {one.source.environment}: {', '.join(one.not_selected)}")
        click.echo(f"\n{_summary(one)}")


def _line(item: Any) -> tuple[object, ...]:
    data, structure = item.data, f"{len(item.differences)} differ" if item.differences else "equal"
    if item.verdict == "not compared":
        structure = ""
    if data is None:
        return item.kind, _both(item), structure, "", "", "", item.verdict
    rows = ("equal" if data.equal else "differs") + ("" if data.binding else " (informs)")
    return item.kind, _both(item), structure, data.source_rows, data.target_rows, rows, item.verdict


def _both(item: Any) -> str:
    return f"{item.source} → {item.label}" if item.source else str(item.label)


def _summary(one: Any) -> str:
    seconds = f"{one.milliseconds / 1000:.1f} s"
    rows = sum(item.data.target_rows for item in one.objects if item.data and item.kind == "table")
    if one.differing:
        return f"{len(one.differing)} of {len(one.objects)} objects differ ({rows:,} rows compared, {seconds})"
    return f"{len(one.objects)} objects, {rows:,} rows: {one.verdict} ({seconds})"


def _show_details(item: Any) -> None:
    lines = [*_notes(item), *_differences(item)]
    closer = item.data is not None and item.data.profile
    if lines or closer:
        click.echo(f"\n{_both(item)}")
    for text in lines:
        click.echo(indent(text, "  "))
    if closer:
        _show_data(item.data)


def _notes(item: Any) -> Iterator[str]:
    return (f"note: {note}" for note in item.notes)


def _differences(item: Any) -> Iterator[str]:
    for one in item.differences:
        yield f"{one.what}:\n{one.diff}" if one.diff else f"{one.what}: source {one.source}, target {one.target}"


def _show_data(data: Any) -> None:
    click.echo(f"  rows against {data.against}: source {data.source_rows:,}, target {data.target_rows:,}")
    table(_PROFILE, [row for column in _telling(data) for row in _profile(column)])
    if data.differing_rows:
        more = "" if data.all_counted else "at least "
        click.echo(f"  {more}{data.differing_rows:,} rows differ{_shown(data)}")
    for row in data.rows:
        click.echo("\n".join(_row(row)))


def _telling(data: Any) -> list[Any]:
    """Columns that differ; when a missing row makes all of them differ, those that show it."""
    differing = [c for c in data.profile if c.differs]
    if len(differing) < len(data.profile):
        return differing
    changed = {cell.column for row in data.rows for cell in row.cells if cell.differs}
    return [c for c in differing if c.source != c.target or c.column in changed]


def _shown(data: Any) -> str:
    if not data.rows:
        return "."
    return ":" if len(data.rows) == data.differing_rows and data.all_counted else f"; {len(data.rows)} of them:"


def _profile(column: Any) -> Iterator[tuple[object, ...]]:
    for name, side in (("source", column.source), ("target", column.target)):
        yield column.column if name == "source" else "", name, side.nulls, side.distinct, side.least, side.greatest


def _row(row: Any) -> Iterator[str]:
    key = ", ".join(f"{c.column} = {_value(c.source if c.source is not None else c.target)}" for c in row.key)
    copies = f" ({row.source_copies} in the source, {row.target_copies} here)" if "copies" in row.kind else ""
    yield f"    {key or 'a row without a key'}: {row.kind}{copies}"
    for cell in row.cells:
        if cell.differs:
            yield f"      {cell.column}: source {_value(cell.source)}, target {_value(cell.target)}"
    if not any(cell.differs for cell in row.cells):
        yield "      " + ", ".join(
            f"{c.column} {_value(c.source if c.source is not None else c.target)}" for c in row.cells
        )


def _value(value: str | None) -> str:
    return "NULL" if value is None else repr(value)
