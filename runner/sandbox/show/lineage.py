"""SNOWFLAKE.CORE.GET_LINEAGE: where rows came from, or went (sql-reference/functions/get_lineage-snowflake-core).

An edge is a statement of the history that wrote one object from another, or a view over what it names. Objects that are
gone, or that the session does not see, are left out, and so is what came through a share.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from weakref import WeakKeyDictionary

from runner.sandbox import access, errors
from runner.sandbox.catalog.model import SchemaObject, Table, View
from runner.sandbox.classes import dataclass
from runner.sandbox.context import Context
from runner.sandbox.control import Control
from runner.sandbox.result import Result
from runner.sandbox.show.dependencies import references
from runner.sandbox.show.shape import Row, relation
from runner.sandbox.tokens import whole_name

PARAMETERS = ("OBJECT_NAME", "OBJECT_DOMAIN", "DIRECTION", "DISTANCE", "OBJECT_VERSION")
FARTHEST = 5


def _side(side: str) -> str:
    object_ = f"{side}_OBJECT"
    return (
        f"{object_}_DATABASE, {object_}_SCHEMA, {object_}_NAME, {object_}_DOMAIN, {object_}_VERSION, "
        f"{side}_COLUMN_NAME, {side}_STATUS"
    )


SHAPE = f"{_side('SOURCE')}, {_side('TARGET')}, DISTANCE number, PROCESS variant"


@dataclass(frozen=True, slots=True)
class Edge:
    """Rows of `source` are in `target`; `query` is the statement that brought them, None for a view."""

    source: int
    target: int
    query: str | None


class _Graph:
    """All edges, by the end from which they are followed."""

    def __init__(self, edges: Iterable[Edge]) -> None:
        self._into: dict[int, list[Edge]] = defaultdict(list)
        self._from: dict[int, list[Edge]] = defaultdict(list)
        for edge in dict.fromkeys(edges):
            self._into[edge.target].append(edge)
            self._from[edge.source].append(edge)

    def of(self, upstream: bool) -> Mapping[int, list[Edge]]:
        return self._into if upstream else self._from


_graphs: WeakKeyDictionary[Control, tuple[str, _Graph]] = WeakKeyDictionary()
"""One for each running statement: it may call the function for thousands of objects."""


def _graph(context: Context) -> _Graph:
    known = _graphs.get(context.control)
    if known is None or known[0] != context.query_id:
        known = _graphs[context.control] = (context.query_id, _Graph(_edges(context)))
    return known[1]


def lineage(context: Context, arguments: dict[str, object]) -> Result:
    """The rows of the function for arguments by their names."""
    missing = [name for name in PARAMETERS[:3] if arguments.get(name) is None]
    if missing:
        raise errors.compilation(938, "22023", f"not enough arguments for function [GET_LINEAGE], {missing[0]}")
    domain, direction = str(arguments["OBJECT_DOMAIN"]).upper(), str(arguments["DIRECTION"]).upper()
    if domain != "TABLE" or arguments.get("OBJECT_VERSION") is not None:
        raise errors.unsupported(f"GET_LINEAGE of the domain {domain}" if domain != "TABLE" else "OBJECT_VERSION")
    if direction not in ("UPSTREAM", "DOWNSTREAM"):
        raise errors.compilation(1008, "22023", f"invalid value [{direction}] for parameter 'DIRECTION'")
    distance = int(str(arguments.get("DISTANCE") or FARTHEST))
    if not 1 <= distance <= FARTHEST:
        raise errors.compilation(1008, "22023", f"invalid value [{distance}] for parameter 'DISTANCE'")
    parts = whole_name(str(arguments["OBJECT_NAME"]))
    start: SchemaObject = context.find(View, parts) or context.get(Table, parts)
    return relation(SHAPE, _rows(context, start.id, direction == "UPSTREAM", distance))


def _rows(context: Context, start: int, upstream: bool, farthest: int) -> Iterator[Row]:
    edges = _graph(context).of(upstream)
    reached, border = {start}, {start}
    for distance in range(1, farthest + 1):
        taken = [edge for number in sorted(border) for edge in edges.get(number, ())]
        for edge in taken:
            yield _row(context, edge, distance)
        border = {edge.source if upstream else edge.target for edge in taken} - reached
        reached |= border


def _row(context: Context, edge: Edge, distance: int) -> Row:
    row: dict[str, object] = {"DISTANCE": distance}
    for side, number in (("SOURCE", edge.source), ("TARGET", edge.target)):
        names = context.catalog.full_name(context.catalog.record(number))
        keys = (f"{side}_OBJECT_DATABASE", f"{side}_OBJECT_SCHEMA", f"{side}_OBJECT_NAME")
        row |= dict(zip(keys, names, strict=True))
        row |= {f"{side}_OBJECT_DOMAIN": "TABLE", f"{side}_STATUS": "ACTIVE"}
    return row | ({"PROCESS": json.dumps({"queryId": edge.query})} if edge.query else {})


def _edges(context: Context) -> Iterator[Edge]:
    """The newest statement of each pair, and the views."""
    pairs: set[tuple[int, int]] = set()
    for entry in context.engine.history.entries(context.session.account):
        found = entry.accesses
        written = [one.id for one in found.modified.values() if one.columns] if entry.state == "SUCCESS" else []
        for pair in ((source, target) for target in written for source in found.direct if source != target):
            if pair not in pairs and all(_seen(context, number) for number in pair):
                pairs.add(pair)
                yield Edge(*pair, entry.query_id)
    for view in context.catalog.all(View, context.session.account):
        for reference in references(context.catalog, view) if _seen(context, view.id) else ():
            if reference.record is not None and not reference.function and _seen(context, reference.record.id):
                yield Edge(reference.record.id, view.id, None)


def _seen(context: Context, number: int) -> bool:
    """Whether it stands, is the account's own, and the session sees it."""
    record = context.catalog.records.get(number)
    if record is None or record.dropped_at is not None or record.account != context.session.account:
        return False
    return isinstance(record, Table | View) and access.visible(context.catalog, context.session, record)
