"""From clauses to the catalogue's columns, keys and tables: names resolved, what cannot be refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from runner.sandbox import access
from runner.sandbox.catalog.model import ColumnModel, Constraint, Sequence as SequenceRecord, Table
from runner.sandbox.catalog.store import Work, utc_now
from runner.sandbox.context import Context
from runner.sandbox.ddl.constraints import ConstraintClause
from runner.sandbox.ddl.create_table import CreateTable, duplicate_column
from runner.sandbox.ddl.names import dotted
from runner.sandbox.errors import compilation, invalid_identifier
from runner.sandbox.statements import governing, objects
from runner.sandbox.statements.derive import check_default
from runner.sandbox.storage import told_apart
from runner.sandbox.streams import log
from runner.sandbox.tokens import Kind, Reader


def standing(context: Context, statement: CreateTable) -> Table | None:
    """What stands under the table's name, after the right to make or replace it was found."""
    temporary = statement.header.temporary
    schema, name = context.target(statement.name)
    found = objects.relation(context, schema, name, temporary=temporary)

    def may() -> None:
        if not temporary:
            context.require("CREATE TABLE", schema)

    old = objects.standing(context, statement.header, found, Table, statement.name, may)
    if old is not None and not statement.header.if_not_exists:
        context.require("OWNERSHIP", old)
        if old.dynamic is not None or old.external is not None:
            kind = access.object_kind(old)
            raise compilation(1998, "42710", f"Object '{'.'.join(statement.name)}' already exists as {kind}")
    return old


def table_type(statement: CreateTable, *, transient_schema: bool) -> str:
    if statement.header.temporary:
        return "TEMPORARY"
    return "TRANSIENT" if statement.header.transient or transient_schema else "PERMANENT"


def model(context: Context, statement: CreateTable, columns: list[ColumnModel]) -> Table:
    """The table's record, not yet in the catalogue and without storage and keys."""
    schema, name = context.target(statement.name)
    options = statement.options
    return Table(
        account=schema.account,
        name=name,
        owner=objects.owner(context),
        comment=options.comment,
        created_at=utc_now(),
        schema_id=schema.id,
        columns=told_apart(columns),
        cluster_by=checked_key(options.cluster_by, columns) if columns and not statement.clone else options.cluster_by,
        table_type=table_type(statement, transient_schema=schema.transient),
        session_id=context.session.id if statement.header.temporary else None,
        retention_days=options.retention_days,
        max_extension_days=options.max_extension_days,
        change_tracking=bool(options.change_tracking),
    )


def install(context: Context, work: Work, table: Table, statement: CreateTable, old: Table | None) -> None:
    """Keys and policies are resolved, then the table takes its place."""
    constrain(context, table, statement)
    govern(context, table, statement)
    source = context.get(Table, statement.like) if statement.like else None
    objects.install(context, work, table, old, copy_grants=statement.options.copy_grants, source=source)
    if table.change_tracking:
        log.start(work, table)


def discard(context: Context, old: Table | None) -> None:
    """After the work: the rows of a replaced temporary table are nobody's, for it cannot be brought back."""
    if old is not None and old.session_id is not None:
        context.storage.retire(old.storage)


def settled(context: Context, table: Table) -> Table:
    """The new table, the defaults of its columns checked and resolved."""
    table.columns = [column(context, one, table) for one in table.columns]
    return table


def column(context: Context, found: ColumnModel, home: Table) -> ColumnModel:
    """The column, its default checked; a sequence is kept under its full name."""
    if found.default is None:
        return found
    return replace(found, default=default(context, found, home))


def default(context: Context, found: ColumnModel, home: Table) -> str:
    """The default as it is kept: it will be computed in the schema and with the rights of its table."""
    text = found.default or ""
    parts = objects.sequence_of(text)
    if parts is None:
        check_default(context, text, found, home)
        return text
    sequence = context.get(SequenceRecord, parts)
    context.require("USAGE", sequence)
    return f"{dotted(context.catalog.full_name(sequence))}.NEXTVAL"


def distinct(columns: Sequence[ColumnModel]) -> list[ColumnModel]:
    """The columns of a query as a table's: each name once."""
    seen: set[str] = set()
    for one in columns:
        if one.name in seen:
            raise duplicate_column(one.name)
        seen.add(one.name)
    return told_apart(columns)


