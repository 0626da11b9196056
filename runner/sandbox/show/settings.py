"""SHOW PARAMETERS [LIKE …] [IN | FOR …]: each parameter's value and the level it comes from (show-parameters)."""

from __future__ import annotations

from collections.abc import Iterator

from runner.sandbox import errors, parameters
from runner.sandbox.catalog.model import Record, Table, User, View, Warehouse
from runner.sandbox.context import Context
from runner.sandbox.parameters import PARAMETERS, Source
from runner.sandbox.result import Result, StatementType
from runner.sandbox.show import targets
from runner.sandbox.show.request import like_pattern
from runner.sandbox.show.shape import Row, relation
from runner.sandbox.tokens import Reader

SHAPE = "key, value, default, level, description, type"
_KINDS = (("USER",), ("WAREHOUSE",), ("DATABASE",), ("SCHEMA",), ("TASK",), ("TABLE",))
_ELSEWHERE = ("FUNCTION", "PROCEDURE", "PIPE", "VIEW", "ALERT", "SERVICE", "STAGE", "ROLE")


def show_parameters(context: Context, reader: Reader) -> Result:
    """What follows the words SHOW PARAMETERS."""
    pattern = like_pattern(reader.string()) if reader.accept("LIKE") else None
    placed = reader.accept("IN") or reader.accept("FOR")
    rows = list(_rows(context, reader) if placed else _of_session(context))
    reader.end()
    chosen = (row for row in rows if pattern is None or pattern.fullmatch(str(row["key"])))
    return relation(SHAPE, chosen, StatementType.SHOW)


def _rows(context: Context, reader: Reader) -> Iterator[Row]:
    if reader.accept("SESSION"):
        return _of_session(context)
    if reader.accept("ACCOUNT"):
        account = context.session.account
        return (_row(name, parameters.of_account(context.catalog, account, name)) for name in sorted(PARAMETERS))
    if reader.peek().word in _ELSEWHERE:
        raise errors.unsupported(f"SHOW PARAMETERS IN {reader.peek().word}")
    return _of_object(context, _target(context, reader))


def _of_session(context: Context) -> Iterator[Row]:
    """All that ALTER SESSION may set, and what the client set for itself."""
    for name in sorted(parameters.SESSION | context.session.parameters.keys()):
        yield _row(name, parameters.of_session(context.catalog, context.session, name))


def _of_object(context: Context, record: Record) -> Iterator[Row]:
    """All that can be set on a thing of this kind."""
    kind = "TABLE" if isinstance(record, Table | View) else record.kind
    for name in sorted(PARAMETERS):
        if kind in PARAMETERS[name].on:
            yield _row(name, parameters.of_record(context.catalog, record, name))


def _row(name: str, found: Source) -> Row:
    known = PARAMETERS.get(name)
    return {
        "key": name,
        "value": found.value,
        "default": known.default if known else "",
        "level": found.level,
        "description": known.description if known else "A parameter of the client",
        "type": known.type if known else "STRING",
    }


def _target(context: Context, reader: Reader) -> Record:
    """The thing that is named, or the one that the session is in."""
    words = targets.read_kind(reader, _KINDS)
    if reader.at_end() or reader.at(";"):
        return _current(context, words[0], reader)
    if words == ("TABLE",):
        return _table(context, reader.name())
    return targets.read_target(context, reader, words)


def _table(context: Context, parts: tuple[str, ...]) -> Record:
    """A table, or a view."""
    found = context.find(Table, parts) or context.find(View, parts)
    return found if found is not None else context.get(Table, parts)


def _current(context: Context, word: str, reader: Reader) -> Record:
    session = context.session
    found: Record | None = None
    match word:
        case "DATABASE":
            return context.database()
        case "SCHEMA":
            return context.schema()
        case "USER":
            found = context.catalog.find(User, session.account, session.user)
        case "WAREHOUSE" if session.warehouse:
            found = context.catalog.find(Warehouse, session.account, session.warehouse)
    if found is None:
        raise reader.unexpected()
    return found
