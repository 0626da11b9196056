"""ALTER ACCOUNT SET | UNSET of parameters (sql-reference/sql/alter-account): those of sessions and objects too."""

from __future__ import annotations

from collections.abc import Mapping

from runner.sandbox import parameters
from runner.sandbox.access import has_account, require_account
from runner.sandbox.catalog.model import Account
from runner.sandbox.catalog.store import Work
from runner.sandbox.context import Context
from runner.sandbox.errors import unsupported
from runner.sandbox.law import clauses
from runner.sandbox.result import Result, status_result
from runner.sandbox.statements import login_policy, network, user
from runner.sandbox.statements.settings import reading
from runner.sandbox.tokens import Reader

_PARAMETERS: dict[str, clauses.Value] = {
    **{name: reading(name) for name in parameters.PARAMETERS},
    "NETWORK_POLICY": clauses.name,
}


def alter(context: Context, text: str) -> Result:
    reader = Reader(text)
    reader.expect("ALTER", "ACCOUNT")
    if (order := login_policy.read_order(reader)) is not None:
        return _obey(context, order)
    given = _given(reader)
    context.commit_for_ddl()
    with context.catalog.work() as work:
        account = context.catalog.account(context.session.account)
        assert account is not None, "a session's account exists"
        _require(context, given)
        _set(context, work, account, given)
    return status_result("Statement executed successfully.")


def _obey(context: Context, order: login_policy.Order) -> Result:
    context.commit_for_ddl()
    with context.catalog.work() as work:
        account = context.catalog.account(context.session.account)
        assert account is not None, "a session's account exists"
        login_policy.obey(context, work, account, order)
    return status_result("Statement executed successfully.")


def _given(reader: Reader) -> Mapping[str, object]:
    if reader.accept("UNSET"):
        return dict.fromkeys(clauses.names(reader, "ACCOUNT", _PARAMETERS))
    if not reader.accept("SET"):
        raise reader.unexpected() if reader.at_end() else unsupported(f"ALTER ACCOUNT {reader.peek().word}")
    return clauses.settings(reader, "ACCOUNT", _PARAMETERS)


def _require(context: Context, given: Mapping[str, object]) -> None:
    """A network policy takes ATTACH POLICY, everything else ACCOUNTADMIN."""
    if set(given) == {"NETWORK_POLICY"} and has_account(context.catalog, context.session, "ATTACH POLICY"):
        return
    require_account(context.catalog, context.session, "MODIFY ACCOUNT")


def _set(context: Context, work: Work, account: Account, given: Mapping[str, object]) -> None:
    if policy := given.get("NETWORK_POLICY"):
        found = user.may_attach(context, str(policy))
        network.refuse_lockout(context, found)
    kept = {key: value for key, value in account.parameters.items() if key not in given}
    fresh = {key: str(value) for key, value in given.items() if value is not None}
    work.edit_link(account, parameters=kept | fresh)
