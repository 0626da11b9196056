"""The names in an object's text, and the objects they mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from runner.catalog.edges.naming import Known, is_of_snowflake, places, unknown
from runner.catalog.estate import OF_ACCOUNT, Address, Edge, Evidence, Found, Kind, Place
from runner.sql.mentions import Mention, Use

_OF_ACCOUNT = {kind.value: kind for kind in OF_ACCOUNT}
_CREATE = re.compile(
    r"\bCREATE\s+(?:[A-Z]+\s+){0,5}?(?:TABLE|VIEW|STAGE|SEQUENCE|STREAM)\s+(?:IF\s+NOT\s+EXISTS\s+)?\Z", re.I
)
_FAR = 120
_PARENTHESIS = re.compile(r"\s*\(")
_CUT = 80
"""As long as this, a mention's text may have been cut off."""
_CAN_BE_BUILT_IN = frozenset({Use.CALLS, Use.NAME})


def edges_of(found: Found, names: Iterable[Mention], known: Known) -> Iterator[Edge]:
    """From the object to everything that its text names; itself, and what is in every account, left out.

    What a procedure with its caller's rights means by less than a full name is not certain. What the text itself
    creates, and is not there, is made when it runs: a temporary table, mostly.
    """
    home, several = _home(found.address), tuple(names)
    free = found.properties.get("execute_as", "OWNER") != "OWNER"
    made = frozenset(place for name in several if _creates(found.ddl, name) for place in places(name.parts, home)[:1])
    for name in several:
        certain = name.certain and not (free and len(name.parts) < 3)
        for needed in _called(found.ddl, name, _needed(name, home, known), known):
            if needed.kind is Kind.UNKNOWN and needed.place in made:
                continue
            if needed != found.address and not _holds(needed, found.address):
                where = (Place(name.line, name.column, name.text),)
                yield Edge(found.address, needed, Evidence.PARSED, name.use.name, certain, where)


def _creates(ddl: str, name: Mention) -> bool:
    return _CREATE.search(ddl, max(0, name.start - _FAR), name.start) is not None


def _called(ddl: str, name: Mention, needed: tuple[Address, ...], known: Known) -> tuple[Address, ...]:
    """Of several overloads those that take as many arguments; all of them where that cannot be told."""
    if len(needed) < 2 or name.use is not Use.CALLS or (count := argument_count(ddl, name)) is None:
        return needed
    return tuple(one for one in needed if known.takes(one, count)) or needed


def argument_count(ddl: str, call: Mention) -> int | None:
    """How many arguments the call at that place has; None where a text is among them, for it may hold anything."""
    position = call.start + len(call.text)
    inside = _PARENTHESIS.match(ddl, position)
    if inside is None or len(call.text) >= _CUT:
        return None
    depth, commas, start = 1, 0, inside.end()
    for position in range(start, len(ddl)):
        character = ddl[position]
        if character in "'\"$":
            return None
        depth += (character == "(") - (character == ")")
        commas += character == "," and depth == 1
        if depth == 0:
            return commas + 1 if ddl[start:position].strip() else 0
    return None


def _home(address: Address) -> tuple[str, str]:
    return address.database, address.schema or address.name


def _needed(name: Mention, home: tuple[str, str], known: Known) -> tuple[Address, ...]:
    if name.use.name in _OF_ACCOUNT:
        return (Address(_OF_ACCOUNT[name.use.name], "", "", name.parts[-1]),) if len(name.parts) == 1 else ()
    if name.use is Use.SCHEMA:
        return (Address(Kind.SCHEMA, name.parts[-2] if len(name.parts) > 1 else home[0], "", name.parts[-1]),)
    found = known.find(name.parts, home, name.use.name)
    if found or any(is_of_snowflake(place) for place in places(name.parts, home)):
        return found
    missing = unknown(places(name.parts, home))
    return (missing,) if missing and _is_meant(name, missing, known) else ()


def _is_meant(name: Mention, missing: Address, known: Known) -> bool:
    """A lone name that is called is one of Snowflake's own; mere text names an object only where a database is."""
    if len(name.parts) == 1:
        return name.certain and name.use not in _CAN_BE_BUILT_IN
    return name.certain or (len(name.parts) == 3 and missing.database in known.databases)


def _holds(outer: Address, inner: Address) -> bool:
    """Is it the schema or database in which the other stands? That one needs its home goes without saying."""
    if outer.kind is Kind.DATABASE:
        return outer.name == inner.database
    return outer.kind is Kind.SCHEMA and (outer.database, outer.name) == (inner.database, inner.schema)
