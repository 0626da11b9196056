"""The verbs of `runner plan` that look at a plan: list, show, answer, diff, validate, analyze, optimize, graph."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from textwrap import indent
from typing import Any

import click

from runner.cli import options
from runner.cli.output import as_json, counted, table
from runner.core.errors import PlanNotReady, SourceMovedOn

SIZES = (
    "X-Small", "Small", "Medium", "Large", "X-Large", "2X-Large", "3X-Large", "4X-Large", "5X-Large", "6X-Large",
)  # fmt: skip
_LONG = 60
_NO_HISTORY = click.option("--no-history", is_flag=True, help="Do not ask ACCESS_HISTORY what procedures touched.")


@click.command("list")
@options.output_format
@options.door_options
@click.pass_context
def list_(context: click.Context, /, **given: Any) -> None:
    """Name all plans of the project, and how each stands. Looks at files only.

    \b
    runner plan list
    """
    from runner.commands.planning import listing

    found = listing.plans(options.door(context, given))
    if given["output"] == "json":
        as_json(found)
        return
    rows = [
        (p.name, p.state, f"{p.source} → {p.target}" if p.source else "", p.steps, p.objects, f"{p.rows:,}", p.problem)
        for p in found
    ]
    columns = ("Plan", "State", "From → to", "Steps", "Objects", "Rows", "Problem")
    width = len(columns) if any(p.problem for p in found) else -1
    table(columns[:width], [row[:width] for row in rows]) if found else click.echo(
        "No plans: `runner plan create NAME`."
    )


@click.command("show")
@click.argument("name")
@click.option("--object", "pattern", default="", metavar="PATTERN", help="Only these objects, with text and changes.")
@options.output_format
@options.door_options
@click.pass_context
def show(context: click.Context, /, **given: Any) -> None:
    """Tell all of a plan: objects and why each travels, what was changed and left in their texts, questions, files.

    \b
    runner plan show bolt
    runner plan show bolt --object 'mart.sp_*'
    """
    from runner.commands.planning import listing

    found = listing.show(options.door(context, given), given["name"], given["pattern"])
    if given["output"] == "json":
        as_json(found)
    elif given["pattern"]:
        for one in found.objects:
            click.echo("\n".join(_object(one)))
    else:
        _show(found)


def _show(found: Any) -> None:
    click.echo(f"Plan {found.plan}: {found.source} → {found.target}, {found.state}. Made of {found.origin}.\n")
    if found.objects:
        columns = ("Kind", "Object", "Becomes", "Why", "Rows come by", "Rows", "Changed", "Left")
        rows = [_line(one) for one in found.objects]
        table(columns, rows, spare=("Left", "Changed", "Becomes"))
    for title, lines in (
        ("Stays outside", found.outside),
        ("Open questions", [str(question) for question in found.questions]),
        ("Evidence that could not be had", found.gaps),
        ("Files", [f"{path}: {state.value}" for path, state in found.files.items()]),
    ):
        if lines:
            click.echo(f"\n{title}\n" + "\n".join(f"  {line}" for line in lines))


def _line(one: Any) -> tuple[object, ...]:
    becomes = one.becomes if one.becomes != one.name else ""
    return one.kind, one.name, becomes, one.reason, one.data, _many(one.rows), len(one.edits), len(one.left)


def _object(one: Any) -> Iterator[str]:
    yield f"{one.kind} {one.name} → {one.becomes} ({one.reason}, step {one.step})"
    if one.problem:
        yield f"  problem: {one.problem}"
    yield from (f"  needs {need}" for need in one.needs)
    for edit in one.edits:
        yield f"  changed, line {edit.line}: {edit.before} → {edit.after}" + (f" ({edit.why})" if edit.why else "")
    for seen in one.left:
        yield f"  left, line {seen.line} ({seen.kind}): {seen.text}" + (f" – {seen.why}" if seen.why else "")
    yield f"\n{indent(one.ddl, '    ')}\n"


def _many(number: int | None) -> str:
    return "" if number is None else f"{number:,}"


@click.command("answer")
@click.argument("name")
@click.argument("answers", nargs=-1, metavar="[ID=ANSWER]…")
@options.output_format
@options.door_options
@click.pass_context
def answer(context: click.Context, /, **given: Any) -> None:
    """Answer a plan's questions; without an answer, list what is open. The answers go into the migration's file.

    An id may hold * and ?. Nothing is written unless all answers are right; then `runner plan create` again.

    \b
    runner plan answer bolt
    runner plan answer bolt text-sp_load-312bb603=rewrite 'needs-*=include'
    """
    from runner.commands.planning import answering

    found = answering.answer(options.door(context, given), given["name"], given["answers"])
    if given["output"] == "json":
        as_json(found)
        return
    for name, chosen in found.answers.items():
        click.echo(f"{name}: {chosen}")
    if found.path:
        click.echo(f"\n{counted(len(found.answers), 'answer')} in {found.path}.")
    if found.open:
        click.echo("\n".join(["Open:", *(f"  {question}" for question in found.open)]))
    elif found.path:
        click.echo(f"Nothing is open any more: `runner plan create {found.plan}`.")
    else:
        click.echo("No question is open.")


@click.command("diff")
@click.argument("name")
@click.option("--check", is_flag=True, help="Exit code 12 when anything differs.")
@_NO_HISTORY
@options.output_format
@options.door_options
@click.pass_context
def diff(context: click.Context, /, **given: Any) -> None:
    """Hold the source as it is now against what the plan was made of. Reads only; `create` writes the next scripts.

    \b
    runner plan diff bolt
    runner plan diff bolt --check
    """
    from runner.commands.planning import differing

    found = differing.diff(options.door(context, given), given["name"], observed=not given["no_history"])
    if given["output"] == "json":
        as_json(found)
    else:
        _show_diff(found)
    if given["check"] and found.changes:
        raise SourceMovedOn(found.plan, len(found.changes))


def _show_diff(found: Any) -> None:
    for change in found.changes:
        click.echo(f"{change.change}: {change.kind} {change.name} ({change.reason})")
        if change.diff:
            click.echo(indent(change.diff, "    ") + "\n")
    for gap in found.gaps:
        click.echo(f"note: {gap}")
    if not found.changes:
        click.echo(f"Nothing differs between plan '{found.plan}' and {found.source}.")
    if found.questions:
        click.echo("\nThe next `plan create` asks:\n" + "\n".join(f"  {question}" for question in found.questions))


@click.command("validate")
@click.argument("name")
@click.option("--offline", is_flag=True, help="Look at the files only; connect to nothing.")
@_NO_HISTORY
@options.output_format
@options.door_options
@click.pass_context
def validate(context: click.Context, /, **given: Any) -> None:
    """Would the plan still be true? Files, questions, source, privileges, mapping, roles, policies, space. Reads only.

    Exit code 12 when a check failed; a warning is no failure.

    \b
    runner plan validate bolt
    runner plan validate bolt --offline
    """
    from runner.commands.planning import validating

    door = options.door(context, given)
    found = validating.validate(door, given["name"], offline=given["offline"], observed=not given["no_history"])
    if given["output"] == "json":
        as_json({"plan": found.plan, "failed": found.failed, "lines": found.lines})
    else:
        rows = [(line.outcome.value, line.what, line.detail, line.advice) for line in found.lines]
        table(("State", "What", "Found", "What to do"), rows, f"Plan {found.plan}")
    if found.failed:
        raise PlanNotReady(found.plan, found.failed)


@click.command("analyze")
@click.argument("name")
@click.option("--measure", is_flag=True, help="Ask the target's history how fast rows were copied there before.")
@click.option("--rows", is_flag=True, help="Read the source's tables: which texts in rows name its database?")
@click.option("--warehouse-size", "size", type=click.Choice(SIZES, case_sensitive=False), default="X-Small",
              show_default=True, help="The size to reckon with.")  # fmt: skip
@options.output_format
@options.door_options
@click.pass_context
def analyze(context: click.Context, /, **given: Any) -> None:
    """Tell what a plan touches, who reads it, what stops when, how long it takes and by which reckoning, what can fail.

    \b
    runner plan analyze bolt
    runner plan analyze bolt --measure --warehouse-size Medium
    runner plan analyze bolt --rows
    """
    from runner.commands.planning import analyzing

    door = options.door(context, given)
    found = analyzing.analyze(
        door, given["name"], measure=given["measure"], rows=given["rows"], warehouse=given["size"]
    )
    as_json(found) if given["output"] == "json" else _show_analysis(found)


def _show_analysis(found: Any) -> None:
    kinds = ", ".join(counted(count, kind) for kind, count in found.kinds.items())
    click.echo(f"Plan {found.plan}: {found.source} → {found.target}. {kinds or 'Nothing'}.\n")
    rows = [(o.kind, o.name, _many(o.rows), _size(o.bytes), _few(o.readers), o.all_readers, _few(o.roles))
            for o in found.objects]  # fmt: skip
    table(("Kind", "Touches", "Rows", "Size", "Read by", "In all", "Roles that may"), rows, spare=("Roles that may",))
    behind = [(each.name, _few(each.behind)) for each in found.objects if each.behind]
    if behind:
        click.echo("\nRead in the source by objects that stay behind")
        for name, readers in behind:
            click.echo(f"  {name}: {readers}")
    click.echo("\nWhat stops working when")
    for moment in found.timeline:
        click.echo(f"  {moment.when} ({moment.where}): {moment.what}.")
        readers = f"; read by {_few(moment.readers)}" if moment.readers else ""
        click.echo(f"    {counted(len(moment.touched), 'object')}: {_few(moment.touched)}{readers}")
    _show_estimate(found.estimate)
    if found.held is not None:
        click.echo(f"\n{_held(found.held)}")
    click.echo("\nRisks" if found.risks else "\nNo risks were found.")
    for line in _risks(found.risks):
        click.echo(f"  {line}")


def _held(held: Any) -> str:
    if not held:
        return "No rows were looked at: none travel, or the databases are called the same."
    count = sum(each.count for each in held)
    names = " or ".join(held[0].names)
    return f"Rows of {counted(len(held), 'table')} were looked through: {counted(count, 'value')} with {names}."


def _risks(risks: Any) -> Iterator[str]:
    """Those that say the same of several objects in one line."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for risk in risks:
        groups.setdefault((risk.severity.value, risk.what.rstrip("."), risk.advice), []).append(risk.about)
    for (severity, what, advice), about in groups.items():
        yield f"{severity:6}  {_few(about)}: {what}. {advice}"


