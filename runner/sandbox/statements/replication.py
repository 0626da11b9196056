"""CREATE, ALTER and DROP REPLICATION GROUP and FAILOVER GROUP.

Sources: sql-reference/sql/create-replication-group, alter-replication-group, create-failover-group. Databases and
shares are replicated; a refresh happens when it is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeVar

from runner.sandbox import access, replication, shares
from runner.sandbox.catalog.model import Account, Database, Share
from runner.sandbox.catalog.replication import ReplicationGroup
from runner.sandbox.catalog.store import Work, utc_now
from runner.sandbox.context import Context
from runner.sandbox.errors import SnowflakeError, already_exists, compilation, does_not_exist, unsupported
from runner.sandbox.law import clauses
from runner.sandbox.query.binding import bound
from runner.sandbox.result import Result, status_result
from runner.sandbox.statements import grantees
from runner.sandbox.tasks import schedule
from runner.sandbox.tokens import Reader

ENABLED = "ENABLE_ACCOUNT_DATABASE_REPLICATION"
DONE = "Statement executed successfully."
_TYPES = ("DATABASES", "SHARES")
_OTHER_TYPES = (
    "ACCOUNT PARAMETERS", "INTEGRATIONS", "NETWORK POLICIES", "RESOURCE MONITORS", "ROLES", "USERS", "WAREHOUSES"
)  # fmt: skip
T = TypeVar("T")


@dataclass(kw_only=True)
class _Given:
    """What a statement names; None for what it leaves out."""

    types: list[str] | None = None
    databases: list[str] | None = None
    shares: list[str] | None = None
    accounts: list[tuple[str, ...]] | None = None
    schedule: str | None = None
    any_edition: bool = False
    named: set[str] = field(default_factory=set)


def create(context: Context, text: str) -> Result:
    reader = Reader(bound(context, text))
    reader.expect("CREATE")
    kind = reader.accept_any("REPLICATION", "FAILOVER")
    reader.expect("GROUP")
    unless = reader.accept("IF", "NOT", "EXISTS")
    name = reader.identifier()
    origin = reader.name() if reader.accept("AS", "REPLICA", "OF") else None
    given = _given(reader) if origin is None else _Given()
    reader.end()
    context.commit_for_ddl()
    with context.catalog.work() as work:
        access.require_account(context.catalog, context.session, f"CREATE {kind} GROUP")
        if context.catalog.find(ReplicationGroup, context.session.account, name) is not None:
            if unless:
                return status_result(f"{name} already exists, statement succeeded.")
            raise already_exists(name)
        _require_enabled(context.catalog.account(context.session.account))
        _require_edition(context, kind)
        made = ReplicationGroup(
            account=context.session.account,
            name=name,
            owner=access.owner_for_new(context.catalog, context.session),
            created_at=utc_now(),
            failover=kind == "FAILOVER",
        )
        if origin is None:
            _fill(context, made, given)
        else:
            _follow(context, made, origin)
        work.add(made)
    return status_result(f"{kind.capitalize()} group {name} successfully created.")


def _require_enabled(account: Account | None) -> None:
    """An organisation's administrator enables each account (user-guide/account-replication-config)."""
    if account is None or account.parameters.get(ENABLED) != "true":
        name = f"{account.organization}.{account.name}" if account else ""
        text = f"Replication is not enabled for account {name}: ORGADMIN enables it"
        raise compilation(3130, "0A000", f"{text} by SYSTEM$GLOBAL_ACCOUNT_SET_PARAMETER.")


def _require_edition(context: Context, kind: str) -> None:
    """Failover takes Business Critical (user-guide/account-replication-intro)."""
    account = context.catalog.account(context.session.account)
    if kind == "FAILOVER" and account is not None and account.edition != "BUSINESS_CRITICAL":
        raise compilation(3141, "0A000", "Failover groups take the Business Critical edition.")


def _given(reader: Reader) -> _Given:
    given = _Given()
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


