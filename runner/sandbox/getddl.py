"""GET_DDL: the statement that makes an object again, in Snowflake's layout (sql-reference/functions/get_ddl).

Pure over the catalogue's records. What is made from the answer gives the same answer again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from runner.sandbox.catalog.alerts import Alert
from runner.sandbox.catalog.derived import Tag
from runner.sandbox.catalog.dynamic import Dynamic
from runner.sandbox.catalog.external import External
from runner.sandbox.catalog.files import FileFormat, Pipe
from runner.sandbox.catalog.login_policies import LoginPolicy
from runner.sandbox.catalog.model import (
    ColumnModel,
    Constraint,
    Database,
    Policy,
    Record,
    Routine,
    Schema,
    SchemaObject,
    Sequence as SequenceRecord,
    Table,
    View,
)
from runner.sandbox.catalog.store import Catalog
from runner.sandbox.catalog.streams import Stream
from runner.sandbox.catalog.tasks import Task
from runner.sandbox.ddl.names import dotted, listed, written
from runner.sandbox.ddl.routine_text import routine_text
from runner.sandbox.ddl.types import type_text
from runner.sandbox.errors import unsupported
from runner.sandbox.law import policies, tags
from runner.sandbox.show.external_text import external_ddl
from runner.sandbox.show.policy_text import login_policy_ddl, policy_ddl
from runner.sandbox.show.stream_text import stream_ddl
from runner.sandbox.show.task_text import task_ddl
from runner.sandbox.tokens import quote_identifier, quote_string, tokenize

UNKNOWN = "#UNKNOWN_POLICY"
Hidden = frozenset[str]
"""Full names of policies that the asker may not apply: they are written `#UNKNOWN_POLICY`."""
Tagged = Callable[[dict[str, str]], str]
"""` WITH TAG (…)` for the tags of one thing; empty where it has none."""
Shows = Callable[[Record], bool]
"""Whether the asker may see an object and its text: what it may not see is left out of what holds it."""


def everything(_: Record) -> bool:
    return True


def untagged(_: dict[str, str]) -> str:
    return ""


def _tagged(catalog: Catalog, hidden: Hidden) -> Tagged:
    return lambda values: tags.clause(catalog, values, hidden)


def get_ddl(
    catalog: Catalog,
    record: Record,
    *,
    qualified: bool = False,
    hidden: Hidden = frozenset(),
    shows: Shows = everything,
) -> str:
    """The text for one object, or for a schema or a database and all in it that the asker sees."""
    match record:
        case Database():
            return _database(catalog, record, hidden, shows)
        case Schema():
            return _schema(catalog, record, qualified, hidden, shows)
        case SchemaObject():
            return _object(catalog, record, qualified, hidden)
        case _:
            raise unsupported(f"GET_DDL of {record.kind}")


def _object(catalog: Catalog, record: SchemaObject, qualified: bool, hidden: Hidden) -> str:
    parts = catalog.full_name(record) if qualified else (record.name,)
    tagged = _tagged(catalog, hidden)
    match record:
        case Table(dynamic=Dynamic()):
            return _dynamic(record, dotted(parts), hidden, tagged)
        case Table(external=External()):
            return external_ddl(record, dotted(parts))
        case Table(event=True):
            options = _table_options(record, hidden, tagged)
            return f"create or replace event table {dotted(parts)}{' ' if options else ''}{options};"
        case Table():
            return table_ddl(record, dotted(parts), hidden, tagged)
        case View():
            return _view(record, dotted(parts), hidden, tagged)
        case Alert():
            return _alert(record, dotted(parts))
        case Tag():
            return _tag(record, dotted(parts))
        case SequenceRecord():
            return _sequence(record, dotted(parts))
        case Routine():
            return routine_text(record, dotted(parts) if qualified else quote_identifier(record.name))
        case Policy():
            return policy_ddl(record, dotted(parts))
        case LoginPolicy():
            return login_policy_ddl(record, dotted(parts))
        case FileFormat():
            return _file_format(record, dotted(parts))
        case Stream():
            return stream_ddl(catalog, record, dotted(parts))
        case Task():
            return task_ddl(record, dotted(parts))
        case Pipe():
            return _pipe(record, dotted(parts))
        case _:
            raise unsupported(f"GET_DDL of {record.kind}")


def table_ddl(table: Table, name: str, hidden: Hidden = frozenset(), tagged: Tagged = untagged) -> str:
    """A table's text; foreign keys name their table in full."""
    kind = "" if table.table_type == "PERMANENT" else f"{table.table_type} "
    governed = _of_columns(table, hidden)
    parts = [column_ddl(column, governed.get(column.name, ""), tagged) for column in table.columns]
    parts += [constraint_ddl(constraint) for constraint in table.constraints]
    body = ",\n".join(f"\t{part}" for part in parts)
    return f"create or replace {kind}TABLE {name} (\n{body}\n){_table_options(table, hidden, tagged)};"


