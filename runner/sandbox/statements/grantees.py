"""From the words of GRANT and REVOKE to the records they mean."""

from __future__ import annotations

from runner.sandbox import access, resolve, shared_roles, shares
from runner.sandbox.catalog.alerts import Alert
from runner.sandbox.catalog.derived import ResourceMonitor, Tag
from runner.sandbox.catalog.files import FileFormat, Integration, Pipe, Stage
from runner.sandbox.catalog.login_policies import LOGIN_POLICIES
from runner.sandbox.catalog.model import (
    Database,
    NetworkPolicy,
    Policy,
    Record,
    Role,
    Routine,
    Schema,
    SchemaObject,
    Sequence,
    Share,
    Table,
    User,
    View,
    Warehouse,
)
from runner.sandbox.catalog.networks import NetworkRule
from runner.sandbox.catalog.replication import ReplicationGroup
from runner.sandbox.catalog.streams import Stream
from runner.sandbox.catalog.tasks import Task
from runner.sandbox.context import Context
from runner.sandbox.errors import does_not_exist, no_current_database
from runner.sandbox.law import grammar
from runner.sandbox.law.grammar import Many, One
from runner.sandbox.rights import Grantee

_ACCOUNT_KINDS: dict[str, type[Record]] = {
    "INTEGRATION": Integration,
    "NETWORK_POLICY": NetworkPolicy,
    "FAILOVER_GROUP": ReplicationGroup,
    "REPLICATION_GROUP": ReplicationGroup,
    "RESOURCE_MONITOR": ResourceMonitor,
    "SHARE": Share,
    "USER": User,
    "WAREHOUSE": Warehouse,
}
_RELATIONS: dict[str, type[SchemaObject]] = {"TABLE": Table, "VIEW": View}
_SCHEMA_KINDS: dict[str, type[SchemaObject]] = {
    "SEQUENCE": Sequence,
    "MASKING_POLICY": Policy,
    "ROW_ACCESS_POLICY": Policy,
    "PROJECTION_POLICY": Policy,
    "AGGREGATION_POLICY": Policy,
    "JOIN_POLICY": Policy,
    **{kind.kind: kind for kind in LOGIN_POLICIES.values()},
    "STAGE": Stage,
    "FILE_FORMAT": FileFormat,
    "PIPE": Pipe,
    "TASK": Task,
    "TAG": Tag,
    "ALERT": Alert,
    "NETWORK_RULE": NetworkRule,
    "MATERIALIZED_VIEW": View,
    "STREAM": Stream,
    "DYNAMIC_TABLE": Table,
    "EVENT_TABLE": Table,
    "EXTERNAL_TABLE": Table,
}


def grantee(context: Context, written: grammar.Grantee) -> Grantee:
    """Who gets it, as grants carry it; must exist."""
    match written.kind:
        case "ROLE" | "DATABASE_ROLE":
            found = _own_role(context, written.name, database_role=written.kind == "DATABASE_ROLE")
            return (written.kind, access.role_name(context.catalog, found))
        case "USER":
            return ("USER", account_record(context, "USER", written.name[-1]).name)
        case _:
            return ("SHARE", account_record(context, "SHARE", written.name[-1]).name)


def role(context: Context, name: tuple[str, ...], *, database_role: bool) -> Role:
    """The role under the name, or 002003."""
    database = _role_database(context, name) if database_role else None
    number = database.id if database else None
    roles = context.catalog.all(Role, context.session.account)
    roles += shared_roles.roles_of(context.catalog, database) if database else []
    found = next((r for r in roles if r.name == name[-1] and r.database_id == number), None)
    if found is None or not access.visible(context.catalog, context.session, found):
        raise does_not_exist("Database role" if database_role else "Role", ".".join(name))
    return found


def _own_role(context: Context, name: tuple[str, ...], *, database_role: bool) -> Role:
    """A role that takes grants: not one that comes from a share."""
    found = role(context, name, database_role=database_role)
    if shared_roles.is_imported(found):
        resolve.refuse_imported(_role_database(context, name), "GRANT")
    return found


