"""Who may do what: the one place where a session's roles meet the catalogue's grants.

What one may not see does not exist (002003); what one sees but may not do is 003001. To reach an object takes at least
one privilege on its database and one on its schema (user-guide/security-access-control-privileges).
"""

from __future__ import annotations

from typing import Protocol

from runner.sandbox import errors, shared_roles
from runner.sandbox.catalog.derived import Tag
from runner.sandbox.catalog.dynamic import Dynamic
from runner.sandbox.catalog.external import External
from runner.sandbox.catalog.login_policies import LoginPolicy
from runner.sandbox.catalog.model import (
    Database,
    FutureGrant,
    Grant,
    NetworkPolicy,
    Policy,
    Record,
    Role,
    Routine,
    Schema,
    SchemaObject,
    Share,
    Table,
    User,
    View,
    Warehouse,
)
from runner.sandbox.catalog.replication import ReplicationGroup
from runner.sandbox.catalog.store import Catalog, Work, utc_now
from runner.sandbox.classes import dataclass
from runner.sandbox.rights import ACCOUNT_ID, Grantee, Rights, grantee_of, rights

_KINDS_OF_POLICIES = ("MASKING", "ROW ACCESS", "PROJECTION", "AGGREGATION", "JOIN")
_WAREHOUSE_RIGHTS = frozenset({"MODIFY", "MONITOR", "OPERATE"})


class Asker(Protocol):
    """What of a session the law looks at."""

    @property
    def account(self) -> str: ...
    @property
    def user(self) -> str: ...
    @property
    def effective_role(self) -> str | None: ...
    @property
    def secondary_roles(self) -> str | tuple[str, ...]: ...
    @property
    def restricted_role(self) -> str | None: ...
    @property
    def owner_rights(self) -> list[tuple[str, int]]: ...


@dataclass(frozen=True, slots=True)
class _Primary:
    """A session with its primary role alone."""

    account: str
    user: str
    effective_role: str | None
    restricted_role: str | None
    owner_rights: list[tuple[str, int]]
    secondary_roles: str | tuple[str, ...] = "NONE"


def _for(session: Asker, privilege: str) -> Asker:
    """Who asks: to create takes the primary role, to do anything else any active one
    (user-guide/security-access-control-overview, Enforcement model).
    """
    if not (privilege.startswith("CREATE ") and _secondary(session)):
        return session
    return _Primary(
        session.account, session.user, session.effective_role, session.restricted_role, session.owner_rights
    )


def active_roles(catalog: Catalog, session: Asker) -> frozenset[str]:
    """The effective role and all it inherits, database roles as `DB.ROLE`, PUBLIC always; secondary roles when on."""
    known, role = rights(catalog, session.account), grantee_of(session.effective_role or "PUBLIC")
    if not _secondary(session):
        return known.roles(role)
    if session.secondary_roles == "ALL":
        return known.both(role, ("USER", session.user))
    return known.roles(role).union(*(known.roles(("ROLE", name)) for name in _listed(known, session)))


def available_roles(catalog: Catalog, account: str, user: str) -> frozenset[str]:
    """The account roles that the user may take with USE ROLE: granted, or inherited by one that is."""
    return frozenset(r for r in rights(catalog, account).roles(("USER", user)) if "." not in r)


def secondary_roles(catalog: Catalog, session: Asker) -> frozenset[str] | None:
    """The roles granted to the user that are active beside the primary one; None where there are none to be active."""
    if not _secondary(session):
        return None
    known = rights(catalog, session.account)
    given = known.granted(("USER", session.user)) if session.secondary_roles == "ALL" else _listed(known, session)
    return given - {session.effective_role or ""}


def _listed(known: Rights, session: Asker) -> frozenset[str]:
    """The secondary roles that were asked for by name, as far as they are still the user's."""
    return known.roles(("USER", session.user)) & frozenset(session.secondary_roles)


def _secondary(session: Asker) -> bool:
    return session.secondary_roles != "NONE" and session.restricted_role is None and not session.owner_rights


def _user(session: Asker) -> str | None:
    """Whose own privileges count: those of users, with all secondary roles (sql-reference/sql/use-secondary-roles)."""
    return session.user if _secondary(session) and session.secondary_roles == "ALL" else None


def _grantees(catalog: Catalog, session: Asker) -> frozenset[Grantee]:
    return rights(catalog, session.account).grantees(active_roles(catalog, session), _user(session))


def held(catalog: Catalog, session: Asker, record: Record) -> frozenset[str]:
    """The privileges on the record that count for the session, by grant or by ownership (then with OWNERSHIP)."""
    if record.account != session.account:
        return _held_through_shares(catalog, session, record)
    law, roles = rights(catalog, session.account), active_roles(catalog, session)
    grantees = law.grantees(roles, _user(session))
    known = law.privileges(record.id, grantees)
    if isinstance(record, Database) and shared_roles.behind(catalog, record, roles):
        known |= {"USAGE"}
    if record.owner in roles:
        known |= {"OWNERSHIP"}
    if isinstance(record, Warehouse) and has_account(catalog, session, "MANAGE WAREHOUSES"):
        known |= _WAREHOUSE_RIGHTS
    if isinstance(record, Policy | LoginPolicy) and has_account(catalog, session, f"APPLY {record.policy}"):
        known |= {"APPLY"}
    if isinstance(record, Tag) and has_account(catalog, session, "APPLY TAG"):
        known |= {"APPLY"}
    return known


