"""Names of the source's databases in rows: text that travels as it is, and may be meant as a name."""

from __future__ import annotations

from dataclasses import dataclass

from runner.authoring.analysis.subject import Subject
from runner.catalog.estate import Column, Found

_TEXTS = ("VARCHAR", "VARIANT", "OBJECT", "ARRAY")


@dataclass(frozen=True, slots=True)
class Held:
    """What was counted in one table: by column, the rows whose value holds one of the names. ``problem``: why not."""

    table: str
    names: tuple[str, ...]
    columns: tuple[tuple[str, int], ...] = ()
    problem: str = ""

    @property
    def count(self) -> int:
        return sum(count for _, count in self.columns)


def texts_of(found: Found) -> tuple[Column, ...]:
    """The columns that can hold a name: texts, and what is stored as JSON."""
    return tuple(column for column in found.columns if column.type.partition("(")[0] in _TEXTS)


def names_of(subject: Subject, source: str, target: str) -> tuple[str, ...]:
    """The databases of the source that are called otherwise in the target."""
    pairs = {source: target, **subject.asked.names.databases}
    return tuple(sorted(old for old, new in pairs.items() if old != new))
