"""CREATE, ALTER and DROP NETWORK RULE (sql-reference/sql/create-network-rule, alter-network-rule, drop-)."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from runner.sandbox.catalog.model import User
from runner.sandbox.catalog.networks import NetworkRule
from runner.sandbox.catalog.store import utc_now
from runner.sandbox.context import Context
from runner.sandbox.ddl.header import read_header
from runner.sandbox.errors import SnowflakeError, compilation, unsupported
from runner.sandbox.law import addresses, clauses
from runner.sandbox.result import Result, status_result
from runner.sandbox.statements import objects
from runner.sandbox.statements.network import refuse_lockout
from runner.sandbox.tokens import Reader

_KIND = "NETWORK RULE"
_MODES: dict[str, tuple[str, ...]] = {
    "IPV4": ("INGRESS",),
    "IPV6": ("INGRESS",),
    "AWSVPCEID": ("INGRESS", "INTERNAL_STAGE", "SNOWFLAKE_MANAGED_STORAGE_VOLUME"),
    "AZURELINKID": ("INGRESS", "INTERNAL_STAGE"),
    "GCPPSCID": ("INGRESS",),
    "HOST_PORT": ("EGRESS",),
    "PRIVATE_HOST_PORT": ("EGRESS",),
    "COMPUTE_POOL": ("INGRESS",),
}


def _word(reader: Reader) -> str:
    return reader.next().identifier.upper()


_SETTABLE: dict[str, clauses.Value] = {"VALUE_LIST": clauses.strings, "COMMENT": clauses.text}
_KNOWN: dict[str, clauses.Value] = {"TYPE": _word, "MODE": _word, **_SETTABLE}


def create(context: Context, text: str) -> Result:
    reader = Reader(text)
    header = read_header(reader, _KIND, or_alter=True)
    parts = reader.name()
    given = clauses.properties(reader, _KIND, _KNOWN)
    kind, mode = _type_and_mode(given)
    values = _checked(kind, given.get("VALUE_LIST"))
    context.commit_for_ddl()
    with context.catalog.work() as work:
        schema, name = context.target(parts)
        may = partial(context.require, "CREATE NETWORK RULE", schema)
        found = context.catalog.object(schema, NetworkRule, name)
        old = objects.standing(context, header, found, NetworkRule, parts, may)
        if old is not None and header.if_not_exists:
            return objects.left_alone(name)
        if old is not None:
            context.require("OWNERSHIP", old)
        if old is not None and header.or_alter:
            if (old.type, old.mode) != (kind, mode):
                raise unsupported("CREATE OR ALTER NETWORK RULE with another TYPE or MODE")
            work.edit(old, values=values, comment=clauses.comment(given), altered_at=utc_now())
            _refuse_lockout(context, old)
            return objects.created("Network rule", name)
        if old is not None:
            _refuse_named(context, old, "replace")
            objects.remove(work, old)
        record = NetworkRule(
            account=schema.account,
            name=name,
            owner=objects.owner(context),
            comment=clauses.comment(given),
            created_at=utc_now(),
            schema_id=schema.id,
            type=kind,
            mode=mode,
            values=values,
        )
        objects.install(context, work, record, None)
    return objects.created("Network rule", name)


def _type_and_mode(given: Mapping[str, object]) -> tuple[str, str]:
    kind, mode = str(given.get("TYPE", "")), str(given.get("MODE", "INGRESS"))
    if not kind or "VALUE_LIST" not in given:
        missing = "VALUE_LIST" if kind else "TYPE"
        raise compilation(1418, "22023", f"missing property '{missing}' for '{_KIND}'")
    if kind not in _MODES:
        raise clauses.invalid_value(kind, "TYPE")
    if mode not in _MODES[kind]:
        raise clauses.invalid_value(mode, "MODE")
    return kind, mode


def _checked(kind: str, given: object) -> list[str]:
    values = [str(value) for value in given] if isinstance(given, list) else []
    return addresses.check_list(values, "VALUE_LIST") if kind in addresses.OF_ADDRESSES else values


def alter(context: Context, text: str) -> Result:
    reader = Reader(text)
    forgiving = clauses.alter(reader, "ALTER", "NETWORK", "RULE")
    parts = reader.name()
    if unset := reader.accept("UNSET"):
        given: Mapping[str, object] = dict.fromkeys(clauses.names(reader, _KIND, _SETTABLE))
    else:
        reader.expect("SET")
        given = clauses.settings(reader, _KIND, _SETTABLE)
    context.commit_for_ddl()
    with context.catalog.work() as work:
        if forgiving and context.find(NetworkRule, parts) is None:
            return status_result(objects.DONE)
        rule = context.writable(NetworkRule, parts)
        context.require("OWNERSHIP", rule)
        changes: dict[str, object] = {}
        if "VALUE_LIST" in given:
            changes["values"] = [] if unset else _checked(rule.type, given["VALUE_LIST"])
        if "COMMENT" in given:
            changes["comment"] = given["COMMENT"]
        work.edit(rule, altered_at=utc_now(), **changes)
        _refuse_lockout(context, rule)
    return status_result(objects.DONE)


def _refuse_lockout(context: Context, rule: NetworkRule) -> None:
    """Who changes a rule must still be let in by the policy that names it."""
    user = context.catalog.find(User, rule.account, context.session.user)
    policy = addresses.policy_for(context.catalog, user) if user else None
    if policy is not None and policy in addresses.naming(context.catalog, rule):
        refuse_lockout(context, policy)


def drop(context: Context, text: str) -> Result:
    reader = Reader(text)
    forgiving = clauses.alter(reader, "DROP", "NETWORK", "RULE")
    parts = reader.name()
    reader.end()
    context.commit_for_ddl()
    with context.catalog.work() as work:
        if forgiving and context.find(NetworkRule, parts) is None:
            return objects.already_dropped(parts[-1])
        rule = context.writable(NetworkRule, parts, "DROP")
        context.require("OWNERSHIP", rule)
        _refuse_named(context, rule, "drop")
        objects.remove(work, rule)
    return status_result(f"{rule.name} successfully dropped.")


def _refuse_named(context: Context, rule: NetworkRule, verb: str) -> None:
    if found := addresses.naming(context.catalog, rule):
        raise _named(rule, found[0].name, verb)


def _named(rule: NetworkRule, policy: str, verb: str) -> SnowflakeError:
    return compilation(
        1493, "42601", f"Cannot {verb} network rule {rule.name}: it is in the lists of network policy {policy}."
    )
