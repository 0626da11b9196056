"""Views of usage over the catalogue and the history: storage of tables, policies, sessions, privileges.

Sources: sql-reference/account-usage/table_storage_metrics, masking_policies, row_access_policies, sessions,
replication_groups, shares;
sql-reference/info-schema/table_storage_metrics, event_tables, usage_privileges.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

from runner.sandbox import access, shares
from runner.sandbox.catalog.model import Database, Policy, Share, Table
from runner.sandbox.catalog.replication import ReplicationGroup
from runner.sandbox.context import Context
from runner.sandbox.law.policies import shown_return, shown_signature
from runner.sandbox.show import facts
from runner.sandbox.show.columns import target_key
from runner.sandbox.show.inventory import Inventory, Item
from runner.sandbox.show.shape import Row, yes_no
from runner.sandbox.show.sizes import kept_bytes
from runner.sandbox.show.tables import role_type
from runner.sandbox.visits import Visit

SESSIONS = (
    "SESSION_ID number, CREATED_ON time, USER_NAME, AUTHENTICATION_METHOD, LOGIN_EVENT_ID number, "
    "CLIENT_APPLICATION_VERSION, CLIENT_APPLICATION_ID, CLIENT_ENVIRONMENT, CLIENT_BUILD_ID, CLIENT_VERSION, "
    "CLOSED_REASON"
)
_POLICY = (
    "POLICY_SCHEMA_ID number, POLICY_SCHEMA, POLICY_CATALOG_ID number, POLICY_CATALOG, POLICY_OWNER, POLICY_SIGNATURE, "
    "POLICY_RETURN_TYPE, POLICY_BODY, POLICY_COMMENT, CREATED time, LAST_ALTERED time, DELETED time, OWNER_ROLE_TYPE"
)
CONSTRAINTS = f"POLICY_NAME, POLICY_ID number, {_POLICY}"
"""PROJECTION_POLICIES and AGGREGATION_POLICIES."""
JOIN_POLICIES = f"POLICY_ID number, POLICY_NAME, {_POLICY}"
POLICIES = f"{CONSTRAINTS}, OPTIONS variant"
_BYTES = "ACTIVE_BYTES number, TIME_TRAVEL_BYTES number, FAILSAFE_BYTES number, RETAINED_FOR_CLONE_BYTES number"
STORAGE = (
    "ID number, TABLE_NAME, TABLE_SCHEMA_ID number, TABLE_SCHEMA, TABLE_CATALOG_ID number, TABLE_CATALOG, "
    f"CLONE_GROUP_ID number, IS_TRANSIENT, {_BYTES}, DELETED boolean, TABLE_CREATED time, TABLE_DROPPED time, "
    "TABLE_ENTERED_FAILSAFE time, SCHEMA_CREATED time, SCHEMA_DROPPED time, CATALOG_CREATED time, "
    "CATALOG_DROPPED time, COMMENT, INSTANCE_ID number"
)
INFO_STORAGE = (
    "TABLE_CATALOG, TABLE_SCHEMA, TABLE_NAME, ID number, CLONE_GROUP_ID number, IS_TRANSIENT, "
    f"{_BYTES}, TABLE_CREATED time, TABLE_DROPPED time, TABLE_ENTERED_FAILSAFE time, CATALOG_CREATED time, "
    "CATALOG_DROPPED time, SCHEMA_CREATED time, SCHEMA_DROPPED time, COMMENT"
)
GROUPS = (
    "CREATED time, DELETED time, NAME, TYPE, COMMENT, OBJECT_TYPES, ALLOWED_INTEGRATION_TYPES, REPLICATION_SCHEDULE, "
    "OWNER, IS_LISTING_AUTO_FULFILLMENT_GROUP boolean, ERROR_INTEGRATION"
)
SHARES = (
    "CREATED_ON time, MODIFIED_ON time, DELETED_ON time, NAME, OWNER, COMMENT, DATABASE_NAME, "
    "SECURE_OBJECTS_ONLY boolean, TARGET_ACCOUNTS, LISTING_GLOBAL_NAME"
)
INFO_EVENT_TABLES = "TABLE_CATALOG, TABLE_SCHEMA, TABLE_NAME, TABLE_OWNER, CREATED time, LAST_ALTERED time, COMMENT"


def sessions(context: Context) -> Iterator[Row]:
    """One row for each session that a client opened."""
    return map(_session, context.engine.history.visits(context.session.account))


def _session(visit: Visit) -> Row:
    name, _, version = visit.client.partition(" ")
    return {
        "SESSION_ID": visit.session_id,
        "CREATED_ON": visit.at,
        "USER_NAME": visit.user,
        "AUTHENTICATION_METHOD": visit.factor,
        "LOGIN_EVENT_ID": visit.login_id,
        "CLIENT_APPLICATION_VERSION": version or None,
        "CLIENT_APPLICATION_ID": f"{name} {version}".strip() or None,
        "CLIENT_ENVIRONMENT": visit.environment or "{}",
        "CLOSED_REASON": visit.closed,
    }


def policies(items: Iterable[Item[Policy]], kind: str) -> Iterator[Row]:
    """Policies of one kind, dropped ones too."""
    for item in items:
        policy = item.record
        if policy.policy == kind:
            yield {
                "POLICY_NAME": policy.name,
                "POLICY_ID": policy.id,
                "POLICY_SCHEMA_ID": item.schema.id,
                "POLICY_SCHEMA": item.schema.name,
                "POLICY_CATALOG_ID": item.database.id,
                "POLICY_CATALOG": item.database.name,
                "POLICY_OWNER": item.owner,
                "POLICY_SIGNATURE": shown_signature(policy),
                "POLICY_RETURN_TYPE": shown_return(policy),
                "POLICY_BODY": policy.body,
                "POLICY_COMMENT": policy.comment,
                "CREATED": policy.created_at,
                "LAST_ALTERED": policy.altered_at or policy.created_at,
                "DELETED": policy.dropped_at,
                "OWNER_ROLE_TYPE": role_type(policy.owner) if policy.dropped_at is None else None,
                "OPTIONS": json.dumps({"EXEMPT_OTHER_POLICIES": "TRUE"}) if policy.exempt else None,
            }


def groups(every: Iterable[ReplicationGroup]) -> Iterator[Row]:
    """ACCOUNT_USAGE.REPLICATION_GROUPS: the account's own groups that are there now."""
    for group in every:
        yield {
            "CREATED": group.created_at,
            "DELETED": None,
            "NAME": group.name,
            "TYPE": "FAILOVER" if group.failover else "REPLICATION",
            "COMMENT": group.comment,
            "OBJECT_TYPES": ", ".join(group.types),
            "ALLOWED_INTEGRATION_TYPES": "",
            "REPLICATION_SCHEDULE": group.schedule,
            "OWNER": group.owner,
            "IS_LISTING_AUTO_FULFILLMENT_GROUP": False,
            "ERROR_INTEGRATION": None,
        }


