"""SHOW and DESCRIBE of authentication, password and session policies, and where they are set.

Sources: sql-reference/sql/show-password-policies, desc-password-policy, desc-session-policy, policy_references.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from runner.sandbox.catalog.login_policies import LOGIN_POLICIES, LoginPolicy
from runner.sandbox.catalog.model import User
from runner.sandbox.catalog.store import Catalog
from runner.sandbox.context import Context
from runner.sandbox.law import login_policies
from runner.sandbox.law.login_policies import Property
from runner.sandbox.show.listing import Listing, found
from runner.sandbox.show.request import Request
from runner.sandbox.show.shape import Row
from runner.sandbox.show.tables import common

PROPERTIES = "property, value, default, description"
SESSION = "createdOn time, name, sessionIdleTimeoutMins, sessionUIIdleTimeoutMins, comment"


def _listing(kind: str) -> Listing:
    def rows(context: Context, request: Request) -> Iterator[Row]:
        for item in found(context, request, LOGIN_POLICIES[kind]):
            yield common(item) | {"kind": item.record.kind, "options": ""}

    return Listing(
        "created_on time, name, database_name, schema_name, kind, owner, comment, owner_role_type, options", rows
    )


LISTINGS: dict[tuple[str, ...], Listing] = {(kind.split()[0], "POLICIES"): _listing(kind) for kind in LOGIN_POLICIES}


def property_rows(policy: LoginPolicy) -> Iterator[Row]:
    """Every property with what holds of it; those of a group together."""
    yield _row("NAME", policy.name, None)
    yield _row("OWNER", policy.owner, None)
    yield _row("COMMENT", policy.comment or None, None)
    groups: dict[str, list[str]] = {}
    known = login_policies.PROPERTIES[policy.policy]
    for name, one in known.items():
        group, _, inner = name.partition(".")
        if inner:
            groups.setdefault(group, []).append(f"{inner}={_shown(one, login_policies.value(policy, name))}")
        else:
            yield _row(name, _shown(one, login_policies.value(policy, name)), _shown(one, [one.default]))
    yield from (_row(group, f"{{{', '.join(parts)}}}", None) for group, parts in groups.items())


def _row(name: str, value: str | None, default: str | None) -> Row:
    return {"property": name, "value": value, "default": default, "description": None}


def _shown(one: Property, values: list[str]) -> str:
    listed = [value for value in values if value]
    return f"[{', '.join(listed)}]" if one.many else "".join(listed)


def session_rows(policy: LoginPolicy) -> Iterator[Row]:
    yield {
        "createdOn": policy.created_at,
        "name": policy.name,
        "sessionIdleTimeoutMins": login_policies.value(policy, "SESSION_IDLE_TIMEOUT_MINS")[0],
        "sessionUIIdleTimeoutMins": login_policies.value(policy, "SESSION_UI_IDLE_TIMEOUT_MINS")[0],
        "comment": policy.comment or "",
    }


def reference_rows(catalog: Catalog, policy: LoginPolicy) -> Iterator[Row]:
    """Where the policy is set, as POLICY_REFERENCES has it."""
    database, schema, name = catalog.full_name(policy)
    for holder in login_policies.holders(catalog, policy):
        yield {
            "POLICY_DB": database,
            "POLICY_SCHEMA": schema,
            "POLICY_NAME": name,
            "POLICY_KIND": policy.kind,
            "REF_ENTITY_NAME": holder.name,
            "REF_ENTITY_DOMAIN": "USER" if isinstance(holder, User) else "ACCOUNT",
            "POLICY_STATUS": "ACTIVE",
        }


def rows_of(context: Context, named: str, domain: str, user: Callable[[str], User]) -> Iterator[Row]:
    """The policies that are set on the account or on one user."""
    catalog = context.catalog
    holder = user(named) if domain == "USER" else catalog.account(context.session.account)
    if holder is None or (domain == "ACCOUNT" and named.upper() not in (holder.name, getattr(holder, "locator", ""))):
        return
    for kind in login_policies.KINDS:
        policy = login_policies.policy_of(catalog, holder, kind)
        every = reference_rows(catalog, policy) if policy is not None else ()
        yield from (row for row in every if (row["REF_ENTITY_DOMAIN"], row["REF_ENTITY_NAME"]) == (domain, holder.name))
