"""What a replication group holds, as CREATE and ALTER say it: each name is looked up with the rights of the session.

Sources: sql-reference/sql/create-replication-group, alter-replication-group.
"""

from __future__ import annotations

from dataclasses import field
from typing import TypeVar

from runner.sandbox import shares
from runner.sandbox.catalog.model import Account, Database, Share
from runner.sandbox.catalog.replication import ReplicationGroup
from runner.sandbox.classes import dataclass
from runner.sandbox.context import Context
from runner.sandbox.errors import compilation, does_not_exist, unsupported
from runner.sandbox.law import clauses
from runner.sandbox.statements import grantees
from runner.sandbox.tasks import schedule
from runner.sandbox.tokens import Reader

ENABLED = "ENABLE_ACCOUNT_DATABASE_REPLICATION"
TYPES = ("DATABASES", "SHARES")
_OTHER_TYPES = (
    "ACCOUNT PARAMETERS", "INTEGRATIONS", "NETWORK POLICIES", "RESOURCE MONITORS", "ROLES", "USERS", "WAREHOUSES"
)  # fmt: skip
T = TypeVar("T")


@dataclass(kw_only=True)
class Given:
    """What a statement names; None for what it leaves out."""

    types: list[str] | None = None
    databases: list[str] | None = None
    shares: list[str] | None = None
    accounts: list[tuple[str, ...]] | None = None
    schedule: str | None = None
    any_edition: bool = False
    comment: str | None = None
    named: set[str] = field(default_factory=set)


def require_enabled(account: Account | None) -> None:
    """An organisation's administrator enables each account (user-guide/account-replication-config)."""
    if account is None or account.parameters.get(ENABLED) != "true":
        name = f"{account.organization}.{account.name}" if account else ""
        text = f"Replication is not enabled for account {name}: ORGADMIN enables it"
        raise compilation(3130, "0A000", f"{text} by SYSTEM$GLOBAL_ACCOUNT_SET_PARAMETER.")


def given_of(reader: Reader) -> Given:
    given = Given()
    while not (reader.at_end() or reader.at(";")):
        if reader.accept("IGNORE", "EDITION", "CHECK"):
            given.any_edition = True
            continue
        word = reader.peek().word
        if word in given.named:
            raise compilation(1007, "22023", f"duplicate property '{word}'")
        _property(reader, given)
        given.named.add(word)
    if given.types is None or given.accounts is None:
        missing = "OBJECT_TYPES" if given.types is None else "ALLOWED_ACCOUNTS"
        raise compilation(1003, "42601", f"Missing option(s): {missing}")
    return given


def _property(reader: Reader, given: Given) -> None:
    word = reader.next().word
    if word in ("TAG", "ERROR_INTEGRATION", "ALLOWED_INTEGRATION_TYPES", "ALLOWED_SCHEMAS"):
        raise unsupported(f"{word} of a replication group")
    if word not in ("OBJECT_TYPES", "ALLOWED_DATABASES", "ALLOWED_SHARES", "ALLOWED_ACCOUNTS", "REPLICATION_SCHEDULE"):
        raise reader.unexpected(-1)
    reader.expect("=")
    if word in ("ALLOWED_DATABASES", "ALLOWED_SHARES") and reader.accept("NULL"):
        setattr(given, word.removeprefix("ALLOWED_").lower(), [])
        return
    match word:
        case "OBJECT_TYPES":
            given.types = list(clauses.listed(reader, _type))
        case "ALLOWED_DATABASES":
            given.databases = list(clauses.listed(reader, Reader.identifier))
        case "ALLOWED_SHARES":
            given.shares = list(clauses.listed(reader, Reader.identifier))
        case "ALLOWED_ACCOUNTS":
            given.accounts = list(clauses.listed(reader, Reader.name))
        case _:
            given.schedule = _schedule(reader.string())


def _schedule(text: str) -> str:
    """`n MINUTE` or `USING CRON …`; tasks know more units."""
    schedule.parse(text)
    words = text.upper().split()
    if words[0] != "USING" and words[-1] not in ("M", "MINUTE", "MINUTES"):
        raise compilation(1432, "22023", f"Invalid value for property 'REPLICATION_SCHEDULE': '{text[:100]}'.")
    return text


def _type(reader: Reader) -> str:
    for known in TYPES:
        if reader.accept(known):
            return known
    for other in _OTHER_TYPES:
        if reader.accept(*other.split()):
            raise unsupported(f"replication of {other}")
    raise reader.unexpected()


