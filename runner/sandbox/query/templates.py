"""Statements that differ only in their constants are parsed once: the tree of the first is copied with the others'.

A tree is kept only when it was shown that each constant stands in it as exactly one literal and nowhere else, by
parsing the text a second time with constants that nothing else has. What a constant says can change how the parser
reads the text around it only behind the words of `_READING`: such texts are parsed every time. Nothing but grammar is
kept: names, rights and types are looked at for every statement.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlglot import exp

from runner.sandbox.classes import dataclass
from runner.sandbox.query.core import Expr

_CONSTANT = re.compile(
    r'"[^"]*"'  # A name: it stays as it is.
    r"|'(?P<text>(?:[^'\n]|'')*)'"
    # Not within a name: sets by what is not in them, since to compile one of all letters takes as long as a statement.
    r"|(?<![^\x00-\x22\x25-\x2d/\x3b-?\x5b-\x5e`{-\x7f])(?P<whole>\d{1,38})(?P<fraction>\.\d{1,38})?"
    r"(?![^\x00-\x22\x25-\x2d/\x3a-@\x5b-\x5e`{-\x7f])"
)
_OTHER = re.compile(r"\\|--|//|/\*|\$\$|\x00")
"""What a text may not have: comments, and other ways of quoting."""
_READING = re.compile(
    r"\b(?:INTERVAL|FORMAT|EXTRACT|(?:DATE|TIME|TIMESTAMP\w*|DATETIME)\s*\x00s|[A-Z]\x00s)", re.IGNORECASE
)
"""What reads into the constant behind it."""
MOST = 500
"""Constants of one text; with more the copy is not worth it."""
Parse = Callable[[str], Expr]


@dataclass(frozen=True, slots=True)
class Constant:
    """A string or a number of the text: where it stands, and what it says."""

    start: int
    end: int
    value: str
    is_string: bool


@dataclass(frozen=True, slots=True)
class Shape:
    """A text without its constants, and these."""

    key: str
    constants: tuple[Constant, ...]


def shape(text: str) -> Shape | None:
    """None where constants and the rest of the text cannot be told apart by looking."""
    if _OTHER.search(text):
        return None
    found = tuple(_constants(text))
    if len(found) > MOST:
        return None
    pieces, offset = [], 0
    for constant in found:
        kind = "s" if constant.is_string else "d" if "." in constant.value else "i"
        pieces.append(f"{text[offset : constant.start]}\x00{kind}")
        offset = constant.end
    key = "".join(pieces) + text[offset:]
    return None if _READING.search(key) else Shape(key, found)


def _constants(text: str) -> Iterator[Constant]:
    for match in _CONSTANT.finditer(text):
        if match["text"] is not None:
            yield Constant(match.start(), match.end(), match["text"].replace("''", "'"), is_string=True)
        elif match["whole"] is not None:
            yield Constant(match.start(), match.end(), match.group(), is_string=False)


@dataclass(frozen=True, slots=True)
class _Part:
    """A node of a template: what of it is always the same, and what is made anew for every copy."""

    kind: type[Expr]
    same: dict[str, object]
    nodes: tuple[tuple[str, _Part], ...]
    lists: tuple[tuple[str, tuple[_Part | _Same, ...]], ...]
    meta: dict[str, Any] | None
    constant: int | None


@dataclass(frozen=True, slots=True)
class _Same:
    """What stands in a list of nodes and is none."""

    value: object


class Template:
    """The tree of one text, which is never given away, and where its constants are."""

    def __init__(self, tree: Expr, constants: Sequence[Constant], literals: Sequence[Expr]) -> None:
        self._constants = constants
        self._root = _part(tree, {id(literal): at for at, literal in enumerate(literals)})

    def tree(self, constants: Sequence[Constant]) -> Expr:
        """A tree of one's own of the text with these constants."""
        return self._copied(self._root, constants, _grown(self._constants, constants))

    def _copied(self, part: _Part, constants: Sequence[Constant], grown: Sequence[int]) -> Expr:
        if part.constant is not None:
            given = constants[part.constant]
            made: Expr = exp.Literal(this=given.value, is_string=given.is_string)
            return made
        arguments = dict(part.same)
        for name, inner in part.nodes:
            arguments[name] = self._copied(inner, constants, grown)
        for name, items in part.lists:
            arguments[name] = [
                self._copied(item, constants, grown) if isinstance(item, _Part) else item.value for item in items
            ]
        made = part.kind(**arguments)
        if part.meta is not None:
            made.meta.update(_moved(part.meta, self._constants, grown))
        return made


