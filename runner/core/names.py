"""Snowflake's names as types: unquoted is upper-case, quoted is verbatim (docs: sql-reference/identifiers-syntax)."""

from __future__ import annotations

import re
from dataclasses import dataclass

_PLAIN = re.compile(r"[A-Z_][A-Z0-9_$]*")
_UNQUOTED = re.compile(r"[A-Za-z_][A-Za-z0-9_$]*")
# sql-reference/reserved-keywords: what cannot stand bare as the name of an object or column.
_RESERVED_WORDS = """
ACCOUNT ALL ALTER AND ANY AS BETWEEN BY CASE CAST CHECK COLUMN CONNECT CONNECTION CONSTRAINT CREATE CROSS CURRENT
CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER DATABASE DELETE DISTINCT DROP ELSE EXISTS FALSE FOLLOWING
FOR FOREIGN FROM FULL GRANT GROUP GSCLUSTER HAVING ILIKE IN INCREMENT INNER INSERT INTERSECT INTO IS ISSUE JOIN
LATERAL LEFT LIKE LOCALTIME LOCALTIMESTAMP MINUS NATURAL NOT NULL OF ON OR ORDER ORGANIZATION PRIMARY QUALIFY REGEXP
REVOKE RIGHT RLIKE ROW ROWS SAMPLE SCHEMA SELECT SET SOME START TABLE TABLESAMPLE THEN TO TRIGGER TRUE TRY_CAST
UNION UNIQUE UPDATE USING VALUES VIEW WHEN WHENEVER WHERE WITH
"""
_RESERVED = frozenset(_RESERVED_WORDS.split())
_PART = re.compile(r'\s*(?:"((?:[^"]|"")+)"|([A-Za-z_][A-Za-z0-9_$]*))\s*')


@dataclass(frozen=True, slots=True, order=True)
class Identifier:
    """One name as Snowflake stores it."""

    stored: str

    def __post_init__(self) -> None:
        if not self.stored or len(self.stored) > 255 or "\0" in self.stored:
            raise ValueError(f"{self.stored!r} is not a name: 1 to 255 characters are")

    @staticmethod
    def parse(text: str) -> Identifier:
        """A name as a person writes it; what cannot stand unquoted is taken verbatim."""
        if len(text) >= 2 and text[0] == text[-1] == '"':
            return Identifier(text[1:-1].replace('""', '"'))
        return Identifier(text.upper() if _UNQUOTED.fullmatch(text) else text)

    @property
    def sql(self) -> str:
        """As it must stand in a statement: quoted unless it is plain upper-case and no keyword."""
        bare = _PLAIN.fullmatch(self.stored) and self.stored not in _RESERVED
        return self.stored if bare else '"' + self.stored.replace('"', '""') + '"'

    def __str__(self) -> str:
        return self.stored


@dataclass(frozen=True, slots=True, order=True)
class ObjectName:
    """One to three names with dots between: database, schema, object."""

    parts: tuple[Identifier, ...]

    @staticmethod
    def of(*stored: str) -> ObjectName:
        return ObjectName(tuple(Identifier(part) for part in stored))

    @staticmethod
    def parse(text: str) -> ObjectName:
        parts, position = [], 0
        while True:
            match = _PART.match(text, position)
            if not match:
                raise ValueError(f"'{text}' is not a name: names with dots between them are")
            parts.append(Identifier(match[1].replace('""', '"') if match[1] else match[2].upper()))
            if match.end() == len(text):
                return ObjectName(tuple(parts))
            if text[match.end()] != ".":
                raise ValueError(f"'{text}' is not a name: '{text[match.end()]}' must be quoted")
            position = match.end() + 1

    def child(self, name: str) -> ObjectName:
        return ObjectName((*self.parts, Identifier(name)))

    @property
    def sql(self) -> str:
        return ".".join(part.sql for part in self.parts)

    def __str__(self) -> str:
        return ".".join(part.stored for part in self.parts)
