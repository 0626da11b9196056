"""CREATE, ALTER and DROP of NETWORK POLICY with address lists; the caller can never shut itself out.

Sources: sql-reference/sql/create-network-policy, alter-network-policy; user-guide/network-policies.
"""

from __future__ import annotations

from collections.abc import Mapping

from runner.sandbox import access
from runner.sandbox.catalog.model import NetworkPolicy, User
from runner.sandbox.catalog.networks import NetworkRule
from runner.sandbox.catalog.store import Work, utc_now
from runner.sandbox.context import Context
from runner.sandbox.ddl.header import read_header
from runner.sandbox.errors import already_exists, compilation, does_not_exist
from runner.sandbox.law import addresses, clauses
from runner.sandbox.result import Result, status_result
from runner.sandbox.tokens import Reader

_KIND = "NETWORK POLICY"


_KNOWN: dict[str, clauses.Value] = {
    "ALLOWED_IP_LIST": clauses.strings,
    "ALLOWED_NETWORK_RULE_LIST": clauses.strings,
    "BLOCKED_IP_LIST": clauses.strings,
    "BLOCKED_NETWORK_RULE_LIST": clauses.strings,
    "COMMENT": clauses.text,
}
_RULES = {"ALLOWED_NETWORK_RULE_LIST": "allowed_rules", "BLOCKED_NETWORK_RULE_LIST": "blocked_rules"}
_FIELDS = {"ALLOWED_IP_LIST": "allowed", "BLOCKED_IP_LIST": "blocked", "COMMENT": "comment", **_RULES}
_EMPTY: dict[str, object] = {"allowed": [], "blocked": [], "comment": None, "allowed_rules": [], "blocked_rules": []}


def create(context: Context, text: str) -> Result:
    reader = Reader(text)
    head = read_header(reader, _KIND, or_alter=True)
    name = reader.identifier()
    given = clauses.properties(reader, _KIND, _KNOWN)
    context.commit_for_ddl()
    with context.catalog.work() as work:
        access.require_account(context.catalog, context.session, "CREATE NETWORK POLICY")
        existing = context.catalog.find(NetworkPolicy, context.session.account, name)
        if existing is not None and head.if_not_exists:
            return status_result(f"{name} already exists, statement succeeded.")
        if existing is not None and not (head.or_replace or head.or_alter):
            raise already_exists(name)
        changes = _changes(context, given)
        if existing is not None and head.or_alter:
            _refuse_assigned(context, existing, "Alter")
            work.edit(existing, altered_at=utc_now(), **(_EMPTY | changes))
            return status_result(f"Network policy {name} successfully created.")
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


def _changes(context: Context, given: Mapping[str, object]) -> dict[str, object]:
    changes = {_FIELDS[key]: value for key, value in given.items()}
    for key, value in given.items():
        if key in _RULES and isinstance(value, list):
            changes[_FIELDS[key]] = [_rule(context, name) for name in value]
        elif isinstance(value, list):
            addresses.check_list(value, key)
    return changes


def _rule(context: Context, written: str) -> int:
    """The rule of the name; one for what goes out keeps nobody out."""
    name = Reader(written)
    parts = name.name()
    name.end()
    rule = context.get(NetworkRule, parts, "CREATE NETWORK POLICY")
    if rule.mode == "EGRESS":
        raise clauses.invalid_value(written, "NETWORK_RULE_LIST")
    return rule.id


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
    elif word := reader.accept_any("ADD", "REMOVE"):
        changes = _moved(context, clauses.settings(reader, _KIND, _ONE_RULE), policy, add=word == "ADD")
    else:
        reader.expect("SET")
        changes = _changes(context, clauses.settings(reader, _KIND, _KNOWN))
    work.edit(policy, altered_at=utc_now(), **changes)
    user = context.catalog.find(User, policy.account, context.session.user)
    if user is not None and addresses.policy_for(context.catalog, user) is policy:
        refuse_lockout(context, policy)


_ONE_RULE: dict[str, clauses.Value] = dict.fromkeys(_RULES, clauses.text)


def _moved(context: Context, given: Mapping[str, object], policy: NetworkPolicy, *, add: bool) -> dict[str, object]:
    """Lists with a rule more, or less."""
    changes: dict[str, object] = {}
    for key, written in given.items():
        number = _rule(context, str(written))
        left = [each for each in getattr(policy, _RULES[key]) if each != number]
        changes[_RULES[key]] = [*left, number] if add else left
    return changes


def refuse_lockout(context: Context, policy: NetworkPolicy) -> None:
    if not addresses.allows(context.catalog, policy, context.session.address):
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
        work.edit_link(account, parameters=account.parameters | {"NETWORK_POLICY": new_name})
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
    _refuse_assigned(context, policy, "Drop")
    work.forget(policy)


def _refuse_assigned(context: Context, policy: NetworkPolicy, verb: str) -> None:
    account = context.catalog.account(policy.account)
    on_account = account is not None and account.parameters.get("NETWORK_POLICY") == policy.name
    if on_account or _users_of(context, policy):
        raise compilation(
            1492, "42601", f"Cannot perform {verb} operation on network policy {policy.name}. The policy is attached "
            f"to {'the account' if on_account else 'user ' + _users_of(context, policy)[0].name}."
        )  # fmt: skip