def _part(node: Expr, places: Mapping[int, int]) -> _Part:
    nodes = tuple((name, _part(value, places)) for name, value in node.args.items() if isinstance(value, exp.Expr))
    lists = tuple(
        (name, tuple(_part(v, places) if isinstance(v, exp.Expr) else _Same(v) for v in value))
        for name, value in node.args.items()
        if type(value) is list
    )
    # Every argument has its place from the beginning: the order of a node's arguments is kept.
    same = {
        name: None if isinstance(value, exp.Expr) or type(value) is list else value for name, value in node.args.items()
    }
    meta = dict(node.meta) if "start" in node.meta else None
    return _Part(type(node), same, nodes, lists, meta, places.get(id(node)))


def _grown(before: Sequence[Constant], now: Sequence[Constant]) -> list[int]:
    """How much longer the text is up to each constant, and at its end."""
    grown = [0]
    for old, new in zip(before, now, strict=True):
        grown.append(grown[-1] + (new.end - new.start) - (old.end - old.start))
    return grown


def _moved(place: dict[str, int], constants: Sequence[Constant], grown: Sequence[int]) -> dict[str, int]:
    """Line and column of a token after constants before it have grown; no constant has a line's end in it."""
    if not any(grown):
        return dict(place)
    start, line = place["start"], place["end"] + 1 - place["col"]
    by = grown[sum(1 for c in constants if c.end <= start)]
    in_line = by - grown[sum(1 for c in constants if c.end <= line)]
    return place | {"start": start + by, "end": place["end"] + by, "col": place["col"] + in_line}


def template(text: str, found: Shape, parse: Parse) -> Template | None:
    """The template of the text; None where some constant is more, or less, than one literal of the tree."""
    probes = tuple(_probe(at, constant) for at, constant in enumerate(found.constants))
    if any(probe.value in text for probe in probes):
        return None
    probed, tree = parse(_written(text, found, probes)), parse(text)
    literals = _literals(probed, [probe.value for probe in probes])
    if literals is None or not _said_once(probed, [probe.value for probe in probes]):
        return None
    made = Template(probed, _placed(probes, found), literals)
    return made if made.tree(found.constants) == tree else None


def _probe(at: int, constant: Constant) -> Constant:
    """A constant of the same kind that stands nowhere else."""
    value = f"q{at}q" if constant.is_string else f"73{at:04d}37{'.37' if '.' in constant.value else ''}"
    return Constant(constant.start, constant.end, value, constant.is_string)


def _written(text: str, found: Shape, probes: Sequence[Constant]) -> str:
    pieces, offset = [], 0
    for constant, probe in zip(found.constants, probes, strict=True):
        pieces += [text[offset : constant.start], f"'{probe.value}'" if probe.is_string else probe.value]
        offset = constant.end
    return "".join(pieces) + text[offset:]


def _placed(probes: Sequence[Constant], found: Shape) -> list[Constant]:
    """The probes where they stand in the text that was made with them."""
    placed, by = [], 0
    for constant, probe in zip(found.constants, probes, strict=True):
        length = len(probe.value) + 2 * probe.is_string
        start = constant.start + by
        placed.append(Constant(start, start + length, probe.value, probe.is_string))
        by += length - (constant.end - constant.start)
    return placed


def _literals(tree: Expr, values: Sequence[str]) -> list[Expr] | None:
    """The literal of each value, where each has exactly one."""
    found: dict[str, list[Expr]] = {}
    for literal in tree.find_all(exp.Literal):
        found.setdefault(str(literal.this), []).append(literal)
    every = [found.get(value, []) for value in values]
    return [one[0] for one in every] if all(len(one) == 1 for one in every) else None


def _said_once(tree: Expr, values: Sequence[str]) -> bool:
    """Whether no other part of the tree, a name made of a constant for one, holds a value."""
    said = "\n".join(text for node in tree.walk() if not isinstance(node, exp.Literal) for text in _words(node))
    plain = all(not node.comments and node._type is None for node in tree.walk())
    return plain and not any(value in said for value in values)


def _words(node: Expr) -> Iterator[str]:
    for value in node.args.values():
        listed = value if isinstance(value, list) else [value]
        yield from (str(one) for one in listed if not isinstance(one, exp.Expr))
