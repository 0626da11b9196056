"""What is drawn: objects with what a reviewer wants to know of each, and one arrow between any two of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from runner.catalog.estate import Address, Edge, Estate, Evidence, Found, Place


class State(StrEnum):
    """What a plan does with an object; the worst comes last."""

    ASKED = "asked for"
    NEEDED = "needed by it"
    OUTSIDE = "stays outside"
    QUESTION = "open question"
    PROBLEM = "cannot be read"


@dataclass(frozen=True, slots=True, order=True)
class Node:
    """One object. ``facts`` are labels and values in the order in which they are shown; ``notes`` are sentences."""

    address: Address
    state: State = State.ASKED
    ddl: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, order=True)
class Arrow:
    """``needer`` needs ``needed``, by all the evidence there is. Certain as soon as one evidence is."""

    needer: Address
    needed: Address
    evidence: tuple[Evidence, ...]
    certain: bool = True
    uses: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()


@dataclass(frozen=True, slots=True)
class Graph:
    """Nodes and arrows in one order, whatever order they were found in. Every arrow's ends are nodes."""

    title: str
    subtitle: str
    nodes: tuple[Node, ...]
    arrows: tuple[Arrow, ...]
    remarks: tuple[str, ...] = ()


def graph(
    title: str, subtitle: str, nodes: Iterable[Node], arrows: Iterable[Arrow], remarks: Iterable[str] = ()
) -> Graph:
    """In one order. An end that no node stands for gets one: it is needed and stays outside."""
    drawn = tuple(sorted(arrows))
    known = {node.address: node for node in nodes}
    ends = {end for arrow in drawn for end in (arrow.needer, arrow.needed)}
    strangers = (Node(address, State.OUTSIDE) for address in ends if address not in known)
    return Graph(title, subtitle, tuple(sorted((*known.values(), *strangers))), drawn, tuple(remarks))


def merged(edges: Iterable[Edge]) -> tuple[Arrow, ...]:
    """One arrow for each pair of objects, with the evidence and the places of all its edges."""
    pairs: dict[tuple[Address, Address], list[Edge]] = {}
    for edge in edges:
        pairs.setdefault((edge.needer, edge.needed), []).append(edge)
    return tuple(_arrow(*pair, pairs[pair]) for pair in sorted(pairs))


def _arrow(needer: Address, needed: Address, edges: list[Edge]) -> Arrow:
    order = list(Evidence)
    return Arrow(
        needer,
        needed,
        tuple(sorted({edge.evidence for edge in edges}, key=order.index)),
        any(edge.certain for edge in edges),
        tuple(sorted({edge.use for edge in edges if edge.use})),
        tuple(sorted({place for edge in edges for place in edge.places})),
    )


def of(estate: Estate, states: Mapping[Address, State] | None = None) -> Graph:
    """What was found in an account, as a picture."""
    given = states or {}
    nodes = (
        node(found, given.get(found.address, State.PROBLEM if found.problem else State.ASKED))
        for found in estate.objects
    )
    place = ".".join(part for part in (estate.organization, estate.account) if part)
    gaps = (f"No {gap.evidence} for {gap.scope}: {' '.join(gap.reason.split())}" for gap in estate.gaps)
    return graph(estate.database, place, nodes, merged(estate.edges), gaps)


def node(found: Found, state: State, facts: Iterable[tuple[str, str]] = (), notes: Iterable[str] = ()) -> Node:
    """An object as it was found, with what a plan has to say about it."""
    own = (
        ("Owner", found.owner),
        ("Rows", "" if found.rows is None else grouped(found.rows)),
        ("Size", "" if found.bytes is None else size(found.bytes)),
        ("Columns", str(len(found.columns)) if found.columns else ""),
        ("Comment", found.comment),
    )
    told = tuple((label, value) for label, value in (*own, *facts) if value)
    return Node(found.address, state, found.ddl, told, (*((found.problem,) if found.problem else ()), *notes))


def grouped(number: int) -> str:
    """Digits in groups of three, with a narrow space that does not break."""
    return f"{number:,}".replace(",", "\u202f")


def size(number: int) -> str:
    """Bytes in the unit that leaves one to three digits before the point."""
    amount, units = float(number), ["B", "KB", "MB", "GB", "TB"]
    while amount >= 1000 and len(units) > 1:
        amount, units = amount / 1024, units[1:]
    return f"{amount:.0f} B" if units[0] == "B" else f"{amount:.1f} {units[0]}"
