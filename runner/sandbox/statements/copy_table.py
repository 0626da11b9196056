"""COPY INTO <table> (sql-reference/sql/copy-into-table): files read, bad records found, rows appended, history kept."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pyarrow as pa
from sqlglot import exp

from runner.sandbox.catalog.files import Options
from runner.sandbox.catalog.model import ColumnModel, LoadedFile, Table
from runner.sandbox.catalog.store import Work, utc_now
from runner.sandbox.changes import append_with
from runner.sandbox.classes import dataclass
from runner.sandbox.context import Context
from runner.sandbox.errors import SnowflakeError, compilation, invalid_identifier
from runner.sandbox.failures import translated
from runner.sandbox.macros import NANOSECONDS_SAID
from runner.sandbox.query import fine, parsing, types
from runner.sandbox.query.compiler import Compiler
from runner.sandbox.query.core import E, Expr, StagedRows, World
from runner.sandbox.query.run import cursor_for, world_of
from runner.sandbox.query.staged import matches
from runner.sandbox.result import NUMBER, TEXT, Column, Result, StatementType, arrow_type, rows_result
from runner.sandbox.staging import loading
from runner.sandbox.staging.copy_options import INTO_TABLE
from runner.sandbox.staging.copy_text import CopyFormat, CopyIntoTable
from runner.sandbox.staging.folders import StagedFile
from runner.sandbox.staging.formats import Format, format_of_stage, named_format, overriding
from runner.sandbox.staging.loading import Outcome
from runner.sandbox.staging.locations import Location, locate
from runner.sandbox.staging.mapping import Mapping, mapping
from runner.sandbox.staging.options import as_text, filled, is_true
from runner.sandbox.staging.reading import read_file, rows_of
from runner.sandbox.staging.records import Flaw, Records
from runner.sandbox.statements.filling import filling
from runner.sandbox.statements.rows import stored, target

_ROWS = "staged$rows"


@dataclass(frozen=True, kw_only=True)
class Load:
    """One COPY, everything it names found."""

    context: Context
    statement: CopyIntoTable
    table: Table
    columns: list[ColumnModel]
    location: Location
    form: Format
    options: Options
    pipe: str | None = None

    def outcome(self, file: StagedFile) -> Outcome:
        """A file read and converted, under the rule of ON_ERROR."""
        shown = self.location.shown(file.name)
        outcome = Outcome(shown, file)
        records = read_file(file, self.form)
        outcome.parsed = records.parsed
        flaws = records.flaws + self._miscounted(records)
        good = loading.without(records, flaws)
        rows = rows_of(file, good, shown, utc_now())
        conversion = Conversion(self, mapping(self.statement, self.columns, self.form, self.options, good), good)
        outcome.tables, bad = loading.converted(
            good, rows, conversion.rows, most=self._enough(flaws), marks=conversion.marks
        )
        outcome.flaws = sorted(flaws + bad, key=lambda flaw: flaw.row)
        conversion.name_column(outcome, rows)
        self._judge(outcome)
        return outcome

    def _enough(self, flaws: list[Flaw]) -> int | None:
        """How many more flaws decide about the file; None where all are counted."""
        rule = as_text(self.options, "ON_ERROR")
        if self.statement.validation or rule == "CONTINUE" or rule.endswith("%"):
            return None
        wanted = 1 if rule == "ABORT_STATEMENT" else int(rule.removeprefix("SKIP_FILE").removeprefix("_") or 1)
        return max(0, wanted - len(flaws))

    def _miscounted(self, records: Records) -> list[Flaw]:
        plain = self.statement.query is None and as_text(self.options, "MATCH_BY_COLUMN_NAME") == "NONE"
        if not plain or not is_true(self.form.options, "ERROR_ON_COLUMN_COUNT_MISMATCH"):
            return []
        return loading.mismatched(records, len(self.columns))

    def _judge(self, outcome: Outcome) -> None:
        """Whether the file may be loaded with the errors it has."""
        rule = as_text(self.options, "ON_ERROR")
        outcome.limit = outcome.parsed if rule == "CONTINUE" else 1
        if rule.startswith("SKIP_FILE"):
            limit = rule.removeprefix("SKIP_FILE").removeprefix("_")
            share = limit.endswith("%")
            most = int(limit.rstrip("%") or 1)
            outcome.limit = max(1, outcome.parsed * most // 100) if share else most
            outcome.skipped = bool(outcome.flaws) and (
                len(outcome.flaws) * 100 > most * outcome.parsed if share else len(outcome.flaws) >= most
            )
        if rule == "ABORT_STATEMENT" and outcome.flaws and not self.statement.validation:
            raise loading.error_of(outcome, outcome.flaws[0])


class Conversion:
    """A file's rows as the table takes them."""

    def __init__(self, load: Load, how: Mapping, records: Records) -> None:
        self._load = load
        self._records = records
        if not fine.reads_nanos() and _has_nanos(load, records):
            raise SnowflakeError(2, "0A000", NANOSECONDS_SAID)
        kind = types.VARIANT if records.variant else types.TEXT
        width = sum(name.startswith("c") for name in records.table.column_names)
        self._world = world_of(load.context)
        self._world.staged = StagedRows(_ROWS, (kind,) * max(width, 1))
        self._items = _stored_items(self._world, how, load)
        self._doubts = _doubts(self._world, how, load)

    def marks(self, rows: pa.Table) -> list[int]:
        """Rows with a text that is no value of its column's type, or is too long for it: found all at once."""
        try:
            found = self._run(rows, (self._doubts[0], [f"coalesce({self._doubts[1]}, FALSE)"]))
        except SnowflakeError:
            return []
        return [at for at, bad in enumerate(found.column(0).to_pylist()) if bad]

    def rows(self, rows: pa.Table) -> pa.Table:
        return self._run(rows, self._items)

    def _run(self, rows: pa.Table, items: tuple[str, list[str]]) -> pa.Table:
        source, listed = items
        shown = ", ".join(f"{item} AS c{at}" for at, item in enumerate(listed))
        self._world.tables[_ROWS] = rows
        context = self._load.context
        try:
            with context.storage.statement(), cursor_for(context, self._world) as cursor:
                return cursor.sql(f"SELECT {shown} FROM {source}").to_arrow_table()
        except duckdb.Error as error:
            if context.control.reason is not None:
                raise context.control.reason from None
            raise translated(error) from error

    def name_column(self, outcome: Outcome, rows: pa.Table) -> None:
        """Which column the first bad value is for, by asking for each alone."""
        if not outcome.flaws or outcome.flaws[0].column or outcome.flaws[0].row not in self._records.rows:
            return
        first = outcome.flaws[0]
        row = rows.slice(self._records.rows.index(first.row), 1)
        for at, item in enumerate(self._items[1]):
            try:
                self._run(row, (self._items[0], [item]))
            except SnowflakeError:
                name = f'"{self._load.table.name}"["{self._load.columns[at].name}":{at + 1}]'
                outcome.flaws[0] = Flaw(first.row, first.line, first.character, first.message, name, first.error)
                return