def _property(reader: Reader, given: _Given) -> None:
    word = reader.next().word
    if word in ("TAG", "ERROR_INTEGRATION", "ALLOWED_INTEGRATION_TYPES", "ALLOWED_SCHEMAS"):
        raise unsupported(f"{word} of a replication group")
    if word not in ("OBJECT_TYPES", "ALLOWED_DATABASES", "ALLOWED_SHARES", "ALLOWED_ACCOUNTS", "REPLICATION_SCHEDULE"):
        raise reader.unexpected(-1)
    reader.expect("=")
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
            given.schedule = reader.string()
            schedule.parse(given.schedule)


def _type(reader: Reader) -> str:
    for known in _TYPES:
        if reader.accept(known):
            return known
    for other in _OTHER_TYPES:
        if reader.accept(*other.split()):
            raise unsupported(f"replication of {other}")
    raise reader.unexpected()


def _fill(context: Context, group: ReplicationGroup, given: _Given) -> None:
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
    _require_enabled(found)
    if own.edition == "BUSINESS_CRITICAL" and found.edition != own.edition and not any_edition:
        text = f"Account {'.'.join(parts)} is of a lower edition; use IGNORE EDITION CHECK to allow it."
        raise compilation(3134, "0A000", text)
    return found


def _follow(context: Context, group: ReplicationGroup, origin: tuple[str, ...]) -> None:
    """AS REPLICA OF [org.]account.group, by an account that the primary allows."""
    owner = shares.account_named(context.catalog, "", origin[:-1])
    primary = context.catalog.find(ReplicationGroup, owner, origin[-1]) if owner else None
    allowed = primary is not None and primary.primary_id is None and group.account in primary.accounts
    if primary is None or not allowed or primary.failover != group.failover:
        raise does_not_exist("Failover group" if group.failover else "Replication group", ".".join(origin))
    mine = context.catalog.all(ReplicationGroup, group.account)
    if other := next((each for each in mine if each.primary_id == primary.id), None):
        raise compilation(3135, "0A000", f"Group '{other.name}' is a replica of '{'.'.join(origin)}' already.")
    group.primary_id, group.types, group.schedule = primary.id, list(primary.types), primary.schedule


def _find(context: Context, kind: str, name: str) -> ReplicationGroup:
    found = context.catalog.find(ReplicationGroup, context.session.account, name)
    fits = found is not None and found.failover == (kind == "FAILOVER")
    if found is None or not fits or not access.visible(context.catalog, context.session, found):
        raise does_not_exist(f"{kind.capitalize()} group", name)
    return found


def _known(context: Context, kind: str, name: str) -> bool:
    try:
        _find(context, kind, name)
    except SnowflakeError:
        return False
    return True


def alter(context: Context, text: str) -> Result:
    reader = Reader(bound(context, text))
    reader.expect("ALTER")
    kind = reader.accept_any("REPLICATION", "FAILOVER")
    reader.expect("GROUP")
    forgiving = reader.accept("IF", "EXISTS")
    name = reader.identifier()
    context.commit_for_ddl()
    if forgiving and not _known(context, kind, name):
        return status_result(DONE)
    if reader.accept("REFRESH"):
        reader.end()
        return _refresh(context, kind, name)
    with context.catalog.work() as work:
        _alter(context, work, reader, _find(context, kind, name))
    return status_result(DONE)


def _refresh(context: Context, kind: str, name: str) -> Result:
    """In the secondary's account; takes REPLICATE on the group."""
    group = _find(context, kind, name)
    access.require_any(context.catalog, context.session, ("REPLICATE", "OWNERSHIP"), group)
    primary = replication.primary_of(context.catalog, group)
    if group.primary_id is None:
        raise compilation(3136, "0A000", f"Group '{name}' is a primary group: it is refreshed where its replica is.")
    if primary is None or group.account not in primary.accounts:
        raise compilation(3137, "55000", f"The primary group of '{name}' is gone, or not for this account any more.")
    replication.refresh(context, group, primary)
    return status_result(DONE)


