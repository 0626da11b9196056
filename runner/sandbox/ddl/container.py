"""CREATE and ALTER of DATABASE and SCHEMA as values (sql-reference/sql/create-schema, alter-schema)."""

from __future__ import annotations

from dataclasses import field, replace
from typing import Any

from runner.sandbox.classes import dataclass
from runner.sandbox.ddl.create_table import check_retention, read_days
from runner.sandbox.ddl.header import Header
from runner.sandbox.ddl.moment import Moment, read_moment
from runner.sandbox.errors import compilation, unsupported
from runner.sandbox.parameters import PARAMETERS, checked
from runner.sandbox.tokens import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateContainer:
    header: Header
    name: tuple[str, ...]
    clone: tuple[str, ...] | None = None
    moment: Moment | None = None
    managed_access: bool = False
    retention_days: int | None = None
    parameters: dict[str, str] = field(default_factory=dict)
    comment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlterContainer:
    """One of: a new name, another to swap with, fields to set, among them `parameters` with None for what is unset."""

    rename: tuple[str, ...] | None = None
    swap: tuple[str, ...] | None = None
    fields: tuple[tuple[str, Any], ...] = ()


_REFUSED = frozenset(
    {"CATALOG_SYNC", "CLASSIFICATION_PROFILE", "CONTACT", "ENABLE_DATA_COMPACTION", "EVENT_TABLE", "LOG_EVENT_LEVEL",
     "OBJECT_VISIBILITY"}
)  # fmt: skip


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
    if _is_parameter(reader, kind):
        name, value = _parameter(reader)
        return replace(statement, parameters={**statement.parameters, name: value})
    _refuse(reader, f"CREATE {kind}")
    return None


def _is_parameter(reader: Reader, kind: str) -> bool:
    known = PARAMETERS.get(reader.peek().word)
    return known is not None and kind in known.on


def _parameter(reader: Reader) -> tuple[str, str]:
    """`NAME = value`, the value as a word, a number or a string."""
    name = reader.next().word
    reader.expect("=")
    if reader.at_end():
        raise reader.unexpected()
    sign = "-" if reader.accept("-") else ""
    return name, checked(name, sign + reader.next().text)


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
    parameters: dict[str, str | None] = {}
    while not (found or parameters) or not (reader.at_end() or reader.at(";")):
        if reader.accept("COMMENT"):
            reader.expect("=")
            found.append(("comment", reader.string()))
        elif reader.accept("DATA_RETENTION_TIME_IN_DAYS"):
            found.append(("retention_days", read_days(reader)))
        elif _is_parameter(reader, kind):
            parameters.update([_parameter(reader)])
        else:
            _refuse(reader, f"ALTER {kind}")
            raise reader.unexpected()
        reader.accept(",")
    return (*found, ("parameters", parameters)) if parameters else tuple(found)


_FIELDS = {"COMMENT": "comment", "DATA_RETENTION_TIME_IN_DAYS": "retention_days"}


def _unset(reader: Reader, kind: str) -> tuple[tuple[str, object], ...]:
    found: list[tuple[str, object]] = []
    parameters: dict[str, str | None] = {}
    while True:
        if word := reader.accept_any(*_FIELDS):
            found.append((_FIELDS[word], None))
        elif _is_parameter(reader, kind):
            parameters[reader.next().word] = None
        else:
            _refuse(reader, f"ALTER {kind}")
            raise reader.unexpected()
        if not reader.accept(","):
            return (*found, ("parameters", parameters)) if parameters else tuple(found)


def with_parameters(now: dict[str, str], fields: dict[str, Any]) -> dict[str, Any]:
    """The fields to set, in which `parameters` is the whole of what is set afterwards."""
    if "parameters" not in fields:
        return fields
    after = {**now, **fields["parameters"]}
    return fields | {"parameters": {name: value for name, value in after.items() if value is not None}}


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
