"""What the DDL of one object names: every other object, where, and what is done with it."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass

from runner.sql.places import Place, read_places
from runner.sql.rewriting import SeenKind
from runner.sql.uses import Use

__all__ = ["Mention", "Use", "mentions", "unreadable"]

_LONGEST = 80


@dataclass(frozen=True, slots=True, order=True)
class Mention:
    """A name at ``start`` of the text; ``line`` and ``column`` count from 1.

    ``parts`` are as Snowflake stores them, one to three, the middle one empty in ``db..object``; ``text`` is as it is
    written. Not ``certain`` is what only text suggests: SQL and names in strings, in dynamic SQL, in other languages.
    A call of one part may be of a function of Snowflake's own, which always comes first.
    """

    start: int
    line: int
    column: int
    parts: tuple[str, ...]
    use: Use
    certain: bool
    text: str


def mentions(ddl: str) -> tuple[Mention, ...]:
    """Every place in one CREATE statement, and in the bodies in it, that names another object, from left to right.

    ``ddl`` is what GET_DDL prints, no template. Not given are the statement's own name, columns, aliases, names that
    WITH gives, and comments. A text that cannot be read names nothing: `unreadable` tells.
    """
    ends = [found.start() for found in re.finditer("\n", ddl)]
    found = dict[int, Mention]()
    for place in read_places(ddl).places:
        if not place.own and not place.column:
            mention = _mention(ddl, ends, place)
            known = found.get(mention.start)
            if known is None or (mention.certain and not known.certain):
                found[mention.start] = mention
    return tuple(found[start] for start in sorted(found))


def unreadable(ddl: str) -> str:
    """Why a text, or the SQL body in it, cannot be read; nothing where it can."""
    sights = read_places(ddl).sights
    return next((sight.text for sight in sights if sight.kind is SeenKind.UNREADABLE), "")


def _mention(ddl: str, ends: list[int], place: Place) -> Mention:
    start = place.parts[0].start
    row = bisect_left(ends, start)
    column = start - ends[row - 1] if row else start + 1
    text = ddl[start : place.parts[-1].end][:_LONGEST]
    return Mention(start, row + 1, column, place.names[:3], place.use, place.kind is None, text)
