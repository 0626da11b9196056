"""What a refresh of a secondary group does: databases and shares become what the primary's are now.

Sources: user-guide/account-replication-intro, account-replication-considerations,
user-guide/secure-data-sharing-across-regions-platforms. Objects keep their identity from one refresh to the next, so
that grants on them last; rows are copied whole. What is not copied is told in the table of statements.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from datetime import datetime
from typing import TypeVar

from runner.sandbox import shares
from runner.sandbox.catalog.derived import Tag
from runner.sandbox.catalog.files import FileFormat, Stage
from runner.sandbox.catalog.login_policies import LOGIN_POLICIES
from runner.sandbox.catalog.model import (
    ColumnModel,
    Database,
    Grant,
    Policy,
    Record,
    Routine,
    Schema,
    SchemaObject,
    Sequence,
    Share,
    Table,
    View,
)
from runner.sandbox.catalog.replication import ReplicationGroup, refuse_nothing
from runner.sandbox.catalog.store import Catalog, Work, utc_now
from runner.sandbox.catalog.tasks import Task
from runner.sandbox.context import Context
from runner.sandbox.ddl.names import dotted
from runner.sandbox.errors import already_exists, compilation, unsupported
from runner.sandbox.law import policies
from runner.sandbox.statements import objects
from runner.sandbox.statements.clone import copying
from runner.sandbox.storage import storages

_COPIED = (Tag, Table, View, Sequence, Routine, Policy, FileFormat, Stage, Task, *LOGIN_POLICIES.values())
_OWN = frozenset({"id", "account", "owner", "schema_id", "created_at", "session_id", "database_id", "replica_of"})
"""Fields that the copy has for itself."""
R = TypeVar("R", bound=Record)
_ONE = threading.Lock()
Numbers = dict[int, int]
"""Ids of originals to those of their copies."""


def primary_of(catalog: Catalog, group: ReplicationGroup) -> ReplicationGroup | None:
    found = catalog.records.get(group.primary_id) if group.primary_id is not None else None
    return found if isinstance(found, ReplicationGroup) and found.dropped_at is None else None


def secondaries(catalog: Catalog, group: ReplicationGroup) -> list[ReplicationGroup]:
    every = (r for r in list(catalog.records.values()) if isinstance(r, ReplicationGroup))
    return [each for each in every if each.primary_id == group.id]


def refresh(
    context: Context, group: ReplicationGroup, primary: ReplicationGroup, following: Callable[[], datetime | None]
) -> None:
    """Everything at once, or nothing; one at a time. `following` says when the next one is due."""
    with _ONE:
        _refresh(context, group, primary, following)


def _refresh(
    context: Context, group: ReplicationGroup, primary: ReplicationGroup, following: Callable[[], datetime | None]
) -> None:
    catalog = context.catalog
    sources = [d for d in _live(catalog, primary.databases) if isinstance(d, Database)]
    _check(catalog, sources)
    with copying(context, None) as copies:
        tables = [one for home in sources for one in _inside(catalog, home) if isinstance(one, Table)]
        numbers = {table.id: copies.copy(table) for table in tables}
        with catalog.work(copies.cursor) as work:
            work.refuse = refuse_nothing
            retired: list[int] = []
            ids: Numbers = {}
            for source in sources:
                _database(work, group, source, numbers, ids, retired)
            shared = [s for s in _live(catalog, primary.shares) if isinstance(s, Share)]
            brought = [ids[source.id] for source in sources]
            _end_of_the_rest(work, group, primary, {source.id for source in (*sources, *shared)})
            brought += [_share(work, group, share, ids) for share in shared]
            work.edit(group, types=list(primary.types), schedule=primary.schedule, brought=brought)
            work.edit(group, refreshed_at=utc_now(), next_at=following())
    for number in retired:
        context.storage.retire(number)


def _live(catalog: Catalog, numbers: list[int]) -> list[Record]:
    found = (catalog.records.get(number) for number in numbers)
    return [record for record in found if record is not None and record.dropped_at is None]


def _objects(catalog: Catalog, schema: Schema) -> list[SchemaObject]:
    return catalog.objects(schema)


def _inside(catalog: Catalog, database: Database) -> Iterator[SchemaObject]:
    """What of a database is copied: nothing of a session's own, no events, no files."""
    for schema in catalog.schemas(database):
        for record in _objects(catalog, schema):
            if isinstance(record, _COPIED) and record.session_id is None and _is_copied(record):
                yield record


