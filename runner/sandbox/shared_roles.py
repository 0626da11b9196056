"""Database roles in shares: what a producer grants to a share, a consumer's account has as roles of its own database.

`D.R` of the producer is `I.R` to the consumer who made the database I from the share. What the role holds is the
producer's affair, whom it is granted to the consumer's (sql-reference/sql/grant-database-role-share;
user-guide/data-sharing-policy-protected-data).
"""

from __future__ import annotations

from runner.sandbox.catalog.model import Database, Role, RoleGrant
from runner.sandbox.catalog.store import Catalog, Work, utc_now
from runner.sandbox.rights import Grantee, rights


def of_share(catalog: Catalog, account: str, share: str) -> frozenset[str]:
    """The producer's roles in the share, as `DB.ROLE`."""
    return rights(catalog, account).granted(("SHARE", share))


def shares_with(catalog: Catalog, account: str, role: str) -> list[str]:
    """The names of the shares that have the role."""
    links = catalog.role_grants(account)
    return [link.to_name for link in links if (link.role, link.to_kind) == (role, "SHARE")]


def behind(catalog: Catalog, database: Database, roles: frozenset[str]) -> frozenset[Grantee]:
    """The producer's roles that a consumer's roles stand for through a database made from a share."""
    if database.origin_account is None or database.origin_share is None:
        return frozenset()
    known = of_share(catalog, database.origin_account, database.origin_share)
    return frozenset(("DATABASE_ROLE", one) for one in known if as_imported(database, one) in roles)


def as_imported(database: Database, role: str) -> str:
    """The producer's `DB.ROLE` as the consumer calls it."""
    return f"{database.name}.{role.rpartition('.')[2]}"


def roles_of(catalog: Catalog, database: Database) -> list[Role]:
    """The roles that a database made from a share brings. They are no records of the account's: nothing changes them,
    and who owns the database grants them.
    """
    share = ("SHARE", database.origin_share or "")
    links = catalog.role_grants(database.origin_account or "")
    return [_imported(database, link) for link in links if (link.to_kind, link.to_name) == share]


def _imported(database: Database, link: RoleGrant) -> Role:
    return Role(
        id=-1,
        account=database.account,
        name=link.role.rpartition(".")[2],
        owner=database.owner,
        database_id=database.id,
        created_at=link.created_at,
    )


def is_imported(role: Role) -> bool:
    return role.id < 0


def grant_to_importer(work: Work, database: Database) -> None:
    """Who makes a database from a share has its roles (user-guide/data-sharing-policy-protected-data)."""
    for role in roles_of(work.catalog, database):
        work.link(
            RoleGrant(
                account=database.account,
                role=f"{database.name}.{role.name}",
                to_kind="ROLE",
                to_name=database.owner,
                created_at=utc_now(),
            )
        )


def forget(work: Work, database: Database) -> None:
    """What was granted of the roles of a database that is gone, or of another of its name, does not come back."""
    for link in work.catalog.role_grants(database.account):
        if link.role.rpartition(".")[0] == database.name:
            work.unlink(link)


def withdraw(work: Work, account: str, share: str, role: str | None = None) -> None:
    """The share loses the role, or all of its roles, and with it whoever a consumer granted it to."""
    for link in work.catalog.role_grants(account):
        if (link.to_kind, link.to_name) == ("SHARE", share) and role in (None, link.role):
            work.unlink(link)
            _follow(work, account, share, link.role, None)


def rename(work: Work, account: str, old: str, new: str) -> None:
    """The producer called the role anew: consumers have it under its new name."""
    for share in shares_with(work.catalog, account, new):
        _follow(work, account, share, old, new)


def _follow(work: Work, account: str, share: str, role: str, new: str | None) -> None:
    for consumer in work.catalog.accounts():
        for database in work.catalog.all(Database, consumer.name):
            if (database.origin_account, database.origin_share) == (account, share):
                _replace(work, database, as_imported(database, role), new and as_imported(database, new))


def _replace(work: Work, database: Database, old: str, new: str | None) -> None:
    for link in work.catalog.role_grants(database.account):
        if link.role == old:
            work.unlink(link)
            if new is not None:
                work.link(RoleGrant(**(link.__dict__ | {"role": new})))
