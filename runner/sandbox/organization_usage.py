"""SNOWFLAKE.ORGANIZATION_USAGE: what concerns all accounts (sql-reference/organization-usage)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from runner.sandbox import usage_history
from runner.sandbox.context import Context
from runner.sandbox.show import shapes
from runner.sandbox.show.shape import Row


def _accounts(context: Context) -> Iterator[Row]:
    for account in sorted(context.catalog.accounts(), key=lambda each: each.name):
        yield {
            "ORGANIZATION_NAME": account.organization,
            "ACCOUNT_NAME": account.name,
            "CREATED_ON": account.created_at,
            "REGION": account.region,
            "EDITION": account.edition,
            "IS_ORG_ADMIN": False,
            "IS_LOCKED": False,
            "ACCOUNT_LOCATOR": account.locator,
        }


def _metering(context: Context) -> Iterator[Row]:
    for account in sorted(context.catalog.accounts(), key=lambda each: each.name):
        whose = {
            "ORGANIZATION_NAME": account.organization,
            "ACCOUNT_NAME": account.name,
            "REGION": account.region,
            "SERVICE_TYPE": "WAREHOUSE_METERING",
            "ACCOUNT_LOCATOR": account.locator,
        }
        yield from (whose | dict(row) for row in usage_history.metering_of(context, account.name))


VIEWS: dict[str, tuple[str, Callable[[Context], Iterator[Row]]]] = {
    "ACCOUNTS": (shapes.ORGANIZATION_ACCOUNTS, _accounts),
    "WAREHOUSE_METERING_HISTORY": (shapes.ORGANIZATION_METERING, _metering),
}
