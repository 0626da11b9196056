"""ACCOUNT_USAGE.CREDENTIALS, PASSWORD_POLICIES, SESSION_POLICIES and LOCK_WAIT_HISTORY.

Sources: sql-reference/account-usage/credentials, password_policies, session_policies, lock_wait_history.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime

from runner.sandbox.catalog.login_policies import LoginPolicy
from runner.sandbox.catalog.model import Token, User
from runner.sandbox.context import Context
from runner.sandbox.law import login_policies
from runner.sandbox.show.inventory import Item
from runner.sandbox.show.principals import bypass, status
from runner.sandbox.show.shape import Row
from runner.sandbox.show.tables import role_type
from runner.sandbox.waits import MOST_BLOCKERS, Wait

CREDENTIALS = (
    "CREDENTIAL_ID number, NAME, USER_NAME, TYPE, DOMAIN, COMMENT, STATUS, ADDITIONAL_DETAILS object, CREATED_BY, "
    "LAST_ALTERED_BY, CREATED_ON time, LAST_USED_ON time, LAST_ALTERED time, EXPIRATION_DATE time"
)
_PLACE = "SCHEMA_ID, SCHEMA, DATABASE_ID, DATABASE, OWNER, OWNER_ROLE_TYPE"
_DATES = "COMMENT, CREATED time, LAST_ALTERED time, DELETED time"
PASSWORD_POLICIES = (
    f"NAME, ID number, {_PLACE}, PASSWORD_MIN_LENGTH number, PASSWORD_MAX_LENGTH number, "
    "PASSWORD_MIN_UPPER_CASE_CHARS number, PASSWORD_MIN_LOWER_CASE_CHARS number, PASSWORD_MIN_NUMERIC_CHARS number, "
    "PASSWORD_MIN_SPECIAL_CHARS number, PASSWORD_MIN_AGE_DAYS number, PASSWORD_MAX_AGE_DAYS number, "
    f"PASSWORD_MAX_RETRIES number, PASSWORD_LOCKOUT_TIME_MINS number, {_DATES}, PASSWORD_HISTORY number"
)
SESSION_POLICIES = (
    f"ID number, NAME, {_PLACE}, SESSION_IDLE_TIMEOUT_MINS number, SESSION_UI_IDLE_TIMEOUT_MINS number, {_DATES}"
)
LOCK_WAITS = (
    "OBJECT_ID number, LOCK_TYPE, OBJECT_NAME, SCHEMA_ID number, SCHEMA_NAME, DATABASE_ID number, DATABASE_NAME, "
    "QUERY_ID, TRANSACTION_ID number, REQUESTED_AT time, ACQUIRED_AT time, BLOCKER_QUERIES variant"
)


def credentials(context: Context) -> Iterator[Row]:
    """The tokens of the account's users; keys and passwords are not listed there, nor what was removed."""
    used: dict[int, datetime] = {}
    for login in context.engine.history.logins(context.session.account):
        if login.success and login.credential:
            used.setdefault(login.credential, login.at)
    for user in context.catalog.all(User, context.session.account):
        for token in user.tokens:
            yield {
                "CREDENTIAL_ID": token.id or None,
                "NAME": token.name,
                "USER_NAME": user.name,
                "TYPE": "PAT",
                "DOMAIN": "PROGRAMMATIC_ACCESS_TOKEN",
                "COMMENT": token.comment,
                "STATUS": "DISABLED" if user.disabled else status(token),
                "ADDITIONAL_DETAILS": json.dumps(_details(token)),
                "CREATED_BY": token.created_by or None,
                "LAST_ALTERED_BY": token.altered_by or token.created_by or None,
                "CREATED_ON": token.created_at,
                "LAST_USED_ON": used.get(token.id),
                "LAST_ALTERED": token.altered_at or token.created_at,
                "EXPIRATION_DATE": token.expires_at,
            }


def _details(token: Token) -> dict[str, object]:
    found: dict[str, object] = {}
    if (minutes := bypass(token)) is not None:
        found["MINS_TO_BYPASS_NETWORK_POLICY_REQUIREMENT"] = minutes
    if token.role_restriction is not None:
        found["ROLE_RESTRICTION"] = [token.role_restriction]
    return found | ({"ROTATED_TO": token.rotated_to} if token.rotated_to else {})


def policies(items: Iterable[Item[LoginPolicy]]) -> Iterator[Row]:
    """Policies of one kind with all their numbers, dropped ones too."""
    for item in items:
        policy, there = item.record, item.record.dropped_at is None
        known = login_policies.PROPERTIES[policy.policy]
        numbers = {name: int(login_policies.value(policy, name)[0]) for name, one in known.items() if one.numeric}
        yield numbers | {
            "NAME": policy.name,
            "ID": policy.id,
            "SCHEMA_ID": str(item.schema.id),
            "SCHEMA": item.schema.name,
            "DATABASE_ID": str(item.database.id),
            "DATABASE": item.database.name,
            "OWNER": policy.owner,
            "OWNER_ROLE_TYPE": role_type(policy.owner) if there else None,
            "COMMENT": policy.comment,
            "CREATED": policy.created_at,
            "LAST_ALTERED": policy.altered_at or policy.created_at,
            "DELETED": policy.dropped_at,
        }


def lock_waits(context: Context) -> Iterator[Row]:
    """Waits for locks that have ended, the newest first."""
    return map(_waited, context.engine.history.waits(context.session.account))


def _waited(wait: Wait) -> Row:
    database, schema, name = wait.name
    return {
        "OBJECT_ID": wait.object_id,
        "LOCK_TYPE": wait.lock_type,
        "OBJECT_NAME": name,
        "SCHEMA_ID": wait.schema_id,
        "SCHEMA_NAME": schema,
        "DATABASE_ID": wait.database_id,
        "DATABASE_NAME": database,
        "QUERY_ID": wait.query_id,
        "TRANSACTION_ID": wait.transaction_id,
        "REQUESTED_AT": wait.requested_at,
        "ACQUIRED_AT": wait.acquired_at,
        "BLOCKER_QUERIES": json.dumps(
            [
                {"is_snowflake": False, "query_id": query, "transaction_id": number}
                for query, number in wait.blockers[:MOST_BLOCKERS]
            ]
        ),
    }
