"""`plan diff`: what the source has become since the plan was made. Asks the source, writes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import unified_diff

from runner.authoring.difference import difference
from runner.authoring.questions import Question
from runner.authoring.record import Entry, Record
from runner.catalog.estate import Address, Found
from runner.commands.planning.subjects import Live, Opened, worded
from runner.commands.workspace import Door


@dataclass(frozen=True, slots=True)
class Change:
    """One object that is `new`, `changed` or `gone` in the source; ``diff`` of its text, from the plan to now."""

    change: str
    kind: str
    name: str
    reason: str
    diff: str = ""


@dataclass(frozen=True, slots=True)
class Diff:
    """``questions`` are those that the next `plan create` would ask."""

    plan: str
    source: str
    changes: tuple[Change, ...]
    questions: tuple[Question, ...]
    gaps: tuple[str, ...]


def diff(door: Door, name: str, *, observed: bool = True) -> Diff:
    """Raises what `plan create` would raise of the source as it is now."""
    opened = Opened.of(door, name)
    return compared(opened, opened.now(observed=observed))


def compared(opened: Opened, live: Live) -> Diff:
    found = difference(opened.record, live.closure)
    asked = {question.about for question in found.questions} | {dropped.address for dropped in found.dropped}
    changes = [*(_changed(entry) for entry in found.entries), *_gone(opened.record, live, asked)]
    questions = tuple(sorted({*found.questions, *live.closure.questions}))
    return Diff(
        opened.record.plan, opened.record.asked.source, tuple(changes), questions, tuple(map(worded, live.estate.gaps))
    )


def _changed(entry: Entry) -> Change:
    address = entry.found.address
    before = entry.before
    text = _lines(before.ddl if before else "", entry.found.ddl, address)
    granted = "\n".join(_grants(before, entry.found)) if before else ""
    parts = "\n".join(part for part in (text, granted) if part)
    return Change("changed" if before else "new", address.kind.value.lower(), address.short, entry.reason, parts)


def _grants(before: Found, now: Found) -> Iterator[str]:
    """Who may do what that could not, and the other way round."""
    for sign, some, others in (("-", before.grants, now.grants), ("+", now.grants, before.grants)):
        for grant in sorted(set(some) - set(others)):
            if grant.grantee_kind != "SHARE":
                yield f"{sign}GRANT {grant.privilege} TO {grant.grantee_kind} {grant.grantee}"


def _gone(record: Record, live: Live, asked: set[Address]) -> Iterator[Change]:
    """What is not there any more, but for what somebody said is to be kept."""
    for address in sorted((record.state.keys() - live.closure.addresses) & asked):
        stands = address in live.estate.by_address
        reason = "is not needed any more" if stands else "is gone in the source"
        yield Change("gone", address.kind.value.lower(), address.short, reason)


def _lines(before: str, now: str, address: Address) -> str:
    lines = unified_diff(
        before.splitlines(), now.splitlines(), f"{address.short} (plan)", f"{address.short} (now)", lineterm="", n=2
    )
    return "\n".join(lines)
