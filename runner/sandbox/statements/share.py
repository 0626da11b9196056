"""CREATE, ALTER and DROP of SHARE, and CREATE DATABASE … FROM SHARE.

Sources: sql-reference/sql/create-share, alter-share, create-database; user-guide/data-sharing-provider,
data-share-consumers, security-access-privileges-shares.
"""

from __future__ import annotations

from runner.sandbox import access, shared_roles, shares
from runner.sandbox.catalog.model import Account, Database, Share
from runner.sandbox.catalog.store import Work, utc_now
from runner.sandbox.context import Context
from runner.sandbox.errors import SnowflakeError, already_exists, compilation, does_not_exist
from runner.sandbox.law import clauses
from runner.sandbox.result import Result, status_result
from runner.sandbox.statements import grantees
from runner.sandbox.tokens import Reader

DONE = "Statement executed successfully."
_BUSINESS_CRITICAL = "BUSINESS_CRITICAL"


def create(context: Context, text: str) -> Result:
    reader = Reader(text)
    head = clauses.create(reader, "SHARE")
    name = reader.identifier()
    given = clauses.properties(reader, "SHARE", {"COMMENT": clauses.text, "SECURE_OBJECTS_ONLY": clauses.flag})
    context.commit_for_ddl()
    with context.catalog.work() as work:
        access.require_account(context.catalog, context.session, "CREATE SHARE")
        existing = context.catalog.find(Share, context.session.account, name)
        if existing is not None and head.unless_exists:
            return status_result(f"{name} already exists, statement succeeded.")
        if existing is not None and not head.replace:
            raise already_exists(name)
        if existing is not None:
            _drop(context, work, existing)
        work.add(
            Share(
                account=context.session.account,
                name=name,
                owner=access.owner_for_new(context.catalog, context.session),
                comment=clauses.comment(given),
                secure_objects_only=bool(given.get("SECURE_OBJECTS_ONLY", True)),
                created_at=utc_now(),
            )
        )
    return status_result(f"Share {name} successfully created.")


def find(context: Context, name: str) -> Share:
    """A share of this account, or 002003."""
    found = grantees.account_record(context, "SHARE", name)
    assert isinstance(found, Share), "looked up as a share"
    return found


def drop(context: Context, text: str) -> Result:
    reader = Reader(text)
    forgiving = clauses.alter(reader, "DROP", "SHARE")
    name = reader.identifier()
    reader.end()
    context.commit_for_ddl()
    with context.catalog.work() as work:
        if forgiving and context.catalog.find(Share, context.session.account, name) is None:
            return status_result(f"Drop statement executed successfully ({name} already dropped).")
        _drop(context, work, find(context, name))
    return status_result(f"{name} successfully dropped.")


def _drop(context: Context, work: Work, share: Share) -> None:
    """Every database made from it ends at once, for good."""
    context.require("OWNERSHIP", share)
    if share.replica_of is not None:
        raise shares.secondary_share(share)
    shares.withdraw(work, share)
    work.forget(share)


def alter(context: Context, text: str) -> Result:
    reader = Reader(text)
    forgiving = clauses.alter(reader, "ALTER", "SHARE")
    name = reader.identifier()
    context.commit_for_ddl()
    with context.catalog.work() as work:
        if forgiving and context.catalog.find(Share, context.session.account, name) is None:
            return status_result(DONE)
        share = find(context, name)
        context.require("OWNERSHIP", share)
        _alter(context, work, reader, share)
    return status_result(DONE)


def _alter(context: Context, work: Work, reader: Reader, share: Share) -> None:
    verb = reader.accept_any("ADD", "REMOVE", "SET", "UNSET")
    if not verb:
        raise reader.unexpected()
    if verb != "UNSET" and (reader.at("ACCOUNTS") or reader.at("ACCOUNT")):
        _accounts(context, work, reader, share, verb)
    elif verb == "SET":
        given = clauses.settings(reader, "SHARE", {"COMMENT": clauses.text, "SECURE_OBJECTS_ONLY": clauses.flag})
        work.edit(share, **_settings(share, given))
    elif verb == "UNSET":
        clauses.names(reader, "SHARE", {"COMMENT": clauses.text})
        work.edit(share, comment=None)
    else:
        raise reader.unexpected()


def _settings(share: Share, given: dict[str, object]) -> dict[str, object]:
    """SECURE_OBJECTS_ONLY can be taken away once and never comes back (user-guide/data-sharing-views)."""
    if given.get("SECURE_OBJECTS_ONLY") is True and not share.secure_objects_only:
        raise compilation(3042, "0A000", "SECURE_OBJECTS_ONLY cannot be set to TRUE again.")
    return {key.lower(): value for key, value in given.items()}


def _accounts(context: Context, work: Work, reader: Reader, share: Share, verb: str) -> None:
    """ADD | REMOVE | SET ACCOUNTS = a, o.b. An account that does not exist is passed over without a word, as Snowflake
    does (user-guide/data-sharing-provider).
    """
    reader.expect(reader.peek().word, "=")
    written = clauses.listed(reader, lambda r: r.name())
    restrictions = _restrictions(reader, verb)
    access.require_account(context.catalog, context.session, "MANAGE SHARE TARGET")
    if verb != "REMOVE" and shares.shared_database(context.catalog, share) is None:
        raise _no_database(share)
    named = [_account(context, parts) for parts in written]
    known = [account for account in named if account is not None and account.name != share.account]
    wanted = [account.name for account in known]
    if verb == "REMOVE":
        after = [name for name in share.accounts if name not in wanted]
    else:
        _check_accounts(context, share, known, restrictions)
        before = share.accounts if verb == "ADD" else []
        after = list(dict.fromkeys([*before, *wanted]))
    shares.cut_off(work, share, [name for name in share.accounts if name not in after])
    work.edit(share, accounts=after)


