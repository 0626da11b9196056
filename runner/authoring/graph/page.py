"""The page: one HTML file with the picture, its data and its script in it. It asks the network for nothing."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from importlib.resources import files
from typing import Any

from runner import __version__
from runner.authoring.graph.drawing import MARGIN, drawn, laid_out, sign, text
from runner.authoring.graph.layout import HEIGHT, Layout
from runner.authoring.graph.model import Arrow, Graph, Node, State
from runner.catalog.estate import Address, Evidence

_HOLE = re.compile("@@([A-Z]+)@@")
_LONG_DDL = 200_000


def page(graph: Graph) -> str:
    """The same graph gives the same page. Whatever its texts hold, none of them is markup or script."""
    plan, script = laid_out(graph), _file("page.js")
    holes = {
        "TITLE": text(graph.title),
        "SUBTITLE": text(graph.subtitle),
        "COUNTS": counts(graph),
        "VERSION": text(__version__),
        "STYLE": _file("graph.css") + _file("page.css"),
        "LEGEND": legend(graph),
        "WIDTH": f"{plan.width + 2 * MARGIN:.1f}",
        "HEIGHT": f"{plan.height + 2 * MARGIN:.1f}",
        "DRAWN": drawn(graph, plan),
        "DATA": as_script(document(graph, plan)),
        "SCRIPT": script,
        "HASH": f"sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}",
    }
    return _HOLE.sub(lambda hole: holes[hole[1]], _file("page.html"))


def _file(name: str) -> str:
    return (files(__package__) / name).read_text("utf-8")


def counts(graph: Graph) -> str:
    return f"{_many(len(graph.nodes), 'object')}, {_many(len(graph.arrows), 'dependency', 'dependencies')}"


def _many(number: int, one: str, more: str = "") -> str:
    return f"{number:,} {one if number == 1 else more or one + 's'}"


def as_script(value: object) -> str:
    """JSON that cannot end the element it stands in, nor begin a comment there."""
    written = json.dumps(value, ensure_ascii=True, separators=(",", ":"))
    return written.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def document(graph: Graph, plan: Layout) -> Mapping[str, Any]:
    """What the page's script knows: nodes and arrows by number, as they are drawn."""
    number = {node.address: index for index, node in enumerate(graph.nodes)}
    return {
        "margin": MARGIN,
        "width": plan.node_width,
        "height": HEIGHT,
        "counts": counts(graph),
        "nodes": [
            _node(node) | {"x": corner.x, "y": corner.y} for node, corner in zip(graph.nodes, plan.corners, strict=True)
        ],
        "arrows": [_arrow(arrow, number) for arrow in graph.arrows],
    }


def _node(node: Node) -> dict[str, Any]:
    address = node.address
    return {
        "kind": address.kind.value,
        "name": address.sql,
        "short": address.short or address.sql,
        "place": place(address),
        "state": node.state.value,
        "facts": node.facts,
        "notes": node.notes,
        "ddl": _cut(node.ddl),
    }


def _cut(ddl: str) -> str:
    """A text of a megabyte makes no page better."""
    if len(ddl) <= _LONG_DDL:
        return ddl
    return f"{ddl[:_LONG_DDL]}\n… {len(ddl) - _LONG_DDL:,} more characters are not shown"


def _arrow(arrow: Arrow, number: Mapping[Address, int]) -> dict[str, Any]:
    return {
        "needer": number[arrow.needer],
        "needed": number[arrow.needed],
        "evidence": [evidence.value for evidence in arrow.evidence],
        "certain": arrow.certain,
        "uses": arrow.uses,
        "places": [(place.line, place.column, place.text) for place in arrow.places],
    }


def place(address: Address) -> str:
    """Database and schema, as the filter calls them."""
    return ".".join(part for part in (address.database, address.schema) if part) or "of the account"


def legend(graph: Graph) -> str:
    """What colours and strokes mean, each with its count, as boxes that hide and show."""
    lines = [
        *_group("State", "state", _states(graph)),
        *_group("Kind", "kind", _kinds(graph)),
        *_group("Evidence", "evidence", _evidence(graph)),
        *_group("Schema", "schema", _places(graph)),
        '<h2>Arrows</h2><p class="soft">From what is needed to what needs it. Dashed: only text says so. '
        "Red: against the order, in a circle.</p>",
        *(["<h2>Could not be read</h2>"] if graph.remarks else []),
        *(f'<p class="remark">{text(remark)}</p>' for remark in graph.remarks),
    ]
    return "\n".join(lines) + "\n"


def _group(title: str, name: str, rows: Iterable[tuple[str, int, str]]) -> Iterator[str]:
    yield f"<fieldset><legend><h2>{title}</h2></legend>"
    for value, count, swatch in rows:
        box = f'<input type="checkbox" name="{name}" value="{text(value)}" checked>'
        label = text(value.lower() if name == "kind" else value)
        yield f"<label>{box}{swatch}<span>{label}</span><b>{count}</b></label>"
    yield "</fieldset>"


def _states(graph: Graph) -> Iterator[tuple[str, int, str]]:
    found = Counter(node.state for node in graph.nodes)
    return ((s.value, found[s], f'<i class="boxed {s.name.lower()}"></i>') for s in State if found[s])


def _kinds(graph: Graph) -> Iterator[tuple[str, int, str]]:
    found = Counter(node.address.kind for node in graph.nodes)
    for kind in sorted(found, key=lambda kind: (-found[kind], kind.value)):
        letters, family = sign(kind)
        yield kind.value, found[kind], f'<i class="swatch {family}">{text(letters)}</i>'


def _evidence(graph: Graph) -> Iterator[tuple[str, int, str]]:
    found = Counter(evidence for arrow in graph.arrows for evidence in arrow.evidence)
    return ((e.value, found[e], f'<i class="stroke {e.value}"></i>') for e in Evidence if found[e])


def _places(graph: Graph) -> Iterator[tuple[str, int, str]]:
    found = Counter(place(node.address) for node in graph.nodes)
    return ((name, found[name], "") for name in sorted(found))
