"""Grants as SHOW GRANTS lists them (sql-reference/sql/show-grants). OWNERSHIP rows come from the owners themselves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from runner.sandbox import access, shared_roles, shares
from runner.sandbox.catalog.model import Database, FutureGrant, Grant, Record, Role, RoleGrant, Routine, Schema, Share
from runner.sandbox.catalog.store import Catalog
from runner.sandbox.classes import dataclass
from runner.sandbox.ddl.names import dotted
from runner.sandbox.rights import ACCOUNT_ID, grantee_of


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantRow:
    """A row of SHOW GRANTS ON and TO; `granted_by` is empty for what the system granted."""

    created_on: datetime
    privilege: str
    granted_on: str
    name: str
    granted_to: str
    grantee_name: str
    grant_option: bool
    granted_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MemberRow:
    """A row of SHOW GRANTS OF ROLE, OF DATABASE ROLE, TO USER (roles) and OF SHARE."""

    created_on: datetime
    role: str
    granted_to: str
    grantee_name: str
    granted_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FutureRow:
    created_on: datetime
    privilege: str
    grant_on: str
    name: str
    grant_to: str
    grantee_name: str
    grant_option: bool


def securable(catalog: Catalog, record: Record) -> str:
    """The name as grants show it: routines with their signature, quoted."""
    parts = catalog.full_name(record)
    if isinstance(record, Role):
        return access.role_name(catalog, record)
    if isinstance(record, Routine):
        arguments = ", ".join(f"{a.name} {a.type.name}" for a in record.arguments)
        return dotted((*parts[:-1], f"{record.name}({arguments}):{record.returns}"))
    return dotted(parts)


def grants_on(catalog: Catalog, record: Record) -> list[GrantRow]:
    """What is granted on a record, to anyone, its owner first."""
    owner = [_ownership(catalog, record)] if record.owner else []
    return owner + _rows(catalog, (g for g in catalog.grants(record.account) if g.on_id == record.id))


def grants_on_account(catalog: Catalog, account: str) -> list[GrantRow]:
    return _rows(catalog, (g for g in catalog.grants(account) if g.on_id == ACCOUNT_ID))


def grants_to(catalog: Catalog, account: str, kind: str, name: str) -> list[GrantRow]:
    """What a ROLE, DATABASE_ROLE, USER or SHARE holds: grants, what it owns, and the roles granted to it as USAGE."""
    held = _rows(catalog, (g for g in catalog.grants(account) if (g.to_kind, g.to_name) == (kind, name)))
    owned = [_ownership(catalog, r) for r in owned_by(catalog, account, kind, name)]
    links = [link for link in catalog.role_grants(account) if (link.to_kind, link.to_name) == (kind, name)]
    roles = [_usage(catalog, link) for link in links if _is_there(catalog, link)]
    return sorted(held + owned + roles, key=lambda row: row.created_on)


def _is_there(catalog: Catalog, link: RoleGrant) -> bool:
    """Whether the role that is granted exists: a database role goes and comes back with its database."""
    if grantee_of(link.role)[0] != "DATABASE_ROLE":
        return True
    imported = [d for d in catalog.all(Database, link.account) if d.origin_account is not None]
    if any(link.role.startswith(f"{database.name}.") for database in imported):
        return True
    return any(
        role.database_id is not None and access.role_name(catalog, role) == link.role
        for role in catalog.all(Role, link.account)
    )


def grants_to_imported(catalog: Catalog, role: Role) -> list[GrantRow]:
    """What a database role holds that came through a share, under the names of the database made from it."""
    database = catalog.record(role.database_id or 0)
    assert isinstance(database, Database), "an imported role is a database's"
    own = access.role_name(catalog, role)
    held = [g for g in catalog.grants(database.origin_account or "") if _is_behind(catalog, database, own, g)]
    named = [(g, catalog.records[g.on_id]) for g in held if _stands(catalog, g)]
    return [
        replace(
            _row(catalog, grant),
            name=dotted(shares.name_for(catalog, database.account, record)),
            grantee_name=own,
            granted_by="",
        )
        for grant, record in named
    ]


def _is_behind(catalog: Catalog, database: Database, role: str, grant: Grant) -> bool:
    return (grant.to_kind, grant.to_name) in shared_roles.behind(catalog, database, frozenset({role}))


def owned_by(catalog: Catalog, account: str, kind: str, name: str) -> list[Record]:
    """Living records whose owner is the role."""
    if kind not in ("ROLE", "DATABASE_ROLE"):
        return []
    records = [r for r in list(catalog.records.values()) if r.account == account and r.owner == name]
    return [r for r in records if shares.alive(catalog, r)]


def grants_of_role(catalog: Catalog, account: str, role: str) -> list[MemberRow]:
    """Who has the role."""
    return [_member(catalog, link) for link in catalog.role_grants(account) if link.role == role]


def roles_of_user(catalog: Catalog, account: str, user: str) -> list[MemberRow]:
    """The roles that a user has, as SHOW GRANTS TO USER lists them."""
    links = catalog.role_grants(account)
    return [_member(catalog, link) for link in links if (link.to_kind, link.to_name) == ("USER", user)]


def consumers_of_share(catalog: Catalog, share: Share) -> list[MemberRow]:
    """The accounts that made a database from the share: SHOW GRANTS OF SHARE."""
    return [
        MemberRow(
            created_on=database.created_at,
            role=share.name,
            granted_to="ACCOUNT",
            grantee_name=shares.qualified(catalog, database.account),
            granted_by="",
        )
        for database in shares.consumers(catalog, share)
    ]


def future_grants_in(catalog: Catalog, place: Record) -> list[FutureRow]:
    """SHOW FUTURE GRANTS IN SCHEMA or DATABASE."""
    futures = catalog.future_grants(place.account)
    return [_future(catalog, f) for f in futures if f.in_id == place.id]


def future_grants_to(catalog: Catalog, account: str, kind: str, name: str) -> list[FutureRow]:
    """SHOW FUTURE GRANTS TO ROLE."""
    futures = [f for f in catalog.future_grants(account) if (f.to_kind, f.to_name) == (kind, name)]
    places = {f.in_id: catalog.records.get(f.in_id) for f in futures}
    living = {number for number, place in places.items() if place is not None and shares.alive(catalog, place)}
    return [_future(catalog, f) for f in futures if f.in_id in living]


def _rows(catalog: Catalog, grants: Iterable[Grant]) -> list[GrantRow]:
    return [_row(catalog, g) for g in grants if g.on_id == ACCOUNT_ID or _stands(catalog, g)]


def _stands(catalog: Catalog, grant: Grant) -> bool:
    record = catalog.records.get(grant.on_id)
    return record is not None and shares.alive(catalog, record)


def _row(catalog: Catalog, grant: Grant) -> GrantRow:
    record = catalog.records.get(grant.on_id)
    return GrantRow(
        created_on=grant.created_at,
        privilege="USAGE" if grant.privilege == "IMPORTED PRIVILEGES" else grant.privilege,
        granted_on=grant.on_kind,
        name=securable(catalog, record) if record else _locator(catalog, grant.account),
        granted_to=grant.to_kind,
        grantee_name=_grantee(catalog, grant),
        grant_option=grant.grant_option and not _managed(catalog, record),
        granted_by=grant.granted_by,
    )


def _managed(catalog: Catalog, record: Record | None) -> bool:
    """In a managed access schema nobody's grant option counts."""
    schema = catalog.records.get(getattr(record, "schema_id", -1))
    return isinstance(schema, Schema) and schema.managed_access


