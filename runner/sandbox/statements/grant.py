"""GRANT and REVOKE of privileges and roles (sql-reference/sql/grant-privilege, grant-role, revoke-privilege)."""

from __future__ import annotations

from typing import assert_never

from runner.sandbox import access, shares
from runner.sandbox.bootstrap import HIERARCHY
from runner.sandbox.catalog.model import Database, FutureGrant, Record, RoleGrant, Schema
from runner.sandbox.catalog.store import Work, utc_now
from runner.sandbox.context import Context
from runner.sandbox.errors import compilation, insufficient_privileges, unsupported
from runner.sandbox.law import authority, grammar, granting, privileges
from runner.sandbox.law.grammar import Many, One, OwnershipText, PrivilegesText, RoleGrantText
from runner.sandbox.law.granting import Thing
from runner.sandbox.result import Result, status_result
from runner.sandbox.rights import ACCOUNT_ID, Grantee, grantee_of, rights
from runner.sandbox.statements import grantees, ownership, share_grant, share_roles

DONE = "Statement executed successfully."


def grant(context: Context, text: str) -> Result:
    statement = grammar.grant(text)
    context.commit_for_ddl()
    match statement:
        case RoleGrantText() if statement.to.kind == "SHARE":
            return share_roles.grant(context, statement)
        case RoleGrantText():
            return _grant_role(context, statement)
        case OwnershipText():
            return ownership.grant(context, statement)
        case PrivilegesText() if statement.to.kind == "SHARE":
            return share_grant.grant(context, statement)
        case PrivilegesText():
            return _grant_privileges(context, statement)
        case _:
            assert_never(statement)


def revoke(context: Context, text: str) -> Result:
    statement = grammar.revoke(text)
    context.commit_for_ddl()
    match statement:
        case RoleGrantText() if statement.to.kind == "SHARE":
            return share_roles.revoke(context, statement)
        case RoleGrantText():
            return _revoke_role(context, statement)
        case PrivilegesText() if statement.to.kind == "SHARE":
            return share_grant.revoke(context, statement)
        case PrivilegesText():
            return _revoke_privileges(context, statement)
        case _:
            assert_never(statement)


def _grant_privileges(context: Context, statement: PrivilegesText) -> Result:
    to = grantees.grantee(context, statement.to)
    with context.catalog.work() as work:
        match statement.target:
            case Many(future=True) as many:
                return _future(context, work, statement, many, to, give=True)
            case Many() as many:
                return _grant_all(context, work, statement, many, to)
            case One(kind="ACCOUNT"):
                return _grant_on_account(context, work, statement, to)
            case One() as one:
                record = grantees.record(context, one)
                _refuse_foreign(context, to, record)
                _grant_on(context, work, statement, record, to)
                return status_result(DONE)


def _grant_on_account(context: Context, work: Work, statement: PrivilegesText, to: Grantee) -> Result:
    if to[0] == "DATABASE_ROLE":
        raise compilation(3003, "0A000", f"Database role '{to[1]}' cannot be granted privileges on the account.")
    thing = Thing(account=context.session.account, kind="ACCOUNT", id=ACCOUNT_ID)
    for privilege in privileges.expand("ACCOUNT", statement.privileges):
        by = authority.account_grantor(context.catalog, context.session, privilege)
        if by is None:
            access.require_account(context.catalog, context.session, "MANAGE GRANTS")
        granting.give(work, thing, privilege, to, by or "", option=statement.grant_option)
    return status_result(DONE)


def _grant_on(context: Context, work: Work, statement: PrivilegesText, record: Record, to: Grantee) -> None:
    """On one record. ALL grants what the session may grant; a privilege that is named must be granted."""
    granted = False
    for privilege in _wanted(statement, record):
        by = authority.grantor(context.catalog, context.session, privilege, record)
        if by is not None:
            share_roles.check_given(context, to, privilege, record)
            granting.give(work, _thing(record), privilege, to, by, option=statement.grant_option)
            granted = True
        elif statement.privileges != ("ALL",):
            raise authority.refusal(context.catalog, context.session, record)
    if not granted:
        raise authority.refusal(context.catalog, context.session, record)


def _wanted(statement: PrivilegesText, record: Record) -> tuple[str, ...]:
    """The privileges on the record; on a database from a share there is but one."""
    imported = isinstance(record, Database) and shares.is_imported(record)
    if imported or "IMPORTED PRIVILEGES" in statement.privileges:
        if not imported or statement.privileges not in (("IMPORTED PRIVILEGES",), ("ALL",)):
            raise _wrong_on_imported(record, imported)
        return ("IMPORTED PRIVILEGES",)
    return privileges.expand(access.object_kind(record), statement.privileges)


def _wrong_on_imported(record: Record, imported: bool) -> Exception:
    if not imported:
        return privileges.invalid_privilege(access.object_kind(record), "IMPORTED PRIVILEGES")
    return compilation(
        3011,
        "0A000",
        "Granting individual privileges on imported database is not allowed. Use 'GRANT IMPORTED PRIVILEGES' instead.",
    )


def _thing(record: Record) -> Thing:
    return Thing(account=record.account, kind=access.object_kind(record), id=record.id)


def _refuse_foreign(context: Context, to: Grantee, record: Record) -> None:
    """A database role has privileges inside its database only (user-guide/security-access-control-overview)."""
    inside = access.display_name(context.catalog, record).split(".")[0]
    if to[0] == "DATABASE_ROLE" and to[1].split(".")[0] != inside:
        raise compilation(
            3003, "0A000", f"Database role '{to[1]}' can only be granted privileges on objects in its own database."
        )


