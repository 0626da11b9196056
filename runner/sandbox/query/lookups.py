"""Lookups that come again with other constants: what the last one was compiled to, with the new ones in their places.

A lookup is a SELECT of columns of one table, WHERE numbers are compared with columns of numbers and texts with columns
of texts; or an expression of a script that is such a SELECT in parentheses, or whether it has rows. Whether a query is
one is seen in what it was compiled to, which then says nothing else: no function, no policy, no time. It may be used
again as long as nothing has changed of what it was compiled from: the catalogue's generation, and all of the session
that names, rights and formats depend on. Which storage has the rows is asked anew.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from runner.sandbox.catalog.model import Table
from runner.sandbox.classes import dataclass
from runner.sandbox.context import Context
from runner.sandbox.query import templates
from runner.sandbox.query.run import Compiled, compile_query, world_of
from runner.sandbox.query.types import quoted

MOST = 64
"""Lookups that a session remembers."""
LONGEST = 2_000
"""Characters of a text that is looked at."""
_WHERE = re.compile(r"\bWHERE\b", re.IGNORECASE)
_NAME = r'"(?:[^"]|"")+"'
_ITEM = rf"{_NAME}\.{_NAME} AS {_NAME}"
_ROWS = rf"SELECT {_ITEM}(?:, {_ITEM})* FROM main\.s"
_QUERY = re.compile(rf"({_ROWS})(\d+)( AS {_NAME} WHERE )(.+)()", re.DOTALL)
_VALUE = re.compile(
    rf"(SELECT (?:\(SELECT \* FROM \({_ROWS}|\(+EXISTS \((?:{_ROWS}|SELECT 1 AS \"1\" FROM main\.s)))(\d+)"
    rf"( AS {_NAME} WHERE )(.+)(\)(?: AS q)?\)+ AS {_NAME})",
    re.DOTALL,
)
_COMPARED = re.compile(rf"\({_NAME}\.({_NAME}) (?:=|<>|<|<=|>|>=) ([0-9]{{1,18}}|'(?:[^']|'')*')\)", re.DOTALL)
_MENTIONED = re.compile(rf"{_NAME}\.({_NAME})")
_JOINED = re.compile(r"(?:\x00|\(|\)| AND | OR )+")
_WHOLE_NUMBER = re.compile(r"0|[1-9][0-9]{0,17}")


@dataclass(frozen=True, slots=True)
class Lookup:
    """What a query was compiled from and to: `head`, its storage, and `pieces` around the constants it compares."""

    fixed: tuple[str, ...]
    """Constants that come before these and are the same each time: 1 of SELECT 1."""
    asked: tuple[object, ...]
    parameters: dict[str, str]
    table: Table
    head: str
    pieces: tuple[str, ...]
    compiled: Compiled
    columns: tuple[str, ...]
    """The columns that it looks at."""


def compiled(context: Context, text: str, source: str | None) -> Compiled:
    """A query whose rows are the statement's answer, compiled; without a source it is an expression of a script, of
    which nobody sees what it is called.
    """
    shape = templates.shape(text) if len(text) < LONGEST and _WHERE.search(text) else None
    values = _written(shape.constants) if shape is not None and shape.constants else None
    if shape is None or values is None or not context.catalog.is_settled:
        return compile_query(context, text, shown=True, source=source)
    asked, remembered = _asked(context), context.session.lookups
    key = shape.key if source is not None else f"\x00{shape.key}"
    known = remembered.get(key)
    if isinstance(known, Lookup) and known.fixed == tuple(values[: len(known.fixed)]) and _holds(known, context, asked):
        return _again(known, context, values)
    made = compile_query(context, text, shown=True, source=source)
    if known is not None:  # What comes once more will come again.
        form = _QUERY if source is not None else _VALUE
        remembered[key] = _learnt(context, made, form.fullmatch(made.sql), values, asked) or key
    elif len(remembered) < MOST:
        remembered[key] = key
    else:
        remembered.clear()
    return made


def _written(constants: Sequence[templates.Constant]) -> list[str] | None:
    """The constants as the engine is given them; None where one is more than a short whole number or a text."""
    if not all(each.is_string or _WHOLE_NUMBER.fullmatch(each.value) for each in constants):
        return None
    return [quoted(each.value) if each.is_string else each.value for each in constants]


def _asked(context: Context) -> tuple[object, ...]:
    """All that names and rights are found by, but for the session's parameters."""
    s = context.session
    rights = (s.account, s.user, s.role, s.restricted_role, s.secondary_roles, tuple(s.owner_rights))
    return (context.catalog.generation, *rights, s.database, s.schema)


