"""Full names of objects that only texts speak of: constants of code, of dynamic SQL and of other languages.

A comment names nothing, nor does COMMENT = '…'. What is found here may be business text: it is asked, never assumed.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Collection, Iterator

from runner.catalog.edges.naming import Known
from runner.catalog.estate import Address, Edge, Evidence, Found, Place
from runner.sql.lexing import normal
from runner.sql.places import read_places
from runner.sql.rewriting import SeenKind

_PART = r'(?:[^\W\d][\w$]*|"(?:[^"]|"")+")'
_FULL = re.compile(rf"(?<![\w$.]){_PART}\.{_PART}\.{_PART}(?![\w$])")
_MEANT = frozenset({SeenKind.STRING, SeenKind.DYNAMIC, SeenKind.CONCATENATED, SeenKind.UNREADABLE, SeenKind.FOREIGN})


def edges_of(found: Found, mentioned: Collection[int], known: Known) -> Iterator[Edge]:
    """``mentioned``: where names begin that are known already."""
    ddl = found.ddl
    candidates = [
        (match, needed)
        for match in _FULL.finditer(ddl)
        if match.start() not in mentioned
        for needed in _known(match[0], known)
        if needed != found.address
    ]
    if not candidates:
        return
    covered = sorted(_covered(ddl))
    for match, needed in candidates:
        index = bisect_right(covered, (match.start(), len(ddl))) - 1
        if index >= 0 and match.end() <= covered[index][1]:
            line = ddl.count("\n", 0, match.start()) + 1
            column = match.start() - ddl.rfind("\n", 0, match.start())
            yield Edge(found.address, needed, Evidence.PARSED, "NAME", False, (Place(line, column, match[0]),))


def _known(written: str, known: Known) -> tuple[Address, ...]:
    parts = [normal(part) for part in re.findall(_PART, written)]
    return known.at((parts[0], parts[1], parts[2]), "NAME")


def _covered(ddl: str) -> Iterator[tuple[int, int]]:
    """Where the texts stand: first and last place of each."""
    for text in read_places(ddl).texts:
        if text.kind in _MEANT and not text.body:
            yield text.places[0], text.places[-1]
