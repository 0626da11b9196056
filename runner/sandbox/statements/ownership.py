"""GRANT OWNERSHIP (sql-reference/sql/grant-ownership)."""

from __future__ import annotations

from runner.sandbox import access, shares
from runner.sandbox.catalog.model import Database, FutureGrant, Grant, Record, Role, Schema, Share
from runner.sandbox.catalog.store import Work, utc_now
from runner.sandbox.context import Context
from runner.sandbox.errors import SnowflakeError, compilation, insufficient_privileges, unsupported
from runner.sandbox.law import authority, granting, listing
from runner.sandbox.law.grammar import Many, One, OwnershipText
from runner.sandbox.result import Result, status_result
from runner.sandbox.rights import Grantee
from runner.sandbox.statements import grantees, share_roles
from runner.sandbox.statements.role import refuse_system

DONE = "Statement executed successfully."


def grant(context: Context, statement: OwnershipText) -> Result:
    """Moves ownership of one thing, of all of a kind, or of what will be made."""
    if statement.to.kind not in ("ROLE", "DATABASE_ROLE"):
        raise unsupported(f"OWNERSHIP for a {statement.to.kind}")
    to = grantees.grantee(context, statement.to)
    with context.catalog.work() as work:
        match statement.target:
            case Many(future=True) as many:
                return _future(context, work, many, to)
            case Many() as many:
                records = grantees.records(context, many, grantees.place(context, many))
                for record in records:
                    _move(context, work, record, to, statement.current_grants)
                return status_result(f"{DONE} {len(records)} objects affected.")
            case One(kind="ACCOUNT" | "SHARE") as one:
                raise _immovable(context, one)
            case One() as one:
                _move(context, work, grantees.record(context, one), to, statement.current_grants)
                return status_result(DONE)


def _immovable(context: Context, target: One) -> SnowflakeError:
    if target.kind == "SHARE":
        grantees.account_record(context, "SHARE", target.name[-1])
        return compilation(3012, "0A000", f"Ownership of share '{target.name[-1]}' cannot be transferred.")
    return unsupported("OWNERSHIP of the ACCOUNT")


def _future(context: Context, work: Work, many: Many, to: Grantee) -> Result:
    place = grantees.place(context, many)
    share_roles.refuse_future(context, to)
    if not authority.may_grant_future(context.catalog, context.session, place):
        raise insufficient_privileges(access.label(place), place.name)
    granting.give_future(work, _future_ownership(many, place, to))
    return status_result(DONE)


def _future_ownership(many: Many, place: Database | Schema, to: Grantee) -> FutureGrant:
    return FutureGrant(
        account=place.account,
        privilege="OWNERSHIP",
        on_kind=many.kind,
        in_kind=many.in_kind,
        in_id=place.id,
        to_kind=to[0],
        to_name=to[1],
        created_at=utc_now(),
    )


def _move(context: Context, work: Work, record: Record, to: Grantee, current_grants: str) -> None:
    if not authority.owns(context.catalog, context.session, record):
        raise authority.refusal(context.catalog, context.session, record)
    share_roles.refuse_ownership(context, to, record)
    if isinstance(record, Role):
        refuse_system(record)
    outbound = [g for g in context.catalog.grants(record.account) if g.on_id == record.id]
    if current_grants == "REVOKE":
        _refuse_shared(context, record)
        for grant in outbound:
            work.unlink(grant)
    elif record.owner != to[1]:
        _hand_over(context, work, record, outbound, to, copy=current_grants == "COPY")
    work.edit(record, owner=to[1])


def _hand_over(context: Context, work: Work, record: Record, outbound: list[Grant], to: Grantee, *, copy: bool) -> None:
    """The grants stay, from now on as the new owner's; without COPY there may be none."""
    if outbound and not copy:
        raise _dependent(context, record, outbound)
    for grant in outbound:
        if grant.granted_by == record.owner:
            work.unlink(grant)
            work.link(Grant(**(grant.__dict__ | {"granted_by": to[1]})))


def _dependent(context: Context, record: Record, outbound: list[Grant]) -> SnowflakeError:
    first = min(outbound, key=lambda grant: (grant.to_name, grant.privilege))
    return SnowflakeError(
        3036,
        "23001",
        f"SQL execution error: Dependent grant of privilege '{first.privilege}' on securable "
        f"'{listing.securable(context.catalog, record)}' to role '{first.to_name}' exists.  It must be revoked first.  "
        "More than one dependent grant may exist: use 'SHOW GRANTS' command to view them.  To revoke all dependent "
        "grants while transferring object ownership, use convenience command 'GRANT OWNERSHIP ON <target_objects> TO "
        "<target_role> REVOKE CURRENT GRANTS'.",
    )


def _refuse_shared(context: Context, record: Record) -> None:
    """REVOKE CURRENT GRANTS is not allowed on a database that is shared (sql-reference/sql/grant-ownership)."""
    for share in context.catalog.all(Share, record.account):
        if isinstance(record, Database) and shares.shared_database(context.catalog, share) is record:
            raise compilation(
                3013,
                "0A000",
                f"Cannot revoke current grants on database '{record.name}': it is shared by '{share.name}'.",
            )
