"""Shares between the accounts: what a database made FROM SHARE lets its account see, now.

A share names one database and, by grants TO SHARE, what of it is shared. Grants are on objects, not on names: an object
that was made anew is not in the share. Dropping or replacing the share, or removing the account, ends the consumer's
database for good (user-guide/data-sharing-provider, data-share-consumers).
"""

from __future__ import annotations

from datetime import datetime
from typing import TypeVar, cast

from runner.sandbox import access, shared_roles
from runner.sandbox.catalog.model import Database, Record, Routine, Schema, SchemaObject, Share
from runner.sandbox.catalog.store import Catalog, Work
from runner.sandbox.classes import dataclass
from runner.sandbox.errors import SnowflakeError, compilation
from runner.sandbox.rights import rights

R = TypeVar("R", bound=SchemaObject)
REVOKED = "<revoked>"
"""Stands for the share in a database that lost it, as SHOW DATABASES shows its origin."""


def is_imported(database: Database) -> bool:
    return database.origin_share is not None


def no_longer_available() -> SnowflakeError:
    return compilation(
        3030,
        "02000",
        "Shared database is no longer available for use. It will need to be re-created if and when the publisher makes "
        "it available again.",
    )


def share_of(catalog: Catalog, database: Database) -> Share | None:
    """The live share behind an imported database; None when it was dropped, replaced or taken from this account."""
    share = catalog.find(Share, database.origin_account or "", database.origin_share or "")
    return share if share is not None and database.account in share.accounts else None


def source(catalog: Catalog, database: Database) -> Database:
    """The producer's database behind an imported one; 003030 when the share is no more."""
    share = share_of(catalog, database)
    origin = shared_database(catalog, share) if share is not None else None
    if origin is None:
        raise no_longer_available()
    return origin


def shared_database(catalog: Catalog, share: Share) -> Database | None:
    """The one database whose USAGE the share has."""
    record = catalog.records.get(share.database_id or -1)
    return record if isinstance(record, Database) and record.dropped_at is None else None


def shared_privileges(catalog: Catalog, share: Share, record: Record) -> frozenset[str]:
    """What the share grants on the record, by itself and through the database roles in it."""
    roles = shared_roles.of_share(catalog, share.account, share.name)
    through = {("SHARE", share.name), *(("DATABASE_ROLE", role) for role in roles)}
    return rights(catalog, share.account).privileges(record.id, frozenset(through))


def visible_schemas(catalog: Catalog, database: Database) -> list[Schema]:
    """The producer's schemas that an imported database shows."""
    origin = source(catalog, database)
    share = cast(Share, share_of(catalog, database))
    return [s for s in catalog.schemas(origin) if "USAGE" in shared_privileges(catalog, share, s)]


def visible_objects(
    catalog: Catalog, database: Database, schema: Schema, kind: type[R] | None = None
) -> list[SchemaObject]:
    """The producer's objects of one of its schemas that an imported database shows."""
    share = share_of(catalog, database)
    if share is None:
        raise no_longer_available()
    objects = cast(list[SchemaObject], catalog.objects(schema, kind))
    return [o for o in objects if shared_privileges(catalog, share, o)]


def schema(catalog: Catalog, database: Database, name: str) -> Schema | None:
    return next((s for s in visible_schemas(catalog, database) if s.name == name), None)


def lookup(catalog: Catalog, database: Database, schema_name: str, kind: type[R], name: str) -> R | None:
    """The producer's object under this name in an imported database, None where the share does not have it."""
    found = schema(catalog, database, schema_name)
    if found is None:
        return None
    objects = visible_objects(catalog, database, found, kind)
    return next((o for o in objects if type(o) is kind and o.name == name), None)


def lookup_routines(catalog: Catalog, database: Database, schema_name: str, name: str) -> list[Routine]:
    found = schema(catalog, database, schema_name)
    objects = visible_objects(catalog, database, found, Routine) if found else []
    return [o for o in objects if isinstance(o, Routine) and o.name == name]


def consumers(catalog: Catalog, share: Share) -> list[Database]:
    """Every database that some account made from the share and still has."""
    origin = (share.account, share.name)
    databases = [d for account in catalog.accounts() for d in catalog.all(Database, account.name)]
    return [d for d in databases if (d.origin_account, d.origin_share) == origin]


def name_for(catalog: Catalog, account: str, record: Record) -> tuple[str, ...]:
    """The record's name as the account has it: what comes from a share stands in the database made from it."""
    parts = catalog.full_name(record)
    if record.account == account:
        return parts
    for database in catalog.all(Database, account):
        share = share_of(catalog, database) if database.origin_account == record.account else None
        if share is not None and shared_privileges(catalog, share, record):
            return (database.name, *parts[1:])
    return parts[-1:]


def imported_as(catalog: Catalog, share: Share, account: str) -> Database | None:
    """The database that the account made from the share."""
    return next((d for d in consumers(catalog, share) if d.account == account), None)


