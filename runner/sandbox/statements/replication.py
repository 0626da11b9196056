"""CREATE, ALTER and DROP REPLICATION GROUP and FAILOVER GROUP.

Sources: sql-reference/sql/create-replication-group, alter-replication-group, create-failover-group. Databases and
shares are replicated, on demand and by the schedule.
"""

from __future__ import annotations

from runner.sandbox import access, failover, replication, shares
from runner.sandbox.catalog.replication import ReplicationGroup
from runner.sandbox.catalog.store import Work, utc_now
from runner.sandbox.context import Context
from runner.sandbox.derived import replicating
from runner.sandbox.errors import SnowflakeError, already_exists, compilation, does_not_exist
from runner.sandbox.law import clauses
from runner.sandbox.query.binding import bound
from runner.sandbox.result import Result, status_result
from runner.sandbox.statements import replicated
from runner.sandbox.tokens import Reader

DONE = "Statement executed successfully."


def create(context: Context, text: str) -> Result:
    reader = Reader(bound(context, text))
    reader.expect("CREATE")
    kind = reader.accept_any("REPLICATION", "FAILOVER")
    reader.expect("GROUP")
    unless = reader.accept("IF", "NOT", "EXISTS")
    name = reader.identifier()
    origin = reader.name() if reader.accept("AS", "REPLICA", "OF") else None
    given = replicated.given_of(reader) if origin is None else replicated.Given()
    reader.end()
    context.commit_for_ddl()
    with context.catalog.work() as work:
        access.require_account(context.catalog, context.session, f"CREATE {kind} GROUP")
        if context.catalog.find(ReplicationGroup, context.session.account, name) is not None:
            if unless:
                return status_result(f"{name} already exists, statement succeeded.")
            raise already_exists(name)
        replicated.require_enabled(context.catalog.account(context.session.account))
        _require_edition(context, kind)
        made = ReplicationGroup(
            account=context.session.account,
            name=name,
            owner=access.owner_for_new(context.catalog, context.session),
            created_at=utc_now(),
            failover=kind == "FAILOVER",
        )
        if origin is None:
            replicated.fill(context, made, given)
        else:
            _follow(context, made, origin)
        work.add(made)
    return status_result(f"{kind.capitalize()} group {name} successfully created.")


def _require_edition(context: Context, kind: str) -> None:
    """Failover takes Business Critical (user-guide/account-replication-intro)."""
    account = context.catalog.account(context.session.account)
    if kind == "FAILOVER" and account is not None and account.edition != "BUSINESS_CRITICAL":
        raise compilation(3141, "0A000", "Failover groups take the Business Critical edition.")


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
    group.next_at = utc_now()  # The first refresh (user-guide/account-replication-config).


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
    if group.primary_id is None:
        raise compilation(3136, "0A000", f"Group '{name}' is a primary group: it is refreshed where its replica is.")
    primary = _primary(context, group)
    since = utc_now()
    replication.refresh(context, group, primary, lambda: replicating.following(group, since))
    return status_result(DONE)


def _primary(context: Context, group: ReplicationGroup) -> ReplicationGroup:
    found = replication.primary_of(context.catalog, group)
    if found is None or group.account not in found.accounts:
        text = f"The primary group of '{group.name}' is gone, or not for this account any more."
        raise compilation(3137, "55000", text)
    return found


def _alter(context: Context, work: Work, reader: Reader, group: ReplicationGroup) -> None:
    word = reader.accept_any("RENAME", "SET", "UNSET", "ADD", "REMOVE", "SUSPEND", "RESUME", "MOVE")
    if group.failover and not word and reader.accept("PRIMARY"):
        reader.end()
        _promote(context, work, group)
        return
    if not word:
        raise reader.unexpected()
    if word in ("SUSPEND", "RESUME"):
        _hold(context, work, reader, group, suspended=word == "SUSPEND")
        return
    context.require("OWNERSHIP" if word == "RENAME" else "MODIFY", group)
    if word != "RENAME" and group.primary_id is not None:
        raise compilation(3138, "0A000", f"Group '{group.name}' is a secondary group: its primary says what it holds.")
    if word == "MOVE":
        _move(context, work, reader, group)
        return
    before = group.schedule
    _change(context, work, reader, group, word)
    if group.schedule != before:
        for follower in replication.secondaries(context.catalog, group):
            work.edit(follower, schedule=group.schedule)
            work.edit(follower, next_at=replicating.following(follower, utc_now()))