def _has_nanos(load: Load, records: Records) -> bool:
    """Whether a text of the file may be a moment with nanoseconds, where the table has columns for any."""
    if not any(c.type.name in fine.KINDS and fine.digits(c.type) > fine.MICROS for c in load.columns):
        return False
    import pyarrow.compute as pc  # Loaded when it is first needed.

    texts = [column for column in records.table.columns if pa.types.is_string(column.type)]
    return any(pc.any(pc.match_substring_regex(column, fine.PATTERN)).as_py() for column in texts)


def _stored_items(world: World, how: Mapping, load: Load) -> tuple[str, list[str]]:
    """Engine SQL of the source, and of each column as it is stored."""
    tree = parsing.query(how.query)
    _refuse_complex(tree)
    sql, given = Compiler(world).top(tree)
    if len(given) != len(load.columns):
        text = f"Insert value list does not match column list expecting {len(load.columns)} but got {len(given)}"
        raise compilation(2020, "21S01", text)
    names = ", ".join(f"c{at}" for at in range(len(given)))
    items = [
        stored(E(f"c{at}", col.type), column, load.table)
        for at, (col, column) in enumerate(zip(given, load.columns, strict=True))
    ]
    return f"({sql}) AS q({names})", items


def _doubts(world: World, how: Mapping, load: Load) -> tuple[str, str]:
    """Engine SQL of the source, and of what makes a row surely bad."""
    sql, given = Compiler(world).top(parsing.query(how.query))
    names = ", ".join(f"c{at}" for at in range(len(given)))
    pairs = enumerate(zip(given, load.columns, strict=True))
    doubts = [doubt for at, (col, column) in pairs if (doubt := _doubt(E(f"c{at}", col.type), column))]
    return f"({sql}) AS q({names})", " OR ".join(doubts) or "FALSE"