def _held_through_shares(catalog: Catalog, session: Asker, record: Record) -> frozenset[str]:
    """On a producer's record: what its share grants, when the session has the privileges of a database made from that
    share, and what the share's database roles hold that are the session's.
    """
    found: set[str] = set()
    for database in catalog.all(Database, session.account):
        if database.origin_account == record.account:
            through = shared_roles.behind(catalog, database, active_roles(catalog, session))
            if {"IMPORTED PRIVILEGES", "OWNERSHIP"} & held(catalog, session, database):
                through |= {("SHARE", database.origin_share or "")}
            found |= rights(catalog, record.account).privileges(record.id, through)
    return frozenset(found)


def has(catalog: Catalog, session: Asker, privilege: str, record: Record) -> bool:
    """Whether the session holds the privilege on the record; OWNERSHIP holds every one. Reach is not asked here."""
    privileges = held(catalog, _for(session, privilege), record)
    if privilege in privileges or "OWNERSHIP" in privileges:
        return True
    imported = isinstance(record, Database) and record.origin_share is not None
    return imported and privilege == "USAGE" and "IMPORTED PRIVILEGES" in privileges


def account_privileges(catalog: Catalog, session: Asker) -> frozenset[str]:
    """The global privileges that the session holds by a grant."""
    return rights(catalog, session.account).privileges(ACCOUNT_ID, _grantees(catalog, session))


def has_account(catalog: Catalog, session: Asker, privilege: str) -> bool:
    """Whether the session holds the global privilege; ACCOUNTADMIN holds every one."""
    session = _for(session, privilege)
    if "ACCOUNTADMIN" in active_roles(catalog, session):
        return True
    return privilege in account_privileges(catalog, session)


def visible(catalog: Catalog, session: Asker, record: Record) -> bool:
    """Whether the record exists for the session: any privilege on it and on what holds it, or MANAGE GRANTS."""
    match record:
        case SchemaObject():
            return _known(catalog, session, record) and visible(catalog, session, catalog.record(record.schema_id))
        case Schema():
            foreign = record.account != session.account
            holder = catalog.record(record.database_id)
            return _known(catalog, session, record) and (foreign or visible(catalog, session, holder))
        case Role(database_id=int() as database_id):
            return visible(catalog, session, catalog.record(database_id))
        case Role():
            return record.account == session.account
        case User() if record.name == session.user and record.account == session.account:
            return True
        case Share():
            return _sees_share(catalog, session, record)
        case _:
            return _known(catalog, session, record)


def _known(catalog: Catalog, session: Asker, record: Record) -> bool:
    if held(catalog, session, record) or _in_own_managed_schema(catalog, session, record):
        return True
    if isinstance(record, Table | View) and record.account == session.account and _governs(catalog, session):
        return True
    return record.account == session.account and has_account(catalog, session, "MANAGE GRANTS")


def _governs(catalog: Catalog, session: Asker) -> bool:
    """Who may apply policies everywhere sees every table and view (security-access-control-privileges)."""
    return any(has_account(catalog, session, f"APPLY {kind} POLICY") for kind in _KINDS_OF_POLICIES)


def _in_own_managed_schema(catalog: Catalog, session: Asker, record: Record) -> bool:
    """Who owns a managed access schema grants on all that is in it, whoever owns that."""
    schema = catalog.record(record.schema_id) if isinstance(record, SchemaObject) else None
    return isinstance(schema, Schema) and schema.managed_access and schema.owner in active_roles(catalog, session)


def _sees_share(catalog: Catalog, session: Asker, share: Share) -> bool:
    if share.account != session.account:
        return session.account in share.accounts and (
            has_account(catalog, session, "IMPORT SHARE") or has_account(catalog, session, "CREATE SHARE")
        )
    return _known(catalog, session, share) or has_account(catalog, session, "CREATE SHARE")


def reachable(catalog: Catalog, session: Asker, record: Record) -> bool:
    """Whether the session has a privilege on all that holds the record; MANAGE GRANTS sees but does not reach."""
    match record:
        case SchemaObject():
            schema = catalog.record(record.schema_id)
            return bool(held(catalog, session, schema)) and reachable(catalog, session, schema)
        case Schema():
            database = catalog.record(record.database_id)
            return record.account != session.account or bool(held(catalog, session, database))
        case _:
            return True


def require(catalog: Catalog, session: Asker, privilege: str, record: Record) -> None:
    """Passes when the session holds the privilege and reaches the record; 003001 when it sees it, 002003 when not."""
    if has(catalog, session, privilege, record) and reachable(catalog, session, record):
        return
    if not visible(catalog, session, record):
        raise errors.does_not_exist(label(record).capitalize(), display_name(catalog, record))
    raise errors.insufficient_privileges(label(record), record.name)


