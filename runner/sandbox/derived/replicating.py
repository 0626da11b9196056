"""Refreshes of secondary groups by REPLICATION_SCHEDULE, run by the role that owns the group.

Source: user-guide/account-replication-intro (replication schedule); a first refresh follows on the making of the group.
"""

from __future__ import annotations

import logging
from datetime import datetime

from runner.sandbox.catalog.replication import ReplicationGroup
from runner.sandbox.errors import SnowflakeError
from runner.sandbox.kernel import Kernel
from runner.sandbox.tasks import schedule
from runner.sandbox.tokens import quote_identifier

_log = logging.getLogger("runner.sandbox")


def following(group: ReplicationGroup, start: datetime) -> datetime | None:
    """When a secondary group is refreshed next after a refresh that began then."""
    if group.primary_id is None or group.suspended or not group.schedule:
        return None
    return schedule.parse(group.schedule).after(start)


def first_due(kernel: Kernel) -> tuple[datetime, ReplicationGroup] | None:
    found = [
        (record.next_at, record)
        for record in list(kernel.catalog.records.values())
        if isinstance(record, ReplicationGroup) and record.next_at and record.primary_id is not None
        if record.dropped_at is None and not record.suspended
    ]
    return min(found, key=lambda due: (due[0], due[1].id), default=None)


def start(kernel: Kernel, group: ReplicationGroup, at: datetime, now: datetime) -> None:
    """A scheduled refresh; the next one is set first. One that fails is in the query history and changes nothing."""
    after = following(group, at)
    while after is not None and after <= now:
        after = following(group, after)
    with kernel.catalog.work() as work:
        work.edit(group, next_at=after)
    kind = "FAILOVER" if group.failover else "REPLICATION"
    session = kernel.login(group.account, "SYSTEM", group.owner)
    try:
        kernel.execute(session, f"ALTER {kind} GROUP {quote_identifier(group.name)} REFRESH")
    except SnowflakeError as error:
        _log.info("the refresh of group %s in account %s failed: %s", group.name, group.account, error.message)
    finally:
        kernel.logout(session)
