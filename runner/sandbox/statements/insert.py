"""INSERT [OVERWRITE] INTO … VALUES | SELECT (sql-reference/sql/insert)."""

from __future__ import annotations

import re
from collections.abc import Callable

from sqlglot import exp

from runner.sandbox.catalog.model import ColumnModel, Table
from runner.sandbox.changes import Cursor, advance, append, change
from runner.sandbox.context import Context
from runner.sandbox.errors import syntax_error, unsupported
from runner.sandbox.query import parsing
from runner.sandbox.query.binding import bound
from runner.sandbox.query.compiler import Compiler
from runner.sandbox.query.core import World
from runner.sandbox.query.run import fill_from, world_of
from runner.sandbox.result import Result, StatementType
from runner.sandbox.statements.filling import filling, given_columns
from runner.sandbox.statements.insert_all import insert_all, is_multi
from runner.sandbox.statements.plain_rows import gathered
from runner.sandbox.statements.rows import Target, counted, target
from runner.sandbox.tokens import Reader

_ROWS = re.compile(r"\b(?:VALUES|SELECT|WITH|SET)\b|\(", re.IGNORECASE)


def insert(context: Context, text: str) -> Result:
    if is_multi(text):
        return insert_all(context, text)
    tree = parsing.parse(bound(context, text))
    if not isinstance(tree, exp.Insert):
        raise unsupported("INSERT of this form")
    _check_form(text)
    into, columns, overwrite = _into(context, tree)
    into.changes(context, [column.name for column in columns])
    if overwrite:
        make = _overwriting(context, into.table, columns, tree)
        added = change(context, into.table, make, empty=True, numbering=True)
    elif (waiting := gathered(context, into.table, columns, tree.expression)) is not None:
        added = waiting
    else:
        added = append(context, into.table, lambda: filling(world_of(context), into.table, columns, tree.expression))
    return counted([("number of rows inserted", added)], StatementType.INSERT, added)


def _check_form(text: str) -> None:
    """INSERT [OVERWRITE] INTO a table; without INTO, or with SET, it is another dialect's."""
    found = _ROWS.search(text)
    head = text[: found.end()] if found else text
    if '"' in head or "'" in head:  # What comes before the rows is short, unless a name has such a word in it.
        head = text
    reader = Reader(head)
    reader.expect("INSERT")
    reader.accept("OVERWRITE")
    reader.expect("INTO")
    reader.accept("TABLE")
    reader.name()
    if reader.at("SET"):
        raise reader.unexpected()


def _into(context: Context, tree: exp.Insert) -> tuple[Target, list[ColumnModel], bool]:
    """The table, the columns that are given, and whether the rows that are there go."""
    _refuse(tree)
    if tree.expression is None:
        raise syntax_error(1, len(context.text), "<EOF>")
    overwrite = bool(tree.args.get("overwrite"))
    schema = tree.this
    named_table = schema.this if isinstance(schema, exp.Schema) else schema
    privileges = ("INSERT", "DELETE") if overwrite else ("INSERT",)
    into = target(context, Compiler(world_of(context)), named_table, *privileges)
    return into, given_columns(into, schema), overwrite


def check(context: Context, tree: exp.Insert) -> tuple[Target, World]:
    """Compile without running."""
    into, columns, _ = _into(context, tree)
    return into, filling(world_of(context, dry=True), into.table, columns, tree.expression).world


def _refuse(tree: exp.Insert) -> None:
    for word in ("conflict", "returning", "exists", "by_name", "partition", "alternative", "where"):
        if tree.args.get(word):
            raise unsupported(f"INSERT with {word.upper()}")


def _overwriting(
    context: Context, table: Table, columns: list[ColumnModel], tree: exp.Insert
) -> Callable[[Cursor, int], int]:
    def make(cursor: Cursor, number: int) -> int:
        # Compiled here: the table's lock is held, and rows that were committed while waiting for it count.
        done = filling(world_of(context), table, columns, tree.expression)
        added = fill_from(context, cursor, done.world, done.sql(number))
        advance(table, done.identities, added)
        return added

    return make