def _doubt(value: E, column: ColumnModel) -> str:
    kind = column.type
    if value.kind != "VARCHAR" or kind.name in types.SEMI:
        return ""
    if kind.name == "VARCHAR":
        return f"length({value.sql}) > {kind.length or 16777216}"
    tried = types.attempted(types.converted(value, kind, implicit=True)).sql
    return f"({value.sql} IS NOT NULL AND {tried} IS NULL)"


def _refuse_complex(tree: Expr) -> None:
    """sql-reference/sql/copy-into-table, "Transformation parameters"."""
    clauses = (
        "where",
        "joins",
        "group",
        "having",
        "qualify",
        "order",
        "limit",
        "with_",
        "distinct",
        "laterals",
        "windows",
    )
    if not isinstance(tree, exp.Select) or any(tree.args.get(clause) for clause in clauses):
        text = "COPY statement only supports simple SELECT from stage statements for import."
        raise compilation(2085, "42601", text)


def load_of(context: Context, statement: CopyIntoTable, pipe: str | None = None) -> Load:
    """Everything that the statement names, with the right to use it so."""
    node = exp.Table(**{
        key: exp.to_identifier(part, quoted=True)
        for key, part in zip(("this", "db", "catalog"), reversed(statement.table), strict=False)
    })  # fmt: skip
    into = target(context, Compiler(world_of(context)), node, "INSERT")
    if statement.query is not None:
        _refuse_complex(parsing.query(statement.query))
    location = locate(context, statement.location)
    base = format_of_stage(context, location.stage)
    known = location.stage.copy_options if location.stage else {}
    columns = _columns(into.table, statement.columns)
    into.changes(context, [column.name for column in columns])
    return Load(
        context=context,
        statement=statement,
        table=into.table,
        columns=columns,
        location=location,
        form=form_of(context, base, statement.form).readable(),
        options=filled(INTO_TABLE, known | statement.options),
        pipe=pipe,
    )


def form_of(context: Context, base: Format, written: CopyFormat) -> Format:
    if written.name:
        return named_format(context, written.name)
    return overriding(base, written.kind, written.options) if written.kind or written.options else base


def _columns(table: Table, names: list[str] | None) -> list[ColumnModel]:
    if names is None:
        return list(table.columns)
    known = {column.name: column for column in table.columns}
    for name in names:
        if name not in known:
            raise invalid_identifier(name)
        if names.count(name) > 1:
            raise compilation(2025, "42S21", f"duplicate column name '{name}'")
    return [known[name] for name in names]


def chosen(load: Load) -> list[StagedFile]:
    """The files that FILES and PATTERN mean; one that FILES names and is not there is an error, or is left out."""
    if load.statement.files is None:
        pattern = load.statement.pattern
        return [file for file in load.location.files() if pattern is None or matches(pattern, file.name)]
    every = {file.name: file for file in load.location.files()}
    found = []
    for name in load.statement.files:
        file = every.get(f"{load.location.path}{name}") or every.get(f"{load.location.path}/{name}".lstrip("/"))
        if file is not None:
            found.append(file)
        elif as_text(load.options, "ON_ERROR") == "ABORT_STATEMENT":
            raise SnowflakeError(91016, "22000", f"Remote file '{load.location.shown(name)}' was not found.")
    return found


def copy_into_table(context: Context, statement: CopyIntoTable, pipe: str | None = None) -> Result:
    load = load_of(context, statement, pipe)
    now = utc_now()
    files = chosen(load)
    if not is_true(load.options, "FORCE"):
        files = [f for f in files if not loading.known(load.table.loads, load.location.shown(f.name), f, now)]
    if statement.validation:
        return validated_rows(load, files)
    outcomes = _outcomes(load, files)
    _keep(load, outcomes)
    only_failed = is_true(load.options, "RETURN_FAILED_ONLY")
    return loading.told([o for o in outcomes if not only_failed or o.flaws])


