"""Can a table's rows come as the file says? Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from runner.authoring.draft import Travel
from runner.core.errors import InvalidFile
from runner.core.names import Identifier
from runner.project.migration import Strategy

_KEYED = (Strategy.INCREMENTAL, Strategy.STREAM)
_OVERLAP = re.compile(r"\d+ (second|minute|hour|day|week|month)s?", re.IGNORECASE)


def check(travel: Travel, path: str) -> None:
    """Raises InvalidFile, with the line, for the first thing that the table does not have or the way cannot do."""
    reason = next(_wrong(travel), None)
    if reason:
        raise InvalidFile(path, f"{travel.found.address.short}: {reason}.", travel.data.line)


def _wrong(travel: Travel) -> Iterator[str]:
    data = travel.data
    if not travel.columns:
        yield "it has no columns that could be read"
    if data.strategy in _KEYED and not travel.key:
        yield f"'{data.strategy}' needs `key`, since the table has no primary key"
    named = list(travel.key) if data.strategy in _KEYED else []
    named += [Identifier.parse(data.watermark).stored] if data.watermark else []
    for name in named:
        if name not in travel.columns:
            yield f"it has no column {name}"
    yield from _of_watermark(travel)
    if data.overlap and not _OVERLAP.fullmatch(data.overlap):
        yield f"'{data.overlap}' is no overlap: a number and second, minute, hour, day, week or month are"


def _of_watermark(travel: Travel) -> Iterator[str]:
    """What changed last must be the greatest: a point in time, or a number that only grows."""
    name = Identifier.parse(travel.data.watermark).stored if travel.data.watermark else ""
    kind = next((column.type for column in travel.found.columns if column.name == name), "")
    if kind and not kind.startswith((*_TIMES, *_NUMBERS)):
        yield f"{name} is {kind}, which cannot say when a row last changed: dates, timestamps and numbers can"
    if travel.data.overlap and kind.startswith(_NUMBERS):
        yield f"{name} is {kind}, from which no '{travel.data.overlap}' can be taken: leave `overlap` out"


_TIMES = ("DATE", "TIMESTAMP")
_NUMBERS = ("NUMBER", "FLOAT")