def _of_columns(entity: Table | View, hidden: Hidden) -> dict[str, str]:
    """` WITH … POLICY p` for each column that has policies."""
    found: dict[str, str] = {}
    for each in policies.attachments(entity):
        if each.column:
            found[each.column] = f"{found.get(each.column, '')} WITH {each.kind} {_shown(each, hidden)}"
    return found


def _of_the_whole(entity: Table | View, hidden: Hidden) -> list[str]:
    found = [each for each in policies.attachments(entity) if not each.column]
    return [f"WITH {each.kind} {_shown(each, hidden)}" for each in found]


def _shown(attached: policies.Attachment, hidden: Hidden) -> str:
    """The policy and its columns, without its name where the session may not learn it."""
    name, text = dotted(attached.policy), policies.clause(attached)
    return text.replace(name, UNKNOWN, 1) if name in hidden else text


def _table_options(table: Table, hidden: Hidden, tagged: Tagged) -> str:
    key = f"cluster by ({table.cluster_by})" if table.cluster_by else ""
    options: list[str] = [] if table.retention_days is None else [f"DATA_RETENTION_TIME_IN_DAYS={table.retention_days}"]
    if table.max_extension_days is not None:
        options.append(f"MAX_DATA_EXTENSION_TIME_IN_DAYS={table.max_extension_days}")
    options += ["CHANGE_TRACKING=TRUE"] if table.change_tracking else []
    options += _of_the_whole(table, hidden)
    options += [tagged(table.tags).strip()] if tagged(table.tags) else []
    options += [] if table.comment is None else [f"COMMENT={quote_string(table.comment)}\n"]
    return key + " ".join(options)


def column_ddl(column: ColumnModel, governed: str = "", tagged: Tagged = untagged) -> str:
    """One column: type, NOT NULL, collation, default or identity, policies, tags, comment."""
    words = [written(column.name), type_text(column.type)]
    if not column.nullable:
        words.append("NOT NULL")
    if column.collation is not None:
        words.append(f"COLLATE {quote_string(column.collation)}")
    if column.default is not None:
        words.append(f"DEFAULT {column.default}")
    if column.identity is not None:
        start, step = column.identity
        words.append(f"autoincrement start {start} increment {step} {'order' if column.identity_order else 'noorder'}")
    if governed:
        words.append(governed.strip())
    if tags_text := tagged(column.tags):
        words.append(tags_text.strip())
    if column.comment is not None:
        words.append(f"COMMENT {quote_string(column.comment)}")
    return " ".join(words)


def constraint_ddl(constraint: Constraint) -> str:
    """One constraint, out of line; a name that the system gave is not stored and so not written."""
    named = f"constraint {written(constraint.name)} " if constraint.name else ""
    text = f"{named}{constraint.type.lower()} ({listed(constraint.columns)})"
    if constraint.references:
        text += f" references {dotted(constraint.references)}({listed(constraint.referenced_columns)})"
    return f"{text} rely" if constraint.rely else text