def _outcomes(load: Load, files: Sequence[StagedFile]) -> list[Outcome]:
    limit = as_text(load.options, "SIZE_LIMIT")
    outcomes: list[Outcome] = []
    size = 0
    for file in files:
        if limit and size > int(limit):
            break
        load.context.control.check()
        outcomes.append(load.outcome(file))
        size += file.size
    return outcomes


def _keep(load: Load, outcomes: list[Outcome]) -> None:
    """Rows, history and PURGE: all of it when the transaction is committed, or nothing."""
    if not outcomes:
        return
    now = utc_now()
    fresh: list[LoadedFile] = [outcome.remembered(now, load.pipe) for outcome in outcomes]
    tables = [table for outcome in outcomes if not outcome.skipped for table in outcome.tables]
    rows = pa.concat_tables(tables, promote_options="permissive") if tables else _empty(load)

    def effect(work: Work) -> None:
        work.edit(load.table, loads=loading.together(load.table.loads, fresh, now))

    def afterwards() -> None:
        for outcome in outcomes:
            if is_true(load.options, "PURGE") and not outcome.skipped and outcome.loaded:
                outcome.file.path.unlink(missing_ok=True)

    def make() -> object:
        world = world_of(load.context)
        world.staged = StagedRows(_ROWS, tuple(column.type for column in load.columns), metadata=False)
        world.tables[_ROWS] = rows
        places = ", ".join(f"${at + 1}" for at in range(len(load.columns)))
        return filling(world, load.table, load.columns, parsing.query(f"SELECT {places} FROM @rows"))

    append_with(load.context, load.table, make, effect, afterwards)  # type: ignore[arg-type]


def _empty(load: Load) -> pa.Table:
    return pa.schema([(f"c{at}", arrow_type(c.type)) for at, c in enumerate(load.columns)]).empty_table()


_ERRORS = (
    Column("ERROR", TEXT), Column("FILE", TEXT), Column("LINE", NUMBER), Column("CHARACTER", NUMBER),
    Column("BYTE_OFFSET", NUMBER), Column("CATEGORY", TEXT), Column("CODE", NUMBER), Column("SQL_STATE", TEXT),
    Column("COLUMN_NAME", TEXT), Column("ROW_NUMBER", NUMBER), Column("ROW_START_LINE", NUMBER),
    Column("REJECTED_RECORD", TEXT),
)  # fmt: skip


def validated_rows(load: Load, files: Sequence[StagedFile]) -> Result:
    """VALIDATION_MODE: what would be loaded, or what is wrong; nothing is loaded."""
    outcomes = _outcomes(load, files)
    flawed = [(outcome, flaw) for outcome in outcomes for flaw in outcome.flaws]
    mode = load.statement.validation or ""
    if mode in ("RETURN_ERRORS", "RETURN_ALL_ERRORS"):
        return rows_result(_ERRORS, [_error_row(outcome, flaw) for outcome, flaw in flawed])
    if flawed:
        raise loading.error_of(*flawed[0])
    most = int(mode.removeprefix("RETURN_").removesuffix("_ROWS"))
    tables = [table for outcome in outcomes for table in outcome.tables]
    rows = pa.concat_tables(tables, promote_options="permissive").slice(0, most) if tables else _empty(load)
    columns = tuple(Column(column.name, column.type, column.nullable) for column in load.columns)
    cast = pa.table(
        [rows.column(at).cast(arrow_type(c.type)) for at, c in enumerate(columns)], names=[c.name for c in columns]
    )
    return Result(columns, cast, StatementType.SELECT, rowcount=cast.num_rows)


def _error_row(outcome: Outcome, flaw: Flaw) -> tuple[object, ...]:
    errno, state = (flaw.error.errno, flaw.error.sqlstate) if flaw.error else (None, None)
    category = "conversion" if errno != 100016 else "parsing"
    place = (outcome.shown, flaw.line, flaw.character, None, category, errno, state, flaw.column, flaw.row, flaw.line)
    return (flaw.message, *place, None)
