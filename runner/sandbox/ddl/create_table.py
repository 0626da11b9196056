"""CREATE TABLE in all its variants, as one value (sql-reference/sql/create-table)."""

from __future__ import annotations

from dataclasses import field, replace

from runner.sandbox.classes import dataclass
from runner.sandbox.ddl.columns import ColumnClause, read_column
from runner.sandbox.ddl.constraints import ConstraintClause, at_constraint, read_out_of_line
from runner.sandbox.ddl.expressions import read_expressions
from runner.sandbox.ddl.governance import WholePolicy, read_whole_policy
from runner.sandbox.ddl.header import Header
from runner.sandbox.ddl.moment import Moment, read_moment
from runner.sandbox.ddl.names import new_name
from runner.sandbox.errors import SnowflakeError, compilation, unsupported
from runner.sandbox.tokens import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class TableOptions:
    """What stands around the column list."""

    cluster_by: str | None = None
    retention_days: int | None = None
    max_extension_days: int | None = None
    change_tracking: bool | None = None
    """None where the statement does not speak of it."""
    comment: str | None = None
    copy_grants: bool = False
    policies: tuple[WholePolicy, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateTable:
    """Exactly one of: columns alone, `query` (with or without columns), `template`, `like`, `clone`."""

    header: Header
    name: tuple[str, ...]
    columns: tuple[ColumnClause, ...] = ()
    constraints: tuple[ConstraintClause, ...] = ()
    options: TableOptions = field(default_factory=TableOptions)
    query: str | None = None
    template: str | None = None
    like: tuple[str, ...] | None = None
    clone: tuple[str, ...] | None = None
    moment: Moment | None = None

    def all_constraints(self) -> tuple[ConstraintClause, ...]:
        """Those of the columns and those beside them, as GET_DDL lists them: out of line."""
        return tuple(one for column in self.columns for one in column.constraints) + self.constraints


def read_create_table(reader: Reader, header: Header, timestamp: str) -> CreateTable:
    """What follows the word TABLE and IF NOT EXISTS."""
    statement = CreateTable(header=header, name=new_name(reader))
    if reader.accept("LIKE"):
        statement = replace(statement, like=reader.name())
    elif reader.accept("USING", "TEMPLATE"):
        statement = replace(statement, template=read_expressions(reader)[0])
    elif reader.accept("CLONE"):
        statement = replace(statement, clone=reader.name(), moment=read_moment(reader))
    elif reader.at("("):
        columns, constraints = _body(reader, timestamp)
        statement = replace(statement, columns=columns, constraints=constraints)
    statement = replace(statement, options=read_options(reader))
    if reader.accept("AS"):
        statement = replace(statement, query=reader.rest())
    reader.end()
    return _checked(statement, reader)


def _body(reader: Reader, timestamp: str) -> tuple[tuple[ColumnClause, ...], tuple[ConstraintClause, ...]]:
    columns: list[ColumnClause] = []
    constraints: list[ConstraintClause] = []
    reader.expect("(")
    while True:
        if at_constraint(reader):
            constraints.append(read_out_of_line(reader))
        else:
            columns.append(read_column(reader, timestamp, typed=False))
        if not reader.accept(","):
            break
    reader.expect(")")
    return tuple(columns), tuple(constraints)


_REFUSED_WORDS = """
DEFAULT_DDL_COLLATION STAGE_FILE_FORMAT STAGE_COPY_OPTIONS ROW_TIMESTAMP
TAG CONTACT STORAGE ERROR_LOGGING USING CATALOG EXTERNAL_VOLUME TARGET_LAG WAREHOUSE INDEX
"""
_REFUSED = frozenset(_REFUSED_WORDS.split())


def read_options(reader: Reader) -> TableOptions:
    """Options in any order, up to AS or the end; one that the sandbox does not have is refused by name."""
    options = TableOptions()
    while (more := _option(reader, options)) is not None:
        options = more
    return options


def _option(reader: Reader, options: TableOptions) -> TableOptions | None:
    if reader.accept("CLUSTER", "BY"):
        return replace(options, cluster_by=read_cluster(reader))
    if reader.accept("COPY", "GRANTS"):
        return replace(options, copy_grants=True)
    if reader.accept("COMMENT"):
        reader.accept("=")
        return replace(options, comment=reader.string())
    if word := reader.accept_any("DATA_RETENTION_TIME_IN_DAYS"):
        return replace(options, retention_days=read_days(reader, word))
    if word := reader.accept_any("MAX_DATA_EXTENSION_TIME_IN_DAYS"):
        return replace(options, max_extension_days=read_days(reader, word))
    if reader.accept("CHANGE_TRACKING"):
        reader.expect("=")
        return replace(options, change_tracking=reader.boolean())
    return _rarer(reader, options)


def _rarer(reader: Reader, options: TableOptions) -> TableOptions | None:
    if reader.accept("ENABLE_SCHEMA_EVOLUTION", "="):
        if reader.boolean():
            raise unsupported("ENABLE_SCHEMA_EVOLUTION")
        return options
    if reader.at("COPY", "TAGS"):
        raise unsupported("COPY TAGS")
    if (policy := read_whole_policy(reader)) is not None:
        return replace(options, policies=(*options.policies, policy))
    introduced = reader.accept("WITH")
    if reader.peek().word in _REFUSED:
        raise unsupported(reader.peek().word)
    if introduced:
        raise reader.unexpected()
    return None


def read_cluster(reader: Reader) -> str:
    """The clustering key after CLUSTER BY, as GET_DDL writes it between its parentheses."""
    linear = reader.accept("LINEAR")
    key = ", ".join(read_expressions(reader))
    return f"LINEAR({key})" if linear else key


def read_days(reader: Reader, parameter: str = "DATA_RETENTION_TIME_IN_DAYS") -> int:
    """The value of a parameter that counts days: 0 to 90 (user-guide/data-time-travel, Enterprise edition)."""
    reader.expect("=")
    days = reader.number()
    _check_days(days, 90, parameter)
    return days


def check_retention(days: int | None, *, short_lived: bool = False) -> None:
    """Up to 90 days for what is permanent, up to 1 for what is transient or temporary."""
    if days is not None:
        _check_days(days, 1 if short_lived else 90, "DATA_RETENTION_TIME_IN_DAYS")


def _check_days(days: int, most: int, parameter: str) -> None:
    if not 0 <= days <= most:
        raise compilation(1008, "22023", f"invalid value [{days}] for parameter '{parameter}'")


def _checked(statement: CreateTable, reader: Reader) -> CreateTable:
    derived = statement.query or statement.like or statement.clone or statement.template
    if not derived and not statement.columns:
        raise reader.unexpected()
    if not statement.query:
        for column in statement.columns:
            column.model()
    if statement.header.or_alter and derived:
        raise unsupported("CREATE OR ALTER TABLE with AS, LIKE, TEMPLATE or CLONE")
    short = statement.header.temporary or statement.header.transient
    check_retention(statement.options.retention_days, short_lived=short)
    return _named_once(statement)


def _named_once(statement: CreateTable) -> CreateTable:
    seen: set[str] = set()
    for column in statement.columns:
        if column.name in seen:
            raise duplicate_column(column.name)
        seen.add(column.name)
    return statement


def duplicate_column(name: str) -> SnowflakeError:
    """A table has a column once; names that differ by case alone are two."""
    return compilation(2025, "42S21", f"duplicate column name '{name}'")