def _grantee(catalog: Catalog, grant: Grant | RoleGrant) -> str:
    if grant.to_kind == "SHARE":
        return f"{shares.qualified(catalog, grant.account)}.{grant.to_name}"
    return grant.to_name


def _locator(catalog: Catalog, account: str) -> str:
    found = catalog.account(account)
    return found.locator if found else account


def _ownership(catalog: Catalog, record: Record) -> GrantRow:
    return GrantRow(
        created_on=record.created_at,
        privilege="OWNERSHIP",
        granted_on=access.object_kind(record),
        name=securable(catalog, record),
        granted_to=grantee_of(record.owner)[0],
        grantee_name=record.owner,
        grant_option=True,
        granted_by=record.owner,
    )


def _usage(catalog: Catalog, link: RoleGrant) -> GrantRow:
    return GrantRow(
        created_on=link.created_at,
        privilege="USAGE",
        granted_on=grantee_of(link.role)[0],
        name=link.role,
        granted_to=link.to_kind,
        grantee_name=_grantee(catalog, link),
        grant_option=False,
        granted_by=link.granted_by,
    )


def _member(catalog: Catalog, link: RoleGrant) -> MemberRow:
    return MemberRow(
        created_on=link.created_at,
        role=link.role,
        granted_to=link.to_kind,
        grantee_name=_grantee(catalog, link),
        granted_by=link.granted_by,
    )


def _future(catalog: Catalog, future: FutureGrant) -> FutureRow:
    place = dotted(catalog.full_name(catalog.record(future.in_id)))
    return FutureRow(
        created_on=future.created_at,
        privilege=future.privilege,
        grant_on=future.on_kind,
        name=f"{place}.<{future.on_kind}>",
        grant_to=future.to_kind,
        grantee_name=future.to_name,
        grant_option=future.grant_option,
    )
