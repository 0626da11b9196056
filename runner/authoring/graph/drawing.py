"""The picture as SVG: what stands in it without any script."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import escape
from importlib.resources import files

from runner.authoring.graph.layout import HEIGHT, Layout, Point, Run, layout
from runner.authoring.graph.model import Arrow, Graph, Node, State
from runner.catalog.estate import Evidence, Kind

MARGIN = 24.0
_LEGEND = 28.0
_LETTER = 6.7
"""How wide one letter of a name is drawn."""
_MOST = 34
_PLACE = 30
_UNSPEAKABLE = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_GRAPH_ROOM = "runner.authoring.graph"

SIGNS: Mapping[Kind, tuple[str, str]] = {
    Kind.TABLE: ("T", "table"),
    Kind.DYNAMIC_TABLE: ("DT", "table"),
    Kind.EXTERNAL_TABLE: ("XT", "table"),
    Kind.EVENT_TABLE: ("ET", "table"),
    Kind.VIEW: ("V", "view"),
    Kind.MATERIALIZED_VIEW: ("MV", "view"),
    Kind.FUNCTION: ("ƒ", "function"),
    Kind.PROCEDURE: ("P", "procedure"),
    Kind.SEQUENCE: ("#", "sequence"),
    Kind.STREAM: ("ST", "flow"),
    Kind.TASK: ("TK", "flow"),
    Kind.ALERT: ("AL", "flow"),
    Kind.PIPE: ("PI", "flow"),
    Kind.STAGE: ("SG", "file"),
    Kind.FILE_FORMAT: ("FF", "file"),
    Kind.MASKING_POLICY: ("MP", "policy"),
    Kind.ROW_ACCESS_POLICY: ("RP", "policy"),
    Kind.PROJECTION_POLICY: ("PP", "policy"),
    Kind.AGGREGATION_POLICY: ("AP", "policy"),
    Kind.JOIN_POLICY: ("JP", "policy"),
    Kind.TAG: ("TG", "policy"),
}
"""What stands in a node's corner, and the family that colours it; the rest is of the account."""

STRENGTH = (
    Evidence.CATALOG,
    Evidence.KEYS,
    Evidence.DEFAULT,
    Evidence.DECLARED,
    Evidence.PARSED,
    Evidence.OBSERVED,
    Evidence.LINEAGE,
)
"""Which evidence colours an arrow that has several."""


def sign(kind: Kind) -> tuple[str, str]:
    return SIGNS.get(kind, (kind.value[:1] if kind is not Kind.UNKNOWN else "?", "other"))


def laid_out(graph: Graph) -> Layout:
    number = {node.address: index for index, node in enumerate(graph.nodes)}
    needs: list[list[int]] = [[] for _ in graph.nodes]
    for arrow in graph.arrows:
        needs[number[arrow.needer]].append(number[arrow.needed])
    return layout(needs, node_width(graph))


def node_width(graph: Graph) -> float:
    """One width for all: that of the longest name, within reason."""
    longest = max((len(node.address.name + node.address.signature) for node in graph.nodes), default=0)
    return 58 + _LETTER * min(_MOST, max(16, longest))


def svg(graph: Graph) -> str:
    """The picture by itself, for a page that shows images: with what its signs mean below it."""
    plan, style = laid_out(graph), (files(_GRAPH_ROOM) / "graph.css").read_text("utf-8")
    told, wide = _legend(graph, plan.height + 2 * MARGIN)
    width, height = max(plan.width, wide) + 2 * MARGIN, plan.height + 2 * MARGIN + _LEGEND
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_number(width)} {_number(height)}" '
        f'width="{_number(width)}" height="{_number(height)}" role="img" class="alone">\n'
        f"<title>{text(graph.title)}</title>\n<style>\n{style}</style>\n"
        f'<rect class="ground" width="100%" height="100%"/>\n{drawn(graph, plan)}{told}</svg>\n'
    )


def _legend(graph: Graph, y: float) -> tuple[str, float]:
    """The kinds, then the evidence, in one line; and how wide it is."""
    parts, x = [], MARGIN
    for kind in sorted({node.address.kind for node in graph.nodes}):
        letters, family = sign(kind)
        word = kind.value.lower()
        parts.append(
            f'<g class="node {family}" transform="translate({_number(x)} {_number(y)})">'
            f'<rect class="sign" width="20" height="20" rx="4"/>'
            f'<text class="letters" x="10" y="14">{text(letters)}</text>'
            f'<text class="under" x="26" y="14">{text(word)}</text></g>'
        )
        x += 44 + 5.6 * len(word)
    for evidence in sorted({strongest(arrow) for arrow in graph.arrows}, key=STRENGTH.index):
        parts.append(
            f'<g transform="translate({_number(x)} {_number(y)})"><path class="arrow {evidence.value}" d="M0 10h24"/>'
            f'<text class="under" x="30" y="14">{evidence.value}</text></g>'
        )
        x += 50 + 5.6 * len(evidence.value)
    return "".join(f"{part}\n" for part in parts), x - MARGIN


