"""What one statement read and changed, object by object and column by column: the matter of ACCESS_HISTORY.

Names are kept as they were when the statement ran, for objects are renamed and dropped afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field
from typing import Any

from runner.sandbox.classes import dataclass

Name = tuple[str, ...]
Source = tuple[int, str, bool]
"""A column of an object, by the object's id, and whether the statement itself names the object."""


@dataclass(slots=True)
class Touched:
    """One object: its id, its kind as ACCESS_HISTORY says it (`Table`, `View`, `PROCEDURE`), its name, the columns.

    A procedure has no columns but a signature and the type it returns.
    """

    id: int
    domain: str
    name: Name
    columns: dict[str, None] = field(default_factory=dict)
    sources: dict[str, list[Source]] = field(default_factory=dict)
    """Of a column that was changed: the columns of what the statement read that its values come from."""
    signature: str = ""
    returns: str = ""

    def plain(self) -> dict[str, Any]:
        body = {"id": self.id, "domain": self.domain, "name": list(self.name), "columns": list(self.columns)}
        body |= {"sources": self.sources} if self.sources else {}
        return body | ({"signature": self.signature, "returns": self.returns} if self.signature else {})


@dataclass(slots=True)
class Accesses:
    """`direct` is what the statement itself names, `base` the tables under it, `modified` what it changed."""

    direct: dict[int, Touched] = field(default_factory=dict)
    base: dict[int, Touched] = field(default_factory=dict)
    modified: dict[int, Touched] = field(default_factory=dict)

    def read(self, number: int, domain: str, name: Name, *, direct: bool) -> list[dict[str, None]]:
        """The object is read; the places where the columns that are looked at are to be noted."""
        kept = [self.direct] if direct else []
        kept += [self.base] if domain == "Table" else []
        return [each.setdefault(number, Touched(number, domain, name)).columns for each in kept]

    def changed(self, number: int, name: Name, columns: list[str]) -> None:
        found = self.modified.setdefault(number, Touched(number, "Table", name))
        found.columns |= dict.fromkeys(columns)

    def fed(self, number: int, sources: Mapping[str, Iterable[Source]]) -> None:
        """Where the values of columns of a changed object come from; what comes from nowhere is left out."""
        known = self.modified[number].sources if number in self.modified else {}
        for column, given in sources.items():
            if found := sorted({*known.get(column, ()), *given}):
                known[column] = found

    def called(self, number: int, name: Name, signature: str, returns: str) -> None:
        made = Touched(number, "PROCEDURE", name, signature=signature, returns=returns)
        self.direct.setdefault(number, made)

    def __bool__(self) -> bool:
        return bool(self.direct or self.base or self.modified)

    def plain(self) -> dict[str, Any] | None:
        """As the history file keeps it; None when nothing was touched."""
        if not self:
            return None
        parts = {"direct": self.direct, "base": self.base, "modified": self.modified}
        return {part: [touched.plain() for touched in found.values()] for part, found in parts.items()}


def from_plain(body: Mapping[str, Any] | None) -> Accesses:
    """What `plain` gave, as it was."""
    found = Accesses()
    for part, into in (("direct", found.direct), ("base", found.base), ("modified", found.modified)):
        for one in (body or {}).get(part, ()):
            names = dict.fromkeys(one["columns"])
            fed = {name: [(n, c, d) for n, c, d in given] for name, given in one.get("sources", {}).items()}
            said = (one.get("signature", ""), one.get("returns", ""))
            into[one["id"]] = Touched(one["id"], one["domain"], tuple(one["name"]), names, fed, *said)
    return found