def _role_database(context: Context, name: tuple[str, ...]) -> Database:
    if len(name) == 1 and context.session.database is None:
        raise no_current_database("GRANT")
    return context.database(name[:-1])


def account_record(context: Context, kind: str, name: str) -> Record:
    """A user, warehouse, network policy or share of the account, or 002003."""
    found = context.catalog.find(_ACCOUNT_KINDS[kind], context.session.account, name)
    if found is None or not access.visible(context.catalog, context.session, found):
        raise does_not_exist(kind.replace("_", " ").capitalize(), name)
    return found


def record(context: Context, target: One) -> Record:
    """What a single ON names, or 002003. A TABLE may name a view and a VIEW a table, as in Snowflake."""
    match target.kind:
        case "DATABASE":
            return context.database(target.name)
        case "SCHEMA":
            return own_schema(context, target.name)
        case "ROLE" | "DATABASE_ROLE":
            return _own_role(context, target.name, database_role=target.kind == "DATABASE_ROLE")
        case "PROCEDURE" | "FUNCTION":
            return _routine(context, target)
        case "TABLE" | "VIEW":
            return _relation(context, target)
        case kind if kind in _SCHEMA_KINDS:
            return _schema_object(context, target)
        case _:
            return account_record(context, target.kind, target.name[-1])


def own_schema(context: Context, name: tuple[str, ...]) -> Schema:
    """A schema of the session's own account; one that comes from a share takes no grants."""
    found = context.schema(name)
    if found.account != context.session.account:
        resolve.refuse_imported(context.database(name[:-1]), "GRANT")
    return found


def _own(context: Context, found: Record | None, target: One) -> Record:
    if found is None:
        kind = target.kind.replace("_", " ").capitalize()
        raise resolve.missing(context.catalog, context.session, kind, target.name)
    if found.account != context.session.account:
        resolve.refuse_imported(context.database(target.name[:1]), "GRANT")
    return found


def _relation(context: Context, target: One) -> Record:
    first = _RELATIONS[target.kind]
    second = View if first is Table else Table
    return _own(context, context.find(first, target.name) or context.find(second, target.name), target)


def _schema_object(context: Context, target: One) -> Record:
    found = context.find(_SCHEMA_KINDS[target.kind], target.name)
    fits = found is not None and access.object_kind(found) == target.kind
    return _own(context, found if fits else None, target)


def _routine(context: Context, target: One) -> Record:
    named = resolve.routines(context.catalog, context.session, target.name, target.kind)
    found = next((r for r in named if tuple(a.type.name for a in r.arguments) == target.signature), None)
    if found is None:
        shown = resolve.display(context.catalog, context.session, target.name)
        raise does_not_exist(target.kind.capitalize(), f"{shown}({', '.join(target.signature)})")
    return _own(context, found, target)


def place(context: Context, many: Many) -> Database | Schema:
    """The schema or database that ALL and FUTURE look into."""
    if many.in_kind == "SCHEMA":
        return own_schema(context, many.in_name)
    found = context.database(many.in_name)
    if shares.is_imported(found):
        resolve.refuse_imported(found, "GRANT")
    return found


def records(context: Context, many: Many, where: Database | Schema) -> list[Record]:
    """What ALL means now, as far as the session sees it, in name order. Temporary tables are nobody else's business."""
    schemas = context.catalog.schemas(where) if isinstance(where, Database) else [where]
    inside: list[Record] = list(schemas) if many.kind == "SCHEMA" else _objects(context, schemas)
    found = [
        r
        for r in inside
        if access.object_kind(r) == many.kind and (not isinstance(r, SchemaObject) or r.session_id is None)
    ]
    visible = [r for r in found if access.visible(context.catalog, context.session, r)]
    return sorted(visible, key=context.catalog.full_name)


def _objects(context: Context, schemas: list[Schema]) -> list[Record]:
    kinds: set[type[SchemaObject]] = {Table, View, Routine, *_SCHEMA_KINDS.values()}
    return [o for schema in schemas for kind in kinds for o in context.catalog.objects(schema, kind)]