def _is_copied(record: SchemaObject) -> bool:
    match record:
        case Table():
            return record.external is None and not record.event
        case Stage():
            return record.url is not None
        case _:
            return True


def _check(catalog: Catalog, sources: list[Database]) -> None:
    """A policy in a database that does not come along would be missing (account-replication-considerations)."""
    names = {source.name for source in sources}
    for source in sources:
        for record in _inside(catalog, source):
            if isinstance(record, Table | View):
                for attached in policies.attachments(record):
                    if attached.policy[0] not in names:
                        raise _dangling(dotted(attached.policy), dotted(catalog.full_name(record)))


def _dangling(referred: str, referring: str) -> Exception:
    text = (
        "Dangling references in the snapshot. Correct the errors before refreshing again. The following references "
        f"are missing (referred entity <- [referring entities]): {referred} <- [{referring}]"
    )
    return compilation(3131, "55000", text)


def _database(
    work: Work, group: ReplicationGroup, source: Database, numbers: Numbers, ids: Numbers, retired: list[int]
) -> None:
    target = _secondary(work, group, source)
    ids[source.id] = target.id
    schemas: list[tuple[Schema, Schema]] = []
    for schema in work.catalog.schemas(source):
        place = _schema(work, group, schema, target)
        ids[schema.id] = place.id
        schemas.append((schema, place))
    for kinds in ((Tag,), tuple(kind for kind in _COPIED if kind is not Tag)):  # Tags first: others carry them.
        for schema, place in schemas:
            for record in _objects(work.catalog, schema):
                if isinstance(record, kinds) and record.session_id is None and _is_copied(record):
                    ids[record.id] = _object(work, group, record, place, numbers, ids, retired)
    _forget_gone(work, target, set(ids.values()), retired)
    work.edit(target, tags=_tags(source.tags, ids), comment=source.comment)


def _secondary(work: Work, group: ReplicationGroup, source: Database) -> Database:
    known = work.catalog.all(Database, group.account)
    found = next((d for d in known if d.replica_of == source.id), None)
    if found is None and work.catalog.database(group.account, source.name) is not None:
        raise already_exists(source.name)
    return _put(work, group, source, found, replica_of=source.id)


def _schema(work: Work, group: ReplicationGroup, source: Schema, home: Database) -> Schema:
    return _put(work, group, source, work.catalog.schema(home, source.name), database_id=home.id)


def _put(work: Work, group: ReplicationGroup, source: R, found: R | None, /, **own: object) -> R:
    """The copy as it is to be: the one that was there, or a new one of the group's owner."""
    taken = {f.name: getattr(source, f.name) for f in fields(source) if f.name not in _OWN} | own
    if found is not None:
        return work.edit(found, **taken)
    fresh = {"account": group.account, "owner": group.owner, "id": 0, "created_at": utc_now()}
    return work.add(replace(source, **(taken | fresh)))


def _object(
    work: Work,
    group: ReplicationGroup,
    source: SchemaObject,
    place: Schema,
    numbers: Numbers,
    ids: Numbers,
    retired: list[int],
) -> int:
    found = _same(work.catalog, source, place)
    own: dict[str, object] = {"schema_id": place.id, "tags": _tags(source.tags, ids)}
    if isinstance(source, Table):
        if isinstance(found, Table):
            retired += storages(found)
        own |= {"storage": numbers[source.id], "versions": [], "change_log": 0, "tracked_since": None}
        own |= {"change_tracking": False, "loads": [], "columns": _columns(source.columns, ids)}
        own["dynamic"] = replace(source.dynamic, suspended_at=utc_now()) if source.dynamic is not None else None
        own["changed_at"] = utc_now()
    elif isinstance(source, View):
        own |= {"columns": _columns(source.columns, ids), "change_tracking": False}
    elif isinstance(source, Task):
        own |= {"started": False, "next_at": None}
    return _put(work, group, source, found, **own).id


def _same(catalog: Catalog, source: SchemaObject, place: Schema) -> SchemaObject | None:
    """The copy of an earlier refresh: of the same kind and name, a routine's with the same arguments."""
    named = [r for r in catalog.named(place, source.name) if type(r) is type(source)]
    if isinstance(source, Routine):
        wanted = (source.routine, [a.type for a in source.arguments])
        named = [r for r in named if isinstance(r, Routine) and (r.routine, [a.type for a in r.arguments]) == wanted]
    return next(iter(named), None)


