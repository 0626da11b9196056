"""What CREATE, DROP and RENAME have in common, whatever the object."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import TypeVar

from runner.sandbox import access
from runner.sandbox.catalog.model import (
    ColumnModel,
    Constraint,
    Database,
    Policy,
    Record,
    Role,
    Schema,
    SchemaObject,
    Sequence,
    Table,
    View,
)
from runner.sandbox.catalog.store import Work, utc_now
from runner.sandbox.context import Context
from runner.sandbox.ddl.header import Header
from runner.sandbox.ddl.names import dotted
from runner.sandbox.errors import SnowflakeError, already_exists, compilation
from runner.sandbox.law import policies
from runner.sandbox.result import Result, status_result
from runner.sandbox.tokens import Kind, Reader

R = TypeVar("R", bound=Record)
Relation = Table | View
Moved = dict[tuple[str, ...], tuple[str, ...]]
DONE = "Statement executed successfully."


def dotted_as_given(parts: tuple[str, ...]) -> str:
    return ".".join(parts)


def relation(context: Context, schema: Schema, name: str, *, temporary: bool = False) -> Relation | None:
    """The table or view of this name: both live in one namespace, apart from the session's temporary tables."""
    mine = context.session.id if temporary else None
    named = context.catalog.named(schema, name)
    return next((r for r in named if isinstance(r, Table | View) and r.session_id == mine), None)


def sequence(context: Context, schema: Schema, name: str) -> Sequence | None:
    return context.catalog.object(schema, Sequence, name)


def standing(
    context: Context,
    header: Header,
    found: Record | None,
    kind: type[R],
    parts: tuple[str, ...],
    may: Callable[[], None],
) -> R | None:
    """What stands under the name already: to be replaced, altered, or left (IF NOT EXISTS). Anything else is 002002.

    The right to make it is asked first: who may not make anything there does not learn what is there.
    """
    altered = header.or_alter and isinstance(found, kind) and access.visible(context.catalog, context.session, found)
    if not altered:
        may()
    if found is None:
        return None
    tolerant = header.or_replace or header.or_alter or header.if_not_exists
    if not tolerant:
        raise already_exists(dotted_as_given(parts))
    if isinstance(found, kind):
        return found
    if header.if_not_exists:
        raise already_exists(dotted_as_given(parts))
    text = f"Object '{dotted_as_given(parts)}' already exists as {access.object_kind(found)}"
    raise compilation(1998, "42710", text)


def created(kind: str, name: str) -> Result:
    return status_result(f"{kind} {name} successfully created.")


def left_alone(name: str) -> Result:
    return status_result(f"{name} already exists, statement succeeded.")


def already_dropped(name: str) -> Result:
    return status_result(f"Drop statement executed successfully ({name} already dropped).")


def install(
    context: Context,
    work: Work,
    record: R,
    replaced: Record | None,
    *,
    copy_grants: bool = False,
    source: Record | None = None,
) -> R:
    """Puts the new record in the place of the one it replaces, with its owner and its grants.

    COPY GRANTS copies those of what is replaced; LIKE and CLONE, of the `source` (sql-reference/sql/create-table).
    """
    if replaced is not None:
        drop(work, replaced, utc_now())
    copied = (source or replaced) if copy_grants else None
    work.add(record)
    access.on_created(work, context.catalog, context.session, record, copied_from=copied)
    return record


def owner(context: Context) -> str:
    """Who will own what the statement makes."""
    return access.owner_for_new(context.catalog, context.session)


def drop(work: Work, record: Record, now: datetime) -> None:
    """The record and all that is in it are dropped, at one instant, by which UNDROP knows them again."""
    if isinstance(record, SchemaObject) and record.session_id is not None:
        work.forget(record)
        return
    for inner in contents(work, record):
        drop(work, inner, now)
    if isinstance(record, Table):
        forget_references(work, record)
    work.edit(record, dropped_at=now)


def remove(work: Work, record: Record) -> None:
    """The record is gone for good, with the grants on it: what UNDROP does not bring back."""
    for grant in work.catalog.grants(record.account):
        if grant.on_id == record.id:
            work.unlink(grant)
    work.forget(record)


def contents(work: Work, record: Record) -> list[Record]:
    """What lives in a database or a schema now."""
    catalog = work.catalog
    match record:
        case Database() if record.origin_share is None:
            roles = [role for role in catalog.all(Role, record.account) if role.database_id == record.id]
            return [*catalog.schemas(record), *roles]
        case Schema():
            objects: list[SchemaObject] = catalog.objects(record)
            return list(objects)
        case _:
            return []


