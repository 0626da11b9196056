"""`plan list` and `plan show`: what the records say. Looks at files only."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from runner.authoring.closing import matches
from runner.authoring.names import TargetNames
from runner.authoring.questions import Question
from runner.authoring.record import Entry
from runner.catalog.estate import Address, Kind
from runner.commands.planning import records
from runner.commands.planning.subjects import FileState, Opened, worded
from runner.commands.workspace import Door
from runner.core.errors import InvalidFile, RecordDamaged, UsageError
from runner.core.patterns import Pattern
from runner.project.settings import load
from runner.sql.moving import Edit, Seen


@dataclass(frozen=True, slots=True)
class Listed:
    """One plan in a line. ``problem``: why its record cannot be read."""

    name: str
    state: str
    source: str = ""
    target: str = ""
    steps: int = 0
    objects: int = 0
    rows: int = 0
    questions: int = 0
    files: int = 0
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """One object: what it becomes, why it travels, how its rows come, what was changed and left in its text."""

    kind: str
    name: str
    becomes: str
    reason: str
    data: str
    rows: int | None
    bytes: int | None
    step: int
    edits: tuple[Edit, ...]
    left: tuple[Seen, ...]
    needs: tuple[str, ...]
    problem: str
    ddl: str


@dataclass(frozen=True, slots=True)
class Plan:
    plan: str
    state: str
    source: str
    target: str
    asked: str
    origin: str
    objects: tuple[Shown, ...]
    outside: tuple[str, ...]
    questions: tuple[Question, ...]
    gaps: tuple[str, ...]
    files: dict[str, FileState]


def plans(door: Door) -> tuple[Listed, ...]:
    """Every record under plans/; one that cannot be read is listed with the reason."""
    settings = load(door.root, door.overrides, door.environ, door.sandbox)
    return tuple(_listed(door, name) for name in records.known(settings.root))


def _listed(door: Door, name: str) -> Listed:
    try:
        opened = Opened.of(door, name)
    except (InvalidFile, RecordDamaged, UsageError) as error:
        return Listed(name, "damaged", problem=f"{error.sentence} {error.hint}".strip())
    record, state = opened.record, opened.record.state
    rows = sum(entry.found.rows or 0 for a, entry in state.items() if a.kind is Kind.TABLE)
    return Listed(
        name, state_of(opened), record.asked.source, record.asked.target, len(record.steps), len(state), rows,
        len(record.questions), len(record.written),
    )  # fmt: skip


def state_of(opened: Opened) -> str:
    """In one word: the first that is true of questions open, not written, files missing, files edited, written."""
    files = Counter(opened.files().values())
    if opened.record.questions:
        return "questions open"
    if not opened.record.steps:
        return "not written"
    return next((f"files {s.value}" for s in (FileState.MISSING, FileState.EDITED) if files[s]), "written")


def show(door: Door, name: str, pattern: str = "") -> Plan:
    """All of a plan, or only the objects that a pattern names. Raises UsageError when that is none."""
    opened = Opened.of(door, name)
    record = opened.record
    objects = tuple(_objects(opened, _pattern(pattern)))
    if pattern and not objects:
        raise UsageError(f"Plan '{name}' has no object '{pattern}'.")
    origin = record.origin
    return Plan(
        name,
        state_of(opened),
        record.asked.source,
        record.asked.target,
        record.asked.path,
        f"{origin.organization}.{origin.account}, database {origin.database}",
        objects,
        tuple(f"{address}: {what.value}" for address, what in (record.steps[-1].outside if record.steps else ())),
        record.questions,
        tuple(map(worded, record.gaps)),
        opened.files(),
    )


def _pattern(text: str) -> Pattern | None:
    try:
        return Pattern.parse(text) if text else None
    except ValueError as error:
        raise UsageError(f"{error}.") from None


def _objects(opened: Opened, pattern: Pattern | None) -> Iterator[Shown]:
    record, subject = opened.record, opened.subject() if opened.record.steps else None
    if subject is None:
        return
    names = TargetNames(record.asked, record.origin.database, tuple(opened.entries))
    steps = {entry.found.address: step.number for step in record.steps for entry in step.entries}
    needs = defaultdict[Address, list[str]](list)
    for need in subject.needs:
        needs[need.needer].append(f"{need.needed} ({', '.join(evidence.value for evidence in need.evidence)})")
    for address, entry in opened.entries.items():
        if pattern is None or matches(pattern, address):
            data = subject.data(entry.found).strategy.value if address.kind is Kind.TABLE else ""
            yield _shown(entry, names.of(address).short, data, steps[address], tuple(needs[address]))


def _shown(entry: Entry, becomes: str, data: str, step: int, needs: tuple[str, ...]) -> Shown:
    found = entry.found
    return Shown(
        found.address.kind.value.lower(), found.address.short, becomes, entry.reason, data, found.rows, found.bytes,
        step, entry.edits, entry.seen, needs, found.problem, found.ddl,
    )  # fmt: skip
