"""The clauses that SHOW commands share: LIKE, IN, STARTS WITH, LIMIT … FROM (sql-reference/sql/show)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from runner.sandbox.classes import dataclass
from runner.sandbox.show.shape import MOST_ROWS, Row
from runner.sandbox.tokens import Kind, Reader

SCOPES = ("ACCOUNT", "DATABASE", "SCHEMA", "TABLE", "VIEW")


@dataclass(frozen=True, slots=True)
class Request:
    """`scope` is a word of SCOPES, NAME when only a name was given, or empty; `name` is the place's name."""

    terse: bool = False
    history: bool = False
    like: str | None = None
    scope: str = ""
    name: tuple[str, ...] = ()
    starts_with: str | None = None
    limit: int = MOST_ROWS
    after: str | None = None

    def select(self, rows: Iterable[Row], column: str) -> list[Row]:
        """The rows that pass the filters on the naming column, no more than the limit."""
        pattern = like_pattern(self.like) if self.like is not None else None
        chosen = []
        for row in rows:
            name = str(row[column])
            if pattern and not pattern.fullmatch(name):
                continue
            if name.startswith(self.starts_with or "") and (self.after is None or name > self.after):
                chosen.append(row)
        return chosen[: min(self.limit, MOST_ROWS)]


def like_pattern(pattern: str) -> re.Pattern[str]:
    """SQL wildcards without regard to case; a backslash takes the meaning from the next character."""
    parts = re.findall(r"\\.|.", pattern, re.DOTALL)
    wild = {"%": ".*", "_": "."}
    return re.compile("".join(wild.get(part, re.escape(part[-1])) for part in parts), re.IGNORECASE | re.DOTALL)


def read_request(reader: Reader, *, terse: bool, history: bool, scoped: bool) -> Request:
    """What follows the kind words, to the end of the statement."""
    like = reader.string() if reader.accept("LIKE") else None
    scope, name = _scope(reader) if scoped and reader.accept("IN") else ("", ())
    starts_with = reader.string() if reader.accept("STARTS", "WITH") else None
    limit, after = _limit(reader)
    reader.end()
    return Request(terse, history, like, scope, name, starts_with, limit, after)


def _scope(reader: Reader) -> tuple[str, tuple[str, ...]]:
    word = reader.accept_any(*SCOPES)
    named = reader.peek().kind is Kind.QUOTED or not (reader.at_end() or _clause(reader))
    if word == "ACCOUNT":
        return word, ()
    return (word or "NAME"), (reader.name() if named or not word else ())


def _clause(reader: Reader) -> bool:
    return reader.at("STARTS", "WITH") or reader.at("LIMIT") or reader.at(";")


def _limit(reader: Reader) -> tuple[int, str | None]:
    if not reader.accept("LIMIT"):
        return MOST_ROWS, None
    if reader.at("-"):
        raise reader.unexpected()
    limit = reader.number()
    return limit, reader.string() if reader.accept("FROM") else None
