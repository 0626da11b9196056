"""`plan analyze` and `plan optimize`: what a plan means, and how it could be better."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from runner.authoring.analysis import analyzing, optimizing
from runner.authoring.analysis.analyzing import Analysis
from runner.authoring.analysis.estimates import ASSUMED, Rate, measured
from runner.authoring.analysis.held import Held, names_of, texts_of
from runner.authoring.analysis.optimizing import Change, Optimization
from runner.authoring.analysis.subject import Subject
from runner.catalog.reading.contents import holding
from runner.commands.deployment import layout_of, profile_of
from runner.commands.planning.subjects import Opened
from runner.commands.workspace import Door
from runner.connection.session import Session, connect
from runner.core.errors import InvalidFile, MissingFile, OwnStatementFailed
from runner.core.history import History, StatementRow
from runner.history.journal import Journal
from runner.project.environment import Environment
from runner.project.files import read_text
from runner.project.yaml_editing import with_entries

_FEW = 100
_ENOUGH = 100_000


def analyze(
    door: Door, name: str, *, measure: bool = False, rows: bool = False, warehouse: str = "X-Small"
) -> Analysis:
    """From the record; ``measure`` asks the target's history how fast rows were copied there before, ``rows`` reads
    the source's tables for names of the source.
    """
    opened = Opened.of(door, name)
    target = opened.settings.environment(opened.record.asked.target)
    rate = rate_of(target) if measure else ASSUMED
    subject = opened.subject()
    held = _held(subject, opened.settings.environment(subject.asked.source), target) if rows else None
    return analyzing.analyze(subject, rate, warehouse, held)


def _held(subject: Subject, source: Environment, target: Environment) -> tuple[Held, ...]:
    """One statement for each table whose rows travel and that has texts; none where nothing is called otherwise."""
    names = names_of(subject, source.database, target.database)
    if not names:
        return ()
    with connect(profile_of(source)) as session:
        return tuple(_looked(subject, session, names))


def _looked(subject: Subject, session: Session, names: tuple[str, ...]) -> Iterator[Held]:
    for found in subject.travels:
        texts = texts_of(found)
        try:
            counts = holding(session, found.address, texts, names) if texts else ()
        except OwnStatementFailed as error:
            yield Held(found.address.short, names, problem=error.detail)
            continue
        told = zip((column.name for column in texts), counts, strict=True)
        yield Held(found.address.short, names, tuple((name, count) for name, count in told if count))


def rate_of(environment: Environment) -> Rate:
    """What earlier runs took in this environment; the assumption, saying so, where they copied too little."""
    with connect(profile_of(environment)) as session:
        journal = Journal(environment.name, layout_of(environment))
        history = journal.read(session) or History()
        ranks = sorted({event.installed_rank for event in history.events})
        return _rate(journal.statements(session, ranks) if ranks else (), environment.name)


def _rate(statements: Iterable[StatementRow], name: str) -> Rate:
    copied = [each for each in statements if (each.row_count or 0) >= _FEW and each.execution_time]
    rows = sum(each.row_count or 0 for each in copied)
    if rows < _ENOUGH:
        told = f"{ASSUMED.basis} (the history of {name} has {rows:,} copied rows: too few to measure)"
        return replace(ASSUMED, basis=told)
    return measured(rows, sum(each.execution_time or 0 for each in copied), len(copied), f"the history of {name}")


@dataclass(frozen=True, slots=True)
class Optimized:
    """``path`` is the file into which the changes were written; empty when nothing was."""

    found: Optimization
    path: str = ""
    written: tuple[Change, ...] = ()


def optimize(door: Door, name: str, *, write: bool = False, workers: int = optimizing.WORKERS) -> Optimized:
    """What should be otherwise, and why. ``write`` puts what the migration's file can say into it."""
    opened = Opened.of(door, name)
    target = opened.settings.environment(opened.record.asked.target)
    word = optimizing.WAREHOUSE_WORD if target.vars.get(optimizing.WAREHOUSE_WORD) else ""
    found = optimizing.optimize(opened.subject(), workers, word)
    changes = tuple(change for change in found.changes if change.settings)
    if not write or not changes:
        return Optimized(found)
    shown = opened.record.asked.path
    path = opened.settings.root / shown
    if not path.is_file():
        raise MissingFile(shown, "The plan came from no file: write one, and create the plan from it.")
    text = read_text(path, shown)
    tables = {change.table: dict(change.settings) for change in changes if change.table}
    whole = {key: value for change in changes if not change.table for key, value in change.settings.items()}
    if tables:
        text = with_entries(text, ("data", "tables"), tables, shown, first=True)
    if whole:
        text = with_entries(text, ("data",), whole, shown)
    _check(text, shown)
    path.write_text(text, encoding="utf-8")
    return Optimized(found, shown, changes)


def _check(text: str, shown: str) -> None:
    """What is written must be what `plan create` reads."""
    import yaml

    from runner.project.migration import asked_of

    values = yaml.safe_load(text)
    if not isinstance(values, dict):
        raise InvalidFile(shown, "the file holds no keys and values.")
    asked_of(values, shown)