def outbound(context: Context) -> Iterator[Row]:
    """ACCOUNT_USAGE.SHARES: the account's own shares that are there now."""
    catalog = context.catalog
    for share in catalog.all(Share, context.session.account):
        database = shares.shared_database(catalog, share)
        yield {
            "CREATED_ON": share.created_at,
            "MODIFIED_ON": share.altered_at or share.created_at,
            "NAME": share.name,
            "OWNER": share.owner,
            "COMMENT": share.comment,
            "DATABASE_NAME": database.name if database else "",
            "SECURE_OBJECTS_ONLY": share.secure_objects_only,
            "TARGET_ACCOUNTS": ", ".join(shares.qualified(catalog, name) for name in share.accounts),
        }


def foreign_keys(items: list[Item[Table]]) -> Iterator[Row]:
    """Foreign keys, those of dropped tables too; what one points to is looked for among the tables that are there."""
    alive = (i for i in items if not (i.record.dropped_at or i.schema.dropped_at or i.database.dropped_at))
    there = {item.path: item for item in alive}
    for item in items:
        for key in (each for each in item.record.constraints if each.type == "FOREIGN KEY"):
            found = there.get(key.references) if key.references else None
            yield facts.foreign_key(item, key, (found, target_key(found.record, key)) if found else None) | {
                "CONSTRAINT_SCHEMA_ID": item.schema.id,
                "CONSTRAINT_CATALOG_ID": item.database.id,
                "UNIQUE_CONSTRAINT_SCHEMA_ID": found.schema.id if found else None,
                "UNIQUE_CONSTRAINT_CATALOG_ID": found.database.id if found else None,
            }


def storage(context: Context, items: Iterable[Item[Table]]) -> Iterator[Row]:
    """What each table takes: its rows, and those that Time Travel keeps."""
    for item in items:
        if item.record.external is None and item.record.session_id is None:
            yield _stored(context, item)


def _stored(context: Context, item: Item[Table]) -> Row:
    table, gone = item.record, item.record.dropped_at is not None
    now, before = kept_bytes(context, table)
    return {
        "ID": table.id,
        "TABLE_NAME": table.name,
        "TABLE_SCHEMA_ID": item.schema.id,
        "TABLE_SCHEMA": item.schema.name,
        "TABLE_CATALOG_ID": item.database.id,
        "TABLE_CATALOG": item.database.name,
        "CLONE_GROUP_ID": table.id,
        "IS_TRANSIENT": yes_no(table.table_type != "PERMANENT"),
        "ACTIVE_BYTES": 0 if gone else now,
        "TIME_TRAVEL_BYTES": before + (now if gone else 0),
        "FAILSAFE_BYTES": 0,
        "RETAINED_FOR_CLONE_BYTES": 0,
        "DELETED": gone,
        "TABLE_CREATED": table.created_at,
        "TABLE_DROPPED": table.dropped_at,
        "SCHEMA_CREATED": item.schema.created_at,
        "SCHEMA_DROPPED": item.schema.dropped_at,
        "CATALOG_CREATED": item.database.created_at,
        "CATALOG_DROPPED": item.database.dropped_at,
        "COMMENT": table.comment,
    }


def info_storage(context: Context, database: Database) -> Iterator[Row]:
    """Rows for ACCOUNTADMIN; others may ask and see none."""
    if "ACCOUNTADMIN" not in access.active_roles(context.catalog, context.session):
        return iter(())
    return storage(context, Inventory(context.catalog, context.session, dropped=True).all(Table, database))


def event_tables(context: Context, database: Database) -> Iterator[Row]:
    for item in Inventory(context.catalog, context.session).all(Table, database):
        if item.record.event:
            yield {
                "TABLE_CATALOG": item.database.name,
                "TABLE_SCHEMA": item.schema.name,
                "TABLE_NAME": item.record.name,
                "TABLE_OWNER": item.owner,
                "CREATED": item.record.created_at,
                "LAST_ALTERED": item.record.altered_at or item.record.created_at,
                "COMMENT": item.record.comment,
            }
