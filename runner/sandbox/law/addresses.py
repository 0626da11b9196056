"""Network policies: whether an address may come in (user-guide/network-policies)."""

from __future__ import annotations

import ipaddress

from runner.sandbox.catalog.model import NetworkPolicy, User
from runner.sandbox.catalog.store import Catalog
from runner.sandbox.errors import SnowflakeError, compilation


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


def allows(allowed: list[str], blocked: list[str], address: str) -> bool:
    """The blocked list wins; with an empty allowed list nobody comes in unless only a blocked list is given."""
    if _within(address, blocked):
        return False
    return _within(address, allowed) or (not allowed and bool(blocked))


def policy_for(catalog: Catalog, user: User) -> NetworkPolicy | None:
    """The policy that counts for the user: the user's own, else the account's."""
    account = catalog.account(user.account)
    name = user.network_policy or (account.parameters.get("NETWORK_POLICY") if account else None)
    return catalog.find(NetworkPolicy, user.account, name) if name else None


def refused(catalog: Catalog, user: User, address: str) -> bool:
    policy = policy_for(catalog, user)
    return policy is not None and not allows(policy.allowed, policy.blocked, address)


def locks_out_caller(policy: str, address: str) -> SnowflakeError:
    """Snowflake does not let a caller shut itself out (sql-reference/sql/alter-network-policy)."""
    return compilation(
        1421,
        "22023",
        f"Network policy '{policy}' cannot be activated. Changes cannot be applied since the current IP address/token "
        f"{address} is not allowed in it.",
    )
