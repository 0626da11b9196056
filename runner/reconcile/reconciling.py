"""An environment held against its source: what stands on both sides, structure, then rows. Only queries."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import Enum
from fnmatch import fnmatchcase

from runner.connection.faults import StatementFault
from runner.core.errors import OwnStatementFailed, UsageError
from runner.core.names import ObjectName
from runner.reconcile import data
from runner.reconcile.data import Pair, Where
from runner.reconcile.fetch import Side, shapes
from runner.reconcile.result import DataResult, Difference, Kind, ObjectId, ObjectResult, Party, Reconciliation, Verdict
from runner.reconcile.shape import Code, Column, Other, Shape, Shapes, Table
from runner.reconcile.snapshot import Frozen, Manifest, frozen
from runner.reconcile.structure import Move, findings


class Against(Enum):
    """Which rows of the source count: the frozen ones where there are any, only those, or the live ones."""

    BEST = "best"
    SNAPSHOT = "snapshot"
    LIVE = "live"


@dataclass(frozen=True, slots=True)
class Request:
    """`schemas`: those of the target; the source has the same. `rows`: how many differing rows are shown at most."""

    schemas: tuple[str, ...]
    patterns: tuple[str, ...] = ()
    rows: int = 20
    against: Against = Against.BEST
    share_database: str = ""
    others: tuple[tuple[str, str], ...] = ()
    """Other databases, by their names in the source and in the target."""
    observe: Callable[[str], None] = lambda _: None


def reconcile(source: Side, target: Side, request: Request) -> Reconciliation:
    """Everything the target has, held against the source. Raises OwnStatementFailed where one cannot be read."""
    started = time.monotonic()
    with ThreadPoolExecutor(2, "reconcile") as both:
        theirs, ours = both.map(lambda side: shapes(side, request.schemas), (source, target))
    manifest = _manifest(source, request)
    tables = {} if request.against is Against.LIVE else manifest.tables
    walk = _Walk(source, target, request, theirs, tables)
    lost = _lost(theirs, ours, manifest)
    chosen = _chosen(ours, lost, request.patterns)
    objects = tuple(walk.judged(item, shape) for item, shape in sorted(chosen.items(), key=lambda pair: pair[0].place))
    return Reconciliation(
        party(source), party(target), _worst(objects), max((one.at for one in walk.frozen.values()), default=""),
        target.session.place.server_time, round((time.monotonic() - started) * 1000), objects,
        _only_there(theirs, ours, lost),
    )  # fmt: skip


def _lost(theirs: Shapes, ours: Shapes, manifest: Manifest) -> Mapping[ObjectId, None]:
    """What the manifest says was to travel, and the target does not have."""
    only = theirs.objects.keys() - ours.objects.keys()
    return {item: None for item in only if (item.kind.upper(), item.schema, _bare(item)) in manifest.selected}


def _only_there(theirs: Shapes, ours: Shapes, lost: Iterable[ObjectId]) -> tuple[str, ...]:
    only = theirs.objects.keys() - ours.objects.keys() - set(lost)
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


def _chosen(ours: Shapes, lost: Mapping[ObjectId, None], patterns: tuple[str, ...]) -> Mapping[ObjectId, Shape | None]:
    """The objects whose name fits a pattern: SCHEMA.NAME or NAME, `*` and `?`, in any case. None: it is not there."""
    known: Mapping[ObjectId, Shape | None] = {**ours.objects, **lost}
    if not patterns:
        return known
    found = {item: shape for item, shape in known.items() if any(_fits(item, p) for p in patterns)}
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

    @property
    def _move(self) -> Move:
        return Move(self.source.database, self.target.database, self.request.others)

    def judged(self, item: ObjectId, ours: Shape | None) -> ObjectResult:
        """One object: its structure, then its rows if it has any."""
        self.request.observe(str(item))
        theirs = self.theirs.objects.get(item)
        if theirs is None or ours is None:
            nothing = Difference("object", _there(theirs), _there(ours))
            return ObjectResult(item.kind, item.schema, item.name, item.sql, Verdict.DIFFERS, (nothing,))
        found = list(findings(theirs, ours, self._move))
        rows = self._rows(item, theirs, ours, found)
        differences = tuple(one for one in found if isinstance(one, Difference))
        notes = tuple(one for one in found if isinstance(one, str))
        return ObjectResult(
            item.kind, item.schema, item.name, item.sql, _verdict(ours, differences, rows), differences, notes, rows
        )

    def _rows(self, item: ObjectId, theirs: Shape, ours: Shape, found: list[Difference | str]) -> DataResult | None:
        match theirs, ours:
            case Table(), Table():
                return self._table_rows(item, theirs, ours, found)
            case Code(), Code() if item.kind is Kind.VIEW:
                return self._view_rows(item, theirs, ours, found)
            case _:
                return None

    def _table_rows(
        self, item: ObjectId, theirs: Table, ours: Table, found: list[Difference | str]
    ) -> DataResult | None:
        clone = self.frozen.get((item.schema, item.name))
        if clone is None and self.frozen:
            found.append("was not frozen: held against the live rows of the source")
        where = clone.clone if clone else ObjectName.of(self.source.database, item.schema, item.name)
        there = clone.columns if clone else theirs.columns
        key = ours.primary or theirs.primary
        pair = self._pair(item, where, there, ours.columns, key)
        if pair is None:
            found.append(Difference("rows", "no column in common", "no column in common"))
            return None
        against = f"{where}, frozen at {clone.at}" if clone else f"{where}, live"
        result = data.compare(pair, against, binding=True, most=self.request.rows)
        if clone and clone.rows != result.source_rows:
            counted = f"{clone.rows} rows in the manifest"
            found.append(Difference("frozen rows are not those of the manifest", counted, f"{result.source_rows} now"))
        return result

    def _view_rows(self, item: ObjectId, theirs: Code, ours: Code, found: list[Difference | str]) -> DataResult | None:
        """A view of the source shows live rows: against a snapshot that informs, and does not count."""
        where = ObjectName.of(self.source.database, item.schema, item.name)
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
