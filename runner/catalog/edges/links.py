"""What Snowflake noted about two objects, in its own words."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Noted:
    """One object that Snowflake names, in its word for the kind; a routine perhaps with its arguments."""

    domain: str
    place: tuple[str, ...]
    """Database, schema and name; or the whole name in one piece."""
    arguments: str = ""


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """`one` depends on, touched or was filled from `other`."""

    one: Noted
    other: Noted
    use: str = ""
