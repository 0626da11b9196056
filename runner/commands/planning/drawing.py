"""`plan graph`: a plan as a page that a browser shows without a network."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from runner.authoring.analysis.subject import Subject
from runner.authoring.closing import Need
from runner.authoring.graph.drawing import svg
from runner.authoring.graph.model import Arrow, Graph, Node, State, graph, node
from runner.authoring.graph.page import counts, page
from runner.authoring.graph.sketch import Sketch, sketched
from runner.authoring.names import TargetNames
from runner.authoring.record import Entry
from runner.catalog.estate import Address, Found, Kind
from runner.commands.planning.subjects import Live, Opened, worded
from runner.commands.workspace import Door
from runner.core.errors import FileInTheWay, UsageError

_ASKED = "asked for"


@dataclass(frozen=True, slots=True)
class Drawn:
    plan: str
    objects: int
    dependencies: int
    told: str
    files: tuple[str, ...]


def draw(
    door: Door, name: str, *, html: Path | None, picture: Path | None = None, live: bool = False, force: bool = False
) -> Drawn:
    """From the record, or from the source as it is now. Only drawings are written over; with ``force``, any file."""
    if html is None and picture is None:
        raise UsageError("Say --html FILE, or --svg FILE.")
    drawn = graph_of(door, name, live=live)
    files = [(html, page), (picture, svg)]
    for path, _ in files:
        if path is not None and not force and not _is_drawing(path):
            raise FileInTheWay(str(path), "stands there and is no drawing of a plan")
    for path, make in files:
        if path is not None:
            _write(path, make(drawn))
    written = tuple(str(path) for path, _ in files if path is not None)
    return Drawn(name, len(drawn.nodes), len(drawn.arrows), counts(drawn), written)


def graph_of(door: Door, name: str, *, live: bool = False) -> Graph:
    opened = Opened.of(door, name)
    record = opened.record
    now = opened.now() if live or not record.steps else None
    subject = opened.subject(now)
    words = f"{record.asked.source} → {record.asked.target}" + (", the source as it is now" if now else "")
    return graph(
        f"Plan {name}", words, _nodes(opened, subject, now), (_arrow(need) for need in subject.needs),
        map(worded, subject.gaps),
    )  # fmt: skip


def sketch(door: Door, name: str, *, live: bool = False) -> Sketch:
    """The same graph for a program."""
    return sketched(graph_of(door, name, live=live))


def _is_drawing(path: Path) -> bool:
    """May it be written over: nothing is there, or a page or picture of ours."""
    if not path.is_file():
        return True
    with path.open("rb") as file:
        start = file.read(1000)
    return not start.strip() or b'<meta name="generator" content="runner ' in start or b'class="alone">' in start


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}.") from None


def _arrow(need: Need) -> Arrow:
    return Arrow(need.needer, need.needed, need.evidence, need.certain, need.uses, need.places)


def _nodes(opened: Opened, subject: Subject, now: Live | None) -> Iterator[Node]:
    record = opened.record
    names = TargetNames(record.asked, record.origin.database, tuple(sorted(subject.by_address)))
    entries = {} if now else record.state
    reasons = now.closure.reasons if now else {address: entry.reason for address, entry in entries.items()}
    asking: dict[Address, list[str]] = {}
    for question in subject.questions:
        asking.setdefault(question.about, []).append(f"{question} ")
    for found in subject.objects:
        address = found.address
        told = asking.get(address, [])
        state = _state(found, bool(told), reasons.get(address, ""))
        facts = _facts(subject, found, names.of(address).short, reasons.get(address, ""), entries.get(address))
        yield node(found, state, facts, [*map(str.strip, told), *_left(entries.get(address))])
    for address, outside in subject.outside:
        yield Node(address, State.OUTSIDE, notes=(f"Stays outside: {outside.value}.",))


def _state(found: Found, asked: bool, reason: str) -> State:
    if found.problem:
        return State.PROBLEM
    if asked:
        return State.QUESTION
    return State.ASKED if reason.startswith(_ASKED) else State.NEEDED


def _facts(subject: Subject, found: Found, becomes: str, reason: str, entry: Entry | None) -> Iterator[tuple[str, str]]:
    yield "Becomes", becomes
    yield "Why", reason
    if found.address.kind is Kind.TABLE:
        yield "Rows come by", subject.data(found).strategy.value
    yield "Read by", str(len(subject.all_readers(found.address)))
    yield "Places changed", str(len(entry.edits)) if entry and entry.edits else ""


def _left(entry: Entry | None) -> Iterator[str]:
    for seen in entry.seen if entry else ():
        if seen.kind != "comment":
            yield f"Left as it is, line {seen.line} ({seen.kind}): {seen.text}" + (f" – {seen.why}" if seen.why else "")