def cut_off(work: Work, share: Share, accounts: list[str]) -> None:
    """Ends the databases that these accounts made from the share; nothing brings them back."""
    for database in consumers(work.catalog, share):
        if database.account in accounts:
            work.edit(database, origin_share=REVOKED)


def withdraw(work: Work, share: Share) -> None:
    """Ends the share: all its grants and all databases made from it."""
    cut_off(work, share, [account.name for account in work.catalog.accounts()])
    empty(work, share)


def empty(work: Work, share: Share) -> None:
    """Takes everything out of the share."""
    shared_roles.withdraw(work, share.account, share.name)
    for grant in work.catalog.grants(share.account):
        if (grant.to_kind, grant.to_name) == ("SHARE", share.name):
            work.unlink(grant)


def qualified(catalog: Catalog, account: str) -> str:
    """`ORG.ACCOUNT`."""
    found = catalog.account(account)
    return f"{found.organization}.{found.name}" if found else account


@dataclass(frozen=True, slots=True, kw_only=True)
class ShareRow:
    """A row of SHOW SHARES (sql-reference/sql/show-shares)."""

    created_on: datetime
    kind: str
    owner_account: str
    name: str
    database_name: str
    to: str
    owner: str
    comment: str
    secure_objects_only: bool


def listed(catalog: Catalog, session: access.Asker) -> list[ShareRow]:
    """The shares that the session sees, its own account's as OUTBOUND, those given to its account as INBOUND."""
    every = [s for account in catalog.accounts() for s in catalog.all(Share, account.name)]
    return [_row(catalog, session.account, s) for s in every if access.visible(catalog, session, s)]


def _row(catalog: Catalog, account: str, share: Share) -> ShareRow:
    outbound = share.account == account
    database = shared_database(catalog, share) if outbound else imported_as(catalog, share, account)
    return ShareRow(
        created_on=share.created_at,
        kind="OUTBOUND" if outbound else "INBOUND",
        owner_account=qualified(catalog, share.account),
        name=share.name,
        database_name=database.name if database else "",
        to=", ".join(qualified(catalog, a) for a in share.accounts) if outbound else "",
        owner=share.owner if outbound else "",
        comment=share.comment or "",
        secure_objects_only=share.secure_objects_only,
    )


def find(catalog: Catalog, session: access.Asker, parts: tuple[str, ...]) -> Share | None:
    """A share by `SHARE`, `ACCOUNT.SHARE` or `ORG.ACCOUNT.SHARE`, when the session sees it."""
    share = catalog.find(Share, account_named(catalog, session.account, parts[:-1]) or "", parts[-1])
    return share if share is not None and access.visible(catalog, session, share) else None


def account_named(catalog: Catalog, current: str, parts: tuple[str, ...]) -> str | None:
    """The account that `ACCOUNT`, a locator, or `ORG.ACCOUNT` names; the current one for no parts."""
    if not parts:
        return current
    for account in catalog.accounts():
        plain = len(parts) == 1 and parts[0] in (account.name, account.locator)
        if plain or parts == (account.organization, account.name):
            return account.name
    return None


def contents(catalog: Catalog, share: Share, consumer: str | None = None) -> list[tuple[str, str, datetime]]:
    """Kind, name and instant of what is shared, as DESCRIBE SHARE lists it: to a consumer under its own database's
    name, or `<DB>` while there is none.
    """
    origin = shared_database(catalog, share)
    shown = origin.name if origin else ""
    if consumer is not None:
        database = imported_as(catalog, share, consumer)
        shown = database.name if database else "<DB>"
    rows = []
    for grant in catalog.grants(share.account):
        record = catalog.records.get(grant.on_id)
        if (grant.to_kind, grant.to_name) == ("SHARE", share.name) and record and alive(catalog, record):
            rows.append((grant.on_kind, _shown_name(catalog, record, origin, shown), grant.created_at))
    for link in catalog.role_grants(share.account):
        if (link.to_kind, link.to_name) == ("SHARE", share.name):
            rows.append(("DATABASE_ROLE", f"{shown}.{link.role.rpartition('.')[2]}", link.created_at))
    return rows


def _shown_name(catalog: Catalog, record: Record, origin: Database | None, shown: str) -> str:
    parts = catalog.full_name(record)
    inside = origin is not None and parts[0] == origin.name
    return ".".join((shown, *parts[1:]) if inside else parts)


def alive(catalog: Catalog, record: Record) -> bool:
    """Whether neither the record nor what holds it is dropped."""
    holder = record.schema_id if isinstance(record, SchemaObject) else None
    holder = record.database_id if isinstance(record, Schema) else holder
    if record.dropped_at is not None:
        return False
    return holder is None or (holder in catalog.records and alive(catalog, catalog.record(holder)))


def secondary_share(share: Share) -> SnowflakeError:
    """What a secondary share holds is said by its primary (account-replication-intro)."""
    return compilation(3140, "0A000", f"Share '{share.name}' is a secondary share: its primary says what it holds.")
