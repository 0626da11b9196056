"""A plan as other verbs look at it: from its record, or from the source as it is now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from runner.authoring.analysis.subject import Subject
from runner.authoring.closing import Closure, close
from runner.authoring.record import Entry, Record
from runner.catalog.estate import Address, Estate, Gap
from runner.commands.planning import records
from runner.commands.planning.create import Request, look
from runner.commands.workspace import Door
from runner.project.settings import ProjectSettings, load

_DOUBTFUL = frozenset({"dynamic", "foreign", "variable", "ambiguous", "unreadable"})


class FileState(StrEnum):
    """How a file of a plan stands on disk."""

    WRITTEN = "as written"
    EDITED = "edited"
    MISSING = "missing"


@dataclass(frozen=True)
class Opened:
    """A plan's record, and the project it lies in."""

    settings: ProjectSettings
    record: Record

    @staticmethod
    def of(door: Door, name: str) -> Opened:
        """Raises UnknownPlan or RecordDamaged."""
        settings = load(door.root, door.overrides, door.environ, door.sandbox)
        return Opened(settings, records.load(settings.root, name))

    def now(self, *, observed: bool = True) -> Live:
        """What the plan would be made of today: asks the source."""
        record = self.record
        source = self.settings.environment(record.asked.source)
        estate = look(source, record.asked, Request(record.plan, observed=observed))
        return Live(estate, close(record.asked, estate))

    @cached_property
    def entries(self) -> Mapping[Address, Entry]:
        """Every object, in the order in which the scripts make it."""
        state = self.record.state
        order = dict.fromkeys(address for step in self.record.steps for address in step.order)
        return {address: state[address] for address in (*order, *state) if address in state}

    def subject(self, live: Live | None = None) -> Subject:
        """From the record; from the source where nothing was written yet."""
        record = self.record
        if live is not None or not record.steps:
            return (live or self.now()).subject(record)
        last, entries = record.steps[-1], self.entries
        return Subject(
            record.plan, record.asked, tuple(entry.found for entry in entries.values()), last.needs, last.outside,
            record.questions, record.gaps, left(entries.values()),
            {address: len(entry.bounds) + 2 for address, entry in entries.items() if entry.bounds},
            {address: entry.data for address, entry in entries.items() if entry.data}, last.readers,
        )  # fmt: skip

    def files(self) -> dict[str, FileState]:
        return {path: state_of(self.settings.root / path, file.sha256) for path, file in self.record.written.items()}


@dataclass(frozen=True)
class Live:
    """The source as it is now, and what the plan's words choose of it."""

    estate: Estate
    closure: Closure

    def subject(self, record: Record) -> Subject:
        closure = self.closure
        questions = tuple(sorted({*record.questions, *closure.questions}))
        return Subject(
            record.plan, record.asked, closure.members, closure.needs, closure.outside, questions, self.estate.gaps,
            behind=closure.readers,
        )  # fmt: skip


def left(entries: Iterable[Entry]) -> dict[Address, int]:
    """How many places of each text a person should look at: those that stand as SQL would have them, or may."""
    counts = {e.found.address: sum(seen.sql_like or seen.kind in _DOUBTFUL for seen in e.seen) for e in entries}
    return {address: count for address, count in counts.items() if count}


def state_of(path: Path, sha256: str) -> FileState:
    if not path.is_file():
        return FileState.MISSING
    return FileState.WRITTEN if records.sha256_of(path) == sha256 else FileState.EDITED


def worded(gap: Gap) -> str:
    """In one line: Snowflake's words may hold several."""
    return f"no {gap.evidence} for {gap.scope}: {' '.join(gap.reason.split())}"
