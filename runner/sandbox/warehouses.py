"""Warehouses at work: which statements need one, when it goes to sleep, when it wakes.

The state is computed when it is looked at: a started warehouse on which nothing has run for AUTO_SUSPEND seconds is
suspended (user-guide/warehouses-overview). Uses are remembered in memory; to resume takes no time.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from runner.sandbox.catalog.model import Warehouse
from runner.sandbox.catalog.store import utc_now
from runner.sandbox.context import Context
from runner.sandbox.errors import SnowflakeError
from runner.sandbox.kernel import Kernel

_ROWS = re.compile(r"\b(?:FROM|SELECT|WITH|INTO)\b", re.IGNORECASE)
_READS = re.compile(r"\bFROM\b", re.IGNORECASE)
_METADATA = re.compile(r"\bINFORMATION_SCHEMA\b|\bRESULT_SCAN\b", re.IGNORECASE)


def state(kernel: Kernel, warehouse: Warehouse, now: datetime | None = None) -> str:
    """STARTED or SUSPENDED, as of now."""
    if warehouse.state == "SUSPENDED" or not warehouse.auto_suspend or at_work(kernel, warehouse):
        return warehouse.state
    idle = (now or utc_now()) - active_at(kernel, warehouse)
    return "SUSPENDED" if idle >= timedelta(seconds=warehouse.auto_suspend) else "STARTED"


def active_at(kernel: Kernel, warehouse: Warehouse) -> datetime:
    """When it was last at work, resumed or made."""
    known = (kernel.uses.last.get(warehouse.id), resumed_at(kernel, warehouse))
    return max(at for at in known if at is not None)


def resumed_at(kernel: Kernel, warehouse: Warehouse) -> datetime:
    """When it last began to run."""
    known = (kernel.uses.woken.get(warehouse.id), warehouse.resumed_at, warehouse.created_at)
    return max(at for at in known if at is not None)


def at_work(kernel: Kernel, warehouse: Warehouse, spared: str = "") -> int:
    """How many statements run on it now."""
    every = list(kernel.running.values())
    mine = [r for r in every if r.session.account == warehouse.account and r.session.warehouse == warehouse.name]
    return sum(1 for r in mine if r.query_id in kernel.computing and r.query_id != spared)


def needs(text: str, kind: str) -> bool:
    """Whether the statement computes: constants and what the catalogue knows need no warehouse."""
    head = text[:20_000]
    if kind == "SELECT":
        return bool(_READS.search(head)) and not _METADATA.search(head)
    return kind == "DML" or bool(_ROWS.search(head))


def begin(context: Context, text: str, kind: str) -> Callable[[], None] | None:
    """The session's warehouse goes to work for the statement; None where it needs none. Call the answer at its end.

    A suspended one wakes up where AUTO_RESUME is on. A session without a warehouse is let through.
    """
    name = context.session.warehouse
    warehouse = context.catalog.find(Warehouse, context.session.account, name) if name else None
    if warehouse is None or not needs(text, kind):
        return None
    kernel, now = context.engine, utc_now()
    if state(kernel, warehouse, now) == "SUSPENDED":
        _wake(kernel, warehouse, now)
    number, query_id = warehouse.id, context.query_id
    kernel.uses.last[number] = now
    kernel.computing.add(query_id)

    def end() -> None:
        kernel.computing.discard(query_id)
        kernel.uses.last[number] = utc_now()

    return end


def _wake(kernel: Kernel, warehouse: Warehouse, now: datetime) -> None:
    if not warehouse.auto_resume:
        raise SnowflakeError(
            606,
            "57P03",
            "No active warehouse selected in the current session.  Select an active warehouse with the 'use warehouse' "
            f"command. (Warehouse '{warehouse.name}' is suspended, and AUTO_RESUME is off.)",
        )
    kernel.uses.woken[warehouse.id] = now
    if warehouse.state == "SUSPENDED":
        with kernel.catalog.work() as work:
            work.edit(warehouse, state="STARTED", resumed_at=now)


def timeout(context_account: str, name: str | None, kernel: Kernel) -> int | None:
    """STATEMENT_TIMEOUT_IN_SECONDS of a warehouse, where it is set."""
    warehouse = kernel.catalog.find(Warehouse, context_account, name) if name else None
    given = warehouse.properties.get("STATEMENT_TIMEOUT_IN_SECONDS") if warehouse is not None else None
    return int(given) if given else None
