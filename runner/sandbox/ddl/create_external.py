"""CREATE EXTERNAL TABLE as a value (sql-reference/sql/create-external-table)."""

from __future__ import annotations

from dataclasses import field

from runner.sandbox.catalog.external import Options
from runner.sandbox.catalog.model import ColumnModel
from runner.sandbox.classes import dataclass
from runner.sandbox.ddl.header import Header, read_header
from runner.sandbox.ddl.names import dotted
from runner.sandbox.ddl.types import read_type
from runner.sandbox.errors import compilation, unsupported
from runner.sandbox.result import SnowType
from runner.sandbox.staging.formats import read_format
from runner.sandbox.staging.locations import read_location
from runner.sandbox.tokens import Reader

VALUE = ColumnModel(name="VALUE", type=SnowType("VARIANT"))
"""The column that every external table has: a row of a file."""


@dataclass(kw_only=True)
class CreateExternal:
    header: Header
    name: tuple[str, ...]
    columns: list[ColumnModel] = field(default_factory=list)
    expressions: dict[str, str] = field(default_factory=dict)
    location: str = ""
    format: tuple[str | None, Options] | None = None
    pattern: str | None = None
    auto_refresh: bool = True
    refresh_on_create: bool = True
    notification: str | None = None
    integration: str | None = None
    partition_by: list[str] = field(default_factory=list)
    user_specified: bool = False
    copy_grants: bool = False
    comment: str | None = None


def read_create_external(reader: Reader) -> CreateExternal:
    header = read_header(reader, "EXTERNAL TABLE")
    statement = CreateExternal(header=header, name=reader.name())
    if reader.at("USING"):
        raise unsupported("CREATE EXTERNAL TABLE ... USING TEMPLATE")
    if reader.accept("("):
        _columns(reader, statement)
    while not (reader.at_end() or reader.at(";")):
        _option(reader, statement)
    reader.end()
    _check(statement)
    return statement


def _columns(reader: Reader, statement: CreateExternal) -> None:
    while not reader.at(")"):
        _column(reader, statement)
        if not reader.accept(","):
            break
    reader.expect(")")


def _column(reader: Reader, statement: CreateExternal) -> None:
    if reader.accept_any("CONSTRAINT", "PRIMARY", "UNIQUE", "FOREIGN"):
        raise unsupported("constraints of an external table")
    name = reader.identifier()
    kind = read_type(reader)
    if not reader.accept("AS"):
        raise compilation(1003, "42000", f"Column '{name}' of an external table needs AS and an expression.")
    expression, nullable = _expression(reader)
    if name == VALUE.name or any(column.name == name for column in statement.columns):
        raise compilation(2025, "42S21", f"duplicate column name '{name}'")
    statement.columns.append(ColumnModel(name=name, type=kind, nullable=nullable))
    statement.expressions[name] = expression


def _expression(reader: Reader) -> tuple[str, bool]:
    """In parentheses or bare, and whether NOT NULL does not follow."""
    if reader.at("("):
        expression = _inside(reader)
    else:
        start, depth = reader.peek(), 0
        while not reader.at_end() and (depth or not (reader.at(",") or reader.at(")") or reader.at("NOT", "NULL"))):
            depth += {"(": 1, ")": -1}.get(reader.next().word, 0)
        expression = reader.slice(start, reader.peek()).strip()
    if not expression:
        raise reader.unexpected()
    nullable = not reader.accept("NOT", "NULL")
    if reader.at("PRIMARY") or reader.at("UNIQUE") or reader.at("REFERENCES") or reader.at("CONSTRAINT"):
        raise unsupported("constraints of an external table")
    return expression, nullable


def _inside(reader: Reader) -> str:
    reader.expect("(")
    start, depth = reader.peek(), 1
    while not reader.at_end():
        depth += {"(": 1, ")": -1}.get(reader.peek().word, 0)
        if not depth:
            break
        reader.next()
    found = reader.slice(start, reader.peek()).strip()
    reader.expect(")")
    return found


def _option(reader: Reader, statement: CreateExternal) -> None:
    if reader.accept("PARTITION", "BY"):
        statement.partition_by = _names(reader)
    elif reader.accept("COPY", "GRANTS"):
        statement.copy_grants = True
    else:
        reader.accept("WITH")
        if reader.at("ROW", "ACCESS") or reader.at("TAG") or reader.at("AGGREGATION"):
            raise unsupported(f"{reader.peek().word} in CREATE EXTERNAL TABLE")
        word = reader.next().word
        if word not in _VALUES:
            raise reader.unexpected(-1)
        reader.expect("=")
        _VALUES[word](reader, statement)
    reader.accept(",")


def _names(reader: Reader) -> list[str]:
    reader.expect("(")
    found = [reader.identifier()]
    while reader.accept(","):
        found.append(reader.identifier())
    reader.expect(")")
    return found


def _location(reader: Reader, statement: CreateExternal) -> None:
    statement.location = read_location(reader)


def _format(reader: Reader, statement: CreateExternal) -> None:
    if not reader.at("("):
        statement.format = dotted(reader.name()), {}
        return
    name, kind, options = read_format(reader)
    statement.format = name, ({} if name else {"TYPE": kind, **options})


def _pattern(reader: Reader, statement: CreateExternal) -> None:
    statement.pattern = reader.string()


def _auto(reader: Reader, statement: CreateExternal) -> None:
    statement.auto_refresh = reader.boolean()


def _at_once(reader: Reader, statement: CreateExternal) -> None:
    statement.refresh_on_create = reader.boolean()


def _topic(reader: Reader, statement: CreateExternal) -> None:
    statement.notification = reader.string()


def _integration(reader: Reader, statement: CreateExternal) -> None:
    statement.integration = Reader(reader.string()).identifier()


def _comment(reader: Reader, statement: CreateExternal) -> None:
    statement.comment = reader.string()


def _partition_type(reader: Reader, statement: CreateExternal) -> None:
    reader.expect("USER_SPECIFIED")
    statement.user_specified = True


def _table_format(reader: Reader, _: CreateExternal) -> None:
    raise unsupported(f"TABLE_FORMAT = {reader.peek().word} of an external table")


_VALUES = {
    "LOCATION": _location,
    "FILE_FORMAT": _format,
    "PATTERN": _pattern,
    "AUTO_REFRESH": _auto,
    "REFRESH_ON_CREATE": _at_once,
    "AWS_SNS_TOPIC": _topic,
    "INTEGRATION": _integration,
    "COMMENT": _comment,
    "PARTITION_TYPE": _partition_type,
    "TABLE_FORMAT": _table_format,
}


def _check(statement: CreateExternal) -> None:
    for word, missing in (("LOCATION", not statement.location), ("FILE_FORMAT", statement.format is None)):
        if missing:
            raise compilation(1003, "42601", f"Missing option(s): {word}")
    unknown = [name for name in statement.partition_by if name not in statement.expressions]
    if unknown:
        raise compilation(904, "42000", f"invalid identifier '{unknown[0]}'")
    if statement.user_specified and not statement.partition_by:
        raise compilation(1003, "42601", "PARTITION_TYPE = USER_SPECIFIED needs PARTITION BY.")
