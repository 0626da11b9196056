"""What stops working when: while scripts run, between them, and when they are taken back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from runner.authoring.analysis.subject import Subject
from runner.catalog.estate import Address, Found, Kind
from runner.project.migration import Strategy

_CODE = frozenset({Kind.VIEW, Kind.MATERIALIZED_VIEW, Kind.FUNCTION, Kind.PROCEDURE})


@dataclass(frozen=True, slots=True)
class Moment:
    """``where`` is the source or the target; ``touched`` are the objects it is about, ``readers`` who notices."""

    when: str
    where: str
    what: str
    touched: tuple[str, ...] = ()
    readers: tuple[str, ...] = ()


def timeline(subject: Subject) -> tuple[Moment, ...]:
    """In the order in which it happens."""
    return tuple(_moments(subject))


def _moments(subject: Subject) -> Iterator[Moment]:
    yield from _freezing(subject)
    code = [found for found in subject.objects if found.address.kind in _CODE]
    if code:
        what = (
            "views and routines that stand there already are replaced, each in one instant; running calls end as begun"
        )
        yield _moment(subject, "while the objects are made", "target", what, code)
    yield from _filling(subject)
    late = [f for f in subject.objects if f.address.kind in (Kind.STREAM, Kind.TASK, Kind.ALERT, Kind.PIPE)]
    if late:
        what = "what acts by itself is made last, and stands still until somebody resumes it"
        yield _moment(subject, "after the rows", "target", what, late)
    yield from _undoing(subject)


def _freezing(subject: Subject) -> Iterator[Moment]:
    frozen = subject.of(Strategy.SNAPSHOT, Strategy.BATCHES, Strategy.INCREMENTAL)
    if frozen:
        what = (
            "nothing stops: tables are cloned at one instant; one that is renamed or replaced meanwhile fails the run"
        )
        yield Moment("while tables are frozen", "source", what, _names(frozen))
    streamed = subject.of(Strategy.STREAM)
    if streamed:
        what = "change tracking is set on them: each is locked for that instant"
        yield Moment("while tables are shared", "source", what, _names(streamed))


def _filling(subject: Subject) -> Iterator[Moment]:
    if whole := subject.of(Strategy.SNAPSHOT):
        what = "new tables are empty, and what reads them gives nothing; tables that had rows keep them"
        yield _moment(subject, "from the objects to the end of the data script", "target", what, whole)
        what = "all tables get their rows in one transaction: readers see the old rows until it commits, writers wait"
        yield _moment(subject, "while the rows come", "target", what, whole)
    if parts := subject.of(Strategy.BATCHES):
        what = "rows come batch by batch: readers see a part of them until the last one"
        yield _moment(subject, "while the batches come", "target", what, parts)
    if merged := subject.of(Strategy.INCREMENTAL, Strategy.STREAM):
        what = "changed rows are merged table by table: between two tables readers may see one newer than the other"
        yield _moment(subject, "at each run", "target", what, merged)
    if replayed := subject.of(Strategy.REPLAY):
        what = "they are built from other tables of the target: empty until those have their rows"
        yield _moment(subject, "while the rows come", "target", what, replayed)


def _undoing(subject: Subject) -> Iterator[Moment]:
    if subject.travels:
        what = "the tables are empty again; what was written there since is gone with the rest"
        yield _moment(subject, "when the data script is undone", "target", what, subject.travels)
    if subject.objects:
        what = "every object of the plan is dropped; UNDROP gives tables back, migrating again gives the code"
        yield Moment("when the objects are undone", "target", what, _names(subject.objects))


def _moment(subject: Subject, when: str, where: str, what: str, found: Sequence[Found]) -> Moment:
    readers = subject.all_readers(*(each.address for each in found))
    return Moment(when, where, what, _names(found), tuple(_short(reader) for reader in readers))


def _names(found: Sequence[Found]) -> tuple[str, ...]:
    return tuple(_short(each.address) for each in found)


def _short(address: Address) -> str:
    return f"{address.kind.value.lower()} {address.short}"
