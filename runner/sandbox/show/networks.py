"""SHOW and DESCRIBE of network rules and policies (sql-reference/sql/show-network-rules, desc-network-policy)."""

from __future__ import annotations

import json
from collections.abc import Iterator

from runner.sandbox.catalog.model import NetworkPolicy
from runner.sandbox.catalog.networks import NetworkRule
from runner.sandbox.catalog.store import Catalog
from runner.sandbox.context import Context
from runner.sandbox.ddl.names import dotted
from runner.sandbox.law import addresses
from runner.sandbox.show.inventory import Item
from runner.sandbox.show.listing import Listing, found
from runner.sandbox.show.request import Request
from runner.sandbox.show.shape import Row
from runner.sandbox.show.tables import common

RULE = "created_on time, name, database_name, schema_name, owner, comment, type, mode, value_list, owner_role_type"


def _rules(context: Context, request: Request) -> Iterator[Row]:
    for item in found(context, request, NetworkRule):
        yield {**_common(item), "entries_in_valuelist": len(item.record.values)}


def _common(item: Item[NetworkRule]) -> Row:
    return common(item) | {"type": item.record.type, "mode": item.record.mode}


def rule_rows(item: Item[NetworkRule]) -> Iterator[Row]:
    yield {**_common(item), "value_list": ",".join(item.record.values)}


def policy_rows(catalog: Catalog, policy: NetworkPolicy) -> Iterator[Row]:
    lists = (("ALLOWED_IP_LIST", policy.allowed), ("BLOCKED_IP_LIST", policy.blocked))
    yield from ({"name": name, "value": ",".join(values)} for name, values in lists if values)
    named = (
        ("ALLOWED_NETWORK_RULE_LIST", policy.allowed_rules),
        ("BLOCKED_NETWORK_RULE_LIST", policy.blocked_rules),
    )
    yield from ({"name": name, "value": _names(catalog, numbers)} for name, numbers in named if numbers)


def _names(catalog: Catalog, numbers: list[int]) -> str:
    rules = addresses.rules(catalog, numbers)
    names = [{"fullyQualifiedRuleName": dotted(catalog.full_name(rule))} for rule in rules]
    return json.dumps(names, separators=(",", ":"))


LISTINGS: dict[tuple[str, ...], Listing] = {
    ("NETWORK", "RULES"): Listing(
        "created_on time, name, database_name, schema_name, owner, comment, type, mode, entries_in_valuelist number, "
        "owner_role_type",
        _rules,
    )
}
