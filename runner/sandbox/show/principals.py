"""SHOW ROLES, DATABASE ROLES, USERS, tokens of users, WAREHOUSES, NETWORK POLICIES, SHARES.

Sources: sql-reference/sql/show-roles, show-database-roles, show-users, show-user-programmatic-access-tokens,
show-warehouses, show-network-policies, show-shares.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from math import ceil

from runner.sandbox import access, shared_roles, shares, warehouses
from runner.sandbox.catalog.model import NetworkPolicy, Role, RoleGrant, Token, User, Warehouse
from runner.sandbox.catalog.store import utc_now
from runner.sandbox.context import Context
from runner.sandbox.law.login_policies import usual_secondary_roles
from runner.sandbox.show.listing import Listing, scope_database
from runner.sandbox.show.request import Request
from runner.sandbox.show.shape import Row, true, yes
from runner.sandbox.show.tables import role_type


def _count(grants: list[RoleGrant], *, role: str | None = None, to: tuple[str, str] | None = None) -> int:
    return sum((role is None or g.role == role) and (to is None or (g.to_kind, g.to_name) == to) for g in grants)


def _granted_to(grants: list[RoleGrant], role: str, kind: str) -> int:
    return sum(grant.role == role and grant.to_kind == kind for grant in grants)


def _roles(context: Context, _: Request) -> Iterator[Row]:
    session = context.session
    grants = context.catalog.role_grants(session.account)
    active = access.active_roles(context.catalog, session)
    user = context.catalog.find(User, session.account, session.user)
    for role in sorted(context.catalog.all(Role, session.account), key=lambda each: each.name):
        if role.database_id is None:
            yield {
                "created_on": role.created_at,
                "name": role.name,
                "is_default": yes(user and user.default_role == role.name),
                "is_current": yes(role.name == session.role),
                "is_inherited": yes(role.name in active and role.name != session.role),
                "assigned_to_users": _granted_to(grants, role.name, "USER"),
                "granted_to_roles": _granted_to(grants, role.name, "ROLE"),
                "granted_roles": _count(grants, to=("ROLE", role.name)),
                "owner": role.owner,
                "comment": role.comment or "",
            }


def _database_roles(context: Context, request: Request) -> Iterator[Row]:
    session = context.session
    database = scope_database(context, request.name)
    grants = context.catalog.role_grants(session.account)
    active = access.active_roles(context.catalog, session)
    known = [*context.catalog.all(Role, session.account), *shared_roles.roles_of(context.catalog, database)]
    for role in sorted(known, key=lambda each: each.name):
        if role.database_id == database.id:
            owner = "" if shared_roles.is_imported(role) else role.owner
            name = access.role_name(context.catalog, role)
            yield {
                "created_on": role.created_at,
                "name": role.name,
                "is_default": "N",
                "is_current": "N",
                "is_inherited": yes(name in active),
                "granted_to_roles": _granted_to(grants, name, "ROLE"),
                "granted_to_database_roles": _granted_to(grants, name, "DATABASE_ROLE"),
                "granted_database_roles": _count(grants, to=("DATABASE_ROLE", name)),
                "owner": owner,
                "comment": role.comment or "",
                "owner_role_type": role_type(owner) if owner else "",
            }


def user_facts(user: User) -> dict[str, object]:
    """What of a user anybody who may see it sees; secrets only as whether they are there."""
    return {
        "name": user.name,
        "created_on": user.created_at,
        "login_name": user.login_name or user.name,
        "display_name": user.names.get("DISPLAY_NAME", user.name),
        "first_name": user.names.get("FIRST_NAME", ""),
        "last_name": user.names.get("LAST_NAME", ""),
        "email": user.email or "",
        "comment": user.comment or "",
        "disabled": true(user.disabled),
        "must_change_password": "false",
        "snowflake_lock": "false",
        "default_warehouse": user.default_warehouse or "",
        "default_namespace": user.default_namespace or "",
        "default_role": user.default_role or "",
        "default_secondary_roles": json.dumps(usual_secondary_roles(user)),
        "owner": user.owner,
        "has_password": true(user.password_sha256),
        "has_rsa_public_key": true(user.rsa_public_key or user.rsa_public_key_2),
        "type": user.type,
        "has_mfa": "false",
        "has_pat": true(user.tokens),
        "has_federated_workload_authentication": "false",
    }


def _users(context: Context, _: Request) -> Iterator[Row]:
    catalog, session = context.catalog, context.session
    last = {login.user: login.at for login in reversed(context.engine.history.logins(session.account)) if login.success}
    for user in sorted(catalog.all(User, session.account), key=lambda each: each.name):
        if access.visible(catalog, session, user):
            yield user_facts(user) | {"last_success_login": last.get(user.name)}


def status(token: Token) -> str:
    if token.disabled:
        return "DISABLED"
    return "EXPIRED" if token.expires_at <= utc_now() else "ACTIVE"


def tokens_of(user: User) -> Iterator[Row]:
    """The tokens of a user, never their secrets."""
    for token in sorted(user.tokens, key=lambda each: each.name):
        yield {
            "name": token.name,
            "user_name": user.name,
            "role_restriction": token.role_restriction,
            "expires_at": token.expires_at,
            "status": status(token),
            "comment": token.comment,
            "created_on": token.created_at,
            "created_by": token.created_by or user.owner,
            "mins_to_bypass_network_policy_requirement": bypass(token),
            "rotated_to": token.rotated_to,
        }


def bypass(token: Token) -> int | None:
    """The minutes that are left of what was given, None where there are none."""
    left = (token.bypass_until - utc_now()).total_seconds() if token.bypass_until else 0
    return ceil(left / 60) if left > 0 else None


def _warehouses(context: Context, _: Request) -> Iterator[Row]:
    catalog, session = context.catalog, context.session
    user = catalog.find(User, session.account, session.user)
    for warehouse in sorted(catalog.all(Warehouse, session.account), key=lambda each: each.name):
        if access.visible(catalog, session, warehouse):
            state = warehouses.state(context.engine, warehouse)
            yield {
                "name": warehouse.name,
                "state": state,
                "type": warehouse.type,
                "size": warehouse.size,
                "min_cluster_count": warehouse.min_clusters,
                "max_cluster_count": warehouse.max_clusters,
                "started_clusters": warehouse.min_clusters if state == "STARTED" else 0,
                "running": warehouses.at_work(context.engine, warehouse, context.query_id),
                "queued": 0,
                "is_default": yes(user and user.default_warehouse == warehouse.name),
                "is_current": yes(warehouse.name == session.warehouse),
                "auto_suspend": warehouse.auto_suspend,
                "auto_resume": true(warehouse.auto_resume),
                "created_on": warehouse.created_at,
                "resumed_on": warehouses.resumed_at(context.engine, warehouse),
                "updated_on": warehouse.altered_at or warehouse.created_at,
                "owner": warehouse.owner,
                "comment": warehouse.comment or "",
                "enable_query_acceleration": warehouse.properties.get("ENABLE_QUERY_ACCELERATION", "false"),
                "query_acceleration_max_scale_factor": int(
                    warehouse.properties.get("QUERY_ACCELERATION_MAX_SCALE_FACTOR", 8)
                ),
                "resource_monitor": warehouse.resource_monitor or "null",
                "resource_constraint": warehouse.properties.get("RESOURCE_CONSTRAINT"),
                "generation": warehouse.properties.get("GENERATION", "1") if warehouse.type == "STANDARD" else None,
                "scaling_policy": warehouse.scaling_policy,
                "owner_role_type": role_type(warehouse.owner),
            }


def _network_policies(context: Context, _: Request) -> Iterator[Row]:
    catalog, session = context.catalog, context.session
    for policy in sorted(catalog.all(NetworkPolicy, session.account), key=lambda each: each.name):
        if access.visible(catalog, session, policy):
            yield {
                "created_on": policy.created_at,
                "name": policy.name,
                "comment": policy.comment or "",
                "entries_in_allowed_ip_list": len(policy.allowed),
                "entries_in_blocked_ip_list": len(policy.blocked),
                "entries_in_allowed_network_rules": len(policy.allowed_rules),
                "entries_in_blocked_network_rules": len(policy.blocked_rules),
            }


def _shares(context: Context, _: Request) -> Iterator[Row]:
    for share in sorted(shares.listed(context.catalog, context.session), key=lambda each: (each.kind, each.name)):
        own = {"listing_global_name": "", "secure_objects_only": true(share.secure_objects_only)}
        yield asdict(share) | own


SHARES = (
    "created_on time, kind, owner_account, name, database_name, to, owner, comment, listing_global_name, "
    "secure_objects_only"
)
TOKENS = (
    "name, user_name, role_restriction, expires_at time, status, comment, created_on time, created_by, "
    "mins_to_bypass_network_policy_requirement number, rotated_to"
)
USERS = (
    "name, created_on time, login_name, display_name, first_name, last_name, email, mins_to_unlock, days_to_expiry, "
    "comment, disabled, must_change_password, snowflake_lock, default_warehouse, default_namespace, default_role, "
    "default_secondary_roles, ext_authn_duo, ext_authn_uid, mins_to_bypass_mfa, owner, last_success_login time, "
    "expires_at_time time, locked_until_time time, has_password, has_rsa_public_key, type, has_mfa, has_pat, "
    "has_federated_workload_authentication"
)
LISTINGS: dict[tuple[str, ...], Listing] = {
    ("ROLES",): Listing(
        "created_on time, name, is_default, is_current, is_inherited, assigned_to_users number, "
        "granted_to_roles number, granted_roles number, owner, comment",
        _roles,
        scoped=False,
        terse="created_on time, name, kind, database_name, schema_name",
    ),
    ("DATABASE", "ROLES"): Listing(
        "created_on time, name, is_default, is_current, is_inherited, granted_to_roles number, "
        "granted_to_database_roles number, granted_database_roles number, owner, comment, owner_role_type",
        _database_roles,
    ),
    ("USERS",): Listing(
        USERS,
        _users,
        scoped=False,
        terse="name, created_on time, display_name, first_name, last_name, email, comment, has_password, "
        "has_rsa_public_key, type, has_mfa, has_pat, has_federated_workload_authentication",
    ),
    ("WAREHOUSES",): Listing(
        "name, state, type, size, min_cluster_count number, max_cluster_count number, started_clusters number, "
        "running number, queued number, is_default, is_current, auto_suspend number, auto_resume, available, "
        "provisioning, quiescing, other, created_on time, resumed_on time, updated_on time, owner, comment, "
        "enable_query_acceleration, query_acceleration_max_scale_factor number, resource_monitor, actives number, "
        "pendings number, failed number, suspended number, uuid, scaling_policy, budget, owner_role_type, "
        "resource_constraint, warehouse_credit_limit number, target_statement_size, disabled_reasons, generation",
        _warehouses,
        scoped=False,
        differs="to resume takes no time, so no state but STARTED and SUSPENDED is seen; "
        "nothing queues: `queued` is 0; the shares of compute are NULL",
    ),
    ("NETWORK", "POLICIES"): Listing(
        "created_on time, name, comment, entries_in_allowed_ip_list number, entries_in_blocked_ip_list number, "
        "entries_in_allowed_network_rules number, entries_in_blocked_network_rules number",
        _network_policies,
        scoped=False,
    ),
    ("SHARES",): Listing(SHARES, _shares, scoped=False),
}
