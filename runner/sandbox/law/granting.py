"""Giving and taking of privileges: the rows that GRANT and REVOKE leave in the catalogue."""

from __future__ import annotations

from runner.sandbox.catalog.model import FutureGrant, Grant
from runner.sandbox.catalog.store import Work, utc_now
from runner.sandbox.classes import dataclass
from runner.sandbox.errors import SnowflakeError
from runner.sandbox.rights import Grantee


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """What a grant is on, as grants carry it."""

    account: str
    kind: str
    id: int


def give(work: Work, thing: Thing, privilege: str, to: Grantee, by: str, *, option: bool) -> None:
    """Grants it once: again changes nothing, and never takes a grant option away."""
    for grant in _held(work, thing, privilege, to):
        if grant.granted_by == by:
            if grant.grant_option or not option:
                return
            work.unlink(grant)
    work.link(
        Grant(
            account=thing.account,
            privilege=privilege,
            on_kind=thing.kind,
            on_id=thing.id,
            to_kind=to[0],
            to_name=to[1],
            grant_option=option,
            granted_by=by,
            created_at=utc_now(),
        )
    )


def _held(work: Work, thing: Thing, privilege: str, to: Grantee) -> list[Grant]:
    return [
        grant
        for grant in work.catalog.grants(thing.account)
        if (grant.on_id, grant.privilege, grant.to_kind, grant.to_name) == (thing.id, privilege, *to)
    ]


def take(
    work: Work,
    thing: Thing,
    privilege: str,
    to: Grantee,
    by: frozenset[str] | None,
    *,
    option_only: bool,
    cascade: bool,
) -> None:
    """Revokes what these grantors granted (None: any). What the grantee granted on in turn goes with CASCADE only."""
    for grant in _held(work, thing, privilege, to):
        if by is None or grant.granted_by in by:
            dependent = _dependent(work, grant)
            if dependent and not cascade:
                raise SnowflakeError(
                    3935,
                    "23001",
                    "Revoke partially executed: 0 grant(s) revoked, 1 grant(s) skipped due to dependent grants and no "
                    "CASCADE is specified.",
                )
            for further in dependent:
                take(
                    work,
                    thing,
                    privilege,
                    (further.to_kind, further.to_name),
                    frozenset({to[1]}),
                    option_only=False,
                    cascade=True,
                )
            work.unlink(grant)
            if option_only:
                work.link(Grant(**(grant.__dict__ | {"grant_option": False})))


def _dependent(work: Work, grant: Grant) -> list[Grant]:
    """What the grantee granted on by virtue of this grant's option."""
    if not grant.grant_option:
        return []
    return [
        other
        for other in work.catalog.grants(grant.account)
        if (other.on_id, other.privilege, other.granted_by) == (grant.on_id, grant.privilege, grant.to_name)
        and other is not grant
    ]


def give_future(work: Work, future: FutureGrant) -> None:
    """Grants it once. A new future OWNERSHIP takes the place of the old one."""
    for known in work.catalog.future_grants(future.account):
        same = _place(known) == _place(future) and known.privilege == future.privilege
        holder = (known.to_kind, known.to_name) == (future.to_kind, future.to_name)
        if same and (holder or future.privilege == "OWNERSHIP"):
            work.unlink(known)
    work.link(future)


def take_future(work: Work, future: FutureGrant) -> None:
    """Takes it away where it is."""
    for known in work.catalog.future_grants(future.account):
        same = _place(known) == _place(future) and known.privilege == future.privilege
        if same and (known.to_kind, known.to_name) == (future.to_kind, future.to_name):
            work.unlink(known)


def _place(future: FutureGrant) -> tuple[str, str, int]:
    return (future.on_kind, future.in_kind, future.in_id)