def checked_key(key: str | None, columns: Sequence[ColumnModel]) -> str | None:
    """The clustering key; a bare name in it must be a column."""
    if key is None:
        return None
    reader = Reader(key.removeprefix("LINEAR"))
    names = {one.name for one in columns}
    enclosed = reader.accept("(") if key.startswith("LINEAR(") else False
    for token, following in zip(reader.tokens[enclosed:], reader.tokens[1 + enclosed :], strict=False):
        alone = following.word in (",", ")") or following.kind is Kind.END
        preceding = reader.tokens[reader.tokens.index(token) - 1] if token is not reader.tokens[0] else None
        first = preceding is None or preceding.word in (",", "(")
        if alone and first and token.kind in (Kind.WORD, Kind.QUOTED) and token.identifier not in names:
            raise invalid_identifier(token.identifier)
    return key


def constrain(context: Context, table: Table, statement: CreateTable) -> None:
    """The statement's keys, resolved; those that the table has already (LIKE, CLONE) stay."""
    for clause in sorted(statement.all_constraints(), key=_is_foreign):
        add_constraint(context, table, clause)


def add_constraint(context: Context, table: Table, clause: ConstraintClause) -> Constraint:
    """Resolves the key and puts it on the record."""
    _known(clause.columns, table)
    if clause.type == "PRIMARY KEY":
        if any(c.type == "PRIMARY KEY" for c in table.constraints):
            raise compilation(2200, "42601", f"Primary key already exists for table '{table.name}'")
        table.columns = [replace(c, nullable=c.nullable and c.name not in clause.columns) for c in table.columns]
    if clause.name and any(c.name == clause.name for c in table.constraints):
        raise compilation(2002, "42710", f"Constraint '{clause.name}' already exists.")
    found = Constraint(type=clause.type, columns=list(clause.columns), name=clause.name, rely=clause.rely)
    if clause.references:
        found.references, found.referenced_columns = _references(context, table, clause)
    table.constraints = sorted([*table.constraints, found], key=_is_foreign)
    return found


def _is_foreign(one: Constraint | ConstraintClause) -> bool:
    """Keys stand before foreign keys, which may point to them."""
    return one.type == "FOREIGN KEY"


def _references(context: Context, table: Table, clause: ConstraintClause) -> tuple[tuple[str, str, str], list[str]]:
    target = _target(context, table, clause.references or ())
    keys = (c.columns for c in target.constraints if c.type == "PRIMARY KEY")
    columns = clause.referenced_columns or list(next(keys, []))
    _known(columns, target)
    if len(columns) != len(clause.columns):
        raise compilation(2201, "42601", f"Foreign key of '{table.name}' and key of '{target.name}' differ in columns")
    _fits(table, clause.columns, target, columns)
    database, schema, name = context.catalog.full_name(target)
    return (database, schema, name), list(columns)


def _fits(table: Table, columns: Sequence[str], target: Table, key: Sequence[str]) -> None:
    """It points to a primary or unique key whose columns are of its types (sql-reference/constraints-overview)."""
    keys = [c.columns for c in target.constraints if c.type != "FOREIGN KEY"]
    if not any(sorted(key) == sorted(one) for one in keys):
        text = (
            f"Table '{target.name}' has no primary or unique key ({', '.join(key)}) for a foreign key of '{table.name}'"
        )
        raise compilation(2201, "42601", text)
    types = {one.name: one.type.name for one in table.columns}
    theirs = {one.name: one.type.name for one in target.columns}
    for mine, other in zip(columns, key, strict=True):
        if types[mine] != theirs[other]:
            text = f"Foreign key column '{mine}' is {types[mine]}, the key column '{other}' is {theirs[other]}"
            raise compilation(2201, "42601", text)


def _target(context: Context, table: Table, parts: tuple[str, ...]) -> Table:
    """The table that a foreign key points to; it may be the one that is being made."""
    full = _full_name(context, table)
    if (
        parts[-1] == table.name
        and tuple(full[3 - len(parts) :]) == parts
        and context.target(parts)[0].id == table.schema_id
    ):
        return table
    return context.get(Table, parts)


def _full_name(context: Context, table: Table) -> tuple[str, ...]:
    return context.catalog.full_name(table)


def _known(columns: Sequence[str], table: Table) -> None:
    names = {one.name for one in table.columns}
    missing = next((name for name in columns if name not in names), None)
    if missing is not None:
        raise invalid_identifier(missing)


def govern(context: Context, table: Table, statement: CreateTable) -> None:
    """The policies of the columns and of the table."""
    governing.attach(context, table, wanted_policies(statement))


def wanted_policies(statement: CreateTable) -> list[governing.Wanted]:
    of_columns = [(clause.name, policy) for clause in statement.columns for policy in clause.policies]
    return [*of_columns, *(("", policy) for policy in statement.options.policies)]


def get_column(table: Table, name: str) -> ColumnModel:
    """The column of this name, or 000904."""
    found = next((one for one in table.columns if one.name == name), None)
    if found is None:
        raise invalid_identifier(name)
    return found