def _show_estimate(told: Any) -> None:
    amount = f"{told.rows:,} rows, {_size(told.bytes)}"
    click.echo(f"\nEstimate: {amount}; {_time(told.seconds)} and {told.credits:g} credits on {told.warehouse}, since")
    for line in told.basis:
        click.echo(f"  {line}")


def _few(names: Any, most: int = 3) -> str:
    """The first of them, none longer than people read, and how many more there are."""
    shown = [name if len(name) <= _LONG else name[: _LONG - 1] + "…" for name in names[:most]]
    return ", ".join(shown) + (f" and {len(names) - most} more" if len(names) > most else "")


def _size(number: int | None) -> str:
    from runner.authoring.graph.model import size

    return "" if number is None else size(number)


def _time(seconds: float) -> str:
    if seconds < 1:
        return "less than a second"
    if seconds < 120:
        return f"{seconds:.0f} seconds"
    return f"{seconds / 60:.0f} minutes" if seconds < 5400 else f"{seconds / 3600:.1f} hours"


@click.command("optimize")
@click.argument("name")
@click.option("--write", is_flag=True, help="Put the changes into the migration's file; then create the plan again.")
@click.option("--workers", type=click.IntRange(1, 16), default=4, show_default=True, help="Tables at the same time.")
@options.output_format
@options.door_options
@click.pass_context
def optimize(context: click.Context, /, **given: Any) -> None:
    """Say how a plan could be quicker or safer: order, parallel groups, batches, warehouse size; each with its reason.

    \b
    runner plan optimize bolt
    runner plan optimize bolt --write
    """
    from runner.commands.planning import analyzing

    door = options.door(context, given)
    done = analyzing.optimize(door, given["name"], write=given["write"], workers=given["workers"])
    as_json(done) if given["output"] == "json" else _show_optimization(done)