def _grant_all(context: Context, work: Work, statement: PrivilegesText, many: Many, to: Grantee) -> Result:
    place = grantees.place(context, many)
    privileges.expand(many.kind, statement.privileges)
    _refuse_foreign(context, to, place)
    records = grantees.records(context, many, place)
    for record in records:
        _grant_on(context, work, statement, record, to)
    return status_result(f"{DONE} {len(records)} objects affected.")


def _future(context: Context, work: Work, statement: PrivilegesText, many: Many, to: Grantee, *, give: bool) -> Result:
    place = grantees.place(context, many)
    _refuse_foreign(context, to, place)
    if not authority.may_grant_future(context.catalog, context.session, place):
        raise insufficient_privileges(access.label(place), place.name)
    if to[0] == "USER":
        raise unsupported("FUTURE grants to a USER")
    if give:
        share_roles.refuse_future(context, to)
    for privilege in privileges.expand(many.kind, statement.privileges, ownership=not give):
        future = future_grant(many, place, privilege, to, option=statement.grant_option)
        (granting.give_future if give else granting.take_future)(work, future)
    return status_result(DONE)


def future_grant(many: Many, place: Database | Schema, privilege: str, to: Grantee, *, option: bool) -> FutureGrant:
    return FutureGrant(
        account=place.account,
        privilege=privilege,
        on_kind=many.kind,
        in_kind=many.in_kind,
        in_id=place.id,
        to_kind=to[0],
        to_name=to[1],
        grant_option=option,
        created_at=utc_now(),
    )


def _revoke_privileges(context: Context, statement: PrivilegesText) -> Result:
    to = grantees.grantee(context, statement.to)
    with context.catalog.work() as work:
        match statement.target:
            case Many(future=True) as many:
                return _future(context, work, statement, many, to, give=False)
            case Many() as many:
                place = grantees.place(context, many)
                records = grantees.records(context, many, place)
                for record in records:
                    _revoke_on(context, work, statement, record, to)
                return status_result(f"{DONE} {len(records)} objects affected.")
            case One(kind="ACCOUNT"):
                return _revoke_on_account(context, work, statement, to)
            case One() as one:
                _revoke_on(context, work, statement, grantees.record(context, one), to)
                return status_result(DONE)


def _revoke_on_account(context: Context, work: Work, statement: PrivilegesText, to: Grantee) -> Result:
    thing = Thing(account=context.session.account, kind="ACCOUNT", id=ACCOUNT_ID)
    for privilege in privileges.expand("ACCOUNT", statement.privileges):
        if authority.account_grantor(context.catalog, context.session, privilege) is None:
            access.require_account(context.catalog, context.session, "MANAGE GRANTS")
        granting.take(work, thing, privilege, to, None, option_only=statement.grant_option, cascade=statement.cascade)
    return status_result(DONE)


def _revoke_on(context: Context, work: Work, statement: PrivilegesText, record: Record, to: Grantee) -> None:
    if "OWNERSHIP" in statement.privileges:
        raise compilation(
            3004, "0A000", "OWNERSHIP can only be transferred with GRANT OWNERSHIP; it cannot be revoked."
        )
    whole = authority.owns(context.catalog, context.session, record)
    by = None if whole else access.active_roles(context.catalog, context.session)
    for privilege in _wanted(statement, record):
        if by is not None and authority.grantor(context.catalog, context.session, privilege, record) is None:
            raise authority.refusal(context.catalog, context.session, record)
        granting.take(
            work, _thing(record), privilege, to, by, option_only=statement.grant_option, cascade=statement.cascade
        )


def _role_and_grantee(context: Context, statement: RoleGrantText) -> tuple[str, Grantee]:
    """The role's name and who gets it, when the session may give it: its owner, or MANAGE GRANTS."""
    role = grantees.role(context, statement.role, database_role=statement.database_role)
    to = grantees.grantee(context, statement.to)
    if not authority.owns(context.catalog, context.session, role):
        raise authority.refusal(context.catalog, context.session, role)
    name = access.role_name(context.catalog, role)
    if statement.database_role and to[0] == "USER":
        raise compilation(3003, "0A000", f"Database role '{name}' cannot be granted to a user.")
    if to[0] == "DATABASE_ROLE" and to[1].split(".")[0] != name.split(".")[0]:
        raise compilation(3003, "0A000", f"Role '{name}' cannot be granted to database role '{to[1]}'.")
    return name, to


def _grant_role(context: Context, statement: RoleGrantText) -> Result:
    with context.catalog.work() as work:
        name, to = _role_and_grantee(context, statement)
        account = context.session.account
        known = rights(context.catalog, account)
        if to[0] != "USER" and to[1] in known.roles(grantee_of(name)):
            raise compilation(3005, "0A000", f"Role '{name}' cannot be granted to role '{to[1]}': it inherits it.")
        share_roles.refuse_member(context, name, to)
        if _members(context, name, to):
            return status_result(DONE)
        by = context.session.effective_role or ""
        work.link(
            RoleGrant(account=account, role=name, to_kind=to[0], to_name=to[1], granted_by=by, created_at=utc_now())
        )
    return status_result(DONE)


def _members(context: Context, role: str, to: Grantee) -> list[RoleGrant]:
    links = context.catalog.role_grants(context.session.account)
    return [link for link in links if (link.role, link.to_kind, link.to_name) == (role, *to)]


def _revoke_role(context: Context, statement: RoleGrantText) -> Result:
    with context.catalog.work() as work:
        name, to = _role_and_grantee(context, statement)
        if (name, to[1]) in HIERARCHY:
            raise insufficient_privileges("role", name)
        for link in _members(context, name, to):
            work.unlink(link)
    return status_result(DONE)
