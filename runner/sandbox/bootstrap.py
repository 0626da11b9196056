"""A new organisation: accounts, built-in roles, the two users, their tokens on disk, a warehouse, a network policy.

Doing it again changes nothing that is there; a token file that is missing or no longer good is made anew.
"""

from __future__ import annotations

import itertools
import json
import os
from dataclasses import replace
from pathlib import Path

from runner.sandbox import application
from runner.sandbox.catalog.model import Account, Grant, NetworkPolicy, Role, RoleGrant, User, Warehouse
from runner.sandbox.catalog.store import Catalog, Work, utc_now
from runner.sandbox.law import tokens
from runner.sandbox.law.privileges import BUILT_IN
from runner.sandbox.organization import DEFAULT_NAME, NewAccount, Organization, OrganizationError
from runner.sandbox.rights import ACCOUNT_ID

SERVICE_USER = "SVC4SNOWFLAKEDEPLOY"
ADMIN_USER = "SANDBOX_ADMIN"
POLICY = "LOOPBACK_ONLY"
BUILT_IN_ROLES = ("ACCOUNTADMIN", "SECURITYADMIN", "USERADMIN", "SYSADMIN", "PUBLIC", "ORGADMIN")
SYSTEM_ROLES = frozenset(BUILT_IN_ROLES)
HIERARCHY = (("SECURITYADMIN", "ACCOUNTADMIN"), ("SYSADMIN", "ACCOUNTADMIN"), ("USERADMIN", "SECURITYADMIN"))
"""(role, the role that inherits it); cannot be revoked."""
_TOKEN_DAYS = tokens.MAX_DAYS


DEFAULT_ACCOUNTS = Organization().accounts


def create_organization(
    catalog: Catalog,
    root: Path,
    accounts: tuple[NewAccount, ...] = DEFAULT_ACCOUNTS,
    organization: str = DEFAULT_NAME,
    allowed: tuple[str, ...] = (),
) -> None:
    """Makes the accounts that are missing, and good token files for every one of them: `<root>/pats/<account>.pat`
    for the service user, `<root>/admin.json` for the administrator; both readable by their owner only. Its two users
    may log in from loopback, and from the networks that are `allowed` besides.

    Raises OrganizationError when an account is there already in another region, edition or organisation.
    """
    for account in accounts:
        _check_unchanged(catalog.account(account.name), account, organization)
    with catalog.work() as work:
        for account in accounts:
            if catalog.account(account.name) is None:
                _create_account(work, account, organization, _locator(catalog))
        for present in catalog.accounts():
            application.add(work, present.name)
        for policy in [p for a in catalog.accounts() for p in catalog.all(NetworkPolicy, a.name) if p.name == POLICY]:
            _allow(work, policy, allowed)
        _write_tokens(work, root, tuple(account.name for account in catalog.accounts()))


def _allow(work: Work, policy: NetworkPolicy, networks: tuple[str, ...]) -> None:
    more = [network for network in networks if network not in policy.allowed]
    if more:
        work.edit(policy, allowed=[*policy.allowed, *more])


def _check_unchanged(found: Account | None, wanted: NewAccount, organization: str) -> None:
    if found is None:
        return
    there = (found.organization, found.region, found.edition)
    if there != (organization, wanted.region, wanted.edition):
        raise OrganizationError(
            f"The account {wanted.name} is there already, as {' '.join(there)}: its organisation, region and edition "
            "cannot change. Take another name, or start anew with `runner sandbox reset`."
        )


def _locator(catalog: Catalog) -> str:
    taken = {account.locator for account in catalog.accounts()}
    return next(locator for number in itertools.count(1) if (locator := f"LO{number:05d}") not in taken)


