"""What a statement does with a name, told by the words before it. The words are Snowflake's (sql-reference/sql)."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Final

from runner.sql.chains import lead_place
from runner.sql.lexing import Token


class Use(StrEnum):
    """What a statement does with what it names. ``NAME`` is any other, or not known."""

    READS = "reads"
    WRITES = "writes"
    CALLS = "calls"
    SEQUENCE = "sequence"
    STAGE = "stage"
    FORMAT = "file format"
    STREAM = "stream"
    TABLE = "changes or shows"
    REFERENCES = "foreign key"
    TAG = "tag"
    POLICY = "policy"
    WAREHOUSE = "warehouse"
    INTEGRATION = "integration"
    ROLE = "role"
    TASK = "task"
    DATABASE = "database"
    SCHEMA = "schema"
    NAME = "name"


OF_ACCOUNT: Final = {Use.WAREHOUSE: "WAREHOUSE", Use.ROLE: "ROLE", Use.INTEGRATION: "INTEGRATION"}
"""Uses whose names stand for something of the account, in no schema."""

_KINDS: Final = {
    "TABLE": Use.TABLE, "VIEW": Use.TABLE, "STREAM": Use.STREAM, "SEQUENCE": Use.SEQUENCE, "STAGE": Use.STAGE,
    "FORMAT": Use.FORMAT, "TASK": Use.TASK, "PIPE": Use.NAME, "ALERT": Use.NAME, "FUNCTION": Use.NAME,
    "PROCEDURE": Use.NAME, "TAG": Use.TAG, "POLICY": Use.POLICY, "DATABASE": Use.DATABASE, "SCHEMA": Use.SCHEMA,
    "WAREHOUSE": Use.WAREHOUSE, "ROLE": Use.ROLE, "INTEGRATION": Use.INTEGRATION, "SECRET": Use.NAME,
    "RULE": Use.NAME, "COLUMN": Use.TABLE,
}  # fmt: skip
_MODIFIERS: Final = frozenset(
    {
        "OR", "REPLACE", "ALTER", "SECURE", "TEMP", "TEMPORARY", "TRANSIENT", "VOLATILE", "LOCAL", "GLOBAL",
        "RECURSIVE", "AGGREGATE", "HYBRID", "DYNAMIC", "EXTERNAL", "EVENT", "ICEBERG", "MATERIALIZED", "FILE",
        "MASKING",
        "ROW", "ACCESS", "PROJECTION", "AGGREGATION", "JOIN", "NETWORK", "STORAGE", "API", "NOTIFICATION", "SECURITY",
        "CATALOG", "DATA", "METRIC", "PASSWORD", "SESSION", "AUTHENTICATION", "PRIVACY", "SEMANTIC", "IF", "NOT",
        "EXISTS", "PACKAGES",
    }
)  # fmt: skip
_DDL: Final = frozenset(
    {"CREATE", "ALTER", "DROP", "UNDROP", "DESCRIBE", "DESC", "USE", "TRUNCATE", "EXECUTE", "SHOW", "REPLACE"}
)
_GRANTS: Final = frozenset({"GRANT", "REVOKE"})
_ABOUT: Final = _GRANTS | {"COMMENT", "CREATE", "ALTER", "SHOW"}
_OPTIONS: Final = {
    "WAREHOUSE": Use.WAREHOUSE, "FORMAT_NAME": Use.FORMAT, "FILE_FORMAT": Use.FORMAT, "FINALIZE": Use.TASK,
    "INTEGRATION": Use.INTEGRATION, "LOCATION": Use.STAGE,
}  # fmt: skip
_FIRST_ARGUMENT: Final = {
    "TABLE": Use.READS, "SYSTEM$STREAM_HAS_DATA": Use.STREAM, "SYSTEM$STREAM_GET_TABLE_TIMESTAMP": Use.STREAM,
    "SYSTEM$GET_TAG": Use.TAG, "SYSTEM$GET_TAG_ON_CURRENT_COLUMN": Use.TAG, "SYSTEM$GET_TAG_ON_CURRENT_TABLE": Use.TAG,
    "SYSTEM$CLUSTERING_INFORMATION": Use.READS, "SYSTEM$CLUSTERING_DEPTH": Use.READS, "SYSTEM$PIPE_STATUS": Use.NAME,
    "SYSTEM$TASK_DEPENDENTS_ENABLE": Use.TASK, "SYSTEM$LAST_CHANGE_COMMIT_TIME": Use.READS,
    "IS_ROLE_IN_SESSION": Use.ROLE,
}  # fmt: skip
_TELLING: Final = _KINDS.keys() | {
    "CALL", "REFERENCES", "TRUNCATE", "CLONE", "LIKE", "AFTER", "WITH", "TO", "=", "=>", "USE", "IN", "ON",
}  # fmt: skip
"""Words before a name that may tell what it is used for."""
_DECLARED_FOR: Final = frozenset({"TABLE", "VIEW", "STAGE"})


def is_grammar(word: str) -> bool:
    """Is it a word that stands before a name and says of which kind it is?"""
    return word in _KINDS or word in _MODIFIERS or word == "SECONDARY"


def own_place(stream: Sequence[Token]) -> int:
    """Where the name of what the statement creates stands; -1 when it creates nothing."""
    if not stream or stream[0].word != "CREATE":
        return -1
    place = 1
    while place < len(stream) - 1 and (stream[place].word in _MODIFIERS or stream[place].word in _KINDS):
        place += 1
    return place if place < len(stream) and stream[place].is_name else -1


def created_use(stream: Sequence[Token], place: int) -> Use:
    """The use of what is created, by its kind."""
    return _KINDS.get(stream[lead_place(stream, place)].word, Use.NAME)


def use_of(stream: Sequence[Token], place: int, parts: int, verb: str, own: int) -> Use | None:
    """What a name of so many parts at ``place`` is used for, told by the words before it; None where they tell nothing.

    ``verb`` is the statement's first word, ``own`` the place of the name that it creates. Tables in FROM and the like
    are not told here.
    """
    lead = lead_place(stream, place)
    word = stream[lead].word if lead >= 0 else ""
    if word not in _TELLING:
        return None
    before = stream[lead - 1].word if lead > 0 else ""
    match word:
        case "CALL":
            return Use.CALLS
        case "REFERENCES":
            return None if verb in _GRANTS else Use.REFERENCES
        case "TRUNCATE":
            return Use.WRITES
        case "CLONE":
            return _cloned(stream, parts)
        case "LIKE":
            return Use.READS if verb == "CREATE" and 0 < own <= lead - 1 <= own + 4 else None
        case "AFTER":
            return Use.TASK if verb in ("CREATE", "ALTER") and "TASK" in _words(stream) else None
        case "WITH" | "TO":
            return _cloned(stream, parts, Use.TABLE) if before in ("SWAP", "RENAME") else None
        case "=":
            return option(stream, lead - 1, verb)
        case "=>":
            return Use.FORMAT if before == "FILE_FORMAT" else None
        case "USE":
            return Use.DATABASE if parts == 1 else Use.SCHEMA
        case "IN":
            return Use.SCHEMA if verb == "SHOW" and stream[place].word != "ACCOUNT" else None
        case "ON":
            return Use.TABLE if verb in _GRANTS else None
        case _:
            return _by_kind(stream, lead, verb) if word in _KINDS else None


def _words(stream: Sequence[Token]) -> list[str]:
    return [token.word for token in stream[:8]]


def _cloned(stream: Sequence[Token], parts: int, table: Use = Use.READS) -> Use:
    """Behind CLONE, SWAP WITH and RENAME TO stands what the statement is about: a database, a schema, or a table."""
    words = _words(stream)
    if "DATABASE" in words and parts == 1:
        return Use.DATABASE
    return Use.SCHEMA if "SCHEMA" in words and parts < 3 else table


def _by_kind(stream: Sequence[Token], lead: int, verb: str) -> Use | None:
    """Behind a kind's own word: where that word is one, and no column or alias of that name."""
    kind = stream[lead].word
    place = lead - 1
    while place >= 0 and stream[place].word in _MODIFIERS - {"ALTER", "REPLACE"}:
        place -= 1
    before = stream[place].word if place >= 0 else ""
    if kind in ("ROLE", "SCHEMA", "DATABASE") and before in _GRANTS | {"TO", "FROM", "DATABASE"} and verb in _GRANTS:
        return _KINDS[kind]
    if kind == "ROLE" and before == "DATABASE":
        return Use.ROLE
    if kind == "TABLE" and before in ("OVERWRITE", "TRUNCATE", "INTO"):
        return Use.WRITES
    if before == "ON" and verb in _ABOUT:
        return Use.READS if verb == "CREATE" and kind in _DECLARED_FOR else _KINDS[kind]
    if kind in ("TAG", "POLICY") and (before in ("SET", "UNSET", "WITH", "ADD", "DROP") or lead - place > 1):
        return _KINDS[kind]
    return _KINDS[kind] if before in _DDL or (before == "IN" and verb in _ABOUT) else None


def option(stream: Sequence[Token], place: int, verb: str) -> Use | None:
    """What ``WORD = name`` names, for the word at ``place``."""
    if verb not in ("CREATE", "ALTER", "COPY") and stream[place].word != "FORMAT_NAME":
        return None
    word = stream[place].word
    return Use.INTEGRATION if word.endswith("_INTEGRATION") else _OPTIONS.get(word)


def text_use(stream: Sequence[Token], place: int, verb: str) -> Use | None:
    """What the text constant at ``place`` names, where only a name can be written as text.

    IDENTIFIER('…') is not told here: it stands for the name itself.
    """
    sign = stream[place - 1].text if place else ""
    before = stream[place - 2].word if place > 1 else ""
    match sign:
        case "(":
            return _FIRST_ARGUMENT.get(before)
        case "=":
            return option(stream, place - 2, verb)
        case "=>":
            return _OPTIONS.get(before) if before in ("FILE_FORMAT", "LOCATION") else None
        case _:
            return None
