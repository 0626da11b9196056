"""DESCRIBE (sql-reference/sql/desc)."""

from __future__ import annotations

from collections.abc import Iterable

from runner.sandbox import access, errors, shares
from runner.sandbox.catalog.alerts import Alert
from runner.sandbox.catalog.files import FileFormat, Integration, Pipe, Stage
from runner.sandbox.catalog.login_policies import LOGIN_POLICIES, LoginPolicy, SessionPolicy
from runner.sandbox.catalog.model import (
    Database,
    NetworkPolicy,
    Policy,
    Record,
    Routine,
    Schema,
    Sequence,
    Share,
    Table,
    User,
    View,
    Warehouse,
)
from runner.sandbox.catalog.networks import NetworkRule
from runner.sandbox.catalog.streams import Stream
from runner.sandbox.catalog.tasks import Task
from runner.sandbox.context import Context
from runner.sandbox.result import Result, StatementType
from runner.sandbox.show import alerts, description, files, login_policies, networks, streams, tables, targets, tasks
from runner.sandbox.show.inventory import Item
from runner.sandbox.show.shape import Row, relation
from runner.sandbox.tokens import Reader

KINDS = (
    ("TABLE",),
    ("VIEW",),
    ("DYNAMIC", "TABLE"),
    ("MATERIALIZED", "VIEW"),
    ("ALERT",),
    ("EVENT", "TABLE"),
    ("EXTERNAL", "TABLE"),
    *targets.ROUTINES,
    ("SEQUENCE",),
    ("SCHEMA",),
    ("DATABASE",),
    ("USER",),
    ("SHARE",),
    ("WAREHOUSE",),
    ("NETWORK", "POLICY"),
    ("NETWORK", "RULE"),
    ("MASKING", "POLICY"),
    ("ROW", "ACCESS", "POLICY"),
    ("PROJECTION", "POLICY"),
    ("AGGREGATION", "POLICY"),
    ("JOIN", "POLICY"),
    *(tuple(kind.split()) for kind in LOGIN_POLICIES),
    ("STAGE",),
    ("FILE", "FORMAT"),
    ("PIPE",),
    ("TASK",),
    ("STREAM",),
    ("INTEGRATION",),
    *targets.INTEGRATIONS,
)


def describe(context: Context, text: str) -> Result:
    """Any DESCRIBE or DESC statement."""
    reader = Reader(text)
    if not reader.accept_any("DESCRIBE", "DESC"):
        raise reader.unexpected()
    if reader.accept("RESULT"):
        return _answer(description.COLUMNS, description.result_rows(_result(context, reader)))
    if reader.accept("SEARCH", "OPTIMIZATION", "ON"):
        table = context.get(Table, reader.name())
        reader.end()
        return _answer(description.SEARCH, description.search_rows(table))
    words = targets.read_kind(reader, KINDS)
    if words in (
        ("TABLE",),
        ("VIEW",),
        ("DYNAMIC", "TABLE"),
        ("EVENT", "TABLE"),
        ("EXTERNAL", "TABLE"),
        ("MATERIALIZED", "VIEW"),
    ):
        return _columns(context, reader, words[-1])
    begin = reader.index
    record = targets.read_target(context, reader, words)
    parts = _parts(reader, begin)
    reader.end()
    return _answer(*_rows(context, record, parts))


def _answer(shape: str, rows: Iterable[Row]) -> Result:
    return relation(shape, rows, StatementType.DESCRIBE)


def _result(context: Context, reader: Reader) -> Result:
    last = reader.accept("LAST_QUERY_ID", "(", ")")
    number = (context.session.last_query_id or "") if last else reader.string()
    reader.end()
    return context.engine.recall(context.session, number)


def _columns(context: Context, reader: Reader, word: str) -> Result:
    """DESCRIBE TABLE and DESCRIBE VIEW take either."""
    parts = reader.name()
    if reader.accept("TYPE", "="):
        kind = reader.identifier()
        if kind != "COLUMNS":
            raise errors.unsupported(f"DESCRIBE TABLE TYPE = {kind}")
    reader.end()
    first, second = (Table, View) if word == "TABLE" else (View, Table)
    record = context.find(first, parts) or context.find(second, parts) or context.get(first, parts)
    assert isinstance(record, Table | View)
    access.require_known(context.catalog, context.session, record)
    return _answer(description.COLUMNS, description.column_rows(record))


def _parts(reader: Reader, begin: int) -> tuple[str, ...]:
    """The name that was read, once more."""
    again = Reader(reader.source, reader.tokens)
    again.index = begin
    return again.name()


def _rows(context: Context, record: Record, parts: tuple[str, ...]) -> tuple[str, Iterable[Row]]:
    match record:
        case Routine():
            return description.PROPERTIES, description.routine_rows(context, record)
        case Sequence():
            schema = context.schema(parts[:-1])
            item = Item(context.database(parts[:-2]), schema, record)
            return tables.SEQUENCE, [tables.sequence(item)]
        case Stage():
            return files.STAGE, files.stage_rows(record)
        case FileFormat():
            return files.PROPERTIES, files.format_rows(record)
        case Integration():
            return files.PROPERTIES, files.integration_rows(record)
        case Stream():
            placed_stream = Item(context.database(parts[:-2]), context.schema(parts[:-1]), record)
            return streams.STREAM, [streams.stream_row(context, placed_stream)]
        case Task():
            placed = Item(context.database(parts[:-2]), context.schema(parts[:-1]), record)
            return tasks.TASK, [tasks.task_row(context, placed)]
        case Pipe():
            return files.PIPE, [files.pipe_row(Item(context.database(parts[:-2]), context.schema(parts[:-1]), record))]
        case Alert():
            place = Item(context.database(parts[:-2]), context.schema(parts[:-1]), record)
            return alerts.LISTINGS[("ALERTS",)].shape, [alerts.row(place)]
        case Schema():
            return description.CONTENTS, description.schema_rows(context, context.database(parts[:-1]), record)
        case Database():
            return description.CONTENTS, description.database_rows(context, record)
        case User():
            return description.USER, description.user_rows(record)
        case Share():
            return description.SHARE, _share(context, record)
        case Warehouse():
            return description.CONTENTS, description.warehouse_rows(record)
        case NetworkPolicy():
            return description.PAIRS, networks.policy_rows(context.catalog, record)
        case NetworkRule():
            placed_rule = Item(context.database(parts[:-2]), context.schema(parts[:-1]), record)
            return networks.RULE, networks.rule_rows(placed_rule)
        case Policy():
            return description.POLICY, description.policy_rows(record)
        case SessionPolicy():
            return login_policies.SESSION, login_policies.session_rows(record)
        case LoginPolicy():
            return login_policies.PROPERTIES, login_policies.property_rows(record)
        case _:
            raise errors.unsupported(f"DESCRIBE {record.kind}")


def _share(context: Context, share: Share) -> Iterable[Row]:
    """What is shared; to a consumer under its own database's name."""
    consumer = context.session.account if share.account != context.session.account else None
    for kind, name, since in shares.contents(context.catalog, share, consumer):
        yield {"kind": kind, "name": name, "shared_on": since}