def _restrictions(reader: Reader, verb: str) -> bool:
    """SHARE_RESTRICTIONS, which SET does not take."""
    restrictions = True
    if reader.at("SHARE_RESTRICTIONS") and verb == "ADD":
        reader.expect("SHARE_RESTRICTIONS", "=")
        restrictions = reader.boolean()
    elif reader.at("SHARE_RESTRICTIONS"):
        raise clauses.invalid_property("SHARE_RESTRICTIONS", "SHARE")
    reader.end()
    return restrictions


def _no_database(share: Share) -> SnowflakeError:
    return compilation(
        3045,
        "0A000",
        f"Accounts cannot be added to share '{share.name}' before USAGE on a database was granted to it.",
    )


def _account(context: Context, parts: tuple[str, ...]) -> Account | None:
    name = shares.account_named(context.catalog, "", parts)
    return context.catalog.account(name) if name else None


def _check_accounts(context: Context, share: Share, accounts: list[Account], restrictions: bool) -> None:
    """Same region; from Business Critical to a lower edition only without SHARE_RESTRICTIONS and with the right for it
    (user-guide/data-sharing-intro, override_share_restrictions).
    """
    own = context.catalog.account(share.account)
    assert own is not None, "a share's account exists"
    for account in accounts:
        if account.region != own.region:
            raise compilation(
                3046,
                "0A000",
                f"Account '{account.organization}.{account.name}' is in region {account.region}; a share can only be "
                f"given to accounts in its own region {own.region}.",
            )
        if own.edition == _BUSINESS_CRITICAL and account.edition != _BUSINESS_CRITICAL:
            _check_edition(context, account, restrictions)


def _check_edition(context: Context, account: Account, restrictions: bool) -> None:
    if restrictions:
        raise compilation(
            3047,
            "0A000",
            f"Account '{account.organization}.{account.name}' is of a lower edition than Business Critical; use "
            "SHARE_RESTRICTIONS = FALSE to add it.",
        )
    access.require_account(context.catalog, context.session, "OVERRIDE SHARE RESTRICTIONS")


def create_database(context: Context, text: str) -> Result:
    """CREATE [OR REPLACE] DATABASE [IF NOT EXISTS] d FROM SHARE [org.]account.share; once per account and share."""
    reader = Reader(text)
    head = clauses.create(reader, "DATABASE")
    name = reader.identifier()
    reader.expect("FROM", "SHARE")
    origin = reader.name()
    given = clauses.properties(reader, "DATABASE", {"COMMENT": clauses.text})
    context.commit_for_ddl()
    with context.catalog.work() as work:
        existing = context.catalog.database(context.session.account, name)
        if existing is not None and head.unless_exists:
            return status_result(f"{name} already exists, statement succeeded.")
        _require_import(context)
        if existing is not None:
            _make_room(context, work, existing, replace=head.replace)
        share = _importable(context, origin)
        database = _imported(context, name, share, clauses.comment(given))
        shared_roles.forget(work, database)
        work.add(database)
        shared_roles.grant_to_importer(work, database)
    _enter(context, name)
    return status_result(f"Database {name} successfully created.")


def _require_import(context: Context) -> None:
    """IMPORT SHARE and CREATE DATABASE (user-guide/security-access-privileges-shares)."""
    for privilege in ("IMPORT SHARE", "CREATE DATABASE"):
        access.require_account(context.catalog, context.session, privilege)


def _make_room(context: Context, work: Work, existing: Database, *, replace: bool) -> None:
    if not replace or not shares.is_imported(existing):
        raise already_exists(existing.name)
    context.require("OWNERSHIP", existing)
    work.edit(existing, dropped_at=utc_now())


def _importable(context: Context, origin: tuple[str, ...]) -> Share:
    """The share, when it was given to this account and holds a database, and nothing was made of it yet."""
    share = shares.find(context.catalog, context.session, origin)
    if share is None or share.account == context.session.account:
        raise does_not_exist("Share", ".".join(origin))
    if shares.shared_database(context.catalog, share) is None:
        raise shares.no_longer_available()
    known = shares.imported_as(context.catalog, share, context.session.account)
    if known is not None:
        raise compilation(
            3048,
            "42710",
            f"Database '{known.name}' was already created from share '{'.'.join(origin)}'; a share can only be "
            "consumed once per account.",
        )
    return share


def _imported(context: Context, name: str, share: Share, comment: str | None) -> Database:
    return Database(
        account=context.session.account,
        name=name,
        owner=access.owner_for_new(context.catalog, context.session),
        comment=comment,
        origin_account=share.account,
        origin_share=share.name,
        created_at=utc_now(),
    )


def _enter(context: Context, name: str) -> None:
    """Whoever makes a database is in it from then on (sql-reference/sql/create-database)."""
    context.session.database = name
    context.session.schema = "PUBLIC" if _has_public(context, name) else None


def _has_public(context: Context, name: str) -> bool:
    database = context.catalog.database(context.session.account, name)
    return database is not None and shares.schema(context.catalog, database, "PUBLIC") is not None
