"""What a definition owes to a query or an expression: columns and their types, rows, constants."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

import duckdb
from sqlglot import exp

from runner.sandbox import nanos
from runner.sandbox.catalog.model import ColumnModel, Routine, Schema, Table, View
from runner.sandbox.catalog.store import utc_now
from runner.sandbox.classes import dataclass
from runner.sandbox.context import Context
from runner.sandbox.ddl.create_routine import return_type, returned_columns
from runner.sandbox.ddl.types import type_text
from runner.sandbox.errors import SnowflakeError, compilation, unsupported
from runner.sandbox.failures import translated
from runner.sandbox.query import collation, fine, parsing, sources, types
from runner.sandbox.query.compiler import Compiler
from runner.sandbox.query.core import Col, E, Expr, Relation, Scope
from runner.sandbox.query.functions import session
from runner.sandbox.query.naming import plain_name
from runner.sandbox.query.run import Compiled, compile_query, cursor_for, fetch, world_of
from runner.sandbox.query.types import cast
from runner.sandbox.result import SnowType
from runner.sandbox.statements.rows import stored
from runner.sandbox.storage import definition, physical
from runner.sandbox.tokens import Reader


@dataclass(frozen=True, slots=True)
class Derived:
    """A query that will fill a table."""

    context: Context
    compiled: Compiled
    columns: list[ColumnModel]

    @contextmanager
    def stored(self, columns: Sequence[ColumnModel]) -> Iterator[tuple[duckdb.DuckDBPyConnection, int]]:
        """The rows in a new storage, inside a transaction of the engine's that the caller commits with its work."""
        number = self.context.catalog.next_id()
        given = ", ".join(f"c{at}" for at in range(len(columns)))
        pairs = enumerate(zip(self.columns, columns, strict=True))
        chosen = ", ".join(stored(E(f"c{at}", found.type), column) for at, (found, column) in pairs)
        with cursor_for(self.context, self.compiled.world) as cursor:
            cursor.execute("BEGIN").fetchall()
            cursor.execute(f"CREATE TABLE s{number} ({definition(columns)})").fetchall()
            cursor.execute(f"INSERT INTO s{number} SELECT {chosen} FROM ({self.compiled.sql}) AS q({given})").fetchall()
            yield cursor, number


def derive(context: Context, query: str) -> Derived:
    """Compiles the query of CREATE TABLE … AS; nothing runs yet."""
    compiled = compile_query(context, query, traced=True)
    return Derived(context, compiled, _columns(context, compiled))


def _columns(context: Context, compiled: Compiled) -> list[ColumnModel]:
    """The types of the columns: what the compiler does not know, the engine tells of a result without rows."""
    sql = f"SELECT * FROM ({compiled.sql}) AS q LIMIT 0"
    probe = replace(compiled, sql=sql, storage=None, direct=False, single=False)  # no row may be looked at
    return [
        ColumnModel(name=column.name, type=collation.plain(column.type), collation=collation.collation_of(column.type))
        for column in fetch(context, probe).columns
    ]


def refuse_nameless(query: str) -> None:
    """A column of a table or view needs a name: an expression without AS has none."""
    tree = parsing.query(query)
    items = tree.expressions if isinstance(tree, exp.Select) else []
    if any(plain_name(item) is None and not item.is_star for item in items):
        raise compilation(2022, "42601", "Missing column specification")


def view_columns(context: Context, query: str, schema: Schema, owner: str) -> list[ColumnModel]:
    """The columns of a view's query, names looked for in the view's schema with its owner's rights."""
    draft = View(
        account=schema.account,
        name="",
        owner=owner,
        created_at=utc_now(),
        schema_id=schema.id,
        text="",
        query="",
        columns=[],
    )
    inside = sources.owned(world_of(context, dry=True), draft).context
    return [
        replace(column, type=fine.plain(column.type))
        for column in _columns(inside, compile_query(inside, query, dry=True))
    ]


def check_function(context: Context, draft: Routine) -> None:
    """A function's body must compile where the function will live; its arguments have no values yet."""
    world = sources.owned(world_of(context, dry=True), draft)
    arguments = [Col(a.name, a.type, sql=f"CAST(NULL AS {physical(a.type)})") for a in draft.arguments]
    compiler = Compiler(world, Scope(relations=[Relation("", arguments)]))
    kind, _ = return_type(draft.returns)
    if kind is not None:
        is_query = Reader(draft.body).peek().word in ("SELECT", "WITH")
        cast(compiler.expr(parsing.expression(f"({draft.body})" if is_query else draft.body)), kind)
        return
    _, found = compiler.query(parsing.query(draft.body), Scope(parent=compiler.scope))
    if len(found) != len(returned_columns(draft.returns)):
        raise compilation(2026, "42601", f"Invalid column definition list: the body of {draft.name} gives {len(found)}")


def check_default(context: Context, text: str, column: ColumnModel, home: Table) -> None:
    """A default must be an expression of its own that gives a value of the column's type."""
    try:
        constant(context, text, column.type, home, probe=True)
    except SnowflakeError as refusal:
        if refusal.errno < 100000:
            raise
        why = f"Default value data type does not match data type for column {column.name}: {type_text(column.type)}"
        raise compilation(2023, "22000", f"{why} ({refusal.message})") from None


def constant(context: Context, text: str, kind: SnowType, home: Table, *, probe: bool = False) -> str:
    """Engine SQL of a constant expression as a value of the type; with `probe` it is tried at once."""
    compiler = Compiler(sources.owned(world_of(context, dry=True), home))
    sql = (
        types.converted(compiler.full(_alone(text)), kind).sql if probe else cast(compiler.expr(_alone(text)), kind).sql
    )
    if probe:
        try:
            with cursor_for(context, compiler.world) as cursor:
                cursor.execute(f"SELECT {sql}").fetchall()
        except duckdb.Error as error:
            raise translated(error) from error
    return sql


def constant_moment(context: Context, text: str, kind: SnowType) -> tuple[str, SnowType]:
    """Engine SQL of a constant moment, and the type that keeps it: with nanoseconds where it has some."""
    with fine.finely():
        value = evaluate(context, f"CAST({text} AS {type_text(kind)})")
    if not nanos.of(value):
        return cast(session.constant(value), kind).sql, kind
    return cast(session.constant(value), fine.fine(kind)).sql, fine.fine(kind)


def _alone(text: str) -> Expr:
    tree = parsing.expression(text)
    if tree.find(exp.Query, exp.Subquery):
        raise unsupported("subquery in a default")
    return tree


def evaluate(context: Context, expression: str) -> object:
    """The value of a constant expression, as Python has it."""
    return fetch(context, compile_query(context, f"SELECT {expression}")).scalar()
