"""The handlers of what governs: roles, users, warehouses, policies, the account, shares and grants."""

from __future__ import annotations

from collections.abc import Callable

from runner.sandbox.context import Context
from runner.sandbox.law import login_policies, policies
from runner.sandbox.result import Result
from runner.sandbox.statements import (
    account,
    grant,
    login_policy,
    network,
    network_rule,
    policy,
    replication,
    resource_monitor,
    role,
    share,
    user,
    warehouse,
)

STATEMENTS: dict[tuple[str, ...], Callable[[Context, str], Result]] = {
    ("GRANT",): grant.grant,
    ("REVOKE",): grant.revoke,
    ("CREATE", "ROLE"): role.create,
    ("ALTER", "ROLE"): role.alter,
    ("DROP", "ROLE"): role.drop,
    ("CREATE", "DATABASE", "ROLE"): role.create_database_role,
    ("ALTER", "DATABASE", "ROLE"): role.alter_database_role,
    ("DROP", "DATABASE", "ROLE"): role.drop_database_role,
    ("CREATE", "USER"): user.create,
    ("ALTER", "USER"): user.alter,
    ("DROP", "USER"): user.drop,
    ("CREATE", "WAREHOUSE"): warehouse.create,
    ("ALTER", "WAREHOUSE"): warehouse.alter,
    ("DROP", "WAREHOUSE"): warehouse.drop,
    ("CREATE", "RESOURCE", "MONITOR"): resource_monitor.create,
    ("ALTER", "RESOURCE", "MONITOR"): resource_monitor.alter,
    ("DROP", "RESOURCE", "MONITOR"): resource_monitor.drop,
    ("CREATE", "NETWORK", "POLICY"): network.create,
    ("ALTER", "NETWORK", "POLICY"): network.alter,
    ("DROP", "NETWORK", "POLICY"): network.drop,
    ("CREATE", "NETWORK", "RULE"): network_rule.create,
    ("ALTER", "NETWORK", "RULE"): network_rule.alter,
    ("DROP", "NETWORK", "RULE"): network_rule.drop,
    ("ALTER", "ACCOUNT"): account.alter,
    **{("CREATE", kind, "GROUP"): replication.create for kind in ("REPLICATION", "FAILOVER")},
    **{("ALTER", kind, "GROUP"): replication.alter for kind in ("REPLICATION", "FAILOVER")},
    **{("DROP", kind, "GROUP"): replication.drop for kind in ("REPLICATION", "FAILOVER")},
    ("CREATE", "SHARE"): share.create,
    ("ALTER", "SHARE"): share.alter,
    ("DROP", "SHARE"): share.drop,
    **{("CREATE", *kind.split()): login_policy.create(kind) for kind in login_policies.KINDS},
    **{("ALTER", *kind.split()): login_policy.alter(kind) for kind in login_policies.KINDS},
    **{("DROP", *kind.split()): login_policy.drop(kind) for kind in login_policies.KINDS},
    **{("CREATE", *kind.split()): policy.create for kind in policies.KINDS},
    **{("ALTER", *kind.split()): policy.alter for kind in policies.KINDS},
    **{("DROP", *kind.split()): policy.drop for kind in policies.KINDS},
}
"""Leading words to handler. CREATE DATABASE … FROM SHARE comes through the statement for databases."""
