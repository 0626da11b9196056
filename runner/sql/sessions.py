"""What a statement leaves behind in its session: the schema it is in, variables, parameters."""

from __future__ import annotations

import re
from typing import Final

from runner.sql.kinds import statement_kind

_MOVERS: Final = ("USE", "ALTER SESSION", "SET", "UNSET")
_HIDING: Final = ("BLOCK", "EXECUTE IMMEDIATE")
_MOVER_INSIDE = re.compile(r"\b(?:USE|SET|UNSET|ALTER\s+SESSION|CREATE\b.{0,40}?\b(?:SCHEMA|DATABASE))\b", re.I | re.S)
_CREATED = re.compile(
    r"CREATE\s+(?:OR\s+REPLACE\s+)?(?:TRANSIENT\s+)?(?P<kind>SCHEMA|DATABASE)\s+(?:IF\s+NOT\s+EXISTS\s+)?"
    r'(?P<name>(?:"(?:[^"]|"")+"|[\w$]+)(?:\s*\.\s*(?:"(?:[^"]|"")+"|[\w$]+))?)',
    re.IGNORECASE,
)


def moves_session(text: str) -> bool:
    """Whether later statements of the same session may find themselves elsewhere.

    A created schema or database becomes the current one (docs: sql-reference/sql/create-schema#usage-notes).
    """
    kind = statement_kind(text)
    if kind in _HIDING:
        return _MOVER_INSIDE.search(text) is not None
    return kind.startswith(_MOVERS) or kind in ("CREATE SCHEMA", "CREATE DATABASE")


def moved_again(text: str) -> str:
    """The statement that brings a new session where this one brought the old; empty where none is known to."""
    kind = statement_kind(text)
    if kind.startswith(_MOVERS):
        return text
    created = _CREATED.search(text) if kind in ("CREATE SCHEMA", "CREATE DATABASE") else None
    return f"USE {created['kind'].upper()} {created['name']}" if created else ""
