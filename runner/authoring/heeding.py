"""Words of the migration's file that nothing heeds: a line that matches nothing. Pure.

Such a line is most often a name that was written wrongly, and then rows would come another way than was asked for.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from runner.catalog.estate import Estate, Found, Kind
from runner.core.errors import InvalidFile
from runner.core.graph import nearest
from runner.core.patterns import Pattern
from runner.project.migration import Asked


def check_heeded(asked: Asked, estate: Estate) -> None:
    """Raises InvalidFile for the first line that is about nothing of the source."""
    tables = [found for found in estate.objects if found.address.kind is Kind.TABLE]
    for data in asked.data:
        if data.pattern:
            _check(asked, "data.tables", data.pattern, tables, data.line)
    for pattern in asked.loading.order:
        _check(asked, "data.order", pattern, tables)
    for key, pattern in _patterns(asked):
        _check(asked, key, pattern, estate.objects)
    schemas = {found.address.schema for found in estate.objects}
    for name in sorted(asked.names.schemas.keys() - schemas):
        raise _unheeded(asked, "names.schemas", name, schemas)


def _patterns(asked: Asked) -> Iterator[tuple[str, Pattern]]:
    yield from (("names.objects", pattern) for pattern, _ in asked.names.objects)
    for needer, needed in asked.depends:
        yield from (("depends", pattern) for pattern in (needer, *needed))


def _check(asked: Asked, key: str, pattern: Pattern, objects: Iterable[Found], line: int | None = None) -> None:
    places = [(tuple(part for part in found.address.place if part), found.address.signature) for found in objects]
    if not any(pattern.matches(*place) for place in places):
        known = {".".join(place[-len(pattern.parts) :]).lower() for place, _ in places}
        raise _unheeded(asked, key, str(pattern), known, line)


def _unheeded(asked: Asked, key: str, name: str, known: Iterable[str], line: int | None = None) -> InvalidFile:
    what = "table" if key.startswith("data.") else "schema" if key == "names.schemas" else "object"
    near = nearest(name, sorted(known))
    advice = f"Did you mean '{near}'?" if near else "Take the line out, or write the name as the source has it."
    return InvalidFile(asked.path, f"{key}: no {what} of the source is called '{name}'.", line, advice)