def _tags(tags: dict[str, str], ids: Numbers) -> dict[str, str]:
    """Tags that came along; those of other databases stay behind."""
    return {str(ids[int(tag)]): value for tag, value in tags.items() if int(tag) in ids}


def _columns(columns: list[ColumnModel], ids: Numbers) -> list[ColumnModel]:
    return [replace(column, tags=_tags(column.tags, ids)) for column in columns]


def _forget_gone(work: Work, database: Database, kept: set[int], retired: list[int]) -> None:
    """What the primary does not have any more is gone here too; what is never copied stays in a schema that stays:
    streams and the like of a database that was a primary once.
    """
    for schema in work.catalog.schemas(database):
        for record in _objects(work.catalog, schema):
            copied = isinstance(record, _COPIED) and _is_copied(record)
            if schema.id not in kept or (copied and record.id not in kept):
                retired += storages(record) if isinstance(record, Table) else []
                objects.remove(work, record)
        if schema.id not in kept:
            objects.remove(work, schema)


def _end_of_the_rest(work: Work, group: ReplicationGroup, primary: ReplicationGroup, kept: set[int]) -> None:
    """What the group brought and has no more is dropped here, unless another group has it now
    (sql-reference/sql/alter-replication-group, REMOVE).
    """
    catalog = work.catalog
    others = (g for g in catalog.all(ReplicationGroup, primary.account) if g.id != primary.id)
    elsewhere = {number for other in others for number in (*other.databases, *other.shares)}
    every: list[Database | Share] = [
        *catalog.all(Database, group.account), *catalog.all(Share, group.account)
    ]  # fmt: skip
    for record in every:
        if record.replica_of is None or record.replica_of in kept or record.replica_of in elsewhere:
            continue
        if not _is_brought(catalog, group, primary, record):
            continue
        if isinstance(record, Database):
            objects.drop(work, work.edit(record, replica_of=None), utc_now())
        else:
            shares.withdraw(work, record)
            work.forget(record)


def _is_brought(catalog: Catalog, group: ReplicationGroup, primary: ReplicationGroup, record: Database | Share) -> bool:
    """Whether it came with this group; an older sandbox did not note it."""
    if group.brought:
        return record.id in group.brought
    source = catalog.records.get(record.replica_of) if record.replica_of is not None else None
    return source is None or source.account == primary.account


def _share(work: Work, group: ReplicationGroup, source: Share, ids: Numbers) -> int:
    """The share on the copies of what it holds; to whom it is given is said in the secondary's account."""
    catalog = work.catalog
    if source.database_id is not None and source.database_id not in ids:
        held = catalog.record(source.database_id)
        raise _dangling(f"DATABASE {held.name}", f"SHARE {source.name}")
    found = catalog.find(Share, group.account, source.name)
    if found is not None and found.replica_of != source.id:
        raise already_exists(source.name)
    if any((link.to_kind, link.to_name) == ("SHARE", source.name) for link in catalog.role_grants(source.account)):
        raise unsupported("replication of a share that holds database roles")
    database = ids[source.database_id] if source.database_id is not None else None
    own = {"replica_of": source.id, "database_id": database, "accounts": list(found.accounts) if found else []}
    share = _put(work, group, source, found, **own)
    for grant in catalog.grants(group.account):
        if (grant.to_kind, grant.to_name) == ("SHARE", share.name):
            work.unlink(grant)
    for grant in catalog.grants(source.account):
        if (grant.to_kind, grant.to_name) == ("SHARE", source.name) and grant.on_id in ids:
            changes = {"account": group.account, "on_id": ids[grant.on_id], "created_at": utc_now()}
            work.link(Grant(**(grant.__dict__ | changes)))
    return share.id


def let_go(work: Work, group: ReplicationGroup, primary: ReplicationGroup | None) -> None:
    """The secondary group ends: what it brought belongs to the account now."""
    work.refuse = refuse_nothing
    numbers = {*primary.databases, *primary.shares} if primary is not None else set[int]()
    owned: list[Database | Share] = [
        *work.catalog.all(Database, group.account), *work.catalog.all(Share, group.account)
    ]  # fmt: skip
    for record in owned:
        if record.replica_of is not None and (primary is None or record.replica_of in numbers):
            work.edit(record, replica_of=None)
