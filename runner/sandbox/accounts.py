"""Accounts that come and go while the organisation runs: one of its own for every test."""

from __future__ import annotations

from runner.sandbox import bootstrap
from runner.sandbox.catalog.model import Account, Database, Record, Share
from runner.sandbox.catalog.replication import refuse_nothing
from runner.sandbox.catalog.store import Catalog, Work
from runner.sandbox.kernel import Kernel
from runner.sandbox.organization import DEFAULT_NAME, NewAccount, OrganizationError
from runner.sandbox.storage import storages


def create(kernel: Kernel, new: NewAccount) -> dict[str, str]:
    """Make an account as the first ones were made. Raises OrganizationError when the name is taken."""
    catalog = kernel.catalog
    if catalog.account(new.name) is not None:
        raise OrganizationError(f"There is an account {new.name} already.")
    name = next((account.organization for account in catalog.accounts()), DEFAULT_NAME)
    bootstrap.create_organization(catalog, kernel.org_root, (new,), name)
    token = bootstrap.pat_file(kernel.org_root, new.name).read_text()
    return {"name": new.name, "organization": name, "user": bootstrap.SERVICE_USER, "token": token}


def drop(kernel: Kernel, name: str) -> None:
    """Take an account out, whole: sessions end, nothing of it can return. Refused while others use what it shares."""
    catalog = kernel.catalog
    account = catalog.account(name)
    if account is None:
        raise OrganizationError(f"There is no account {name}.")
    _check_unused(catalog, name)
    for session in [session for session in kernel.sessions.values() if session.account == name]:
        kernel.logout(session)
    mine = [record for record in list(catalog.records.values()) if record.account == name]
    with catalog.work() as work:
        _forget(work, account, mine)
    bootstrap.forget_tokens(kernel.org_root, name)
    for number in {number for record in mine for number in storages(record)}:
        kernel.storage.retire(number)


def _check_unused(catalog: Catalog, name: str) -> None:
    for record in list(catalog.records.values()):
        if isinstance(record, Database) and record.origin_account == name and record.account != name:
            raise OrganizationError(f"{record.account} has a database from a share of {name}: {record.name}.")


def _forget(work: Work, account: Account, mine: list[Record]) -> None:
    work.refuse = refuse_nothing
    for record in mine:
        work.forget(record)
    for link in list(work.catalog.links.values()):
        if link is account or (not isinstance(link, Account) and link.account == account.name):
            work.unlink(link)
    for share in [record for record in work.catalog.records.values() if isinstance(record, Share)]:
        if account.name in share.accounts:
            work.edit(share, accounts=[other for other in share.accounts if other != account.name])
