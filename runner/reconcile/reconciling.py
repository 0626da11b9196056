"""An environment held against its source: what stands on both sides, structure, then rows. Only queries."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import Enum
from fnmatch import fnmatchcase
from typing import TypeAlias

from runner.connection.faults import StatementFault
from runner.core.errors import OwnStatementFailed, UsageError
from runner.core.names import ObjectName
from runner.reconcile import data
from runner.reconcile.data import Pair, Where
from runner.reconcile.fetch import Side, shapes
from runner.reconcile.move import Move
from runner.reconcile.renaming import Renaming
from runner.reconcile.result import DataResult, Difference, Kind, ObjectId, ObjectResult, Party, Reconciliation, Verdict
from runner.reconcile.shape import Code, Column, Other, Shape, Shapes, Table
from runner.reconcile.snapshot import Frozen, Manifest, frozen
from runner.reconcile.structure import findings

Pairs: TypeAlias = Mapping[ObjectId, ObjectId | None]
"""Objects of the target, and what each is in the source."""


class Against(Enum):
    """Which rows of the source count: the frozen ones where there are any, only those, or the live ones."""

    BEST = "best"
    SNAPSHOT = "snapshot"
    LIVE = "live"


@dataclass(frozen=True, slots=True)
class Request:
    """`schemas`: those of the target. `rows`: how many differing rows are shown at most."""

    schemas: tuple[str, ...]
    patterns: tuple[str, ...] = ()
    rows: int = 20
    against: Against = Against.BEST
    share_database: str = ""
    renaming: Renaming = field(default_factory=Renaming)
    """What is called otherwise in the target."""
    observe: Callable[[str], None] = lambda _: None


def reconcile(source: Side, target: Side, request: Request) -> Reconciliation:
    """Everything the target has, held against the source. Raises OwnStatementFailed where one cannot be read."""
    started = time.monotonic()
    schemas = (request.renaming.sources(request.schemas), request.schemas)
    with ThreadPoolExecutor(2, "reconcile") as both:
        theirs, ours = both.map(shapes, (source, target), schemas)
    manifest = _manifest(source, request)
    tables = {} if request.against is Against.LIVE else manifest.tables
    pairs = {item: request.renaming.source_of(item, theirs.objects) for item in ours.objects}
    lost = _lost(theirs, pairs, manifest, request.renaming)
    walk = _Walk(source, target, request, theirs, tables, {**lost, **pairs})
    chosen = _chosen(walk, ours, request.patterns)
    objects = tuple(walk.judged(item, shape) for item, shape in sorted(chosen.items(), key=lambda pair: pair[0].place))
    return Reconciliation(
        party(source), party(target), _worst(objects), max((one.at for one in walk.frozen.values()), default=""),
        target.session.place.server_time, round((time.monotonic() - started) * 1000), objects,
        _only_there(theirs, walk.pairs),
    )  # fmt: skip


def _lost(theirs: Shapes, pairs: Pairs, manifest: Manifest, renaming: Renaming) -> Pairs:
    """What a plan on record or the manifest says was to travel, and the target does not have: by its name there, and
    the source's.
    """
    only = theirs.objects.keys() - set(pairs.values())
    selected = ((item, (item.kind.upper(), item.schema, _bare(item))) for item in only)
    return {
        renaming.target_of(item): item for item, word in selected if renaming.brings(item) or word in manifest.selected
    }


def _only_there(theirs: Shapes, pairs: Pairs) -> tuple[str, ...]:
    only = theirs.objects.keys() - set(pairs.values())
    return tuple(str(item) for item in sorted(only, key=lambda item: item.place))


def party(side: Side) -> Party:
    return Party(side.environment, side.session.place.account, side.database)


def _manifest(source: Side, request: Request) -> Manifest:
    try:
        found = frozen(source, request.share_database) if request.share_database else Manifest()
    except StatementFault as fault:
        raise OwnStatementFailed(source.environment, "looking for frozen rows", fault.errno, fault.message) from None
    if not found.tables and request.against is Against.SNAPSHOT:
        where = request.share_database or "vars.share_database, which is not set"
        raise UsageError(f"There are no frozen rows in '{source.environment}' to compare with: no manifest in {where}.")
    return found


def _chosen(walk: _Walk, ours: Shapes, patterns: tuple[str, ...]) -> Mapping[ObjectId, Shape | None]:
    """The objects of which a name fits a pattern: SCHEMA.NAME or NAME, `*` and `?`, in any case. None: not there."""
    found = {
        item: ours.objects.get(item)
        for item, there in walk.pairs.items()
        if not patterns or any(_fits(name, p) for name in (item, there) if name for p in patterns)
    }
    if not found and not patterns:
        where = ", ".join(walk.request.schemas) or "no schema"
        reason = (
            f"Nothing was compared: no object stands in {where} of {ours.database}, and no plan on record brings one."
        )
        raise UsageError(f"{reason} Name the schemas under `schemas` of config/{walk.target.environment}.yaml.")
    if not found:
        raise UsageError(f"No object of {ours.database} is called {' or '.join(patterns)}.")
    return found


def _bare(item: ObjectId) -> str:
    """The name without a routine's arguments."""
    return item.name.partition("(")[0] if item.kind in (Kind.PROCEDURE, Kind.FUNCTION) else item.name


