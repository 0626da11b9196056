"""SHOW REPLICATION GROUPS, FAILOVER GROUPS, REPLICATION ACCOUNTS, REPLICATION DATABASES.

Sources: sql-reference/sql/show-replication-groups, show-replication-accounts, show-replication-databases.
SHOW REPLICATION GROUPS lists failover groups too.
"""

from __future__ import annotations

from collections.abc import Iterator

from runner.sandbox import access, replication, shares
from runner.sandbox.catalog.model import Account, Database, Record
from runner.sandbox.catalog.replication import ReplicationGroup
from runner.sandbox.context import Context
from runner.sandbox.show.listing import Listing
from runner.sandbox.show.request import Request
from runner.sandbox.show.shape import Row, true


def _account(context: Context, name: str) -> Account:
    found = context.catalog.account(name)
    assert found is not None, "a record's account exists"
    return found


def seen(context: Context) -> list[ReplicationGroup]:
    """The account's groups that the session sees, and what they are replicas of or have as replicas."""
    catalog = context.catalog
    groups = catalog.all(ReplicationGroup, context.session.account)
    own = [group for group in groups if access.visible(catalog, context.session, group)]
    above = [primary for group in own if (primary := replication.primary_of(catalog, group)) is not None]
    return [*own, *above, *(each for group in own for each in replication.secondaries(catalog, group))]


def _groups(kind: str) -> Listing:
    def rows(context: Context, _: Request) -> Iterator[Row]:
        for group in sorted(seen(context), key=lambda each: (each.name, each.account)):
            if group.failover or kind == "REPLICATION":
                yield _row(context, group)

    return Listing(
        "region_group, snowflake_region, created_on time, account_name, name, type, comment, is_primary, primary, "
        "object_types, allowed_integration_types, allowed_accounts, organization_name, account_locator, "
        "replication_schedule, secondary_state, next_scheduled_refresh time, owner"
        + (", is_listing_auto_fulfillment_group" if kind == "REPLICATION" else ""),
        rows,
        differs="refreshes take place one after the other, in the process of the sandbox",
    )


def _row(context: Context, group: ReplicationGroup) -> Row:
    catalog, account = context.catalog, _account(context, group.account)
    primary = replication.primary_of(catalog, group) or group
    own = group.account == context.session.account
    return {
        "region_group": "PUBLIC",
        "snowflake_region": account.region,
        "created_on": group.created_at,
        "account_name": account.name,
        "name": group.name,
        "type": "FAILOVER" if group.failover else "REPLICATION",
        "comment": group.comment or "",
        "is_primary": true(group.primary_id is None),
        "primary": f"{shares.qualified(catalog, primary.account)}.{primary.name}",
        "object_types": ", ".join(group.types),
        "allowed_integration_types": "",
        "allowed_accounts": ", ".join(shares.qualified(catalog, name) for name in group.accounts),
        "organization_name": account.organization,
        "account_locator": account.locator,
        "replication_schedule": group.schedule or "",
        "secondary_state": None if group.primary_id is None else "SUSPENDED" if group.suspended else "STARTED",
        "next_scheduled_refresh": group.next_at,
        "owner": group.owner if own else "",
        "is_listing_auto_fulfillment_group": "false",
    }


def _accounts(context: Context, _: Request) -> Iterator[Row]:
    """Accounts that an organisation's administrator enabled for replication."""
    for account in sorted(context.catalog.accounts(), key=lambda each: each.name):
        if account.parameters.get("ENABLE_ACCOUNT_DATABASE_REPLICATION") == "true":
            yield {
                "snowflake_region": account.region,
                "created_on": account.created_at,
                "account_name": account.name,
                "account_locator": account.locator,
                "comment": "",
                "organization_name": account.organization,
                "is_org_admin": "false",
                "region_group": "PUBLIC",
            }


def _databases(context: Context, _: Request) -> Iterator[Row]:
    """Databases in groups of the account, and their copies."""
    catalog = context.catalog
    numbers = {number for group in seen(context) for number in group.databases}
    every = (r for r in list(catalog.records.values()) if isinstance(r, Database) and r.dropped_at is None)
    for database in sorted(every, key=lambda each: (each.name, each.account)):
        if database.id in numbers or database.replica_of in numbers:
            yield _database(context, database)


def _database(context: Context, database: Database) -> Row:
    account = _account(context, database.account)
    source = context.catalog.records.get(database.replica_of) if database.replica_of is not None else None
    primary = source or database
    return {
        "region_group": "PUBLIC",
        "snowflake_region": account.region,
        "created_on": database.created_at,
        "account_name": account.name,
        "name": database.name,
        "comment": database.comment or "",
        "is_primary": true(source is None),
        "primary": f"{shares.qualified(context.catalog, primary.account)}.{primary.name}",
        "replication_allowed_to_accounts": "",
        "failover_allowed_to_accounts": "",
        "organization_name": account.organization,
        "account_locator": account.locator,
    }


def held(context: Context, group: Record, in_shares: bool) -> set[str]:
    """Names of the databases or shares that a group replicates, or has brought."""
    assert isinstance(group, ReplicationGroup), "looked up as a group"
    catalog = context.catalog
    primary = replication.primary_of(catalog, group) or group
    numbers = primary.shares if in_shares else primary.databases
    found = (catalog.records.get(number) for number in numbers)
    return {record.name for record in found if record is not None and record.dropped_at is None}


LISTINGS: dict[tuple[str, ...], Listing] = {
    ("REPLICATION", "GROUPS"): _groups("REPLICATION"),
    ("FAILOVER", "GROUPS"): _groups("FAILOVER"),
    ("REPLICATION", "ACCOUNTS"): Listing(
        "snowflake_region, created_on time, account_name, account_locator, comment, organization_name, is_org_admin, "
        "region_group",
        _accounts,
        scoped=False,
        naming="account_name",
    ),
    ("REPLICATION", "DATABASES"): Listing(
        "region_group, snowflake_region, created_on time, account_name, name, comment, is_primary, primary, "
        "replication_allowed_to_accounts, failover_allowed_to_accounts, organization_name, account_locator",
        _databases,
        scoped=False,
    ),
}
