"""What a statement is, told by its leading words. Fast: no parser, only as many words are read as the name needs."""

from __future__ import annotations

import re
from typing import Final

from runner.sql.blocks import opens_block

_BLANKS = re.compile(r"(?:[\s(\ufeff]+|--[^\n]*|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_WORD = re.compile(r"[A-Za-z_][\w$]*")

_MODIFIERS: Final = frozenset(
    {
        "OR", "REPLACE", "ALTER", "IF", "NOT", "EXISTS", "SECURE", "TEMP", "TEMPORARY", "TRANSIENT", "VOLATILE",
        "LOCAL", "GLOBAL", "RECURSIVE", "AGGREGATE", "TERSE", "HYBRID",
    }
)  # fmt: skip

# Objects whose name has more than one word, longest first where one starts another.
_LONG_OBJECTS: Final = tuple(
    tuple(name.split())
    for name in (
        "ROW ACCESS POLICY", "EXTERNAL ACCESS INTEGRATION", "API INTEGRATION", "CATALOG INTEGRATION",
        "NOTIFICATION INTEGRATION", "SECURITY INTEGRATION", "STORAGE INTEGRATION", "DATA METRIC FUNCTION",
        "EXTERNAL FUNCTION", "EXTERNAL TABLE", "EXTERNAL VOLUME", "DYNAMIC TABLE", "EVENT TABLE", "ICEBERG TABLE",
        "MATERIALIZED VIEW", "SEMANTIC VIEW", "FILE FORMAT", "DATABASE ROLE", "APPLICATION ROLE",
        "APPLICATION PACKAGE", "NETWORK POLICY", "NETWORK RULE", "MASKING POLICY", "AGGREGATION POLICY",
        "AUTHENTICATION POLICY", "JOIN POLICY", "PACKAGES POLICY", "PASSWORD POLICY", "PRIVACY POLICY",
        "PROJECTION POLICY", "SESSION POLICY", "STORAGE LIFECYCLE POLICY", "RESOURCE MONITOR", "REPLICATION GROUP",
        "FAILOVER GROUP", "BACKUP SET", "BACKUP POLICY", "COMPUTE POOL", "IMAGE REPOSITORY", "GIT REPOSITORY",
        "MANAGED ACCOUNT", "CORTEX SEARCH SERVICE", "PRIMARY KEYS", "UNIQUE KEYS", "IMPORTED KEYS",
        "FUTURE GRANTS",
    )
)  # fmt: skip

_WITH_OBJECT: Final = frozenset({"CREATE", "ALTER", "DROP", "UNDROP", "SHOW", "DESCRIBE"})
_SYNONYMS: Final = {"DESC": "DESCRIBE", "LS": "LIST", "RM": "REMOVE"}
_DML: Final = frozenset({"INSERT", "UPDATE", "DELETE", "MERGE", "TRUNCATE", "COPY INTO"})
_QUERIES: Final = frozenset({"SELECT", "VALUES", "SHOW", "DESCRIBE", "LIST", "EXPLAIN"})
_DDL: Final = frozenset({"CREATE", "ALTER", "DROP", "UNDROP", "GRANT", "REVOKE", "COMMENT"})
_BOUNDARIES: Final = frozenset({"BEGIN", "COMMIT", "ROLLBACK"})


def statement_kind(text: str) -> str:
    """The statement's name: ``CREATE TABLE``, ``INSERT``, ``USE ROLE``, ``BEGIN`` (a transaction), ``BLOCK``, …

    Modifiers are left out: ``CREATE OR REPLACE SECURE VIEW`` is ``CREATE VIEW``. Without a word: the empty string.
    """
    word, at, after = _next_word(text, 0)
    word = _SYNONYMS.get(word, word)
    match word:
        case "CREATE" | "ALTER" | "DROP" | "UNDROP" | "SHOW" | "DESCRIBE":
            return f"{word} {_object(text, after)}".rstrip()
        case "BEGIN" | "DECLARE":
            return "BLOCK" if opens_block(text, at, word) else word
        case "USE":
            return _use(text, after)
        case "WITH":
            return "CALL" if opens_block(text, at, word) else "SELECT"
        case "COPY" | "EXECUTE":
            return f"{word} {_next_word(text, after)[0]}".rstrip()
        case "START":
            return "BEGIN"
        case _:
            return word


def is_dml(text: str) -> bool:
    """Does it change rows inside the open transaction? TRUNCATE does (sql-reference/transactions)."""
    return statement_kind(text) in _DML


def is_query(text: str) -> bool:
    """Does it only read, and answer with rows?"""
    return statement_kind(text).split(" ")[0] in _QUERIES


def is_ddl(text: str) -> bool:
    """Does it commit what is open before it, and itself (sql-reference/transactions)? CTAS does; ALTER SESSION not."""
    kind = statement_kind(text)
    return kind.split(" ")[0] in _DDL and kind != "ALTER SESSION"


def breaks_transaction(text: str) -> str:
    """Why the statement may not stand in a transactional script; empty when it may.

    A called procedure can neither end the outer transaction nor run DDL in it (sql-reference/transactions), and what a
    block or an immediate text will do cannot be seen.
    """
    kind = statement_kind(text)
    if is_ddl(text):
        return f"{kind} is DDL: it would commit the transaction half-way"
    if kind in _BOUNDARIES:
        return f"{kind} is the runner's to say: it opens and ends the transaction of this script"
    if kind in ("CALL", "BLOCK", "EXECUTE IMMEDIATE", "EXECUTE TASK"):
        return f"{kind} can run DDL or end the transaction, and that cannot be seen from here"
    if kind == "ALTER SESSION" and "AUTOCOMMIT" in text.upper():
        return "a change of AUTOCOMMIT would commit the transaction half-way"
    return ""


def _next_word(text: str, at: int) -> tuple[str, int, int]:
    blanks = _BLANKS.match(text, at)
    assert blanks is not None
    found = _WORD.match(text, blanks.end())
    return (found[0].upper(), found.start(), found.end()) if found else ("", at, at)


def _object(text: str, after: int) -> str:
    """The kind of object behind CREATE, ALTER …"""
    word, _, after = _next_word(text, after)
    while word in _MODIFIERS:
        word, _, after = _next_word(text, after)
    second, _, after = _next_word(text, after)
    third, _, _ = _next_word(text, after)
    words = (word, second, third)
    return next((" ".join(name) for name in _LONG_OBJECTS if words[: len(name)] == name), word)


def _use(text: str, after: int) -> str:
    """``USE x`` without a kind means a database (sql-reference/sql/use-database)."""
    word, _, after = _next_word(text, after)
    if word == "SECONDARY":
        return "USE SECONDARY ROLES"
    named = _next_word(text, after)[0] != "" or text[after:].lstrip()[:1] == '"'
    return f"USE {word}" if word in ("ROLE", "WAREHOUSE", "DATABASE", "SCHEMA") and named else "USE DATABASE"