def undrop(work: Work, record: Record) -> None:
    """The record comes back with all that was dropped in the same instant."""
    instant = record.dropped_at
    for inner in list(work.catalog.records.values()):
        if inner.dropped_at == instant and _inside(inner, record):
            undrop(work, inner)
    work.edit(record, dropped_at=None)


def _inside(inner: Record, outer: Record) -> bool:
    if isinstance(outer, Database):
        return isinstance(inner, Schema | Role) and inner.database_id == outer.id
    return isinstance(outer, Schema) and isinstance(inner, SchemaObject) and inner.schema_id == outer.id


def referring(work: Work, table: Table) -> list[tuple[Table, Constraint]]:
    """Foreign keys of other tables that point to this one."""
    name = work.catalog.full_name(table)
    others = work.catalog.all(Table, table.account)
    return [(o, c) for o in others if o is not table for c in o.constraints if c.references == name]


def forget_references(work: Work, table: Table) -> None:
    """Foreign keys that pointed to a table go with it (sql-reference/sql/drop-table, CASCADE)."""
    for other, constraint in referring(work, table):
        work.edit(other, constraints=[c for c in other.constraints if c is not constraint])


def refuse_referred(work: Work, record: Record) -> None:
    """RESTRICT: nothing outside may point into what is dropped."""
    inside = _tables(work, record)
    for table in inside:
        for other, _ in referring(work, table):
            if other not in inside:
                text = f"Cannot drop the table {table.name} because it is referenced by a foreign key of {other.name}."
                raise compilation(2194, "42601", text)


def _tables(work: Work, record: Record) -> list[Table]:
    if isinstance(record, Table):
        return [record]
    return [table for inner in contents(work, record) for table in _tables(work, inner)]


def rename(work: Work, changes: list[tuple[Record, dict[str, object]]]) -> None:
    """Gives records other names or places; foreign keys and sequence defaults of the account follow."""
    before = _full_names(work, changes)
    for record, fields in changes:
        work.edit(record, altered_at=utc_now(), **fields)
    after = _full_names(work, changes)
    moved = {old: after[number] for number, old in before.items() if after[number] != old}
    account = changes[0][0].account
    for table in work.catalog.all(Table, account):
        point_anew(work, table, moved)
    for view in work.catalog.all(View, account):
        if view.policies:
            work.edit(view, policies=[policies.moved(text, moved) for text in view.policies])


def _full_names(work: Work, changes: list[tuple[Record, dict[str, object]]]) -> dict[int, tuple[str, ...]]:
    """Tables, sequences and policies in the records, by id."""
    return {one.id: work.catalog.full_name(one) for record, _ in changes for one in _pointed_at(work, record)}


def _pointed_at(work: Work, record: Record) -> list[Record]:
    if isinstance(record, Table | Sequence | Policy):
        return [record]
    return [one for inner in contents(work, record) for one in _pointed_at(work, inner)]


def point_anew(work: Work, table: Table, moved: Moved) -> None:
    """The table's foreign keys, sequence defaults and policies go where what they name has moved."""
    constraints = [_pointing(c, moved.get(c.references or ())) for c in table.constraints]
    columns = [replace(c, default=moved_default(c.default, moved)) for c in table.columns]
    attached = [policies.moved(text, moved) for text in table.policies]
    if constraints != table.constraints or columns != table.columns or attached != table.policies:
        work.edit(table, constraints=constraints, columns=columns, policies=attached)


def _pointing(constraint: Constraint, to: tuple[str, ...] | None) -> Constraint:
    return constraint if to is None else replace(constraint, references=(to[0], to[1], to[2]))


def moved_default(default: str | None, moved: Moved) -> str | None:
    """The default, its sequence under the new name."""
    parts = sequence_of(default) if default else None
    to = moved.get(parts) if parts else None
    return f"{dotted(to)}.NEXTVAL" if to else default


def sequence_of(default: str) -> tuple[str, ...] | None:
    """The sequence behind `DB.SCHEMA.SEQ.NEXTVAL`; None when the default is something else."""
    reader = Reader(default)
    if reader.peek().kind not in (Kind.WORD, Kind.QUOTED):
        return None
    parts = [reader.identifier()]
    while reader.accept("."):
        parts.append(reader.identifier())
    return tuple(parts[:-1]) if reader.at_end() and len(parts) > 1 and parts[-1] == "NEXTVAL" else None


def wrong_kind(found: Record, wanted: str) -> SnowflakeError:
    kind = access.object_kind(found)
    return compilation(1003, "42601", f"Object found is of type '{kind}', not specified type '{wanted}'.")


def with_column(columns: list[ColumnModel], name: str, /, **changes: object) -> list[ColumnModel]:
    """The columns, those fields of one of them changed; the records given stay as they are."""
    return [replace(column, **changes) if column.name == name else column for column in columns]  # type: ignore[arg-type]