def _alter(context: Context, work: Work, reader: Reader, group: ReplicationGroup) -> None:
    word = reader.accept_any("RENAME", "SET", "ADD", "REMOVE", "SUSPEND", "RESUME", "PRIMARY", "MOVE")
    if not word:
        raise reader.unexpected()
    if word in ("PRIMARY", "MOVE"):
        raise unsupported(f"ALTER … GROUP … {word}")
    if word in ("SUSPEND", "RESUME"):
        reader.end()
        access.require_any(context.catalog, context.session, ("REPLICATE", "OWNERSHIP"), group)
        if group.primary_id is None:
            raise compilation(3136, "0A000", f"Group '{group.name}' is a primary group: it has no refreshes.")
        work.edit(group, suspended=word == "SUSPEND", altered_at=utc_now())
        return
    context.require("OWNERSHIP" if word == "RENAME" else "MODIFY", group)
    if word != "RENAME" and group.primary_id is not None:
        raise compilation(3138, "0A000", f"Group '{group.name}' is a secondary group: its primary says what it holds.")
    _change(context, work, reader, group, word)


def _change(context: Context, work: Work, reader: Reader, group: ReplicationGroup, word: str) -> None:
    draft = ReplicationGroup(**group.__dict__)
    if word == "RENAME":
        reader.expect("TO")
        draft.name = reader.identifier()
        if context.catalog.find(ReplicationGroup, group.account, draft.name) is not None:
            raise already_exists(draft.name)
    elif word == "SET":
        given = _settings(reader)
        _fill(context, draft, given)
    else:
        _listed(context, reader, draft, add=word == "ADD")
    reader.end()
    names = ("name", "types", "databases", "shares", "accounts", "schedule")
    work.edit(group, altered_at=utc_now(), **{name: getattr(draft, name) for name in names})


def _settings(reader: Reader) -> _Given:
    given = _Given()
    while not given.named or not (reader.at_end() or reader.at(";")):
        word = reader.peek().word
        _property(reader, given)
        given.named.add(word)
    return given


def _listed(context: Context, reader: Reader, group: ReplicationGroup, *, add: bool) -> None:
    """ADD a, b TO ALLOWED_…; REMOVE a FROM ALLOWED_…"""
    names = list(clauses.listed(reader, Reader.name))
    reader.expect("TO" if add else "FROM")
    which = reader.accept_any("ALLOWED_DATABASES", "ALLOWED_SHARES", "ALLOWED_ACCOUNTS")
    any_edition = reader.accept("IGNORE", "EDITION", "CHECK")
    match which:
        case "ALLOWED_DATABASES":
            group.databases = _with(group.databases, [_database(context, group, n[-1]).id for n in names], add=add)
        case "ALLOWED_SHARES":
            group.shares = _with(group.shares, [_share(context, n[-1]).id for n in names], add=add)
        case "ALLOWED_ACCOUNTS":
            group.accounts = _with(group.accounts, [_account(context, n, any_edition).name for n in names], add=add)
        case _:
            raise reader.unexpected()
    _fill(context, group, _Given())


def _with(now: list[T], named: list[T], *, add: bool) -> list[T]:
    return list(dict.fromkeys([*now, *named])) if add else [one for one in now if one not in named]


def drop(context: Context, text: str) -> Result:
    """A primary goes when no secondary is left; with a secondary, what it brought becomes the account's own."""
    reader = Reader(bound(context, text))
    reader.expect("DROP")
    kind = reader.accept_any("REPLICATION", "FAILOVER")
    reader.expect("GROUP")
    forgiving = reader.accept("IF", "EXISTS")
    name = reader.identifier()
    reader.end()
    context.commit_for_ddl()
    with context.catalog.work() as work:
        if forgiving and not _known(context, kind, name):
            return status_result(f"Drop statement executed successfully ({name} already dropped).")
        group = _find(context, kind, name)
        context.require("OWNERSHIP", group)
        if left := replication.secondaries(context.catalog, group):
            where = ", ".join(f"{shares.qualified(context.catalog, each.account)}.{each.name}" for each in left)
            raise compilation(3139, "0A000", f"Group '{name}' cannot be dropped: it has replicas, {where}.")
        if group.primary_id is not None:
            replication.let_go(work, group, replication.primary_of(context.catalog, group))
        for grant in context.catalog.grants(group.account):
            if grant.on_id == group.id:
                work.unlink(grant)
        work.forget(group)
    return status_result(f"{name} successfully dropped.")