def fill(context: Context, group: ReplicationGroup, given: Given) -> None:
    """What is replicated, and to whom, each name looked up with the rights of the session."""
    if given.types is not None:
        group.types = list(dict.fromkeys(given.types))
    if given.databases is not None:
        group.databases = [_database(context, group, name).id for name in given.databases]
    if given.shares is not None:
        group.shares = [_share(context, name).id for name in given.shares]
    if given.accounts is not None:
        group.accounts = [_account(context, parts, given.any_edition).name for parts in given.accounts]
    group.schedule = given.schedule or group.schedule
    group.comment = group.comment if given.comment is None else given.comment or None
    for word, listed in (("DATABASES", group.databases), ("SHARES", group.shares)):
        if listed and word not in group.types:
            raise compilation(1003, "42601", f"ALLOWED_{word} needs {word} among the OBJECT_TYPES.")


def _database(context: Context, group: ReplicationGroup, name: str) -> Database:
    """A database of the account, which no other group replicates; nothing from a share."""
    found = context.database((name,), "REPLICATE")
    if shares.is_imported(found):
        raise compilation(3132, "0A000", f"Database '{name}' was created from a share and cannot be replicated.")
    if found.replica_of is not None:
        raise compilation(3132, "0A000", f"Database '{name}' is a secondary database and cannot be replicated.")
    context.require("MONITOR", found)
    for other in context.catalog.all(ReplicationGroup, found.account):
        if other.id != group.id and found.id in other.databases:
            raise compilation(3133, "0A000", f"Database '{name}' is already in group '{other.name}'.")
    return found


def _share(context: Context, name: str) -> Share:
    found = grantees.account_record(context, "SHARE", name)
    assert isinstance(found, Share), "looked up as a share"
    context.require("OWNERSHIP", found)
    return found


def _account(context: Context, parts: tuple[str, ...], any_edition: bool) -> Account:
    """Another account of the organisation for which replication is enabled."""
    name = shares.account_named(context.catalog, "", parts)
    found = context.catalog.account(name) if name else None
    own = context.catalog.account(context.session.account)
    if found is None or own is None or found.name == own.name:
        raise does_not_exist("Account", ".".join(parts))
    require_enabled(found)
    if own.edition == "BUSINESS_CRITICAL" and found.edition != own.edition and not any_edition:
        text = f"Account {'.'.join(parts)} is of a lower edition; use IGNORE EDITION CHECK to allow it."
        raise compilation(3134, "0A000", text)
    return found


def unset(reader: Reader, group: ReplicationGroup) -> None:
    """COMMENT and REPLICATION_SCHEDULE."""
    while True:
        match reader.accept_any("COMMENT", "REPLICATION_SCHEDULE", "ERROR_INTEGRATION", "TAG"):
            case "COMMENT":
                group.comment = None
            case "REPLICATION_SCHEDULE":
                group.schedule = None
            case "":
                raise reader.unexpected()
            case word:
                raise unsupported(f"{word} of a replication group")
        if not reader.accept(","):
            return


def settings(reader: Reader) -> Given:
    given = Given()
    while not given.named or not (reader.at_end() or reader.at(";")):
        word = reader.peek().word
        if word == "COMMENT":
            reader.expect("COMMENT", "=")
            given.comment = reader.string()
        else:
            _property(reader, given)
        given.named.add(word)
    return given


def listed(context: Context, reader: Reader, group: ReplicationGroup, *, add: bool) -> None:
    """ADD a, b TO ALLOWED_…; REMOVE a FROM ALLOWED_…"""
    names = list(clauses.listed(reader, Reader.name))
    reader.expect("TO" if add else "FROM")
    which = reader.accept_any("ALLOWED_DATABASES", "ALLOWED_SHARES", "ALLOWED_ACCOUNTS")
    any_edition = reader.accept("IGNORE", "EDITION", "CHECK")
    match which:
        case "ALLOWED_DATABASES":
            group.databases = joined(group.databases, [_database(context, group, n[-1]).id for n in names], add=add)
        case "ALLOWED_SHARES":
            group.shares = joined(group.shares, [_share(context, n[-1]).id for n in names], add=add)
        case "ALLOWED_ACCOUNTS":
            group.accounts = joined(group.accounts, [_account(context, n, any_edition).name for n in names], add=add)
        case _:
            raise reader.unexpected()
    fill(context, group, Given())


def joined(now: list[T], named: list[T], *, add: bool) -> list[T]:
    return list(dict.fromkeys([*now, *named])) if add else [one for one in now if one not in named]
