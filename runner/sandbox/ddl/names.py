"""Names as Snowflake writes them back: bare where they can be, quoted where they must be."""

from __future__ import annotations

import re
from collections.abc import Iterable

from runner.sandbox.errors import syntax_error
from runner.sandbox.tokens import Kind, Reader, quote_identifier

_BARE = re.compile(r"[A-Z_][A-Z0-9_$]*\Z")
# sql-reference/reserved-keywords: what cannot stand bare as the name of a column, table or schema.
_RESERVED_WORDS = """
ACCOUNT ALL ALTER AND ANY AS BETWEEN BY CASE CAST CHECK COLUMN CONNECT CONNECTION CONSTRAINT CREATE CROSS
CURRENT CURRENT_DATE CURRENT_TIME CURRENT_TIMESTAMP CURRENT_USER DATABASE DELETE DISTINCT DROP ELSE EXISTS
FALSE FOLLOWING FOR FROM FULL GRANT GROUP GSCLUSTER HAVING ILIKE IN INCREMENT INNER INSERT INTERSECT INTO IS
ISSUE JOIN LATERAL LEFT LIKE LOCALTIME LOCALTIMESTAMP MINUS NATURAL NOT NULL OF ON OR ORDER ORGANIZATION
QUALIFY REGEXP REVOKE RIGHT RLIKE ROW ROWS SAMPLE SCHEMA SELECT SET SOME START TABLE TABLESAMPLE THEN TO
TRIGGER TRUE TRY_CAST UNION UNIQUE UPDATE USING VALUES VIEW WHEN WHENEVER WHERE WITH FOREIGN PRIMARY
"""
_RESERVED = frozenset(_RESERVED_WORDS.split())
# Of these, what no bare name may be anywhere; the others are barred in some places only.
_NEVER_WORDS = """
ALL ALTER AND ANY AS BETWEEN BY CHECK COLUMN CONNECT CREATE CURRENT DELETE DISTINCT DROP ELSE EXISTS FOLLOWING FOR
FROM GRANT GROUP HAVING ILIKE IN INCREMENT INSERT INTERSECT INTO IS LIKE MINUS NOT NULL OF ON OR ORDER QUALIFY REGEXP
REVOKE RLIKE ROW ROWS SAMPLE SELECT SET SOME START TABLE TABLESAMPLE THEN TO TRIGGER UNION UNIQUE UPDATE VALUES
WHENEVER WHERE WITH
"""
_NEVER = frozenset(_NEVER_WORDS.split())


def written(name: str) -> str:
    """One name: `DIM_STOCKS`, `"Mixed Case"`, `"ORDER"`."""
    return name if _BARE.match(name) and name not in _RESERVED else quote_identifier(name)


def dotted(parts: Iterable[str]) -> str:
    """A name of several parts, each written as it must be."""
    return ".".join(written(part) for part in parts)


def listed(names: Iterable[str]) -> str:
    """Names in a list, as between parentheses."""
    return ", ".join(written(name) for name in names)


def new_name(reader: Reader) -> tuple[str, ...]:
    """The name of an object that is to be made: none of its parts is a bare reserved word."""
    start = reader.index
    parts = reader.name()
    _refuse_reserved(reader, start)
    return parts


def new_identifier(reader: Reader) -> str:
    """The name of a column that is to be made."""
    start = reader.index
    name = reader.identifier()
    _refuse_reserved(reader, start)
    return name


def _refuse_reserved(reader: Reader, start: int) -> None:
    for token in reader.tokens[start : reader.index]:
        if token.kind is Kind.WORD and token.word in _NEVER:
            raise syntax_error(token.line, token.position, token.text)
