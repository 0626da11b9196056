"""CREATE, ALTER and DROP of NETWORK POLICY with address lists; the caller can never shut itself out.

Sources: sql-reference/sql/create-network-policy, alter-network-policy; user-guide/network-policies.
"""

from __future__ import annotations

from collections.abc import Mapping

from runner.sandbox import access
from runner.sandbox.catalog.model import NetworkPolicy, User
from runner.sandbox.catalog.store import Work, utc_now
from runner.sandbox.context import Context
from runner.sandbox.errors import already_exists, compilation, does_not_exist, unsupported
from runner.sandbox.law import addresses, clauses
from runner.sandbox.result import Result, status_result
from runner.sandbox.tokens import Reader

_KIND = "NETWORK POLICY"


def _rules(reader: Reader) -> object:
    raise unsupported(f"network rules in a {_KIND} at {reader.peek().text}")


_KNOWN: dict[str, clauses.Value] = {
    "ALLOWED_IP_LIST": clauses.strings,
    "ALLOWED_NETWORK_RULE_LIST": _rules,
    "BLOCKED_IP_LIST": clauses.strings,
    "BLOCKED_NETWORK_RULE_LIST": _rules,
    "COMMENT": clauses.text,
}
_FIELDS = {"ALLOWED_IP_LIST": "allowed", "BLOCKED_IP_LIST": "blocked", "COMMENT": "comment"}
_EMPTY: dict[str, object] = {"allowed": [], "blocked": [], "comment": None}


def create(context: Context, text: str) -> Result:
    reader = Reader(text)
    head = clauses.create(reader, "NETWORK", "POLICY")
    name = reader.identifier()
    changes = _changes(clauses.properties(reader, _KIND, _KNOWN))
    context.commit_for_ddl()
    with context.catalog.work() as work:
        access.require_account(context.catalog, context.session, "CREATE NETWORK POLICY")
        existing = context.catalog.find(NetworkPolicy, context.session.account, name)
        if existing is not None and head.unless_exists:
            return status_result(f"{name} already exists, statement succeeded.")
        if existing is not None and not head.replace:
            raise already_exists(name)
        if existing is not None:
            _drop(context, work, existing)
        policy = NetworkPolicy(
            account=context.session.account,
            name=name,
            owner=access.owner_for_new(context.catalog, context.session),
            created_at=utc_now(),
        )
        work.edit(work.add(policy), **changes)
    return status_result(f"Network policy {name} successfully created.")


def _changes(given: Mapping[str, object]) -> dict[str, object]:
    for key, value in given.items():
        if isinstance(value, list):
            addresses.check_list(value, key)
    return {_FIELDS[key]: value for key, value in given.items()}


def alter(context: Context, text: str) -> Result:
    reader = Reader(text)
    forgiving = clauses.alter(reader, "ALTER", "NETWORK", "POLICY")
    name = reader.identifier()
    context.commit_for_ddl()
    with context.catalog.work() as work:
        if forgiving and context.catalog.find(NetworkPolicy, context.session.account, name) is None:
            return status_result("Statement executed successfully.")
        policy = find(context, name)
        context.require("OWNERSHIP", policy)
        _alter(context, work, reader, policy)
    return status_result("Statement executed successfully.")


def _alter(context: Context, work: Work, reader: Reader, policy: NetworkPolicy) -> None:
    if reader.accept("RENAME", "TO"):
        _rename(context, work, reader, policy)
        return
    if reader.accept("UNSET"):
        changes: dict[str, object] = {_FIELDS[k]: _EMPTY[_FIELDS[k]] for k in clauses.names(reader, _KIND, _FIELDS)}
    else:
        reader.expect("SET")
        changes = _changes(clauses.settings(reader, _KIND, _KNOWN))
    work.edit(policy, altered_at=utc_now(), **changes)
    user = context.catalog.find(User, policy.account, context.session.user)
    if user is not None and addresses.policy_for(context.catalog, user) is policy:
        refuse_lockout(context, policy)


def refuse_lockout(context: Context, policy: NetworkPolicy) -> None:
    if not addresses.allows(policy.allowed, policy.blocked, context.session.address):
        raise addresses.locks_out_caller(policy.name, context.session.address)


def _rename(context: Context, work: Work, reader: Reader, policy: NetworkPolicy) -> None:
    new_name = reader.identifier()
    reader.end()
    if context.catalog.find(NetworkPolicy, policy.account, new_name) is not None:
        raise already_exists(new_name)
    for user in _users_of(context, policy):
        work.edit(user, network_policy=new_name)
    account = context.catalog.account(policy.account)
    if account is not None and account.parameters.get("NETWORK_POLICY") == policy.name:
        account.parameters["NETWORK_POLICY"] = new_name
        work.rewrite(account)
    work.edit(policy, name=new_name, altered_at=utc_now())


def _users_of(context: Context, policy: NetworkPolicy) -> list[User]:
    return [user for user in context.catalog.all(User, policy.account) if user.network_policy == policy.name]


def find(context: Context, name: str) -> NetworkPolicy:
    """The policy that the session sees under the name, or 002003."""
    found = context.catalog.find(NetworkPolicy, context.session.account, name)
    if found is None or not access.visible(context.catalog, context.session, found):
        raise does_not_exist("Network policy", name)
    return found


def drop(context: Context, text: str) -> Result:
    reader = Reader(text)
    forgiving = clauses.alter(reader, "DROP", "NETWORK", "POLICY")
    name = reader.identifier()
    reader.end()
    context.commit_for_ddl()
    with context.catalog.work() as work:
        if forgiving and context.catalog.find(NetworkPolicy, context.session.account, name) is None:
            return status_result(f"Drop statement executed successfully ({name} already dropped).")
        _drop(context, work, find(context, name))
    return status_result(f"{name} successfully dropped.")


def _drop(context: Context, work: Work, policy: NetworkPolicy) -> None:
    context.require("OWNERSHIP", policy)
    account = context.catalog.account(policy.account)
    on_account = account is not None and account.parameters.get("NETWORK_POLICY") == policy.name
    if on_account or _users_of(context, policy):
        raise compilation(
            1492, "42601", f"Cannot perform Drop operation on network policy {policy.name}. The policy is attached to "
            f"{'the account' if on_account else 'user ' + _users_of(context, policy)[0].name}."
        )  # fmt: skip
    work.forget(policy)