def _view(view: View, name: str, hidden: Hidden, tagged: Tagged) -> str:
    secure = ("secure " if view.secure else "") + ("materialized " if view.materialized else "")
    key = f" cluster by ({view.cluster_by})" if view.cluster_by else ""
    governed = _of_columns(view, hidden)
    columns = ",\n".join(f"\t{_view_column(column, governed, tagged)}" for column in view.columns)
    whole = "".join(f" {text}" for text in _of_the_whole(view, hidden))
    comment = f" COMMENT={quote_string(view.comment)}\n" if view.comment is not None else ""
    tracking = " CHANGE_TRACKING=TRUE" if view.change_tracking else ""
    options = f"{key}{tracking}{whole}{tagged(view.tags)}{comment}"
    return f"create or replace {secure}view {name}(\n{columns}\n){options} as {view.query};"


def _view_column(column: ColumnModel, governed: dict[str, str], tagged: Tagged) -> str:
    comment = "" if column.comment is None else f" COMMENT {quote_string(column.comment)}"
    return written(column.name) + governed.get(column.name, "") + tagged(column.tags) + comment


def _dynamic(table: Table, name: str, hidden: Hidden, tagged: Tagged) -> str:
    own = table.dynamic
    assert own is not None, "asked of dynamic tables only"
    transient = "transient " if table.table_type == "TRANSIENT" else ""
    governed = _of_columns(table, hidden)
    columns = ",\n".join(f"\t{_view_column(column, governed, tagged)}" for column in table.columns)
    lag = "DOWNSTREAM" if own.target_lag == "DOWNSTREAM" else quote_string(own.target_lag)
    mode = f"refresh_mode = {own.refresh_mode} initialize = {own.initialize} warehouse = {written(own.warehouse)}"
    options = _table_options(table, hidden, tagged)
    head = f"create or replace {transient}dynamic table {name}(\n{columns}\n) target_lag = {lag} {mode}"
    return f"{head}{' ' if options else ''}{options}\n as {own.query};"


def _alert(alert: Alert, name: str) -> str:
    warehouse = f"\n\twarehouse={written(alert.warehouse)}" if alert.warehouse else ""
    comment = "" if alert.comment is None else f"\n\tcomment={quote_string(alert.comment)}"
    head = f"create or replace alert {name}{warehouse}\n\tschedule={quote_string(alert.schedule)}{comment}"
    return f"{head}\n\tif (exists({alert.condition}))\n\tthen {alert.action};"


def _tag(tag: Tag, name: str) -> str:
    values = ", ".join(map(quote_string, tag.allowed_values or ()))
    allowed = f" ALLOWED_VALUES {values}" if values else ""
    return f"create or replace tag {name}{allowed}{_comment(tag)};"


def _comment(record: SchemaObject) -> str:
    return "" if record.comment is None else f" COMMENT={quote_string(record.comment)}"


def _sequence(sequence: SequenceRecord, name: str) -> str:
    order = "order" if sequence.order else "noorder"
    counts = f"start with {sequence.start} increment by {sequence.increment}"
    return f"create or replace sequence {name} {counts} {order}{_comment(sequence)};"


def _file_format(record: FileFormat, name: str) -> str:
    """A file format with the options that were given."""
    lines = [f"TYPE = {record.type}", *(f"{option} = {_option(value)}" for option, value in record.options.items())]
    lines += [] if record.comment is None else [f"COMMENT = {quote_string(record.comment)}"]
    body = "\n".join(f"\t{line}" for line in lines)
    return f"CREATE OR REPLACE FILE FORMAT {name}\n{body}\n;"


def _option(value: str | list[str]) -> str:
    if isinstance(value, list):
        return f"({', '.join(map(quote_string, value))})"
    return value if value in ("TRUE", "FALSE", "AUTO", "NONE") or value.isdigit() else quote_string(value)


def _pipe(record: Pipe, name: str) -> str:
    return f"create or replace pipe {name}{_comment(record)} as {record.definition};"


