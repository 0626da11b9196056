"""ALTER TABLE: rows and catalogue change together (sql-reference/sql/alter-table, alter-table-column)."""

from __future__ import annotations

from dataclasses import replace
from typing import assert_never

from runner.sandbox.catalog.model import ColumnModel, Constraint, Table
from runner.sandbox.catalog.store import Work, utc_now
from runner.sandbox.context import Context
from runner.sandbox.ddl import changes as to
from runner.sandbox.ddl.alter_table import read_alter_table
from runner.sandbox.ddl.create_table import check_retention
from runner.sandbox.ddl.names import written
from runner.sandbox.ddl.types import refuse_change
from runner.sandbox.errors import SnowflakeError, already_exists, compilation, unsupported
from runner.sandbox.law import policies
from runner.sandbox.result import Result, status_result
from runner.sandbox.statements import governing, objects, pieces, search_optimization
from runner.sandbox.statements.new_columns import filling_of_rows
from runner.sandbox.storage import physical, storages, told_apart
from runner.sandbox.streams import log
from runner.sandbox.tokens import Reader, quote_identifier


def alter(context: Context, text: str) -> Result:
    return altered(context, Reader(text), plain=True)


def altered(context: Context, reader: Reader, *, plain: bool = False) -> Result:
    """ALTER TABLE; `plain` for what is no dynamic table, of which only some things can be altered."""
    reader.expect("ALTER", "TABLE")
    forgiving = reader.accept("IF", "EXISTS")
    parts = reader.name()
    changes = read_alter_table(reader, context.session.parameters["TIMESTAMP_TYPE_MAPPING"])
    context.commit_for_ddl()
    with context.catalog.work() as work:
        if forgiving and context.find(Table, parts) is None:
            return status_result(objects.DONE)
        table = context.writable(Table, parts)
        _refuse_dynamic(table, changes, plain=plain)
        if table.external is not None:
            _refuse_external(table, changes)
        for change in changes:
            if not isinstance(change, to.SetColumnPolicy | to.RowAccess):
                context.require("OWNERSHIP", table)
            apply(context, work, table, change)
    return status_result(objects.DONE)


_OF_DYNAMIC = (
    to.Rename, to.Swap, to.SetProperty, to.Recluster, to.SearchOptimization, to.SetColumnPolicy, to.RowAccess,
    to.SetColumnComment,
)  # fmt: skip


_OF_EXTERNAL = (to.Rename, to.SetProperty, to.SetColumnPolicy, to.RowAccess, to.SetColumnComment)


def _refuse_external(table: Table, changes: list[to.Change]) -> None:
    """What an external table cannot be altered to, or the sandbox does not alter in it."""
    for change in changes:
        stored = isinstance(change, _OF_EXTERNAL)
        if not stored or (isinstance(change, to.SetProperty) and change.field != "comment"):
            raise unsupported(f"this ALTER TABLE of the external table {table.name}")


def _refuse_dynamic(table: Table, changes: list[to.Change], *, plain: bool) -> None:
    """Columns and keys of a dynamic table are its query's (sql-reference/sql/alter-dynamic-table)."""
    if table.dynamic is None:
        return
    if plain:
        raise objects.wrong_kind(table, "TABLE")
    if any(not isinstance(change, _OF_DYNAMIC) for change in changes):
        raise compilation(2043, "0A000", f"Columns and keys of dynamic table '{table.name}' cannot be altered.")


def apply(context: Context, work: Work, table: Table, change: to.Change) -> None:
    """Makes one change; an error undoes all of the statement, for the work is one."""
    match change:
        case to.AddColumn():
            _add_column(context, work, table, change)
        case to.DropColumn():
            _drop_column(work, table, change)
        case to.RenameColumn():
            _rename_column(work, table, change)
        case to.SetType():
            _set_type(work, table, change)
        case to.SetNullable():
            _set_nullable(work, table, change)
        case to.SetDefault():
            _set_default(context, work, table, change)
        case to.SetColumnComment():
            _edit_column(work, table, change.column, comment=change.comment)
        case to.SetColumnPolicy() | to.SetPolicy():
            governing.change(context, work, table, change)
        case to.AddConstraint() | to.DropConstraint() | to.RenameConstraint() | to.SetReliance():
            _change_key(context, work, table, change)
        case to.SearchOptimization():
            search_optimization.change(work, table, change)
        case to.SetProperty():
            _set_property(work, table, change)
        case to.RowAccess():
            governing.change(context, work, table, change)
        case to.Rename():
            _rename(context, work, table, change.new)
        case to.Swap():
            _swap(context, work, table, change.other)
        case to.Recluster():
            _recluster(work, table, resume=change.resume)
        case _:
            assert_never(change)


