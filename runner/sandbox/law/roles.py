"""What follows when a role is renamed or dropped: everything that carries its name."""

from __future__ import annotations

from runner.sandbox.catalog.model import FutureGrant, Grant, Role, RoleGrant
from runner.sandbox.catalog.store import Work
from runner.sandbox.errors import unsupported
from runner.sandbox.rights import grantee_of

_NAMED = ("ROLE", "DATABASE_ROLE")


def check_name(name: str) -> str:
    """The name, unless it has a dot: owners and grantees are kept as `DATABASE.ROLE` for database roles."""
    if "." in name:
        raise unsupported(f'role name with a dot, "{name}"')
    return name


def _grants(work: Work, account: str) -> list[Grant | FutureGrant]:
    return [*work.catalog.grants(account), *work.catalog.future_grants(account)]


def rename(work: Work, account: str, old: str, new: str) -> None:
    """Every owner, grantee and grantor of the old name gets the new one."""
    for record in list(work.catalog.records.values()):
        if record.account == account and record.owner == old:
            work.edit(record, owner=new)
    for link in _grants(work, account):
        if (link.to_kind in _NAMED and link.to_name == old) or getattr(link, "granted_by", "") == old:
            _replace_grant(work, link, old, new)
    for member in work.catalog.role_grants(account):
        if old in (member.role, member.granted_by) or (member.to_kind in _NAMED and member.to_name == old):
            _replace_member(work, member, old, new)


def rename_database(work: Work, account: str, old: str, new: str) -> None:
    """The database's roles are called after it."""
    for role in work.catalog.all(Role, account):
        database = work.catalog.records.get(role.database_id or -1)
        if database is not None and database.name in (old, new):
            rename(work, account, f"{old}.{role.name}", f"{new}.{role.name}")
    for name in {link.role for link in work.catalog.role_grants(account) if link.role.rpartition(".")[0] == old}:
        rename(work, account, name, f"{new}.{name.rpartition('.')[2]}")


def _replace_grant(work: Work, link: Grant | FutureGrant, old: str, new: str) -> None:
    changed = {name: new for name in ("to_name", "granted_by") if getattr(link, name, None) == old}
    work.unlink(link)
    work.link(type(link)(**(link.__dict__ | changed)))


def _replace_member(work: Work, link: RoleGrant, old: str, new: str) -> None:
    changed = {name: new for name in ("role", "to_name", "granted_by") if getattr(link, name) == old}
    if link.to_kind not in _NAMED:
        changed.pop("to_name", None)
    work.unlink(link)
    work.link(RoleGrant(**(link.__dict__ | changed)))


def strip(work: Work, account: str, name: str, heir: str | None) -> None:
    """Takes every grant to and of the role away; what it owned goes to the heir (sql-reference/sql/drop-role)."""
    kind = grantee_of(name)[0]
    for link in _grants(work, account):
        if (link.to_kind, link.to_name) == (kind, name):
            work.unlink(link)
    for member in work.catalog.role_grants(account):
        if member.role == name or (member.to_kind, member.to_name) == (kind, name):
            work.unlink(member)
    for record in list(work.catalog.records.values()):
        if heir and record.account == account and record.owner == name:
            work.edit(record, owner=heir)
