"""What can go wrong with a plan, by severity: each with the object it is about and what to do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from runner.authoring.analysis.estimates import copying
from runner.authoring.analysis.held import Held
from runner.authoring.analysis.subject import Subject
from runner.catalog.estate import Found, Kind
from runner.project.migration import Masked, Outside, Strategy

_LONG = 3600.0
_UNHASHED = ("GEOGRAPHY", "GEOMETRY")


class Severity(StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Risk:
    severity: Severity
    about: str
    what: str
    advice: str


def risks(subject: Subject, held: Iterable[Held] = ()) -> tuple[Risk, ...]:
    """The worst first; among equals in the order of the plan. ``held``: names that were found in rows."""
    found = [*_of_plan(subject), *(risk for each in subject.objects for risk in _of_object(subject, each))]
    found += [risk for each in held for risk in _of_rows(each)]
    order = list(Severity)
    return tuple(sorted(found, key=lambda risk: order.index(risk.severity)))


def _of_plan(subject: Subject) -> Iterator[Risk]:
    for question in subject.questions:
        advice = f"`runner plan answer {subject.plan} {question.id}=…`"
        yield Risk(Severity.HIGH, question.about.short, f"not decided: {question.text}", advice)
    for gap in subject.gaps:
        what = f"no {gap.evidence} for {gap.scope}: {' '.join(gap.reason.split())}"
        yield Risk(Severity.MEDIUM, gap.scope, what, "Let the role read it, or declare what the plan cannot see.")
    for address, outside in subject.outside:
        if outside is Outside.DROP:
            needers = ", ".join(reader.short for reader in subject.readers(address))
            what = f"{address} is left away; it is needed by {needers or 'nothing'}"
            yield Risk(Severity.MEDIUM, address.short, what, "See that what needs it does without.")
    for need in subject.needs:
        if not need.certain and need.needed in subject.by_address:
            what = f"only text suggests that it uses {need.needed.short}"
            yield Risk(Severity.LOW, need.needer.short, what, "Look at the places that `plan show` lists.")


def _of_rows(held: Held) -> Iterator[Risk]:
    names = " or ".join(held.names)
    if held.problem:
        what = f"whether its rows name {names} is not known: {held.problem}"
        yield Risk(Severity.MEDIUM, held.table, what, "Let the role read it, or look for yourself.")
    for column, count in held.columns:
        what = f"{column} holds {names} in {count:,} row{'' if count == 1 else 's'}, and rows travel as they are"
        advice = "Where something reads it as a name, change it in the target by a script of your own."
        yield Risk(Severity.MEDIUM, held.table, what, advice)


def _of_object(subject: Subject, found: Found) -> Iterator[Risk]:
    name = found.address.short
    if found.problem:
        yield Risk(Severity.HIGH, name, found.problem, "Use a role that owns it, or take it out of the selection.")
    if count := subject.left.get(found.address, 0):
        what = f"{count} place{'' if count == 1 else 's'} of its text may name the source and stand as they were"
        yield Risk(Severity.MEDIUM, name, what, f"`runner plan show {subject.plan} --object {found.address.name}`")
    if found.address.kind is Kind.TABLE:
        yield from _of_table(subject, found)
    else:
        yield from _of_code(found)


def _of_code(found: Found) -> Iterator[Risk]:
    name, kind = found.address.short, found.address.kind
    if kind is Kind.PROCEDURE and found.properties.get("execute_as", "OWNER").upper() == "OWNER":
        what = "runs with its owner's rights: who owns it in the target decides what it may do"
        yield Risk(Severity.MEDIUM, name, what, "Check what its owner in the target may read and write.")
    if kind in (Kind.TASK, Kind.ALERT):
        yield Risk(Severity.LOW, name, "is made suspended", "Resume it when the migration was accepted.")
    if kind is Kind.STREAM:
        what = "begins at the moment it is made: what the source's stream had not yet given is not in it"
        yield Risk(Severity.MEDIUM, name, what, "Have the source's stream consumed before the rows are frozen.")
    if kind is Kind.PIPE:
        what = "would load the same files again from the same stage"
        yield Risk(Severity.HIGH, name, what, "Give it another stage, or make it when the source's pipe is stopped.")
    if kind is Kind.STAGE:
        yield Risk(Severity.MEDIUM, name, "its files do not travel", "Copy them, or point it to where they lie.")


def _of_table(subject: Subject, found: Found) -> Iterator[Risk]:
    data, name = subject.data(found), found.address.short
    if data.strategy is Strategy.NONE:
        return
    yield from _of_policies(subject, found)
    if data.strategy is not Strategy.STREAM and found.properties.get("retention_time") == "0":
        what = "has no Time Travel, so that it cannot be frozen at the instant of the others"
        yield Risk(Severity.HIGH, name, what, "ALTER TABLE … SET DATA_RETENTION_TIME_IN_DAYS = 1 in the source.")
    if data.strategy in (Strategy.INCREMENTAL, Strategy.STREAM):
        yield from _of_merging(subject, found)
    seconds = copying(found)
    if data.strategy is Strategy.SNAPSHOT and seconds > _LONG:
        what = f"one statement would copy it for about {seconds / 3600:.1f} hours on an X-Small"
        yield Risk(Severity.HIGH, name, what, f"`runner plan optimize {subject.plan}`: batches, or a larger warehouse.")
    if found.rows is None:
        yield Risk(Severity.LOW, name, "its size is not known", "Count it before the run if time matters.")
    if geo := [column.name for column in found.columns if column.type.upper().startswith(_UNHASHED)]:
        what = f"{', '.join(geo)} cannot be hashed: equality is shown without"
        yield Risk(Severity.MEDIUM, name, what, "Compare a sample by hand.")


def _of_policies(subject: Subject, found: Found) -> Iterator[Risk]:
    if not found.policies:
        return
    names = ", ".join(sorted({use.policy.short for use in found.policies}))
    match subject.asked.masked:
        case Masked.STRIP:
            what = f"its rows leave without {names}: what was hidden in the source is not in the copy on the way"
            yield Risk(Severity.HIGH, found.address.short, what, "See that the share and the target may hold it.")
        case Masked.COPY:
            what = f"{names} masks or filters what is copied: the target holds what the role sees, not what is stored"
            yield Risk(Severity.MEDIUM, found.address.short, what, "Say so to those who will compare values.")
        case Masked.REFUSE:
            what = f"{names} would mask or filter its rows on their way"
            yield Risk(Severity.HIGH, found.address.short, what, "Say `policies.masked`: strip or copy.")


def _of_merging(subject: Subject, found: Found) -> Iterator[Risk]:
    data, name = subject.data(found), found.address.short
    if not data.key and not any(key.kind == "PRIMARY" for key in found.keys):
        what = f"comes by {data.strategy.value}, and neither a key is given nor has it a primary key"
        yield Risk(Severity.HIGH, name, what, "Give `key` in the migration's file.")
    if data.strategy is Strategy.INCREMENTAL and not data.deletes:
        yield Risk(Severity.LOW, name, "rows that are deleted in the source stay", "Say `deletes: true` to find them.")
    if data.strategy is Strategy.STREAM:
        what = "a stream on it goes stale when nobody reads it for longer than its retention"
        yield Risk(Severity.MEDIUM, name, what, "Run it more often than that, or raise the retention.")
