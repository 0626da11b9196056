"""A graph for programs: objects and dependencies by their names, without places on a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from runner.authoring.graph.model import Graph
from runner.catalog.estate import Evidence, Place


@dataclass(frozen=True, slots=True)
class Thing:
    """One object; ``name`` is unique together with ``kind``."""

    kind: str
    name: str
    state: str
    facts: Mapping[str, str]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dependency:
    """``needer`` and ``needed`` are names of things."""

    needer: str
    needed: str
    evidence: tuple[Evidence, ...]
    certain: bool
    uses: tuple[str, ...]
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Sketch:
    title: str
    subtitle: str
    objects: tuple[Thing, ...]
    dependencies: tuple[Dependency, ...]
    remarks: tuple[str, ...]


def sketched(graph: Graph) -> Sketch:
    """The same nodes and arrows, in the same order."""
    things = tuple(
        Thing(node.address.kind.lower(), node.address.sql, node.state, dict(node.facts), node.notes)
        for node in graph.nodes
    )
    dependencies = tuple(
        Dependency(arrow.needer.sql, arrow.needed.sql, arrow.evidence, arrow.certain, arrow.uses, arrow.places)
        for arrow in graph.arrows
    )
    return Sketch(graph.title, graph.subtitle, things, dependencies, graph.remarks)
