"""COMMENT ON … IS '…' (sql-reference/sql/comment)."""

from __future__ import annotations

from runner.sandbox.catalog.alerts import Alert
from runner.sandbox.catalog.derived import Tag
from runner.sandbox.catalog.files import FileFormat, Integration, Pipe, Stage
from runner.sandbox.catalog.login_policies import LOGIN_POLICIES
from runner.sandbox.catalog.model import (
    NetworkPolicy,
    Policy,
    Record,
    Role,
    SchemaObject,
    Sequence,
    Share,
    Table,
    User,
    View,
    Warehouse,
)
from runner.sandbox.catalog.networks import NetworkRule
from runner.sandbox.catalog.store import Work, utc_now
from runner.sandbox.catalog.streams import Stream
from runner.sandbox.catalog.tasks import Task
from runner.sandbox.classes import dataclass
from runner.sandbox.context import Context
from runner.sandbox.ddl.create_routine import read_signature
from runner.sandbox.errors import SnowflakeError, does_not_exist, invalid_identifier, unsupported
from runner.sandbox.law import policies
from runner.sandbox.resolve import refuse_imported
from runner.sandbox.result import Result, status_result
from runner.sandbox.statements import objects, routine
from runner.sandbox.tokens import Reader

_IN_ACCOUNT: dict[str, type[Record]] = {
    "ROLE": Role,
    "USER": User,
    "WAREHOUSE": Warehouse,
    "SHARE": Share,
    "NETWORK POLICY": NetworkPolicy,
    "INTEGRATION": Integration,
}
_IN_SCHEMA: dict[str, type[SchemaObject]] = {"TABLE": Table, "VIEW": View, "SEQUENCE": Sequence, "STAGE": Stage}
_IN_SCHEMA |= {
    "FILE FORMAT": FileFormat,
    "PIPE": Pipe,
    "TASK": Task,
    "TAG": Tag,
    "ALERT": Alert,
    "NETWORK RULE": NetworkRule,
    **LOGIN_POLICIES,
    "STREAM": Stream,
    "DYNAMIC TABLE": Table,
    "MATERIALIZED VIEW": View,
}
_POLICIES = policies.KINDS
_LONG = (
    "NETWORK POLICY",
    "NETWORK RULE",
    "DATABASE ROLE",
    "FILE FORMAT",
    "DYNAMIC TABLE",
    "MATERIALIZED VIEW",
    *_POLICIES,
    *LOGIN_POLICIES,
)
_ROUTINES = ("PROCEDURE", "FUNCTION")
_ABSENT = """
SECRET STREAMLIT CONNECTION EXTERNAL MASKING
REPLICATION FAILOVER RESOURCE
"""


@dataclass(frozen=True, slots=True)
class _Target:
    kind: str
    parts: tuple[str, ...]
    signature: tuple[str, ...] = ()


def comment(context: Context, text: str) -> Result:
    reader = Reader(text)
    reader.expect("COMMENT")
    forgiving = reader.accept("IF", "EXISTS")
    reader.expect("ON")
    target = _target(reader)
    reader.expect("IS")
    value = reader.string()
    reader.end()
    context.commit_for_ddl()
    with context.catalog.work() as work:
        try:
            _set(context, work, target, value)
        except SnowflakeError as refusal:
            if not forgiving or refusal.errno != 2003:
                raise
    return status_result(objects.DONE)


def _target(reader: Reader) -> _Target:
    for words in _LONG:
        if reader.accept(*words.split()):
            return _Target(words, reader.name())
    if reader.peek().word in _ABSENT.split():
        raise unsupported(f"COMMENT ON {reader.peek().word}")
    kind = reader.peek().word
    if kind in _ROUTINES:
        reader.next()
        return _Target(kind, *read_signature(reader, "TIMESTAMP_NTZ"))
    if kind not in ("COLUMN", "DATABASE", "SCHEMA", *_IN_ACCOUNT, *_IN_SCHEMA):
        raise reader.unexpected()
    reader.accept(kind)
    return _Target(kind, _column_name(reader) if kind == "COLUMN" else reader.name())


def _column_name(reader: Reader) -> tuple[str, ...]:
    parts = [reader.identifier()]
    while reader.accept("."):
        parts.append(reader.identifier())
    return tuple(parts)


def _set(context: Context, work: Work, target: _Target, value: str) -> None:
    if target.kind == "COLUMN":
        _set_column(context, work, target.parts, value)
        return
    record = _record(context, target)
    context.require("OWNERSHIP", record)
    work.edit(record, comment=value, altered_at=utc_now())


def _record(context: Context, target: _Target) -> Record:
    if target.kind in _ROUTINES:
        return routine.get(context, target.kind, target.parts, target.signature)
    if target.kind in _IN_SCHEMA:
        return context.writable(_IN_SCHEMA[target.kind], target.parts, "COMMENT")
    if target.kind in _POLICIES:
        policy = context.writable(Policy, target.parts, "COMMENT")
        if not policy.policy.upper().replace("_", " ").startswith(target.kind.removesuffix(" POLICY")):
            raise does_not_exist(target.kind.capitalize(), target.parts[-1])
        return policy
    if target.kind == "DATABASE ROLE":
        home = context.database(target.parts[:-1], "COMMENT")
        roles = context.catalog.all(Role, context.session.account)
        role = next((r for r in roles if r.database_id == home.id and r.name == target.parts[-1]), None)
        if role is None:
            raise does_not_exist("Database role", ".".join(target.parts))
        return role
    if target.kind == "SCHEMA":
        refuse_imported(context.database(target.parts[:-1], "COMMENT"))
        return context.schema(target.parts, "COMMENT")
    if target.kind == "DATABASE":
        database = context.database(target.parts, "COMMENT")
        refuse_imported(database)
        return database
    found = context.catalog.find(_IN_ACCOUNT[target.kind], context.session.account, target.parts[-1])
    if found is None:
        raise does_not_exist(target.kind.capitalize(), target.parts[-1])
    return found


def _set_column(context: Context, work: Work, parts: tuple[str, ...], value: str) -> None:
    table = _relation(context, parts[:-1])
    context.require("OWNERSHIP", table)
    if parts[-1] not in [column.name for column in table.columns]:
        raise invalid_identifier(parts[-1])
    work.edit(table, columns=objects.with_column(table.columns, parts[-1], comment=value), altered_at=utc_now())


def _relation(context: Context, parts: tuple[str, ...]) -> Table | View:
    if not parts:
        raise does_not_exist("Table", "")
    if context.find(View, parts) is not None:
        return context.writable(View, parts, "COMMENT")
    return context.writable(Table, parts, "COMMENT")
