"""Lookups that come again with other constants: what the last one was compiled to, with the new ones in their places.

A lookup is a SELECT of columns of one table, WHERE numbers are compared with columns of numbers and texts with columns
of texts. Whether a query is one is seen in what it was compiled to, which then says nothing else: no function, no
policy, no time. It may be used again as long as nothing has changed of what it was compiled from: the catalogue's
generation, and all of the session that names, rights and formats depend on. Which storage has the rows is asked anew.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from runner.sandbox.accesses import Touched
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
_WHOLE = re.compile(rf"(SELECT {_ITEM}(?:, {_ITEM})* FROM main\.s)(\d+)( AS {_NAME} WHERE )(.+)", re.DOTALL)
_COMPARED = re.compile(rf"\({_NAME}\.({_NAME}) (?:=|<>|<|<=|>|>=) ([0-9]{{1,18}}|'(?:[^']|'')*')\)", re.DOTALL)
_JOINED = re.compile(r"(?:\x00|\(|\)| AND | OR )+")
_WHOLE_NUMBER = re.compile(r"0|[1-9][0-9]{0,17}")


@dataclass(frozen=True, slots=True)
class Lookup:
    """What a query was compiled from and to; `pieces` stand around its constants, the first ends with `head`."""

    asked: tuple[object, ...]
    parameters: dict[str, str]
    table: Table
    head: str
    pieces: tuple[str, ...]
    compiled: Compiled
    columns: tuple[str, ...]
    """The columns that it looks at."""


def compiled(context: Context, text: str, source: str) -> Compiled:
    """A query whose rows are the statement's answer, compiled."""
    shape = templates.shape(text) if len(text) < LONGEST and _WHERE.search(text) else None
    values = _written(shape.constants) if shape is not None and shape.constants else None
    if shape is None or values is None or not context.catalog.is_settled:
        return compile_query(context, text, shown=True, source=source)
    asked, remembered = _asked(context), context.session.lookups
    known = remembered.get(shape.key)
    if isinstance(known, Lookup) and _holds(known, context, asked):
        return _again(known, context, values)
    made = compile_query(context, text, shown=True, source=source)
    if known is not None:  # What comes once more will come again.
        remembered[shape.key] = _learnt(context, made, values, asked) or shape.key
    elif len(remembered) < MOST:
        remembered[shape.key] = shape.key
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
    for kept, given in (
        (world.accesses.direct, known.compiled.world.accesses.direct),
        (world.accesses.base, known.compiled.world.accesses.base),
    ):
        touched = given[table.id]
        kept[table.id] = Touched(table.id, touched.domain, touched.name, dict.fromkeys(known.columns))
    between = [part for pair in zip(values, known.pieces[1:], strict=True) for part in pair]
    sql = "".join((known.head, str(storage), known.pieces[0], *between))
    return replace(known.compiled, sql=sql, world=world, storage=storage)


def _learnt(context: Context, made: Compiled, values: list[str], asked: tuple[object, ...]) -> Lookup | None:
    """None where it is no lookup, or what it was compiled from has changed meanwhile."""
    table, whole = _only_table(made), _WHOLE.fullmatch(made.sql)
    if table is None or whole is None or not context.catalog.is_settled or _asked(context) != asked:
        return None
    found = list(_COMPARED.finditer(whole[4]))
    if [each[2] for each in found] != values or not _JOINED.fullmatch(_COMPARED.sub("\x00", whole[4])):
        return None
    if int(whole[2]) != table.storage or not all(_alike(table, each[1], each[2]) for each in found):
        return None
    touched = made.world.accesses.direct[table.id]
    pieces = _COMPARED.sub(lambda each: each[0][: each.start(2) - each.start()] + "\x00)", whole[4]).split("\x00")
    first, *others = pieces
    return Lookup(
        asked, dict(context.session.parameters), table, whole[1], (whole[3] + first, *others), made,
        tuple(touched.columns),
    )  # fmt: skip


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
