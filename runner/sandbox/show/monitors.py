"""SHOW RESOURCE MONITORS and ACCOUNT_USAGE.RESOURCE_MONITORS (sql-reference/sql/show-resource-monitors)."""

from __future__ import annotations

from collections.abc import Iterator

from runner.sandbox import access
from runner.sandbox.catalog.derived import ResourceMonitor
from runner.sandbox.catalog.model import Warehouse
from runner.sandbox.context import Context
from runner.sandbox.show.listing import Listing
from runner.sandbox.show.request import Request
from runner.sandbox.show.shape import Row

USAGE = (
    "NAME, CREATED time, CREDIT_QUOTA number, USED_CREDITS number, REMAINING_CREDITS number, OWNER, WAREHOUSES, "
    "NOTIFY number, SUSPEND number, SUSPEND_IMMEDIATE number, LEVEL"
)


def _monitors(context: Context, _: Request) -> Iterator[Row]:
    catalog, session = context.catalog, context.session
    for monitor in sorted(catalog.all(ResourceMonitor, session.account), key=lambda each: each.name):
        if access.visible(catalog, session, monitor):
            yield {
                "name": monitor.name,
                "credit_quota": None if monitor.credit_quota is None else f"{monitor.credit_quota}.00",
                "used_credits": "0.00",
                "remaining_credits": None if monitor.credit_quota is None else f"{monitor.credit_quota}.00",
                "level": level(context, monitor),
                "frequency": monitor.frequency,
                "start_time": monitor.created_at,
                "notify_at": _at(monitor, "NOTIFY"),
                "suspend_at": _at(monitor, "SUSPEND"),
                "suspend_immediately_at": _at(monitor, "SUSPEND_IMMEDIATE"),
                "created_on": monitor.created_at,
                "owner": monitor.owner,
                "comment": monitor.comment or "",
                "notify_users": ", ".join(monitor.notify_users),
            }


def _at(monitor: ResourceMonitor, action: str) -> str | None:
    return ",".join(f"{percent}%" for percent, done in monitor.triggers if done == action) or None


def _warehouses(context: Context, monitor: ResourceMonitor) -> list[str]:
    every = context.catalog.all(Warehouse, monitor.account)
    return [warehouse.name for warehouse in every if warehouse.resource_monitor == monitor.name]


def level(context: Context, monitor: ResourceMonitor) -> str | None:
    """What the monitor watches: warehouses, or nothing yet."""
    return "WAREHOUSE" if _warehouses(context, monitor) else None


def usage(context: Context) -> Iterator[Row]:
    for monitor in context.catalog.all(ResourceMonitor, context.session.account):
        least = {action: [int(p) for p, done in monitor.triggers if done == action] for action in _ACTIONS}
        yield {
            "NAME": monitor.name,
            "CREATED": monitor.created_at,
            "CREDIT_QUOTA": monitor.credit_quota,
            "USED_CREDITS": 0,
            "REMAINING_CREDITS": monitor.credit_quota,
            "OWNER": monitor.owner,
            "WAREHOUSES": ", ".join(_warehouses(context, monitor)) or None,
            **{action: min(percents, default=None) for action, percents in least.items()},
            "LEVEL": level(context, monitor),
        }


_ACTIONS = ("NOTIFY", "SUSPEND", "SUSPEND_IMMEDIATE")
LISTINGS: dict[tuple[str, ...], Listing] = {
    ("RESOURCE", "MONITORS"): Listing(
        "name, credit_quota, used_credits, remaining_credits, level, frequency, start_time time, end_time time, "
        "notify_at, suspend_at, suspend_immediately_at, created_on time, owner, comment, notify_users",
        _monitors,
        scoped=False,
        differs="nothing is charged: `used_credits` is 0.00",
    )
}
