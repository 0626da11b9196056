"""COPY INTO as it is written (sql-reference/sql/copy-into-table, copy-into-location)."""

from __future__ import annotations

import re
from dataclasses import field

from runner.sandbox.catalog.files import Options
from runner.sandbox.classes import dataclass
from runner.sandbox.errors import compilation, unsupported
from runner.sandbox.staging.copy_options import INTO_LOCATION, INTO_TABLE
from runner.sandbox.staging.formats import read_format
from runner.sandbox.staging.locations import read_location
from runner.sandbox.staging.options import read_option, read_value
from runner.sandbox.tokens import Kind, Reader

_VALIDATION = re.compile(r"RETURN_(\d+)_ROWS\Z|RETURN_ERRORS\Z|RETURN_ALL_ERRORS\Z")
_NOT_SIMPLE = "COPY statement only supports simple SELECT from stage statements for import."


@dataclass(kw_only=True)
class CopyFormat:
    """FILE_FORMAT = (…): a name, or a type and options; `kind` is None where the statement has no FILE_FORMAT."""

    name: str | None = None
    kind: str | None = None
    options: Options = field(default_factory=dict)


@dataclass(kw_only=True)
class CopyIntoTable:
    table: tuple[str, ...]
    columns: list[str] | None
    location: str
    query: str | None
    """The SELECT of a load with transformation."""
    files: list[str] | None = None
    pattern: str | None = None
    form: CopyFormat = field(default_factory=CopyFormat)
    options: Options = field(default_factory=dict)
    metadata: dict[str, str] = field(default_factory=dict)
    """INCLUDE_METADATA: column to METADATA$…"""
    validation: str | None = None


@dataclass(kw_only=True)
class CopyIntoLocation:
    location: str
    source: str
    """The query, or SELECT * FROM the table."""
    partition: str | None = None
    form: CopyFormat = field(default_factory=CopyFormat)
    options: Options = field(default_factory=dict)
    validation: bool = False


def into_location(reader: Reader) -> bool:
    """Whether what follows COPY INTO is a place for files."""
    token = reader.peek()
    return token.word == "@" or (token.kind is Kind.STRING and (token.text.startswith("@") or "://" in token.text))


def read_into_table(reader: Reader) -> CopyIntoTable:
    """What follows COPY INTO, to the end."""
    table = reader.name()
    columns = _columns(reader)
    location, query = _source(reader) if reader.accept("FROM") else (_own_stage(table), None)
    statement = CopyIntoTable(table=table, columns=columns, location=location, query=query)
    while not reader.at_end() and not reader.at(";"):
        _clause(reader, statement)
        reader.accept(",")
    reader.end()
    if statement.files is not None and len(statement.files) > 1000:
        raise compilation(2049, "22023", "FILES takes at most 1,000 names.")
    if statement.validation and statement.query:
        raise compilation(1003, "42601", "VALIDATION_MODE does not go with a load that transforms data.")
    return statement


def _own_stage(table: tuple[str, ...]) -> str:
    """Without FROM the files of the table's own stage are loaded (user-guide/data-load-local-file-system-copy)."""
    *place, name = ('"' + part.replace('"', '""') + '"' for part in table)
    return "@" + ".".join([*place, f"%{name}"])


def _columns(reader: Reader) -> list[str] | None:
    if not reader.accept("("):
        return None
    found = [reader.identifier()]
    while reader.accept(","):
        found.append(reader.identifier())
    reader.expect(")")
    return found


def _source(reader: Reader) -> tuple[str, str | None]:
    if not reader.at("("):
        return read_location(reader), None
    query = reader.balanced()
    inner = Reader(query)
    if not inner.accept("SELECT"):
        raise compilation(2085, "42601", _NOT_SIMPLE)
    depth = 0
    while not (depth == 0 and inner.at("FROM")):
        if inner.at_end():
            raise compilation(2085, "42601", _NOT_SIMPLE)
        depth += {"(": 1, ")": -1}.get(inner.next().word, 0)
    inner.expect("FROM")
    if not into_location(inner):
        raise compilation(2085, "42601", _NOT_SIMPLE)
    return read_location(inner), query


def _clause(reader: Reader, statement: CopyIntoTable) -> None:
    if reader.accept("FILES", "="):
        value = read_value(reader)
        statement.files = [value] if isinstance(value, str) else value
    elif reader.accept("PATTERN", "="):
        statement.pattern = reader.string()
    elif reader.accept("FILE_FORMAT", "="):
        statement.form = read_copy_format(reader)
    elif reader.accept("VALIDATION_MODE", "="):
        statement.validation = _validation(reader)
    elif reader.accept("INCLUDE_METADATA", "="):
        statement.metadata = _metadata(reader)
    elif reader.peek().word in ("FILE_PROCESSOR", "CLUSTER_AT_INGEST_TIME"):
        raise unsupported(f"{reader.peek().word} of COPY INTO")
    else:
        read_option(reader, INTO_TABLE, "COPY INTO", statement.options)


def read_copy_format(reader: Reader) -> CopyFormat:
    if not reader.at("("):
        value = read_value(reader)
        return CopyFormat(name=value if isinstance(value, str) else None)
    told = any(reader.peek(ahead).word == "TYPE" for ahead in range(len(reader.tokens) - reader.index))
    name, kind, options = read_format(reader)
    return CopyFormat(name=name, kind=None if name or not told else kind, options=options)


def _validation(reader: Reader) -> str:
    token = reader.next()
    if not _VALIDATION.match(token.text.upper()):
        raise compilation(1008, "22023", f"invalid value [{token.text[:50]}] for parameter 'VALIDATION_MODE'")
    return token.text.upper()


def _metadata(reader: Reader) -> dict[str, str]:
    reader.expect("(")
    found: dict[str, str] = {}
    while not reader.accept(")"):
        name = reader.identifier()
        reader.expect("=")
        found[name] = reader.identifier()
        reader.accept(",")
    return found


def read_into_location(reader: Reader) -> CopyIntoLocation:
    """What follows COPY INTO, to the end."""
    location = read_location(reader)
    reader.expect("FROM")
    if reader.at("("):
        source = reader.balanced()
    else:
        start = reader.peek()
        reader.name()
        source = f"SELECT * FROM {reader.slice(start, reader.peek())}"
    statement = CopyIntoLocation(location=location, source=source)
    while not reader.at_end() and not reader.at(";"):
        if reader.accept("PARTITION", "BY"):
            statement.partition = reader.balanced()
        elif reader.accept("FILE_FORMAT", "="):
            statement.form = read_copy_format(reader)
        elif reader.accept("HEADER", "="):
            statement.options["HEADER"] = str(reader.boolean()).upper()
        elif reader.accept("VALIDATION_MODE", "="):
            statement.validation = _return_rows(reader)
        else:
            read_option(reader, INTO_LOCATION, "COPY INTO", statement.options)
        reader.accept(",")
    reader.end()
    return statement


def _return_rows(reader: Reader) -> bool:
    if not reader.accept("RETURN_ROWS"):
        raise unsupported("VALIDATION_MODE of this kind for COPY INTO <location>")
    return True