def _edit_column(work: Work, table: Table, name: str, **fields: object) -> None:
    pieces.get_column(table, name)
    work.edit(table, columns=objects.with_column(table.columns, name, **fields), altered_at=utc_now())


def _on_rows(work: Work, table: Table, action: str) -> None:
    """The same alteration on the rows and on all earlier states: Time Travel uses the columns of today."""
    for number in sorted(set(storages(table))):
        work.sql(f"ALTER TABLE s{number} {action}")


def _add_column(context: Context, work: Work, table: Table, change: to.AddColumn) -> None:
    clause = change.clause
    if clause.name in [c.name for c in table.columns]:
        if change.unless_exists:
            return
        raise compilation(1430, "42601", f"column '{clause.name}' already exists")
    column = told_apart([*table.columns, pieces.column(context, clause.model(), table)])[-1]
    filled, kept = filling_of_rows(context, work, table, column)
    column = replace(column, type=kept)
    name = quote_identifier(column.stored)
    _on_rows(work, table, f"ADD COLUMN {name} {physical(column.type)}")
    for number in sorted(set(storages(table))) if filled else ():
        # Not as a DEFAULT of the engine's: it would compute it again when it replays its log, without its functions.
        work.sql(f"UPDATE s{number} SET {name} = {filled}")
    work.edit(table, columns=[*table.columns, column], altered_at=utc_now())
    for one in clause.policies:
        wanted = to.SetColumnPolicy(column.name, one.policy, using=one.using, kind=one.kind)
        governing.change(context, work, table, wanted)


def _drop_column(work: Work, table: Table, change: to.DropColumn) -> None:
    if change.if_exists and change.name not in [c.name for c in table.columns]:
        return
    column = pieces.get_column(table, change.name)
    if len(table.columns) == 1:
        raise compilation(2027, "42601", f"Cannot drop the only column '{change.name}' of table '{table.name}'.")
    if table.cluster_by and _mentions(table.cluster_by, change.name):
        raise compilation(2030, "42601", f"Cannot drop column '{change.name}' that is used by the clustering key.")
    if policies.looks_at(table, change.name):
        raise compilation(3527, "0A000", f"Column '{change.name}' cannot be dropped: a policy looks at it.")
    _on_rows(work, table, f"DROP COLUMN {quote_identifier(column.stored)}")
    left = _apart(work, table, [c for c in table.columns if c is not column])
    for other, constraint in objects.referring(work, table):
        if change.name in constraint.referenced_columns:
            work.edit(other, constraints=[c for c in other.constraints if c is not constraint])
    work.edit(
        table,
        columns=left,
        constraints=[c for c in table.constraints if change.name not in c.columns],
        identity_next={k: v for k, v in table.identity_next.items() if k != change.name},
        policies=[p for p in table.policies if policies.attachment(p).column != change.name],
        search_optimization=search_optimization.without(table, change.name),
        altered_at=utc_now(),
    )


def _apart(work: Work, table: Table, columns: list[ColumnModel]) -> list[ColumnModel]:
    """The columns as they are to be, and their names in the storage: their own, but where two differ by case alone."""
    wanted = told_apart([replace(column, kept_as="") for column in columns])
    moves = [(now.stored, then.stored) for now, then in zip(columns, wanted, strict=True) if now.stored != then.stored]
    if len(moves) > 1:  # One may take the name that another gives up.
        aside = [f"$aside{at}" for at in range(len(moves))]
        moves = [
            *((old, new) for (old, _), new in zip(moves, aside, strict=True)),
            *((old, new) for old, (_, new) in zip(aside, moves, strict=True)),
        ]
    for old, new in moves:
        _on_rows(work, table, f"RENAME COLUMN {quote_identifier(old)} TO {quote_identifier(new)}")
    return wanted


def _mentions(key: str, name: str) -> bool:
    return any(token.identifier == name for token in Reader(key).tokens)


