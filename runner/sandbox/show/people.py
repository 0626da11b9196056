"""ACCOUNT_USAGE.ROLES and USERS (sql-reference/account-usage/roles, users)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import cast

from runner.sandbox.catalog.model import Record, Role, User
from runner.sandbox.context import Context
from runner.sandbox.law.login_policies import usual_secondary_roles
from runner.sandbox.show.shape import Row
from runner.sandbox.show.tables import role_type


def roles(context: Context, records: Iterable[Record]) -> Iterator[Row]:
    for record in records:
        role = cast(Role, record)
        database = context.catalog.record(role.database_id) if role.database_id else None
        yield {
            "ROLE_ID": role.id,
            "CREATED_ON": role.created_at,
            "DELETED_ON": role.dropped_at,
            "NAME": role.name,
            "COMMENT": role.comment,
            "OWNER": role.owner or None,
            "ROLE_TYPE": "DATABASE_ROLE" if database else "ROLE",
            "ROLE_DATABASE_NAME": database.name if database else None,
            "OWNER_ROLE_TYPE": role_type(role.owner) if role.owner else None,
        }


def users(context: Context, records: Iterable[Record]) -> Iterator[Row]:
    logins = reversed(context.engine.history.logins(context.session.account))
    last = {login.user: login.at for login in logins if login.success}
    for record in records:
        user = cast(User, record)
        yield {
            "USER_ID": user.id,
            "NAME": user.name,
            "CREATED_ON": user.created_at,
            "DELETED_ON": user.dropped_at,
            "LOGIN_NAME": user.login_name or user.name,
            "DISPLAY_NAME": user.names.get("DISPLAY_NAME", user.name),
            "FIRST_NAME": user.names.get("FIRST_NAME"),
            "LAST_NAME": user.names.get("LAST_NAME"),
            "EMAIL": user.email,
            "MUST_CHANGE_PASSWORD": False,
            "HAS_PASSWORD": user.password_sha256 is not None,
            "COMMENT": user.comment,
            "DISABLED": str(user.disabled).lower(),
            "SNOWFLAKE_LOCK": "false",
            "DEFAULT_WAREHOUSE": user.default_warehouse,
            "DEFAULT_NAMESPACE": user.default_namespace,
            "DEFAULT_ROLE": user.default_role,
            "DEFAULT_SECONDARY_ROLE": json.dumps(usual_secondary_roles(user)),
            "LAST_SUCCESS_LOGIN": last.get(user.name),
            "HAS_RSA_PUBLIC_KEY": (user.rsa_public_key or user.rsa_public_key_2) is not None,
            "OWNER": user.owner,
            "TYPE": user.type,
        }
