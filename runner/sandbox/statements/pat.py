"""ALTER USER … ADD | ROTATE | REMOVE | MODIFY PROGRAMMATIC ACCESS TOKEN (user-guide/programmatic-access-tokens).

A secret is in the result of the statement that made it and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from runner.sandbox import access
from runner.sandbox.catalog.model import Role, Token, User
from runner.sandbox.catalog.store import utc_now
from runner.sandbox.context import Context
from runner.sandbox.errors import SnowflakeError, compilation, does_not_exist
from runner.sandbox.law import addresses, clauses, login_policies, tokens
from runner.sandbox.result import TEXT, Column, Result, StatementType, rows_result, status_result
from runner.sandbox.tokens import Reader

VERBS = ("ADD", "ROTATE", "REMOVE", "MODIFY")
_NEW: dict[str, clauses.Value] = {
    "COMMENT": clauses.text,
    "DAYS_TO_EXPIRY": clauses.number,
    "MINS_TO_BYPASS_NETWORK_POLICY_REQUIREMENT": clauses.number,
    "ROLE_RESTRICTION": clauses.name,
}
_ROTATE_HOURS = 24
_MAX_ROTATE_HOURS = 168
_BYPASS = "MINS_TO_BYPASS_NETWORK_POLICY_REQUIREMENT"
_MAX_BYPASS_MINUTES = 1440


def alter(context: Context, reader: Reader, user_name: str) -> Result:
    """Reads on from the verb."""
    verb = reader.accept_any(*VERBS)
    if not reader.accept("PAT"):
        reader.expect("PROGRAMMATIC", "ACCESS", "TOKEN")
    name = reader.identifier()
    match verb:
        case "ADD":
            return _add(context, reader, user_name, name)
        case "ROTATE":
            return _rotate(context, reader, user_name, name)
        case "REMOVE":
            return _remove(context, reader, user_name, name)
        case _:
            return _modify(context, reader, user_name, name)


def _user(context: Context, name: str) -> User:
    """The user whose tokens the session may change: itself, unless a token of it opened the session, or one it may
    MODIFY PROGRAMMATIC AUTHENTICATION METHODS of.
    """
    user = context.catalog.find(User, context.session.account, name)
    if user is None or not access.visible(context.catalog, context.session, user):
        raise does_not_exist("User", name)
    if user.name == context.session.user and context.session.token is not None:
        raise SnowflakeError(
            394401,
            "42501",
            "A programmatic access token cannot be used to add, modify, rotate or remove a programmatic access token "
            "of the same user.",
        )
    if user.name != context.session.user:
        context.require("MODIFY PROGRAMMATIC AUTHENTICATION METHODS", user)
    return user


def _token(user: User, name: str) -> Token:
    found = next((token for token in user.tokens if token.name == name), None)
    if found is None:
        raise does_not_exist("Programmatic access token", name)
    return found


def _add(context: Context, reader: Reader, user_name: str, name: str) -> Result:
    given = clauses.properties(reader, "PROGRAMMATIC ACCESS TOKEN", _NEW)
    restriction = given.get("ROLE_RESTRICTION")
    role = restriction if isinstance(restriction, str) else None
    context.commit_for_ddl()
    with context.catalog.work() as work:
        user = _user(context, user_name)
        _check_new(context, user, name, role)
        days = _days(context, user, given)
        token, secret = tokens.issue(name, role, days, clauses.comment(given))
        token = replace(_signed(context, token), bypass_until=_bypass(given))
        work.edit(user, tokens=[*user.tokens, token])
    return _secret_result([("token_name", name), ("token_secret", secret)])


def _signed(context: Context, token: Token) -> Token:
    """A new token with its number and who made it."""
    return replace(token, id=context.catalog.next_id(), created_by=context.session.user)


def _altered(context: Context) -> dict[str, object]:
    return {"altered_by": context.session.user, "altered_at": utc_now()}


def _days(context: Context, user: User, given: Mapping[str, object]) -> int:
    """As given, or as the user's authentication policy has it; no more than that allows."""
    most = min(tokens.MAX_DAYS, int(login_policies.of_tokens(context.catalog, user, "MAX_EXPIRY_IN_DAYS")[0]))
    default = int(login_policies.of_tokens(context.catalog, user, "DEFAULT_EXPIRY_IN_DAYS")[0])
    days = given.get("DAYS_TO_EXPIRY", min(default, most))
    if not isinstance(days, int) or not 1 <= days <= most:
        raise clauses.invalid_value(days, "DAYS_TO_EXPIRY")
    return days


def _bypass(given: Mapping[str, object]) -> datetime | None:
    """Until when the token needs no network policy, 1 to 1,440 minutes from now."""
    minutes = given.get(_BYPASS)
    if minutes is None:
        return None
    if not isinstance(minutes, int) or not 1 <= minutes <= _MAX_BYPASS_MINUTES:
        raise clauses.invalid_value(minutes, _BYPASS)
    return utc_now() + timedelta(minutes=minutes)