def _rename_column(work: Work, table: Table, change: to.RenameColumn) -> None:
    column = pieces.get_column(table, change.old)
    if change.new in [c.name for c in table.columns]:
        raise compilation(1430, "42601", f"column '{change.new}' already exists")
    renamed = [replace(c, name=change.new, kept_as=c.stored) if c is column else c for c in table.columns]
    columns = _apart(work, table, renamed)
    names = {change.old: change.new}
    for other, constraint in objects.referring(work, table):
        there = [names.get(name, name) for name in constraint.referenced_columns]
        anew = [replace(c, referenced_columns=there) if c is constraint else c for c in other.constraints]
        work.edit(other, constraints=anew)
    work.edit(
        table,
        columns=columns,
        constraints=[replace(c, columns=[names.get(n, n) for n in c.columns]) for c in table.constraints],
        cluster_by=_renamed_key(table.cluster_by, change),
        identity_next={names.get(key, key): value for key, value in table.identity_next.items()},
        search_optimization=search_optimization.renamed(table, change.old, change.new),
        policies=[policies.renamed_column(text, change.old, change.new) for text in table.policies],
        altered_at=utc_now(),
    )


def _renamed_key(key: str | None, change: to.RenameColumn) -> str | None:
    if key is None:
        return None
    for token in reversed(Reader(key).tokens):
        if token.identifier == change.old:
            key = key[: token.start] + written(change.new) + key[token.end :]
    return key


def _set_type(work: Work, table: Table, change: to.SetType) -> None:
    column = pieces.get_column(table, change.column)
    if refusal := refuse_change(change.column, column.type, change.type):
        raise refusal
    _refuse_overflow(work, table, column, change)
    change = replace(change, type=replace(change.type, fine=column.type.fine))
    if physical(column.type) != physical(change.type):
        _on_rows(work, table, f"ALTER COLUMN {quote_identifier(column.stored)} SET DATA TYPE {physical(change.type)}")
    _edit_column(work, table, change.column, type=change.type)


def _refuse_overflow(work: Work, table: Table, column: ColumnModel, change: to.SetType) -> None:
    """Fewer digits are allowed where every value has no more."""
    if change.type.name != "NUMBER" or (change.type.precision or 38) >= (column.type.precision or 38):
        return
    limit = 10 ** ((change.type.precision or 38) - (change.type.scale or 0))
    for number in sorted(set(storages(table))):
        if work.sql(f"SELECT 1 FROM s{number} WHERE abs({quote_identifier(column.stored)}) >= {limit} LIMIT 1"):
            text = f"Cannot reduce the precision of column {column.name}: {table.name} has values that do not fit."
            raise compilation(40053, "22000", text)


def _set_nullable(work: Work, table: Table, change: to.SetNullable) -> None:
    name = quote_identifier(pieces.get_column(table, change.column).stored)
    if not change.nullable and work.sql(f"SELECT 1 FROM s{table.storage} WHERE {name} IS NULL LIMIT 1"):
        text = f"column '{change.column}' contains null values. Not null constraint cannot be added."
        raise compilation(1404, "22000", text)
    if change.nullable and any(change.column in c.columns for c in table.constraints if c.type == "PRIMARY KEY"):
        raise compilation(1405, "22000", f"column '{change.column}' is part of the primary key and cannot be nullable.")
    _edit_column(work, table, change.column, nullable=change.nullable)


def _set_default(context: Context, work: Work, table: Table, change: to.SetDefault) -> None:
    """A default may be dropped; one sequence may take the place of another, and nothing else may be set."""
    column = pieces.get_column(table, change.column)
    if change.default is None:
        _edit_column(work, table, change.column, default=None, identity=None)
        return
    if objects.sequence_of(change.default) is None or objects.sequence_of(column.default or "''") is None:
        text = f"unsupported feature 'Alter Column Set Default' of column {change.column}"
        raise compilation(2, "0A000", text)
    kept = pieces.default(context, replace(column, default=change.default), table)
    _edit_column(work, table, change.column, default=kept)


KeyChange = to.AddConstraint | to.DropConstraint | to.RenameConstraint | to.SetReliance


