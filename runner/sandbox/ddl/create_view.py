"""CREATE VIEW as a value (sql-reference/sql/create-view)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from runner.sandbox.ddl.create_table import duplicate_column, read_cluster
from runner.sandbox.ddl.header import Header
from runner.sandbox.errors import unsupported
from runner.sandbox.tokens import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateView:
    """`columns` are (name, comment) as the statement lists them; empty when it lists none."""

    header: Header
    name: tuple[str, ...]
    columns: tuple[tuple[str, str | None], ...] = ()
    comment: str | None = None
    copy_grants: bool = False
    change_tracking: bool = False
    cluster_by: str | None = None
    """Of a materialized view."""
    query: str = ""


_REFUSED = frozenset({"ROW", "AGGREGATION", "JOIN", "MASKING", "PROJECTION", "CONTACT"})


def read_create_view(reader: Reader, header: Header) -> CreateView:
    """What follows the word VIEW and IF NOT EXISTS."""
    statement = CreateView(header=header, name=reader.name())
    if reader.at("("):
        statement = replace(statement, columns=_columns(reader))
    while (more := _option(reader, statement)) is not None:
        statement = more
    reader.expect("AS")
    query = reader.rest()
    if not query:
        raise reader.unexpected()
    return replace(statement, query=query)


def _columns(reader: Reader) -> tuple[tuple[str, str | None], ...]:
    reader.expect("(")
    found: dict[str, str | None] = {}
    seen: dict[str, str] = {}
    while True:
        name = reader.identifier()
        if seen.setdefault(name.lower(), name) != name or name in found:
            raise duplicate_column(name, seen[name.lower()])
        found[name] = _comment(reader)
        if not reader.accept(","):
            break
    reader.expect(")")
    return tuple(found.items())


def _comment(reader: Reader) -> str | None:
    if reader.peek().word in _REFUSED or (reader.at("WITH") and reader.peek(1).word in _REFUSED):
        raise unsupported(f"{reader.peek(reader.at('WITH')).word} on a column of a view")
    if reader.accept("COMMENT"):
        reader.accept("=")
        return reader.string()
    return None


def _option(reader: Reader, statement: CreateView) -> CreateView | None:
    if reader.accept("COPY", "GRANTS"):
        return replace(statement, copy_grants=True)
    if reader.accept("COMMENT"):
        reader.accept("=")
        return replace(statement, comment=reader.string())
    if "MATERIALIZED" in statement.header.words and reader.accept("CLUSTER", "BY"):
        return replace(statement, cluster_by=read_cluster(reader))
    if reader.accept("CHANGE_TRACKING", "="):
        return replace(statement, change_tracking=reader.boolean())
    if reader.peek().word in _REFUSED or (reader.at("WITH") and reader.peek(1).word in _REFUSED):
        raise unsupported(f"{reader.peek(reader.at('WITH')).word} on a view")
    return None