def require_known(catalog: Catalog, session: Asker, record: Table | View) -> None:
    """Passes with any privilege on a table or view, or the right to apply policies: to see it for the sake of its
    grants alone shows no columns (sql-reference/sql/desc-table).
    """
    if not held(catalog, session, record) and not _governs(catalog, session):
        raise errors.insufficient_privileges(label(record), record.name)


def require_any(catalog: Catalog, session: Asker, privileges: tuple[str, ...], record: Record) -> None:
    """Passes when one of the privileges is held; refuses as `require` does."""
    held_one = next((p for p in privileges if has(catalog, session, p, record)), privileges[0])
    require(catalog, session, held_one, record)


def require_account(catalog: Catalog, session: Asker, privilege: str) -> None:
    """Passes when the session holds the global privilege, else 003001 on the account."""
    if not has_account(catalog, session, privilege):
        account = catalog.account(session.account)
        raise errors.insufficient_privileges("account", account.locator if account else session.account)


def owner_for_new(catalog: Catalog, session: Asker) -> str:
    """The role that will own what the session creates."""
    role = session.effective_role or "PUBLIC"
    if "." not in role and catalog.find(Role, session.account, role) is None:
        raise errors.does_not_exist("Role", role)
    return role


def object_kind(record: Record) -> str:
    """The kind as GRANT … ON and SHOW GRANTS have it, with underscores: PROCEDURE, MASKING_POLICY, DATABASE_ROLE …"""
    match record:
        case Table(dynamic=Dynamic()):
            return "DYNAMIC_TABLE"
        case Table(external=External()):
            return "EXTERNAL_TABLE"
        case Table(event=True):
            return "EVENT_TABLE"
        case View(materialized=True):
            return "MATERIALIZED_VIEW"
        case Routine():
            return record.routine
        case Policy():
            return record.policy.replace(" ", "_")
        case Role(database_id=int()):
            return "DATABASE_ROLE"
        case NetworkPolicy():
            return "NETWORK_POLICY"
        case ReplicationGroup(failover=True):
            return "FAILOVER_GROUP"
        case _:
            return record.kind


def label(record: Record) -> str:
    """The kind as error messages have it."""
    return object_kind(record).replace("_", " ").lower()


def display_name(catalog: Catalog, record: Record) -> str:
    return ".".join(catalog.full_name(record))


def role_name(catalog: Catalog, role: Role) -> str:
    """The role as owners and grants carry it: database roles as `DB.ROLE`."""
    if role.database_id is None:
        return role.name
    return f"{catalog.record(role.database_id).name}.{role.name}"


def on_created(
    work: Work, catalog: Catalog, session: Asker, record: Record, *, copied_from: Record | None = None
) -> None:
    """Gives the new record its grants: those of what it replaces (COPY GRANTS), else the future grants on its place.

    A copy takes no OWNERSHIP and no future grants; who made it stands as grantor, and what replaces a shared object is
    shared (sql-reference/sql/create-table, COPY GRANTS; create-clone).
    """
    if copied_from is not None:
        _copy_grants(work, catalog, copied_from, record, owner_for_new(catalog, session))
        return
    futures = applicable_future_grants(catalog, record)
    for future in futures:
        if future.privilege == "OWNERSHIP":
            work.edit(record, owner=future.to_name)
    for future in futures:
        if future.privilege != "OWNERSHIP":
            work.link(_granted(record, future))


def _granted(record: Record, future: FutureGrant) -> Grant:
    return Grant(
        account=record.account,
        privilege=future.privilege,
        on_kind=object_kind(record),
        on_id=record.id,
        to_kind=future.to_kind,
        to_name=future.to_name,
        grant_option=future.grant_option,
        granted_by=record.owner,
        created_at=utc_now(),
    )


def _copy_grants(work: Work, catalog: Catalog, old: Record, new: Record, by: str) -> None:
    replaces = catalog.full_name(old) == catalog.full_name(new)
    for grant in catalog.grants(new.account):
        if grant.on_id == old.id and (replaces or grant.to_kind != "SHARE"):
            to_new = {"on_id": new.id, "on_kind": object_kind(new), "granted_by": by, "created_at": utc_now()}
            work.link(Grant(**(grant.__dict__ | to_new)))


def applicable_future_grants(catalog: Catalog, record: Record) -> list[FutureGrant]:
    """The future grants for a new record: those of its schema hide those of its database for the same kind."""
    places = _places(catalog, record)
    kind = object_kind(record)
    futures = [f for f in catalog.future_grants(record.account) if f.on_kind == kind]
    levels = ([f for f in futures if (f.in_kind, f.in_id) == place] for place in places)
    return next((level for level in levels if level), [])


def _places(catalog: Catalog, record: Record) -> list[tuple[str, int]]:
    """Where future grants on the record may stand, nearest first."""
    match record:
        case SchemaObject():
            schema = catalog.record(record.schema_id)
            return [("SCHEMA", schema.id), *_places(catalog, schema)]
        case Schema():
            return [("DATABASE", record.database_id)]
        case _:
            return []