def _change_key(context: Context, work: Work, table: Table, change: KeyChange) -> None:
    match change:
        case to.AddConstraint(clause):
            draft = replace(table)
            pieces.add_constraint(context, draft, clause)
            _refuse_nulls(work, table, draft)
            work.edit(table, constraints=draft.constraints, columns=draft.columns, altered_at=utc_now())
        case to.DropConstraint():
            _drop_key(work, table, change)
        case to.SetReliance(key, rely):
            meant = _meant(table, key)
            kept = [replace(c, rely=c.rely if rely is None else rely) if c in meant else c for c in table.constraints]
            work.edit(table, constraints=kept, altered_at=utc_now())
        case to.RenameConstraint(old, new):
            if old not in [c.name for c in table.constraints]:
                raise _no_constraint(old)
            renamed = [replace(c, name=new) if c.name == old else c for c in table.constraints]
            work.edit(table, constraints=renamed, altered_at=utc_now())
        case _:
            assert_never(change)


def _refuse_nulls(work: Work, table: Table, draft: Table) -> None:
    """A primary key makes its columns NOT NULL."""
    for before, after in zip(table.columns, draft.columns, strict=True):
        if before.nullable and not after.nullable:
            _set_nullable(work, table, to.SetNullable(after.name, nullable=False))


def _drop_key(work: Work, table: Table, change: to.DropConstraint) -> None:
    gone = _meant(table, change)
    for other, constraint in objects.referring(work, table):
        if any(constraint.referenced_columns == c.columns for c in gone if c.type != "FOREIGN KEY"):
            work.edit(other, constraints=[c for c in other.constraints if c is not constraint])
    work.edit(table, constraints=[c for c in table.constraints if c not in gone], altered_at=utc_now())


def _meant(table: Table, key: to.DropConstraint) -> list[Constraint]:
    """The constraints of that name, or of that type over those columns; 002151 when there is none."""
    found = [c for c in table.constraints if _is_meant(c.name, c.type, tuple(c.columns), key)]
    if not found:
        raise _no_constraint(key.name or key.type or "")
    return found


def _is_meant(name: str | None, kind: str, columns: tuple[str, ...], change: to.DropConstraint) -> bool:
    if change.name is not None:
        return name == change.name
    return kind == change.type and (kind == "PRIMARY KEY" or columns == change.columns)


def _no_constraint(name: str) -> SnowflakeError:
    return compilation(2151, "42704", f"Constraint '{name}' does not exist.")


def _set_property(work: Work, table: Table, change: to.SetProperty) -> None:
    value = change.value
    if change.field == "cluster_by":
        value = pieces.checked_key(None if value is None else str(value), table.columns)
        work.edit(table, recluster_suspended=False)
    if change.field == "change_tracking":
        _track(work, table, on=bool(value))
        return
    if change.field == "retention_days" and value is not None:
        check_retention(int(value), short_lived=table.table_type != "PERMANENT")
    work.edit(table, altered_at=utc_now(), **{change.field: value})


def _track(work: Work, table: Table, *, on: bool) -> None:
    """The changes are written down from now on, or are not known any more (user-guide/streams-manage)."""
    if on:
        log.start(work, table)
    else:
        log.stop(work, table)


def _recluster(work: Work, table: Table, *, resume: bool) -> None:
    if table.cluster_by is None:
        raise compilation(2261, "42601", f"Invalid clustering keys or table is not clustered: '{table.name}'.")
    work.edit(table, recluster_suspended=not resume, altered_at=utc_now())


def _rename(context: Context, work: Work, table: Table, parts: tuple[str, ...]) -> None:
    schema, name = context.target(parts, "ALTER")
    if schema.id != table.schema_id:
        context.require("CREATE TABLE", schema)
    if objects.relation(context, schema, name, temporary=table.session_id is not None) is not None:
        raise already_exists(objects.dotted_as_given(parts))
    objects.rename(work, [(table, {"name": name, "schema_id": schema.id})])


def _swap(context: Context, work: Work, table: Table, parts: tuple[str, ...]) -> None:
    other = context.writable(Table, parts)
    context.require("OWNERSHIP", other)
    if (table.session_id is None) != (other.session_id is None):
        raise compilation(2, "0A000", "Unsupported feature 'SWAP of a temporary and a permanent table'.")
    mine: dict[str, object] = {"name": table.name, "schema_id": table.schema_id}
    theirs: dict[str, object] = {"name": other.name, "schema_id": other.schema_id}
    objects.rename(work, [(table, theirs), (other, mine)])
