"""Pieces of a body and where they stand."""

from __future__ import annotations

from dataclasses import field

from runner.sandbox.classes import dataclass
from runner.sandbox.tokens import Token


@dataclass(frozen=True, slots=True)
class Place:
    """Where something stands in the body: lines from 1, positions from 0, as Snowflake counts."""

    line: int
    position: int


@dataclass(frozen=True, slots=True)
class Sql:
    """A piece of SQL as it was written; variables are put in when it runs."""

    source: str = field(repr=False)
    tokens: tuple[Token, ...] = field(repr=False)
    place: Place

    @property
    def text(self) -> str:
        return self.source[self.tokens[0].start : self.tokens[-1].end]
