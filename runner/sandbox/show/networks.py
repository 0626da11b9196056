"""SHOW, DESCRIBE and ACCOUNT_USAGE of network rules and policies.

Sources: sql-reference/sql/show-network-rules, desc-network-policy; sql-reference/account-usage/network_policies,
network_rules.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping

from runner.sandbox import access
from runner.sandbox.catalog.model import NetworkPolicy, Record
from runner.sandbox.catalog.networks import NetworkRule
from runner.sandbox.catalog.store import Catalog
from runner.sandbox.context import Context
from runner.sandbox.ddl.names import dotted
from runner.sandbox.errors import compilation, does_not_exist, unsupported
from runner.sandbox.law import addresses
from runner.sandbox.show.inventory import Item
from runner.sandbox.show.listing import Listing, found
from runner.sandbox.show.request import Request
from runner.sandbox.show.shape import Row
from runner.sandbox.show.tables import common, role_type
from runner.sandbox.tokens import Reader, whole_name

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


USAGE_POLICIES = (
    "ID number, NAME, OWNER, OWNER_ROLE_TYPE, COMMENT, CREATED time, LAST_ALTERED time, DELETED time, "
    "ALLOWED_IP_LIST, BLOCKED_IP_LIST"
)
USAGE_RULES = (
    "ID number, NAME, SCHEMA_ID number, SCHEMA_NAME, DATABASE_ID number, DATABASE_NAME, OWNER, OWNER_ROLE_TYPE, "
    "COMMENT, CREATED time, LAST_ALTERED time, DELETED time, MODE, TYPE, VALUE_LIST"
)


def _usage(record: Record) -> dict[str, object]:
    return {
        "ID": record.id,
        "NAME": record.name,
        "OWNER": record.owner,
        "OWNER_ROLE_TYPE": role_type(record.owner) if record.dropped_at is None else None,
        "COMMENT": record.comment,
        "CREATED": record.created_at,
        "LAST_ALTERED": record.altered_at or record.created_at,
        "DELETED": record.dropped_at,
    }


def usage_policies(context: Context) -> Iterator[Row]:
    """ACCOUNT_USAGE.NETWORK_POLICIES: those that are there."""
    for policy in context.catalog.all(NetworkPolicy, context.session.account):
        yield _usage(policy) | {
            "ALLOWED_IP_LIST": ",".join(policy.allowed),
            "BLOCKED_IP_LIST": ",".join(policy.blocked),
        }


def usage_rules(items: Iterable[Item[NetworkRule]]) -> Iterator[Row]:
    """ACCOUNT_USAGE.NETWORK_RULES, those of dropped schemas too."""
    for item in items:
        yield _usage(item.record) | {
            "SCHEMA_ID": item.schema.id,
            "SCHEMA_NAME": item.schema.name,
            "DATABASE_ID": item.database.id,
            "DATABASE_NAME": item.database.name,
            "MODE": item.record.mode,
            "TYPE": item.record.type,
            "VALUE_LIST": ",".join(item.record.values),
        }


REFERENCES = (
    "NETWORK_RULE_DB, NETWORK_RULE_SCHEMA, NETWORK_RULE_NAME, NETWORK_RULE_MODE, NETWORK_RULE_TYPE, CONTAINER_NAME, "
    "CONTAINER_TYPE, ACTION_TYPE"
)
REFERENCE_PARAMETERS = ("NETWORK_RULE_NAME", "CONTAINER_NAME", "CONTAINER_TYPE")


def references(context: Context, arguments: Mapping[str, object]) -> Iterator[Row]:
    """NETWORK_RULE_REFERENCES: the policies that name a rule, or the rules that a policy names."""
    catalog, session = context.catalog, context.session
    if "NETWORK_RULE_NAME" in arguments:
        rule = context.get(NetworkRule, whole_name(str(arguments["NETWORK_RULE_NAME"])))
        yield from (row for policy in addresses.naming(catalog, rule) for row in _pairs(context, policy, rule))
        return
    if "CONTAINER_NAME" not in arguments or "CONTAINER_TYPE" not in arguments:
        raise compilation(938, "22023", "not enough arguments for function [NETWORK_RULE_REFERENCES]")
    if str(arguments["CONTAINER_TYPE"]).upper() != "NETWORK_POLICY":
        raise unsupported(f"CONTAINER_TYPE => {str(arguments['CONTAINER_TYPE']).upper()}")
    name = Reader(str(arguments["CONTAINER_NAME"])).identifier()
    policy = catalog.find(NetworkPolicy, session.account, name)
    if policy is None or not access.visible(catalog, session, policy):
        raise does_not_exist("Network policy", name)
    yield from _pairs(context, policy, None)


def _pairs(context: Context, policy: NetworkPolicy, wanted: NetworkRule | None) -> Iterator[Row]:
    catalog = context.catalog
    if not access.visible(catalog, context.session, policy):
        return
    for action, numbers in (("ALLOW", policy.allowed_rules), ("BLOCK", policy.blocked_rules)):
        for rule in addresses.rules(catalog, numbers):
            if wanted in (None, rule):
                place = ("NETWORK_RULE_DB", "NETWORK_RULE_SCHEMA", "NETWORK_RULE_NAME")
                yield dict(zip(place, catalog.full_name(rule), strict=True)) | {
                    "NETWORK_RULE_MODE": rule.mode,
                    "NETWORK_RULE_TYPE": rule.type,
                    "CONTAINER_NAME": policy.name,
                    "CONTAINER_TYPE": "NETWORK_POLICY",
                    "ACTION_TYPE": action,
                }


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