def _check_new(context: Context, user: User, name: str, restriction: str | None) -> None:
    if any(token.name == name for token in user.tokens):
        raise compilation(2002, "42710", f"Programmatic access token '{name}' already exists.")
    if sum(token.expires_at > utc_now() for token in user.tokens) >= tokens.MAX_TOKENS:
        raise compilation(
            394402, "22023", f"Maximum number of programmatic access tokens ({tokens.MAX_TOKENS}) reached for the user."
        )
    bound = login_policies.of_tokens(context.catalog, user, "REQUIRE_ROLE_RESTRICTION_FOR_SERVICE_USERS") == ["TRUE"]
    if user.type != "PERSON" and restriction is None and bound:
        raise compilation(394403, "22023", "ROLE_RESTRICTION is required for a user of TYPE = SERVICE.")
    needed = user.type != "PERSON" and login_policies.needs_network_policy(context.catalog, user)
    if needed and addresses.policy_for(context.catalog, user) is None:
        raise compilation(394404, "22023", f"Network policy is required for user {user.name} to have a token.")
    if restriction is not None:
        _check_role(context, user, restriction)


def _check_role(context: Context, user: User, role: str) -> None:
    if context.catalog.find(Role, user.account, role) is None:
        raise does_not_exist("Role", role)
    if role not in access.available_roles(context.catalog, user.account, user.name):
        raise compilation(394405, "22023", f"Role '{role}' is not granted to user {user.name}.")
    if role in login_policies.of_tokens(context.catalog, user, "BLOCKED_ROLES_LIST"):
        raise compilation(394406, "22023", f"Role '{role}' is in the BLOCKED_ROLES_LIST of the authentication policy.")


def _rotate(context: Context, reader: Reader, user_name: str, name: str) -> Result:
    given = clauses.properties(
        reader, "PROGRAMMATIC ACCESS TOKEN", {"EXPIRE_ROTATED_TOKEN_AFTER_HOURS": clauses.number}
    )
    hours = given.get("EXPIRE_ROTATED_TOKEN_AFTER_HOURS", _ROTATE_HOURS)
    if not isinstance(hours, int) or not 0 <= hours <= _MAX_ROTATE_HOURS:
        raise clauses.invalid_value(hours, "EXPIRE_ROTATED_TOKEN_AFTER_HOURS")
    context.commit_for_ddl()
    with context.catalog.work() as work:
        user = _user(context, user_name)
        old = _token(user, name)
        days = max(1, round((old.expires_at - old.created_at) / timedelta(days=1)))
        fresh, secret = tokens.issue(name, old.role_restriction, days, old.comment)
        ends = min(old.expires_at, utc_now() + timedelta(hours=hours))
        old_name = f"{name}_ROTATED_{int(utc_now().timestamp())}"
        changes = {"name": old_name, "expires_at": ends, "rotated_to": name} | _altered(context)
        rotated = Token(**(old.__dict__ | changes))
        kept = [token for token in user.tokens if token is not old]
        work.edit(user, tokens=[*kept, rotated, _signed(context, fresh)])
    return _secret_result([("token_name", name), ("token_secret", secret), ("rotated_token_name", rotated.name)])


def _remove(context: Context, reader: Reader, user_name: str, name: str) -> Result:
    reader.end()
    context.commit_for_ddl()
    with context.catalog.work() as work:
        user = _user(context, user_name)
        gone = _token(user, name)
        work.edit(user, tokens=[token for token in user.tokens if token is not gone])
    return status_result(f"Programmatic access token {name} successfully removed.")


def _modify(context: Context, reader: Reader, user_name: str, name: str) -> Result:
    changes = _modifications(reader)
    context.commit_for_ddl()
    with context.catalog.work() as work:
        user = _user(context, user_name)
        old = _token(user, name)
        if changes.get("name") in {token.name for token in user.tokens if token is not old}:
            raise compilation(2002, "42710", f"Programmatic access token '{changes['name']}' already exists.")
        changed = Token(**(old.__dict__ | changes | _altered(context)))
        work.edit(user, tokens=[changed if token is old else token for token in user.tokens])
    return status_result("Statement executed successfully.")


def _modifications(reader: Reader) -> dict[str, object]:
    """MODIFY … RENAME TO n | SET DISABLED = b, COMMENT = 's', MINS_TO_BYPASS_NETWORK_POLICY_REQUIREMENT = n."""
    if reader.accept("RENAME", "TO"):
        changes: dict[str, object] = {"name": reader.identifier()}
        reader.end()
        return changes
    reader.expect("SET")
    known: dict[str, clauses.Value] = {"DISABLED": clauses.flag, "COMMENT": clauses.text, _BYPASS: clauses.number}
    given = clauses.settings(reader, "PROGRAMMATIC ACCESS TOKEN", known)
    bypass = {"bypass_until": _bypass(given)} if _BYPASS in given else {}
    return {key.lower(): value for key, value in given.items() if key != _BYPASS} | bypass


def _secret_result(fields: list[tuple[str, str]]) -> Result:
    columns = [Column(name, TEXT) for name, _ in fields]
    return rows_result(columns, [[value for _, value in fields]], StatementType.DDL)
