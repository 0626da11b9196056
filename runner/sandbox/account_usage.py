"""SNOWFLAKE.ACCOUNT_USAGE: the account's objects, dropped ones too, and its history (sql-reference/account-usage).

It is the whole account's and not filtered by what a role sees; reading it takes IMPORTED PRIVILEGES on the SNOWFLAKE
database or one of its roles (see `application`). Snowflake fills these views late, the sandbox at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar, cast

from runner.sandbox import access, application, errors, organization_usage, usage_history
from runner.sandbox.catalog.alerts import Alert
from runner.sandbox.catalog.derived import Tag
from runner.sandbox.catalog.files import FileFormat, Pipe, Stage
from runner.sandbox.catalog.login_policies import LoginPolicy, PasswordPolicy, SessionPolicy
from runner.sandbox.catalog.model import (
    Database,
    Policy,
    Record,
    Role,
    Routine,
    Schema,
    SchemaObject,
    Sequence,
    Table,
    User,
    View,
)
from runner.sandbox.catalog.networks import NetworkRule
from runner.sandbox.catalog.replication import ReplicationGroup
from runner.sandbox.catalog.streams import Stream
from runner.sandbox.classes import dataclass
from runner.sandbox.context import Context
from runner.sandbox.law import listing
from runner.sandbox.result import Column, Result
from runner.sandbox.show import (
    alerts,
    credentials,
    dynamic,
    executed,
    facts,
    file_facts,
    monitors,
    networks,
    people,
    shapes,
    streams,
    tags,
    tasks,
    usage,
)
from runner.sandbox.show.dependencies import references
from runner.sandbox.show.inventory import Item
from runner.sandbox.show.shape import Row, chosen, columns
from runner.sandbox.show.table_functions import policy_rows
from runner.sandbox.show.tables import role_type

DATABASE = application.NAME
SCHEMA = "ACCOUNT_USAGE"
K = TypeVar("K", bound=SchemaObject)


@dataclass(frozen=True, slots=True)
class UsageView:
    shape: str
    rows: Callable[[Context], Iterator[Row]]


def relation(context: Context, schema: str, name: str) -> Result:
    """The rows of `SNOWFLAKE.<schema>.<name>`."""
    view = _view(context, schema, name)
    return chosen(view.shape, view.rows(context))


def columns_of(context: Context, schema: str, name: str) -> tuple[Column, ...]:
    """The columns of a view, without its rows."""
    return columns(_view(context, schema, name).shape)


def _view(context: Context, schema: str, name: str) -> UsageView:
    if not application.opens(context, schema, name):
        hidden = not application.is_visible(context)
        raise errors.does_not_exist(*(("Database", DATABASE) if hidden else ("Object", f"{DATABASE}.{schema}.{name}")))
    if schema == ORGANIZATION and name in ORGANIZATION_VIEWS:
        return ORGANIZATION_VIEWS[name]
    if schema in OTHER_SCHEMAS:
        raise errors.unsupported(f"{DATABASE}.{schema}")
    if schema != SCHEMA:
        raise errors.does_not_exist("Schema", f"{DATABASE}.{schema}")
    if name in VIEWS:
        return VIEWS[name]
    if name in REFUSED:
        raise errors.unsupported(f"{SCHEMA}.{name}")
    raise errors.does_not_exist("Object", f"{DATABASE}.{SCHEMA}.{name}")


def _records(context: Context, kind: type[Record]) -> list[Record]:
    """Every record of the account that is or was there, and that UNDROP could still bring back."""
    account = context.session.account
    return [r for r in list(context.catalog.records.values()) if isinstance(r, kind) and r.account == account]


def _items(context: Context, kind: type[K]) -> Iterator[Item[K]]:
    for record in _records(context, kind):
        schema = context.catalog.records.get(cast(SchemaObject, record).schema_id)
        database = context.catalog.records.get(schema.database_id) if isinstance(schema, Schema) else None
        if isinstance(schema, Schema) and isinstance(database, Database):
            yield Item(database, schema, cast(K, record))


def _databases(context: Context) -> Iterator[Row]:
    return (facts.database(context, cast(Database, record)) for record in _records(context, Database))


def _schemata(context: Context) -> Iterator[Row]:
    for record in _records(context, Schema):
        schema = cast(Schema, record)
        yield facts.schema(context, cast(Database, context.catalog.record(schema.database_id)), schema)


def _streams(context: Context) -> Iterator[Row]:
    return (streams.usage_row(context, item) for item in _items(context, Stream))


def _tables(context: Context) -> Iterator[Row]:
    yield from (facts.table(context, item) for item in _items(context, Table))
    yield from _views(context)


def _views(context: Context) -> Iterator[Row]:
    return (facts.view(context, item) for item in _items(context, View))


def _columns(context: Context) -> Iterator[Row]:
    items: list[Item[Table | View]] = [*_items(context, Table), *_items(context, View)]
    for item in items:
        yield from facts.columns(item)


def _routines(kind: str) -> Callable[[Context], Iterator[Row]]:
    def rows(context: Context) -> Iterator[Row]:
        return (facts.routine(context, item) for item in _items(context, Routine) if item.record.routine == kind)

    return rows


def _dependencies(context: Context) -> Iterator[Row]:
    """Views, dynamic tables and SQL functions and what they name; not procedures, not names that lead nowhere."""
    items: list[Item[View | Routine | Table]] = [*_items(context, View), *_items(context, Routine)]
    items += [item for item in _items(context, Table) if item.record.dynamic is not None]
    until = usage_history.known_until()
    for item in items:
        if item.record.dropped_at is None and (item.record.altered_at or item.record.created_at) <= until:
            for reference in references(context.catalog, item.record):
                if reference.record is not None:
                    yield (
                        _side(context, "REFERENCED", reference.record)
                        | _side(context, "REFERENCING", item.record)
                        | {"DEPENDENCY_TYPE": "BY_NAME"}
                    )


def _side(context: Context, side: str, record: SchemaObject) -> dict[str, object]:
    database, schema, name = context.catalog.full_name(record)
    return {
        f"{side}_DATABASE": database,
        f"{side}_SCHEMA": schema,
        f"{side}_OBJECT_NAME": name,
        f"{side}_OBJECT_ID": record.id,
        f"{side}_OBJECT_DOMAIN": access.label(record).upper(),
    }


def _query_history(context: Context) -> Iterator[Row]:
    """Statements that have ended; their state is SUCCESS, FAIL or INCIDENT here."""
    states = {"FAILED_WITH_ERROR": "FAIL", "FAILED_WITH_INCIDENT": "INCIDENT"}
    for entry in context.engine.history.entries(context.session.account):
        if entry.ended_at is not None:
            state = states.get(entry.state, entry.state)
            yield executed.statement(context, entry) | {"EXECUTION_STATUS": state}


def _login_history(context: Context) -> Iterator[Row]:
    return map(executed.login, context.engine.history.logins(context.session.account))


def _grants_to_roles(context: Context) -> Iterator[Row]:
    for record in _records(context, Role):
        role = cast(Role, record)
        kind = "DATABASE_ROLE" if role.database_id else "ROLE"
        name = access.role_name(context.catalog, role)
        for row in listing.grants_to(context.catalog, role.account, kind, name):
            yield {
                "CREATED_ON": row.created_on,
                "MODIFIED_ON": row.created_on,
                "PRIVILEGE": row.privilege,
                "GRANTED_ON": row.granted_on.replace("_", " "),
                "NAME": row.name,
                "GRANTED_TO": row.granted_to,
                "GRANTEE_NAME": row.grantee_name,
                "GRANT_OPTION": row.grant_option,
                "GRANTED_BY": row.granted_by or None,
                "GRANTED_BY_ROLE_TYPE": role_type(row.granted_by) if row.granted_by else None,
            }


def _grants_to_users(context: Context) -> Iterator[Row]:
    for link in context.catalog.role_grants(context.session.account):
        if link.to_kind == "USER":
            yield {
                "CREATED_ON": link.created_at,
                "ROLE": link.role,
                "GRANTED_TO": "USER",
                "GRANTEE_NAME": link.to_name,
                "GRANTED_BY": link.granted_by or None,
            }


def _policy_references(context: Context) -> Iterator[Row]:
    governed: list[Item[Table] | Item[View]] = [*_items(context, Table), *_items(context, View)]
    for item in governed:
        if item.record.dropped_at is None:
            yield from policy_rows(context.catalog, item.record, item.path)


def _constraints(context: Context) -> Iterator[Row]:
    for item in _items(context, Table):
        for constraint in item.record.constraints:
            row = facts.constraint(item, constraint)
            yield row | {
                "CONSTRAINT_SCHEMA_ID": item.schema.id,
                "CONSTRAINT_CATALOG_ID": item.database.id,
                "IS_DEFERRABLE": "N",
                "INITIALLY_DEFERRED": "Y",
                "ENFORCED": "N",
            }


def _referential(context: Context) -> Iterator[Row]:
    return usage.foreign_keys(list(_items(context, Table)))


ORGANIZATION = "ORGANIZATION_USAGE"
ORGANIZATION_VIEWS = {name: UsageView(*view) for name, view in organization_usage.VIEWS.items()}


def _sequences(context: Context) -> Iterator[Row]:
    return (facts.sequence(item) for item in _items(context, Sequence))


def _stages(context: Context) -> Iterator[Row]:
    return map(file_facts.stage, _items(context, Stage))


def _file_formats(context: Context) -> Iterator[Row]:
    return map(file_facts.file_format, _items(context, FileFormat))


def _pipes(context: Context) -> Iterator[Row]:
    return map(file_facts.pipe, _items(context, Pipe))


def _loads(context: Context) -> Iterator[Row]:
    return (row for item in _items(context, Table) for row in file_facts.loads(item))


def _copies(context: Context) -> Iterator[Row]:
    return (row for item in _items(context, Table) for row in file_facts.history(item))


def _tags(context: Context) -> Iterator[Row]:
    return map(tags.usage_tag, _items(context, Tag))


def _tag_references(context: Context) -> Iterator[Row]:
    return (row for item in _items(context, Tag) for row in tags.usage_references(context, item))


def _policies(kind: str) -> Callable[[Context], Iterator[Row]]:
    return lambda context: usage.policies(_items(context, Policy), kind)


def _login_policies(kind: type[LoginPolicy]) -> Callable[[Context], Iterator[Row]]:
    return lambda context: credentials.policies(_items(context, kind))


def _groups(context: Context) -> Iterator[Row]:
    return usage.groups(cast(ReplicationGroup, record) for record in _records(context, ReplicationGroup))


def _storage(context: Context) -> Iterator[Row]:
    return usage.storage(context, _items(context, Table))


def _refreshes(context: Context) -> Iterator[Row]:
    return (row for item in _items(context, Table) for row in dynamic.refreshes(item))


def _alert_runs(context: Context) -> Iterator[Row]:
    return (row for item in _items(context, Alert) for row in alerts.runs(item))


VIEWS: dict[str, UsageView] = {
    "MASKING_POLICIES": UsageView(usage.POLICIES, _policies("MASKING POLICY")),
    "ROW_ACCESS_POLICIES": UsageView(usage.POLICIES, _policies("ROW ACCESS POLICY")),
    "PROJECTION_POLICIES": UsageView(usage.CONSTRAINTS, _policies("PROJECTION POLICY")),
    "AGGREGATION_POLICIES": UsageView(usage.CONSTRAINTS, _policies("AGGREGATION POLICY")),
    "JOIN_POLICIES": UsageView(usage.JOIN_POLICIES, _policies("JOIN POLICY")),
    "CREDENTIALS": UsageView(credentials.CREDENTIALS, credentials.credentials),
    "LOCK_WAIT_HISTORY": UsageView(credentials.LOCK_WAITS, credentials.lock_waits),
    "PASSWORD_POLICIES": UsageView(credentials.PASSWORD_POLICIES, _login_policies(PasswordPolicy)),
    "SESSION_POLICIES": UsageView(credentials.SESSION_POLICIES, _login_policies(SessionPolicy)),
    "NETWORK_POLICIES": UsageView(networks.USAGE_POLICIES, networks.usage_policies),
    "NETWORK_RULES": UsageView(
        networks.USAGE_RULES, lambda context: networks.usage_rules(_items(context, NetworkRule))
    ),
    "SHARES": UsageView(usage.SHARES, usage.outbound),
    "REPLICATION_GROUPS": UsageView(usage.GROUPS, _groups),
    "REFERENTIAL_CONSTRAINTS": UsageView(shapes.USAGE_REFERENTIAL_CONSTRAINTS, _referential),
    "SESSIONS": UsageView(usage.SESSIONS, usage.sessions),
    "TABLE_STORAGE_METRICS": UsageView(usage.STORAGE, _storage),
    "ALERT_HISTORY": UsageView(alerts.HISTORY, _alert_runs),
    "RESOURCE_MONITORS": UsageView(monitors.USAGE, monitors.usage),
    "DYNAMIC_TABLE_REFRESH_HISTORY": UsageView(dynamic.USAGE_HISTORY, _refreshes),
    "TAGS": UsageView(tags.USAGE_TAGS, _tags),
    "TAG_REFERENCES": UsageView(tags.USAGE_TAG_REFERENCES, _tag_references),
    "ACCESS_HISTORY": UsageView(shapes.ACCESS_HISTORY, usage_history.accesses),
    "QUERY_ATTRIBUTION_HISTORY": UsageView(shapes.QUERY_ATTRIBUTION_HISTORY, usage_history.attributions),
    "SEQUENCES": UsageView(shapes.USAGE_SEQUENCES, _sequences),
    "WAREHOUSE_METERING_HISTORY": UsageView(shapes.WAREHOUSE_METERING_HISTORY, usage_history.metering),
    "COPY_HISTORY": UsageView(file_facts.COPY_HISTORY, _copies),
    "FILE_FORMATS": UsageView(file_facts.USAGE_FILE_FORMATS, _file_formats),
    "LOAD_HISTORY": UsageView(file_facts.LOAD_HISTORY, _loads),
    "PIPES": UsageView(file_facts.USAGE_PIPES, _pipes),
    "STAGES": UsageView(file_facts.USAGE_STAGES, _stages),
    "STREAMS": UsageView(streams.USAGE, _streams),
    "TASK_HISTORY": UsageView(tasks.USAGE_HISTORY, tasks.runs),
    "COLUMNS": UsageView(shapes.USAGE_COLUMNS, _columns),
    "DATABASES": UsageView(shapes.USAGE_DATABASES, _databases),
    "FUNCTIONS": UsageView(shapes.USAGE_FUNCTIONS, _routines("FUNCTION")),
    "GRANTS_TO_ROLES": UsageView(shapes.GRANTS_TO_ROLES, _grants_to_roles),
    "GRANTS_TO_USERS": UsageView(shapes.GRANTS_TO_USERS, _grants_to_users),
    "LOGIN_HISTORY": UsageView(shapes.LOGIN_HISTORY, _login_history),
    "OBJECT_DEPENDENCIES": UsageView(shapes.OBJECT_DEPENDENCIES, _dependencies),
    "POLICY_REFERENCES": UsageView(shapes.POLICY_REFERENCES, _policy_references),
    "PROCEDURES": UsageView(shapes.USAGE_PROCEDURES, _routines("PROCEDURE")),
    "QUERY_HISTORY": UsageView(shapes.USAGE_QUERY_HISTORY, _query_history),
    "ROLES": UsageView(shapes.ROLES, lambda context: people.roles(context, _records(context, Role))),
    "SCHEMATA": UsageView(shapes.USAGE_SCHEMATA, _schemata),
    "TABLE_CONSTRAINTS": UsageView(shapes.USAGE_TABLE_CONSTRAINTS, _constraints),
    "TABLES": UsageView(shapes.USAGE_TABLES, _tables),
    "USERS": UsageView(shapes.USERS, lambda context: people.users(context, _records(context, User))),
    "VIEWS": UsageView(shapes.USAGE_VIEWS, _views),
}
_REFUSED = """
    AGGREGATE_ACCESS_HISTORY AGGREGATE_QUERY_HISTORY AUTOMATIC_CLUSTERING_HISTORY COMPLETE_TASK_GRAPHS
    DATA_TRANSFER_HISTORY DATABASE_STORAGE_USAGE_HISTORY ELEMENT_TYPES FIELDS HYBRID_TABLES INDEXES
    MATERIALIZED_VIEW_REFRESH_HISTORY METERING_DAILY_HISTORY METERING_HISTORY PIPE_USAGE_HISTORY
    QUERY_ACCELERATION_HISTORY QUERY_INSIGHTS REPLICATION_USAGE_HISTORY SEARCH_OPTIMIZATION_HISTORY
    SERVERLESS_TASK_HISTORY SERVICES STORAGE_USAGE TABLE_DML_HISTORY TABLE_PRUNING_HISTORY TASK_VERSIONS
    WAREHOUSE_EVENTS_HISTORY WAREHOUSE_LOAD_HISTORY
"""
REFUSED = frozenset(_REFUSED.split())
"""Views that Snowflake has and the sandbox does not: asked for, they are refused by name."""
OTHER_SCHEMAS = frozenset(
    {"ALERT", "BILLING", "CORE", "CORTEX", "DATA_PRIVACY", "DATA_SHARING_USAGE", "LOCAL", "ML", "MONITORING"}
    | {"NETWORK_SECURITY", "NOTEBOOK", "ORGANIZATION_USAGE", "READER_ACCOUNT_USAGE", "TELEMETRY", "TRUST_CENTER"}
)