def _database(catalog: Catalog, database: Database, hidden: Hidden, shows: Shows) -> str:
    transient = "TRANSIENT " if database.transient else ""
    options = _container_options(database.retention_days, database.comment) + tags.clause(
        catalog, database.tags, hidden
    )
    head = f"create or replace {transient}database {written(database.name)}{options};"
    schemas = sorted(filter(shows, catalog.schemas(database)), key=lambda schema: schema.name)
    return "\n\n".join([head, *(_schema(catalog, schema, True, hidden, shows) for schema in schemas)])


def _schema(catalog: Catalog, schema: Schema, qualified: bool, hidden: Hidden, shows: Shows) -> str:
    transient = "TRANSIENT " if schema.transient else ""
    managed = " with managed access" if schema.managed_access else ""
    options = managed + _container_options(schema.retention_days, schema.comment)
    options += tags.clause(catalog, schema.tags, hidden)
    name = dotted(catalog.full_name(schema) if qualified else (schema.name,))
    head = f"create or replace {transient}schema {name}{options};"
    objects: list[SchemaObject] = catalog.objects(schema)
    seen = in_order(filter(shows, objects))
    return "\n\n".join([head, *(_object(catalog, one, qualified, hidden) for one in seen)])


def _container_options(retention_days: int | None, comment: str | None) -> str:
    retention = "" if retention_days is None else f" DATA_RETENTION_TIME_IN_DAYS={retention_days}"
    return retention + ("" if comment is None else f" COMMENT={quote_string(comment)}")


def in_order(records: Iterable[SchemaObject]) -> list[SchemaObject]:
    """In the order in which they can be made: sequences, policies, tables, functions, views, procedures.

    Among tables a foreign key's target comes first, among views the one that another names. Temporary tables, which
    are some session's own, are left out.
    """
    shown = sorted((record for record in records if _is_shown(record)), key=_place)
    found: list[SchemaObject] = []
    for record in shown:
        _after_needed(record, shown, found, frozenset())
    return found


def _is_shown(record: SchemaObject) -> bool:
    kinds = (
        Table | View | SequenceRecord | Routine | Policy | LoginPolicy | FileFormat | Pipe | Task | Tag | Stream | Alert
    )
    shown = isinstance(record, kinds)
    return shown and record.session_id is None


def _place(record: SchemaObject) -> tuple[int, str]:
    match record:
        case Tag():
            rank = -1
        case SequenceRecord() | FileFormat() | Policy() | LoginPolicy():
            rank = 0
        case Table(dynamic=Dynamic()) | View():
            rank = 3
        case Table(external=External()):
            rank = 2
        case Table():
            rank = 1
        case Routine(routine="FUNCTION"):
            rank = 2
        case _:
            rank = 4
    return rank, record.name


def _after_needed(
    record: SchemaObject, shown: Sequence[SchemaObject], found: list[SchemaObject], above: frozenset[int]
) -> None:
    if record.id in above or any(one is record for one in found):
        return
    needed = _needed(record)
    for other in shown:
        if _family(other) == _family(record) and other.name in needed and not isinstance(other, Routine):
            _after_needed(other, shown, found, above | {record.id})
    found.append(record)


def _family(record: SchemaObject) -> str:
    """Views and dynamic tables may read one another."""
    return "VIEW" if isinstance(record, Table) and record.dynamic is not None else record.kind


def _needed(record: SchemaObject) -> frozenset[str]:
    """Names of other objects of its kind that must stand before it."""
    match record:
        case Table():
            named = frozenset(c.references[2] for c in record.constraints if c.references)
            return named if record.dynamic is None else frozenset(t.identifier for t in tokenize(record.dynamic.query))
        case Task():
            return frozenset([*record.predecessors, *([record.finalizes] if record.finalizes else [])])
        case View():
            return frozenset(token.identifier for token in tokenize(record.query))
        case _:
            return frozenset()
