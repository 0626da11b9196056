"""CREATE and ALTER of DATABASE and SCHEMA as values (sql-reference/sql/create-schema, alter-schema)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from runner.sandbox.ddl.create_table import check_retention, read_days
from runner.sandbox.ddl.header import Header
from runner.sandbox.ddl.moment import Moment, read_moment
from runner.sandbox.errors import compilation, unsupported
from runner.sandbox.tokens import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateContainer:
    header: Header
    name: tuple[str, ...]
    clone: tuple[str, ...] | None = None
    moment: Moment | None = None
    managed_access: bool = False
    retention_days: int | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlterContainer:
    """One of: a new name, another to swap with, fields to set."""

    rename: tuple[str, ...] | None = None
    swap: tuple[str, ...] | None = None
    fields: tuple[tuple[str, Any], ...] = ()


_REFUSED_WORDS = """
MAX_DATA_EXTENSION_TIME_IN_DAYS DEFAULT_DDL_COLLATION EXTERNAL_VOLUME CATALOG REPLACE_INVALID_CHARACTERS LOG_LEVEL
TRACE_LEVEL STORAGE_SERIALIZATION_POLICY CONTACT CLASSIFICATION_PROFILE OBJECT_VISIBILITY
SUSPEND_TASK_AFTER_NUM_FAILURES QUOTED_IDENTIFIERS_IGNORE_CASE ENABLE_DATA_COMPACTION PIPE_EXECUTION_PAUSED
"""
_REFUSED = frozenset(_REFUSED_WORDS.split())


def read_create_container(reader: Reader, header: Header, kind: str) -> CreateContainer:
    """What follows the word DATABASE or SCHEMA and IF NOT EXISTS."""
    statement = CreateContainer(header=header, name=reader.name())
    if reader.accept("CLONE"):
        statement = replace(statement, clone=reader.name(), moment=read_moment(reader))
    if reader.at("AS", "REPLICA") or reader.at("FROM") or reader.at("IGNORE"):
        raise unsupported(f"CREATE {kind} ... {' '.join(reader.words(2))}")
    while (more := _option(reader, statement, kind)) is not None:
        statement = more
    reader.end()
    check_retention(statement.retention_days, short_lived=header.transient)
    if header.or_alter and statement.clone:
        raise unsupported(f"CREATE OR ALTER {kind} with CLONE")
    return statement


def _option(reader: Reader, statement: CreateContainer, kind: str) -> CreateContainer | None:
    if kind == "SCHEMA" and reader.accept("WITH", "MANAGED", "ACCESS"):
        return replace(statement, managed_access=True)
    if reader.accept("DATA_RETENTION_TIME_IN_DAYS"):
        return replace(statement, retention_days=read_days(reader))
    if reader.accept("COMMENT"):
        reader.accept("=")
        return replace(statement, comment=reader.string())
    _refuse(reader, f"CREATE {kind}")
    return None


def _refuse(reader: Reader, command: str) -> None:
    word = reader.peek(1).word if reader.at("WITH") else reader.peek().word
    if word in _REFUSED:
        raise unsupported(f"{command} ... {word}")


def read_alter_container(reader: Reader, kind: str) -> AlterContainer:
    """What follows the name in ALTER DATABASE or ALTER SCHEMA."""
    found = _alter(reader, kind)
    reader.end()
    return found


def _alter(reader: Reader, kind: str) -> AlterContainer:
    if reader.accept("RENAME", "TO"):
        return AlterContainer(rename=reader.name())
    if reader.accept("SWAP", "WITH"):
        return AlterContainer(swap=reader.name())
    if kind == "SCHEMA" and (word := reader.accept_any("ENABLE", "DISABLE")):
        reader.expect("MANAGED", "ACCESS")
        return AlterContainer(fields=(("managed_access", word == "ENABLE"),))
    if reader.accept("SET"):
        return AlterContainer(fields=_settings(reader, kind))
    if reader.accept("UNSET"):
        return AlterContainer(fields=_unset(reader, kind))
    if reader.peek(1).word in ("REPLICATION", "FAILOVER") or reader.at("REFRESH") or reader.at("PRIMARY"):
        raise unsupported(f"ALTER {kind} ... {' '.join(reader.words(2))}")
    raise reader.unexpected()


def _settings(reader: Reader, kind: str) -> tuple[tuple[str, object], ...]:
    found: list[tuple[str, object]] = []
    while not found or not (reader.at_end() or reader.at(";")):
        if reader.accept("COMMENT"):
            reader.expect("=")
            found.append(("comment", reader.string()))
        elif reader.accept("DATA_RETENTION_TIME_IN_DAYS"):
            found.append(("retention_days", read_days(reader)))
        else:
            _refuse(reader, f"ALTER {kind}")
            raise reader.unexpected()
        reader.accept(",")
    return tuple(found)


_FIELDS = {"COMMENT": "comment", "DATA_RETENTION_TIME_IN_DAYS": "retention_days"}


def _unset(reader: Reader, kind: str) -> tuple[tuple[str, object], ...]:
    found: list[tuple[str, object]] = []
    while True:
        word = reader.accept_any(*_FIELDS)
        if not word:
            _refuse(reader, f"ALTER {kind}")
            raise reader.unexpected()
        found.append((_FIELDS[word], None))
        if not reader.accept(","):
            return tuple(found)


def read_drop(reader: Reader, kind: str) -> tuple[bool, tuple[str, ...], bool]:
    """DROP <kind> [IF EXISTS] name [CASCADE | RESTRICT]: whether forgiving, the name, whether RESTRICT."""
    reader.expect("DROP", *kind.split())
    forgiving = reader.accept("IF", "EXISTS")
    parts = reader.name()
    word = reader.accept_any("CASCADE", "RESTRICT")
    reader.end()
    return forgiving, parts, word == "RESTRICT"


def check_name(name: str, kind: str) -> str:
    """INFORMATION_SCHEMA is in every database already, and is nobody's."""
    if kind == "SCHEMA" and name == "INFORMATION_SCHEMA":
        raise compilation(2002, "42710", "Object 'INFORMATION_SCHEMA' already exists.")
    return name
