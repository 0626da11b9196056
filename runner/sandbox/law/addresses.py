"""Network policies: whether an address may come in (user-guide/network-policies, network-rules)."""

from __future__ import annotations

import ipaddress

from runner.sandbox.catalog.model import NetworkPolicy, User
from runner.sandbox.catalog.networks import NetworkRule
from runner.sandbox.catalog.store import Catalog
from runner.sandbox.errors import SnowflakeError, compilation

OF_ADDRESSES = ("IPV4", "IPV6")
"""Types of rules that an address can be in; the others are of private links, by which nobody comes here."""


def check_list(values: list[str], name: str) -> list[str]:
    """The list as given, each entry an IPv4 or IPv6 address or a CIDR range."""
    for value in values:
        try:
            ipaddress.ip_network(value, strict=False)
        except ValueError:
            raise compilation(1008, "22023", f"invalid value '[{value}]' for property '{name}'") from None
    return values


def _within(address: str, ranges: list[str]) -> bool:
    found = ipaddress.ip_address(address)
    mapped = found.ipv4_mapped if isinstance(found, ipaddress.IPv6Address) else None
    candidates = [found, mapped] if mapped else [found]
    return any(c in ipaddress.ip_network(r, strict=False) for c in candidates for r in ranges)


def rules(catalog: Catalog, numbers: list[int]) -> list[NetworkRule]:
    """The rules of a policy's list that are there."""
    found = (catalog.records.get(number) for number in numbers)
    return [rule for rule in found if isinstance(rule, NetworkRule)]


def _addresses(catalog: Catalog, written: list[str], numbers: list[int]) -> list[str]:
    of_rules = (rule for rule in rules(catalog, numbers) if rule.type in OF_ADDRESSES and rule.mode == "INGRESS")
    return [*written, *(value for rule in of_rules for value in rule.values)]


def allows(catalog: Catalog, policy: NetworkPolicy, address: str) -> bool:
    """The blocked list wins. What allows some addresses keeps all others out; a policy that names none of them lets
    every address in that it does not block, an empty one lets nobody in.
    """
    if _within(address, _addresses(catalog, policy.blocked, policy.blocked_rules)):
        return False
    allowed = _addresses(catalog, policy.allowed, policy.allowed_rules)
    listed = _address_rules(catalog, policy) or bool(policy.allowed)
    return _within(address, allowed) or (not listed and _speaks(policy))


def _address_rules(catalog: Catalog, policy: NetworkPolicy) -> bool:
    return any(rule.type in OF_ADDRESSES for rule in rules(catalog, policy.allowed_rules))


def _speaks(policy: NetworkPolicy) -> bool:
    return bool(policy.blocked or policy.blocked_rules or policy.allowed_rules)


def policy_for(catalog: Catalog, user: User) -> NetworkPolicy | None:
    """The policy that counts for the user: the user's own, else the account's."""
    account = catalog.account(user.account)
    name = user.network_policy or (account.parameters.get("NETWORK_POLICY") if account else None)
    return catalog.find(NetworkPolicy, user.account, name) if name else None


def refused(catalog: Catalog, user: User, address: str) -> bool:
    policy = policy_for(catalog, user)
    return policy is not None and not allows(catalog, policy, address)


def naming(catalog: Catalog, rule: NetworkRule) -> list[NetworkPolicy]:
    """The policies whose lists name the rule."""
    policies = catalog.all(NetworkPolicy, rule.account)
    return [p for p in policies if rule.id in (*p.allowed_rules, *p.blocked_rules)]


def locks_out_caller(policy: str, address: str) -> SnowflakeError:
    """Snowflake does not let a caller shut itself out (sql-reference/sql/alter-network-policy)."""
    return compilation(
        1421,
        "22023",
        f"Network policy '{policy}' cannot be activated. Changes cannot be applied since the current IP address/token "
        f"{address} is not allowed in it.",
    )
