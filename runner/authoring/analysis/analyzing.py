"""The whole analysis: what a plan touches, who reads it, what stops when, how much, how long, and what can go wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from runner.authoring.analysis.estimates import ASSUMED, Estimate, Rate, estimate
from runner.authoring.analysis.held import Held
from runner.authoring.analysis.risks import Risk, risks
from runner.authoring.analysis.subject import Subject
from runner.authoring.analysis.timeline import Moment, timeline


@dataclass(frozen=True, slots=True)
class Touched:
    """One object, who in the plan needs it, who needs it and stays behind, and which roles may read it there."""

    kind: str
    name: str
    rows: int | None
    bytes: int | None
    readers: tuple[str, ...]
    all_readers: int
    roles: tuple[str, ...]
    behind: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Analysis:
    plan: str
    source: str
    target: str
    kinds: Mapping[str, int]
    objects: tuple[Touched, ...]
    outside: tuple[str, ...]
    timeline: tuple[Moment, ...]
    estimate: Estimate
    risks: tuple[Risk, ...]
    held: tuple[Held, ...] | None = None
    """Tables whose rows were looked through for names of the source; None where nobody asked for it."""

    @property
    def worst(self) -> str:
        """The severity of the worst risk; empty without any."""
        return self.risks[0].severity.value if self.risks else ""


def analyze(
    subject: Subject, rate: Rate = ASSUMED, warehouse: str = "X-Small", held: tuple[Held, ...] | None = None
) -> Analysis:
    kinds = Counter(found.address.kind.value.lower() for found in subject.objects)
    return Analysis(
        subject.plan,
        subject.asked.source,
        subject.asked.target,
        dict(sorted(kinds.items())),
        tuple(_touched(subject)),
        tuple(f"{address}: {outside.value}" for address, outside in subject.outside),
        timeline(subject),
        estimate(subject, rate, warehouse),
        risks(subject, held or ()),
        held,
    )


_READING = frozenset({"SELECT", "USAGE", "OWNERSHIP"})


def _touched(subject: Subject) -> list[Touched]:
    return [
        Touched(
            found.address.kind.value.lower(),
            found.address.short,
            found.rows,
            found.bytes,
            tuple(reader.short for reader in subject.readers(found.address)),
            len(subject.all_readers(found.address)),
            tuple(sorted({grant.grantee for grant in found.grants if grant.privilege in _READING})),
            tuple(reader.short for reader in subject.readers_behind(found.address)),
        )
        for found in subject.objects
    ]
