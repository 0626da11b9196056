"""SNOWFLAKE.CORE.GET_LINEAGE: where rows came from, or went (sql-reference/functions/get_lineage-snowflake-core).

An edge is a statement of the history that wrote one object from another, or a view over what it names; of columns, what
their values were made of. Objects that are gone, or that the session does not see, are left out, and so is what came
through a share.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from weakref import WeakKeyDictionary

from runner.sandbox import access, errors
from runner.sandbox.accesses import Source
from runner.sandbox.catalog.model import Table, View
from runner.sandbox.classes import dataclass
from runner.sandbox.context import Context
from runner.sandbox.control import Control
from runner.sandbox.result import Result
from runner.sandbox.show.dependencies import references
from runner.sandbox.show.shape import Row, relation
from runner.sandbox.tokens import Reader, whole_name

PARAMETERS = ("OBJECT_NAME", "OBJECT_DOMAIN", "DIRECTION", "DISTANCE", "OBJECT_VERSION")
FARTHEST = 5


def _side(side: str) -> str:
    object_ = f"{side}_OBJECT"
    return (
        f"{object_}_DATABASE, {object_}_SCHEMA, {object_}_NAME, {object_}_DOMAIN, {object_}_VERSION, "
        f"{side}_COLUMN_NAME, {side}_STATUS"
    )


SHAPE = f"{_side('SOURCE')}, {_side('TARGET')}, DISTANCE number, PROCESS variant"


End = tuple[int, str]
"""An object by its id, or one of its columns; the column is empty where the object is meant."""
Sources = Callable[[Table | View, str], list[list[Source]]]
"""For each column of a view or dynamic table, the columns that its query makes it of."""


@dataclass(frozen=True, slots=True)
class Edge:
    """Values of `source` are in `target`; `query` is the statement that brought them, None for a view."""

    source: End
    target: End
    query: str | None


class _Graph:
    """All edges, by the end from which they are followed."""

    def __init__(self, edges: Iterable[Edge]) -> None:
        self._into: dict[End, list[Edge]] = defaultdict(list)
        self._from: dict[End, list[Edge]] = defaultdict(list)
        for edge in dict.fromkeys(edges):
            self._into[edge.target].append(edge)
            self._from[edge.source].append(edge)

    def of(self, upstream: bool) -> Mapping[End, list[Edge]]:
        return self._into if upstream else self._from


_graphs: WeakKeyDictionary[Control, dict[tuple[str, str], _Graph]] = WeakKeyDictionary()
"""One of objects and one of columns for each running statement: it may call the function for thousands of objects."""


def _graph(context: Context, domain: str, of_view: Sources) -> _Graph:
    known = _graphs.setdefault(context.control, {})
    key = (context.query_id, domain)
    if key not in known:
        known[key] = _Graph(_edges(context) if domain == "TABLE" else _column_edges(context, of_view))
    return known[key]


def lineage(context: Context, arguments: dict[str, object], of_view: Sources) -> Result:
    """The rows of the function for arguments by their names."""
    missing = [name for name in PARAMETERS[:3] if arguments.get(name) is None]
    if missing:
        raise errors.compilation(938, "22023", f"not enough arguments for function [GET_LINEAGE], {missing[0]}")
    domain, direction = str(arguments["OBJECT_DOMAIN"]).upper(), str(arguments["DIRECTION"]).upper()
    if domain not in ("TABLE", "COLUMN") or arguments.get("OBJECT_VERSION") is not None:
        known = domain in ("TABLE", "COLUMN")
        raise errors.unsupported("OBJECT_VERSION" if known else f"GET_LINEAGE of the domain {domain}")
    if direction not in ("UPSTREAM", "DOWNSTREAM"):
        raise errors.compilation(1008, "22023", f"invalid value [{direction}] for parameter 'DIRECTION'")
    distance = int(str(arguments.get("DISTANCE") or FARTHEST))
    if not 1 <= distance <= FARTHEST:
        raise errors.compilation(1008, "22023", f"invalid value [{distance}] for parameter 'DISTANCE'")
    named = str(arguments["OBJECT_NAME"])
    start = _start(context, whole_name(named) if domain == "TABLE" else _of_column(named), domain)
    edges = _graph(context, domain, of_view).of(direction == "UPSTREAM")
    return relation(SHAPE, _rows(context, edges, start, direction == "UPSTREAM", distance))


def _of_column(text: str) -> tuple[str, ...]:
    """The name of a column: that of its object, and its own."""
    reader = Reader(text)
    parts = [reader.identifier()]
    while reader.accept("."):
        parts.append(reader.identifier())
    reader.end()
    return tuple(parts)


def _start(context: Context, parts: tuple[str, ...], domain: str) -> End:
    name, column = (parts, "") if domain == "TABLE" else (parts[:-1], parts[-1])
    if not name:
        raise errors.compilation(1008, "22023", f"invalid value [{column}] for parameter 'OBJECT_NAME'")
    found: Table | View = context.find(View, name) or context.get(Table, name)
    if column and column not in [each.name for each in found.columns]:
        raise errors.does_not_exist("Column", ".".join(parts))
    return found.id, column


def _rows(
    context: Context, edges: Mapping[End, list[Edge]], start: End, upstream: bool, farthest: int
) -> Iterator[Row]:
    reached, border = {start}, {start}
    for distance in range(1, farthest + 1):
        taken = [edge for end in sorted(border) for edge in edges.get(end, ())]
        for edge in taken:
            yield _row(context, edge, distance)
        border = {edge.source if upstream else edge.target for edge in taken} - reached
        reached |= border


def _row(context: Context, edge: Edge, distance: int) -> Row:
    row: dict[str, object] = {"DISTANCE": distance}
    for side, (number, column) in (("SOURCE", edge.source), ("TARGET", edge.target)):
        names = context.catalog.full_name(context.catalog.record(number))
        keys = (f"{side}_OBJECT_DATABASE", f"{side}_OBJECT_SCHEMA", f"{side}_OBJECT_NAME")
        row |= dict(zip(keys, names, strict=True))
        row |= {f"{side}_OBJECT_DOMAIN": "COLUMN" if column else "TABLE", f"{side}_STATUS": "ACTIVE"}
        row |= {f"{side}_COLUMN_NAME": column or None}
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
                yield Edge((pair[0], ""), (pair[1], ""), entry.query_id)
    for view in context.catalog.all(View, context.session.account):
        for reference in references(context.catalog, view) if _seen(context, view.id) else ():
            if reference.record is not None and not reference.function and _seen(context, reference.record.id):
                yield Edge((reference.record.id, ""), (view.id, ""), None)


def _column_edges(context: Context, of_view: Sources) -> Iterator[Edge]:
    """The newest statement of each pair of columns, and those of views."""
    pairs: set[tuple[End, End]] = set()
    for query, target, given in (*_written(context), *_viewed(context, of_view)):
        for number, column, direct in given:
            pair = ((number, column), target)
            if direct and number != target[0] and pair not in pairs and all(_has(context, *end) for end in pair):
                pairs.add(pair)
                yield Edge(*pair, query)


def _written(context: Context) -> Iterator[tuple[str | None, End, list[Source]]]:
    for entry in context.engine.history.entries(context.session.account):
        for one in entry.accesses.modified.values() if entry.state == "SUCCESS" else ():
            for column, given in one.sources.items():
                yield entry.query_id, (one.id, column), given


def _viewed(context: Context, of_view: Sources) -> Iterator[tuple[str | None, End, list[Source]]]:
    views = context.catalog.all(View, context.session.account)
    tables = context.catalog.all(Table, context.session.account)
    made: list[tuple[Table | View, str]] = [(view, view.query) for view in views]
    made += [(table, table.dynamic.query) for table in tables if table.dynamic is not None]
    for one, query in made:
        for column, given in zip(one.columns, of_view(one, query) if _seen(context, one.id) else (), strict=False):
            yield None, (one.id, column.name), given


def _has(context: Context, number: int, column: str) -> bool:
    """Whether the object is seen, and still has the column."""
    if not _seen(context, number):
        return False
    record = context.catalog.record(number)
    return isinstance(record, Table | View) and any(each.name == column for each in record.columns)


def _seen(context: Context, number: int) -> bool:
    """Whether it stands, is the account's own, and the session sees it."""
    record = context.catalog.records.get(number)
    if record is None or record.dropped_at is not None or record.account != context.session.account:
        return False
    return isinstance(record, Table | View) and access.visible(context.catalog, context.session, record)