def drawn(graph: Graph, plan: Layout) -> str:
    """Arrows, then the nodes over them, in one group that can be moved."""
    number = {node.address: index for index, node in enumerate(graph.nodes)}
    lines = [_MARKERS, f'<g id="all" transform="translate({_number(MARGIN)} {_number(MARGIN)})">', '<g id="arrows">']
    for index, arrow in enumerate(graph.arrows):
        lines += _arrow(index, arrow, number[arrow.needer], number[arrow.needed], plan)
    lines += ["</g>", '<g id="nodes">']
    for index, node in enumerate(graph.nodes):
        lines += _node(index, node, plan.corners[index], plan.node_width)
    return "\n".join([*lines, "</g>", "</g>"]) + "\n"


_MARKERS = (
    '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
    '<path d="M0 .8 7.4 4 0 7.2z" class="tip"/></marker>'
    '<marker id="back" viewBox="0 0 8 8" refX="1" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
    '<path d="M8 .8 .6 4 8 7.2z" class="tip back"/></marker></defs>'
)


def _arrow(index: int, arrow: Arrow, needer: int, needed: int, plan: Layout) -> Iterator[str]:
    run = plan.runs.get((needer, needed))
    path = way(run) if run else _loop(plan.corners[needer], plan.node_width)
    turned = bool(run and run.turned)
    words = ["arrow", strongest(arrow), *(["unsure"] if not arrow.certain else []), *(["turned"] if turned else [])]
    marker = 'marker-start="url(#back)"' if turned else 'marker-end="url(#tip)"'
    yield f'<path id="a{index}" class="{" ".join(words)}" d="{path}" {marker}/>'


def strongest(arrow: Arrow) -> Evidence:
    return min(arrow.evidence, key=STRENGTH.index)


def way(run: Run) -> str:
    """From what is needed to what needs it: bent between columns, straight through them."""
    parts, at = [f"M{_point(run.start)}"], run.start
    for begin, end in (*run.lanes, (run.end, run.end)):
        bend = max(24.0, (begin.x - at.x) / 2)
        parts.append(f"C{_point(Point(at.x + bend, at.y))} {_point(Point(begin.x - bend, begin.y))} {_point(begin)}")
        parts += [f"H{_number(end.x)}"] if end != begin else []
        at = end
    return "".join(parts)


def _loop(corner: Point, width: float) -> str:
    """An object that needs itself: a procedure that calls itself."""
    x, y = corner.x + width, corner.y
    return f"M{_number(x - 14)} {_number(y)}c0 -16 26 -16 26 4c0 14 -6 16 -12 16"


def _node(index: int, node: Node, at: Point, width: float) -> Iterator[str]:
    address, (letters, family) = node.address, sign(node.address.kind)
    state = node.state.name.lower()
    yield (
        f'<g id="n{index}" class="node {family} {state}" transform="translate({_point(at)})" role="button" '
        f'tabindex="-1" aria-label="{text(spoken(node))}">'
    )
    yield f'<rect class="body" width="{_number(width)}" height="{_number(HEIGHT)}" rx="7"/>'
    yield '<rect class="sign" x="7" y="8" width="26" height="26" rx="5"/>'
    yield f'<text class="letters" x="20" y="25.5">{text(letters)}</text>'
    yield f'<text class="name" x="42" y="18.5">{text(shortened(address.name + address.signature, width))}</text>'
    yield f'<text class="under" x="42" y="33">{text(under(node))}</text>'
    if node.state.name in ("QUESTION", "PROBLEM"):
        mark = "?" if node.state.name == "QUESTION" else "!"
        yield (
            f'<circle class="mark" cx="{_number(width - 2)}" cy="2" r="8"/>'
            f'<text class="mark" x="{_number(width - 2)}" y="6">{mark}</text>'
        )
    yield "</g>"


def shortened(name: str, width: float) -> str:
    """A name that fits: its middle goes, since names that belong together differ at their ends."""
    most = int((width - 50) / _LETTER)
    head = (most - 1) * 2 // 3
    return name if len(name) <= most else f"{name[:head]}…{name[head + 1 - most :]}"


def under(node: Node) -> str:
    """The second line: where it stands, with its database when it stays outside, and how many rows it has."""
    facts = dict(node.facts)
    rows = f" · {facts['Rows']} rows" if "Rows" in facts else ""
    address = node.address
    parts = [address.database, address.schema] if node.state is State.OUTSIDE else [address.schema or address.database]
    return f"{'.'.join(filter(None, parts))[:_PLACE]}{rows}"


def spoken(node: Node) -> str:
    return f"{node.address.kind.value.lower()} {node.address.short}, {node.state.value}"


def text(value: str) -> str:
    """Text as XML and HTML take it: characters that neither can hold are shown as such."""
    return escape(_UNSPEAKABLE.sub("\ufffd", value))


def _point(point: Point) -> str:
    return f"{_number(point.x)} {_number(point.y)}"


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