def _create_account(work: Work, new: NewAccount, organization: str, locator: str) -> None:
    account = Account(
        name=new.name,
        locator=locator,
        organization=organization,
        region=new.region,
        edition=new.edition,
        created_at=utc_now(),
    )
    work.link(account)
    for role in BUILT_IN_ROLES:
        work.add(Role(account=new.name, name=role, owner="", created_at=utc_now()))
    for role, parent in HIERARCHY:
        _grant_role(work, new.name, role, "ROLE", parent)
    for role, privileges in BUILT_IN.items():
        for privilege in sorted(privileges):
            work.link(_account_grant(new.name, privilege, role))
    _add_inhabitants(work, new.name)


def _add_inhabitants(work: Work, account: str) -> None:
    work.add(
        NetworkPolicy(
            account=account,
            name=POLICY,
            comment="The sandbox listens on loopback only",
            allowed=["127.0.0.0/8", "::1/128"],
            created_at=utc_now(),
        )
    )
    work.add(Warehouse(account=account, name="ADMIN_WH", created_at=utc_now()))
    for name, kind in ((SERVICE_USER, "SERVICE"), (ADMIN_USER, "PERSON")):
        work.add(_user(account, name, kind))
        _grant_role(work, account, "ACCOUNTADMIN", "USER", name)


def _user(account: str, name: str, kind: str) -> User:
    return User(
        account=account,
        name=name,
        owner="USERADMIN",
        type=kind,
        login_name=name,
        default_role="ACCOUNTADMIN",
        default_warehouse="ADMIN_WH",
        network_policy=POLICY,
        created_at=utc_now(),
    )


def _grant_role(work: Work, account: str, role: str, to_kind: str, to_name: str) -> None:
    work.link(RoleGrant(account=account, role=role, to_kind=to_kind, to_name=to_name, created_at=utc_now()))


def _account_grant(account: str, privilege: str, role: str) -> Grant:
    return Grant(
        account=account,
        privilege=privilege,
        on_kind="ACCOUNT",
        on_id=ACCOUNT_ID,
        to_kind="ROLE",
        to_name=role,
        created_at=utc_now(),
    )


def _write_tokens(work: Work, root: Path, accounts: tuple[str, ...]) -> None:
    admin = _read_admin(root)
    for account in accounts:
        path = pat_file(root, account)
        kept = path.read_text() if path.is_file() else ""
        secret = _good_token(work, account, SERVICE_USER, kept, "ACCOUNTADMIN")
        if secret != kept:
            write_private(path, secret)
        admin[account] = _good_token(work, account, ADMIN_USER, admin.get(account, ""), None)
    write_private(root / "admin.json", json.dumps({"user": ADMIN_USER, "tokens": admin}, indent=2))


def _read_admin(root: Path) -> dict[str, str]:
    path = root / "admin.json"
    return dict(json.loads(path.read_text())["tokens"]) if path.is_file() else {}


def _good_token(work: Work, account: str, user_name: str, kept: str, restriction: str | None) -> str:
    """The secret that is kept, when it still opens the door; else a new one in the place of the old."""
    user = work.catalog.find(User, account, user_name)
    if user is None:
        return kept
    token = tokens.find(user, kept) if kept else None
    if token is not None and token.expires_at > utc_now() and not token.disabled:
        return kept
    fresh, secret = tokens.issue("SANDBOX", restriction, _TOKEN_DAYS, "Made by the sandbox")
    fresh = replace(fresh, id=work.catalog.next_id(), created_by=user.name)
    work.edit(user, tokens=[*(t for t in user.tokens if t.name != fresh.name), fresh])
    return secret


def forget_tokens(root: Path, account: str) -> None:
    """The token files of an account that is gone."""
    admin = _read_admin(root)
    admin.pop(account, None)
    write_private(root / "admin.json", json.dumps({"user": ADMIN_USER, "tokens": admin}, indent=2))
    pat_file(root, account).unlink(missing_ok=True)


def pat_file(root: Path, account: str) -> Path:
    return root / "pats" / f"{account.lower()}.pat"


def write_private(path: Path, text: str) -> None:
    """Writes the whole file or none of it, readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    fresh.replace(path)