def _fits(item: ObjectId, pattern: str) -> bool:
    name = _bare(item)
    names = (item.name, name, f"{item.schema}.{item.name}", f"{item.schema}.{name}")
    return any(fnmatchcase(each.upper(), pattern.upper()) for each in names)


def _worst(objects: Iterable[ObjectResult]) -> Verdict:
    verdicts = {item.verdict for item in objects}
    return next((v for v in (Verdict.DIFFERS, Verdict.NOT_COMPARED) if v in verdicts), Verdict.EQUAL)


@dataclass(frozen=True, slots=True)
class _Walk:
    source: Side
    target: Side
    request: Request
    theirs: Shapes
    frozen: Mapping[tuple[str, str], Frozen]
    pairs: Pairs

    def _move(self, item: ObjectId, there: ObjectId) -> Move:
        names = self.request.renaming.names_of(item)
        return Move(self.source.database, self.target.database, names).at(there.schema)

    def judged(self, item: ObjectId, ours: Shape | None) -> ObjectResult:
        """One object: its structure, then its rows if it has any."""
        self.request.observe(str(item))
        there = self.pairs[item]
        theirs = self.theirs.objects.get(there) if there else None
        named = there.sql if there and there.sql != item.sql else ""
        if there is None or theirs is None or ours is None:
            nothing = (Difference("object", _there(theirs), _there(ours)),)
            return ObjectResult(
                item.kind, item.schema, item.name, item.sql, Verdict.DIFFERS, nothing, source=named
            )  # fmt: skip
        found = list(findings(theirs, ours, self._move(item, there)))
        rows = self._rows(item, there, theirs, ours, found)
        differences = tuple(one for one in found if isinstance(one, Difference))
        notes = tuple(one for one in found if isinstance(one, str))
        verdict = _verdict(ours, differences, rows)
        return ObjectResult(item.kind, item.schema, item.name, item.sql, verdict, differences, notes, rows, named)

    def _rows(
        self, item: ObjectId, there: ObjectId, theirs: Shape, ours: Shape, found: list[Difference | str]
    ) -> DataResult | None:
        match theirs, ours:
            case Table(), Table():
                return self._table_rows(item, there, theirs, ours, found)
            case Code(), Code() if item.kind is Kind.VIEW:
                return self._view_rows(item, there, theirs, ours, found)
            case _:
                return None

    def _table_rows(
        self, item: ObjectId, there: ObjectId, theirs: Table, ours: Table, found: list[Difference | str]
    ) -> DataResult | None:
        clone = self.frozen.get((there.schema, there.name))
        if clone is None and self.frozen:
            found.append("was not frozen: held against the live rows of the source")
        where = clone.clone if clone else ObjectName.of(self.source.database, there.schema, there.name)
        columns = clone.columns if clone else theirs.columns
        key = ours.primary or theirs.primary
        pair = self._pair(item, where, columns, ours.columns, key)
        if pair is None:
            found.append(Difference("rows", "no column in common", "no column in common"))
            return None
        against = f"{where}, frozen at {clone.at}" if clone else f"{where}, live"
        result = data.compare(pair, against, binding=True, most=self.request.rows)
        if clone and clone.rows != result.source_rows:
            counted = f"{clone.rows} rows in the manifest"
            found.append(Difference("frozen rows are not those of the manifest", counted, f"{result.source_rows} now"))
        return result

    def _view_rows(
        self, item: ObjectId, there: ObjectId, theirs: Code, ours: Code, found: list[Difference | str]
    ) -> DataResult | None:
        """A view of the source shows live rows: against a snapshot that informs, and does not count."""
        where = ObjectName.of(self.source.database, there.schema, there.name)
        pair = self._pair(item, where, theirs.columns, ours.columns, ())
        if pair is None:
            return None
        try:
            return data.compare(pair, f"{where}, live", binding=not self.frozen, most=self.request.rows)
        except OwnStatementFailed as refused:
            ran = refused.environment == self.source.environment
            problem = f"does not run: {refused.detail}"
            found.append(f"{problem} (in the source)" if ran else Difference("view", "runs", problem))
            return None

    def _pair(
        self, item: ObjectId, where: ObjectName, there: Iterable[Column], here: Iterable[Column], key: tuple[str, ...]
    ) -> Pair | None:
        names = {column.name for column in there}
        columns = tuple(column for column in here if column.name in names)
        if not columns:
            return None
        known = {column.name: column for column in columns}
        keyed = tuple(known[name] for name in key) if all(name in known for name in key) else ()
        ours = ObjectName.of(self.target.database, item.schema, item.name)
        return Pair(Where(self.source, where), Where(self.target, ours), columns, keyed)


def _there(shape: Shape | None) -> str:
    return "exists" if shape is not None else "does not exist"


def _verdict(ours: Shape, differences: tuple[Difference, ...], rows: DataResult | None) -> Verdict:
    if differences or (rows is not None and rows.binding and not rows.equal):
        return Verdict.DIFFERS
    return Verdict.NOT_COMPARED if isinstance(ours, Other) else Verdict.EQUAL
