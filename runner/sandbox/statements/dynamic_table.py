"""CREATE, ALTER and DROP DYNAMIC TABLE (sql-reference/sql/create-dynamic-table, alter-dynamic-table)."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from runner.sandbox.catalog.dynamic import Dynamic, Refresh, cloned
from runner.sandbox.catalog.model import ColumnModel, Schema, Table, View, Warehouse
from runner.sandbox.catalog.store import Work, utc_now
from runner.sandbox.context import Context
from runner.sandbox.ddl.container import read_drop
from runner.sandbox.ddl.create_dynamic import CreateDynamic, read_create, read_setting, whole_only
from runner.sandbox.ddl.create_table import check_retention
from runner.sandbox.ddl.header import Header, read_header
from runner.sandbox.derived import refreshing
from runner.sandbox.errors import SnowflakeError, compilation, does_not_exist, unsupported
from runner.sandbox.query.binding import bound
from runner.sandbox.result import NUMBER, TEXT, Column, Result, StatementType, rows_result, status_result
from runner.sandbox.statements import alter_table, clone, governing, objects, pieces
from runner.sandbox.statements.circle import draft, refuse_circle
from runner.sandbox.statements.derive import refuse_nameless, view_columns
from runner.sandbox.storage import told_apart
from runner.sandbox.tokens import Reader

_KIND = "DYNAMIC"


def create(context: Context, text: str) -> Result:
    reader = Reader(bound(context, text))
    header = _header(reader)
    if _clones(reader):
        return _clone(context, reader, header, text)
    statement = read_create(reader, header)
    context.commit_for_ddl()
    with context.catalog.work() as work:
        schema, name = context.target(statement.name)
        old = _standing(context, statement.header, schema, statement.name)
        if old is not None and header.if_not_exists:
            return objects.left_alone(name)
        table = _model(context, statement, schema, text)
        table.storage = context.storage.create(work, table.columns)
        objects.install(context, work, table, old, copy_grants=statement.copy_grants)
    _initialise(context, table, old)
    return objects.created("Dynamic table", name)


def _header(reader: Reader) -> Header:
    """CREATE … DYNAMIC TABLE: the kind is two words."""
    header = read_header(reader, "DYNAMIC", allowed=("TRANSIENT",), or_alter=True)
    if header.or_alter:
        raise unsupported("CREATE OR ALTER DYNAMIC TABLE")
    if reader.at("ICEBERG"):
        raise unsupported("DYNAMIC ICEBERG TABLE")
    reader.expect("TABLE")
    return replace(header, if_not_exists=reader.accept("IF", "NOT", "EXISTS"))


def _clones(reader: Reader) -> bool:
    ahead = Reader(reader.source, reader.tokens)
    ahead.index = reader.index
    ahead.name()
    return ahead.at("CLONE")


def _standing(context: Context, header: Header, schema: Schema, parts: tuple[str, ...]) -> Table | None:
    found = objects.relation(context, schema, parts[-1])
    may = partial(context.require, "CREATE DYNAMIC TABLE", schema)
    old = objects.standing(context, header, found, Table, parts, may)
    if old is not None and not header.if_not_exists:
        context.require("OWNERSHIP", old)
        if old.dynamic is None:
            text = f"Object '{'.'.join(parts)}' already exists as TABLE"
            raise compilation(1998, "42710", text)
    return old


def _model(context: Context, statement: CreateDynamic, schema: Schema, text: str) -> Table:
    owner = objects.owner(context)
    _usable(context, statement.warehouse)
    made = draft(schema, statement.name[-1], owner, statement.query)
    refuse_circle(context.catalog, made)
    _refuse_reading_itself(context, made)
    columns = _columns(statement, view_columns(context, statement.query, schema, owner))
    check_retention(statement.retention_days, short_lived=statement.header.transient)
    reason = whole_only(statement.query)
    if reason is not None and statement.refresh_mode == "INCREMENTAL":
        raise compilation(2720, "0A000", f"Dynamic Table cannot be refreshed incrementally: {reason}")
    made_table = Table(
        account=schema.account,
        name=statement.name[-1],
        owner=owner,
        comment=statement.comment,
        created_at=utc_now(),
        schema_id=schema.id,
        columns=told_apart(columns),
        cluster_by=pieces.checked_key(statement.cluster_by, columns),
        table_type="TRANSIENT" if statement.header.transient or schema.transient else "PERMANENT",
        retention_days=statement.retention_days,
        max_extension_days=statement.max_extension_days,
        dynamic=Dynamic(
            query=statement.query,
            text=text,
            target_lag=statement.target_lag,
            warehouse=statement.warehouse,
            refresh_mode=statement.refresh_mode,
            mode_reason=reason,
            initialize=statement.initialize,
        ),
    )
    of_columns = [(each.name, policy) for each in statement.columns for policy in each.policies]
    governing.attach(context, made_table, [*of_columns, *(("", policy) for policy in statement.policies)])
    return made_table


def _refuse_reading_itself(context: Context, made: View) -> None:
    """Neither at once nor through other dynamic tables."""
    catalog = context.catalog
    waiting: list[Table | View] = [made]
    while waiting:
        for one in refreshing.upstream(catalog, waiting.pop()):
            if (one.schema_id, one.name) == (made.schema_id, made.name):
                raise compilation(2037, "42601", f"Dynamic table '{made.name}' refers to itself.")
            waiting.append(one)


def _usable(context: Context, name: str) -> None:
    found = context.catalog.find(Warehouse, context.session.account, name)
    if found is None:
        raise does_not_exist("Warehouse", name)
    context.require("USAGE", found)


def _columns(statement: CreateDynamic, found: list[ColumnModel]) -> list[ColumnModel]:
    """Names, types and comments of the statement; what it does not say, of the query."""
    if not statement.columns:
        refuse_nameless(statement.query)
        return pieces.distinct(found)
    if len(statement.columns) != len(found):
        raise compilation(2026, "42601", "Invalid column definition list")
    pairs = zip(statement.columns, found, strict=True)
    return [replace(column, name=c.name, type=c.type or column.type, comment=c.comment) for c, column in pairs]


def _initialise(context: Context, table: Table, old: Table | None) -> None:
    """ON_CREATE fills it now; when that fails there is no dynamic table, and what it replaced is back."""
    if refreshing.of(table).initialize != "ON_CREATE":
        return
    done = refreshing.refresh(context.engine, table, "CREATION", context.control)
    if done.state != "SUCCEEDED":
        with context.catalog.work() as work:
            objects.remove(work, table)
            if old is not None:
                objects.undrop(work, old)
        raise _failed(table, done)
    _note(context, table)


def _failed(table: Table, done: Refresh) -> SnowflakeError:
    text = f"Dynamic Table '{table.name}' refresh failed: {done.error}"
    return SnowflakeError(int(done.error_code or 2720), "0A000", text)


def _note(context: Context, table: Table) -> None:
    entry = context.engine.history.by_id(context.query_id)
    if entry is not None:
        entry.accesses.changed(table.id, context.catalog.full_name(table), [c.name for c in table.columns])


def _clone(context: Context, reader: Reader, header: Header, text: str) -> Result:
    """A clone is suspended until it is resumed (create-dynamic-table, CLONE)."""
    parts = reader.name()
    reader.expect("CLONE")
    source = get(context, reader.name())
    changes: dict[str, object] = {}
    if reader.at("AT") or reader.at("BEFORE"):
        raise unsupported("time travel in CLONE of a dynamic table")
    while not reader.at_end() and not reader.at(";"):
        changes |= {"copy": True} if reader.accept("COPY", "GRANTS") else read_setting(reader)
    reader.end()
    context.commit_for_ddl()
    context.require("SELECT", source)
    schema, name = context.target(parts)
    with context.catalog.mutex:
        old = _standing(context, header, schema, parts)
    if old is not None and header.if_not_exists:
        return objects.left_alone(name)
    with clone.copying(context, None) as copies:
        number = copies.copy(source)
        with context.catalog.work(copies.cursor) as work:
            table = _likeness(context, source, schema, name, number)
            table.dynamic = _cloned(source, changes, text)
            objects.install(context, work, table, old, copy_grants=bool(changes.get("copy")), source=source)
    return objects.created("Dynamic table", name)


def _likeness(context: Context, source: Table, schema: Schema, name: str, storage: int) -> Table:
    """All that belongs to the table itself, in another place."""
    return replace(
        source,
        id=0,
        name=name,
        schema_id=schema.id,
        owner=objects.owner(context),
        created_at=utc_now(),
        altered_at=None,
        versions=[],
        changed_at=None,
        change_log=0,
        storage=storage,
        tags=dict(source.tags),
        columns=[replace(column) for column in source.columns],
    )


def _cloned(source: Table, changes: dict[str, object], text: str) -> Dynamic:
    own = cloned(refreshing.of(source), utc_now())
    lag, warehouse = changes.get("target_lag", own.target_lag), changes.get("warehouse", own.warehouse)
    return replace(own, text=text, target_lag=str(lag), warehouse=str(warehouse))


def get(context: Context, parts: tuple[str, ...]) -> Table:
    """The dynamic table under the name, or 002003."""
    found = context.find(Table, parts)
    if found is None or found.dynamic is None:
        raise does_not_exist("Dynamic table", ".".join(parts))
    return found


def alter(context: Context, text: str) -> Result:
    reader = Reader(bound(context, text))
    reader.expect("ALTER", _KIND, "TABLE")
    forgiving = reader.accept("IF", "EXISTS")
    start = reader.peek()
    parts = reader.name()
    if forgiving and context.find(Table, parts) is None:
        return status_result(objects.DONE)
    table = get(context, parts)
    context.writable(Table, parts)
    if reader.accept("REFRESH"):
        reader.accept("COPY", "SESSION")
        reader.end()
        return _refresh(context, table)
    if word := reader.accept_any("SUSPEND", "RESUME"):
        if not reader.accept("RECLUSTER"):
            reader.end()
            return _schedule(context, table, resume=word == "RESUME")
        reader.index -= 2
    if (reader.at("SET") or reader.at("UNSET")) and reader.peek(1).word in _OWN:
        return _settings(context, table, reader)
    return alter_table.altered(context, Reader(f"ALTER TABLE {reader.source[start.start :]}"))


_OWN = frozenset({"TARGET_LAG", "WAREHOUSE", "REFRESH_MODE", "INITIALIZE", "INITIALIZATION_WAREHOUSE", "IMMUTABLE"})


def _settings(context: Context, table: Table, reader: Reader) -> Result:
    if reader.accept("UNSET"):
        raise unsupported(f"UNSET {reader.peek().word} of a dynamic table")
    reader.expect("SET")
    given: dict[str, object] = {}
    while not reader.at_end() and not reader.at(";"):
        given |= read_setting(reader)
        reader.accept(",")
    reader.end()
    context.require("OPERATE" if given.keys() <= {"target_lag", "warehouse"} else "OWNERSHIP", table)
    if "warehouse" in given:
        _usable(context, str(given["warehouse"]))
    context.commit_for_ddl()
    own = {key: value for key, value in given.items() if key in ("target_lag", "warehouse")}
    others = {key: value for key, value in given.items() if key not in own}
    with context.catalog.work() as work:
        dynamic = replace(refreshing.of(table), **own)  # type: ignore[arg-type]
        work.edit(table, dynamic=dynamic, altered_at=table.altered_at, **others)
    return status_result(objects.DONE)


def _refresh(context: Context, table: Table) -> Result:
    """A manual refresh; what it did, as Snowflake answers it."""
    context.require("OPERATE", table)
    context.commit_for_ddl()
    done = refreshing.refresh(context.engine, table, "MANUAL", context.control)
    if done.state != "SUCCEEDED":
        raise _failed(table, done)
    _note(context, table)
    numbers = [Column(name, NUMBER) for name in ("inserted_rows", "deleted_rows")]
    columns = [Column("refreshed_dynamic_table", TEXT), *numbers, Column("data_timestamp", TEXT)]
    row = (".".join(context.catalog.full_name(table)), done.inserted, done.deleted, done.data_at.isoformat(sep=" "))
    return rows_result(columns, [row], StatementType.DDL)


def _schedule(context: Context, table: Table, *, resume: bool) -> Result:
    """SUSPEND and RESUME; what lies downstream goes with it, but what was suspended by itself stays so."""
    context.require("OPERATE", table)
    context.commit_for_ddl()
    with context.catalog.work() as work:
        if resume:
            _resume(work, table)
        else:
            _suspend(work, table, None)
    return status_result(objects.DONE)


def _suspend(work: Work, table: Table, by: Table | None) -> None:
    own = refreshing.of(table)
    if own.suspended_at is None or by is None:
        reason = "USER_SUSPENDED" if by is None else "UPSTREAM_USER_SUSPENDED"
        number = by.id if by is not None else None
        fresh = replace(own, suspended_at=utc_now(), suspended_by=number, suspended_reason=reason)
        work.edit(table, dynamic=fresh)
    for one in refreshing.downstream(work.catalog, table):
        if refreshing.of(one).suspended_at is None:
            _suspend(work, one, table)


def _resume(work: Work, table: Table) -> None:
    fresh = replace(refreshing.of(table), suspended_at=None, suspended_by=None, suspended_reason=None, failures=0)
    work.edit(table, dynamic=fresh)
    for one in refreshing.downstream(work.catalog, table):
        if refreshing.of(one).suspended_by == table.id:
            _resume(work, one)


def drop(context: Context, text: str) -> Result:
    forgiving, parts, _ = read_drop(Reader(bound(context, text)), "DYNAMIC TABLE")
    context.commit_for_ddl()
    with context.catalog.work() as work:
        found = context.find(Table, parts)
        if found is None and forgiving:
            return objects.already_dropped(parts[-1])
        if found is not None and found.dynamic is None:
            raise objects.wrong_kind(found, "DYNAMIC_TABLE")
        if found is None and (view := context.find(View, parts)) is not None:
            raise objects.wrong_kind(view, "DYNAMIC_TABLE")
        table = get(context, parts)
        context.writable(Table, parts, "DROP")
        context.require("OWNERSHIP", table)
        objects.drop(work, table, utc_now())
    return status_result(f"{table.name} successfully dropped.")
