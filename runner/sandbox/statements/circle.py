"""A view must not read itself, neither at once nor through other views: it could never be expanded."""

from __future__ import annotations

from runner.sandbox.catalog.model import Schema, View
from runner.sandbox.catalog.store import Catalog, utc_now
from runner.sandbox.errors import compilation
from runner.sandbox.show.dependencies import references


def draft(schema: Schema, name: str, owner: str, query: str) -> View:
    """The view as it would be, not yet in the catalogue."""
    return View(
        account=schema.account,
        name=name,
        owner=owner,
        created_at=utc_now(),
        schema_id=schema.id,
        text="",
        query=query,
        columns=[],
    )


def refuse_circle(catalog: Catalog, made: View) -> None:
    """Follows the views that the new one reads; one of its own name among them is an error."""
    waiting, seen = [made], set[int]()
    while waiting:
        for reference in references(catalog, waiting.pop()):
            found = reference.record
            if not isinstance(found, View) or found.id in seen:
                continue
            if (found.schema_id, found.name) == (made.schema_id, made.name):
                raise compilation(2037, "42601", f"View definition of '{made.name}' refers to the view itself.")
            seen.add(found.id)
            waiting.append(found)
