"""Names of a DDL moved to the target's, by edits to token spans; all other text stays byte for byte."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from runner.sql.rewriting import rewrite

Literals = Literal["report", "rewrite"] | frozenset[tuple[int, str]]
"""What becomes of names in texts: all are reported, all are rewritten, or those at (line, text) are."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What was changed, where and why."""

    line: int
    column: int
    kind: str
    before: str
    after: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen and left; ``sql_like`` when it stands as SQL would have it."""

    line: int
    column: int
    kind: str
    text: str
    why: str = ""
    sql_like: bool = False


@dataclass(frozen=True)
class Names:
    """What everything is called in the target; texts with ``{{ … }}`` are written as they are."""

    databases: Mapping[str, str]
    schemas: Mapping[tuple[str, str], str]
    schema_names: Mapping[tuple[str, str], str]
    objects: Mapping[tuple[str, str, str], str]
    others: Mapping[str, Mapping[str, str]]
    home: tuple[str, str]
    literals: Literals = "report"
    bodies: Literals = "report"


@dataclass(frozen=True)
class Moved:
    """The new text, what was changed in the old one, and what was seen there and left."""

    text: str
    edits: tuple[Edit, ...]
    seen: tuple[Seen, ...]


def move(ddl: str, names: Names) -> Moved:
    """``ddl`` with the target's names."""
    done = rewrite(ddl, names.databases)
    text = done.text
    for (database, schema), new in names.schemas.items():
        prefix = re.escape(names.databases.get(database, database)) + r'\."?(?i:' + re.escape(schema) + r')"?\.'
        text = re.sub(prefix, lambda _, new=new: f"{new}.", text)  # type: ignore[misc]
    seen = tuple(
        Seen(
            each.line,
            0,
            each.kind.value,
            each.text,
            "",
            ddl[each.start - 1 : each.start + len(each.text) + 1] == f"'{each.text}'",
        )
        for each in done.seen
    )
    for each in seen:
        chosen = names.literals == "rewrite" or (
            isinstance(names.literals, frozenset) and (each.line, each.text) in names.literals
        )
        if each.sql_like and chosen and each.text.upper() in names.databases:
            text = text.replace(f"'{each.text}'", f"'{names.databases[each.text.upper()]}'")
    return Moved(text, tuple(Edit(each.line, 0, "database", each.before, each.after) for each in done.edits), seen)