def _holds(known: Lookup, context: Context, asked: tuple[object, ...]) -> bool:
    session = context.session
    if known.asked != asked or known.parameters != session.parameters:
        return False
    return session.transaction is None or session.transaction.overlay(known.table.id) is None


def _again(known: Lookup, context: Context, values: Sequence[str]) -> Compiled:
    world, table, storage = world_of(context), known.table, known.table.storage
    world.reads.append(table)
    touched = known.compiled.world.accesses.base[table.id]
    for noted in world.accesses.read(table.id, touched.domain, touched.name, direct=True):
        noted.update(dict.fromkeys(known.columns))
    between = [part for pair in zip(values[len(known.fixed) :], known.pieces[1:], strict=True) for part in pair]
    sql = "".join((known.head, str(storage), known.pieces[0], *between))
    return replace(known.compiled, sql=sql, world=world, storage=storage)


def _learnt(
    context: Context, made: Compiled, parts: re.Match[str] | None, values: list[str], asked: tuple[object, ...]
) -> Lookup | None:
    """None where it is no lookup, or what it was compiled from has changed meanwhile."""
    table = _only_table(made)
    if table is None or parts is None or not context.catalog.is_settled or _asked(context) != asked:
        return None
    found = list(_COMPARED.finditer(parts[4]))
    fixed = len(values) - len(found)
    # All differ, so that there is no doubt which of the text is which of the compiled.
    if fixed < 0 or [each[2] for each in found] != values[fixed:] or len(set(values)) < len(values):
        return None
    if not _JOINED.fullmatch(_COMPARED.sub("\x00", parts[4])) or int(parts[2]) != table.storage:
        return None
    if not all(_alike(table, each[1], each[2]) for each in found):
        return None
    first, *others = _COMPARED.sub(lambda each: each[0][: each.start(2) - each.start()] + "\x00)", parts[4]).split(
        "\x00"
    )
    pieces = [parts[3] + first, *others]
    pieces[-1] += parts[5]
    return Lookup(
        fixed=tuple(values[:fixed]),
        asked=asked,
        parameters=dict(context.session.parameters),
        table=table,
        head=parts[1],
        pieces=tuple(pieces),
        compiled=made,
        columns=_looked_at(made, table, parts[1] + parts[4]),
    )


def _looked_at(made: Compiled, table: Table, sql: str) -> tuple[str, ...]:
    """The columns that the history is told of: others of the table were looked at by what else the script did."""
    stored = {name[1:-1].replace('""', '"') for name in _MENTIONED.findall(sql)}
    names = {column.name for column in table.columns if column.stored in stored}
    return tuple(name for name in made.world.accesses.base[table.id].columns if name in names)


def _only_table(made: Compiled) -> Table | None:
    """The one table that was read, where nothing governs who sees what of it."""
    world = made.world
    if made.storage is None or made.nulls or world.demands or not world.stable or world.path or len(world.reads) != 1:
        return None
    [table] = world.reads
    plain = isinstance(table, Table) and table.dynamic is None and table.external is None
    return table if plain and isinstance(table, Table) else None


def _alike(table: Table, column: str, value: str) -> bool:
    """Whether column and constant are of one type, so that the engine is given both as they are."""
    name = column[1:-1].replace('""', '"')
    kind = next((each for each in table.columns if each.stored == name), None)
    wanted = "VARCHAR" if value.startswith("'") else "NUMBER"
    return kind is not None and kind.type.name == wanted and not kind.collation
