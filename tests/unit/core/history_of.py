"""A history written as a line of words: `V1 STARTED, V1 SUCCESS` – so that a test reads as the story it tells."""

from __future__ import annotations

from dataclasses import replace

from runner.core.checksum import Checksum
from runner.core.history import Event, EventType, History
from runner.core.script import Head, Kind, Script
from runner.core.version import Version


def script(name: str, source: str = "SELECT 1;", **head: object) -> Script:
    """`V1`, `R__grants`, `U2` … as a script of the folder."""
    kind = Kind(name[0])
    version = None if kind is Kind.REPEATABLE else Version(name[1:])
    description = name.removeprefix("R__") if kind is Kind.REPEATABLE else "it"
    file = f"{name}.sql" if kind is Kind.REPEATABLE else f"{name}__it.sql"
    return Script(kind, version, description, f"versions/{file}", source, Head(**head))  # type: ignore[arg-type]


def history(story: str, **sources: str) -> History:
    """Events in order. A script's checksum is that of its source here, or of `sources[name]`."""
    events: list[Event] = []
    for step in filter(None, (piece.strip() for piece in story.split(","))):
        name, kind, *more = step.split()
        events.append(_sealed(_event(name, EventType(kind), len(events) + 1, more, sources), events))
    return History(tuple(events))


def _event(name: str, kind: EventType, number: int, more: list[str], sources: dict[str, str]) -> Event:
    subject = script(name, sources.get(name, "SELECT 1;"))
    return Event(
        number=number, event=kind, run_id="run", installed_rank=number, kind=subject.kind,
        version=str(subject.version) if subject.version else None, description=subject.description,
        script=subject.name, checksum="" if kind is EventType.SKIPPED else str(Checksum.of(subject.source)),
        environment="dev", account="ACC",
        installed_by="ME", role="R", runner_version="1", transactional="transactional" in more,
    )  # fmt: skip


def _sealed(event: Event, before: list[Event]) -> Event:
    return replace(event, chain=event.sealed_after(before[-1].chain if before else ""))