def _show_optimization(done: Any) -> None:
    found = done.found
    if found.changes:
        rows = [(c.about, c.what, c.before, c.after, c.why) for c in found.changes]
        table(("What", "Setting", "Now", "Better", "Why"), rows)
    else:
        click.echo("Nothing would be better.")
    if any(len(group.workers) > 1 for group in found.groups):
        click.echo("\nWhich tables may come at the same time, and which of them after which:")
    for number, group in enumerate(found.groups, 1):
        tables = [name for names in group.workers for name in names]
        click.echo(f"  {number}. {_few(tables, 8)} ({_time(group.seconds)} on X-Small)")
    before, after = found.before, found.after
    click.echo(f"\nIt takes {_time(before.seconds)} and {before.credits:g} credits on {before.warehouse}.")
    if after.warehouse != before.warehouse:
        click.echo(f"On {after.warehouse}: {_time(after.seconds)} and {after.credits:g} credits.")
    if done.path:
        click.echo(f"{counted(len(done.written), 'change')} in {done.path}: `runner plan create {found.plan} --anew`.")


@click.command("graph")
@click.argument("name")
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), help="The page: pan, zoom, search, DDL.")
@click.option("--svg", type=click.Path(dir_okay=False, path_type=Path), help="The picture alone.")
@click.option("--live", is_flag=True, help="Draw the source as it is now, not as the plan was made of it.")
@click.option("--force", is_flag=True, help="Write over a file that is no drawing.")
@options.output_format
@options.door_options
@click.pass_context
def graph(context: click.Context, /, **given: Any) -> None:
    """Draw a plan: its objects, and who needs whom by which evidence. One file that asks the network for nothing.

    With --format json and no file the graph itself is printed.

    \b
    runner plan graph bolt --html bolt.html
    """
    from runner.commands.planning import drawing

    door = options.door(context, given)
    if given["output"] == "json" and not (given["html"] or given["svg"]):
        as_json(drawing.sketch(door, given["name"], live=given["live"]))
        return
    done = drawing.draw(
        door, given["name"], html=given["html"], picture=given["svg"], live=given["live"], force=given["force"]
    )
    if given["output"] == "json":
        as_json(done)
        return
    for path in done.files:
        click.echo(f"{path}: {done.told}")


VERBS = (list_, show, answer, diff, validate, analyze, optimize, graph)
