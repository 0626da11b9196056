"""ALTER FAILOVER GROUP … PRIMARY: the secondary becomes the primary, and what was the primary a replica of it.

Source: sql-reference/sql/alter-failover-group. The databases and shares of the account that takes over can be written
from then on, those of the other account only be read; scheduled refreshes of all replicas are suspended.
"""

from __future__ import annotations

from collections.abc import Iterator

from runner.sandbox import replication
from runner.sandbox.catalog.model import Database, Share
from runner.sandbox.catalog.replication import ReplicationGroup, refuse_nothing
from runner.sandbox.catalog.store import Catalog, Work, utc_now

Pairs = dict[int, int]
"""Ids in the account that was the primary's to those in the account that takes over."""


def promote(work: Work, group: ReplicationGroup, primary: ReplicationGroup) -> None:
    work.refuse = refuse_nothing
    catalog, followers = work.catalog, replication.secondaries(work.catalog, primary)
    pairs = _pairs(catalog, group, primary)
    for follower in followers:
        for record in _replicas(catalog, follower.account, set(pairs)):
            own = follower is group
            assert record.replica_of is not None, "chosen for it"
            work.edit(record, replica_of=None if own else pairs[record.replica_of])
    for old, new in pairs.items():
        work.edit(catalog.record(old), replica_of=new)
    accounts = [name for name in primary.accounts if name != group.account]
    work.edit(
        group,
        primary_id=None,
        types=list(primary.types),
        databases=[pairs[number] for number in primary.databases if number in pairs],
        shares=[pairs[number] for number in primary.shares if number in pairs],
        accounts=[*accounts, primary.account],
        schedule=primary.schedule,
        brought=[],
        suspended=False,
        next_at=None,
        altered_at=utc_now(),
    )
    for follower in followers:
        if follower is not group:
            work.edit(follower, primary_id=group.id, suspended=True, next_at=None)
    nothing: dict[str, list[object]] = {"databases": [], "shares": [], "accounts": []}
    work.edit(primary, primary_id=group.id, suspended=True, next_at=None, brought=list(pairs), **nothing)


def _pairs(catalog: Catalog, group: ReplicationGroup, primary: ReplicationGroup) -> Pairs:
    """What the last refresh brought, and is in the primary group still."""
    wanted = {
        number
        for number in (*primary.databases, *primary.shares)
        if (record := catalog.records.get(number)) is not None and record.dropped_at is None
    }
    found = _replicas(catalog, group.account, wanted)
    return {record.replica_of: record.id for record in found if record.replica_of is not None}


def _replicas(catalog: Catalog, account: str, originals: set[int]) -> Iterator[Database | Share]:
    every: list[Database | Share] = [*catalog.all(Database, account), *catalog.all(Share, account)]
    return (record for record in every if record.replica_of in originals)
