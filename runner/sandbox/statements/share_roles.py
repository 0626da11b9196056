"""GRANT DATABASE ROLE … TO SHARE and REVOKE … FROM SHARE.

Sources: sql-reference/sql/grant-database-role-share, revoke-database-role-share;
user-guide/security-access-control-overview (database roles and shares).
"""

from __future__ import annotations

from runner.sandbox import access, shared_roles, shares
from runner.sandbox.catalog.model import Record, Role, RoleGrant, Share
from runner.sandbox.catalog.store import utc_now
from runner.sandbox.context import Context
from runner.sandbox.errors import SnowflakeError, compilation
from runner.sandbox.law import authority, listing
from runner.sandbox.law.grammar import RoleGrantText
from runner.sandbox.resolve import refuse_imported
from runner.sandbox.result import Result, status_result
from runner.sandbox.rights import Grantee
from runner.sandbox.statements import grantees, share_grant

DONE = "Statement executed successfully."


def grant(context: Context, statement: RoleGrantText) -> Result:
    with context.catalog.work() as work:
        role, share = _both(context, statement)
        name = access.role_name(context.catalog, role)
        _check(context, role, name, share)
        if share.name not in shared_roles.shares_with(context.catalog, share.account, name):
            work.link(
                RoleGrant(
                    account=share.account,
                    role=name,
                    to_kind="SHARE",
                    to_name=share.name,
                    granted_by=role.owner,
                    created_at=utc_now(),
                )
            )
    return status_result(DONE)


def revoke(context: Context, statement: RoleGrantText) -> Result:
    with context.catalog.work() as work:
        role, share = _both(context, statement)
        shared_roles.withdraw(work, share.account, share.name, access.role_name(context.catalog, role))
    return status_result(DONE)


def _both(context: Context, statement: RoleGrantText) -> tuple[Role, Share]:
    """The role and the share, when the session stands for the owners of both."""
    if not statement.database_role:
        raise compilation(3003, "0A000", f"Role '{statement.role[-1]}' cannot be granted to a share.")
    role = grantees.role(context, statement.role, database_role=True)
    share = grantees.account_record(context, "SHARE", statement.to.name[-1])
    assert isinstance(share, Share), "looked up as a share"
    if shared_roles.is_imported(role):
        refuse_imported(context.database(statement.role[:-1]), "GRANT")
    if not authority.owns(context.catalog, context.session, role):
        raise authority.refusal(context.catalog, context.session, role)
    context.require("OWNERSHIP", share)
    return role, share


def _check(context: Context, role: Role, name: str, share: Share) -> None:
    """A role in a share lets its holders read, now and in what they hold now."""
    catalog = context.catalog
    shared = shares.shared_database(catalog, share)
    if shared is None or shared.id != role.database_id:
        raise share_grant.outside("Database role", name)
    if listing.future_grants_to(catalog, role.account, "DATABASE_ROLE", name):
        raise compilation(3050, "0A000", "Cannot share a database role with future grants to it.")
    inherited = next((g.role for g in catalog.role_grants(role.account) if g.to_name == name), None)
    if inherited is not None:
        raise _has_roles(name, inherited)
    owned = listing.owned_by(catalog, role.account, "DATABASE_ROLE", name)
    if owned:
        raise _restricted(name, "OWNERSHIP", owned[0])
    for held in catalog.grants(role.account):
        record = catalog.records.get(held.on_id)
        if (held.to_kind, held.to_name) == ("DATABASE_ROLE", name) and record and shares.alive(catalog, record):
            _check_privilege(context, name, share, held.privilege, record)


def _check_privilege(context: Context, role: str, share: Share, privilege: str, record: Record) -> None:
    if privilege not in share_grant.shareable(record):
        raise _restricted(role, privilege, record)
    if record.id != share.database_id:
        share_grant.check_inside(context, share, record)


def _restricted(role: str, privilege: str, record: Record) -> SnowflakeError:
    return compilation(
        3051,
        "0A000",
        f"Database role '{role}' cannot be shared: it has the privilege {privilege} on {access.label(record)} "
        f"'{record.name}', and a shared database role can only read.",
    )


def _has_roles(role: str, inner: str) -> SnowflakeError:
    return compilation(3052, "0A000", f"Database role '{role}' cannot be shared while role '{inner}' is granted to it.")


def check_given(context: Context, to: Grantee, privilege: str, record: Record) -> None:
    """A role that is in a share gets no more than what may be shared."""
    for share in _shares_of(context, to):
        _check_privilege(context, to[1], share, privilege, record)


def refuse_future(context: Context, to: Grantee) -> None:
    if _shares_of(context, to):
        raise compilation(3053, "0A000", "Cannot grant future grants to a database role that is granted to a share.")


def refuse_member(context: Context, role: str, to: Grantee) -> None:
    if _shares_of(context, to):
        raise _has_roles(to[1], role)


def refuse_ownership(context: Context, to: Grantee, record: Record) -> None:
    if _shares_of(context, to):
        raise _restricted(to[1], "OWNERSHIP", record)


def _shares_of(context: Context, to: Grantee) -> list[Share]:
    if to[0] != "DATABASE_ROLE":
        return []
    account = context.session.account
    names = shared_roles.shares_with(context.catalog, account, to[1])
    return [share for share in context.catalog.all(Share, account) if share.name in names]