def _hold(context: Context, work: Work, reader: Reader, group: ReplicationGroup, *, suspended: bool) -> None:
    """SUSPEND [IMMEDIATE] and RESUME of scheduled refreshes."""
    if suspended:
        reader.accept("IMMEDIATE")
    reader.end()
    access.require_any(context.catalog, context.session, ("REPLICATE", "OWNERSHIP"), group)
    if group.primary_id is None:
        raise compilation(3136, "0A000", f"Group '{group.name}' is a primary group: it has no refreshes.")
    work.edit(group, suspended=suspended, altered_at=utc_now())
    work.edit(group, next_at=replicating.following(group, utc_now()))


def _promote(context: Context, work: Work, group: ReplicationGroup) -> None:
    """PRIMARY, in the secondary's account; takes FAILOVER on the group."""
    access.require_any(context.catalog, context.session, ("FAILOVER", "OWNERSHIP"), group)
    if group.primary_id is None:
        raise compilation(3136, "0A000", f"Group '{group.name}' is the primary group already.")
    failover.promote(work, group, _primary(context, group))


def _move(context: Context, work: Work, reader: Reader, group: ReplicationGroup) -> None:
    """MOVE DATABASES | SHARES a, b TO … GROUP other: from one primary group to another of the same type."""
    word = reader.accept_any(*replicated.TYPES)
    if not word:
        raise reader.unexpected()
    names = list(clauses.listed(reader, Reader.identifier))
    kind = "FAILOVER" if group.failover else "REPLICATION"
    reader.expect("TO", kind, "GROUP")
    into = _find(context, kind, reader.identifier())
    reader.end()
    context.require("MODIFY", into)
    if into.primary_id is not None:
        raise compilation(3138, "0A000", f"Group '{into.name}' is a secondary group: its primary says what it holds.")
    if word not in into.types:
        raise compilation(1003, "42601", f"ALLOWED_{word} needs {word} among the OBJECT_TYPES.")
    mine: list[int] = getattr(group, word.lower())
    moved = [_member(context, group, mine, name) for name in names]
    work.edit(group, **{word.lower(): [one for one in mine if one not in moved]}, altered_at=utc_now())
    work.edit(
        into, **{word.lower(): replicated.joined(getattr(into, word.lower()), moved, add=True)}, altered_at=utc_now()
    )


def _member(context: Context, group: ReplicationGroup, members: list[int], name: str) -> int:
    found = (context.catalog.records.get(number) for number in members)
    number = next((one.id for one in found if one is not None and one.name == name), None)
    if number is None:
        raise compilation(3133, "0A000", f"'{name}' is not in group '{group.name}'.")
    return number


def _change(context: Context, work: Work, reader: Reader, group: ReplicationGroup, word: str) -> None:
    draft = ReplicationGroup(**group.__dict__)
    if word == "RENAME":
        reader.expect("TO")
        draft.name = reader.identifier()
        if context.catalog.find(ReplicationGroup, group.account, draft.name) is not None:
            raise already_exists(draft.name)
    elif word == "SET":
        given = replicated.settings(reader)
        replicated.fill(context, draft, given)
    elif word == "UNSET":
        replicated.unset(reader, draft)
    else:
        replicated.listed(context, reader, draft, add=word == "ADD")
    reader.end()
    names = ("name", "types", "databases", "shares", "accounts", "schedule", "comment")
    work.edit(group, altered_at=utc_now(), **{name: getattr(draft, name) for name in names})


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
